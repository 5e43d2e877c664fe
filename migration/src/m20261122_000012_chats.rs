//! Contacts and groups; their numbers start at 77234.

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX chats_jid ON chats (account_id, jid)",
    "CREATE INDEX chats_name ON chats (workspace_id, name)",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("chats")
                    .col(big_pk_auto("id"))
                    .col(uuid("workspace_id"))
                    .col(uuid("account_id"))
                    .col(text("kind"))
                    .col(text("name"))
                    .col(boolean("renamed"))
                    .col(text("jid"))
                    .col(text_null("phone"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("last_message_at"))
                    .col(timestamp_with_time_zone_null("last_incoming_at"))
                    .foreign_key(&mut references("chats", "workspace_id", "workspaces"))
                    .foreign_key(&mut references("chats", "account_id", "accounts"))
                    .take(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        // The published example's chat is 77234.
        let first_number = match manager.get_database_backend() {
            DbBackend::Sqlite => "INSERT INTO sqlite_sequence (name, seq) VALUES ('chats', 77233)",
            _ => "ALTER SEQUENCE chats_id_seq RESTART WITH 77234",
        };
        manager.get_connection().execute_unprepared(first_number).await?;
        Ok(())
    }
}
