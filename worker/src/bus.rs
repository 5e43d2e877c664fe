//! Live events: hints to look at a row again, for whoever watches, in this process or another.

mod shared;

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use nhip_domain::signal::{Event, Signals};
use tokio::sync::broadcast::{self, error::RecvError};
use uuid::Uuid;

pub use self::shared::SharedBus;

/// How many events of its workspace a slow subscriber may be behind before it misses some.
const BACKLOG: usize = 256;

/// Where hints go, and where they come from.
pub trait Bus: Signals {
    /// All events of a workspace from now on.
    fn subscribe(&self, workspace_id: Uuid) -> Subscription;
}

/// Events as they come.
#[derive(Debug)]
pub struct Subscription(broadcast::Receiver<Event>);

/// What a subscriber hears.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Something changed.
    Event(Event),
    /// It was too slow, and some events are gone: only reading everything again shows what they were about.
    Missed,
}

impl Subscription {
    /// The next event; none once the bus is gone.
    pub async fn next(&mut self) -> Option<Heard> {
        match self.0.recv().await {
            Ok(event) => Some(Heard::Event(event)),
            Err(RecvError::Lagged(missed)) => {
                metrics::counter!("nhip_events_missed_total").increment(missed);
                Some(Heard::Missed)
            }
            Err(RecvError::Closed) => None,
        }
    }
}

/// Who watches a workspace: nobody is woken by what happens in another.
type Rooms = HashMap<Uuid, broadcast::Sender<Event>>;

/// The bus of a single process; cheap to clone.
#[derive(Clone)]
pub struct LocalBus {
    rooms: Arc<Mutex<Rooms>>,
    nudges: Arc<dyn Fn(Uuid) + Send + Sync>,
}

impl LocalBus {
    /// A bus that hands every nudge to `nudge`.
    pub fn with_nudges(nudge: impl Fn(Uuid) + Send + Sync + 'static) -> Self {
        Self { rooms: Arc::default(), nudges: Arc::new(nudge) }
    }

    fn rooms(&self) -> std::sync::MutexGuard<'_, Rooms> {
        // What is in it is whole at every moment.
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Signals for LocalBus {
    fn changed(&self, event: Event) {
        let mut rooms = self.rooms();
        let workspace_id = event.workspace_id();
        if rooms.get(&workspace_id).is_some_and(|room| room.send(event).is_err()) {
            // The last one who watched has gone.
            rooms.remove(&workspace_id);
        }
    }

    fn nudge(&self, account_id: Uuid) {
        (self.nudges)(account_id);
    }
}

impl Bus for LocalBus {
    fn subscribe(&self, workspace_id: Uuid) -> Subscription {
        let mut rooms = self.rooms();
        let room = rooms.entry(workspace_id).or_insert_with(|| broadcast::Sender::new(BACKLOG));
        Subscription(room.subscribe())
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

    fn event(n: u128) -> Event {
        Event::Credits { workspace_id: Uuid::from_u128(n) }
    }

    #[tokio::test]
    async fn whoever_watches_hears_of_changes_in_their_workspace() {
        let (sender, nudges) = std::sync::mpsc::channel();
        let bus = LocalBus::with_nudges(move |account_id| sender.send(account_id).unwrap());
        let mut watching = bus.subscribe(Uuid::from_u128(1));
        bus.changed(event(2));
        bus.changed(event(1));
        assert_eq!(watching.next().await, Some(Heard::Event(event(1))));
        bus.nudge(Uuid::nil());
        assert_eq!(nudges.try_recv(), Ok(Uuid::nil()));
    }

    #[tokio::test]
    async fn a_slow_subscriber_is_told_that_it_missed_events_and_goes_on() {
        let bus = LocalBus::with_nudges(|_account_id| {});
        let mut watching = bus.subscribe(Uuid::from_u128(1));
        for _ in 0..=BACKLOG {
            bus.changed(event(1));
        }
        assert_eq!(watching.next().await, Some(Heard::Missed));
        assert_eq!(watching.next().await, Some(Heard::Event(event(1))));
    }

    #[tokio::test]
    async fn a_room_that_everybody_left_is_closed() {
        let bus = LocalBus::with_nudges(|_account_id| {});
        drop(bus.subscribe(Uuid::from_u128(1)));
        bus.changed(event(1));
        assert!(bus.rooms().is_empty());
    }
}
