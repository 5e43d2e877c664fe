//! How long this process may believe that its lanes are its own.

use std::sync::{Mutex, PoisonError};

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// A worker's time in office: from its registration until it gave up, or its heartbeats failed for too long.
#[derive(Debug)]
pub struct Term {
    worker_id: Uuid,
    deadline: Mutex<Instant>,
    over: CancellationToken,
}

impl Term {
    /// Begins a term; `deadline` follows from the heartbeat that registered the worker.
    #[must_use]
    pub fn new(worker_id: Uuid, deadline: Instant) -> Self {
        Self { worker_id, deadline: Mutex::new(deadline), over: CancellationToken::new() }
    }

    /// Under which id lanes are claimed.
    #[must_use]
    pub fn worker_id(&self) -> Uuid {
        self.worker_id
    }

    /// A heartbeat came through: good until then.
    pub fn extend(&self, deadline: Instant) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    /// Whether the lanes may be somebody else's by now. A frozen process that wakes finds out here, before it sends.
    #[must_use]
    pub fn is_over(&self, now: Instant) -> bool {
        self.over.is_cancelled() || now >= *self.deadline.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives up all lanes.
    pub fn end(&self) {
        self.over.cancel();
    }

    /// Done once the term has ended.
    pub async fn ended(&self) {
        self.over.cancelled().await;
    }
}
