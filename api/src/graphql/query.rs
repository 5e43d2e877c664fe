//! Reads.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use nhip_domain::{Refusal, invitation, ledger};
use nhip_entity::{
    credit_entry::{self, Column},
    workspace,
};
use sea_orm::{ColumnTrait, Condition, QueryFilter, sea_query::Expr};

use super::{
    ask::Ask as _,
    connection::{self, Asked, By, List, Page},
    enums::{CreditKind, Gateway},
    scalars::{self, DateTime},
    types::{CreditEntry, InvitationPreview, User, Workspace, WorkspaceBalance, credits},
};

/// What the lists of workspaces cost: people are in a few.
const SOME: usize = 5;

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
            gateways: vec![Gateway::Simulator, Gateway::CloudApi],
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

    /// Billing (`BILLING_READ`): every workspace's entries, oldest first, gap-free; an empty page's endCursor is the `after` it was given. An entry is here about a second after it was made.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "the contract's")]
    async fn credit_entries(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this workspace.")] workspace_id: Option<ID>,
        #[graphql(desc = "Only those of these kinds.")] kinds: Option<Vec<CreditKind>>,
        #[graphql(desc = "Made then or later.")] since: Option<DateTime>,
        #[graphql(desc = "Made before then.")] until: Option<DateTime>,
        #[graphql(desc = "At most so many, 200 at most.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Page<CreditEntry>> {
        let mut ledgers = ctx.caller()?.ledgers()?;
        if let Some(id) = workspace_id {
            ledgers = ledgers.of(ctx.cx()?, scalars::uuid(&id)?).await?;
        }
        let asked = Asked::new(first, after.as_deref())?;
        let (lowest, highest) = ledger::positions_of(ctx.cx()?, since.map(|at| at.0), until.map(|at| at.0)).await?;
        let rows = ledgers.stream().filter(credits::of_time(since, until)).filter(
            Condition::all()
                .add(Column::Position.gte(lowest))
                .add_option(highest.map(|highest| Column::Position.lt(highest))),
        );
        let by = By::rising([Expr::col((credit_entry::Entity, Column::Position))]);
        let position = |row: &credit_entry::Model| row.position.unwrap_or_default();
        connection::page(ctx, asked, &credits::of_kinds(rows, kinds), &by, position, CreditEntry::new).await
    }

    /// Billing (`BILLING_READ`), by workspace id.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn workspace_balances(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, 200 at most.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Page<WorkspaceBalance>> {
        let asked = Asked::new(first, after.as_deref())?;
        let rows = ctx.caller()?.ledgers()?.workspaces();
        let by = By::rising([Expr::col((workspace::Entity, workspace::Column::Id))]);
        connection::page(ctx, asked, &List::of(rows), &by, |row| row.id, WorkspaceBalance).await
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
