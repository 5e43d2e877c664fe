//! Waits that grow while something goes on failing. Remembered in this process alone: after a kill they begin anew, which
//! costs a refusal or two.

use std::time::Duration;

use moka::sync::Cache;

/// How long a failure is remembered, which is longer than any wait, and how many are.
const REMEMBERED: Duration = Duration::from_hours(4);
const KEYS: u64 = 100_000;

/// By key, how often in a row something failed.
pub(super) struct BackOff {
    base: u32,
    longest: Duration,
    failures: Cache<String, u32>,
}

impl BackOff {
    /// The first wait times `base`^n after n failures in a row, `longest` at most.
    pub(super) fn new(base: u32, longest: Duration) -> Self {
        let failures = Cache::builder().max_capacity(KEYS).time_to_live(REMEMBERED).build();
        Self { base, longest, failures }
    }

    /// It failed again: how long to wait, where the first wait is a second.
    pub(super) fn next(&self, key: &str) -> Duration {
        self.next_from(key, Duration::from_secs(1))
    }

    /// It failed again: how long to wait.
    pub(super) fn next_from(&self, key: &str, first: Duration) -> Duration {
        let before = self.failures.get(key).unwrap_or_default();
        self.failures.insert(key.to_owned(), before.saturating_add(1));
        first.saturating_mul(self.base.saturating_pow(before)).min(self.longest)
    }

    /// It went through.
    pub(super) fn clear(&self, key: &str) {
        self.failures.invalidate(key);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_wait_may_be_longer_and_what_grows_from_it_has_an_end() {
        let limits = BackOff::new(2, Duration::from_hours(1));
        let quarter = Duration::from_mins(15);
        let waits: Vec<u64> = (0..4).map(|_| limits.next_from("a", quarter).as_secs()).collect();
        assert_eq!(waits, [900, 1_800, 3_600, 3_600]);
        for _ in 0..200 {
            assert_eq!(limits.next_from("a", quarter), Duration::from_hours(1));
        }
    }

    #[test]
    fn waits_grow_until_it_goes_through() {
        let pairs = BackOff::new(4, Duration::from_secs(1_024));
        let waits: Vec<u64> = (0..8).map(|_| pairs.next("a").as_secs()).collect();
        assert_eq!(waits, [1, 4, 16, 64, 256, 1_024, 1_024, 1_024]);
        assert_eq!(pairs.next("b").as_secs(), 1, "others have nothing to do with it");
        pairs.clear("a");
        assert_eq!(pairs.next("a").as_secs(), 1);
    }
}
