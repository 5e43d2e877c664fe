//! Live events: hints to look at a row again, for whoever watches, in this process or another.

mod shared;

use std::{fmt, sync::Arc};

use nhip_domain::signal::{Event, Signals};
use tokio::sync::{
    broadcast::{self, error::RecvError},
    mpsc,
};
use uuid::Uuid;

pub use self::shared::SharedBus;

/// How many events a slow subscriber may be behind before it misses some.
const BACKLOG: usize = 4_096;

/// Where hints go, and where they come from.
pub trait Bus: Signals {
    /// All events from now on.
    fn subscribe(&self) -> Subscription;
}

/// Events as they come.
#[derive(Debug)]
pub struct Subscription(broadcast::Receiver<Event>);

impl Subscription {
    /// The next event; none once the bus is gone. What was missed is skipped: events are hints.
    pub async fn next(&mut self) -> Option<Event> {
        loop {
            match self.0.recv().await {
                Ok(event) => return Some(event),
                Err(RecvError::Lagged(missed)) => tracing::debug!(missed, "a subscriber was too slow"),
                Err(RecvError::Closed) => return None,
            }
        }
    }
}

/// The bus of a single process; cheap to clone.
#[derive(Clone)]
pub struct LocalBus {
    events: broadcast::Sender<Event>,
    nudges: Arc<dyn Fn(Uuid) + Send + Sync>,
}

impl LocalBus {
    /// A bus whose nudges come out of the receiver: account ids whose lanes want draining.
    #[must_use]
    pub fn new() -> (Self, mpsc::UnboundedReceiver<Uuid>) {
        let (sender, nudges) = mpsc::unbounded_channel();
        // Nobody listens where no worker runs; the sweep of one that does finds the lane.
        let nudge = move |account_id| {
            let _nobody_listens = sender.send(account_id);
        };
        (Self::with_nudges(nudge), nudges)
    }

    /// A bus that hands every nudge to `nudge`.
    pub fn with_nudges(nudge: impl Fn(Uuid) + Send + Sync + 'static) -> Self {
        Self { events: broadcast::Sender::new(BACKLOG), nudges: Arc::new(nudge) }
    }
}

impl Signals for LocalBus {
    fn changed(&self, event: Event) {
        let _nobody_watches = self.events.send(event);
    }

    fn nudge(&self, account_id: Uuid) {
        (self.nudges)(account_id);
    }
}

impl Bus for LocalBus {
    fn subscribe(&self) -> Subscription {
        Subscription(self.events.subscribe())
    }
}

impl fmt::Debug for LocalBus {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("LocalBus").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn whoever_watches_hears_of_changes() {
        let (bus, mut nudges) = LocalBus::new();
        let mut watching = bus.subscribe();
        let event = Event::Credits { workspace_id: Uuid::nil() };
        bus.changed(event.clone());
        assert_eq!(watching.next().await, Some(event));
        bus.nudge(Uuid::nil());
        assert_eq!(nudges.recv().await, Some(Uuid::nil()));
    }

    #[tokio::test]
    async fn a_slow_subscriber_misses_events_and_goes_on() {
        let (bus, _nudges) = LocalBus::new();
        let mut watching = bus.subscribe();
        for _ in 0..=BACKLOG {
            bus.changed(Event::Credits { workspace_id: Uuid::nil() });
        }
        assert!(watching.next().await.is_some());
    }
}
