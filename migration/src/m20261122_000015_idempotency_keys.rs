//! Keys of accepted calls, remembered for 24 h.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[&str] = &["CREATE INDEX idempotency_keys_created ON idempotency_keys (created_at)"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("idempotency_keys")
                    .col(uuid("workspace_id"))
                    .col(text("key"))
                    .col(blob("body_hash"))
                    .col(text("message_id"))
                    .col(timestamp_with_time_zone("created_at"))
                    .primary_key(Index::create().col("workspace_id").col("key"))
                    .foreign_key(&mut references("idempotency_keys", "workspace_id", "workspaces"))
                    .take(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
