//! `Account`, `Pace`, `Template`.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{TimeDelta, Utc};
use nhip_domain::tenant::Tenant;
use nhip_entity::account::{self, AccountState as State, Gateway as Kind};
use nhip_worker::gateway::capabilities;

use super::super::{
    ask::Ask as _,
    enums::{AccountReason, AccountState, Capability, Gateway},
    loaders::{DefaultKey, QueuedCreditsKey, QueuedKey},
    scalars::{DateTime, int},
};

/// A connected WhatsApp number.
pub(in crate::graphql) struct Account {
    tenant: Tenant,
    row: account::Model,
}

impl Account {
    pub(in crate::graphql) fn new(tenant: Tenant, row: account::Model) -> Self {
        Self { tenant, row }
    }

    async fn count_queued(&self, ctx: &Context<'_>) -> Result<i64> {
        Ok(ctx.loader()?.load_one(QueuedKey(self.row.id)).await?.unwrap_or_default())
    }
}

/// When the `position`th message of an account's queue will leave at today's pace; none while it sends nothing.
pub(super) fn expected_at(
    account: &account::Model,
    position: i64,
    now: chrono::DateTime<Utc>,
) -> Option<chrono::DateTime<Utc>> {
    if position < 1 || !matches!(account.state, State::Connected | State::Restricted) {
        return None;
    }
    let mean = i64::midpoint(i64::from(account.pace_min_ms), i64::from(account.pace_max_ms));
    let wait = TimeDelta::try_milliseconds(mean.checked_mul(position - 1)?)?;
    account
        .next_send_at
        .max(account.capped_until)
        .max(account.held_until)
        .unwrap_or(now)
        .max(now)
        .checked_add_signed(wait)
}

/// How long an account pauses between two messages: a random time between the two.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Pace {
    /// The least, in milliseconds.
    min_ms: i32,
    /// The most, in milliseconds.
    max_ms: i32,
}

/// The template that opens chats (`CLOUD_API`).
#[derive(SimpleObject)]
pub(in crate::graphql) struct Template {
    /// Its name at Meta.
    name: String,
    /// Its language.
    language: String,
}

/// A connected WhatsApp number.
#[Object]
impl Account {
    /// Its id.
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// Its number, in international format.
    async fn phone(&self) -> Option<String> {
        self.row.phone.as_ref().map(|digits| format!("+{digits}"))
    }

    /// What its people call it.
    async fn name(&self) -> Option<&str> {
        Some(&self.row.name)
    }

    /// Its way to WhatsApp.
    async fn gateway(&self) -> Gateway {
        self.row.gateway.into()
    }

    /// What that way can do.
    async fn capabilities(&self) -> Vec<Capability> {
        capabilities(self.row.gateway).iter().copied().map(Capability::from).collect()
    }

    /// Whether it can send.
    async fn state(&self) -> AccountState {
        self.row.state.into()
    }

    /// Why it is in that state.
    async fn reason(&self) -> Option<AccountReason> {
        self.row.reason.map(AccountReason::from)
    }

    /// The same, in the gateway's own words.
    async fn reason_detail(&self) -> Option<&str> {
        self.row.reason_detail.as_deref()
    }

    /// Until when WhatsApp restricts it, where that is known.
    async fn restricted_until(&self) -> Option<DateTime> {
        self.row.restricted_until.map(DateTime)
    }

    /// When a person last connected it; automatic reconnects and resume never move it.
    async fn connected_at(&self) -> Option<DateTime> {
        self.row.connected_at.map(DateTime)
    }

    /// When it was first connected.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// What rule 4 of the webhook's contract would pick now.
    async fn is_default(&self, ctx: &Context<'_>) -> Result<bool> {
        let default = ctx.loader()?.load_one(DefaultKey(self.tenant.workspace_id())).await?;
        Ok(default == Some(self.row.id))
    }

    /// How close together its messages leave.
    async fn pace(&self) -> Pace {
        Pace { min_ms: self.row.pace_min_ms, max_ms: self.row.pace_max_ms }
    }

    /// The most messages that it sends within 24 h; null: no limit. What is over it waits.
    async fn daily_cap(&self) -> Option<i32> {
        self.row.daily_cap
    }

    /// Until when it sends nothing, because it sent as many as its daily cap allows.
    #[expect(clippy::unused_async, reason = "resolvers are")]
    async fn capped_until(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        let now = ctx.cx()?.now();
        Ok(self.row.capped_until.filter(|until| *until > now).map(DateTime))
    }

    /// Until when it sends nothing, because WhatsApp asked it to wait (too fast, too many) or cannot be reached; new
    /// credentials end it.
    #[expect(clippy::unused_async, reason = "resolvers are")]
    async fn held_until(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        let now = ctx.cx()?.now();
        Ok(self.row.held_until.filter(|until| *until > now).map(DateTime))
    }

    /// How many of its messages wait.
    async fn queued(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(self.count_queued(ctx).await?))
    }

    /// The credits of those: what comes back if all are canceled.
    async fn queued_credits(&self, ctx: &Context<'_>) -> Result<i32> {
        Ok(int(ctx.loader()?.load_one(QueuedCreditsKey(self.row.id)).await?.unwrap_or_default()))
    }

    /// When its next message will leave, about; null while nothing waits.
    async fn next_send_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        let next = expected_at(&self.row, self.count_queued(ctx).await?.min(1), ctx.cx()?.now());
        Ok(next.map(DateTime))
    }

    /// When the queue will be empty at today's pace.
    async fn drains_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        let last = expected_at(&self.row, self.count_queued(ctx).await?, ctx.cx()?.now());
        Ok(last.map(DateTime))
    }

    /// Where Meta must post its callbacks (`CLOUD_API`).
    #[expect(clippy::unused_async, reason = "resolvers are")]
    async fn callback_url(&self, ctx: &Context<'_>) -> Result<Option<String>> {
        let url = &ctx.cx()?.settings.public_url;
        Ok((self.row.gateway == Kind::CloudApi).then(|| format!("{url}/whatsapp/cloud/{}", self.row.id)))
    }

    /// The template that opens chats (`CLOUD_API`).
    async fn template(&self) -> Option<Template> {
        let (name, language) = (self.row.template_name.clone()?, self.row.template_language.clone()?);
        Some(Template { name, language })
    }
}
