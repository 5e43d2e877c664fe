//! Callbacks of Meta's that were answered and are still to be handled. Handled ones are deleted.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEX: &str = "CREATE INDEX cloud_callbacks_due ON cloud_callbacks (due_at)";

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("cloud_callbacks")
                    .col(uuid("id").primary_key())
                    .col(uuid("account_id"))
                    .col(timestamp_with_time_zone("received_at"))
                    .col(timestamp_with_time_zone("due_at"))
                    .col(integer("attempts"))
                    .col(blob("body"))
                    .foreign_key(&mut references("cloud_callbacks", "account_id", "accounts"))
                    .take(),
            )
            .await?;
        manager.get_connection().execute_unprepared(INDEX).await?;
        Ok(())
    }
}
