//! The audit trail: who changed what, when, from where.

use nhip_entity::audit_entry;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};
use serde_json::Value;
use uuid::Uuid;

use crate::{cx::Cx, tenant::Actor};

/// From where somebody acts: for the audit trail and the list of sessions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requester {
    /// The peer's address, as far as proxies are trusted.
    pub remote_address: Option<String>,
    /// The `User-Agent` header.
    pub user_agent: Option<String>,
}

/// One change, on its way into the trail.
#[derive(Debug)]
pub(crate) struct Change<'a> {
    pub(crate) workspace_id: Option<Uuid>,
    pub(crate) actor: String,
    pub(crate) requester: &'a Requester,
    /// `noun.verb`.
    pub(crate) action: &'static str,
    /// What was changed, by its id.
    pub(crate) target: Option<String>,
    /// Before and after, without secrets.
    pub(crate) detail: Option<Value>,
}

/// Writes a change down, in the transaction that makes it.
pub(crate) async fn record(cx: &Cx, txn: &impl ConnectionTrait, change: Change<'_>) -> Result<(), DbErr> {
    let entry = audit_entry::ActiveModel {
        id: Set(cx.clock.new_id()),
        workspace_id: Set(change.workspace_id),
        at: Set(cx.now()),
        actor: Set(change.actor),
        action: Set(change.action.to_owned()),
        target: Set(change.target),
        detail: Set(change.detail),
        remote_address: Set(change.requester.remote_address.clone()),
        user_agent: Set(change.requester.user_agent.clone()),
    };
    audit_entry::Entity::insert(entry).exec_without_returning(txn).await?;
    Ok(())
}

/// How the trail names who acted.
pub(crate) fn name_of(actor: &Actor) -> String {
    match actor {
        Actor::Member { user_id, .. } => name_of_user(*user_id),
        Actor::ApiToken { token_id, .. } => format!("api_token:{token_id}"),
    }
}

/// How the trail names a person.
pub(crate) fn name_of_user(user_id: Uuid) -> String {
    format!("user:{user_id}")
}

/// How the trail names whoever sits at the machine.
pub(crate) const OPERATOR: &str = "operator";
