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
    lock,
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

/// How a report came.
#[derive(Clone, Copy, Debug)]
pub enum Source {
    /// The gateway says how things are now. Of a restriction or ban without an end, of which an end was announced before, it
    /// says nothing new.
    Now,
    /// The gateway announces it, as of a time that it names: ignored once something later was announced. Where it names no
    /// end, there is none.
    Announced(DateTime<Utc>),
    /// The failure of a message tells it, as of when it failed. No announcement: one of a time before still comes over it.
    Failure(DateTime<Utc>),
    /// It is kept as this event of the built-in WhatsApp, which goes in the same transaction; nothing happens if it is gone
    /// already. Told again, a state could come over a newer one.
    Kept(Uuid),
}

/// Writes what a gateway's report makes of an account; returns whether it changed it.
pub async fn report(cx: &Cx, account_id: Uuid, report: &Report, source: Source) -> Result<bool, DbErr> {
    let Some(found) = account::Entity::find_by_id(account_id).one(cx.db.read()).await? else { return Ok(false) };
    let txn = cx.db.write(Urgency::Normal).await?;
    lock::workspaces(&txn, [found.workspace_id]).await?;
    if let Source::Kept(event_id) = source
        && simulator_event::Entity::delete_by_id(event_id).exec(&*txn).await?.rows_affected == 0
    {
        return Ok(false);
    }
    let changed = change(cx, &txn, account_id, report, source).await?;
    txn.commit().await?;
    if changed {
        cx.signals.changed(Event::Account { workspace_id: found.workspace_id, id: account_id });
        cx.signals.nudge(account_id);
    }
    Ok(changed)
}

/// Writes what a report makes of an account whose workspace is locked; whether it made anything of it.
async fn change(cx: &Cx, txn: &Transaction, account_id: Uuid, report: &Report, source: Source) -> Result<bool, DbErr> {
    let locked = account::Entity::find_by_id(account_id).lock(LockType::NoKeyUpdate).one(txn).await?;
    let Some((row, now)) = locked.map(|row| (row, cx.now())) else { return Ok(false) };
    let mut account = row.clone().into_active_model();
    if let Source::Announced(at) | Source::Failure(at) = source
        && row.reported_at.is_some_and(|reported_at| at < reported_at)
    {
        return Ok(false);
    }
    match source {
        Source::Announced(at) => account.reported_at = Set(Some(at)),
        Source::Now | Source::Failure(_) if knows_better(&row, report, now) => return Ok(false),
        Source::Now | Source::Failure(_) | Source::Kept(_) => {}
    }
    let becomes = becomes(&row, report, now).filter(|becomes| *becomes != Report::of(&row));
    let changed = becomes.is_some();
    if let Some(Report { state, reason, detail, until }) = becomes {
        account.state = Set(state);
        account.reason = Set(reason);
        account.reason_detail = Set(detail);
        account.restricted_until = Set(until);
        account.unable_since = Set(unable_since(state, row.unable_since, now));
    }
    if account.is_changed() {
        account.update(txn).await?;
    }
    Ok(changed)
}

impl Report {
    /// What an account's row says.
    fn of(row: &account::Model) -> Self {
        Self { state: row.state, reason: row.reason, detail: row.reason_detail.clone(), until: row.restricted_until }
    }
}

/// The pure rule: what a report makes of an account, if anything.
fn becomes(row: &account::Model, report: &Report, now: DateTime<Utc>) -> Option<Report> {
    use AccountState::*;
    if stands(row.state, report.state) {
        return None;
    }
    let is_restricted = row.restricted_until.is_some_and(|until| until > now);
    match (row.state, report.state) {
        // Whoever resumes it finds it restricted.
        (Paused, Restricted) => Some(Report { until: report.until, ..Report::of(row) }),
        // A connection that comes back does not lift a restriction, unless WhatsApp had said when it ends.
        (Restricted, Connected) => row.restricted_until.filter(|until| *until <= now).map(|_over| report.clone()),
        (Restricted, Reconnecting) => Some(Report { until: row.restricted_until, ..report.clone() }),
        (Reconnecting, Connected) if is_restricted => Some(Report {
            state: Restricted,
            reason: Some(AccountReason::NewChatsLocked),
            detail: None,
            until: row.restricted_until,
        }),
        // The same again, perhaps: with another end, or none.
        _ => Some(report.clone()),
    }
}

/// Whether an account's row says until when that lasts of which a report says no end.
fn knows_better(row: &account::Model, report: &Report, now: DateTime<Utc>) -> bool {
    use AccountState::*;
    let has_end = row.restricted_until.is_some_and(|until| until > now);
    let is_the_same = row.state == report.state || (row.state == Paused && report.state == Restricted);
    is_the_same && has_end && report.until.is_none()
}

/// Whether a state stands, whatever is reported. What a person decided does: a pause ends by a person alone, a log-out by a
/// new connection, a removal never.
fn stands(now: AccountState, reported: AccountState) -> bool {
    use AccountState::*;
    match now {
        Removed | LoggedOut => true,
        // Not even by a ban, whose end would end the pause too: what is sent after it meets the ban again.
        Paused => !matches!(reported, Restricted | LoggedOut),
        // Since when and why stays.
        Connected | Reconnecting => now == reported,
        Restricted | Banned | Pairing | PasskeyRequired => false,
    }
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
    use nhip_scratch::sample;

    use super::*;

    fn now() -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::days(1)
    }

    fn says(state: AccountState, until: Option<DateTime<Utc>>) -> Report {
        Report { state, reason: None, detail: None, until }
    }

    /// What becomes of an account in a state that ends `until` by a report.
    fn after(
        state: AccountState,
        until: Option<DateTime<Utc>>,
        reported: AccountState,
    ) -> Option<(AccountState, Option<DateTime<Utc>>)> {
        let row = account::Model { state, restricted_until: until, ..sample::account() };
        becomes(&row, &says(reported, None), now()).map(|report| (report.state, report.until))
    }

    #[test]
    fn a_pause_is_not_ended_by_a_connection_that_comes_back() {
        assert_eq!(after(AccountState::Paused, None, AccountState::Connected), None);
        assert_eq!(after(AccountState::Paused, None, AccountState::Reconnecting), None);
        assert_eq!(after(AccountState::Paused, None, AccountState::Banned), None, "or its end would end the pause");
        assert_eq!(after(AccountState::Paused, None, AccountState::LoggedOut), Some((AccountState::LoggedOut, None)));
    }

    #[test]
    fn a_removed_or_logged_out_account_stays_so() {
        for state in [AccountState::Removed, AccountState::LoggedOut] {
            assert_eq!(after(state, None, AccountState::Connected), None, "{state:?}");
        }
    }

    #[test]
    fn a_restriction_outlives_a_lost_connection_and_ends_when_whatsapp_said() {
        use AccountState::*;
        let (later, over) = (Some(now() + TimeDelta::hours(1)), Some(now()));
        assert_eq!(after(Restricted, later, Connected), None);
        assert_eq!(after(Restricted, None, Connected), None);
        assert_eq!(after(Restricted, over, Connected), Some((Connected, None)));
        assert_eq!(after(Restricted, later, Reconnecting), Some((Reconnecting, later)));
        assert_eq!(after(Reconnecting, later, Connected), Some((Restricted, later)));
        assert_eq!(after(Reconnecting, over, Connected), Some((Connected, None)));
    }

    #[test]
    fn a_restriction_or_ban_that_is_reported_again_lasts_as_long_as_was_said_last() {
        let (sooner, later) = (Some(now() + TimeDelta::hours(1)), Some(now() + TimeDelta::hours(2)));
        for state in [AccountState::Restricted, AccountState::Banned] {
            let row = account::Model { state, restricted_until: sooner, ..sample::account() };
            for until in [later, None] {
                assert_eq!(becomes(&row, &says(state, until), now()), Some(says(state, until)));
            }
        }
    }

    #[test]
    fn a_paused_account_that_is_restricted_stays_paused_and_remembers_it() {
        let later = Some(now() + TimeDelta::hours(1));
        let row = account::Model { state: AccountState::Paused, ..sample::account() };
        let becomes = becomes(&row, &says(AccountState::Restricted, later), now()).unwrap();
        assert_eq!((becomes.state, becomes.until), (AccountState::Paused, later));
    }

    #[test]
    fn what_says_no_end_takes_away_none_that_is_to_come() {
        use AccountState::*;
        let (later, over) = (Some(now() + TimeDelta::hours(1)), Some(now()));
        let knows = |state, until, reported| {
            let row = account::Model { state, restricted_until: until, ..sample::account() };
            knows_better(&row, &says(reported, None), now())
        };
        for (state, reported) in [(Restricted, Restricted), (Banned, Banned), (Paused, Restricted)] {
            assert!(knows(state, later, reported), "{state:?}");
            assert!(!knows(state, over, reported) && !knows(state, None, reported), "{state:?}");
        }
        assert!(!knows(Restricted, later, Banned));
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
