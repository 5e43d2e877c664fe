//! `Workspace` and `Queue`.

use std::collections::BTreeSet;

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use nhip_domain::{Refusal, activity, tenant::Tenant};
use nhip_entity::{account, audit_entry, chat, member, message, workspace};
use sea_orm::{
    ColumnTrait, QueryFilter, QueryOrder as _,
    sea_query::{Expr, Func, SimpleExpr},
};

use super::{
    super::{
        ask::Ask as _,
        connection::{self, Asked, By, List, Page},
        enums::{AccountState, FailureReason, MessageStatus, Role},
        loaders::QueueKey,
        own,
        scalars::{self, DateTime, int},
        search::searched,
    },
    Account, ActivityBucket, ApiToken, AuditEntry, Chat, Credits, IncomingWebhook, Invitation, Member, Message,
    activity::cost,
    message::Wanted,
};

/// What its lists of people and tokens cost: there are a few of each.
const SOME: usize = 20;

/// A tenant: accounts, messages, credits, one webhook.
pub(in crate::graphql) struct Workspace {
    tenant: Tenant,
    row: workspace::Model,
}

impl Workspace {
    /// For a caller who may read it.
    pub(in crate::graphql) fn new(tenant: Tenant, row: workspace::Model) -> Result<Self, Refusal> {
        tenant.reader()?;
        Ok(Self { tenant, row })
    }
}

/// What waits in a workspace's queues.
#[derive(SimpleObject)]
pub(in crate::graphql) struct Queue {
    /// Messages that wait.
    queued: i32,
    /// The credits of those: what comes back if all are canceled.
    queued_credits: i32,
    /// Messages that WhatsApp may have.
    sending: i32,
    /// Since when the oldest waits.
    oldest_queued_at: Option<DateTime>,
}

/// A tenant: accounts, messages, credits, one webhook.
#[Object]
impl Workspace {
    /// Its id.
    async fn id(&self) -> ID {
        self.row.id.into()
    }

    /// What its people call it.
    async fn name(&self) -> &str {
        &self.row.name
    }

    /// When it was made.
    async fn created_at(&self) -> DateTime {
        self.row.created_at.into()
    }

    /// The caller's role in it; null for API tokens.
    async fn my_role(&self) -> Option<Role> {
        self.tenant.role().map(Role::from)
    }

    /// The secret URL that tools post to.
    async fn incoming_webhook(&self, ctx: &Context<'_>) -> Result<IncomingWebhook> {
        IncomingWebhook::of(ctx, self.tenant.clone()).await
    }

    /// Most recently connected first.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn accounts(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in one of these states; without it, all but the removed ones.")] states: Option<
            Vec<AccountState>,
        >,
        #[graphql(desc = "Part of the name or the phone; at most 500 characters.")] search: Option<String>,
        #[graphql(desc = "At most so many, 200 at most.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Page<Account>> {
        let asked = Asked::new(first, after.as_deref())?;
        let mut rows = self.tenant.accounts();
        rows = match states {
            Some(states) => {
                let states: BTreeSet<_> = states.into_iter().map(nhip_entity::account::AccountState::from).collect();
                rows.filter(account::Column::State.is_in(states))
            }
            None => rows.filter(account::Column::State.ne(nhip_entity::account::AccountState::Removed)),
        };
        let list = List::of(searched(rows, search.as_deref(), account::Column::Name, account::Column::Phone)?);
        let at = Func::coalesce([
            Expr::col((account::Entity, account::Column::ConnectedAt)),
            Expr::col((account::Entity, account::Column::CreatedAt)),
        ]);
        let by = By::falling([SimpleExpr::from(at), Expr::col((account::Entity, account::Column::Id))]);
        let key = |row: &account::Model| (row.connected_at.unwrap_or(row.created_at), row.id);
        connection::page(ctx, asked, &list, &by, key, |row| Account::new(self.tenant.clone(), row)).await
    }

    /// One of its accounts; a removed one too.
    async fn account(&self, ctx: &Context<'_>, #[graphql(desc = "Its id.")] id: ID) -> Result<Option<Account>> {
        let id = scalars::uuid(&id)?;
        let row = self.tenant.accounts().filter(account::Column::Id.eq(id)).one(ctx.cx()?.db.read()).await?;
        Ok(Some(Account::new(self.tenant.clone(), row.ok_or(Refusal::NotFound)?)))
    }

    /// Last used first.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn chats(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those of this account.")] account_id: Option<ID>,
        #[graphql(desc = "Part of the name or the phone; at most 500 characters.")] search: Option<String>,
        #[graphql(desc = "At most so many, 200 at most.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Page<Chat>> {
        let asked = Asked::new(first, after.as_deref())?;
        let mut rows = self.tenant.chats();
        if let Some(id) = account_id {
            rows = rows.filter(chat::Column::AccountId.eq(own::account(ctx, &self.tenant, &id).await?));
        }
        let list = List::of(searched(rows, search.as_deref(), chat::Column::Name, chat::Column::Phone)?);
        let at = Func::coalesce([
            Expr::col((chat::Entity, chat::Column::LastMessageAt)),
            Expr::col((chat::Entity, chat::Column::CreatedAt)),
        ]);
        let by = By::falling([SimpleExpr::from(at), Expr::col((chat::Entity, chat::Column::Id))]);
        let key = |row: &chat::Model| (row.last_message_at.unwrap_or(row.created_at), row.id);
        connection::page(ctx, asked, &list, &by, key, |row| Chat::new(self.tenant.clone(), row)).await
    }

    /// One of its chats.
    async fn chat(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its number, as its page's URL shows it.")] id: ID,
    ) -> Result<Option<Chat>> {
        let id = scalars::chat_number(&id)?;
        let row = self.tenant.chats().filter(chat::Column::Id.eq(id)).one(ctx.cx()?.db.read()).await?;
        Ok(Some(Chat::new(self.tenant.clone(), row.ok_or(Refusal::NotFound)?)))
    }

    /// Newest first. `search` looks in text and recipient.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    #[expect(clippy::too_many_arguments, reason = "the contract's")]
    async fn messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Only those in one of these states.")] statuses: Option<Vec<MessageStatus>>,
        #[graphql(desc = "Only those that failed for one of these reasons.")] failures: Option<Vec<FailureReason>>,
        #[graphql(desc = "Only those of this account.")] account_id: Option<ID>,
        #[graphql(desc = "Only those of this chat.")] chat_id: Option<ID>,
        #[graphql(desc = "Part of the text or the recipient; at most 500 characters.")] search: Option<String>,
        #[graphql(desc = "Accepted then or later.")] since: Option<DateTime>,
        #[graphql(desc = "Accepted before then.")] until: Option<DateTime>,
        #[graphql(desc = "At most so many, 200 at most.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Page<Message>> {
        let asked = Asked::new(first, after.as_deref())?;
        let mut wanted = Wanted {
            statuses: statuses.map(|statuses| statuses.into_iter().map(message::MessageStatus::from).collect()),
            failures: failures.map(|failures| failures.into_iter().map(message::FailureReason::from).collect()),
            since: since.map(|at| at.0),
            until: until.map(|at| at.0),
            search,
            ..Wanted::default()
        };
        if let Some(id) = &account_id {
            wanted.account_id = Some(own::account(ctx, &self.tenant, id).await?);
        }
        if let Some(id) = &chat_id {
            wanted.chat_id = Some(own::chat(ctx, &self.tenant, id).await?);
        }
        Message::page(ctx, asked, &self.tenant, &wanted).await
    }

    /// One of its messages.
    async fn message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Its id, as the webhook answered it.")] id: ID,
    ) -> Result<Option<Message>> {
        let id = scalars::message_key(&id)?;
        let row = self.tenant.messages().filter(message::Column::Id.eq(id)).one(ctx.cx()?.db.read()).await?;
        Ok(Some(Message::new(self.tenant.clone(), row.ok_or(Refusal::NotFound)?)))
    }

    /// What waits, over all accounts.
    async fn queue(&self, ctx: &Context<'_>) -> Result<Queue> {
        let counted = ctx.loader()?.load_one(QueueKey(self.row.id)).await?.unwrap_or_default();
        Ok(Queue {
            queued: int(counted.queued),
            queued_credits: int(counted.queued_credits),
            sending: int(counted.sending),
            oldest_queued_at: counted.oldest_queued_at.map(DateTime),
        })
    }

    /// Its balance and what moved it.
    async fn credits(&self) -> Credits {
        Credits::new(self.tenant.clone())
    }

    /// Counts per bucket, oldest first, for charts; `bucket` in seconds, at most 500 buckets. The first begins with the minute of `since`. About a second behind.
    #[graphql(complexity = "cost(since, until, bucket, child_complexity)")]
    async fn activity(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "From then on.")] since: DateTime,
        #[graphql(desc = "Until before then.")] until: DateTime,
        #[graphql(desc = "How long a bucket is, in seconds: a multiple of 60, or it is `BAD_INPUT`.")] bucket: i32,
    ) -> Result<Vec<ActivityBucket>> {
        let buckets = activity::chart(ctx.cx()?, &self.tenant, since.0, until.0, bucket.into()).await?;
        Ok(buckets.into_iter().map(ActivityBucket::from).collect())
    }

    /// Its people, in the order in which they came.
    #[graphql(complexity = "SOME * child_complexity + 1")]
    async fn members(&self, ctx: &Context<'_>) -> Result<Vec<Member>> {
        let rows = self.tenant.members().order_by_asc(member::Column::JoinedAt).order_by_asc(member::Column::UserId);
        Ok(rows.all(ctx.cx()?.db.read()).await?.into_iter().map(Member).collect())
    }

    /// Those that can still be accepted, newest first. For owners and admins.
    #[graphql(complexity = "SOME * child_complexity + 1")]
    async fn invitations(&self, ctx: &Context<'_>) -> Result<Vec<Invitation>> {
        let rows = nhip_domain::invitation::list(ctx.cx()?, &self.tenant.clone().admin()?).await?;
        Ok(rows.into_iter().map(Invitation).collect())
    }

    /// Those that are good, newest first. For owners and admins.
    #[graphql(complexity = "SOME * child_complexity + 1")]
    async fn api_tokens(&self, ctx: &Context<'_>) -> Result<Vec<ApiToken>> {
        let rows = nhip_domain::api_token::list_in(ctx.cx()?, &self.tenant.clone().admin()?).await?;
        Ok(rows.into_iter().map(ApiToken).collect())
    }

    /// Who changed what, newest first. For owners and admins.
    #[graphql(complexity = "connection::cost(first, child_complexity)")]
    async fn audit_log(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "At most so many, 200 at most.")] first: Option<i32>,
        #[graphql(desc = "After this cursor.")] after: Option<String>,
    ) -> Result<Page<AuditEntry>> {
        let asked = Asked::new(first, after.as_deref())?;
        let rows = self.tenant.clone().admin()?.audit_log();
        let by = By::falling(
            [audit_entry::Column::At, audit_entry::Column::Id].map(|column| Expr::col((audit_entry::Entity, column))),
        );
        connection::page(ctx, asked, &List::of(rows), &by, |row| (row.at, row.id), AuditEntry).await
    }
}
