//! `Chat`.

use async_graphql::{Context, ID, Object, Result};
use chrono::TimeDelta;
use nhip_domain::{Refusal, tenant::Tenant};
use nhip_entity::{account::Gateway, chat};

use super::{
    super::{
        ask::Ask as _,
        connection::{self, Asked, Page},
        enums::ChatKind,
        loaders::AccountKey,
        scalars::DateTime,
    },
    Account, Message,
    message::Wanted,
};

/// How long after their last message a contact may be written to freely, over Meta's Cloud API.
const REPLY_WINDOW: TimeDelta = TimeDelta::hours(24);

/// A contact or a group that an account has talked to.
pub(in crate::graphql) struct Chat {
    tenant: Tenant,
    row: chat::Model,
}

impl Chat {
    pub(in crate::graphql) fn new(tenant: Tenant, row: chat::Model) -> Self {
        Self { tenant, row }
    }

    async fn load_account(&self, ctx: &Context<'_>) -> Result<nhip_entity::account::Model> {
        Ok(ctx.loader()?.load_one(AccountKey(self.row.account_id)).await?.ok_or(Refusal::NotFound)?)
    }
}

/// A contact or a group that an account has talked to.
#[Object]
impl Chat {
    /// Its number: what its page's URL shows, and what the webhook's `chat_id` takes.
    async fn id(&self) -> ID {
        ID(self.row.id.to_string())
    }

    /// One person, or several.
    async fn kind(&self) -> ChatKind {
        self.row.kind.into()
    }

    /// Its name: what the webhook's `chat_name` takes.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// WhatsApp's own id for it.
    async fn jid(&self) -> &str {
        &self.row.jid
    }

    /// A contact's number, in international format.
    async fn phone(&self) -> Option<String> {
        self.row.phone.as_ref().map(|digits| format!("+{digits}"))
    }

    /// The account that talks in it.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        self.tenant.reader()?;
        Ok(Account::new(self.tenant.clone(), self.load_account(ctx).await?))
    }

    /// When it was last written to.
    async fn last_message_at(&self) -> Option<DateTime> {
        self.row.last_message_at.map(DateTime)
    }

    /// When somebody last wrote in it.
    async fn last_incoming_at(&self) -> Option<DateTime> {
        self.row.last_incoming_at.map(DateTime)
    }

    /// Until when free text may be sent (`CLOUD_API`'s 24 h window).
    async fn reply_window_ends_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        if self.load_account(ctx).await?.gateway != Gateway::CloudApi {
            return Ok(None);
        }
        Ok(self.row.last_incoming_at.and_then(|at| at.checked_add_signed(REPLY_WINDOW)).map(DateTime))
    }

    /// Newest first.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, 200 at most.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Page<Message>> {
        self.tenant.reader()?;
        let asked = Asked::new(first, after.as_deref())?;
        let wanted = Wanted { chat_id: Some(self.row.id), ..Wanted::default() };
        Message::page(ctx, asked, &self.tenant, &wanted).await
    }
}
