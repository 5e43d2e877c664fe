//! Counting.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::sql::{Cell, Params, Together, Values};

/// The narrower rows, in seconds.
pub(crate) const MINUTE_S: i64 = 60;
/// The wider rows, in seconds.
pub(crate) const HOUR_S: i64 = 3_600;

/// What is counted; the discriminant is the column's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum What {
    Accepted,
    Refused,
    Sent,
    Delivered,
    Read,
    Failed,
    Canceled,
    Charged,
    Restored,
    Granted,
    Adjusted,
}

/// The columns, in the order of [`What`].
const COLUMNS: [&str; 11] = [
    "accepted",
    "refused",
    "sent",
    "delivered",
    "read",
    "failed",
    "canceled",
    "charged",
    "restored",
    "granted",
    "adjusted",
];

/// The counts of one transaction, in the order in which every transaction takes their rows: after all other locks, and
/// by key, so that no two wait for each other.
#[derive(Debug, Default)]
pub(crate) struct Tallies(BTreeMap<(Uuid, i64, i64), [i64; COLUMNS.len()]>);

impl Tallies {
    /// Counts `amount` of something that happened at some time.
    pub(crate) fn count(&mut self, workspace_id: Uuid, at: DateTime<Utc>, what: What, amount: i64) {
        for width in [MINUTE_S, HOUR_S] {
            let starts = at.timestamp() - at.timestamp().rem_euclid(width);
            let counts = self.0.entry((workspace_id, width, starts)).or_default();
            if let Some(count) = counts.get_mut(what as usize) {
                *count += amount;
            }
        }
    }

    /// Adds the counts to what is written.
    pub(crate) fn add_to(self, writes: &mut Together) {
        let mut rows = Values::default();
        for ((workspace_id, width, starts), counts) in self.0 {
            let width = i32::try_from(width).unwrap_or(i32::MAX);
            rows.row(std::array::from_fn::<Cell, { 3 + COLUMNS.len() }, _>(|n| match n {
                0 => workspace_id.into(),
                1 => width.into(),
                2 => starts.into(),
                _ => counts.get(n - 3).copied().unwrap_or_default().into(),
            }));
        }
        if !rows.is_empty() {
            writes.add(|params| add_up(params, rows));
        }
    }
}

fn add_up(params: &mut Params, rows: Values) -> String {
    let table = params.table(rows);
    let sums: Vec<String> = COLUMNS.iter().map(|name| format!("{name} = tallies.{name} + excluded.{name}")).collect();
    format!(
        "INSERT INTO tallies (workspace_id, width_s, starts_s, {}) SELECT * FROM {table} WHERE TRUE \
         ON CONFLICT (workspace_id, width_s, starts_s) DO UPDATE SET {}",
        COLUMNS.join(", "),
        sums.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happens_is_counted_in_its_minute_and_in_its_hour() {
        let mut tallies = Tallies::default();
        for at in [3_599, 3_600, 3_661] {
            tallies.count(Uuid::nil(), DateTime::from_timestamp(at, 0).unwrap(), What::Sent, 1);
        }
        let sent: Vec<_> = tallies.0.iter().map(|((_, width, starts), counts)| (*width, *starts, counts[2])).collect();
        assert_eq!(sent, [(60, 3_540, 1), (60, 3_600, 1), (60, 3_660, 1), (3_600, 0, 1), (3_600, 3_600, 2)]);
    }
}
