//! What the dashboard shows.

use serde::Deserialize;

use crate::Stamp;

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub id: String,
    pub status: String,
    pub waiting_for: Option<String>,
    pub failure: Option<String>,
    pub failure_detail: Option<String>,
    pub text: String,
    pub recipient: String,
    pub recipient_kind: String,
    pub source: String,
    pub credits: i64,
    pub credits_restored: bool,
    pub created_at: Stamp,
    pub sent_at: Option<Stamp>,
    pub delivered_at: Option<Stamp>,
    pub read_at: Option<Stamp>,
    pub failed_at: Option<Stamp>,
    pub queue_position: Option<i64>,
    pub chat: Option<Chat>,
    pub account: AccountRef,
    pub history: Vec<StatusChange>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct StatusChange {
    pub status: String,
    pub at: Stamp,
    pub detail: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct AccountRef {
    pub id: String,
    pub phone: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
pub struct Chat {
    pub id: String,
    pub name: String,
    pub jid: String,
    pub kind: String,
    pub phone: Option<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Account {
    pub id: String,
    pub phone: Option<String>,
    pub state: String,
    pub reason: Option<String>,
    pub reason_detail: Option<String>,
    pub restricted_until: Option<Stamp>,
    pub is_default: bool,
    pub queued: i64,
}

impl Message {
    /// The id that WhatsApp carries.
    pub fn whatsapp_id(&self) -> &str {
        self.id.strip_prefix("wa_backend:").unwrap()
    }

    /// Whether nothing but receipts can still come.
    pub fn is_over(&self) -> bool {
        !matches!(self.status.as_str(), "QUEUED" | "SENDING")
    }
}
