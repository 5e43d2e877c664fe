//! What a workspace has in its queues. Asked by account, because that is how the queue is indexed.

use chrono::{DateTime, Utc};
use nhip_domain::{Broken, Cx, tenant::Tenant};
use sea_orm::{ConnectionTrait as _, DbErr, Statement};

/// What waits and what is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct InQueue {
    pub(super) queued: i64,
    pub(super) sending: i64,
    pub(super) oldest_queued_at: Option<DateTime<Utc>>,
    /// The credits of both.
    pub(super) credits: i64,
}

const SQL: &str = "SELECT status, COUNT(*) AS many, MIN(created_at) AS oldest, \
                     CAST(COALESCE(SUM(credits), 0) AS BIGINT) AS credits \
                   FROM messages WHERE status IN ('QUEUED', 'SENDING') \
                     AND account_id IN (SELECT id FROM accounts WHERE workspace_id = $1) GROUP BY status";

/// Counts a workspace's queues.
pub(super) async fn in_queue(cx: &Cx, tenant: &Tenant) -> Result<InQueue, Broken> {
    let db = cx.db.read();
    let statement = Statement::from_sql_and_values(db.get_database_backend(), SQL, [tenant.workspace_id().into()]);
    let mut counted = InQueue::default();
    for row in db.query_all_raw(statement).await? {
        let many: i64 = row.try_get("", "many")?;
        counted.credits += row.try_get::<i64>("", "credits")?;
        match row.try_get::<String>("", "status")?.as_str() {
            "QUEUED" => {
                counted.queued = many;
                counted.oldest_queued_at = oldest(&row)?;
            }
            _ => counted.sending = many,
        }
    }
    Ok(counted)
}

fn oldest(row: &sea_orm::QueryResult) -> Result<Option<DateTime<Utc>>, DbErr> {
    row.try_get("", "oldest")
}
