//! How long before its beat a message is journaled, so that it can leave on the beat.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

/// The most: a message whose process dies between journal and hand-over has to be asked about, so that time is kept short.
pub(super) const MOST: Duration = Duration::from_millis(100);
/// How much a journal that took longer raises the lead, in microseconds.
const RAISE: u64 = 1_000;
/// How much one that took less lowers it: so it settles where one in a thousand takes longer.
const LOWER: u64 = 1;

/// What 999 of 1,000 answers of the journal take, learned from each. None at first: then a beat is late by one answer.
#[derive(Debug, Default)]
pub(super) struct Lead(AtomicU64);

impl Lead {
    pub(super) fn now(&self) -> Duration {
        Duration::from_micros(self.0.load(Ordering::Relaxed)).min(MOST)
    }

    /// The journal has answered.
    pub(super) fn took(&self, took: Duration) {
        let lead = self.0.load(Ordering::Relaxed);
        let learned = if took > Duration::from_micros(lead) { lead + RAISE } else { lead.saturating_sub(LOWER) };
        let most = u64::try_from(MOST.as_micros()).unwrap_or(u64::MAX);
        // Lanes that answer at the same time may overwrite each other: it is only an estimate.
        self.0.store(learned.min(most), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lead_settles_where_one_answer_in_a_thousand_takes_longer() {
        let lead = Lead::default();
        let answer = |n: u64| Duration::from_millis(if n.is_multiple_of(500) { 40 } else { n % 10 });
        (0..200_000).for_each(|n| lead.took(answer(n)));
        assert!(lead.now() > Duration::from_millis(39) && lead.now() <= Duration::from_millis(41), "{:?}", lead.now());
    }

    #[test]
    fn a_journal_that_stands_still_leads_to_no_more_than_the_most() {
        let lead = Lead::default();
        (0..1_000).for_each(|_| lead.took(Duration::from_secs(5)));
        assert_eq!(lead.now(), MOST);
    }
}
