//! Tenants. The row is also the lock of everything that moves the tenant's credits, and holds its counters.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "workspaces")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub name: String,
    pub created_at: DateTimeUtc,
    pub deleted_at: Option<DateTimeUtc>,
    /// Credits left: always the sum of the workspace's entries, never negative.
    pub balance: i64,
    /// The number of the newest entry.
    pub last_entry: i64,
    /// The newest entry that the audit has verified.
    pub verified_entry: i64,
    /// The place of the newest message.
    pub last_place: i64,
    /// The sequence of the newest activation of its webhook.
    pub last_activation: i64,
    /// Raised by whoever may have changed what accept decides on.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}
