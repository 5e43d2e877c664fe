//! Idempotency keys are remembered for a day.

use chrono::TimeDelta;
use sea_orm::DbErr;

use crate::{
    cx::Cx,
    sql::{PART, delete_in_parts},
};

/// How long an idempotency key is remembered, in hours.
pub const KEYS_LIVE_H: i64 = 24;

/// Deletes the keys that are no longer remembered, 500 at a time; returns how many.
pub async fn forget_keys(cx: &Cx) -> Result<u64, DbErr> {
    let before = cx.now() - TimeDelta::hours(KEYS_LIVE_H);
    delete_in_parts(&cx.db, |params| {
        let before = params.value(before);
        format!(
            "DELETE FROM idempotency_keys WHERE (workspace_id, key) IN (\
               SELECT workspace_id, key FROM idempotency_keys WHERE created_at < {before} LIMIT {PART})"
        )
    })
    .await
}
