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

    /// Whether the lanes may be somebody else's by now. A frozen process that wakes finds out here, before it sends. Once
    /// anybody was told so, it stays so, whatever heartbeat comes through late: a lane may have been given up for it.
    #[must_use]
    pub fn is_over(&self, now: Instant) -> bool {
        if now >= *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) {
            self.end();
        }
        self.over.is_cancelled()
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use nhip_domain::clock::Clock;

    use super::*;

    #[tokio::test]
    async fn a_term_that_seemed_over_to_one_lane_is_over_for_all() {
        let start = Clock::system().instant();
        let term = Term::new(Uuid::nil(), start + Duration::from_secs(4));
        assert!(!term.is_over(start));
        assert!(term.is_over(start + Duration::from_secs(5)));

        term.extend(start + Duration::from_mins(1));

        assert!(term.is_over(start + Duration::from_secs(6)), "the lane that gave up is drained by nobody");
        term.ended().await;
    }
}
