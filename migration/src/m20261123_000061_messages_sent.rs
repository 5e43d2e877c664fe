//! What an account sent lately: for its daily cap, and for the pause between two messages to one recipient.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = "CREATE INDEX messages_sent ON messages (account_id, sent_at) WHERE sent_at IS NOT NULL";
        manager.get_connection().execute_unprepared(index).await.map(drop)
    }
}
