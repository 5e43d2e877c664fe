//! `ApiToken` and `CreatedApiToken`.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use nhip_entity::api_token;

use super::{
    super::{ask::Ask as _, enums::Scope, loaders::UserKey, scalars::DateTime},
    User,
};

/// A token for programs.
pub(in crate::graphql) struct ApiToken(pub(in crate::graphql) api_token::Model);

/// A token for programs.
#[Object]
impl ApiToken {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// What it is for.
    async fn name(&self) -> &str {
        &self.0.name
    }

    /// What it may do.
    #[expect(clippy::unused_async, reason = "resolvers are")]
    async fn scopes(&self) -> Result<Vec<Scope>> {
        Ok(nhip_domain::api_token::scopes(&self.0)?.into_iter().map(Scope::from).collect())
    }

    /// Its first characters, to recognise it by.
    async fn hint(&self) -> &str {
        &self.0.hint
    }

    /// Who made it; null for those of the operator's command line.
    async fn created_by(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        let Some(id) = self.0.created_by else { return Ok(None) };
        Ok(ctx.loader()?.load_one(UserKey(id)).await?.map(User))
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.0.created_at.into()
    }

    /// When it was last used, to the minute; null before its first use.
    async fn last_used_at(&self) -> Option<DateTime> {
        self.0.last_used_at.map(DateTime)
    }

    /// When it ends; null: never.
    async fn expires_at(&self) -> Option<DateTime> {
        self.0.expires_at.map(DateTime)
    }
}

/// A token that was just made. The secret stands on this type alone.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CreatedApiToken {
    /// For the header `Authorization: Bearer …`; shown here and never again.
    pub(in crate::graphql) token: String,
    /// The rest of it.
    pub(in crate::graphql) api_token: ApiToken,
}
