//! Connecting an account again, after WhatsApp ended its connection.

use chrono::{DateTime, Utc};
use nhip_entity::account::{self, AccountReason, AccountState};
use serde_json::json;
use uuid::Uuid;

use super::change::{Decision, change};
use crate::{cx::Cx, error::Result, refusal::Refusal, tenant::Admin};

/// Connects an account that was logged out or banned, or whose pairing expired: from now on the one that was connected
/// most recently. Its queue goes on. (The built-in WhatsApp needs no pairing; whether Meta takes an account's credentials
/// was asked before.)
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
    match account.state {
        AccountState::LoggedOut | AccountState::Banned => Ok(()),
        AccountState::Pairing if expired => Ok(()),
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
