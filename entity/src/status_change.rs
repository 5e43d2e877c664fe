//! Steps in a message's history that its own row cannot hold: returns to the queue, repeated hand-overs, late facts.

use sea_orm::entity::prelude::*;

use crate::message::MessageStatus;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "status_changes")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub message_id: String,
    pub status: MessageStatus,
    pub at: DateTimeUtc,
    pub detail: Option<String>,
}

impl ActiveModelBehavior for ActiveModel {}
