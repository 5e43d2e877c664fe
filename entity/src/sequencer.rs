//! The billing stream's counters: how far positions were given, how far its messages were indexed for search, and how far
//! their texts were erased. Each row is locked by whoever raises it.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "sequencer")]
pub struct Model {
    /// 1 for positions, 2 for search, 3 for erasing.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    pub last_position: i64,
}

impl ActiveModelBehavior for ActiveModel {}
