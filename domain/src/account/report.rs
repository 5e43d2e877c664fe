//! What a gateway says of an account, and what that makes of its state.

use chrono::{DateTime, Utc};
use nhip_entity::{
    account::{self, AccountReason, AccountState},
    simulator_event,
};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, DbErr, EntityTrait, IntoActiveModel, QuerySelect, sea_query::LockType,
};
use uuid::Uuid;

use crate::{
    cx::Cx,
    database::{Transaction, Urgency},
    ledger::lock_workspaces,
    signal::Event,
};

/// An account's state, as its gateway reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// The state.
    pub state: AccountState,
    /// Why.
    pub reason: Option<AccountReason>,
    /// For the owner to read.
    pub detail: Option<String>,
    /// Until when, where that is known.
    pub until: Option<DateTime<Utc>>,
}

/// Writes a gateway's report. Returns whether it changed the account.
pub async fn report(cx: &Cx, account_id: Uuid, report: &Report) -> Result<bool, DbErr> {
    write(cx, account_id, report, None).await
}

/// The same, of a report that is kept as the built-in WhatsApp's event `event_id`: it takes that event away in the same
/// transaction, and does nothing if somebody did before. Told again, a state could come over a newer one.
pub async fn report_once(cx: &Cx, account_id: Uuid, report: &Report, event_id: Uuid) -> Result<bool, DbErr> {
    write(cx, account_id, report, Some(event_id)).await
}

async fn write(cx: &Cx, account_id: Uuid, report: &Report, event_id: Option<Uuid>) -> Result<bool, DbErr> {
    let Some(found) = account::Entity::find_by_id(account_id).one(cx.db.read()).await? else { return Ok(false) };
    let txn = cx.db.write(Urgency::Normal).await?;
    lock_workspaces(&txn, [found.workspace_id]).await?;
    if let Some(event_id) = event_id
        && simulator_event::Entity::delete_by_id(event_id).exec(&*txn).await?.rows_affected == 0
    {
        return Ok(false);
    }
    let changed = change(cx, &txn, account_id, report).await?;
    txn.commit().await?;
    if changed {
        cx.signals.changed(Event::Account { workspace_id: found.workspace_id, id: account_id });
        cx.signals.nudge(account_id);
    }
    Ok(changed)
}

/// Writes what a report makes of an account whose workspace is locked; whether it made anything of it.
async fn change(cx: &Cx, txn: &Transaction, account_id: Uuid, report: &Report) -> Result<bool, DbErr> {
    let locked = account::Entity::find_by_id(account_id).lock(LockType::NoKeyUpdate).one(txn).await?;
    let Some(row) = locked.filter(|row| takes(row.state, report.state) || lifts(row, report.state, cx.now())) else {
        return Ok(false);
    };
    let unable_since = unable_since(report.state, row.unable_since, cx.now());
    let mut account = row.into_active_model();
    account.state = Set(report.state);
    account.reason = Set(report.reason);
    account.reason_detail = Set(report.detail.clone());
    account.restricted_until = Set(report.until);
    account.unable_since = Set(unable_since);
    account.update(txn).await?;
    Ok(true)
}

/// Whether an account in state `now` becomes `reported`. What a person decided stands: a pause ends by a person alone, a
/// log-out by a new connection, a removal never.
fn takes(now: AccountState, reported: AccountState) -> bool {
    use AccountState::*;
    match now {
        Removed | LoggedOut => false,
        // Not even by a ban, whose end would end the pause too: what is sent after it meets the ban again.
        Paused => reported == LoggedOut,
        Banned | Reconnecting | Pairing | PasskeyRequired => now != reported,
        // A connection that comes back does not lift a restriction; see `lifts`.
        Restricted => !matches!(reported, Restricted | Connected),
        Connected => reported != Connected,
    }
}

/// Whether the end of a restriction is reported, where WhatsApp had said when it ends.
fn lifts(account: &account::Model, reported: AccountState, now: DateTime<Utc>) -> bool {
    let over = account.restricted_until.is_some_and(|until| until <= now);
    account.state == AccountState::Restricted && reported == AccountState::Connected && over
}

/// Since when the account cannot send: expiry counts from there.
pub(crate) fn unable_since(
    state: AccountState,
    since: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    use AccountState::*;
    match state {
        Reconnecting | LoggedOut | Banned | Pairing | PasskeyRequired => since.or(Some(now)),
        Connected | Restricted | Paused | Removed => None,
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_pause_is_not_ended_by_a_connection_that_comes_back() {
        assert!(!takes(AccountState::Paused, AccountState::Connected));
        assert!(!takes(AccountState::Paused, AccountState::Reconnecting));
        assert!(!takes(AccountState::Paused, AccountState::Banned), "or the end of the ban would end the pause");
        assert!(takes(AccountState::Paused, AccountState::LoggedOut));
    }

    #[test]
    fn a_removed_or_logged_out_account_stays_so() {
        for now in [AccountState::Removed, AccountState::LoggedOut] {
            assert!(!takes(now, AccountState::Connected), "{now:?}");
        }
    }

    #[test]
    fn only_time_without_a_connection_counts_towards_expiry() {
        let (then, now) = (DateTime::UNIX_EPOCH, DateTime::UNIX_EPOCH + TimeDelta::hours(1));
        assert_eq!(unable_since(AccountState::Reconnecting, None, now), Some(now));
        assert_eq!(unable_since(AccountState::Banned, Some(then), now), Some(then), "in a row");
        assert_eq!(unable_since(AccountState::Paused, Some(then), now), None);
        assert_eq!(unable_since(AccountState::Connected, Some(then), now), None);
    }
}
