//! Keeping an account's queue and sending nothing.

use nhip_entity::account::{self, AccountReason, AccountState};
use uuid::Uuid;

use super::change::{Decision, change};
use crate::{cx::Cx, error::Result, refusal::Refusal, tenant::Admin};

/// Pauses an account. After this returns, at most the one message that is already on its way can still leave.
///
/// Refused as [`Refusal::Conflict`] in states that cannot be paused; pausing twice changes nothing.
pub async fn pause(cx: &Cx, admin: &Admin, account_id: Uuid) -> Result<account::Model> {
    change(cx, admin, account_id, "account.pause", decide).await
}

fn decide(account: &account::Model) -> Result<Option<Decision>, Refusal> {
    match account.state {
        AccountState::Paused => Ok(None),
        AccountState::Connected | AccountState::Reconnecting | AccountState::Restricted => {
            // What waits for a pause to end never expires.
            let after = account::Model {
                state: AccountState::Paused,
                reason: Some(AccountReason::ByUser),
                reason_detail: None,
                unable_since: None,
                ..account.clone()
            };
            Ok(Some(Decision { after, detail: None }))
        }
        AccountState::Pairing
        | AccountState::PasskeyRequired
        | AccountState::LoggedOut
        | AccountState::Banned
        | AccountState::Removed => {
            let state = <&str>::from(account.state);
            Err(Refusal::Conflict(format!("An account that is {state} sends nothing anyway; it cannot be paused")))
        }
    }
}
