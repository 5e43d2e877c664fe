//! One-time links: log-in (from the command line or the demo) and password reset.

use sea_orm::entity::prelude::*;

crate::string_enum! {
    /// What a link is good for.
    LinkPurpose { LogIn = "LOG_IN", ResetPassword = "RESET_PASSWORD" }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "login_links")]
pub struct Model {
    /// SHA-256 of the link's token.
    #[sea_orm(primary_key, auto_increment = false)]
    pub token_hash: Vec<u8>,
    pub user_id: Uuid,
    pub purpose: LinkPurpose,
    pub created_at: DateTimeUtc,
    pub expires_at: DateTimeUtc,
    pub used_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
