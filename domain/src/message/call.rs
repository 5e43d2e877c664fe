//! What is handed to the committer, and what it answers.

use nhip_entity::{activation::Heard, message::MessageSource};
use tokio::time::Instant;
use uuid::Uuid;

use crate::{refusal::Refusal, request::SendRequest, token::TokenHash};

/// One call, read and parsed, on its way into the accept transaction.
#[derive(Clone, Debug)]
pub struct Call {
    /// Where it came in.
    pub origin: Origin,
    /// What it asks for, or why that cannot be had.
    pub request: Result<SendRequest, Refusal>,
    /// SHA-256 of the body's bytes: what a repeated idempotency key is compared by.
    pub body_hash: [u8; 32],
}

impl Call {
    /// When its first byte came, where that is known.
    pub(super) fn since(&self) -> Option<Instant> {
        match &self.origin {
            Origin::Webhook { received, .. } => Some(received.since),
            Origin::Workspace { .. } => None,
        }
    }
}

/// Where a call came in.
#[derive(Clone, Debug)]
pub enum Origin {
    /// The webhook: logged as an activation.
    Webhook {
        /// Of the URL's token.
        token: TokenHash,
        /// For the log.
        received: Received,
    },
    /// The dashboard or the API, already authorized: no activation, and the webhook's switch does not matter.
    Workspace {
        /// Whose.
        workspace_id: Uuid,
        /// Dashboard or API.
        source: MessageSource,
    },
}

/// What the activation log keeps of a call.
#[derive(Clone, Debug)]
pub struct Received {
    /// The answer's `X-Request-Id`.
    pub id: Uuid,
    /// When its head was there, by the monotonic clock.
    pub since: Instant,
    /// As it stands in the log: rendered before the call waits, because the committer has no time to lose.
    pub(super) heard: String,
}

impl Received {
    /// A call whose head was there at `since`.
    #[must_use]
    pub fn new(heard: &Heard, since: Instant) -> Self {
        Self { id: heard.id, since, heard: heard.to_string() }
    }
}

/// The message is durable, and so is its charge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// `3EB0` and 16 upper-case hex digits.
    pub message_id: String,
    /// Whether this answers a repeated idempotency key.
    pub replayed: bool,
}
