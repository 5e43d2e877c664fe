//! Collects one histogram's every value: the lanes tell how late each beat was.

use std::sync::{Arc, Mutex};

use metrics::{Counter, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit};

/// In seconds, as they come; cheap to clone.
#[derive(Clone, Debug, Default)]
pub(crate) struct Lateness {
    name: &'static str,
    values: Arc<Mutex<Vec<f64>>>,
}

impl Lateness {
    /// Listens to the histogram of that name, from now on and in the whole process.
    pub(crate) fn install(name: &'static str) -> Self {
        let lateness = Self { name, ..Self::default() };
        metrics::set_global_recorder(lateness.clone()).unwrap();
        lateness
    }

    pub(crate) fn note(&self, value: f64) {
        self.values.lock().unwrap().push(value);
    }

    /// What has come since this was asked last.
    pub(crate) fn take(&self) -> Vec<f64> {
        std::mem::take(&mut self.values.lock().unwrap())
    }
}

impl HistogramFn for Lateness {
    fn record(&self, value: f64) {
        self.note(value);
    }
}

impl Recorder for Lateness {
    fn describe_counter(&self, _key: KeyName, _unit: Option<Unit>, _description: SharedString) {}
    fn describe_gauge(&self, _key: KeyName, _unit: Option<Unit>, _description: SharedString) {}
    fn describe_histogram(&self, _key: KeyName, _unit: Option<Unit>, _description: SharedString) {}

    fn register_counter(&self, _key: &Key, _metadata: &Metadata<'_>) -> Counter {
        Counter::noop()
    }

    fn register_gauge(&self, _key: &Key, _metadata: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _metadata: &Metadata<'_>) -> Histogram {
        if key.name() == self.name { Histogram::from_arc(Arc::new(self.clone())) } else { Histogram::noop() }
    }
}
