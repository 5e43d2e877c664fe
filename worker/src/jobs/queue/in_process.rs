//! Nudges within the process.

use std::sync::Arc;

use apalis::prelude::{Task, TaskBuilder};
use futures::{StreamExt as _, channel::mpsc, lock::Mutex, stream, stream::BoxStream};
use uuid::Uuid;

use crate::jobs::DrainLane;

type Tasks = mpsc::UnboundedReceiver<Task<DrainLane>>;

/// The queue of a single process; cheap to clone.
#[derive(Clone)]
pub struct InProcess {
    sender: mpsc::UnboundedSender<Task<DrainLane>>,
    receiver: Arc<Mutex<Tasks>>,
}

impl Default for InProcess {
    fn default() -> Self {
        let (sender, receiver) = mpsc::unbounded();
        Self { sender, receiver: Arc::new(Mutex::new(receiver)) }
    }
}

impl InProcess {
    pub(super) fn nudge(&self, account_id: Uuid) {
        let task = TaskBuilder::new(DrainLane { account_id }).build();
        if self.sender.unbounded_send(task).is_err() {
            tracing::debug!(account.id = %account_id, "the queue is closed; the sweep will find what is queued");
        }
    }

    /// All nudges from now on; of several streams, each nudge comes out of one.
    pub(super) fn tasks(&self) -> BoxStream<'static, Task<DrainLane>> {
        stream::unfold(Arc::clone(&self.receiver), async |receiver| {
            let task = receiver.lock().await.next().await?;
            Some((task, receiver))
        })
        .boxed()
    }
}
