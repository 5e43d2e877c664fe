//! Removing an account.

use nhip_entity::account::{self, AccountReason, AccountState};
use uuid::Uuid;

use super::change::{Decision, change};
use crate::{cx::Cx, error::Result, tenant::Admin};

/// Removes an account, which stops its lane: after this returns, at most the one message that is already on its way can
/// still leave. Its chats and messages stay for people to read.
pub async fn disconnect(cx: &Cx, admin: &Admin, account_id: Uuid) -> Result<account::Model> {
    // Rule 5 (what rule 4 had picked it for moves to the account that rule 4 picks now) belongs into this transaction; the
    // rest of its queue is failed and restored by reconcile.
    change(cx, admin, account_id, "account.disconnect", |account| {
        let after = account::Model {
            state: AccountState::Removed,
            reason: Some(AccountReason::ByUser),
            reason_detail: None,
            restricted_until: None,
            ..account.clone()
        };
        Ok(Some(Decision { after, detail: None }))
    })
    .await
}
