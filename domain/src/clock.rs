//! The one place that reads clocks and draws random numbers.
#![expect(clippy::disallowed_methods, reason = "this file is where time and randomness enter")]

use std::time::Duration;

use chrono::{DateTime, DurationRound as _, TimeDelta, Utc};
use rand::{SeedableRng, rngs::StdRng};
use tokio::time::Instant;
use uuid::{Timestamp, Uuid};

/// Tells the time. Wall time is for people and for rows; everything that paces, times out or holds runs on the monotonic
/// clock, because wall clocks jump.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System,
    /// Wall time that runs with tokio's clock, so that a paused test clock moves both.
    Steady {
        from: DateTime<Utc>,
        since: Instant,
    },
}

impl Clock {
    /// The machine's clock.
    #[must_use]
    pub fn system() -> Self {
        Self(Source::System)
    }

    /// A wall clock that starts at `from` and runs with tokio's clock: paused when that is paused.
    #[must_use]
    pub fn steady(from: DateTime<Utc>) -> Self {
        Self(Source::Steady { from, since: Instant::now() })
    }

    /// Wall time in UTC, truncated to microseconds (what PostgreSQL keeps).
    #[must_use]
    pub fn now(&self) -> DateTime<Utc> {
        let now = match &self.0 {
            Source::System => Utc::now(),
            Source::Steady { from, since } => *from + since.elapsed(),
        };
        now.duration_trunc(TimeDelta::microseconds(1)).unwrap_or(now)
    }

    /// The monotonic clock.
    #[must_use]
    pub fn instant(&self) -> Instant {
        Instant::now()
    }

    /// A new row's id: a UUID of version 7, so that new rows stand together in an index.
    #[must_use]
    pub fn new_id(&self) -> Uuid {
        let now = self.now();
        let seconds = u64::try_from(now.timestamp()).unwrap_or_default();
        Uuid::new_v7(Timestamp::from_unix(uuid::NoContext, seconds, now.timestamp_subsec_nanos()))
    }

    /// The monotonic instant at which the wall clock will show `at`; now, if that has passed.
    #[must_use]
    pub fn instant_of(&self, at: DateTime<Utc>) -> Instant {
        self.instant() + (at - self.now()).to_std().unwrap_or(Duration::ZERO)
    }
}

/// A generator seeded by the operating system, for what must merely be spread, and, being a CSPRNG, for secrets too.
#[must_use]
pub fn rng() -> StdRng {
    StdRng::from_rng(&mut rand::rng())
}
