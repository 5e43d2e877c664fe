//! Failed messages by their reason, newest first.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = "CREATE INDEX messages_failed ON messages (workspace_id, failure, created_at, place) \
                     WHERE failure IS NOT NULL";
        manager.get_connection().execute_unprepared(index).await.map(drop)
    }
}
