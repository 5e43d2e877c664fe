//! Reads.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use nhip_domain::{Refusal, invitation};

use super::{
    ask::Ask as _,
    enums::Gateway,
    types::{InvitationPreview, User, Workspace},
};

/// What the lists of workspaces cost: people are in a few.
const SOME: usize = 10;

/// Reads.
pub(super) struct Query;

/// What anyone may know before logging in.
#[derive(SimpleObject)]
struct Service {
    /// The program's version.
    version: &'static str,
    /// Whether anyone may sign up and make workspaces.
    sign_up_open: bool,
    /// Whether mail is sent.
    email_enabled: bool,
    /// Whether this is the demo.
    demo: bool,
    /// The ways to WhatsApp that this build has.
    gateways: Vec<Gateway>,
}

/// Reads.
#[Object]
impl Query {
    /// What anyone may know before logging in.
    #[expect(clippy::unused_async, reason = "resolvers are")]
    async fn service(&self, ctx: &Context<'_>) -> Result<Service> {
        let settings = &ctx.cx()?.settings;
        Ok(Service {
            version: env!("CARGO_PKG_VERSION"),
            sign_up_open: settings.sign_up_open,
            email_enabled: ctx.deps()?.post.is_open(),
            demo: settings.demo,
            gateways: vec![Gateway::Simulator],
        })
    }

    /// Who asks; null for API tokens.
    #[expect(clippy::unused_async, reason = "resolvers are")]
    async fn me(&self, ctx: &Context<'_>) -> Result<Option<User>> {
        Ok(ctx.caller()?.person().ok().cloned().map(User))
    }

    /// The caller's workspaces, oldest first.
    #[graphql(complexity = "SOME * child_complexity + 1")]
    async fn workspaces(&self, ctx: &Context<'_>) -> Result<Vec<Workspace>> {
        let tenants = ctx.caller()?.tenants(ctx.cx()?).await?;
        Ok(tenants.into_iter().map(|(tenant, row)| Workspace::new(tenant, row)).collect::<Result<_, _>>()?)
    }

    /// One of the caller's workspaces.
    async fn workspace(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Workspace>> {
        let tenant = ctx.tenant(&id).await?;
        let row = tenant.workspace().one(ctx.cx()?.db.read()).await?.ok_or(Refusal::NotFound)?;
        Ok(Some(Workspace::new(tenant, row)?))
    }
    /// What a link invites to; refused once it was accepted, revoked or has expired.
    async fn invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What follows `token=` in the link.", secret)] token: String,
    ) -> Result<Option<InvitationPreview>> {
        Ok(Some(invitation::preview(ctx.cx()?, &token).await?.into()))
    }
}
