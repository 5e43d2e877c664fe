//! Everything a caller can be told no for.

use std::fmt;

/// A place in the request's body: both count from 1; the column counts characters, not bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
}

impl fmt::Display for Place {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "line {}, column {}", self.line, self.column)
    }
}

/// A field of the request's body, and where its value begins.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spot {
    /// Its name as given.
    pub field: String,
    /// Where its value begins.
    pub place: Place,
}

fn in_brackets(place: Option<Place>) -> String {
    place.map(|place| format!(" ({place})")).unwrap_or_default()
}

/// Who can mend it, in terms that a transport maps to its own (HTTP status, GraphQL code).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The input is wrong: 400.
    Invalid,
    /// No or stale credentials: 401.
    Unauthenticated,
    /// Not enough credits: 402.
    PaymentRequired,
    /// Known, but not allowed: 403.
    Forbidden,
    /// Not there, or not the caller's: 404.
    NotFound,
    /// The wrong HTTP method: 405.
    MethodNotAllowed,
    /// Contradicts what is already stored: 409.
    Conflict,
    /// The body is over the limit: 413.
    TooLarge,
    /// A media type or encoding that is not taken: 415.
    Unsupported,
    /// Too many calls: 429.
    RateLimited,
    /// Ours to mend; come back later: 503.
    Unavailable,
}

/// Everything a caller can be told no for. The codes (the variant's name in `SCREAMING_SNAKE_CASE`) are public and never
/// renamed; the message is one sentence that names the mend.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr, strum::EnumIter)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[expect(missing_docs, reason = "the fields are named in the message above them")]
pub enum Refusal {
    /// The body is not one JSON object.
    #[error("{problem} ({place})")]
    InvalidJson { place: Place, field: Option<String>, problem: String },
    /// The body is not UTF-8.
    #[error("The body is not UTF-8 ({place}); send it encoded as UTF-8")]
    NotUtf8 { place: Place },
    /// Something required is absent. `hint` is a "did you mean" sentence.
    #[error("`{field}` is missing{}{}", if hint.is_empty() { "" } else { "; " }, hint)]
    MissingField { field: String, hint: String },
    /// A field's value cannot be taken.
    #[error("`{field}` {problem}{}", in_brackets(*place))]
    BadField { field: String, place: Option<Place>, problem: String },
    /// Fields that exclude each other, or disagree.
    #[error("{problem}{}", in_brackets(*place))]
    ConflictingFields { field: String, place: Option<Place>, problem: String },
    /// Rule 4 finds no account.
    #[error("No WhatsApp account is connected in this workspace")]
    NoAccount,
    /// No such account in the workspace.
    #[error("No WhatsApp account of this workspace has the phone {phone}; check `whatsapp_account_phone`")]
    UnknownAccount { phone: String, at: Spot },
    /// The account is known but cannot take messages: the one that `at` names, or the one of the chat that it names.
    #[error("The WhatsApp account {phone} is not connected; connect it on the screen Accounts")]
    AccountNotConnected { phone: String, at: Spot },
    /// No such chat in the workspace.
    #[error("Chat not found")]
    ChatNotFound { at: Spot },
    /// The balance does not cover it.
    #[error("Not enough message credits: {needed} needed, {left} left")]
    OutOfCredits { needed: i64, left: i64 },
    /// The owner switched the URL off.
    #[error("Webhook is disabled")]
    WebhookDisabled,
    /// The URL is dead: stop.
    #[error("Webhook not found")]
    WebhookNotFound,
    /// Anything but POST.
    #[error("This URL takes POST")]
    MethodNotAllowed,
    /// The key was used with another body.
    #[error("This Idempotency-Key was already used with another body; use a new key for a new message")]
    IdempotencyMismatch,
    /// Over 64 KiB.
    #[error("The body is larger than {limit} bytes; send files by `file_url`")]
    BodyTooLarge { limit: usize },
    /// A `Content-Encoding` other than identity.
    #[error("Content-Encoding `{encoding}` is not supported; send the body unencoded")]
    UnsupportedEncoding { encoding: String },
    /// Over the workspace's limit.
    #[error("Too many calls; try again in {retry_after_s} s")]
    RateLimited { retry_after_s: u64 },
    /// We cannot, now. Nothing was charged.
    #[error("The service cannot take this now. Nothing was charged; try again")]
    Unavailable,
    /// The outcome of a commit stayed unknown.
    #[error("It is not known whether this was accepted; repeat it with an Idempotency-Key")]
    OutcomeUnknown,
    /// A subscriber was too slow for the events of its workspace.
    #[error(
        "Events came faster than they were taken, and some are gone: read again what you show, then subscribe again"
    )]
    MissedEvents,
    /// No session, or one that has ended.
    #[error("Log in first")]
    Unauthenticated,
    /// No user has this e-mail and password.
    #[error("The e-mail or the password is wrong")]
    WrongCredentials,
    /// The role or the token's scopes do not cover it.
    #[error("{0}")]
    Forbidden(String),
    /// Not there, or in a workspace that one is not in.
    #[error("Not found")]
    NotFound,
    /// An argument of the admin API cannot be taken.
    #[error("{problem}")]
    BadInput { field: &'static str, problem: String },
    /// Contradicts what is already stored.
    #[error("{0}")]
    Conflict(String),
    /// Somebody or something has this value of an argument already.
    #[error("{problem}")]
    Taken { field: &'static str, problem: String },
    /// Whoever must be asked before this can be done does not answer.
    #[error("{problem}")]
    GatewayUnreachable { problem: String },
}

impl Refusal {
    /// Who can mend it.
    #[must_use]
    pub fn kind(&self) -> Kind {
        // No `_` arm: a new refusal does not compile until someone decides.
        match self {
            Self::InvalidJson { .. }
            | Self::NotUtf8 { .. }
            | Self::MissingField { .. }
            | Self::BadField { .. }
            | Self::ConflictingFields { .. }
            | Self::NoAccount
            | Self::UnknownAccount { .. }
            | Self::AccountNotConnected { .. }
            | Self::ChatNotFound { .. }
            | Self::BadInput { .. } => Kind::Invalid,
            Self::OutOfCredits { .. } => Kind::PaymentRequired,
            Self::WebhookDisabled | Self::Forbidden(_) => Kind::Forbidden,
            Self::WebhookNotFound | Self::NotFound => Kind::NotFound,
            Self::MethodNotAllowed => Kind::MethodNotAllowed,
            Self::IdempotencyMismatch | Self::Conflict(_) | Self::Taken { .. } => Kind::Conflict,
            Self::BodyTooLarge { .. } => Kind::TooLarge,
            Self::UnsupportedEncoding { .. } => Kind::Unsupported,
            Self::RateLimited { .. } => Kind::RateLimited,
            Self::Unavailable | Self::OutcomeUnknown | Self::MissedEvents | Self::GatewayUnreachable { .. } => {
                Kind::Unavailable
            }
            Self::Unauthenticated | Self::WrongCredentials => Kind::Unauthenticated,
        }
    }

    /// The public code, as the webhook's answers and `RefusalCode` spell it.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::OutcomeUnknown => Self::Unavailable.into(),
            other => other.into(),
        }
    }

    /// The field at fault, where one is.
    #[must_use]
    pub fn field(&self) -> Option<&str> {
        match self {
            Self::MissingField { field, .. } | Self::BadField { field, .. } | Self::ConflictingFields { field, .. } => {
                Some(field)
            }
            Self::InvalidJson { field, .. } => field.as_deref(),
            Self::UnknownAccount { at, .. } | Self::AccountNotConnected { at, .. } | Self::ChatNotFound { at } => {
                Some(&at.field)
            }
            Self::BadInput { field, .. } | Self::Taken { field, .. } => Some(field),
            _ => None,
        }
    }

    /// The same, for whoever sent no body: its sentence names no place in one.
    #[must_use]
    pub fn without_place(&self) -> Self {
        match self.clone() {
            Self::BadField { field, problem, .. } => Self::BadField { field, place: None, problem },
            Self::ConflictingFields { field, problem, .. } => Self::ConflictingFields { field, place: None, problem },
            other => other,
        }
    }

    /// The place in the body at fault, where one is.
    #[must_use]
    pub fn place(&self) -> Option<Place> {
        match self {
            Self::InvalidJson { place, .. } | Self::NotUtf8 { place } => Some(*place),
            Self::BadField { place, .. } | Self::ConflictingFields { place, .. } => *place,
            Self::UnknownAccount { at, .. } | Self::AccountNotConnected { at, .. } | Self::ChatNotFound { at } => {
                Some(at.place)
            }
            _ => None,
        }
    }
}
