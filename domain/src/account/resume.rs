//! Sending again after a pause.

use chrono::{DateTime, Utc};
use nhip_entity::account::{self, AccountReason, AccountState};
use uuid::Uuid;

use super::change::{Decision, change};
use crate::{cx::Cx, error::Result, refusal::Refusal, tenant::Admin};

/// Resumes a paused account; `connectedAt` stays. Resuming one that is not paused but can send changes nothing.
///
/// Refused as [`Refusal::Conflict`] where only a reconnect or time helps.
pub async fn resume(cx: &Cx, admin: &Admin, account_id: Uuid) -> Result<account::Model> {
    let now = cx.now();
    let account = change(cx, admin, account_id, "account.resume", |account| decide(account, now)).await?;
    cx.signals.nudge(account_id);
    Ok(account)
}

fn decide(account: &account::Model, now: DateTime<Utc>) -> Result<Option<Decision>, Refusal> {
    match account.state {
        AccountState::Paused => {
            let restricted = account.restricted_until.is_some_and(|until| until > now);
            let (state, reason) = if restricted {
                (AccountState::Restricted, Some(AccountReason::NewChatsLocked))
            } else {
                (AccountState::Connected, None)
            };
            Ok(Some(Decision { after: account::Model { state, reason, ..account.clone() }, detail: None }))
        }
        AccountState::Connected | AccountState::Reconnecting | AccountState::Restricted => Ok(None),
        AccountState::Pairing
        | AccountState::PasskeyRequired
        | AccountState::LoggedOut
        | AccountState::Banned
        | AccountState::Removed => {
            let state = <&str>::from(account.state);
            Err(Refusal::Conflict(format!("An account that is {state} cannot be resumed; reconnect it")))
        }
    }
}
