//! Meta's pair limit: from one number to one recipient, one message in 6 s. What would break it is held, so that messages
//! to others pass. What was sent when, and what Meta withheld after it had taken it, is read from the messages, so the pause
//! outlives the worker that sent. Whoever is known by two JIDs has one pause.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::message::{FailureReason, HoldReason};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::begin::picked;
use crate::{
    database::Transaction,
    signal::Event,
    sql::{Params, Values},
};

/// The pause between two messages to one recipient.
const PAUSE: TimeDelta = TimeDelta::seconds(6);
/// Where Meta withheld messages to a recipient because there were too many, the next one waits 4 s to the power of their number
/// plus one (Meta's advice is 4^n; the first power is less than the pause), up to this.
const LONGEST: TimeDelta = TimeDelta::seconds(256);
/// Of what was sent before this, no withholding counts.
const WITHHELD: TimeDelta = TimeDelta::minutes(10);
/// A message of which nobody knows when it left did so this long after it was journaled, at most.
const LEFT_WITHIN: TimeDelta = TimeDelta::seconds(15);
/// What left later than this after now did so by a clock that was set back since, or by one that is wrong: it says nothing of
/// when that was. Clocks of workers may disagree by less; a lane that changes hands then waits that much too long, or so
/// little that Meta refuses its first message to somebody, who waits then.
pub(super) const AHEAD: TimeDelta = TimeDelta::seconds(30);
/// How many recipients in a row may turn out to be too early, before the account waits for its next beat. In 6 s, a number
/// writes to fewer at the fastest pace that there is by default.
const ROUNDS: usize = 64;

/// The message that an account would send next, and what its recipient got lately.
#[derive(FromQueryResult)]
struct Next {
    id: String,
    workspace_id: Uuid,
    account_id: Uuid,
    sent_at: Option<DateTime<Utc>>,
    sending_at: Option<DateTime<Utc>>,
    /// How many of those that Meta took lately it withheld, and when the last one.
    withheld: i64,
    withheld_at: Option<DateTime<Utc>>,
}

impl Next {
    /// Until when it has to wait; none if it does not.
    fn too_early(&self, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let left = self.sent_at.max(self.sending_at.map(|at| at + LEFT_WITHIN));
        let paused = left.map(|left| left + PAUSE);
        let backed_off = self.withheld_at.map(|at| at + back_off(self.withheld));
        paused.max(backed_off).filter(|until| *until > now)
    }
}

fn back_off(withheld: i64) -> TimeDelta {
    let power = u32::try_from(withheld.saturating_add(1)).unwrap_or(u32::MAX);
    TimeDelta::try_seconds(4_i64.saturating_pow(power)).map_or(LONGEST, |wait| wait.min(LONGEST))
}

/// What was held back.
#[derive(Default)]
pub(super) struct HeldBack {
    /// Accounts of which it is not known whether their next message may leave.
    pub(super) undecided: HashSet<Uuid>,
    /// To be said after the commit.
    pub(super) events: Vec<Event>,
}

/// Holds what stands next in these accounts' queues and would come too early, until what stands next may leave.
pub(super) async fn hold_back(txn: &Transaction, accounts: Vec<Uuid>, now: DateTime<Utc>) -> Result<HeldBack, DbErr> {
    let mut held = HeldBack { undecided: accounts.into_iter().collect(), events: Vec::new() };
    for _round in 0..ROUNDS {
        if held.undecided.is_empty() {
            break;
        }
        let mut holds = Values::default();
        let mut early = HashSet::new();
        for next in next_messages(txn, &held.undecided, now).await? {
            let Some(until) = next.too_early(now) else { continue };
            holds.row([next.id.as_str().into(), until.into()]);
            early.insert(next.account_id);
            held.events.push(Event::Message { workspace_id: next.workspace_id, id: next.id });
        }
        held.undecided = early;
        hold(txn, holds).await?;
    }
    Ok(held)
}

async fn next_messages(txn: &Transaction, accounts: &HashSet<Uuid>, now: DateTime<Utc>) -> Result<Vec<Next>, DbErr> {
    let mut params = Params::new(txn.get_database_backend());
    let (at, among) = (params.value(now), params.among(accounts.iter().copied()));
    let (sent_after, sending_after) = (params.value(now - PAUSE), params.value(now - PAUSE - LEFT_WITHIN));
    let (until, withheld_after) = (params.value(now + AHEAD), params.value(now - WITHHELD));
    let reason = params.value(<&str>::from(FailureReason::RateLimited));
    let withheld = format!(
        "FROM messages l WHERE l.account_id = m.account_id AND l.sent_at > {withheld_after} AND l.sent_at <= {until} \
         AND l.failure = {reason} AND l.recipient_key IN (m.recipient_key, c.jid, c.addressed_as)"
    );
    let picked = picked(&at, &among);
    let sql = format!(
        "WITH {picked} SELECT m.id, m.workspace_id, m.account_id, \
         (SELECT MAX(r.sent_at) FROM messages r WHERE r.account_id = m.account_id AND r.sent_at > {sent_after} \
            AND r.sent_at <= {until} AND r.recipient_key IN (m.recipient_key, c.jid, c.addressed_as)) AS sent_at, \
         (SELECT MAX(s.sending_at) FROM messages s WHERE s.account_id = m.account_id AND s.status = 'SENDING' \
            AND s.sending_at > {sending_after} AND s.sending_at <= {until} \
            AND s.recipient_key IN (m.recipient_key, c.jid, c.addressed_as)) AS sending_at, \
         (SELECT COUNT(*) {withheld}) AS withheld, (SELECT MAX(l.failed_at) {withheld}) AS withheld_at \
         FROM picked JOIN messages m ON m.id = picked.id LEFT JOIN chats c ON c.id = COALESCE(\
           (SELECT o.id FROM chats o WHERE o.account_id = m.account_id AND o.addressed_as = m.recipient_key LIMIT 1), \
           (SELECT k.id FROM chats k WHERE k.account_id = m.account_id AND k.jid = m.recipient_key))"
    );
    Next::find_by_statement(params.statement(sql)).all(txn).await
}

async fn hold(txn: &Transaction, holds: Values) -> Result<(), DbErr> {
    if holds.is_empty() {
        return Ok(());
    }
    let mut params = Params::new(txn.get_database_backend());
    let (reason, table) = (params.value(<&str>::from(HoldReason::RecipientLimit)), params.table(holds));
    let sql = format!(
        "UPDATE messages SET hold_until = v.column2, hold_reason = {reason} FROM {table} WHERE messages.id = v.column1"
    );
    txn.execute_raw(params.statement(sql)).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_was_written_to_too_often_waits_longer_each_time() {
        let waits = [1, 2, 3, 4, i64::MAX].map(|withheld| back_off(withheld).num_seconds());
        assert_eq!(waits, [16, 64, 256, 256, 256]);
    }
}
