//! What ends messages that no lane will end: removed accounts, accounts that could not send for a day, sends that nobody
//! will ever hear of again. Each may run in several processes at once; every step is a conditional update, 500 messages at
//! most.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::message::FailureReason;
use sea_orm::{ConnectionTrait, DbErr, Value};
use uuid::Uuid;

use super::{
    begin::TO_A_KNOWN_CHAT,
    relocate::{moves, relocate_late_ones},
    settle::{Ending, How, settle_those},
};
use crate::{
    cx::Cx,
    database::Transaction,
    lane,
    sql::{PART, Params},
};

/// No outcome is given up sooner than this, whatever the grace time: a send in flight takes 15 s at most. The grace time is
/// counted from the wall clock of the worker that sent to that of whoever looks, so they may disagree by what it is longer
/// than those 15 s: by 5 s at the least, by more than nine minutes as it is set by default. What is given up too early is
/// restored; a late report then makes it sent, and nothing is charged again.
const LEAST_GRACE: TimeDelta = TimeDelta::seconds(20);

/// Which messages `m` of accounts `a` should end. Looked up without a lock, and once more under it: an account may have
/// come back in between.
pub(super) struct Criterion<'a> {
    sql: &'a str,
    values: Vec<Value>,
}

/// Fails what is still queued for removed accounts, but for what rule 5 moves that came back only now, which it moves; returns
/// how many it failed.
pub async fn abandon(cx: &Cx) -> Result<u64, DbErr> {
    relocate_late_ones(cx).await?;
    let sql = format!("a.state = 'REMOVED' AND m.status = 'QUEUED' AND NOT {}", moves());
    end_all(cx, &Criterion { sql: &sql, values: vec![] }, || How::Unsent {
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
    let sql = "a.unable_since < $1 AND m.status = 'QUEUED' AND m.created_at < $1";
    end_all(cx, &Criterion { sql, values: vec![before.into()] }, || How::Unsent {
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
    let sql = format!(
        "m.status = 'SENDING' AND m.sending_at < $1 AND (a.gateway = 'CLOUD_API' OR a.state NOT IN {})",
        lane::RUNNING_STATES
    );
    end_all(cx, &Criterion { sql: &sql, values: vec![before.into()] }, || How::Unconfirmed { by: None }).await
}

/// A restricted account writes to chats it knows alone: fails what is queued for others; returns how many.
pub async fn refuse_new_chats(cx: &Cx, account_id: Uuid) -> Result<u64, DbErr> {
    let sql = format!("a.id = $1 AND a.state = 'RESTRICTED' AND m.status = 'QUEUED' AND NOT {TO_A_KNOWN_CHAT}");
    end_all(cx, &Criterion { sql: &sql, values: vec![account_id.into()] }, || How::Unsent {
        reason: FailureReason::NewChatsRestricted,
        detail: "WhatsApp lets this account write to chats it knows alone".to_owned(),
    })
    .await
}

fn ago(cx: &Cx, delta: TimeDelta) -> Option<DateTime<Utc>> {
    cx.now().checked_sub_signed(delta)
}

async fn end_all(cx: &Cx, criterion: &Criterion<'_>, how: impl Fn() -> How) -> Result<u64, DbErr> {
    let mut total = 0;
    loop {
        let found = criterion.met(cx).await?;
        let endings: Vec<Ending> = found
            .into_iter()
            .map(|(message_id, workspace_id)| Ending { workspace_id, message_id, how: how() })
            .collect();
        if endings.is_empty() {
            return Ok(total);
        }
        let ended = count(&settle_those(cx, &endings, Some(criterion)).await?);
        total += ended;
        // Nothing ended although there was something to end: somebody else was faster. The next run looks again.
        if (endings.len() as u64) < PART || ended == 0 {
            return Ok(total);
        }
    }
}

impl Criterion<'_> {
    /// The first messages that meet it, and whose they are.
    async fn met(&self, cx: &Cx) -> Result<Vec<(String, Uuid)>, DbErr> {
        let sql = format!(
            "SELECT m.id, m.workspace_id FROM accounts a JOIN messages m ON m.account_id = a.id \
             WHERE {} ORDER BY m.place LIMIT {PART}",
            self.sql
        );
        let rows = cx.db.read().query_all_raw(self.params(cx.db.backend()).statement(sql)).await?;
        rows.iter().map(|row| Ok((row.try_get("", "id")?, row.try_get("", "workspace_id")?))).collect()
    }

    /// Those of `ids` that meet it.
    pub(super) async fn met_by<'a>(
        &self,
        txn: &Transaction,
        ids: impl Iterator<Item = &'a str>,
    ) -> Result<HashSet<String>, DbErr> {
        let mut params = self.params(txn.get_database_backend());
        let among = params.among(ids);
        let sql = format!(
            "SELECT m.id FROM accounts a JOIN messages m ON m.account_id = a.id WHERE m.id {among} AND {}",
            self.sql
        );
        let rows = txn.query_all_raw(params.statement(sql)).await?;
        rows.iter().map(|row| row.try_get("", "id")).collect()
    }

    /// Its values are the first parameters, as its text has them.
    fn params(&self, backend: sea_orm::DbBackend) -> Params {
        let mut params = Params::new(backend);
        for value in &self.values {
            params.value(value.clone());
        }
        params
    }
}

fn count(ended: &[bool]) -> u64 {
    ended.iter().filter(|ended| **ended).count() as u64
}
