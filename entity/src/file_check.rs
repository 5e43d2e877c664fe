//! How many file links of a workspace were looked at lately.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "file_checks")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// Since when they are counted.
    pub since: DateTimeUtc,
    pub checks: i32,
}

impl ActiveModelBehavior for ActiveModel {}
