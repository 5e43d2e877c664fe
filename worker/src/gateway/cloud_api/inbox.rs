//! Handling the callbacks that were answered already: at least once each, by whichever worker comes first. One that cannot be
//! handled comes back later and later, and is in nobody's way.

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt as _;
use nhip_domain::{Broken, Cx, account::cloud_api};
use nhip_entity::cloud_callback;
use tokio::{sync::Notify, task::JoinSet, time::timeout};
use tokio_util::sync::CancellationToken;

use super::handle::{Handled, handle};
use crate::journal::DbJournal;

/// Callbacks that this process handles at the same time.
const AT_ONCE: usize = 32;
/// How long one may take.
const WITHIN: Duration = Duration::from_secs(20);
/// How often one is taken up, at most: that is for about a day.
const MOST_ATTEMPTS: i32 = 40;
/// The longest pause between two attempts.
const LONGEST_PAUSE: Duration = Duration::from_hours(1);
/// By then, whoever sends a message knows Meta's id for it.
const ANSWERED: Duration = Duration::from_secs(20);

/// Handles callbacks.
#[derive(Clone)]
pub struct Inbox {
    cx: Cx,
    journal: DbJournal,
    bell: Arc<Notify>,
}

impl Inbox {
    /// Looks for callbacks whenever the bell rings: after one was kept, and by the clock.
    #[must_use]
    pub fn new(cx: Cx, journal: DbJournal, bell: Arc<Notify>) -> Self {
        Self { cx, journal, bell }
    }

    /// Works until `stop`, and finishes what it has begun.
    pub async fn work(&self, stop: &CancellationToken) {
        // Tasks of their own: one that has its turn to write must go on while this waits for a turn, too.
        let mut running = JoinSet::new();
        let mut look = true;
        loop {
            if look && running.len() < AT_ONCE {
                let room = AT_ONCE - running.len();
                let claimed = self.claim(room).await;
                look = claimed.len() == room;
                for callback in claimed {
                    let inbox = self.clone();
                    running.spawn(async move { inbox.finish(callback).await });
                }
            }
            tokio::select! {
                () = self.bell.notified() => look = true,
                Some(_ended) = running.join_next(), if !running.is_empty() => {}
                () = stop.cancelled() => break,
            }
        }
        while running.join_next().await.is_some() {}
    }

    async fn claim(&self, most: usize) -> Vec<cloud_callback::Model> {
        let claimed = cloud_api::claim(&self.cx, u64::try_from(most).unwrap_or(1)).await;
        claimed.unwrap_or_else(|err| {
            tracing::warn!(
                error = &err as &dyn std::error::Error,
                "callbacks cannot be read; the next look tries again"
            );
            Vec::new()
        })
    }

    async fn finish(&self, callback: cloud_callback::Model) {
        let outcome = if callback.attempts > MOST_ATTEMPTS {
            tracing::error!(callback.id = %callback.id, account.id = %callback.account_id,
                "a callback that could never be handled is given up");
            Ok(Handled::Nothing)
        } else {
            self.attempt(&callback).await
        };
        metrics::counter!("nhip_cloud_callbacks_total", "outcome" => name(&outcome)).increment(1);
        let finished = match after(&callback, &outcome) {
            Some(pause) => cloud_api::postpone(&self.cx, callback.id, pause).await,
            None => cloud_api::done(&self.cx, &[callback.id]).await,
        };
        if let Err(err) = finished {
            // Whoever finds it again does the same again, which is harmless.
            tracing::warn!(callback.id = %callback.id, error = &err as &dyn std::error::Error, "a callback comes again");
        }
    }

    async fn attempt(&self, callback: &cloud_callback::Model) -> Result<Handled, Broken> {
        let handled = AssertUnwindSafe(handle(&self.cx, &self.journal, callback)).catch_unwind();
        let outcome = match timeout(WITHIN, handled).await {
            Ok(Ok(outcome)) => outcome,
            Ok(Err(_panic)) => Err(Broken::Panicked("handling a callback")),
            Err(_elapsed) => Err(Broken::TimedOut("handling a callback")),
        };
        if let Err(err) = &outcome {
            tracing::warn!(callback.id = %callback.id, account.id = %callback.account_id, attempts = callback.attempts,
                error = err as &dyn std::error::Error, "a callback cannot be handled now, and is tried again");
        }
        outcome
    }
}

/// How long a callback waits for its next attempt; none where it needs none.
fn after(callback: &cloud_callback::Model, outcome: &Result<Handled, Broken>) -> Option<Duration> {
    match outcome {
        Ok(Handled::SpeaksOfOthers) if callback.attempts <= 1 => Some(ANSWERED),
        Ok(Handled::Wholly | Handled::SpeaksOfOthers | Handled::Nothing) => None,
        // An answer is mostly there a moment later.
        Ok(Handled::TooEarly) | Err(_) => Some(pause(callback.attempts)),
    }
}

/// A second, doubled by each attempt.
fn pause(attempts: i32) -> Duration {
    let doublings = u32::try_from(attempts.saturating_sub(1)).unwrap_or_default().min(20);
    Duration::from_secs(1).saturating_mul(1 << doublings).min(LONGEST_PAUSE)
}

fn name(outcome: &Result<Handled, Broken>) -> &'static str {
    match outcome {
        Ok(Handled::Wholly) => "done",
        Ok(Handled::SpeaksOfOthers) => "others",
        Ok(Handled::TooEarly) => "early",
        Ok(Handled::Nothing) => "dropped",
        Err(_) => "failed",
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;
    use uuid::Uuid;

    use super::*;

    fn callback(attempts: i32) -> cloud_callback::Model {
        let (received_at, due_at) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH);
        cloud_callback::Model {
            id: Uuid::nil(),
            account_id: Uuid::nil(),
            received_at,
            due_at,
            attempts,
            body: Vec::new(),
        }
    }

    #[test]
    fn one_that_fails_comes_back_later_and_later() {
        let failed = || Err(Broken::TimedOut("it"));
        let pauses: Vec<_> = [1, 2, 5, 12, 13, 40].map(|n| after(&callback(n), &failed()).unwrap().as_secs()).into();
        assert_eq!(pauses, [1, 2, 16, 2_048, 3_600, 3_600]);
    }

    #[test]
    fn one_that_speaks_of_messages_nobody_knows_is_looked_at_once_more() {
        assert_eq!(after(&callback(1), &Ok(Handled::SpeaksOfOthers)), Some(ANSWERED));
        assert_eq!(after(&callback(2), &Ok(Handled::SpeaksOfOthers)), None);
        assert_eq!(after(&callback(1), &Ok(Handled::Wholly)), None);
    }

    #[test]
    fn a_failure_that_is_faster_than_the_answer_waits_for_longer_than_an_answer_takes() {
        let looks = (1..=super::super::handle::EARLY_LOOKS).filter_map(|n| after(&callback(n), &Ok(Handled::TooEarly)));
        assert!(looks.sum::<Duration>() > ANSWERED);
    }
}
