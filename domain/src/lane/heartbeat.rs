//! Which workers are alive. Rows use the database's clock; a worker's own deadline runs on its monotonic clock.

use std::time::Duration;

use nhip_entity::worker;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, Statement};
use uuid::Uuid;

use crate::{cx::Cx, database::Urgency};

/// How long a worker counts as alive after a heartbeat, by the database's clock.
pub const LIVES: Duration = Duration::from_secs(6);
/// How much earlier a worker gives up by itself, by its own clock, counted from before it issued the heartbeat.
pub const MARGIN: Duration = Duration::from_secs(2);
/// How often a worker says that it is alive.
pub const HEARTBEAT_EVERY: Duration = Duration::from_secs(1);

/// How long the row of a worker that was killed is kept.
const FORGOTTEN_AFTER: Duration = Duration::from_hours(24);

/// Registers a worker under a new id.
pub async fn register(cx: &Cx, host: &str, version: &str) -> Result<Uuid, DbErr> {
    let id = Uuid::new_v4();
    let sql = format!(
        "INSERT INTO workers (id, host, version, started_at, heartbeat_ms) VALUES ($1, $2, $3, $4, {})",
        cx.db.clock_ms()
    );
    execute(cx, sql, vec![id.into(), host.into(), version.into(), cx.now().into()]).await?;
    Ok(id)
}

/// Says that a worker is alive; false where its row is gone, and its lanes with it.
pub async fn heartbeat(cx: &Cx, worker_id: Uuid) -> Result<bool, DbErr> {
    let sql = format!("UPDATE workers SET heartbeat_ms = {} WHERE id = $1", cx.db.clock_ms());
    Ok(execute(cx, sql, vec![worker_id.into()]).await? == 1)
}

/// Takes a worker's row away: whatever lanes it has are free to be taken over.
pub async fn retire(cx: &Cx, worker_id: Uuid) -> Result<(), DbErr> {
    execute(cx, "DELETE FROM workers WHERE id = $1".to_owned(), vec![worker_id.into()]).await?;
    Ok(())
}

/// Forgets workers that were not heard of for a day: they were killed.
pub async fn forget_workers(cx: &Cx) -> Result<u64, DbErr> {
    let (now, after) = (cx.db.clock_ms(), FORGOTTEN_AFTER.as_millis());
    let sql = format!("DELETE FROM workers WHERE heartbeat_ms < {now} - {after}");
    execute(cx, sql, Vec::new()).await
}

/// Takes every other worker's row away: for the embedded database, whose one process knows that there is no other.
pub async fn bury_others(cx: &Cx, worker_id: Uuid) -> Result<(), DbErr> {
    let txn = cx.db.write(Urgency::Normal).await?;
    worker::Entity::delete_many().filter(worker::Column::Id.ne(worker_id)).exec(&*txn).await?;
    txn.commit().await
}

async fn execute(cx: &Cx, sql: String, values: Vec<sea_orm::Value>) -> Result<u64, DbErr> {
    let txn = cx.db.write(Urgency::Beat).await?;
    let done = txn.execute_raw(Statement::from_sql_and_values(cx.db.backend(), sql, values)).await?;
    txn.commit().await?;
    Ok(done.rows_affected())
}
