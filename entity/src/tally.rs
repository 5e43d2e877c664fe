//! What happened in a workspace in one minute, or in one hour: one row for each that anything happened in.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tallies")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// 60 or 3,600.
    #[sea_orm(primary_key, auto_increment = false)]
    pub width_s: i32,
    /// In seconds since 1970; a multiple of the width.
    #[sea_orm(primary_key, auto_increment = false)]
    pub starts_s: i64,
    pub accepted: i64,
    pub refused: i64,
    pub sent: i64,
    pub delivered: i64,
    pub read: i64,
    pub failed: i64,
    pub canceled: i64,
    /// Credits, as all that follow.
    pub charged: i64,
    pub restored: i64,
    pub granted: i64,
    /// Negative where credits were taken back.
    pub adjusted: i64,
}

impl ActiveModelBehavior for ActiveModel {}
