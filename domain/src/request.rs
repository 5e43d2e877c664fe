//! What a tool asks for: one message to one recipient, and how a body becomes that.
//!
//! [`parse`] reports the first thing wrong, looked for in this order:
//!
//! 1. the body as a whole: form-encoded, not UTF-8, empty, not an object, not JSON;
//! 2. its strings and objects: depth, lone surrogates, U+0000, repeated keys, in the body's order;
//! 3. the fields, each by its type and then by its value: `action`; `file_url`, `file_name`, `text`; that there is exactly
//!    one recipient, then the recipient itself; the account's phone; the idempotency key, header before field.

mod breaks;
pub mod contract;
mod document;
mod fields;
mod file;
mod form;
mod hints;
mod jid;
mod number;
mod parse;
mod place;
mod recipient;
#[cfg(test)]
mod tests;
mod walk;

pub use self::{
    jid::{Jid, JidKind, jid_of_phone, normal_jid, order_key},
    parse::parse,
};
use crate::refusal::{Refusal, Spot};

/// A checked request to send one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRequest {
    /// The text as given, or empty, which it is only beside a file; white space alone has become empty.
    pub text: String,
    /// The file to attach.
    pub file: Option<FileRef>,
    /// Who gets it.
    pub recipient: Recipient,
    /// The field that says so.
    pub recipient_at: Spot,
    /// Which account sends, by the digits of its phone; always `None` beside a `chat_id`, whose account decides.
    pub account_phone: Option<AccountPhone>,
    /// A repeat of this key within 24 h gets the first answer.
    pub idempotency_key: Option<String>,
}

impl SendRequest {
    /// The bytes of its strings that may be long.
    pub(crate) fn weight(&self) -> usize {
        let recipient = match &self.recipient {
            Recipient::ChatId(_) => 0,
            Recipient::Jid(given) | Recipient::Phone(given) | Recipient::ChatName(given) => given.len(),
        };
        let file = self.file.as_ref().map_or(0, |file| file.url.len() + file.name.len());
        self.text.len() + recipient + file
    }
}

/// A file to download and attach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileRef {
    /// An http or https URL.
    pub url: String,
    /// The name that the recipient sees.
    pub name: String,
}

/// An account's phone as the caller spelled it, and its digits, by which phones compare.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountPhone {
    /// As the caller gave it, fit to be repeated.
    pub given: String,
    /// Digits alone.
    pub digits: String,
    /// The field that says so.
    pub at: Spot,
}

/// Who gets the message: exactly one of the contract's four kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The number of a chat; `i64::MAX`, which no chat has, stands for all numbers beyond it.
    ChatId(i64),
    /// A WhatsApp JID, trimmed, as given.
    Jid(String),
    /// A phone number, trimmed, as given.
    Phone(String),
    /// The name of a chat, in NFC and trimmed.
    ChatName(String),
}

/// What came out of a body: the request or why not, and what was ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parsed {
    /// The request, or the first thing wrong with it.
    pub request: Result<SendRequest, Refusal>,
    /// Names of fields that were ignored, in the body's order.
    pub ignored: Vec<String>,
}
