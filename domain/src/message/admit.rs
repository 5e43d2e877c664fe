//! The pure part of acceptance: what is decided about each call, in order of arrival, from what was read under the
//! workspaces' locks. No I/O, no clock.

use std::{cmp::Reverse, collections::HashMap};

use chrono::{DateTime, Utc};
use nhip_entity::{
    account::AccountState,
    credit_entry::CreditKind,
    message::{MessageSource, RecipientKind},
};
use uuid::Uuid;

use super::call::{Accepted, Call, Origin};
use crate::{
    account::rank::{self, Candidate},
    ledger::{Book, Note},
    refusal::{Kind, Refusal, Spot},
    request::{self, AccountPhone, FileRef, Recipient, SendRequest},
    settings::Rate,
    token::TokenHash,
};

/// What the decisions rest on, and what they change as they are made.
#[derive(Debug)]
pub(super) struct State {
    pub(super) now: DateTime<Utc>,
    pub(super) rate: Option<Rate>,
    pub(super) book: Book,
    /// By workspace; absent where the workspace is deleted.
    pub(super) webhooks: HashMap<Uuid, Webhook>,
    /// Which workspace a token led to when it was last looked up; its webhook's own hash decides.
    pub(super) hints: HashMap<TokenHash, Uuid>,
    pub(super) accounts: HashMap<Uuid, Candidate>,
    pub(super) chats: Vec<KnownChat>,
    pub(super) keys: HashMap<(Uuid, String), Remembered>,
}

#[derive(Clone, Debug)]
pub(super) struct Webhook {
    pub(super) token: Option<TokenHash>,
    pub(super) enabled: bool,
    pub(super) full_again_at_us: i64,
}

#[derive(Clone, Debug)]
pub(super) struct KnownChat {
    pub(super) id: i64,
    pub(super) workspace_id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) name: String,
    /// Whether a person chose the name.
    pub(super) renamed: bool,
    pub(super) jid: String,
}

#[derive(Clone, Debug)]
pub(super) struct Remembered {
    pub(super) body_hash: [u8; 32],
    pub(super) message_id: String,
}

impl KnownChat {
    /// How it stands among chats of its name and account: anybody may call themselves as another does, so a name that a
    /// person of the workspace gave comes first, and then whoever was there before.
    fn standing(&self) -> impl Ord + use<> {
        (self.renamed, Reverse(self.id))
    }
}

/// What was decided about one call.
#[derive(Clone, Debug)]
pub(super) struct Decision {
    /// Whose webhook it called; none where the token leads nowhere.
    pub(super) workspace_id: Option<Uuid>,
    pub(super) answer: Result<Accepted, Refusal>,
    /// The message to store, where one is new.
    pub(super) message: Option<NewMessage>,
}

/// A message to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct NewMessage {
    pub(super) id: String,
    pub(super) workspace_id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) chat_id: Option<i64>,
    pub(super) place: i64,
    pub(super) source: MessageSource,
    pub(super) text: String,
    pub(super) file: Option<FileRef>,
    pub(super) recipient: String,
    pub(super) recipient_kind: RecipientKind,
    pub(super) recipient_key: String,
    pub(super) by_default: bool,
    pub(super) credits: i32,
    pub(super) idempotency_key: Option<String>,
    pub(super) body_hash: [u8; 32],
}

/// Who sends, to which chat of ours.
struct Route<'a> {
    account_id: Uuid,
    chat: Option<&'a KnownChat>,
    by_default: bool,
}

impl<'a> Route<'a> {
    fn to(chat: &'a KnownChat) -> Self {
        Self { account_id: chat.account_id, chat: Some(chat), by_default: false }
    }
}

impl State {
    /// Decides about one call; `message_id` is what its message will be called.
    pub(super) fn admit(&mut self, call: &Call, message_id: &str) -> Decision {
        let workspace_id = self.workspace_of(&call.origin);
        let decided = self.decide(call, workspace_id, message_id);
        let (answer, message) = match decided {
            Ok(Outcome::New(message)) => {
                (Ok(Accepted { message_id: message.id.clone(), replayed: false }), Some(*message))
            }
            Ok(Outcome::Replay(message_id)) => (Ok(Accepted { message_id, replayed: true }), None),
            Err(refusal) => (Err(refusal), None),
        };
        Decision { workspace_id, answer, message }
    }

    fn workspace_of(&self, origin: &Origin) -> Option<Uuid> {
        match origin {
            Origin::Workspace { workspace_id, .. } => Some(*workspace_id),
            Origin::Webhook { token, .. } => {
                let workspace_id = self.hints.get(token)?;
                let webhook = self.webhooks.get(workspace_id)?;
                (webhook.token.as_ref() == Some(token)).then_some(*workspace_id)
            }
        }
    }

    /// The contract's order of checks: 405, 413, 415; then 404, 403, 429, 400 of the body, idempotency, account and chat, 402.
    fn decide(&mut self, call: &Call, workspace_id: Option<Uuid>, message_id: &str) -> Result<Outcome, Refusal> {
        if let Err(refusal) = &call.request
            && is_of_the_envelope(refusal)
        {
            return Err(refusal.clone());
        }
        let workspace_id = workspace_id.ok_or(Refusal::WebhookNotFound)?;
        let source = match call.origin {
            Origin::Webhook { .. } => {
                self.pass_webhook(workspace_id)?;
                MessageSource::Webhook
            }
            Origin::Workspace { source, .. } => source,
        };
        let request = call.request.as_ref().map_err(Clone::clone)?;
        if let Some(message_id) = self.replay(workspace_id, request, call.body_hash)? {
            return Ok(Outcome::Replay(message_id));
        }
        let route = self.route(workspace_id, request)?;
        let (account_id, by_default) = (route.account_id, route.by_default);
        let (chat_id, jid) = route.chat.map(|chat| (chat.id, chat.jid.clone())).unzip();
        self.charge(workspace_id, request, message_id)?;
        let (recipient, recipient_kind) = as_given(&request.recipient);
        if let Some(key) = &request.idempotency_key {
            let remembered = Remembered { body_hash: call.body_hash, message_id: message_id.to_owned() };
            self.keys.insert((workspace_id, key.clone()), remembered);
        }
        Ok(Outcome::New(Box::new(NewMessage {
            id: message_id.to_owned(),
            workspace_id,
            account_id,
            chat_id,
            place: self.book.next_place(workspace_id),
            source,
            text: request.text.clone(),
            file: request.file.clone(),
            recipient,
            recipient_kind,
            recipient_key: jid.unwrap_or_else(|| order_key(&request.recipient)),
            by_default,
            credits: price(request),
            idempotency_key: request.idempotency_key.clone(),
            body_hash: call.body_hash,
        })))
    }

    fn pass_webhook(&mut self, workspace_id: Uuid) -> Result<(), Refusal> {
        let (rate, now) = (self.rate, self.now);
        let webhook = self.webhooks.get_mut(&workspace_id).ok_or(Refusal::WebhookNotFound)?;
        if !webhook.enabled {
            return Err(Refusal::WebhookDisabled);
        }
        match rate {
            Some(rate) => webhook.draw(rate, now),
            None => Ok(()),
        }
    }

    fn replay(&self, workspace_id: Uuid, request: &SendRequest, body: [u8; 32]) -> Result<Option<String>, Refusal> {
        let Some(key) = &request.idempotency_key else { return Ok(None) };
        match self.keys.get(&(workspace_id, key.clone())) {
            None => Ok(None),
            Some(known) if known.body_hash == body => Ok(Some(known.message_id.clone())),
            Some(_) => Err(Refusal::IdempotencyMismatch),
        }
    }

    /// Rules 1 to 4 of "Which account sends".
    fn route(&self, workspace_id: Uuid, request: &SendRequest) -> Result<Route<'_>, Refusal> {
        let at = &request.recipient_at;
        if let Recipient::ChatId(number) = request.recipient {
            let mut found = self.chats(workspace_id, |chat| chat.id == number);
            let (chat, account) = found.next().ok_or_else(|| Refusal::ChatNotFound { at: at.clone() })?;
            must_take_messages(account, at)?;
            return Ok(Route::to(chat));
        }
        let named = request.account_phone.as_ref().map(|phone| self.named(workspace_id, phone)).transpose()?;
        if let Recipient::ChatName(name) = &request.recipient {
            return self.called(workspace_id, name, named, at).map(Route::to);
        }
        let by_default = named.is_none();
        let ours = self.accounts.values().filter(|account| account.workspace_id == workspace_id);
        let account = named.or_else(|| rank::default(ours)).ok_or(Refusal::NoAccount)?;
        Ok(Route { account_id: account.id, chat: None, by_default })
    }

    /// Rule 2.
    fn named(&self, workspace_id: Uuid, phone: &AccountPhone) -> Result<&Candidate, Refusal> {
        let account = self
            .accounts
            .values()
            .filter(|account| account.workspace_id == workspace_id && account.state != AccountState::Removed)
            .find(|account| account.phone.as_ref() == Some(&phone.digits))
            .ok_or_else(|| Refusal::UnknownAccount { phone: phone.given.clone(), at: phone.at.clone() })?;
        must_take_messages(account, &phone.at)?;
        Ok(account)
    }

    /// Rule 3: of the chats of a name, the one whose account rule 4 would rank first. Of an account that was named, its own,
    /// whether rule 4 would pick it or not.
    fn called(
        &self,
        workspace_id: Uuid,
        name: &str,
        named: Option<&Candidate>,
        at: &Spot,
    ) -> Result<&KnownChat, Refusal> {
        let is_of_named = |chat: &KnownChat| named.is_none_or(|account| account.id == chat.account_id);
        let found: Vec<_> = self.chats(workspace_id, |chat| chat.name == *name && is_of_named(chat)).collect();
        if found.is_empty() {
            return Err(Refusal::ChatNotFound { at: at.clone() });
        }
        let picked =
            found.into_iter().filter(|(_, account)| named.is_some() || rank::standing(account.state).is_some());
        let best = picked.max_by_key(|(chat, account)| (rank::rank(account), chat.standing()));
        best.map(|(chat, _)| chat).ok_or(Refusal::NoAccount)
    }

    /// A workspace's chats, each with its account.
    fn chats(
        &self,
        workspace_id: Uuid,
        wanted: impl Fn(&KnownChat) -> bool,
    ) -> impl Iterator<Item = (&KnownChat, &Candidate)> {
        let wanted = move |chat: &&KnownChat| chat.workspace_id == workspace_id && wanted(chat);
        self.chats.iter().filter(wanted).filter_map(|chat| Some((chat, self.accounts.get(&chat.account_id)?)))
    }

    fn charge(&mut self, workspace_id: Uuid, request: &SendRequest, message_id: &str) -> Result<(), Refusal> {
        let needed = i64::from(price(request));
        let note = Note { message_id: Some(message_id.to_owned()), ..Note::default() };
        match self.book.add(workspace_id, CreditKind::Charge, -needed, note) {
            Some(_) => Ok(()),
            None => Err(Refusal::OutOfCredits { needed, left: self.book.balance(workspace_id) }),
        }
    }
}

enum Outcome {
    New(Box<NewMessage>),
    Replay(String),
}

/// What a message costs: 1 credit; non-empty text together with a file 2.
#[must_use]
pub fn price(request: &SendRequest) -> i32 {
    match (&request.file, request.text.trim().is_empty()) {
        (Some(_), false) => 2,
        _ => 1,
    }
}

fn must_take_messages(account: &Candidate, at: &Spot) -> Result<(), Refusal> {
    if rank::takes_messages(account.state) {
        return Ok(());
    }
    let phone = account.phone.as_ref().map_or_else(|| "without a number".to_owned(), |digits| format!("+{digits}"));
    Err(Refusal::AccountNotConnected { phone, at: at.clone() })
}

/// Refusals that come before anything is looked up.
fn is_of_the_envelope(refusal: &Refusal) -> bool {
    matches!(refusal.kind(), Kind::MethodNotAllowed | Kind::TooLarge | Kind::Unsupported)
}

fn as_given(recipient: &Recipient) -> (String, RecipientKind) {
    match recipient {
        Recipient::ChatId(number) => (number.to_string(), RecipientKind::ChatId),
        Recipient::Jid(jid) => (jid.clone(), RecipientKind::Jid),
        Recipient::Phone(phone) => (phone.clone(), RecipientKind::Phone),
        Recipient::ChatName(name) => (name.clone(), RecipientKind::ChatName),
    }
}

/// What the order of messages is kept by: the recipient's JID, where it comes down to one.
fn order_key(recipient: &Recipient) -> String {
    match recipient {
        Recipient::ChatId(number) => number.to_string(),
        Recipient::ChatName(given) | Recipient::Jid(given) | Recipient::Phone(given) => request::order_key(given),
    }
}

#[cfg(test)]
mod tests;
