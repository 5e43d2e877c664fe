//! What moved a workspace's credits over some time, by kind.
//!
//! Exact for any time, and quick however many entries it holds: whole minutes and hours were counted before (see
//! [`crate::activity`]); entries are looked at only where the time begins and ends, and where they are not counted yet.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement, Value};

use crate::{
    activity::{HOUR_S, MINUTE_S},
    cx::Cx,
    error::Result,
    tenant::Tenant,
};

/// The sums of each kind of entry; the balance moved by `granted - charged + restored + adjusted`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromQueryResult)]
pub struct Totals {
    /// What was granted.
    pub granted: i64,
    /// What messages took; not negative.
    pub charged: i64,
    /// What came back.
    pub restored: i64,
    /// What was taken back: negative.
    pub adjusted: i64,
}

/// Of entries, what `tallies` has of them.
const OF_ENTRIES: &str = "SELECT CASE WHEN kind = 'GRANT' THEN amount ELSE 0 END, \
     CASE WHEN kind = 'CHARGE' THEN -amount ELSE 0 END, CASE WHEN kind = 'RESTORE' THEN amount ELSE 0 END, \
     CASE WHEN kind = 'ADJUST' THEN amount ELSE 0 END FROM credit_entries \
     WHERE workspace_id = $1 AND kind IN ('GRANT', 'CHARGE', 'RESTORE', 'ADJUST')";

/// The totals of the entries made from `since` until before `until`, or until now.
pub async fn totals(cx: &Cx, tenant: &Tenant, since: DateTime<Utc>, until: Option<DateTime<Utc>>) -> Result<Totals> {
    tenant.ledger_reader()?;
    let until = until.unwrap_or(DateTime::<Utc>::MAX_UTC).min(END);
    if until <= since {
        return Ok(Totals::default());
    }
    let parts = Parts::of(since.max(DateTime::UNIX_EPOCH), until);
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(granted), 0) AS BIGINT) AS granted, CAST(COALESCE(SUM(charged), 0) AS BIGINT) AS charged, \
         CAST(COALESCE(SUM(restored), 0) AS BIGINT) AS restored, CAST(COALESCE(SUM(adjusted), 0) AS BIGINT) AS adjusted \
         FROM (SELECT granted, charged, restored, adjusted FROM tallies \
                WHERE workspace_id = $1 AND width_s = 60 AND starts_s >= $2 AND starts_s < $3 \
               UNION ALL SELECT granted, charged, restored, adjusted FROM tallies \
                WHERE workspace_id = $1 AND width_s = 3600 AND starts_s >= $3 AND starts_s < $4 \
               UNION ALL SELECT granted, charged, restored, adjusted FROM tallies \
                WHERE workspace_id = $1 AND width_s = 60 AND starts_s >= $4 AND starts_s < $5 \
               UNION ALL {OF_ENTRIES} AND at >= $6 AND at < $7 \
               UNION ALL {OF_ENTRIES} AND at >= $8 AND at < $9 \
               UNION ALL {OF_ENTRIES} AND at >= $7 AND at < $8 AND position IS NULL) AS parts"
    );
    let statement = Statement::from_sql_and_values(cx.db.backend(), sql, parts.values(tenant));
    let row = cx.db.read().query_one_raw(statement).await?;
    Ok(row.map(|row| Totals::from_query_result(&row, "")).transpose()?.unwrap_or_default())
}

/// No entry is made later: what both databases can hold.
const END: DateTime<Utc> = match DateTime::from_timestamp(253_402_300_799, 0) {
    Some(end) => end,
    None => DateTime::<Utc>::MAX_UTC,
};

/// A time in parts: entries up to the first whole minute, minutes, hours, minutes, entries from the last whole minute on.
#[derive(Debug, PartialEq, Eq)]
struct Parts {
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    /// In seconds: where the minutes, the hours, the minutes again begin, and where they end.
    whole: [i64; 4],
}

impl Parts {
    fn of(since: DateTime<Utc>, until: DateTime<Utc>) -> Self {
        let minutes = (up(since, MINUTE_S), down(until, MINUTE_S));
        let hours = (up(since, HOUR_S), down(until, HOUR_S));
        let whole = match () {
            // All of it lies between two minutes: the first part has it all.
            () if minutes.0 > minutes.1 => [minutes.0; 4],
            () if hours.0 >= hours.1 => [minutes.0, minutes.1, minutes.1, minutes.1],
            () => [minutes.0, hours.0, hours.1, minutes.1],
        };
        Self { since, until, whole }
    }

    fn values(&self, tenant: &Tenant) -> Vec<Value> {
        let [first, hours, minutes, last] = self.whole;
        let moment = |s| DateTime::from_timestamp(s, 0).unwrap_or(self.until).min(self.until);
        vec![
            tenant.workspace_id().into(),
            first.into(),
            hours.into(),
            minutes.into(),
            last.into(),
            self.since.into(),
            moment(first).into(),
            moment(last).into(),
            self.until.into(),
        ]
    }
}

fn down(at: DateTime<Utc>, width: i64) -> i64 {
    at.timestamp() - at.timestamp().rem_euclid(width)
}

fn up(at: DateTime<Utc>, width: i64) -> i64 {
    let down = down(at, width);
    if down * 1_000_000 == at.timestamp_micros() { down } else { down + width }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(since_ms: i64, until_ms: i64) -> [i64; 4] {
        let at = |ms| DateTime::from_timestamp_millis(ms).unwrap();
        Parts::of(at(since_ms), at(until_ms)).whole
    }

    #[test]
    fn whole_hours_and_minutes_are_taken_from_what_was_counted() {
        assert_eq!(parts(1, 3 * 3_600_000 + 61_000), [60, 3_600, 10_800, 10_860]);
        assert_eq!(parts(0, 3_600_000), [0, 0, 3_600, 3_600]);
        assert_eq!(parts(500, 600_500), [60, 600, 600, 600]);
    }

    #[test]
    fn what_lies_between_two_minutes_is_all_entries() {
        assert_eq!(parts(1_000, 2_000), [60; 4]);
        assert_eq!(parts(59_000, 61_000), [60; 4]);
    }
}
