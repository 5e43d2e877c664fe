//! The contract's enumerations, over those of the tables.

mod people;

use async_graphql::{Enum, resolver_utils::EnumType as _};
use nhip_entity as entity;

pub(super) use self::people::{Role, Scope};

/// A way to reach WhatsApp.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::account::Gateway")]
pub(super) enum Gateway {
    /// The built-in WhatsApp, which reaches no phone.
    Simulator,
    /// Meta's Cloud API.
    CloudApi,
    /// WhatsApp Web.
    Web,
}

/// What an account's gateway can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "nhip_worker::gateway::Capability")]
pub(super) enum Capability {
    /// Texts.
    Text,
    /// Images.
    Image,
    /// Videos.
    Video,
    /// Sound.
    Audio,
    /// Any other file.
    Document,
    /// Groups.
    Groups,
    /// Asking whether a number is on WhatsApp.
    NumberCheck,
    /// Sending the same id again without sending twice.
    SafeResend,
    /// Free texts to people who did not write within the last 24 h.
    ColdText,
}

/// Whether an account can send.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::account::AccountState")]
pub(super) enum AccountState {
    /// Waits for its phone to pair.
    Pairing,
    /// Waits for a passkey.
    PasskeyRequired,
    /// Sends.
    Connected,
    /// Lost its connection and is getting it back.
    Reconnecting,
    /// WhatsApp locks new chats; known ones go on.
    Restricted,
    /// A person paused it: it keeps its queue and sends nothing.
    Paused,
    /// Logged out: reconnect it.
    LoggedOut,
    /// Banned by WhatsApp.
    Banned,
    /// Disconnected by a person.
    Removed,
}

/// Why an account is in its state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::account::AccountReason")]
pub(super) enum AccountReason {
    /// A person did it.
    ByUser,
    /// Logged out on the phone.
    LoggedOutOnPhone,
    /// Another session took its place.
    Replaced,
    /// Its token expired.
    TokenExpired,
    /// Its token was refused.
    TokenRefused,
    /// WhatsApp locked new chats.
    NewChatsLocked,
    /// WhatsApp capped new chats.
    NewChatsCapped,
    /// Banned for a time.
    TemporaryBan,
    /// Locked by WhatsApp.
    Locked,
    /// The network.
    Network,
    /// Nobody paired in time.
    PairingExpired,
}

/// One person, or several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::chat::ChatKind")]
pub(super) enum ChatKind {
    /// One person.
    Contact,
    /// Several.
    Group,
}

/// How the caller named the recipient.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::message::RecipientKind")]
pub(super) enum RecipientKind {
    /// By phone number.
    Phone,
    /// By WhatsApp's own id.
    Jid,
    /// By the number of a chat.
    ChatId,
    /// By the name of a chat.
    ChatName,
}

/// Who asked for a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::message::MessageSource")]
pub(super) enum MessageSource {
    /// A tool, over the webhook.
    Webhook,
    /// A person.
    Dashboard,
    /// A program, with an API token.
    Api,
}

/// Where a message is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::message::MessageStatus")]
pub(super) enum MessageStatus {
    /// Waits for its turn.
    Queued,
    /// WhatsApp may have it.
    Sending,
    /// WhatsApp has it.
    Sent,
    /// It is on the recipient's phone.
    Delivered,
    /// It was read.
    Read,
    /// It could not be sent; its credits came back.
    Failed,
    /// A person took it out of the queue; its credits came back.
    Canceled,
}

/// Why a queued message is not being sent this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum WaitReason {
    /// Others are before it, or the next beat is not yet due.
    ItsTurn,
    /// Its file is being downloaded.
    File,
    /// It is tried again after an error.
    Retry,
    /// Its recipient gets too much.
    RecipientLimit,
    /// Its account sent as many as its daily cap allows.
    DailyCap,
    /// WhatsApp asked its account to wait, or cannot be reached: nothing leaves before `Account.heldUntil`.
    AccountHeld,
    /// Its account is paused.
    AccountPaused,
    /// Its account is getting its connection back.
    AccountReconnecting,
    /// Its account is not connected.
    AccountNotConnected,
    /// Its account may not open new chats.
    AccountRestricted,
    /// It is not known whether WhatsApp has it.
    Confirmation,
}

/// Why a message could not be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::message::FailureReason")]
pub(super) enum FailureReason {
    /// The recipient is no phone number and no JID.
    InvalidRecipient,
    /// The number is not on WhatsApp.
    NotOnWhatsapp,
    /// The account is not in the group.
    GroupNotMember,
    /// Only admins write in the group.
    GroupReadOnly,
    /// WhatsApp lets the account open no new chats.
    NewChatsRestricted,
    /// The contact did not write within the last 24 h.
    OutsideReplyWindow,
    /// The account is gone.
    AccountUnavailable,
    /// The file could not be downloaded.
    FileUnreachable,
    /// The file is over 2 MiB.
    FileTooLarge,
    /// The link leads to a page, not to a file.
    FileNotDirectLink,
    /// The link leads to a private address.
    FileAddressRefused,
    /// WhatsApp takes no files of this type.
    FileTypeUnsupported,
    /// WhatsApp did not take the file.
    FileRejected,
    /// An error at WhatsApp.
    WhatsappError,
    /// Too much was sent.
    RateLimited,
    /// It never came out whether WhatsApp took it.
    Unconfirmed,
    /// Its account could not send for too long.
    Expired,
}

/// What an entry does to the balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::credit_entry::CreditKind")]
pub(super) enum CreditKind {
    /// Credits granted.
    Grant,
    /// A message's price.
    Charge,
    /// A message's price given back.
    Restore,
    /// Credits taken back.
    Adjust,
}

/// How a call of the webhook ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "entity::activation::ActivationOutcome")]
pub(super) enum ActivationOutcome {
    /// A message was queued.
    Accepted,
    /// It was refused.
    Refused,
}

/// Why the webhook said no; `code` in its answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
pub(super) enum RefusalCode {
    /// The body is not JSON; the answer says where it breaks.
    InvalidJson,
    /// The body is not UTF-8.
    #[graphql(name = "NOT_UTF8")]
    NotUtf8,
    /// A field is missing; the answer names it.
    MissingField,
    /// A field's value cannot be used; the answer names it.
    BadField,
    /// Fields exclude one another.
    ConflictingFields,
    /// The workspace has no account that could send.
    NoAccount,
    /// The workspace has no account with that phone.
    UnknownAccount,
    /// The account is there, but not connected.
    AccountNotConnected,
    /// No chat of the account has that number or name.
    ChatNotFound,
    /// The message costs more credits than are left.
    OutOfCredits,
    /// The webhook is switched off.
    WebhookDisabled,
    /// No webhook has that URL, any more or at all.
    WebhookNotFound,
    /// The webhook takes POST.
    MethodNotAllowed,
    /// The key was used before, with another body.
    IdempotencyMismatch,
    /// The body is over the limit.
    BodyTooLarge,
    /// The body is compressed in a way that is not taken.
    UnsupportedEncoding,
    /// Too many calls; the answer says when to try again.
    RateLimited,
    /// Nothing was taken up; try again.
    Unavailable,
}

impl RefusalCode {
    /// The code that is spelled like this; none for refusals that are no webhook's.
    pub(super) fn of(code: &str) -> Option<Self> {
        Self::items().iter().find(|item| item.name == code).map(|item| item.value)
    }
}

#[cfg(test)]
mod tests {
    use nhip_domain::Refusal;
    use strum::IntoEnumIterator as _;

    use super::*;

    #[test]
    fn every_refusal_of_the_webhook_has_its_code_and_no_other_has_one() {
        let admin = [
            "UNAUTHENTICATED",
            "WRONG_CREDENTIALS",
            "FORBIDDEN",
            "NOT_FOUND",
            "BAD_INPUT",
            "CONFLICT",
            "TAKEN",
            "MISSED_EVENTS",
            "GATEWAY_UNREACHABLE",
        ];
        for refusal in Refusal::iter() {
            let code = refusal.code();
            assert_eq!(RefusalCode::of(code).is_some(), !admin.contains(&code), "{code}");
        }
    }
}
