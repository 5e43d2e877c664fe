//! Transactions of acceptance whose COMMIT was not answered.

use nhip_entity::{activation::Activation, message};
use sea_orm::{DbErr, EntityTrait};

use crate::{database::Transaction, webhook::activations};

use super::{
    admit::Decision,
    call::{Call, Origin},
};

/// Whether the transaction that carried these decisions became durable, now that the workspaces' locks prove it over.
///
/// All or nothing: any one of its messages stands for the transaction; where it stored none, the newest call that it logged.
pub(super) async fn was_committed(txn: &Transaction, calls: &[&Call], lost: &[Decision]) -> Result<bool, DbErr> {
    if let Some(message) = lost.iter().find_map(|decision| decision.message.as_ref()) {
        return Ok(message::Entity::find_by_id(message.id.clone()).one(txn).await?.is_some());
    }
    let logged = calls.iter().zip(lost).rev().find_map(|(call, decision)| match &call.origin {
        Origin::Webhook { received, .. } => Some((received.id, decision.workspace_id?)),
        Origin::Workspace { .. } => None,
    });
    // One that stored and logged nothing can run again.
    let Some((call_id, workspace_id)) = logged else { return Ok(false) };
    Ok(activations(txn, workspace_id).await?.iter().any(|Activation(heard, _)| heard.id == call_id))
}
