//! Refresh tokens that were taken for new ones: seen again, one was stolen, and its session ends.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "spent_refresh_tokens")]
pub struct Model {
    /// SHA-256 of the token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub session_id: Uuid,
    /// None where it was spent before this was noted.
    pub spent_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
