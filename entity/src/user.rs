//! People who log in.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "users")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Lower case, trimmed: how it is compared.
    #[sea_orm(unique)]
    pub email: String,
    pub name: String,
    pub locale: String,
    /// A PHC string (argon2id); none until the person sets one.
    pub password_hash: Option<String>,
    pub created_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
