//! Messages and chats.

use async_graphql::{Context, ID, InputObject, Object, OneofObject, Result, SimpleObject};
use nhip_domain::{
    Refusal, chat,
    message::{
        Call, Origin,
        cancel::{Which, cancel},
    },
    request,
    tenant::{Actor, Tenant},
};
use nhip_entity::message::{self, MessageSource};
use sea_orm::{ColumnTrait, QueryFilter};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use super::super::{
    ask::Ask as _,
    connection, errors, own,
    scalars::int,
    types::{Chat, Message},
};

/// How many canceled messages are named.
const NAMED: usize = 200;

/// Messages and chats.
#[derive(Default)]
pub(super) struct MessageMutation;

/// One message to one recipient: exactly one of `chatId`, `jid`, `phone`, `chatName`.
#[derive(InputObject)]
pub(super) struct SendMessageInput {
    /// Whose.
    pub(super) workspace_id: ID,
    /// The text; may be absent beside a file.
    pub(super) text: Option<String>,
    /// The file to attach: a direct link.
    pub(super) file_url: Option<String>,
    /// The file's name as the recipient will see it.
    pub(super) file_name: Option<String>,
    /// The number of a chat.
    pub(super) chat_id: Option<ID>,
    /// A WhatsApp JID.
    pub(super) jid: Option<String>,
    /// A phone number in international format.
    pub(super) phone: Option<String>,
    /// The exact name of a chat.
    pub(super) chat_name: Option<String>,
    /// Which account sends, by its phone.
    pub(super) whatsapp_account_phone: Option<String>,
    /// A repeat of this key within 24 h answers with the first message.
    pub(super) idempotency_key: Option<String>,
}

/// Which messages to cancel.
#[derive(InputObject)]
struct CancelMessagesInput {
    /// Whose.
    workspace_id: ID,
    /// Which of them.
    which: CancelWhich,
}

/// One of three.
#[derive(OneofObject)]
enum CancelWhich {
    /// These.
    MessageIds(Vec<ID>),
    /// All that wait in this account's queue.
    AccountId(ID),
    /// All that wait.
    AllQueued(bool),
}

/// What was canceled.
#[derive(SimpleObject)]
#[graphql(complex)]
struct CanceledMessages {
    /// How many; at most 1,000 a call.
    count: i32,
    /// The credits that came back.
    credits_restored: i32,
    #[graphql(skip)]
    tenant: Tenant,
    #[graphql(skip)]
    rows: Vec<message::Model>,
}

#[async_graphql::ComplexObject]
impl CanceledMessages {
    /// The first 200.
    #[graphql(complexity = "connection::cost(Some(200), child_complexity)")]
    async fn messages(&self) -> Vec<Message> {
        self.rows.iter().take(NAMED).map(|row| Message::new(self.tenant.clone(), row.clone())).collect()
    }
}

/// Another name.
#[derive(InputObject)]
struct RenameChatInput {
    /// Which chat.
    chat_id: ID,
    /// What its people will call it, and what `chat_name` will take.
    name: String,
}

#[Object]
impl MessageMutation {
    /// The same path, rules and charge as the webhook; works while the webhook is disabled.
    async fn send_message(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "One message to one recipient: exactly one of `chatId`, `jid`, `phone`, `chatName`.")]
        input: SendMessageInput,
    ) -> Result<Message> {
        let tenant = ctx.tenant(&input.workspace_id).await?;
        submit(ctx, tenant, &input).await
    }

    /// Takes messages out of the queue, oldest first, at most 1,000 a call; their credits come back.
    async fn cancel_messages(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which messages to cancel.")] input: CancelMessagesInput,
    ) -> Result<CanceledMessages> {
        let tenant = ctx.tenant(&input.workspace_id).await?;
        tenant.sender()?;
        let canceled = cancel(ctx.cx()?, &tenant, &which(ctx, &tenant, input.which).await?).await?;
        Ok(CanceledMessages {
            count: i32::try_from(canceled.messages.len()).unwrap_or(i32::MAX),
            credits_restored: int(canceled.credits),
            tenant,
            rows: canceled.messages,
        })
    }

    /// Gives a chat a name of one's own.
    async fn rename_chat(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Another name.")] input: RenameChatInput,
    ) -> Result<Chat> {
        let (tenant, id) = ctx.tenant_of_chat(&input.chat_id).await?;
        let row = chat::rename(ctx.cx()?, &tenant, id, &input.name).await?;
        Ok(Chat::new(tenant, row))
    }
}

/// Hands a message to the committer, as a webhook's call would be.
pub(super) async fn submit(ctx: &Context<'_>, tenant: Tenant, input: &SendMessageInput) -> Result<Message> {
    tenant.sender()?;
    let source = match tenant.actor() {
        Actor::Member { .. } => MessageSource::Dashboard,
        Actor::ApiToken { .. } => MessageSource::Api,
    };
    let body = as_webhook_body(input);
    let call = Call {
        origin: Origin::Workspace { workspace_id: tenant.workspace_id(), source },
        request: request::parse(&body, Some("application/json"), None).request,
        body_hash: Sha256::digest(&body).into(),
    };
    let accepted = ctx.deps()?.acceptor.submit(call).await.map_err(|refusal| in_our_names(&refusal))?;
    let rows = tenant.messages().filter(message::Column::Id.eq(accepted.message_id));
    let row = rows.one(ctx.cx()?.db.read()).await?.ok_or(Refusal::NotFound)?;
    Ok(Message::new(tenant, row))
}

/// The most messages that are named in one call.
const MOST_NAMED: usize = 1_000;

/// What to cancel. Whatever does not belong to the workspace does not exist.
async fn which(ctx: &Context<'_>, tenant: &Tenant, which: CancelWhich) -> Result<Which> {
    let refuse = |field, problem: &str| Refusal::BadInput { field, problem: problem.to_owned() };
    match which {
        CancelWhich::MessageIds(ids) if ids.len() > MOST_NAMED => {
            Err(refuse("messageIds", "Name at most 1,000 messages at a time").into())
        }
        CancelWhich::MessageIds(ids) => Ok(Which::Messages(own::messages(ctx, tenant, &ids).await?)),
        CancelWhich::AccountId(id) => Ok(Which::Account(own::account(ctx, tenant, &id).await?)),
        CancelWhich::AllQueued(true) => Ok(Which::AllQueued),
        CancelWhich::AllQueued(false) => Err(refuse("allQueued", "`allQueued` must be true, or left out").into()),
    }
}

/// The input as a tool would post it: so that the rules are the same to the letter.
fn as_webhook_body(input: &SendMessageInput) -> Vec<u8> {
    let fields = [
        ("text", input.text.as_deref()),
        ("file_url", input.file_url.as_deref()),
        ("file_name", input.file_name.as_deref()),
        ("chat_id", input.chat_id.as_ref().map(|id| id.as_str())),
        ("jid", input.jid.as_deref()),
        ("phone", input.phone.as_deref()),
        ("chat_name", input.chat_name.as_deref()),
        ("whatsapp_account_phone", input.whatsapp_account_phone.as_deref()),
        ("idempotency_key", input.idempotency_key.as_deref()),
    ];
    let mut body: Map<String, Value> =
        fields.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?.into()))).collect();
    body.insert("action".to_owned(), "send".into());
    Value::Object(body).to_string().into_bytes()
}

/// A refusal of the webhook's, with fields as the admin API spells them, and without the place in a body that nobody sent.
fn in_our_names(refusal: &Refusal) -> async_graphql::Error {
    let nobody_sends = (*refusal == Refusal::NoAccount).then_some("whatsapp_account_phone");
    let field = refusal.field().or(nobody_sends).map(camel_case);
    let spelled = request::contract::FIELDS.iter().fold(refusal.without_place().to_string(), |message, field| {
        message.replace(&format!("`{}`", field.name), &format!("`{}`", camel_case(field.name)))
    });
    errors::in_words(refusal, spelled, field)
}

fn camel_case(name: &str) -> String {
    let mut words = name.split('_');
    let first = words.next().unwrap_or_default().to_owned();
    words.fold(first, |mut all, word| {
        let mut letters = word.chars();
        all.extend(letters.next().map(|letter| letter.to_ascii_uppercase()));
        all.extend(letters);
        all
    })
}

#[cfg(test)]
mod tests {
    use nhip_domain::refusal::Place;

    use super::*;

    #[test]
    fn a_refusal_names_the_inputs_own_field_and_no_place() {
        let place = Some(Place { line: 1, column: 28 });
        let bad = |problem: &str| Refusal::BadField { field: "chat_id".to_owned(), place, problem: problem.to_owned() };
        let err = in_our_names(&bad("is no number; give one of `chat_id` and `chat_name`"));
        assert_eq!(err.message, "`chatId` is no number; give one of `chatId` and `chatName`");
    }

    #[test]
    fn the_webhooks_fields_have_their_own_spelling_here() {
        assert_eq!(camel_case("whatsapp_account_phone"), "whatsappAccountPhone");
        assert_eq!(camel_case("text"), "text");
    }
}
