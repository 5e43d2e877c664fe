//! What a tool asks for: one message to one recipient.

use crate::refusal::Refusal;

/// A checked request to send one message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SendRequest {
    /// The text; empty only beside a file.
    pub text: String,
    /// The file to attach.
    pub file: Option<FileRef>,
    /// Who gets it.
    pub recipient: Recipient,
    /// Which account sends, by the digits of its phone.
    pub account_phone: Option<AccountPhone>,
    /// A repeat of this key within 24 h gets the first answer.
    pub idempotency_key: Option<String>,
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
    /// As the caller gave it.
    pub given: String,
    /// Digits alone.
    pub digits: String,
}

/// Who gets the message: exactly one of the contract's four kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The number of a chat.
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
