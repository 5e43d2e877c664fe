//! Who belongs to which workspace, and as what.

use sea_orm::entity::prelude::*;

crate::string_enum! {
    /// What a member may do; the table is in the documentation of roles. Ordered from least to most.
    Role { Member = "MEMBER", Admin = "ADMIN", Owner = "OWNER" }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "members")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    #[sea_orm(primary_key, auto_increment = false)]
    pub user_id: Uuid,
    pub role: Role,
    pub joined_at: DateTimeUtc,
}

impl ActiveModelBehavior for ActiveModel {}
