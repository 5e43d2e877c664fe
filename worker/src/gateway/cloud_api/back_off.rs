//! Waits that grow while something goes on failing. Remembered in this process alone: after a kill they begin anew, which
//! costs a refusal or two.

use std::time::Duration;

use moka::sync::Cache;

/// How long a failure is remembered, and how many are.
const REMEMBERED: Duration = Duration::from_hours(1);
const KEYS: u64 = 100_000;

/// By key, how often in a row something failed.
pub(super) struct BackOff {
    base: u32,
    longest: Duration,
    failures: Cache<String, u32>,
}

impl BackOff {
    /// `base`^n s after n failures in a row, `longest` at most.
    pub(super) fn new(base: u32, longest: Duration) -> Self {
        let failures = Cache::builder().max_capacity(KEYS).time_to_live(REMEMBERED).build();
        Self { base, longest, failures }
    }

    /// It failed again: how long to wait.
    pub(super) fn next(&self, key: &str) -> Duration {
        let before = self.failures.get(key).unwrap_or_default();
        self.failures.insert(key.to_owned(), before.saturating_add(1));
        Duration::from_secs(u64::from(self.base).saturating_pow(before)).min(self.longest)
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
    fn waits_grow_until_it_goes_through() {
        let pairs = BackOff::new(4, Duration::from_secs(1_024));
        let waits: Vec<u64> = (0..8).map(|_| pairs.next("a").as_secs()).collect();
        assert_eq!(waits, [1, 4, 16, 64, 256, 1_024, 1_024, 1_024]);
        assert_eq!(pairs.next("b").as_secs(), 1, "others have nothing to do with it");
        pairs.clear("a");
        assert_eq!(pairs.next("a").as_secs(), 1);
    }
}
