//! The journal's beats: messages that may be sent now, and messages that go back to the queue. Decisions, so each carries
//! its lane's epoch; one transaction for all lanes whose beat is due.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use nhip_entity::message::{self, HoldReason, MessageStatus};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, Statement,
};
use uuid::Uuid;

use super::{
    authority::{Authority, LockedLanes, lock_lanes},
    cap,
    outgoing::Outgoing,
    pace::Pace,
    pair,
};
use crate::{
    cx::Cx,
    database::{Transaction, Urgency},
    error::Broken,
    signal::Event,
    sql::{Params, among, columns},
};

/// What a lane wants written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Beat {
    /// The lowest queued message that may be sent is about to leave.
    Begin {
        /// When the one after it probably leaves; for display only.
        next_send_at: DateTime<Utc>,
    },
    /// This message, whose outcome is unknown, is about to leave again, under the same id.
    Again {
        /// Which.
        message_id: String,
    },
    /// This message was definitely not taken, and goes back to its place in the queue.
    Requeue {
        /// Which.
        message_id: String,
        /// Whether that counts as an attempt.
        counts: bool,
        /// Who waits for how long.
        hold: Option<Hold>,
        /// What happened, for its history.
        detail: String,
    },
}

/// What waits after a message went back to its queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hold {
    /// The message, and what follows it to the same recipient.
    Message {
        /// Until when.
        until: DateTime<Utc>,
        /// Why.
        reason: HoldReason,
    },
    /// Everything of its account, until a person mends something or this time comes.
    Account {
        /// Until when.
        until: DateTime<Utc>,
    },
}

/// What was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// This message, and no other, may be sent now.
    Send {
        /// The message.
        message: Box<Outgoing>,
        /// The account's pace, as it is set now.
        pace: Pace,
    },
    /// Nothing may be sent now.
    Nothing,
    /// It is back in the queue.
    Requeued,
    /// Nothing was written: the lane is another's, or its account does not send now.
    Refused,
}

/// Writes the beats of many lanes; the answers come in the same order.
///
/// First the account rows are updated, and so locked, where owner, epoch and state match: pause, disconnect and claim update
/// the same row, so after they return at most the one message that is already on its way can still leave.
///
/// After [`Broken::OutcomeUnknown`], messages may be journaled as sending that nobody will send: only their lanes can find
/// them.
pub async fn begin(cx: &Cx, beats: &[(Authority, Beat)]) -> Result<Vec<Begun>, Broken> {
    let txn = cx.db.write(Urgency::Beat).await?;
    let lanes = lock_lanes(cx, &txn, beats.iter().map(|(authority, beat)| (*authority, beat.next_send_at()))).await?;
    let allowed: Vec<&(Authority, Beat)> =
        beats.iter().filter(|(authority, beat)| lanes.allow(authority, beat)).collect();
    let now = cx.now();
    let beginning: Vec<Uuid> = allowed
        .iter()
        .filter(|(_, beat)| matches!(beat, Beat::Begin { .. }))
        .map(|(authority, _)| authority.account_id)
        .collect();
    let (beginning, limited) = within_limits(&txn, &lanes, beginning, now).await?;
    let again: Vec<&str> = allowed.iter().filter_map(|(_, beat)| beat.again()).collect();
    let mut sending = next_messages(&txn, &beginning, now).await?;
    sending.extend(same_messages(&txn, &again, now).await?);
    let mut held = Vec::new();
    for (Authority { account_id, .. }, beat) in &allowed {
        let Beat::Requeue { message_id, counts, hold, detail } = beat else { continue };
        requeue(&txn, *account_id, message_id, i32::from(*counts), *hold, (now, detail)).await?;
        if let Some(Hold::Account { until }) = hold {
            hold_account(&txn, *account_id, *until).await?;
            held.extend(lanes.workspace_of(*account_id).map(|of| (of, *account_id)));
        }
    }
    txn.commit().await.map_err(Broken::OutcomeUnknown)?;
    let held = held.into_iter().map(|(workspace_id, id)| Event::Account { workspace_id, id });
    limited.into_iter().chain(held).for_each(|event| cx.signals.changed(event));
    for message in sending.values() {
        cx.signals.changed(Event::Message { workspace_id: message.workspace_id, id: message.id.clone() });
    }
    let answer = |(authority, beat): &(Authority, Beat)| match beat {
        _ if !lanes.allow(authority, beat) => Begun::Refused,
        Beat::Requeue { .. } => Begun::Requeued,
        Beat::Begin { .. } | Beat::Again { .. } => {
            let due = sending.remove(&authority.account_id).zip(lanes.pace(authority));
            due.map_or(Begun::Nothing, |(message, pace)| Begun::Send { message: Box::new(message), pace })
        }
    };
    Ok(beats.iter().map(answer).collect())
}

impl Beat {
    fn again(&self) -> Option<&str> {
        match self {
            Self::Again { message_id } => Some(message_id),
            Self::Begin { .. } | Self::Requeue { .. } => None,
        }
    }

    fn next_send_at(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Begin { next_send_at } => Some(*next_send_at),
            Self::Again { .. } | Self::Requeue { .. } => None,
        }
    }
}

/// The accounts that may send now, and what there is to say of others: those at their daily cap, and those of which nothing
/// may leave because its recipients got something a moment ago.
async fn within_limits(
    txn: &Transaction,
    lanes: &LockedLanes,
    mut accounts: Vec<Uuid>,
    now: DateTime<Utc>,
) -> Result<(Vec<Uuid>, Vec<Event>), DbErr> {
    accounts.retain(|id| !lanes.waits(*id, now));
    let capped: Vec<_> = accounts.iter().filter_map(|id| lanes.cap(*id)).collect();
    let full = cap::reach(txn, &capped, now).await?;
    accounts.retain(|id| !full.contains_key(id));
    let at_meta = accounts.iter().copied().filter(|id| lanes.is_at_meta(*id)).collect();
    let held = pair::hold_back(txn, at_meta, now).await?;
    accounts.retain(|id| !held.undecided.contains(id));
    Ok((accounts, full.into_values().chain(held.events).collect()))
}

/// Whether message `m` goes to a chat that its account knows, by whichever of its JIDs.
pub(super) const TO_A_KNOWN_CHAT: &str =
    "EXISTS (SELECT 1 FROM chats k WHERE k.account_id = m.account_id AND m.recipient_key IN (k.jid, k.addressed_as))";

/// The common table `picked`: the `id` of each account's lowest queued message that may be sent, if there is one. `now` and
/// `among` are a parameter and a condition on accounts.
///
/// An account whose last message is still in doubt gets none, where asking again is harmless: that comes first, or the order
/// to one recipient would change. So it would if a message passed one that waits for the same recipient under the other of
/// the two JIDs that some are known by (see `chat/addressed.rs`).
pub(super) fn picked(now: &str, among: &str) -> String {
    format!(
        "picked AS MATERIALIZED (SELECT (\
           SELECT m.id FROM messages m WHERE m.account_id = a.id AND m.status = 'QUEUED' \
             AND (m.hold_until IS NULL OR m.hold_until <= {now}) \
             AND NOT EXISTS (SELECT 1 FROM messages h WHERE h.account_id = m.account_id AND h.status = 'QUEUED' \
               AND h.recipient_key = m.recipient_key AND h.hold_until > {now} AND h.place < m.place) \
             AND NOT EXISTS (SELECT 1 FROM chats c JOIN messages h ON h.account_id = c.account_id \
                 AND h.recipient_key = CASE c.jid WHEN m.recipient_key THEN c.addressed_as ELSE c.jid END \
               WHERE c.account_id = m.account_id AND c.addressed_as IS NOT NULL \
                 AND m.recipient_key IN (c.jid, c.addressed_as) \
                 AND h.status = 'QUEUED' AND h.hold_until > {now} AND h.place < m.place) \
             AND (a.state <> 'RESTRICTED' OR {TO_A_KNOWN_CHAT}) \
           ORDER BY m.place LIMIT 1) AS id \
         FROM accounts a WHERE a.id {among} AND (a.gateway = 'CLOUD_API' OR (\
           SELECT s.id FROM messages s WHERE s.account_id = a.id AND s.status = 'SENDING' LIMIT 1) IS NULL))"
    )
}

/// Journals each account's lowest queued message that may be sent as on its way. Only what this returns may be sent.
async fn next_messages(
    txn: &Transaction,
    accounts: &[Uuid],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Outgoing>, DbErr> {
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let mut params = Params::new(txn.get_database_backend());
    let (now, among) = (params.value(now), params.among(accounts.iter().copied()));
    let columns = columns("messages", Outgoing::COLUMNS);
    let sql = format!(
        "WITH {} UPDATE messages SET status = 'SENDING', sending_at = {now}, hand_overs = hand_overs + 1, hold_until = NULL, \
         hold_reason = NULL WHERE status = 'QUEUED' AND id IN (SELECT id FROM picked) RETURNING {columns}",
        picked(&now, &among)
    );
    returning(txn, params.statement(sql)).await
}

/// Journals that messages of unknown outcome leave again. One that was settled in the meantime is not returned.
async fn same_messages(txn: &Transaction, ids: &[&str], now: DateTime<Utc>) -> Result<HashMap<Uuid, Outgoing>, DbErr> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let mut params = Params::new(txn.get_database_backend());
    let (now, among) = (params.value(now), params.among(ids.iter().copied()));
    let columns = columns("messages", Outgoing::COLUMNS);
    let sql = format!(
        "UPDATE messages SET sending_at = {now}, hand_overs = hand_overs + 1 WHERE status = 'SENDING' AND id {among} \
         RETURNING {columns}"
    );
    returning(txn, params.statement(sql)).await
}

async fn returning(txn: &Transaction, statement: Statement) -> Result<HashMap<Uuid, Outgoing>, DbErr> {
    let rows = Outgoing::find_by_statement(statement).all(txn).await?;
    Ok(rows.into_iter().map(|message| (message.account_id, message)).collect())
}

/// The only backward step: what was definitely not taken is queued again, in its place. WhatsApp has none of its hand-overs.
async fn requeue(
    txn: &Transaction,
    account_id: Uuid,
    message_id: &str,
    attempts: i32,
    hold: Option<Hold>,
    (now, detail): (DateTime<Utc>, &str),
) -> Result<(), DbErr> {
    let (until, reason) = match hold {
        Some(Hold::Message { until, reason }) => (Some(until), Some(<&str>::from(reason))),
        Some(Hold::Account { .. }) | None => (None, None),
    };
    let sql = "UPDATE messages SET status = 'QUEUED', hand_overs = 0, attempts = attempts + $1, hold_until = $2, hold_reason = $3 \
               WHERE id = $4 AND account_id = $5 AND status = 'SENDING'";
    let values: [sea_orm::Value; 5] =
        [attempts.into(), until.into(), reason.into(), message_id.into(), account_id.into()];
    let statement = Statement::from_sql_and_values(txn.get_database_backend(), sql, values);
    if txn.execute_raw(statement).await?.rows_affected() == 1 {
        super::history::note(txn, message_id, MessageStatus::Queued, now, detail).await?;
    }
    Ok(())
}

/// Has the whole account wait.
async fn hold_account(txn: &Transaction, account_id: Uuid, until: DateTime<Utc>) -> Result<(), DbErr> {
    let sql = "UPDATE accounts SET held_until = $1 WHERE id = $2";
    let values: [sea_orm::Value; 2] = [until.into(), account_id.into()];
    txn.execute_raw(Statement::from_sql_and_values(txn.get_database_backend(), sql, values)).await.map(drop)
}

/// The messages of these accounts whose outcome a lane's new owner has to find out first, in the order of each account's queue.
pub async fn in_doubt(cx: &Cx, account_ids: Vec<Uuid>) -> Result<Vec<Outgoing>, DbErr> {
    let rows = message::Entity::find()
        .select_only()
        .columns(Outgoing::COLUMNS)
        .filter(among(cx.db.backend(), message::Column::AccountId, account_ids))
        .filter(message::Column::Status.eq(MessageStatus::Sending))
        .order_by_asc(message::Column::Place);
    rows.into_model::<Outgoing>().all(cx.db.read()).await
}
