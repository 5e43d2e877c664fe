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

    /// The first moment after the last hand-over at which the next message may leave, where so many accounts have work.
    /// Monotonic: wall clocks jump.
    pub fn next_beat(self, handed_over: Instant, grid: Grid, accounts: usize, rng: &mut impl Rng) -> Instant {
        let step = Grid::step(self, accounts);
        grid.at_or_after(handed_over + rng.random_range(self.min..=self.max.saturating_sub(step)), step)
    }

    /// What a pause takes on average.
    #[must_use]
    pub fn mean(self) -> Duration {
        (self.min + self.max) / 2
    }
}

/// The moments at which beats fall, so that those of many accounts share their transactions: an account draws one of them,
/// where it has enough to draw from.
#[derive(Clone, Copy, Debug)]
pub struct Grid(Instant);

impl Grid {
    /// The farthest apart that moments are.
    const FARTHEST: Duration = Duration::from_millis(64);
    /// How many an account must have to draw from; who has fewer draws any moment.
    const ENOUGH: u32 = 15;
    /// About so many accounts meet at a moment, at the most: the last of them leaves when all before it have.
    const TOGETHER: u32 = 100;

    /// One that begins now.
    #[must_use]
    pub fn from(now: Instant) -> Self {
        Self(now)
    }

    /// How far apart the moments are for a pace, where so many accounts have work: a power of two in milliseconds, so that
    /// accounts of different paces meet, too; or nothing.
    fn step(pace: Pace, accounts: usize) -> Duration {
        let accounts = u32::try_from(accounts).unwrap_or(u32::MAX).max(1);
        let (spread, crowd) = (pace.max.saturating_sub(pace.min), pace.mean() * Self::TOGETHER / accounts);
        let most = (spread / Self::ENOUGH).min(crowd).min(Self::FARTHEST);
        let most = u32::try_from(most.as_millis()).unwrap_or(u32::MAX);
        Duration::from_millis(most.checked_ilog2().map_or(0, |power| 1 << power))
    }

    fn at_or_after(self, at: Instant, step: Duration) -> Instant {
        let past = at.saturating_duration_since(self.0).as_nanos().checked_rem(step.as_nanos()).unwrap_or_default();
        if past == 0 { at } else { at + step - Duration::from_nanos(u64::try_from(past).unwrap_or_default()) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use rand::{SeedableRng as _, rngs::StdRng};

    use super::*;

    const DEFAULT: (u64, u64) = (1_500, 2_500);

    fn pauses(min: u64, max: u64) -> Vec<Duration> {
        let pace = Pace::new(Duration::from_millis(min), Duration::from_millis(max));
        let mut rng = StdRng::seed_from_u64(7);
        let from = crate::clock::Clock::system().instant();
        let grid = Grid::from(from - Duration::from_micros(12_345_678));
        (0..20_000).map(|_| pace.next_beat(from, grid, 10_000, &mut rng) - from).collect()
    }

    fn ms(of: Duration) -> f64 {
        of.as_secs_f64() * 1_000.0
    }

    #[test]
    fn no_pause_is_below_the_minimum_or_above_the_maximum() {
        assert!(pauses(DEFAULT.0, DEFAULT.1).into_iter().all(|pause| (1_500.0..=2_500.0).contains(&ms(pause))));
    }

    #[test]
    fn pauses_are_spread_evenly_around_two_seconds() {
        let pauses: Vec<f64> = pauses(DEFAULT.0, DEFAULT.1).into_iter().map(ms).collect();
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
    fn accounts_meet_at_moments_of_which_each_has_fifteen_to_draw_from() {
        for (min, max, step_ms) in
            [(1_500, 2_500, 64), (1_500, 1_900, 16), (1_000, 1_029, 1), (1_000, 1_014, 0), (700, 700, 0), (0, 0, 0)]
        {
            let step = Grid::step(Pace::of_millis(min, max), 0);
            assert_eq!(step, Duration::from_millis(step_ms), "{min} to {max}");
        }
        let met: BTreeSet<Duration> = pauses(1_500, 2_500).into_iter().collect();
        assert!((62..=63).contains(&met.len()), "{} moments", met.len());
        assert!(met.iter().zip(met.iter().skip(1)).all(|(one, next)| *one + Duration::from_millis(16) == *next));
        let other: BTreeSet<Duration> = pauses(1_500, 1_700).into_iter().collect();
        let both = Duration::from_millis(1_500)..Duration::from_millis(1_680);
        assert!(met.iter().filter(|pause| both.contains(*pause)).all(|pause| other.contains(pause)));
    }

    #[test]
    fn the_more_accounts_there_are_the_closer_together_they_meet() {
        let pace = Pace::of_millis(1_500, 2_500);
        for (accounts, step_ms) in [(1, 64), (3_000, 64), (5_000, 32), (10_000, 16), (100_000, 2), (usize::MAX, 0)] {
            assert_eq!(Grid::step(pace, accounts), Duration::from_millis(step_ms), "{accounts} accounts");
        }
    }

    #[test]
    fn equal_bounds_are_a_fixed_pace() {
        assert!(pauses(700, 700).iter().all(|pause| *pause == Duration::from_millis(700)));
    }
}
