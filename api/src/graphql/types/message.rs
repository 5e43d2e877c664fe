//! `Message` and `StatusChange`.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use chrono::{TimeDelta, Utc};
use nhip_domain::{Refusal, tenant::Tenant};
use nhip_entity::{
    account,
    account::AccountState,
    message::{self, HoldReason, MessageStatus as Status},
    status_change,
};
use sea_orm::{Select, sea_query::Expr};

use super::{
    super::{
        ask::Ask as _,
        connection::{self, Asked, Page},
        enums::{FailureReason, MessageSource, MessageStatus, RecipientKind, WaitReason},
        loaders::{AccountKey, ChatKey, PositionKey, StepsKey},
        scalars::{self, DateTime, int},
    },
    Account, Chat,
    account::expected_at,
};

/// How long an acknowledgement may take before one wonders.
const ACKNOWLEDGED: TimeDelta = TimeDelta::seconds(15);

/// One WhatsApp message, from its acceptance to its end.
pub(in crate::graphql) struct Message {
    tenant: Tenant,
    row: message::Model,
}

/// One step of a message.
#[derive(Clone, Debug, PartialEq, SimpleObject)]
pub(in crate::graphql) struct StatusChange {
    /// Where it came to.
    status: MessageStatus,
    /// When.
    at: DateTime,
    /// Why, where there is more to say.
    detail: Option<String>,
}

impl Message {
    pub(in crate::graphql) fn new(tenant: Tenant, row: message::Model) -> Self {
        Self { tenant, row }
    }

    /// A page of messages, newest first.
    pub(super) async fn page(
        ctx: &Context<'_>,
        asked: Asked,
        tenant: &Tenant,
        rows: Select<message::Entity>,
    ) -> Result<Page<Self>> {
        let by = [Expr::col((message::Entity, message::Column::Place))];
        connection::page(ctx, asked, rows, &by, |row| row.place, |row| Self::new(tenant.clone(), row)).await
    }

    async fn load_account(&self, ctx: &Context<'_>) -> Result<account::Model> {
        Ok(ctx.loader()?.load_one(AccountKey(self.row.account_id)).await?.ok_or(Refusal::NotFound)?)
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
                Ok(waits_for(&self.row, account.state, ctx.cx()?.now()))
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
        None
    }

    /// Its text; empty only beside a file.
    async fn text(&self) -> &str {
        &self.row.text
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
        let Some(id) = self.row.chat_id else { return Ok(None) };
        let chat = ctx.loader()?.load_one(ChatKey(id)).await?;
        Ok(chat.map(|chat| Chat::new(self.tenant.clone(), chat)))
    }

    /// The account that sends it.
    async fn account(&self, ctx: &Context<'_>) -> Result<Account> {
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
        Ok(at.map(|at| DateTime(self.row.hold_until.map_or(at, |held| at.max(held)))))
    }

    /// What became of it, oldest first.
    async fn history(&self, ctx: &Context<'_>) -> Result<Vec<StatusChange>> {
        let steps = ctx.loader()?.load_one(StepsKey(self.row.id.clone())).await?.unwrap_or_default();
        Ok(history(&self.row, steps))
    }
}

/// Why a message waits.
fn waits_for(row: &message::Model, account: AccountState, now: chrono::DateTime<Utc>) -> Option<WaitReason> {
    if row.status == Status::Sending {
        let in_doubt = row.sending_at.is_some_and(|at| now - at > ACKNOWLEDGED);
        return in_doubt.then_some(WaitReason::Confirmation);
    }
    Some(match account {
        AccountState::Paused => WaitReason::AccountPaused,
        AccountState::Reconnecting => WaitReason::AccountReconnecting,
        AccountState::Pairing
        | AccountState::PasskeyRequired
        | AccountState::LoggedOut
        | AccountState::Banned
        | AccountState::Removed => WaitReason::AccountNotConnected,
        AccountState::Restricted if row.chat_id.is_none() => WaitReason::AccountRestricted,
        AccountState::Connected | AccountState::Restricted => {
            let held = row.hold_until.is_some_and(|until| until > now);
            match row.hold_reason.filter(|_| held) {
                Some(HoldReason::File) => WaitReason::File,
                Some(HoldReason::Retry) => WaitReason::Retry,
                Some(HoldReason::RecipientLimit) => WaitReason::RecipientLimit,
                None => WaitReason::ItsTurn,
            }
        }
    })
}

/// The steps that the row holds by its own times, and those beside it.
fn history(row: &message::Model, beside: Vec<status_change::Model>) -> Vec<StatusChange> {
    let why = || row.failure_detail.clone().filter(|detail| !detail.is_empty());
    let own = [
        (Some(row.created_at), Status::Queued, None),
        (row.sending_at, Status::Sending, None),
        (row.sent_at, Status::Sent, None),
        (row.delivered_at, Status::Delivered, None),
        (row.read_at, Status::Read, None),
        (row.failed_at, Status::Failed, why()),
        (row.canceled_at, Status::Canceled, None),
    ];
    let own = own.into_iter().filter_map(|(at, status, detail)| Some((at?, status, detail)));
    let beside = beside.into_iter().map(|step| (step.at, step.status, step.detail));
    let mut steps: Vec<_> = own.chain(beside).collect();
    // What happened in one instant is told in the order of a message's life.
    steps.sort_by_key(|(at, status, _)| (*at, *status));
    steps.dedup_by(|b, a| (a.0, a.1) == (b.0, b.1));
    steps
        .into_iter()
        .map(|(at, status, detail)| StatusChange { status: status.into(), at: at.into(), detail })
        .collect()
}

#[cfg(test)]
mod tests {
    use chrono::DateTime as At;
    use uuid::Uuid;

    use super::*;

    fn at(seconds: i64) -> At<Utc> {
        At::from_timestamp(seconds, 0).unwrap()
    }

    fn queued() -> message::Model {
        message::Model {
            id: "3EB0000000000000000F".to_owned(),
            workspace_id: Uuid::nil(),
            account_id: Uuid::nil(),
            chat_id: None,
            place: 1,
            status: Status::Queued,
            source: message::MessageSource::Webhook,
            text: "hi".to_owned(),
            file_url: None,
            file_name: None,
            file_size: None,
            file_mime: None,
            recipient: "+12025550100".to_owned(),
            recipient_kind: message::RecipientKind::Phone,
            recipient_key: "12025550100@s.whatsapp.net".to_owned(),
            by_default: true,
            credits: 1,
            restored: false,
            attempts: 0,
            hand_overs: 0,
            hold_until: None,
            hold_reason: None,
            failure: None,
            failure_detail: None,
            gateway_ref: None,
            created_at: at(0),
            sending_at: None,
            sent_at: None,
            delivered_at: None,
            read_at: None,
            failed_at: None,
            canceled_at: None,
        }
    }

    #[test]
    fn a_queued_message_says_what_it_waits_for() {
        let held = message::Model { hold_until: Some(at(9)), hold_reason: Some(HoldReason::Retry), ..queued() };
        assert_eq!(waits_for(&queued(), AccountState::Connected, at(1)), Some(WaitReason::ItsTurn));
        assert_eq!(waits_for(&queued(), AccountState::Paused, at(1)), Some(WaitReason::AccountPaused));
        assert_eq!(waits_for(&queued(), AccountState::Restricted, at(1)), Some(WaitReason::AccountRestricted));
        assert_eq!(waits_for(&held, AccountState::Connected, at(1)), Some(WaitReason::Retry));
        assert_eq!(waits_for(&held, AccountState::Connected, at(10)), Some(WaitReason::ItsTurn));
    }

    #[test]
    fn a_message_whose_acknowledgement_stays_away_waits_for_confirmation() {
        let sending = message::Model { status: Status::Sending, sending_at: Some(at(0)), ..queued() };
        assert_eq!(waits_for(&sending, AccountState::Connected, at(1)), None);
        assert_eq!(waits_for(&sending, AccountState::Connected, at(16)), Some(WaitReason::Confirmation));
    }

    #[test]
    fn history_is_told_in_the_order_of_a_messages_life() {
        let row = message::Model { sending_at: Some(at(5)), sent_at: Some(at(5)), read_at: Some(at(6)), ..queued() };
        let step = |status, seconds| status_change::Model {
            id: Uuid::nil(),
            message_id: row.id.clone(),
            status,
            at: at(seconds),
            detail: Some("503".to_owned()),
        };
        let told = history(&row, vec![step(Status::Queued, 3), step(Status::Sending, 2)]);
        let statuses: Vec<_> = told.iter().map(|step| Status::from(step.status)).collect();
        let expected = [Status::Queued, Status::Sending, Status::Queued, Status::Sending, Status::Sent, Status::Read];
        assert_eq!(statuses, expected);
    }
}
