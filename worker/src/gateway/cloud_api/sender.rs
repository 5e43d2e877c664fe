//! What an account sends with: its ids and token at Meta, and whether its recipient may be written to freely. Read anew for
//! each message, so that what an owner replaces counts at once, in every process.

use chrono::TimeDelta;
use nhip_domain::{Broken, Cx, account::cloud_api};
use nhip_entity::{account, chat};
use sea_orm::{ColumnTrait as _, EntityTrait as _, ExprTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::{compose::Address, graph::Token};

/// How long after a person wrote free texts may be sent to them.
const WINDOW: TimeDelta = TimeDelta::hours(24);
/// Nearer to its end than this, the window counts as closed: a message takes a moment to arrive.
const MARGIN: TimeDelta = TimeDelta::minutes(1);

/// An account that sends.
pub(super) struct Sender {
    pub(super) phone_number_id: String,
    pub(super) token: Token,
    pub(super) template: Option<Template>,
    /// Whether the recipient wrote lately, as far as we were told.
    pub(super) window_is_open: bool,
}

/// A template with one parameter, the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Template {
    pub(super) name: String,
    pub(super) language: String,
}

/// Why an account cannot send.
pub(super) enum NoSender {
    /// For now: the database could not be read.
    For(Broken),
    /// Until a person does something, which this says.
    Ever(&'static str),
}

impl From<sea_orm::DbErr> for NoSender {
    fn from(err: sea_orm::DbErr) -> Self {
        Self::For(err.into())
    }
}

impl Sender {
    pub(super) async fn load(cx: &Cx, account_id: Uuid, address: &Address) -> Result<Self, NoSender> {
        let at_meta = match cloud_api::find(cx, account_id).await {
            Ok(Some(at_meta)) => at_meta,
            Ok(None) => return Err(NoSender::Ever("It has no credentials: update them on its page")),
            Err(err @ (Broken::Unreadable(_) | Broken::SealedByAnotherKey { .. })) => {
                tracing::error!(account.id = %account_id, error = &err as &dyn std::error::Error, "credentials cannot be opened");
                return Err(NoSender::Ever(
                    "Its credentials cannot be read (was NHIP_SECRET_KEY changed?): enter them anew on its page",
                ));
            }
            Err(err) => return Err(NoSender::For(err)),
        };
        let account = account::Entity::find_by_id(account_id).one(cx.db.read()).await?;
        let template = account
            .and_then(|account| Some(Template { name: account.template_name?, language: account.template_language? }));
        Ok(Self {
            phone_number_id: at_meta.phone_number_id,
            token: Token::of(&at_meta.credentials),
            template,
            window_is_open: window_is_open(cx, account_id, address).await?,
        })
    }

    /// Whether the account has other credentials by now: what Meta says of these is over.
    pub(super) async fn is_replaced(&self, cx: &Cx, account_id: Uuid) -> bool {
        match cloud_api::find(cx, account_id).await {
            Ok(Some(now)) => now.phone_number_id != self.phone_number_id || Token::of(&now.credentials) != self.token,
            Ok(None) | Err(_) => false,
        }
    }
}

async fn window_is_open(cx: &Cx, account_id: Uuid, address: &Address) -> Result<bool, NoSender> {
    let is_addressed = chat::Column::Jid.eq(address.jid()).or(chat::Column::AddressedAs.eq(address.jid()));
    let chats = chat::Entity::find().filter(chat::Column::AccountId.eq(account_id)).filter(is_addressed);
    let last = chats.all(cx.db.read()).await?.into_iter().filter_map(|chat| chat.last_incoming_at).max();
    Ok(last.is_some_and(|at| cx.now() < at + WINDOW - MARGIN))
}
