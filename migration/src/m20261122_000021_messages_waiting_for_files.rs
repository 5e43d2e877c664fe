//! The messages that wait for their files, account by account, in order.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = "CREATE INDEX messages_waiting_for_files ON messages (account_id, place) \
                     WHERE status = 'QUEUED' AND hold_reason = 'FILE'";
        manager.get_connection().execute_unprepared(index).await.map(drop)
    }
}
