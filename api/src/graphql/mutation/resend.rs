//! Sending a failed message's content again.

use async_graphql::{Context, ID, InputObject, Object, Result};
use nhip_domain::Refusal;
use nhip_entity::{
    account,
    message::{self, MessageStatus, RecipientKind},
};
use sea_orm::{ColumnTrait, QueryFilter};

use super::{
    super::{ask::Ask as _, types::Message},
    message::{SendMessageInput, submit},
};

/// Sending a failed message's content again.
#[derive(Default)]
pub(super) struct ResendMutation;

/// Which message.
#[derive(InputObject)]
struct ResendMessageInput {
    /// Its id, as the webhook answered it.
    message_id: ID,
}

#[Object]
impl ResendMutation {
    /// A new message with the failed one's content; charged anew. A message that did not fail is CONFLICT.
    async fn resend_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which message.")] input: ResendMessageInput,
    ) -> Result<Message> {
        let (tenant, key) = ctx.tenant_of_message(&input.message_id).await?;
        tenant.sender()?;
        let db = ctx.cx()?.db.read();
        let failed = tenant.messages().filter(message::Column::Id.eq(key)).one(db).await?.ok_or(Refusal::NotFound)?;
        check(&failed)?;
        let account = tenant.accounts().filter(account::Column::Id.eq(failed.account_id)).one(db).await?;
        let again = again(failed, account.and_then(|account| account.phone));
        submit(ctx, tenant, &again).await
    }
}

fn check(message: &message::Model) -> Result<(), Refusal> {
    if message.status == MessageStatus::Failed && nhip_domain::message::is_erased(message) {
        return Err(Refusal::Conflict("What it said is no longer kept: write it anew".to_owned()));
    }
    if message.status == MessageStatus::Failed {
        return Ok(());
    }
    let status = <&str>::from(message.status);
    Err(Refusal::Conflict(format!("Only a message that FAILED can be sent again; this one is {status}")))
}

/// What was asked for then. Where rule 4 picked the account, it picks again; an account that was named is named again.
fn again(failed: message::Model, account_phone: Option<String>) -> SendMessageInput {
    let given = |kind| (failed.recipient_kind == kind).then(|| failed.recipient.clone());
    let named = !failed.by_default && failed.recipient_kind != RecipientKind::ChatId;
    SendMessageInput {
        workspace_id: failed.workspace_id.into(),
        chat_id: given(RecipientKind::ChatId).map(ID),
        jid: given(RecipientKind::Jid),
        phone: given(RecipientKind::Phone),
        chat_name: given(RecipientKind::ChatName),
        whatsapp_account_phone: account_phone.filter(|_| named).map(|digits| format!("+{digits}")),
        text: Some(failed.text),
        file_url: failed.file_url,
        file_name: failed.file_name,
        idempotency_key: None,
    }
}
