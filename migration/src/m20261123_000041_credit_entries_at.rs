//! A workspace's entries by kind, in the order of their times.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = "CREATE INDEX credit_entries_at ON credit_entries (workspace_id, kind, at, number)";
        manager.get_connection().execute_unprepared(index).await.map(drop)
    }
}
