//! API tokens.

use async_graphql::{Context, ID, InputObject, Object, Result};
use nhip_domain::api_token;

use super::{
    super::{
        ask::Ask as _,
        enums::Scope,
        scalars::{self, DateTime},
        types::{ApiToken, CreatedApiToken, Workspace},
    },
    member::workspace_of,
};

/// API tokens.
#[derive(Default)]
pub(super) struct ApiTokenMutation;

/// A token to be.
#[derive(InputObject)]
struct CreateApiTokenInput {
    /// The one workspace that it opens.
    workspace_id: ID,
    /// What it is for.
    name: String,
    /// What it may do; billing scopes are given on the operator's command line alone.
    scopes: Vec<Scope>,
    /// When it ends; without it, never.
    expires_at: Option<DateTime>,
}

/// Which token.
#[derive(InputObject)]
struct RevokeApiTokenInput {
    /// Of which workspace.
    workspace_id: ID,
    /// Its id.
    token_id: ID,
}

#[Object]
impl ApiTokenMutation {
    /// Makes a token for programs; it is shown here and never again. It ends when its maker leaves or is an admin no more.
    async fn create_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A token to be.")] input: CreateApiTokenInput,
    ) -> Result<CreatedApiToken> {
        let admin = ctx.tenant(&input.workspace_id).await?.admin()?;
        let scopes: Vec<_> = input.scopes.into_iter().map(nhip_entity::api_token::Scope::from).collect();
        let expires_at = input.expires_at.map(|at| at.0);
        let (token, row) = api_token::create_in(ctx.cx()?, &admin, &input.name, &scopes, expires_at).await?;
        Ok(CreatedApiToken { token: token.reveal().to_owned(), api_token: ApiToken(row) })
    }

    /// Ends a token, at once.
    async fn revoke_api_token(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which token.")] input: RevokeApiTokenInput,
    ) -> Result<Workspace> {
        let admin = ctx.tenant(&input.workspace_id).await?.admin()?;
        api_token::revoke_in(ctx.cx()?, &admin, scalars::uuid(&input.token_id)?).await?;
        workspace_of(ctx, admin.tenant()).await
    }
}
