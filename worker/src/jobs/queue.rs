//! The job queue of the embedded shape: apalis, in the process.

use std::{sync::Arc, time::Duration};

use apalis::{
    layers::WorkerBuilderExt as _,
    prelude::{MemorySink, MemoryStorage, Task, TaskBuilder, WorkerBuilder},
};
use futures::{StreamExt as _, channel::mpsc, lock::Mutex, stream};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::drain_lane::{DrainLane, drain_lane};
use crate::lane::Lanes;

/// Jobs that run at the same time; each is over in microseconds.
const AT_ONCE: usize = 64;
/// Before a worker that ended is started anew.
const AFTER_END: Duration = Duration::from_millis(500);

type Tasks = mpsc::UnboundedReceiver<Task<DrainLane>>;

/// Where nudges are pushed, and where they are worked off. A nudge that is lost costs a moment: the sweep finds its rows.
#[derive(Clone)]
pub struct JobQueue {
    // apalis's own in-memory sink panics when several tasks push at once, so its storage reads from a channel of ours.
    sender: mpsc::UnboundedSender<Task<DrainLane>>,
    receiver: Arc<Mutex<Tasks>>,
}

impl Default for JobQueue {
    fn default() -> Self {
        let (sender, receiver) = mpsc::unbounded();
        Self { sender, receiver: Arc::new(Mutex::new(receiver)) }
    }
}

impl JobQueue {
    /// Asks somebody to drain an account's lane.
    pub fn nudge(&self, account_id: Uuid) {
        let task = TaskBuilder::new(DrainLane { account_id }).build();
        if self.sender.unbounded_send(task).is_err() {
            tracing::debug!(account.id = %account_id, "the queue is closed; the sweep will find what is queued");
        }
    }

    /// Works off nudges until `stop`. Whatever ends apalis's worker, a new one is built.
    pub(crate) async fn work(&self, lanes: Arc<Lanes>, stop: CancellationToken) {
        for generation in 0_u64.. {
            let worker = WorkerBuilder::new(format!("drain-lane-{generation}"))
                .backend(self.backend())
                .data(Arc::clone(&lanes))
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

    fn backend(&self) -> MemoryStorage<DrainLane> {
        let tasks = stream::unfold(Arc::clone(&self.receiver), async |receiver| {
            let task = receiver.lock().await.next().await?;
            Some((task, receiver))
        });
        let sink = futures::sink::drain().sink_map_err(|never: std::convert::Infallible| match never {});
        let sink: Box<
            dyn futures::Sink<Task<DrainLane>, Error = apalis::prelude::MemoryStorageError> + Send + Sync + Unpin,
        > = Box::new(sink);
        MemoryStorage::new_with(MemorySink::new(Arc::new(Mutex::new(sink))), tasks.boxed())
    }
}

use futures::SinkExt as _;
