//! Traces: what takes its time in a process, told to a collector over OTLP, where `NHIP_OTLP_ENDPOINT` names one.

use std::time::Duration;

use nhip_domain::span::SPAN;
use opentelemetry::{KeyValue, trace::TracerProvider as _};
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing_subscriber::{
    Layer, Registry,
    filter::{LevelFilter, Targets},
};

use crate::{config::ConfigError, tls};

/// How long the collector is waited for.
const ANSWER: Duration = Duration::from_secs(5);
/// How long the last spans may take when the program ends.
const LAST: Duration = Duration::from_secs(2);

/// What spans become, for the subscriber.
type Spans = Box<dyn Layer<Registry> + Send + Sync>;

/// Sends what is left when it is dropped.
#[derive(Debug)]
#[must_use]
pub struct Traces(Option<SdkTracerProvider>);

impl Traces {
    /// Sends spans to `endpoint`, in batches, from a thread of its own: a collector that is away costs its spans, and no
    /// more. Without one, there are none.
    pub(crate) fn start(endpoint: Option<&str>, program: &'static str) -> Result<(Self, Option<Spans>), ConfigError> {
        let Some(endpoint) = endpoint else { return Ok((Self(None), None)) };
        tls::be_ready();
        let exporter = SpanExporter::builder().with_http().with_protocol(Protocol::HttpBinary);
        let exporter = exporter.with_endpoint(endpoint).with_timeout(ANSWER).build();
        let exporter = exporter.map_err(|err| ConfigError(format!("NHIP_OTLP_ENDPOINT cannot be used: {err}")))?;
        let about = Resource::builder()
            .with_service_name(program)
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(about).build();
        let spans = tracing_opentelemetry::layer()
            .with_tracer(provider.tracer(program))
            .with_filter(Targets::new().with_target(SPAN, LevelFilter::INFO))
            .boxed();
        Ok((Self(Some(provider)), Some(spans)))
    }
}

impl Drop for Traces {
    fn drop(&mut self) {
        if let Some(provider) = &self.0
            && let Err(err) = provider.shutdown_with_timeout(LAST)
        {
            tracing::debug!(%err, "the last spans were not taken");
        }
    }
}
