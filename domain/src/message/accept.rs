//! Acceptance is a group commit: while a committer's transaction is being written, its next batch gathers. A webhook's calls
//! all go to the same committer, in the order in which they came.
//!
//! A caller is answered only after its message and its charge are durable. Because what it goes by is as new as the
//! workspace's lock, a replaced or disabled URL stops at once in every process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Semaphore, mpsc, oneshot},
    time::timeout_at,
};

use super::{
    call::{Accepted, Call, Origin},
    committer::{BATCH, Committer, LEAST, Pending, WAITING, WITHDRAWN},
};
use crate::{cx::Cx, refusal::Refusal, request::SendRequest};

/// The most calls that wait, for all committers together.
const QUEUE_CALLS: usize = 4_096;
/// The most bytes that they hold, in KiB.
const QUEUE_KIB: usize = 32 * 1_024;
/// How long a call waits to be taken.
const WAIT: Duration = Duration::from_secs(3);
/// When a call that is certainly not stored is given up, from its first byte: every answer comes within 5 s.
const GIVE_UP: Duration = Duration::from_millis(4_700);

/// How committers write. Other ways than the default's exist for the benchmark, which compares with them.
#[derive(Clone, Copy, Debug)]
pub struct Writing {
    /// The most calls of one transaction.
    pub batch: usize,
    /// Whether activations are logged.
    pub logs: bool,
}

impl Default for Writing {
    fn default() -> Self {
        Self { batch: BATCH, logs: true }
    }
}

/// The way to the process's committers; cheap to clone.
#[derive(Clone, Debug)]
pub struct Acceptor {
    queues: Arc<[mpsc::Sender<Pending>]>,
    places: Arc<Semaphore>,
    room: Arc<Semaphore>,
    cx: Cx,
}

impl Acceptor {
    /// Starts the process's committers. They end when the last clone of the acceptor is gone.
    #[must_use]
    pub fn start(cx: Cx) -> Self {
        Self::with(cx, Writing::default())
    }

    /// The same, writing in another way.
    #[must_use]
    pub fn with(cx: Cx, writing: Writing) -> Self {
        let start = |_| {
            let (queue, calls) = mpsc::channel(QUEUE_CALLS);
            tokio::spawn(Committer::new(cx.clone(), writing).run(calls));
            queue
        };
        Self {
            queues: (0..cx.db.committers()).map(start).collect(),
            places: Arc::new(Semaphore::new(QUEUE_CALLS)),
            room: Arc::new(Semaphore::new(QUEUE_KIB)),
            cx,
        }
    }

    /// Decides about a call, and makes the decision durable before it answers.
    pub async fn submit(&self, call: Call) -> Result<Accepted, Refusal> {
        let kib = u32::try_from(1 + weight(&call) / 1_024).unwrap_or(u32::MAX);
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_full| Refusal::Unavailable)?;
        let room = Arc::clone(&self.room).try_acquire_many_owned(kib).map_err(|_full| Refusal::Unavailable)?;
        let (reply, answer) = oneshot::channel();
        let taken = Arc::new(AtomicU8::new(WAITING));
        let now = self.cx.clock.instant();
        let give_up = call.since().unwrap_or(now) + GIVE_UP;
        let pending = Pending { call, give_up, taken: Arc::clone(&taken), reply, place: Some(place), _room: room };
        let queue = self.queue(&pending.call.origin).ok_or(Refusal::Unavailable)?;
        queue.try_send(pending).map_err(|_full| Refusal::Unavailable)?;
        let mut answer = std::pin::pin!(answer);
        if let Ok(answered) = timeout_at(give_up.min(now + WAIT), &mut answer).await {
            return answered.unwrap_or(Err(Refusal::Unavailable));
        }
        if taken.compare_exchange(WAITING, WITHDRAWN, Ordering::AcqRel, Ordering::Acquire).is_ok() {
            return Err(Refusal::Unavailable);
        }
        // The committer goes on to look into it; whoever asked is told in time that it is not known yet.
        let answered = timeout_at(give_up + LEAST, answer).await;
        answered.ok().and_then(Result::ok).unwrap_or(Err(Refusal::OutcomeUnknown))
    }

    /// Where a call waits: with all others of its webhook.
    fn queue(&self, origin: &Origin) -> Option<&mpsc::Sender<Pending>> {
        let share = match origin {
            Origin::Webhook { token: [first, ..], .. } => *first,
            Origin::Workspace { workspace_id, .. } => {
                let [.., last] = workspace_id.into_bytes();
                last
            }
        };
        self.queues.get(usize::from(share) % self.queues.len())
    }
}

fn weight(call: &Call) -> usize {
    let logged = match &call.origin {
        Origin::Webhook { received, .. } => received.heard.len(),
        Origin::Workspace { .. } => 0,
    };
    logged + call.request.as_ref().map_or(0, SendRequest::weight)
}
