//! Idempotency keys are remembered for a day.

use chrono::TimeDelta;
use sea_orm::{ConnectionTrait, DbErr};

use super::snapshot::KEYS_LIVE_H;
use crate::{cx::Cx, database::Urgency, sql::Params};

/// Keys of one transaction.
const AT_ONCE: u64 = 500;

/// Deletes the keys that are no longer remembered, 500 at a time; returns how many.
pub async fn forget_keys(cx: &Cx) -> Result<u64, DbErr> {
    let before = cx.now() - TimeDelta::hours(KEYS_LIVE_H);
    let mut forgotten = 0;
    loop {
        let mut params = Params::new(cx.db.backend());
        let before = params.value(before);
        let sql = format!(
            "DELETE FROM idempotency_keys WHERE (workspace_id, key) IN (\
               SELECT workspace_id, key FROM idempotency_keys WHERE created_at < {before} LIMIT {AT_ONCE})"
        );
        let txn = cx.db.write(Urgency::Normal).await?;
        let deleted = txn.execute_raw(params.statement(sql)).await?.rows_affected();
        txn.commit().await?;
        forgotten += deleted;
        if deleted < AT_ONCE {
            return Ok(forgotten);
        }
    }
}
