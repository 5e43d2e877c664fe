//! The job queue: apalis runs the jobs; nudges come out of this process, or out of Redis, where several share the work.

mod in_process;
mod redis;

use std::{sync::Arc, time::Duration};

use apalis::{
    layers::WorkerBuilderExt as _,
    prelude::{MemorySink, MemoryStorage, MemoryStorageError, Task, WorkerBuilder},
};
use futures::{
    SinkExt as _,
    lock::Mutex,
    stream::{BoxStream, StreamExt as _},
};
use nhip_domain::clock::Clock;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use self::{in_process::InProcess, redis::Shared};
use super::drain_lane::{DrainLane, drain_lane};
use crate::{lane::Lanes, redis_server::RedisServer};

/// Jobs that run at the same time; each is over in microseconds.
const AT_ONCE: usize = 64;
/// Before a worker that ended is started anew.
const AFTER_END: Duration = Duration::from_millis(500);

/// Where nudges are pushed, and where they are worked off. A nudge that is lost costs a moment: the sweep finds its rows.
#[derive(Clone)]
pub enum JobQueue {
    /// Of this process alone.
    InProcess(InProcess),
    /// Of all processes that use the same Redis.
    Shared(Shared),
}

impl Default for JobQueue {
    /// A queue of this process alone.
    fn default() -> Self {
        Self::InProcess(InProcess::default())
    }
}

impl JobQueue {
    /// A queue that all processes share.
    #[must_use]
    pub fn shared(server: &RedisServer, clock: Clock) -> Self {
        Self::Shared(Shared::start(server, clock))
    }

    /// Asks somebody to drain an account's lane.
    pub fn nudge(&self, account_id: Uuid) {
        match self {
            Self::InProcess(queue) => queue.nudge(account_id),
            Self::Shared(queue) => queue.nudge(account_id),
        }
    }

    /// A nudge came to a process that could not take the lane: perhaps another runs it, and waits.
    pub fn pass_on(&self, account_id: Uuid) {
        match self {
            // There is nobody else.
            Self::InProcess(_) => {}
            Self::Shared(queue) => queue.pass_on(account_id),
        }
    }

    /// Works off nudges until `stop`: adopts lanes, and rings the bell of callbacks. Whatever ends apalis's worker, a new one
    /// is built.
    pub async fn work(&self, lanes: Arc<Lanes>, callbacks: Arc<Notify>, stop: CancellationToken) {
        let passed_on = async {
            match self {
                Self::InProcess(_) => std::future::pending().await,
                Self::Shared(queue) => queue.hear_what_is_passed_on(&lanes).await,
            }
        };
        tokio::select! {
            () = self.work_off(&lanes, &callbacks, &stop) => {}
            () = passed_on => {}
        }
    }

    async fn work_off(&self, lanes: &Arc<Lanes>, callbacks: &Arc<Notify>, stop: &CancellationToken) {
        for generation in 0_u64.. {
            let worker = WorkerBuilder::new(format!("drain-lane-{generation}"))
                .backend(storage(self.tasks()))
                .data(Arc::clone(lanes))
                .data(Arc::clone(callbacks))
                .concurrency(AT_ONCE)
                .build(drain_lane);
            let signal = stop.clone();
            let stopped = async move {
                signal.cancelled().await;
                Ok::<(), std::io::Error>(())
            };
            let ended = worker.run_until(stopped).await;
            if stop.is_cancelled() {
                return;
            }
            tracing::warn!(?ended, "the job worker ended; a new one is built");
            tokio::time::sleep(AFTER_END).await;
        }
    }

    fn tasks(&self) -> BoxStream<'static, Task<DrainLane>> {
        match self {
            Self::InProcess(queue) => queue.tasks(),
            Self::Shared(queue) => queue.tasks(),
        }
    }
}

/// apalis's storage over a stream of ours. (Its own in-memory sink panics when several tasks push at once, and the pushing
/// is ours anyway, so that goes nowhere.)
fn storage(tasks: BoxStream<'static, Task<DrainLane>>) -> MemoryStorage<DrainLane> {
    let sink = futures::sink::drain().sink_map_err(|never: std::convert::Infallible| match never {});
    let sink: Box<dyn futures::Sink<Task<DrainLane>, Error = MemoryStorageError> + Send + Sync + Unpin> =
        Box::new(sink);
    MemoryStorage::new_with(MemorySink::new(Arc::new(Mutex::new(sink))), tasks.boxed())
}
