//! Nudges between processes: a sorted set in Redis, oldest first.
//!
//! A set, so that an account stands in it at most once, however many messages were queued while nobody was there to take
//! them; and taken with `BZMPOP`, which waits on the server, so that an idle system wakes at once and polls nothing. Why this
//! and not apalis-redis: docs/decisions/0006-nudges-are-a-set.md.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use apalis::prelude::{Task, TaskBuilder};
use futures::{
    StreamExt as _,
    stream::{self, BoxStream},
};
use nhip_domain::clock::Clock;
use redis::{AsyncCommands as _, RedisError, RedisResult, aio::ConnectionManager};
use tokio::sync::mpsc;
use uuid::Uuid;

use crate::{
    jobs::DrainLane,
    lane::Lanes,
    redis_server::{Outage, RedisServer, for_ever, next_message},
};

/// The set of lanes that somebody should drain: members are jobs as JSON, scores the times of their nudges.
const NUDGES: &str = "nhip:nudges";
/// Where a worker says that a lane it was nudged for is not its own.
const PASSED_ON: &str = "nhip:passed-on";
/// Nudges that wait for Redis, at most; the rest is left to the sweep.
const BACKLOG: usize = 65_536;
/// Notes written at once.
const NOTES: usize = 1_024;
/// Nudges that a worker takes at once: few, so that others get some.
const AT_ONCE: isize = 64;
/// How long a worker waits on the server for a nudge.
const WAIT: Duration = Duration::from_secs(5);
/// How much later the server may end that wait; past it, the connection is dead.
const LATE: Duration = Duration::from_secs(2);
/// Nudges taken and not yet worked off.
const TAKEN: usize = 256;

/// The queue of all processes that use one Redis; cheap to clone.
#[derive(Clone)]
pub struct Shared {
    server: Arc<RedisServer>,
    outbox: mpsc::Sender<Note>,
}

/// What is told to other processes.
enum Note {
    Nudge(Uuid),
    PassOn(Uuid),
}

impl Shared {
    pub(super) fn start(server: &RedisServer, clock: Clock) -> Self {
        let (outbox, notes) = mpsc::channel(BACKLOG);
        tokio::spawn(write(server.lasting_connection(), clock, notes));
        Self { server: Arc::new(server.clone()), outbox }
    }

    pub(super) fn nudge(&self, account_id: Uuid) {
        self.tell(Note::Nudge(account_id));
    }

    pub(super) fn pass_on(&self, account_id: Uuid) {
        self.tell(Note::PassOn(account_id));
    }

    fn tell(&self, note: Note) {
        if self.outbox.try_send(note).is_err() {
            tracing::debug!("more nudges than Redis takes; the sweep will find what is queued");
        }
    }

    /// Nudges as they come, from this process or another.
    pub(super) fn tasks(&self) -> BoxStream<'static, Task<DrainLane>> {
        let (sender, tasks) = mpsc::channel(TAKEN);
        let server = Arc::clone(&self.server);
        tokio::spawn(async move {
            let gone = sender.clone();
            tokio::select! {
                () = for_ever("taking nudges", |outage| take(Arc::clone(&server), sender.clone(), outage)) => {}
                () = gone.closed() => {}
            }
        });
        stream::unfold(tasks, async |mut tasks| Some((tasks.recv().await?, tasks))).boxed()
    }

    /// Wakes lanes of this process whose nudges came to others; for ever.
    pub(super) async fn hear_what_is_passed_on(&self, lanes: &Arc<Lanes>) {
        for_ever("hearing what is passed on", |outage| hear(&self.server, lanes, outage)).await;
    }
}

/// What Redis answers to whoever takes nudges: members are bytes, whoever put them there.
type Taken = Option<(String, Vec<(Vec<u8>, f64)>)>;

/// Takes nudges out of Redis until something fails. What was taken and not worked off when the process dies is found by
/// the sweep.
async fn take(server: Arc<RedisServer>, sender: mpsc::Sender<Task<DrainLane>>, outage: Arc<Outage>) -> RedisError {
    match server.connection(WAIT + LATE).await {
        Ok(mut connection) => loop {
            match connection.bzmpop_min(WAIT.as_secs_f64(), NUDGES, AT_ONCE).await {
                Ok(taken) => hand_on(taken, &sender).await,
                Err(err) => return err,
            }
            outage.is_over();
        },
        Err(err) => err,
    }
}

async fn hand_on(taken: Taken, sender: &mpsc::Sender<Task<DrainLane>>) {
    for (member, _at) in taken.into_iter().flat_map(|(_key, members)| members) {
        match serde_json::from_slice::<DrainLane>(&member) {
            // An error says that the worker behind the stream has ended, and with it this task.
            Ok(job) => drop(sender.send(TaskBuilder::new(job).build()).await),
            // Not ours, or of a version to come: the sweep finds its rows, if there are any.
            Err(err) => tracing::warn!(%err, "a nudge cannot be read, and is dropped"),
        }
    }
}

async fn hear(server: &RedisServer, lanes: &Arc<Lanes>, outage: Arc<Outage>) -> RedisError {
    let (mut sink, mut messages) = match server.listen(PASSED_ON).await {
        Ok(pubsub) => pubsub.split(),
        Err(err) => return err,
    };
    outage.is_over();
    loop {
        match next_message(&mut sink, &mut messages).await {
            Ok(message) => match serde_json::from_slice::<Vec<Uuid>>(message.get_payload_bytes()) {
                Ok(ids) => ids.into_iter().for_each(|account_id| lanes.poke(account_id)),
                Err(err) => tracing::warn!(%err, "what was passed on cannot be read, and is dropped"),
            },
            Err(err) => return err,
        }
    }
}

/// Writes notes in the order they come; those that come while others are being written share the next round trip.
async fn write(mut connection: ConnectionManager, clock: Clock, mut notes: mpsc::Receiver<Note>) {
    let outage = Outage::of("nudging workers");
    let mut batch = Vec::with_capacity(NOTES);
    while notes.recv_many(&mut batch, NOTES).await > 0 {
        match write_batch(&mut connection, clock.now().timestamp_millis(), batch.drain(..)).await {
            Ok(()) => outage.is_over(),
            // What could not be told is left to the sweep.
            Err(err) => outage.goes_on(&err),
        }
    }
}

async fn write_batch(
    connection: &mut ConnectionManager,
    now_ms: i64,
    notes: impl Iterator<Item = Note>,
) -> RedisResult<()> {
    let (mut nudges, mut passed_on) = (BTreeSet::new(), BTreeSet::new());
    for note in notes {
        match note {
            Note::Nudge(account_id) => nudges.insert(account_id),
            Note::PassOn(account_id) => passed_on.insert(account_id),
        };
    }
    let mut pipeline = redis::pipe();
    if !nudges.is_empty() {
        // Clocks differ a little between processes: the order of nudges is a courtesy.
        let members: Vec<(i64, String)> = nudges.into_iter().filter_map(|id| Some((now_ms, member(id)?))).collect();
        pipeline.cmd("ZADD").arg(NUDGES).arg("NX").arg(&members).ignore();
    }
    if let Ok(ids) = serde_json::to_string(&passed_on)
        && !passed_on.is_empty()
    {
        pipeline.publish(PASSED_ON, ids).ignore();
    }
    match pipeline.exec_async(connection).await {
        // The first command after Redis came back is the one that finds the old connection dead.
        Err(_) => pipeline.exec_async(connection).await,
        Ok(()) => Ok(()),
    }
}

fn member(account_id: Uuid) -> Option<String> {
    serde_json::to_string(&DrainLane { account_id }).ok()
}
