//! What the built-in WhatsApp has received.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[&str] =
    &["CREATE INDEX simulator_messages_unlogged ON simulator_messages (id) WHERE line IS NOT NULL"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("simulator_messages")
                    .col(uuid("account_id"))
                    .col(text("jid"))
                    .col(text("id"))
                    .col(text("kind"))
                    .col(text("text"))
                    .col(text_null("file_name"))
                    .col(timestamp_with_time_zone("received_at"))
                    .col(integer("times"))
                    .col(text_null("line"))
                    .primary_key(Index::create().col("account_id").col("jid").col("id"))
                    .foreign_key(&mut references("simulator_messages", "account_id", "accounts"))
                    .take(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
