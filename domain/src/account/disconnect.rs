//! Removing an account.

use nhip_entity::account::{self, AccountReason, AccountState};
use uuid::Uuid;

use super::{
    change::{lock, store},
    cloud_api,
};
use crate::{audit, cx::Cx, error::Result, message, signal::Event, tenant::Admin};

/// Removes an account, which stops its lane: after this returns, at most the one message that is already on its way can
/// still leave. What rule 4 had picked it for moves to the account that rule 4 picks now; reconcile fails and restores the
/// rest of its queue. Its chats and messages stay for people to read; its credentials are erased.
pub async fn disconnect(cx: &Cx, admin: &Admin, account_id: Uuid) -> Result<account::Model> {
    let (txn, account) = lock(cx, admin, account_id).await?;
    let after = account::Model {
        state: AccountState::Removed,
        reason: Some(AccountReason::ByUser),
        reason_detail: None,
        restricted_until: None,
        unable_since: None,
        ..account
    };
    store(&txn, &after).await?;
    cloud_api::erase(&txn, account_id).await?;
    let heir = message::relocate(&txn, after.workspace_id, account_id).await?;
    audit::record(cx, &*txn, admin.tenant().change("account.disconnect", account_id.to_string())).await?;
    txn.commit().await?;
    cx.signals.changed(Event::Account { workspace_id: after.workspace_id, id: account_id });
    if let Some(heir) = heir {
        cx.signals.nudge(heir);
        cx.signals.changed(Event::Account { workspace_id: after.workspace_id, id: heir });
    }
    Ok(after)
}
