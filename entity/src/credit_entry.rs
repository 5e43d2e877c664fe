//! The ledger: append-only.

use sea_orm::entity::prelude::*;

use crate::message::FailureReason;

crate::string_enum! {
    /// What an entry does to the balance.
    CreditKind { Grant = "GRANT", Charge = "CHARGE", Restore = "RESTORE", Adjust = "ADJUST" }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "credit_entries")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// Counts the workspace's entries from 1, without gaps.
    #[sea_orm(primary_key, auto_increment = false)]
    pub number: i64,
    pub kind: CreditKind,
    /// Signed: what it adds to the balance.
    pub amount: i64,
    pub balance_after: i64,
    pub message_id: Option<String>,
    pub failure: Option<FailureReason>,
    pub reason: Option<String>,
    pub idempotency_key: Option<String>,
    pub at: DateTimeUtc,
    /// Its place in the billing stream over all workspaces; given by the sequencer, about a second later.
    #[sea_orm(unique)]
    pub position: Option<i64>,
}

impl ActiveModelBehavior for ActiveModel {}
