//! What happened in each workspace, counted per minute and per hour: what charts and totals are read from.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const COUNTS: &[&str] = &[
    "accepted",
    "refused",
    "sent",
    "delivered",
    "read",
    "failed",
    "canceled",
    "charged",
    "restored",
    "granted",
    "adjusted",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let mut table = Table::create();
        table.table("tallies").col(uuid("workspace_id")).col(integer("width_s")).col(big_integer("starts_s"));
        for count in COUNTS {
            table.col(big_integer(*count).default(0));
        }
        table
            .primary_key(Index::create().col("workspace_id").col("width_s").col("starts_s"))
            .foreign_key(&mut references("tallies", "workspace_id", "workspaces"));
        manager.create_table(table).await
    }
}
