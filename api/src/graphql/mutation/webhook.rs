//! The webhook's URL and switch.

use async_graphql::{Context, ID, InputObject, Object, Result};
use nhip_domain::webhook::{self, Revealed};

use super::{
    super::{
        ask::Ask as _,
        types::{IncomingWebhook, WebhookUrl},
    },
    WorkspaceInput,
};

/// The webhook's URL and switch.
#[derive(Default)]
pub(super) struct WebhookMutation;

/// On or off.
#[derive(InputObject)]
struct SetWebhookEnabledInput {
    /// Whose webhook.
    workspace_id: ID,
    /// Whether it shall take calls.
    enabled: bool,
}

#[Object]
impl WebhookMutation {
    /// Switches the webhook off without removing its URL, or on again.
    async fn set_webhook_enabled(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "On or off.")] input: SetWebhookEnabledInput,
    ) -> Result<IncomingWebhook> {
        let tenant = ctx.tenant(&input.workspace_id).await?;
        let row = webhook::set_enabled(ctx.cx()?, &tenant.clone().admin()?, input.enabled).await?;
        Ok(IncomingWebhook::new(tenant, row))
    }

    /// Makes a new URL; the previous one stops at once.
    async fn generate_webhook_url(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which workspace.")] input: WorkspaceInput,
    ) -> Result<WebhookUrl> {
        let admin = ctx.tenant(&input.workspace_id).await?.admin()?;
        let revealed = webhook::generate(ctx.cx()?, &admin).await?;
        url(ctx, revealed, admin.tenant().clone())
    }

    /// Shows the URL again; the audit log says to whom.
    async fn reveal_webhook_url(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which workspace.")] input: WorkspaceInput,
    ) -> Result<WebhookUrl> {
        let admin = ctx.tenant(&input.workspace_id).await?.admin()?;
        let revealed = webhook::reveal(ctx.cx()?, &admin).await?;
        url(ctx, revealed, admin.tenant().clone())
    }
}

fn url(ctx: &Context<'_>, revealed: Revealed, tenant: nhip_domain::tenant::Tenant) -> Result<WebhookUrl> {
    let url = webhook::url(&ctx.cx()?.settings, &revealed.token);
    Ok(WebhookUrl { url, webhook: IncomingWebhook::new(tenant, revealed.webhook) })
}
