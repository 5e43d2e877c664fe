//! Log-ins that failed, counted by account and by address.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "log_in_attempts")]
pub struct Model {
    /// What is counted: an account by its e-mail's hash, an address, or both together.
    #[sea_orm(primary_key, auto_increment = false)]
    pub counted: String,
    pub failures: i32,
    pub last_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
