//! What ends messages that no lane will end: removed accounts, accounts that could not send for a day, sends that nobody
//! will ever hear of again. Each may run in several processes at once; every step is a conditional update, 500 messages at
//! most.

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::message::FailureReason;
use sea_orm::{ConnectionTrait, DbErr, Statement, Value};
use uuid::Uuid;

use super::settle::{BULK, Ending, How, settle};
use crate::{cx::Cx, lane};

/// No outcome is given up sooner than this, whatever the grace time: a send in flight takes 15 s at most.
const LEAST_GRACE: TimeDelta = TimeDelta::seconds(20);

/// Fails what is still queued for removed accounts; returns how many.
pub async fn abandon(cx: &Cx) -> Result<u64, DbErr> {
    let sql = "SELECT m.id, m.workspace_id FROM accounts a JOIN messages m ON m.account_id = a.id \
               WHERE a.state = 'REMOVED' AND m.status = 'QUEUED' ORDER BY m.place LIMIT 500";
    end_all(cx, sql, vec![], || How::Unsent {
        reason: FailureReason::AccountUnavailable,
        detail: "The account was removed".to_owned(),
    })
    .await
}

/// Expires what waited while its account could not send for the whole `queue_ttl`; returns how many. Waiting for its turn,
/// or for the end of a pause, never expires a message.
pub async fn expire(cx: &Cx) -> Result<u64, DbErr> {
    let Some(before) = cx.settings.queue_ttl.and_then(|ttl| ago(cx, TimeDelta::from_std(ttl).ok()?)) else {
        return Ok(0);
    };
    let sql = "SELECT m.id, m.workspace_id FROM accounts a JOIN messages m ON m.account_id = a.id \
               WHERE a.unable_since < $1 AND m.status = 'QUEUED' AND m.created_at < $1 ORDER BY m.place LIMIT 500";
    end_all(cx, sql, vec![before.into()], || How::Unsent {
        reason: FailureReason::Expired,
        detail: "The account could not send for too long".to_owned(),
    })
    .await
}

/// Gives up sends whose outcome stayed unknown for the grace time and that no lane will ask about: those of the Cloud API,
/// and those of accounts that cannot send now. Returns how many.
pub async fn give_up(cx: &Cx) -> Result<u64, DbErr> {
    let grace = TimeDelta::from_std(cx.settings.unconfirmed_grace).unwrap_or(TimeDelta::MAX).max(LEAST_GRACE);
    let Some(before) = ago(cx, grace) else { return Ok(0) };
    let free = lane::without_living_owner(cx.db.clock_ms());
    let sql = format!(
        "SELECT m.id, m.workspace_id FROM messages m JOIN accounts a ON a.id = m.account_id \
         WHERE m.status = 'SENDING' AND m.sending_at < $1 AND (a.gateway = 'CLOUD_API' OR ({free} AND a.state NOT IN {})) LIMIT 500",
        lane::RUNNING_STATES
    );
    end_all(cx, &sql, vec![before.into()], || How::Unconfirmed { by: None }).await
}

/// A restricted account writes to chats it knows alone: fails what is queued for others; returns how many.
pub async fn refuse_new_chats(cx: &Cx, account_id: Uuid) -> Result<u64, DbErr> {
    let sql = "SELECT m.id, m.workspace_id FROM accounts a JOIN messages m ON m.account_id = a.id \
               WHERE a.id = $1 AND a.state = 'RESTRICTED' AND m.status = 'QUEUED' AND NOT EXISTS (\
                 SELECT 1 FROM chats c WHERE c.account_id = m.account_id AND c.jid = m.recipient_key) \
               ORDER BY m.place LIMIT 500";
    end_all(cx, sql, vec![account_id.into()], || How::Unsent {
        reason: FailureReason::NewChatsRestricted,
        detail: "WhatsApp lets this account write to chats it knows alone".to_owned(),
    })
    .await
}

fn ago(cx: &Cx, delta: TimeDelta) -> Option<DateTime<Utc>> {
    cx.now().checked_sub_signed(delta)
}

async fn end_all(cx: &Cx, sql: &str, values: Vec<Value>, how: impl Fn() -> How) -> Result<u64, DbErr> {
    let mut total = 0;
    loop {
        let statement = Statement::from_sql_and_values(cx.db.backend(), sql, values.clone());
        let rows = cx.db.read().query_all_raw(statement).await?;
        let mut endings = Vec::with_capacity(rows.len());
        for row in &rows {
            let (message_id, workspace_id): (String, Uuid) = (row.try_get("", "id")?, row.try_get("", "workspace_id")?);
            endings.push(Ending { workspace_id, message_id, how: how() });
        }
        let ended = if endings.is_empty() { 0 } else { count(&settle(cx, &endings).await?) };
        total += ended;
        // Nothing ended although there was something to end: somebody else was faster. The next run looks again.
        if (rows.len() as u64) < BULK || ended == 0 {
            return Ok(total);
        }
    }
}

fn count(ended: &[bool]) -> u64 {
    ended.iter().filter(|ended| **ended).count() as u64
}
