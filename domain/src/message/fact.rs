//! Facts: what WhatsApp did with a message. Written by whoever learns them, forward only, without an epoch; they may come
//! late, twice, out of order, or leave steps out.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use nhip_entity::message::{FailureReason, MessageStatus};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use super::{
    history,
    progress::{self, Progress},
};
use crate::{
    activity::{Tallies, What as Counted},
    chat::{self, upsert},
    cx::Cx,
    database::Urgency,
    lock,
    request::normal_jid,
    signal::Event,
    sql::Together,
};

/// Something that WhatsApp did with a message of an account. Matched by account and id, never by JID.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// The account.
    pub account_id: Uuid,
    /// The message.
    pub message_id: String,
    /// What happened.
    pub what: What,
    /// When: for `Sent`, the hand-over of the attempt that went through.
    pub at: DateTime<Utc>,
}

/// What WhatsApp did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// It took the message.
    Sent {
        /// The chat it went to, where the gateway says so.
        chat: Option<upsert::SeenChat>,
        /// The gateway's own id for it.
        gateway_ref: Option<String>,
    },
    /// It brought it to the recipient's phone.
    Delivered,
    /// The recipient read it.
    Read,
}

/// Writes facts in one transaction. Facts about messages that are not the account's are dropped.
pub async fn record(cx: &Cx, facts: &[Fact]) -> Result<(), DbErr> {
    let txn = cx.db.write(Urgency::Normal).await?;
    let mut writes = Together::new(txn.get_database_backend());
    let mut rows = lock::messages(&txn, facts.iter().map(|fact| fact.message_id.as_str())).await?;
    let implied = chats_of_receipts(facts, &rows);
    let seen = implied.iter().map(|(account_id, chat)| (*account_id, chat));
    let seen = seen.chain(facts.iter().filter_map(Fact::seen_chat));
    let chats = upsert::seen_together(cx, &txn, seen, &mut writes).await?;
    chat::addressed(&txn, &addressed_otherwise(facts, &rows, &chats)).await?;
    let (mut changed, mut tallies) = (BTreeMap::new(), Tallies::default());
    for fact in facts {
        let Some(row) = rows.get_mut(&fact.message_id).filter(|row| row.account_id == fact.account_id) else {
            continue;
        };
        let seen = fact.seen_chat().and_then(|(account_id, seen)| chats.get(&(account_id, seen.jid.clone())));
        let chat_id = seen.or_else(|| chats.get(&(row.account_id, row.recipient_key.clone()))).copied();
        let before = [row.sent_at, row.delivered_at, row.read_at];
        let step = advance(row, fact, chat_id);
        count(&mut tallies, row, before);
        match step {
            Step::Nothing => {}
            Step::Forward => drop(changed.insert(row.id.clone(), row.workspace_id)),
            Step::Noted(detail) => {
                history::note(&txn, &row.id, fact.what.status(), fact.at, detail).await?;
                changed.insert(row.id.clone(), row.workspace_id);
            }
        }
    }
    progress::write(&mut writes, changed.keys().filter_map(|id| rows.get(id)));
    tallies.add_to(&mut writes);
    writes.run(&txn).await?;
    txn.commit().await?;
    for (id, workspace_id) in changed {
        cx.signals.changed(Event::Message { workspace_id, id });
    }
    Ok(())
}

/// Of chats that WhatsApp knows by another JID than their messages were addressed to: that JID.
fn addressed_otherwise<'a>(
    facts: &[Fact],
    rows: &'a HashMap<String, Progress>,
    chats: &HashMap<(Uuid, String), i64>,
) -> Vec<(i64, &'a str)> {
    let of = |fact: &Fact| {
        let (account_id, seen) = fact.seen_chat()?;
        let row = rows.get(&fact.message_id).filter(|row| row.account_id == account_id)?;
        let is_otherwise = row.recipient_key != seen.jid && normal_jid(&row.recipient_key).is_some();
        let chat_id = chats.get(&(account_id, seen.jid.clone()))?;
        is_otherwise.then_some((*chat_id, row.recipient_key.as_str()))
    };
    // A statement changes a row once.
    facts.iter().filter_map(of).collect::<BTreeMap<_, _>>().into_iter().collect()
}

/// Counts what a message became by a fact, at the time when it became so.
fn count(tallies: &mut Tallies, row: &Progress, before: [Option<DateTime<Utc>>; 3]) {
    let now = [(row.sent_at, Counted::Sent), (row.delivered_at, Counted::Delivered), (row.read_at, Counted::Read)];
    for (before, (at, what)) in before.into_iter().zip(now) {
        if let (None, Some(at)) = (before, at) {
            tallies.count(row.workspace_id, at, what, 1);
        }
    }
}

/// A receipt proves that WhatsApp took a message whose acknowledgement was lost: then its chat is the one that it was
/// addressed to.
fn chats_of_receipts(facts: &[Fact], rows: &HashMap<String, Progress>) -> Vec<(Uuid, upsert::SeenChat)> {
    let receipts = facts.iter().filter(|fact| !matches!(fact.what, What::Sent { .. }));
    let unlinked = receipts.filter_map(|fact| rows.get(&fact.message_id)).filter(|row| row.chat_id.is_none());
    unlinked.filter_map(|row| Some((row.account_id, upsert::SeenChat::addressed(&row.recipient_key)?))).collect()
}

impl Fact {
    fn seen_chat(&self) -> Option<(Uuid, &upsert::SeenChat)> {
        match &self.what {
            What::Sent { chat: Some(chat), .. } => Some((self.account_id, chat)),
            What::Sent { chat: None, .. } | What::Delivered | What::Read => None,
        }
    }
}

impl What {
    fn status(&self) -> MessageStatus {
        match self {
            Self::Sent { .. } => MessageStatus::Sent,
            Self::Delivered => MessageStatus::Delivered,
            Self::Read => MessageStatus::Read,
        }
    }
}

/// What a fact does to a message.
#[derive(Debug, PartialEq, Eq)]
enum Step {
    Nothing,
    Forward,
    /// Worth a line in the history, beside whatever the row now says.
    Noted(&'static str),
}

/// The pure rule: statuses only move forward; a lower one only fills in its time.
fn advance(row: &mut Progress, fact: &Fact, chat_id: Option<i64>) -> Step {
    let before = row.clone();
    let was_unconfirmed = row.status == MessageStatus::Failed && row.failure == Some(FailureReason::Unconfirmed);
    if matches!(row.status, MessageStatus::Failed | MessageStatus::Canceled) && !was_unconfirmed {
        return Step::Noted("reported after the message had ended");
    }
    if was_unconfirmed {
        // What was restored stays restored.
        (row.failure, row.failure_detail) = (None, None);
    }
    // Until its acknowledgement comes, the last journaled beat is the best that is known of when it left.
    let estimate = row.sending_at;
    match &fact.what {
        What::Sent { gateway_ref, .. } => {
            row.sent_at = row.sent_at.filter(|sent_at| Some(*sent_at) != estimate).or(Some(fact.at));
            row.gateway_ref = row.gateway_ref.take().or_else(|| gateway_ref.clone());
        }
        What::Delivered => {
            row.sent_at = row.sent_at.or(estimate);
            row.delivered_at = row.delivered_at.or(Some(fact.at));
        }
        What::Read => {
            row.sent_at = row.sent_at.or(estimate);
            row.delivered_at = row.delivered_at.or(Some(fact.at));
            row.read_at = row.read_at.or(Some(fact.at));
        }
    }
    row.chat_id = row.chat_id.or(chat_id);
    if was_unconfirmed || rank(row.status) < rank(fact.what.status()) {
        row.status = fact.what.status();
    }
    match () {
        () if was_unconfirmed => Step::Noted("a late report: it went through after all; the credits stay restored"),
        () if *row != before => Step::Forward,
        () => Step::Nothing,
    }
}

fn rank(status: MessageStatus) -> u8 {
    match status {
        MessageStatus::Queued => 0,
        MessageStatus::Sending => 1,
        MessageStatus::Sent => 2,
        MessageStatus::Delivered => 3,
        MessageStatus::Read => 4,
        MessageStatus::Failed | MessageStatus::Canceled => 5,
    }
}

#[cfg(test)]
mod tests;
