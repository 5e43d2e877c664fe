//! The bus of several processes: Redis pub/sub. What a process tells, its own watchers hear directly, and everyone else's
//! through Redis; without Redis they hear nothing, and look by themselves.

use std::{fmt, sync::Arc, time::Duration};

use nhip_domain::signal::{Event, Signals};
use redis::{RedisError, RedisResult, aio::ConnectionManager};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use tokio::{sync::mpsc, time::sleep};
use uuid::Uuid;

use super::{Bus, LocalBus, Subscription};
use crate::redis_server::{Outage, RedisServer, for_ever, next_message};

/// Where events are told.
const EVENTS: &str = "nhip:events";
/// Events that wait for Redis, at most; more are dropped: they are hints.
const BACKLOG: usize = 16_384;
/// Events in one message, at most.
const AT_ONCE: usize = 512;
/// How long the first event of a message waits for company: nobody sees that, and a busy process publishes 50 times a
/// second instead of thousands of times.
const GATHER: Duration = Duration::from_millis(20);

/// A bus over Redis; cheap to clone.
#[derive(Clone)]
pub struct SharedBus {
    /// Tells this process's own events from others'.
    id: Uuid,
    local: LocalBus,
    outbox: mpsc::Sender<Event>,
}

/// What goes over the wire. Other processes may be a version older or newer: fields are only ever added, and an event that
/// is not known is skipped.
#[derive(Debug, Serialize, Deserialize)]
struct Told<T> {
    from: Uuid,
    events: Vec<T>,
}

impl SharedBus {
    /// Starts telling and hearing. Nudges go to `nudge`.
    pub fn start(server: &RedisServer, nudge: impl Fn(Uuid) + Send + Sync + 'static) -> Self {
        let bus = Self::start_telling(server, nudge);
        let (server, local, from) = (server.clone(), bus.local.clone(), bus.id);
        tokio::spawn(for_ever("hearing of events", move |outage| hear(server.clone(), local.clone(), from, outage)));
        bus
    }

    /// The same for a process in which nobody watches.
    pub fn start_telling(server: &RedisServer, nudge: impl Fn(Uuid) + Send + Sync + 'static) -> Self {
        let (outbox, events) = mpsc::channel(BACKLOG);
        let id = Uuid::new_v4();
        tokio::spawn(tell(server.lasting_connection(), id, events));
        Self { id, local: LocalBus::with_nudges(nudge), outbox }
    }
}

impl Signals for SharedBus {
    fn changed(&self, event: Event) {
        self.local.changed(event.clone());
        if self.outbox.try_send(event).is_err() {
            tracing::debug!("more events than Redis takes; some are dropped");
        }
    }

    fn nudge(&self, account_id: Uuid) {
        self.local.nudge(account_id);
    }
}

impl Bus for SharedBus {
    fn subscribe(&self, workspace_id: Uuid) -> Subscription {
        self.local.subscribe(workspace_id)
    }
}

impl fmt::Debug for SharedBus {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("SharedBus").finish_non_exhaustive()
    }
}

async fn tell(mut connection: ConnectionManager, from: Uuid, mut outbox: mpsc::Receiver<Event>) {
    let outage = Outage::of("telling of events");
    while let Some(events) = gather(&mut outbox).await {
        match publish(&mut connection, &Told { from, events }).await {
            Ok(()) => outage.is_over(),
            // Hints that nobody hears are lost.
            Err(err) => outage.goes_on(&err),
        }
    }
}

async fn gather(outbox: &mut mpsc::Receiver<Event>) -> Option<Vec<Event>> {
    let mut events = vec![outbox.recv().await?];
    sleep(GATHER).await;
    while events.len() < AT_ONCE
        && let Ok(event) = outbox.try_recv()
    {
        events.push(event);
    }
    Some(events)
}

async fn publish(connection: &mut ConnectionManager, told: &Told<Event>) -> RedisResult<()> {
    let Ok(json) = serde_json::to_string(told) else { return Ok(()) };
    redis::cmd("PUBLISH").arg(EVENTS).arg(json).exec_async(connection).await
}

async fn hear(server: RedisServer, local: LocalBus, myself: Uuid, outage: Arc<Outage>) -> RedisError {
    let (mut sink, mut messages) = match server.listen(EVENTS).await {
        Ok(pubsub) => pubsub.split(),
        Err(err) => return err,
    };
    outage.is_over();
    loop {
        match next_message(&mut sink, &mut messages).await {
            Ok(message) => pass_to(&local, myself, message.get_payload_bytes()),
            Err(err) => return err,
        }
    }
}

fn pass_to(local: &LocalBus, myself: Uuid, payload: &[u8]) {
    match serde_json::from_slice::<Told<Value>>(payload) {
        Ok(told) if told.from == myself => {}
        Ok(told) => {
            let events = told.events.into_iter().filter_map(|event| serde_json::from_value(event).ok());
            events.for_each(|event| local.changed(event));
        }
        Err(err) => tracing::debug!(%err, "what was told cannot be read, and is skipped"),
    }
}

#[cfg(test)]
mod tests {
    use super::{super::Heard, *};

    #[tokio::test]
    async fn events_of_a_newer_version_are_skipped_and_the_rest_is_heard() {
        let bus = LocalBus::with_nudges(|_| {});
        let mut watching = bus.subscribe(Uuid::nil());
        let known = Event::Credits { workspace_id: Uuid::nil() };
        let events = vec![serde_json::json!({"Weather": {"sunny": true}}), serde_json::to_value(&known).unwrap()];
        let told = serde_json::to_vec(&Told { from: Uuid::from_u128(2), events }).unwrap();
        pass_to(&bus, Uuid::from_u128(1), b"no JSON");
        pass_to(&bus, Uuid::from_u128(1), &told);
        assert_eq!(watching.next().await, Some(Heard::Event(known)));
    }

    #[tokio::test]
    async fn what_a_process_told_itself_is_not_heard_twice() {
        let bus = LocalBus::with_nudges(|_| {});
        let mut watching = bus.subscribe(Uuid::nil());
        let event = |n: u128| Event::Message { workspace_id: Uuid::nil(), id: n.to_string() };
        let told = |from, n| serde_json::to_vec(&Told { from: Uuid::from_u128(from), events: vec![event(n)] }).unwrap();
        pass_to(&bus, Uuid::from_u128(1), &told(1, 1));
        pass_to(&bus, Uuid::from_u128(1), &told(2, 2));
        assert_eq!(watching.next().await, Some(Heard::Event(event(2))));
    }
}
