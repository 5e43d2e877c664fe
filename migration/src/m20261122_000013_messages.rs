//! Messages, from acceptance to their end.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX messages_place ON messages (workspace_id, place)",
    "CREATE INDEX messages_queued ON messages (account_id, place) WHERE status = 'QUEUED'",
    "CREATE INDEX messages_held ON messages (account_id, recipient_key, place) WHERE status = 'QUEUED' AND hold_until IS NOT NULL",
    "CREATE INDEX messages_sending ON messages (account_id) WHERE status = 'SENDING'",
    "CREATE INDEX messages_chat ON messages (chat_id, place) WHERE chat_id IS NOT NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("messages")
                    .col(text("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(uuid("account_id"))
                    .col(big_integer_null("chat_id"))
                    .col(big_integer("place"))
                    .col(text("status"))
                    .col(text("source"))
                    .col(text("text"))
                    .col(text_null("file_url"))
                    .col(text_null("file_name"))
                    .col(big_integer_null("file_size"))
                    .col(text_null("file_mime"))
                    .col(text("recipient"))
                    .col(text("recipient_kind"))
                    .col(text("recipient_key"))
                    .col(boolean("by_default"))
                    .col(integer("credits"))
                    .col(boolean("restored"))
                    .col(integer("attempts"))
                    .col(integer("hand_overs"))
                    .col(timestamp_with_time_zone_null("hold_until"))
                    .col(text_null("hold_reason"))
                    .col(text_null("failure"))
                    .col(text_null("failure_detail"))
                    .col(text_null("gateway_ref"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("sending_at"))
                    .col(timestamp_with_time_zone_null("sent_at"))
                    .col(timestamp_with_time_zone_null("delivered_at"))
                    .col(timestamp_with_time_zone_null("read_at"))
                    .col(timestamp_with_time_zone_null("failed_at"))
                    .col(timestamp_with_time_zone_null("canceled_at"))
                    .foreign_key(&mut references("messages", "workspace_id", "workspaces"))
                    .foreign_key(&mut references("messages", "account_id", "accounts"))
                    .foreign_key(&mut references("messages", "chat_id", "chats"))
                    .take(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
