//! PostgreSQL no longer looks for what messages and entries point at: whoever writes them has it locked or has just read it
//! under that lock. Looking again took accept a fifth of its speed. SQLite, where it costs nothing that can be measured,
//! goes on looking.

use sea_orm_migration::{prelude::*, sea_orm::DbBackend};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const UNCHECKED: &[&str] = &[
    // In the order in which everybody takes them, so that no call of a process that still runs meets us halfway.
    "LOCK TABLE workspaces, accounts, messages, chats, credit_entries IN ACCESS EXCLUSIVE MODE",
    "ALTER TABLE credit_entries DROP CONSTRAINT credit_entries_workspace_id_fkey, \
       DROP CONSTRAINT credit_entries_message_id_fkey",
    "ALTER TABLE messages DROP CONSTRAINT messages_workspace_id_fkey, DROP CONSTRAINT messages_account_id_fkey, \
       DROP CONSTRAINT messages_chat_id_fkey",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        if manager.get_database_backend() == DbBackend::Postgres {
            for constraint in UNCHECKED {
                manager.get_connection().execute_unprepared(constraint).await?;
            }
        }
        Ok(())
    }
}
