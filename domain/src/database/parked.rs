//! Transactions that PostgreSQL began with the commit of the one before, and that wait a moment for the next writer.
//!
//! Where there is much to write, that spares three of a transaction's round trips: its beginning, and two with which its
//! connection would be asked, on the way back to the pool, whether it is alive.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::time::{Instant, sleep};

use super::WriteTransaction;
use crate::clock::Clock;

/// How long one may have waited to be taken. So lately it was alive; an older one might have died.
const FRESH: Duration = Duration::from_millis(100);
/// Between two looks for those that nobody took. PostgreSQL ends a session that keeps one for five seconds.
const TIDY: Duration = Duration::from_millis(500);
/// Of so many connections of a pool, one may wait here.
const SHARE: u32 = 4;
/// How many wait, give or take those whose commits meet: as many as write all the time.
const MOST: u32 = 4;

/// The transactions that wait; cheap to clone.
#[derive(Clone, Debug)]
pub(super) struct Parked(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    waiting: Mutex<Vec<(WriteTransaction, Instant)>>,
    most: usize,
    clock: Clock,
}

impl Parked {
    /// For a pool of so many connections. Must be called in a runtime.
    pub(super) fn of(connections: u32) -> Self {
        let most = usize::try_from((connections / SHARE).min(MOST)).unwrap_or_default();
        let inner = Arc::new(Inner { waiting: Mutex::default(), most, clock: Clock::system() });
        tokio::spawn(tidy(Arc::downgrade(&inner)));
        Self(inner)
    }

    /// The one that has waited least, if it is fresh.
    pub(super) fn take(&self) -> Option<WriteTransaction> {
        self.0.tidy();
        self.0.waiting().pop().map(|(txn, _since)| txn)
    }

    /// Whether another may wait.
    pub(super) fn has_room(&self) -> bool {
        self.0.waiting().len() < self.0.most
    }

    pub(super) fn park(&self, txn: WriteTransaction) {
        let since = self.0.clock.instant();
        self.0.waiting().push((txn, since));
    }
}

impl Inner {
    /// Ends those that waited for too long. Nothing was done in them.
    fn tidy(&self) {
        let now = self.clock.instant();
        self.waiting().retain(|(_txn, since)| now.saturating_duration_since(*since) < FRESH);
    }

    fn waiting(&self) -> MutexGuard<'_, Vec<(WriteTransaction, Instant)>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn tidy(parked: Weak<Inner>) {
    loop {
        sleep(TIDY).await;
        let Some(parked) = parked.upgrade() else { return };
        parked.tidy();
    }
}
