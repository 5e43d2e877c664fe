//! What workspaces have in their queues. Asked by account, because that is how the queue is indexed.

use chrono::{DateTime, Utc};
use sea_orm::{DbErr, QueryResult};

/// What waits and what is on its way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct InQueue {
    pub(super) queued: i64,
    pub(super) sending: i64,
    pub(super) oldest_queued_at: Option<DateTime<Utc>>,
    /// The credits of what waits.
    pub(super) queued_credits: i64,
    /// The credits of both.
    pub(super) credits: i64,
}

/// Counts by workspace and status; the workspaces' ids stand at `{}`.
pub(super) const SQL: &str = "SELECT a.workspace_id, m.status, COUNT(*) AS many, MIN(m.created_at) AS oldest, \
       CAST(COALESCE(SUM(m.credits), 0) AS BIGINT) AS credits \
     FROM accounts a JOIN messages m ON m.account_id = a.id AND m.status IN ('QUEUED', 'SENDING') \
     WHERE a.workspace_id IN ({}) GROUP BY a.workspace_id, m.status";

impl InQueue {
    /// Adds one row of [`SQL`].
    pub(super) fn add(&mut self, row: &QueryResult) -> Result<(), DbErr> {
        let many: i64 = row.try_get("", "many")?;
        let credits: i64 = row.try_get("", "credits")?;
        self.credits += credits;
        match row.try_get::<String>("", "status")?.as_str() {
            "QUEUED" => {
                self.queued = many;
                self.queued_credits = credits;
                self.oldest_queued_at = row.try_get("", "oldest")?;
            }
            _ => self.sending = many,
        }
        Ok(())
    }
}
