//! `User`, `LoginSession`, `Session`.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use nhip_entity::{session, user};

use super::super::{ask::Ask as _, scalars::DateTime};

/// A person who logs in.
pub(in crate::graphql) struct User(pub(in crate::graphql) user::Model);

/// One log-in that has not ended.
#[derive(SimpleObject)]
pub(in crate::graphql) struct LoginSession {
    /// Its id.
    id: ID,
    /// Whether it is the one that asks.
    current: bool,
    /// When the person logged in.
    created_at: DateTime,
    /// When it was last used, about.
    last_used_at: DateTime,
    /// From where.
    remote_address: Option<String>,
    /// With what.
    user_agent: Option<String>,
}

/// A person who logs in.
#[Object]
impl User {
    /// Their id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// How they log in.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// How others see them.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// The language they read.
    async fn locale(&self) -> &str {
        &self.0.locale
    }

    /// Their log-ins that have not ended, newest first; nobody sees another's.
    async fn sessions(&self, ctx: &Context<'_>) -> Result<Vec<LoginSession>> {
        // While logging in, there is no caller yet.
        let Ok(caller) = ctx.caller() else { return Ok(Vec::new()) };
        if !caller.person().is_ok_and(|person| person.id == self.0.id) {
            return Ok(Vec::new());
        }
        let sessions = nhip_domain::user::session::list(ctx.cx()?, self.0.id).await?;
        Ok(sessions.into_iter().map(|row| LoginSession::new(row, caller.session_id())).collect())
    }
}

impl LoginSession {
    fn new(row: session::Model, current: Option<uuid::Uuid>) -> Self {
        Self {
            current: current == Some(row.id),
            id: row.id.into(),
            created_at: row.created_at.into(),
            last_used_at: row.last_used_at.into(),
            remote_address: row.remote_address,
            user_agent: row.user_agent,
        }
    }
}

/// A log-in's tokens.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Session {
    /// For the header `Authorization: Bearer …`; it lives a quarter of an hour.
    pub(in crate::graphql) access_token: String,
    /// When it ends.
    pub(in crate::graphql) access_token_expires_at: DateTime,
    /// Null when `useCookie` put it into an `HttpOnly` cookie.
    pub(in crate::graphql) refresh_token: Option<String>,
    /// Who logged in.
    pub(in crate::graphql) user: User,
}
