//! `IncomingWebhook`, `WebhookUrl`, `Activation`.

mod body;
mod log;

use std::borrow::Cow;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use nhip_domain::{Refusal, tenant::Tenant, webhook::answer};
use nhip_entity::{
    activation::{self, Heard, Told},
    webhook,
};

use self::body::Body;
use super::{
    super::{
        ask::Ask as _,
        enums::{ActivationOutcome, RefusalCode},
        loaders::{MessageKey, WebhookKey},
        scalars::{self, DateTime, int},
    },
    Message, TextFile, TextFormat,
};

/// What a list of activations costs: it has a hundred at most.
const MOST: usize = 100;
/// What the log as a file costs: it may be a megabyte, so five of them fit into a query, or one for each of one's workspaces.
const LOG: usize = 5_000;

/// The secret URL that a workspace's tools post to.
pub(in crate::graphql) struct IncomingWebhook {
    tenant: Tenant,
    row: webhook::Model,
}

impl IncomingWebhook {
    pub(in crate::graphql) fn new(tenant: Tenant, row: webhook::Model) -> Self {
        Self { tenant, row }
    }

    pub(in crate::graphql) async fn of(ctx: &Context<'_>, tenant: Tenant) -> Result<Self> {
        let row = ctx.loader()?.load_one(WebhookKey(tenant.workspace_id())).await?.ok_or(Refusal::NotFound)?;
        Ok(Self { tenant, row })
    }
}

/// The secret stands on this type alone, never on an entity that clients cache.
#[derive(SimpleObject)]
pub(in crate::graphql) struct WebhookUrl {
    /// The URL to post to.
    pub(in crate::graphql) url: String,
    /// The webhook that it belongs to.
    pub(in crate::graphql) webhook: IncomingWebhook,
}

/// The secret URL that a workspace's tools post to.
#[Object]
impl IncomingWebhook {
    /// Whether it takes calls.
    async fn enabled(&self) -> bool {
        self.row.enabled
    }

    /// Enough to recognise the URL by; null before the first one was generated.
    async fn url_hint(&self) -> Option<&str> {
        self.row.url_hint.as_deref()
    }

    /// When the URL was generated.
    async fn url_created_at(&self) -> Option<DateTime> {
        self.row.url_created_at.map(DateTime)
    }

    /// The newest call.
    async fn last_activation(&self, ctx: &Context<'_>) -> Result<Option<Activation>> {
        Activation::newest(ctx, &self.tenant).await
    }

    /// At most 100, newest first.
    #[graphql(complexity = "MOST * child_complexity + 1")]
    async fn activations(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those that ended like this.")] outcome: Option<ActivationOutcome>,
    ) -> Result<Vec<Activation>> {
        let mut calls = nhip_domain::webhook::activations(ctx.cx()?.db.read(), self.tenant.workspace_id()).await?;
        if let Some(outcome) = outcome {
            calls.retain(|activation::Activation(_, told)| told.outcome == outcome.into());
        }
        Ok(calls.into_iter().map(|call| Activation::new(self.tenant.clone(), call)).collect())
    }

    /// The same as a file to download, newest first: everything that was received and answered. The audit log tells who took it.
    #[graphql(complexity = "LOG + child_complexity")]
    async fn log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What it is written as.")] format: TextFormat,
    ) -> Result<TextFile> {
        let calls = nhip_domain::webhook::log(ctx.cx()?, &self.tenant).await?;
        Ok(log::file(&calls, format.into()).into())
    }
}

/// One call of the webhook.
pub(in crate::graphql) struct Activation {
    tenant: Tenant,
    heard: Heard,
    told: Told,
}

impl Activation {
    pub(in crate::graphql) fn new(tenant: Tenant, activation::Activation(heard, told): activation::Activation) -> Self {
        Self { tenant, heard, told }
    }

    /// The newest call of a workspace's webhook.
    async fn newest(ctx: &Context<'_>, tenant: &Tenant) -> Result<Option<Self>> {
        let newest = nhip_domain::webhook::newest_activation(ctx.cx()?.db.read(), tenant.workspace_id()).await?;
        Ok(newest.map(|newest| Self::new(tenant.clone(), newest)))
    }
}

/// One call of the webhook.
#[Object]
impl Activation {
    /// The answer's `X-Request-Id`.
    async fn id(&self) -> ID {
        self.heard.id.into()
    }

    /// Counts the webhook's calls from 1.
    async fn sequence(&self) -> i32 {
        int(self.told.sequence)
    }

    /// When it came.
    async fn at(&self) -> DateTime {
        self.heard.at.into()
    }

    /// How it ended.
    async fn outcome(&self) -> ActivationOutcome {
        self.told.outcome.into()
    }

    /// The status it was answered with.
    async fn http_status(&self) -> i32 {
        self.told.http_status
    }

    /// Why it was refused.
    async fn refusal(&self) -> Option<RefusalCode> {
        self.told.refusal.as_deref().and_then(RefusalCode::of)
    }

    /// The sentence that it was refused with.
    async fn answer(&self) -> Option<&str> {
        self.told.answer.as_deref()
    }

    /// The field at fault.
    async fn field(&self) -> Option<&str> {
        self.told.field.as_deref()
    }

    /// The line at fault, from 1.
    async fn line(&self) -> Option<i32> {
        self.told.line
    }

    /// The column at fault, in characters, from 1.
    async fn column(&self) -> Option<i32> {
        self.told.column
    }

    /// The message that it queued.
    async fn message(&self, ctx: &Context<'_>) -> Result<Option<Message>> {
        let Some(id) = self.told.message_id.clone() else { return Ok(None) };
        let row = ctx.loader()?.load_one(MessageKey(id)).await?;
        Ok(row.map(|row| Message::new(self.tenant.clone(), row)))
    }

    /// The id of the message that it queued.
    async fn message_id(&self) -> Option<ID> {
        self.told.message_id.as_deref().map(scalars::message_id)
    }

    /// The body as it came, cut at 8 KiB.
    async fn request_body(&self) -> String {
        Body::of(&self.heard).text
    }

    /// Whether `requestBody` is base64, because it was no text.
    async fn request_body_base64(&self) -> bool {
        Body::of(&self.heard).is_base64
    }

    /// Whether there was more of it.
    async fn request_body_truncated(&self) -> bool {
        self.heard.request_body_truncated
    }

    /// The body it was answered with.
    async fn response_body(&self) -> Cow<'_, str> {
        answer::logged(&self.told)
    }

    /// Fields that were ignored: typos, often.
    async fn ignored_fields(&self) -> &[String] {
        &self.heard.ignored_fields
    }

    /// From where it came.
    async fn remote_address(&self) -> Option<&str> {
        self.heard.remote_address.as_deref()
    }

    /// The tool, as it calls itself.
    async fn user_agent(&self) -> Option<&str> {
        self.heard.user_agent.as_deref()
    }

    /// How long it took to decide.
    async fn duration_ms(&self) -> f64 {
        log::duration_ms(&self.told)
    }
}
