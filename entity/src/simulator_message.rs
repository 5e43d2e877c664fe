//! What came to the built-in WhatsApp: how it knows a repeated id, and how often it refused one.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "simulator_messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// The chat's canonical JID.
    #[sea_orm(primary_key, auto_increment = false)]
    pub jid: String,
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub kind: String,
    pub text: String,
    pub file_name: Option<String>,
    /// When it came first.
    pub received_at: DateTimeUtc,
    /// How often it came, refused attempts included.
    pub times: i32,
    /// The line that its log may still lack: written with the message, cleared after the log.
    pub line: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
