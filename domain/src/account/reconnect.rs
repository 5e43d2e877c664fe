//! Connecting an account again, after WhatsApp ended its connection.

use chrono::{DateTime, Utc};
use nhip_entity::account::{self, AccountReason, AccountState, Gateway};
use serde_json::json;
use uuid::Uuid;

use super::change::{Decision, change};
use crate::{cx::Cx, error::Result, refusal::Refusal, tenant::Admin};

/// Connects an account that was logged out or banned, whose pairing expired, or that Meta restricted without saying until
/// when: from now on the one that was connected most recently. Its queue goes on. (The built-in WhatsApp needs no pairing;
/// whether Meta takes an account's credentials was asked before.)
///
/// Refused as [`Refusal::Conflict`] where the account has a connection, or waits for one.
pub async fn reconnect(cx: &Cx, admin: &Admin, account_id: Uuid) -> Result<account::Model> {
    let now = cx.now();
    let account = change(cx, admin, account_id, "account.reconnect", |account| decide(account, now)).await?;
    cx.signals.nudge(account_id);
    Ok(account)
}

/// Whether an account is in a state that a reconnect ends; asked before Meta is.
pub fn may_reconnect(account: &account::Model) -> Result<(), Refusal> {
    let expired = account.state == AccountState::Pairing && account.reason == Some(AccountReason::PairingExpired);
    let is_endless = account.gateway == Gateway::CloudApi && account.restricted_until.is_none();
    match account.state {
        AccountState::LoggedOut | AccountState::Banned => Ok(()),
        AccountState::Pairing if expired => Ok(()),
        // Nobody reports its end: where Meta still restricts it, it says so again.
        AccountState::Restricted if is_endless => Ok(()),
        AccountState::Paused => refuse("An account that is PAUSED needs no reconnect; resume it"),
        AccountState::Connected
        | AccountState::Reconnecting
        | AccountState::Restricted
        | AccountState::Pairing
        | AccountState::PasskeyRequired
        | AccountState::Removed => {
            let state = <&str>::from(account.state);
            refuse(&format!("An account that is {state} needs no reconnect"))
        }
    }
}

fn decide(account: &account::Model, now: DateTime<Utc>) -> Result<Option<Decision>, Refusal> {
    may_reconnect(account)?;
    Ok(Some(Decision { after: connected(account, now), detail: Some(json!({"was": account.state})) }))
}

/// The account as a person connected it now.
pub(super) fn connected(account: &account::Model, now: DateTime<Utc>) -> account::Model {
    account::Model {
        state: AccountState::Connected,
        reason: None,
        reason_detail: None,
        restricted_until: None,
        unable_since: None,
        held_until: None,
        connected_at: Some(now),
        ..account.clone()
    }
}

fn refuse<T>(problem: &str) -> Result<T, Refusal> {
    Err(Refusal::Conflict(problem.to_owned()))
}

#[cfg(test)]
mod tests {
    use nhip_scratch::sample;

    use super::*;

    #[test]
    fn a_restriction_without_an_end_is_ended_by_a_person_where_nobody_reports_its_end() {
        let restricted = |gateway: Gateway, restricted_until: Option<DateTime<Utc>>| {
            let row =
                account::Model { gateway, restricted_until, state: AccountState::Restricted, ..sample::account() };
            may_reconnect(&row).is_ok()
        };
        assert!(restricted(Gateway::CloudApi, None));
        assert!(!restricted(Gateway::CloudApi, Some(DateTime::UNIX_EPOCH)), "the clock ends it");
        assert!(!restricted(Gateway::Simulator, None), "its end is reported");
    }
}
