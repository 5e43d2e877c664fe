//! `Message`.

mod list;
mod story;
#[cfg(test)]
mod tests;

use async_graphql::{Context, ID, Object, Result};
use nhip_domain::{Refusal, tenant::Tenant};
use nhip_entity::{
    account::{self, AccountState},
    message::{self, FailureReason as Reason, HoldReason, MessageStatus as Status},
};
use nhip_worker::download::direct_link;

pub(super) use self::list::Wanted;
use self::story::{Sends, StatusChange, history, waits_for};
use super::{
    super::{
        ask::Ask as _,
        enums::{FailureReason, MessageSource, MessageStatus, RecipientKind, WaitReason},
        loaders::{AccountKey, ChatKey, KnownKey, PositionKey, StepsKey},
        scalars::{self, DateTime, int},
    },
    Account, Chat,
    account::expected_at,
};

/// One WhatsApp message, from its acceptance to its end.
pub(in crate::graphql) struct Message {
    tenant: Tenant,
    row: message::Model,
}

impl Message {
    pub(in crate::graphql) fn new(tenant: Tenant, row: message::Model) -> Self {
        Self { tenant, row }
    }

    async fn load_account(&self, ctx: &Context<'_>) -> Result<account::Model> {
        Ok(ctx.loader()?.load_one(AccountKey(self.row.account_id)).await?.ok_or(Refusal::NotFound)?)
    }

    /// Whether its account already has a chat with its recipient.
    async fn is_to_known(&self, ctx: &Context<'_>) -> Result<bool> {
        let key = KnownKey(self.row.account_id, self.row.recipient_key.clone());
        Ok(ctx.loader()?.load_one(key).await?.is_some())
    }

    async fn load_position(&self, ctx: &Context<'_>) -> Result<Option<i64>> {
        match self.row.status {
            Status::Queued => Ok(ctx.loader()?.load_one(PositionKey(self.row.id.clone())).await?),
            _ => Ok(None),
        }
    }
}

/// One WhatsApp message, from its acceptance to its end.
#[Object]
impl Message {
    /// The webhook's `message_id`.
    async fn id(&self) -> ID {
        scalars::message_id(&self.row.id)
    }

    /// Where it is in its life.
    async fn status(&self) -> MessageStatus {
        self.row.status.into()
    }

    /// Why it is not being sent this moment.
    async fn waiting_for(&self, ctx: &Context<'_>) -> Result<Option<WaitReason>> {
        match self.row.status {
            Status::Queued | Status::Sending => {
                let account = self.load_account(ctx).await?;
                let known = account.state != AccountState::Restricted || self.is_to_known(ctx).await?;
                let now = ctx.cx()?.now();
                let ahead = |until: Option<chrono::DateTime<chrono::Utc>>| until.is_some_and(|until| until > now);
                let (capped, held) = (ahead(account.capped_until), ahead(account.held_until));
                Ok(waits_for(&self.row, Sends { state: account.state, capped, held, known }, now))
            }
            _ => Ok(None),
        }
    }

    /// Why it could not be sent.
    async fn failure(&self) -> Option<FailureReason> {
        self.row.failure.map(FailureReason::from)
    }

    /// The same, in the gateway's own words.
    async fn failure_detail(&self) -> Option<&str> {
        self.row.failure_detail.as_deref()
    }

    /// A link that might work instead of a page's.
    async fn suggested_file_url(&self) -> Option<String> {
        let is_links_fault = matches!(self.row.failure, Some(Reason::FileNotDirectLink | Reason::FileUnreachable));
        direct_link(self.row.file_url.as_deref().filter(|_| is_links_fault)?)
    }

    /// Its text; empty only beside a file, or once it was erased.
    async fn text(&self) -> &str {
        &self.row.text
    }

    /// Whether its text and file are no longer kept.
    async fn text_erased(&self) -> bool {
        nhip_domain::message::is_erased(&self.row)
    }

    /// Where its file is downloaded from.
    async fn file_url(&self) -> Option<&str> {
        self.row.file_url.as_deref()
    }

    /// The file's name as the recipient sees it.
    async fn file_name(&self) -> Option<&str> {
        self.row.file_name.as_deref()
    }

    /// The file's size in bytes, once it was downloaded.
    async fn file_size(&self) -> Option<i32> {
        self.row.file_size.map(int)
    }

    /// The file's type, once it was downloaded.
    async fn file_mime(&self) -> Option<&str> {
        self.row.file_mime.as_deref()
    }

    /// As the caller gave it.
    async fn recipient(&self) -> &str {
        &self.row.recipient
    }

    /// What the recipient was given as.
    async fn recipient_kind(&self) -> RecipientKind {
        self.row.recipient_kind.into()
    }

    /// Who asked for it.
    async fn source(&self) -> MessageSource {
        self.row.source.into()
    }

    /// The chat it went to, once that is known.
    async fn chat(&self, ctx: &Context<'_>) -> Result<Option<Chat>> {
        self.tenant.reader()?;
        let Some(id) = self.row.chat_id else { return Ok(None) };
        let chat = ctx.loader()?.load_one(ChatKey(id)).await?;
        Ok(chat.map(|chat| Chat::new(self.tenant.clone(), chat)))
    }

    /// The account that sends it.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
        self.tenant.reader()?;
        Ok(Account::new(self.tenant.clone(), self.load_account(ctx).await?))
    }

    /// What it took.
    async fn credits(&self) -> i32 {
        self.row.credits
    }

    /// Whether that came back.
    async fn credits_restored(&self) -> bool {
        self.row.restored
    }

    /// When it was accepted.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// When it left for WhatsApp.
    async fn sent_at(&self) -> Option<DateTime> {
        self.row.sent_at.map(DateTime)
    }

    /// When it came to the recipient's phone.
    async fn delivered_at(&self) -> Option<DateTime> {
        self.row.delivered_at.map(DateTime)
    }

    /// When it was read.
    async fn read_at(&self) -> Option<DateTime> {
        self.row.read_at.map(DateTime)
    }

    /// When it failed.
    async fn failed_at(&self) -> Option<DateTime> {
        self.row.failed_at.map(DateTime)
    }

    /// Where it stands in its account's queue, 1 = next; null once it left.
    async fn queue_position(&self, ctx: &Context<'_>) -> Result<Option<i32>> {
        Ok(self.load_position(ctx).await?.map(int))
    }

    /// When it will leave at today's pace; null once it left, and while its account sends nothing.
    async fn expected_send_at(&self, ctx: &Context<'_>) -> Result<Option<DateTime>> {
        let Some(position) = self.load_position(ctx).await? else { return Ok(None) };
        let (account, now) = (self.load_account(ctx).await?, ctx.cx()?.now());
        let at = expected_at(&account, position, now);
        // Nobody knows how long a file takes.
        let held = self.row.hold_until.filter(|_| self.row.hold_reason != Some(HoldReason::File));
        Ok(at.map(|at| DateTime(held.map_or(at, |held| at.max(held)))))
    }

    /// What became of it, oldest first.
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<StatusChange>> {
        let steps = ctx.loader()?.load_one(StepsKey(self.row.id.clone())).await?.unwrap_or_default();
        Ok(history(&self.row, steps))
    }
}
