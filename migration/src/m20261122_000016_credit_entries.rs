//! The ledger: append-only.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX credit_entries_message ON credit_entries (message_id, kind) WHERE message_id IS NOT NULL",
    "CREATE UNIQUE INDEX credit_entries_key ON credit_entries (workspace_id, idempotency_key) WHERE idempotency_key IS NOT NULL",
    "CREATE UNIQUE INDEX credit_entries_position ON credit_entries (position) WHERE position IS NOT NULL",
    "CREATE INDEX credit_entries_unplaced ON credit_entries (at) WHERE position IS NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("credit_entries")
                    .col(uuid("workspace_id"))
                    .col(big_integer("number"))
                    .col(text("kind"))
                    .col(big_integer("amount"))
                    .col(big_integer("balance_after"))
                    .col(text_null("message_id"))
                    .col(text_null("failure"))
                    .col(text_null("reason"))
                    .col(text_null("idempotency_key"))
                    .col(timestamp_with_time_zone("at"))
                    .col(big_integer_null("position"))
                    .primary_key(Index::create().col("workspace_id").col("number"))
                    .foreign_key(&mut references("credit_entries", "workspace_id", "workspaces"))
                    .foreign_key(&mut references("credit_entries", "message_id", "messages"))
                    .check(Expr::col("balance_after").gte(0))
                    .take(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
