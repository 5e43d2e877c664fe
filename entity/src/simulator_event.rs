//! What the built-in WhatsApp will say, and when: receipts, answers, states. Deleted once played.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "simulator_events")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub account_id: Uuid,
    pub due_at: DateTimeUtc,
    /// The gateway event, as JSON.
    #[sea_orm(column_type = "JsonBinary")]
    pub event: Json,
}

impl ActiveModelBehavior for ActiveModel {}
