//! Steps in a message's history that its own row cannot hold.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[&str] = &["CREATE INDEX status_changes_message ON status_changes (message_id)"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("status_changes")
                    .col(uuid("id").primary_key())
                    .col(text("message_id"))
                    .col(text("status"))
                    .col(timestamp_with_time_zone("at"))
                    .col(text_null("detail"))
                    .foreign_key(&mut references("status_changes", "message_id", "messages"))
                    .take(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
