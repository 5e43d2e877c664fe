//! `AuditEntry`.

use async_graphql::{Context, ID, Object, Result};
use nhip_domain::audit::ActorId;
use nhip_entity::audit_entry;
use serde_json::Value;

use super::super::{
    ask::Ask as _,
    loaders::{TokenKey, UserKey},
    scalars::DateTime,
};

/// One change: who did what, when, from where.
pub(in crate::graphql) struct AuditEntry(pub(in crate::graphql) audit_entry::Model);

/// One change: who did what, when, from where.
#[Object]
impl AuditEntry {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// When.
    async fn at(&self) -> DateTime {
        self.0.at.into()
    }

    /// Who: a person's e-mail, an API token's name and hint, or `operator`.
    async fn actor(&self, ctx: &Context<'_>) -> Result<String> {
        let known = match ActorId::parse(&self.0.actor) {
            Some(ActorId::User(id)) => ctx.loader()?.load_one(UserKey(id)).await?.map(|user| user.email),
            Some(ActorId::ApiToken(id)) => {
                ctx.loader()?.load_one(TokenKey(id)).await?.map(|token| format!("{} ({})", token.name, token.hint))
            }
            Some(ActorId::Operator) | None => None,
        };
        Ok(known.unwrap_or_else(|| self.0.actor.clone()))
    }

    /// What, as `noun.verb`.
    async fn action(&self) -> &str {
        &self.0.action
    }

    /// What was changed, by its id.
    async fn target(&self) -> Option<&str> {
        self.0.target.as_deref()
    }

    /// Before and after, without secrets.
    async fn detail(&self) -> Option<&Value> {
        self.0.detail.as_ref()
    }

    /// From where.
    async fn remote_address(&self) -> Option<&str> {
        self.0.remote_address.as_deref()
    }

    /// With what.
    async fn user_agent(&self) -> Option<&str> {
        self.0.user_agent.as_deref()
    }
}
