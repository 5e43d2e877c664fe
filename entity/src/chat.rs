//! Contacts and groups that an account has talked to.

use sea_orm::entity::prelude::*;

crate::string_enum! {
    /// One person, or several.
    ChatKind { Contact = "CONTACT", Group = "GROUP" }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "chats")]
pub struct Model {
    /// The number in its page's URL; unique over the installation, from 77234.
    #[sea_orm(primary_key)]
    pub id: i64,
    pub workspace_id: Uuid,
    pub account_id: Uuid,
    pub kind: ChatKind,
    /// In NFC, trimmed: how it is compared.
    pub name: String,
    /// Whether a person chose the name, so that WhatsApp's no longer replaces it.
    pub renamed: bool,
    pub jid: String,
    /// The JID that messages to it were last addressed to, where that is another one.
    pub addressed_as: Option<String>,
    /// Digits alone.
    pub phone: Option<String>,
    pub created_at: DateTimeUtc,
    pub last_message_at: Option<DateTimeUtc>,
    pub last_incoming_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
