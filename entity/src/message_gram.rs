//! What messages are found by, on PostgreSQL: for each, the hashes of every three letters in a row.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "message_grams")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub message_id: String,
    /// The message's.
    pub created_at: DateTimeUtc,
    /// The message's.
    pub place: i64,
    /// An array of integers, which only SQL looks at.
    #[sea_orm(column_type = "custom(\"integer[]\")")]
    pub grams: String,
}

impl ActiveModelBehavior for ActiveModel {}
