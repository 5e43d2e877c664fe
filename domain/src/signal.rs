//! What is told to others after a commit: hints to look at a row again. They may be lost or doubled; nothing depends on
//! them but speed.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Something changed: an id to re-read, never the thing itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Event {
    /// A message was queued or changed its status.
    Message {
        /// Whose.
        workspace_id: Uuid,
        /// The message.
        id: String,
    },
    /// A webhook was called.
    Activation {
        /// Whose.
        workspace_id: Uuid,
    },
    /// An account changed.
    Account {
        /// Whose.
        workspace_id: Uuid,
        /// The account.
        id: Uuid,
    },
    /// The balance moved.
    Credits {
        /// Whose.
        workspace_id: Uuid,
    },
    /// The webhook's settings changed.
    Webhook {
        /// Whose.
        workspace_id: Uuid,
    },
    /// Somebody came, left or has another role, or the workspace was deleted.
    Members {
        /// Whose.
        workspace_id: Uuid,
    },
}

impl Event {
    /// Whose it is.
    #[must_use]
    pub fn workspace_id(&self) -> Uuid {
        match self {
            Self::Message { workspace_id, .. }
            | Self::Activation { workspace_id }
            | Self::Account { workspace_id, .. }
            | Self::Credits { workspace_id }
            | Self::Webhook { workspace_id }
            | Self::Members { workspace_id } => *workspace_id,
        }
    }
}

/// Where hints go: the bus and the job queue.
pub trait Signals: Send + Sync {
    /// Tells whoever watches that something changed.
    fn changed(&self, event: Event);
    /// Asks somebody to drain an account's lane.
    fn nudge(&self, account_id: Uuid);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silence;

impl Signals for Silence {
    fn changed(&self, _event: Event) {}
    fn nudge(&self, _account_id: Uuid) {}
}
