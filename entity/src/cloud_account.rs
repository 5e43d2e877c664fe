//! What an account of Meta's Cloud API is known there by, and its credentials. Only accounts that are not removed have one.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "cloud_accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub account_id: Uuid,
    /// Meta's id of the number; an installation has each once.
    #[sea_orm(unique)]
    pub phone_number_id: String,
    /// Meta's id of the WhatsApp Business Account that the number belongs to.
    pub business_account_id: String,
    /// Access token, app secret and verify token, sealed for the account.
    pub credentials: Vec<u8>,
}

impl ActiveModelBehavior for ActiveModel {}
