//! The pace of an account.

use std::time::Duration;

use rand::{Rng, RngExt as _};
use tokio::time::Instant;

/// How close together one account's messages may leave.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    min: Duration,
    max: Duration,
}

impl Pace {
    /// At least `min`, at most `max`; `max` counts as `min` where it is less.
    #[must_use]
    pub fn new(min: Duration, max: Duration) -> Self {
        Self { min, max: max.max(min) }
    }

    /// As an account's row has it: milliseconds, where less than none is none.
    #[must_use]
    pub fn of_millis(min: i32, max: i32) -> Self {
        let millis = |ms: i32| Duration::from_millis(u64::try_from(ms).unwrap_or_default());
        Self::new(millis(min), millis(max))
    }

    /// Never shorter than the installation's floor, whatever the account's row says.
    #[must_use]
    pub fn at_least(self, floor: Duration) -> Self {
        Self::new(self.min.max(floor), self.max)
    }

    /// The longest pause.
    #[must_use]
    pub fn max(self) -> Duration {
        self.max
    }

    /// The first moment after the last hand-over at which the next message may leave. Monotonic: wall clocks jump.
    pub fn next_beat(self, handed_over: Instant, rng: &mut impl Rng) -> Instant {
        handed_over + rng.random_range(self.min..=self.max)
    }

    /// What a pause takes on average.
    #[must_use]
    pub fn mean(self) -> Duration {
        (self.min + self.max) / 2
    }
}

#[cfg(test)]
mod tests {
    use rand::{SeedableRng as _, rngs::StdRng};

    use super::*;

    const DEFAULT: (u64, u64) = (1_500, 2_500);

    fn pauses(min: u64, max: u64) -> Vec<f64> {
        let pace = Pace::new(Duration::from_millis(min), Duration::from_millis(max));
        let mut rng = StdRng::seed_from_u64(7);
        let from = crate::clock::Clock::system().instant();
        (0..20_000).map(|_| (pace.next_beat(from, &mut rng) - from).as_secs_f64() * 1_000.0).collect()
    }

    #[test]
    fn no_pause_is_below_the_minimum_or_above_the_maximum() {
        assert!(pauses(DEFAULT.0, DEFAULT.1).iter().all(|ms| (1_500.0..=2_500.0).contains(ms)));
    }

    #[test]
    fn pauses_are_spread_evenly_around_two_seconds() {
        let pauses = pauses(DEFAULT.0, DEFAULT.1);
        let mean = pauses.iter().sum::<f64>() / 20_000.0;
        assert!((mean - 2_000.0).abs() < 10.0, "{mean}");
        for quarter in 0..4 {
            let from = 1_500.0 + 250.0 * f64::from(quarter);
            let share = pauses.iter().filter(|ms| (from..from + 250.0).contains(ms)).count();
            assert!((4_700..5_300).contains(&share), "{share} of 20,000 in the quarter from {from} ms");
        }
    }

    #[test]
    fn the_floor_lifts_an_accounts_pace() {
        let floor = Duration::from_millis(500);
        assert_eq!(Pace::of_millis(100, 200).at_least(floor), Pace::of_millis(500, 500));
        assert_eq!(Pace::of_millis(100, 900).at_least(floor), Pace::of_millis(500, 900));
        assert_eq!(Pace::of_millis(1_500, 2_500).at_least(floor), Pace::of_millis(1_500, 2_500));
    }

    #[test]
    fn equal_bounds_are_a_fixed_pace() {
        assert!(pauses(700, 700).iter().all(|ms| (ms - 700.0).abs() < 0.001));
    }
}
