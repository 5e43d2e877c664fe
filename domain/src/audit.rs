//! The audit trail: who changed what, when, from where.

mod actor;

use nhip_entity::audit_entry;
use sea_orm::{ActiveValue::Set, ConnectionTrait, DbErr, EntityTrait};
use serde_json::Value;
use uuid::Uuid;

pub use self::actor::ActorId;
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

impl<'a> Change<'a> {
    /// What a person does to what is their own.
    pub(crate) fn of_user(user_id: Uuid, requester: &'a Requester, action: &'static str) -> Self {
        Self { workspace_id: None, actor: name_of_user(user_id), requester, action, target: None, detail: None }
    }

    /// What whoever sits at the machine does for a person.
    pub(crate) fn of_operator(user_id: Uuid, requester: &'a Requester, action: &'static str) -> Self {
        Self {
            actor: OPERATOR.to_owned(),
            target: Some(user_id.to_string()),
            ..Self::of_user(user_id, requester, action)
        }
    }
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
        Actor::ApiToken { token_id, .. } => ActorId::ApiToken(*token_id).to_string(),
    }
}

/// How the trail names a person.
pub(crate) fn name_of_user(user_id: Uuid) -> String {
    ActorId::User(user_id).to_string()
}

/// How the trail names whoever sits at the machine.
pub(crate) const OPERATOR: &str = "operator";
