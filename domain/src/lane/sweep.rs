//! Lanes that somebody should drain, whatever happened to their nudges.

use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, DbErr, Statement};
use uuid::Uuid;

use super::{RUNNING_STATES, with_work, without_living_owner};
use crate::cx::Cx;

/// Accounts that can send, have work, and have no living owner; `limit` at most.
pub async fn forsaken(cx: &Cx, limit: u32) -> Result<Vec<Uuid>, DbErr> {
    let (free, with_work) = (without_living_owner(cx.db.clock_ms()), with_work());
    let sql = format!(
        "SELECT a.id FROM accounts a WHERE a.state IN {RUNNING_STATES} AND {free} AND {with_work} LIMIT {limit}"
    );
    let rows = cx.db.read().query_all_raw(Statement::from_string(cx.db.backend(), sql)).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// The lanes of a worker that can send and have work. One that it does not drain, nobody does.
pub async fn owned(cx: &Cx, worker_id: Uuid) -> Result<Vec<Uuid>, DbErr> {
    let sql = format!(
        "SELECT a.id FROM accounts a WHERE a.lane_owner = $1 AND a.state IN {RUNNING_STATES} AND {}",
        with_work()
    );
    let statement = Statement::from_sql_and_values(cx.db.backend(), sql, [worker_id.into()]);
    let rows = cx.db.read().query_all_raw(statement).await?;
    rows.iter().map(|row| row.try_get("", "id")).collect()
}

/// What lies before a lane that had nothing to send this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// Its queue is empty.
    Empty,
    /// Something is queued and may be sent now.
    Ready,
    /// All that is queued waits, at least until then.
    HeldUntil(DateTime<Utc>),
}

/// Looks at an account's queue.
pub async fn outlook(cx: &Cx, account_id: Uuid) -> Result<Outlook, DbErr> {
    let now = cx.now();
    let sql = "SELECT COUNT(*) AS queued, MIN(hold_until) AS held FROM (\
                 SELECT hold_until FROM messages WHERE account_id = $1 AND status = 'QUEUED' \
                   AND (hold_until IS NULL OR hold_until <= $2) LIMIT 1) AS ready \
               UNION ALL SELECT 0 AS queued, MIN(hold_until) AS held FROM messages \
               WHERE account_id = $1 AND status = 'QUEUED' AND hold_until > $2 \
               UNION ALL SELECT 0 AS queued, MAX(capped_until) AS held FROM accounts \
               WHERE id = $1 AND capped_until > $2 AND EXISTS (\
                 SELECT 1 FROM messages q WHERE q.account_id = accounts.id AND q.status = 'QUEUED') \
               UNION ALL SELECT 0 AS queued, MAX(held_until) AS held FROM accounts \
               WHERE id = $1 AND held_until > $2 AND EXISTS (\
                 SELECT 1 FROM messages q WHERE q.account_id = accounts.id AND q.status = 'QUEUED')";
    let statement = Statement::from_sql_and_values(cx.db.backend(), sql, [account_id.into(), now.into()]);
    let rows = cx.db.read().query_all_raw(statement).await?;
    let mut held: Option<DateTime<Utc>> = None;
    let mut ready = false;
    for row in rows {
        ready |= row.try_get::<i64>("", "queued")? > 0;
        let until: Option<DateTime<Utc>> = row.try_get("", "held")?;
        held = held.max(until.filter(|until| *until > now));
    }
    // Held messages hold back what follows them to the same recipient: those look ready, but are not before `held`.
    Ok(match (held, ready) {
        (Some(until), _) => Outlook::HeldUntil(until),
        (None, true) => Outlook::Ready,
        (None, false) => Outlook::Empty,
    })
}
