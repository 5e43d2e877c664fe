//! A way to reach WhatsApp.

pub mod cloud_api;
pub mod simulator;

use std::{
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use nhip_domain::clock::Clock;
use nhip_entity::{
    account::{AccountReason, AccountState, Gateway as Kind},
    chat::ChatKind,
    message::{FailureReason, RecipientKind},
};
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use uuid::Uuid;

/// What a way to WhatsApp can do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Capability {
    /// Texts.
    Text,
    /// Files shown as images.
    Image,
    /// Files shown as videos.
    Video,
    /// Files played as sound.
    Audio,
    /// Any other file.
    Document,
    /// Groups.
    Groups,
    /// Asking whether a number is on WhatsApp.
    NumberCheck,
    /// Sending the same id again without sending twice, because WhatsApp drops a repeated id.
    SafeResend,
    /// Free texts to people who did not write within the last 24 h.
    ColdText,
}

/// What each way to WhatsApp can do.
#[must_use]
pub fn capabilities(gateway: Kind) -> &'static [Capability] {
    match gateway {
        Kind::Simulator => simulator::CAPABILITIES,
        Kind::CloudApi => cloud_api::CAPABILITIES,
        Kind::Web => WEB,
    }
}

/// What WhatsApp Web can do.
const WEB: &[Capability] = simulator::CAPABILITIES;

/// Sends one message of one account at a time, and tells what became of it.
#[async_trait]
pub trait Gateway: Send + Sync {
    /// What this way to WhatsApp can do.
    fn capabilities(&self) -> &'static [Capability];

    /// Whether it can do this.
    fn can(&self, capability: Capability) -> bool {
        self.capabilities().contains(&capability)
    }

    /// Hands a message over and waits for the acknowledgement. The caller bounds the wait, and drops the future past it.
    /// Everything that did not end in an acknowledgement or a definite refusal is [`Unsent::Unknown`].
    async fn send(&self, order: &Order, hand_over: &HandOver) -> Result<Taken, Unsent>;
}

/// One message to hand over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// The account that sends.
    pub account_id: Uuid,
    /// Its phone, digits alone.
    pub account_phone: String,
    /// The id that WhatsApp carries.
    pub message_id: String,
    /// Who gets it, as the caller gave it (for a chat: its JID).
    pub recipient: String,
    /// What `recipient` is.
    pub recipient_kind: RecipientKind,
    /// Empty only beside a file.
    pub text: String,
    /// The file, downloaded.
    pub file: Option<File>,
    /// How often it was handed over before.
    pub hand_overs_before: i32,
}

/// A downloaded file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// The name that the recipient sees.
    pub name: String,
    /// Its type, sniffed.
    pub mime: String,
    /// Its content.
    pub bytes: Bytes,
}

/// Notes the instant at which a message left for WhatsApp: what the pace is counted from, whatever comes after. Of a message
/// that left more than once, the last time counts.
#[derive(Debug)]
pub struct HandOver {
    clock: Clock,
    at: Mutex<Option<(Instant, DateTime<Utc>)>>,
}

impl HandOver {
    /// Nothing has left yet.
    #[must_use]
    pub fn new(clock: Clock) -> Self {
        Self { clock, at: Mutex::default() }
    }

    /// It has left, now.
    pub fn mark(&self) {
        *self.lock() = Some((self.clock.instant(), self.clock.now()));
    }

    /// It is about to leave, perhaps once more: whatever was marked is over.
    pub fn begin(&self) {
        *self.lock() = None;
    }

    /// When it left, if that is known.
    #[must_use]
    pub fn at(&self) -> Option<(Instant, DateTime<Utc>)> {
        *self.lock()
    }

    fn lock(&self) -> MutexGuard<'_, Option<(Instant, DateTime<Utc>)>> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// WhatsApp took the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The chat it went to, as WhatsApp knows it.
    pub chat: KnownChat,
    /// The gateway's own id for the message, where it has one.
    pub gateway_ref: Option<String>,
}

/// A chat as WhatsApp knows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownChat {
    /// Its canonical JID.
    pub jid: String,
    /// One person, or several.
    pub kind: ChatKind,
    /// Its name, where WhatsApp has one.
    pub name: Option<String>,
}

/// WhatsApp did not take the message, or did not say so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unsent {
    /// For good: it fails and is restored.
    Failed {
        /// Why.
        reason: FailureReason,
        /// For the owner to read.
        detail: String,
    },
    /// A server's error; worth another try. Counts as an attempt.
    Retry {
        /// For the owner to read.
        detail: String,
    },
    /// The account cannot send this moment (too fast; WhatsApp cannot be reached): its queue waits that long. Definitely not
    /// sent. No attempt.
    Later {
        /// How long.
        wait: Duration,
        /// For the owner to read.
        detail: String,
    },
    /// This recipient gets too much: it alone waits. No attempt.
    RecipientLimited {
        /// How long.
        wait: Duration,
    },
    /// The account cannot send now (connection lost, logged out, banned); its state comes as a [`GatewayEvent`]. Definitely
    /// not sent. No attempt.
    Disconnected,
    /// Nobody knows.
    Unknown,
}

/// What a gateway reports on its own: receipts, states, incoming texts. Stored as JSON, so fields are only ever added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum GatewayEvent {
    /// Something became of a message.
    Receipt {
        /// The message's id.
        message_id: String,
        /// What became of it.
        what: ReceiptKind,
        /// When, by WhatsApp.
        at: DateTime<Utc>,
    },
    /// The account's state changed.
    Account {
        /// Its state now.
        state: AccountState,
        /// Why.
        reason: Option<AccountReason>,
        /// For the owner to read.
        detail: Option<String>,
        /// Until when, where that is known.
        until: Option<DateTime<Utc>>,
    },
    /// Somebody wrote. The text itself is not kept.
    Incoming {
        /// The chat.
        chat: KnownChat,
        /// When.
        at: DateTime<Utc>,
    },
}

/// What a receipt says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ReceiptKind {
    /// WhatsApp has it: an acknowledgement that came late.
    Sent,
    /// It is on the recipient's phone.
    Delivered,
    /// It was read.
    Read,
    /// It could not be delivered after all.
    Failed {
        /// Why.
        reason: FailureReason,
        /// For the owner to read.
        detail: String,
    },
}

/// Takes what gateways report; writes it down before it returns.
#[async_trait]
pub trait EventSink: Send + Sync {
    /// Applies one event of an account. May be given the same event twice.
    async fn apply(&self, account_id: Uuid, event: GatewayEvent) -> Result<(), nhip_domain::Broken>;

    /// Applies one event that is kept as the built-in WhatsApp's event `event_id`. Receipts may come twice; an account's
    /// state must not, so whoever writes it takes the kept event away in the same transaction, or finds it gone.
    async fn apply_kept(
        &self,
        account_id: Uuid,
        event: GatewayEvent,
        event_id: Uuid,
    ) -> Result<(), nhip_domain::Broken>;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn of_a_message_that_left_twice_the_last_time_counts_and_none_while_that_is_not_known() {
        let clock = Clock::system();
        let hand_over = HandOver::new(clock.clone());
        hand_over.begin();
        hand_over.mark();
        let first = hand_over.at().unwrap().0;
        tokio::time::sleep(Duration::from_secs(3)).await;
        hand_over.begin();
        assert_eq!(hand_over.at(), None);
        hand_over.mark();
        assert_eq!(hand_over.at().unwrap().0 - first, Duration::from_secs(3));
    }
}
