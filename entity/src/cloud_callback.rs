//! Callbacks of Meta's that were answered and are still to be handled.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cloud_callbacks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Whose URL it came to.
    pub account_id: Uuid,
    pub received_at: DateTimeUtc,
    /// When somebody may take it up: now, or once whoever did must have failed.
    pub due_at: DateTimeUtc,
    /// How often it was taken up.
    pub attempts: i32,
    /// As it came; its signature was right.
    pub body: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
