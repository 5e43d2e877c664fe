//! Indexes in the order of every list, behind each of its filters: a page reads its rows and no others.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[&str] = &[
    "CREATE INDEX messages_list ON messages (workspace_id, status, created_at, place)",
    "CREATE INDEX messages_of_account ON messages (account_id, status, created_at, place)",
    "CREATE INDEX messages_of_chat ON messages (chat_id, created_at, place) WHERE chat_id IS NOT NULL",
    "DROP INDEX messages_chat",
    "CREATE INDEX chats_list ON chats (workspace_id, (COALESCE(last_message_at, created_at)), id)",
    "CREATE INDEX chats_of_account ON chats (account_id, (COALESCE(last_message_at, created_at)), id)",
    "CREATE INDEX credit_entries_stream ON credit_entries (kind, position) WHERE position IS NOT NULL",
    "CREATE INDEX credit_entries_of_workspace ON credit_entries (workspace_id, kind, position) WHERE position IS NOT NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
