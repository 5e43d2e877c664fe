//! Processes that drain lanes, and when each was last heard of.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "workers")]
pub struct Model {
    /// New at every start, and whenever a worker gave up its lanes.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub host: String,
    pub version: String,
    pub started_at: DateTimeUtc,
    /// By the database's clock, in milliseconds since 1970.
    pub heartbeat_ms: i64,
}

impl ActiveModelBehavior for ActiveModel {}
