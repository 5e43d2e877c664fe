//! What the last audit of the ledger found: a single row.

use sea_orm::entity::prelude::*;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "ledger_audits")]
pub struct Model {
    /// Always 1.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: i32,
    /// When it ended; none has yet where this is missing.
    pub checked_at: Option<DateTimeUtc>,
    /// In how many places the ledger does not add up.
    pub breaches: i32,
}

impl ActiveModelBehavior for ActiveModel {}
