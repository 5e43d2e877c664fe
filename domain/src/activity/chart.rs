//! Counts per bucket.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait as _, FromQueryResult, Statement};

use super::{HOUR_S, MINUTE_S};
use crate::{cx::Cx, error::Result, refusal::Refusal, tenant::Tenant};

/// The most buckets of a chart.
const MOST: i64 = 500;

/// What happened in one bucket of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bucket {
    /// When it begins.
    pub at: DateTime<Utc>,
    /// What happened in it.
    pub counts: Counts,
}

const SQL: &str = "SELECT (starts_s - $1) / $2 AS bucket, \
     CAST(SUM(accepted) AS BIGINT) AS accepted, CAST(SUM(refused) AS BIGINT) AS refused, \
     CAST(SUM(sent) AS BIGINT) AS sent, CAST(SUM(delivered) AS BIGINT) AS delivered, \
     CAST(SUM(read) AS BIGINT) AS read, CAST(SUM(failed) AS BIGINT) AS failed, \
     CAST(SUM(canceled) AS BIGINT) AS canceled, CAST(SUM(charged) AS BIGINT) AS charged, \
     CAST(SUM(restored) AS BIGINT) AS restored \
     FROM tallies WHERE workspace_id = $3 AND width_s = $4 AND starts_s >= $5 AND starts_s < $6 GROUP BY bucket";

/// What happened from `since`, whose minute is begun, until `until`, in buckets of `width_s` seconds, oldest first; one for
/// each, also where nothing happened. About a second behind.
///
/// Refused where the buckets are no whole minutes, more than 500, or end before they begin.
pub async fn chart(
    cx: &Cx,
    tenant: &Tenant,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
    width_s: i64,
) -> Result<Vec<Bucket>> {
    tenant.reader()?;
    check(since, until, width_s)?;
    let (starts, many) = (minute_of(since), buckets(since, until, width_s));
    // Hours only where they are no other hours than the chart's.
    let rows_s = if width_s % HOUR_S == 0 && starts % HOUR_S == 0 { HOUR_S } else { MINUTE_S };
    let values = [
        starts.into(),
        width_s.into(),
        tenant.workspace_id().into(),
        i32::try_from(rows_s).unwrap_or_default().into(),
        starts.into(),
        (starts + many * width_s).into(),
    ];
    let statement = Statement::from_sql_and_values(cx.db.backend(), SQL, values);
    let mut counted = HashMap::new();
    for row in cx.db.read().query_all_raw(statement).await? {
        counted.insert(row.try_get::<i64>("", "bucket")?, Counts::from_query_result(&row, "")?);
    }
    let bucket = |n: i64| {
        let starts_s = starts + n * width_s;
        Some(Bucket { at: DateTime::from_timestamp(starts_s, 0)?, counts: counted.remove(&n).unwrap_or_default() })
    };
    Ok((0..many).filter_map(bucket).collect())
}

/// How many buckets a chart of some time has, 501 if there are more: what it costs.
#[must_use]
pub fn buckets(since: DateTime<Utc>, until: DateTime<Utc>, width_s: i64) -> i64 {
    let length = until.timestamp_micros().saturating_sub(minute_of(since) * 1_000_000);
    let width = width_s.max(1).saturating_mul(1_000_000);
    (length / width + i64::from(length % width > 0)).clamp(0, MOST + 1)
}

/// The second in which a moment's minute begins.
fn minute_of(at: DateTime<Utc>) -> i64 {
    at.timestamp() - at.timestamp().rem_euclid(MINUTE_S)
}

fn check(since: DateTime<Utc>, until: DateTime<Utc>, width_s: i64) -> Result<(), Refusal> {
    let refuse = |field, problem: String| Err(Refusal::BadInput { field, problem });
    if width_s < MINUTE_S || width_s % MINUTE_S != 0 {
        return refuse("bucket", format!("`bucket` must be a multiple of {MINUTE_S} seconds"));
    }
    if until <= since {
        return refuse("until", "`until` must be later than `since`".to_owned());
    }
    if buckets(since, until, width_s) > MOST {
        return refuse("bucket", format!("That is more than {MOST} buckets; take a longer `bucket` or a shorter time"));
    }
    Ok(())
}

/// What happened in some time.
#[derive(Clone, Debug, Default, PartialEq, Eq, FromQueryResult)]
#[expect(missing_docs, reason = "messages that became so; `refused` counts calls")]
pub struct Counts {
    pub accepted: i64,
    pub refused: i64,
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub failed: i64,
    pub canceled: i64,
    /// Credits.
    pub charged: i64,
    /// Credits.
    pub restored: i64,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    #[test]
    fn a_chart_has_at_most_five_hundred_buckets_of_whole_minutes() {
        assert_eq!(check(at(0), at(500 * 60), 60), Ok(()));
        assert_eq!(check(at(30), at(500 * 60), 60), Ok(()));
        // The minute that has begun is one of them.
        assert!(check(at(30), at(30 + 500 * 60), 60).is_err());
        for (since, until, width) in
            [(0, 500 * 60 + 1, 60), (0, 60, 0), (0, 60, -60), (0, 60, 90), (60, 60, 60), (60, 0, 60)]
        {
            assert!(check(at(since), at(until), width).is_err(), "{since} {until} {width}");
        }
        assert!(check(DateTime::<Utc>::MIN_UTC, DateTime::<Utc>::MAX_UTC, 60).is_err());
    }
}
