//! A message as this WhatsApp sees it.

use nhip_domain::request::{jid_of_phone, normal_jid};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::table;
use crate::gateway::{File, Order};

/// What a message is known by: account, chat, id.
pub(super) type Key = (Uuid, String, String);

/// A message as this WhatsApp sees it.
#[derive(Clone, Debug)]
pub(super) struct Envelope {
    pub account_id: Uuid,
    pub account_phone: String,
    /// The chat's canonical JID.
    pub jid: String,
    pub id: String,
    pub kind: &'static str,
    pub text: String,
    pub file: Option<Attachment>,
}

/// What is kept of a file.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Attachment {
    pub name: String,
    pub mime: String,
    pub size: usize,
    pub sha256: String,
}

impl Envelope {
    /// Resolves the recipient; none where it is no address at all.
    pub(super) fn address(order: &Order) -> Option<Self> {
        let given = normal_jid(&order.recipient).or_else(|| jid_of_phone(&order.recipient))?;
        Some(Self {
            account_id: order.account_id,
            account_phone: order.account_phone.clone(),
            jid: table::canonical(given.as_str()).to_owned(),
            id: order.message_id.clone(),
            kind: kind(order),
            text: order.text.clone(),
            file: order.file.as_ref().map(Attachment::of),
        })
    }

    pub(super) fn key(&self) -> Key {
        (self.account_id, self.jid.clone(), self.id.clone())
    }
}

/// How WhatsApp shows it. A kind without captions goes as a document.
fn kind(order: &Order) -> &'static str {
    let Some(file) = &order.file else { return "text" };
    match file.mime.as_str() {
        "image/jpeg" | "image/png" => "image",
        "video/mp4" | "video/3gpp" => "video",
        mime if mime.starts_with("audio/") && order.text.is_empty() => "audio",
        _ => "document",
    }
}

impl Attachment {
    fn of(file: &File) -> Self {
        Self {
            name: file.name.clone(),
            mime: file.mime.clone(),
            size: file.bytes.len(),
            sha256: hex::encode(Sha256::digest(&file.bytes)),
        }
    }
}
