//! Processes that drain lanes.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("workers")
                    .col(uuid("id").primary_key())
                    .col(text("host"))
                    .col(text("version"))
                    .col(timestamp_with_time_zone("started_at"))
                    .col(big_integer("heartbeat_ms"))
                    .take(),
            )
            .await?;
        Ok(())
    }
}
