//! Connecting an account again, after WhatsApp ended its connection.

use chrono::{DateTime, Utc};
use nhip_entity::account::{self, AccountReason, AccountState};
use serde_json::json;
use uuid::Uuid;

use super::change::{Decision, change};
use crate::{cx::Cx, error::Result, refusal::Refusal, tenant::Admin};

/// Connects an account that was logged out or banned, or whose pairing expired: from now on the one that was connected
/// most recently. Its queue goes on. (The built-in WhatsApp needs no pairing.)
///
/// Refused as [`Refusal::Conflict`] where the account has a connection, or waits for one.
pub async fn reconnect(cx: &Cx, admin: &Admin, account_id: Uuid) -> Result<account::Model> {
    let now = cx.now();
    let account = change(cx, admin, account_id, "account.reconnect", |account| decide(account, now)).await?;
    cx.signals.nudge(account_id);
    Ok(account)
}

fn decide(account: &account::Model, now: DateTime<Utc>) -> Result<Option<Decision>, Refusal> {
    let expired = account.state == AccountState::Pairing && account.reason == Some(AccountReason::PairingExpired);
    match account.state {
        AccountState::LoggedOut | AccountState::Banned => {}
        AccountState::Pairing if expired => {}
        AccountState::Paused => return refuse("An account that is PAUSED needs no reconnect; resume it"),
        AccountState::Connected
        | AccountState::Reconnecting
        | AccountState::Restricted
        | AccountState::Pairing
        | AccountState::PasskeyRequired
        | AccountState::Removed => {
            let state = <&str>::from(account.state);
            return refuse(&format!("An account that is {state} needs no reconnect"));
        }
    }
    let after = account::Model {
        state: AccountState::Connected,
        reason: None,
        reason_detail: None,
        restricted_until: None,
        unable_since: None,
        connected_at: Some(now),
        ..account.clone()
    };
    Ok(Some(Decision { after, detail: Some(json!({"was": account.state})) }))
}

fn refuse<T>(problem: &str) -> Result<T, Refusal> {
    Err(Refusal::Conflict(problem.to_owned()))
}
