//! How many calls a webhook may get: a token bucket that is one time stamp (the generic cell rate algorithm).

use chrono::{DateTime, Utc};

use super::admit::Webhook;
use crate::{refusal::Refusal, settings::Rate};

impl Webhook {
    /// Draws one call, or says when the next one will be there.
    pub(super) fn draw(&mut self, rate: Rate, now: DateTime<Utc>) -> Result<(), Refusal> {
        let now = now.timestamp_micros();
        let per = i64::try_from(rate.per.as_micros()).unwrap_or(i64::MAX);
        let each = per / i64::from(rate.calls.max(1));
        // No bucket takes longer than `per` to fill, whatever the wall clock did since.
        let full_again = self.full_again_at_us.clamp(now, now.saturating_add(per));
        let wait_us = (full_again - now) - (per - each);
        if wait_us > 0 {
            return Err(Refusal::RateLimited {
                retry_after_s: u64::try_from(wait_us).unwrap_or(0).div_ceil(1_000_000),
            });
        }
        self.full_again_at_us = full_again + each;
        Ok(())
    }
}
