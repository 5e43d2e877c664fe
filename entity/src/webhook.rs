//! The incoming webhook: one secret URL per workspace.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    pub enabled: bool,
    /// SHA-256 of the token; none until the first URL was generated.
    #[sea_orm(unique)]
    pub token_hash: Option<Vec<u8>>,
    /// The token, sealed, so that an owner can copy the URL again.
    pub token_sealed: Option<Vec<u8>>,
    /// Enough of the token to recognise the URL by.
    pub url_hint: Option<String>,
    pub url_created_at: Option<DateTimeUtc>,
    /// When the rate limit's bucket will be full again (GCRA's theoretical arrival time), in microseconds since 1970.
    pub full_again_at_us: i64,
}

impl ActiveModelBehavior for ActiveModel {}
