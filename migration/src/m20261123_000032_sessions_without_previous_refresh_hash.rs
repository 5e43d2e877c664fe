//! Spent refresh tokens have a table of their own. (No release knows the column, so it goes at once.)

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let drop = "ALTER TABLE sessions DROP COLUMN previous_refresh_hash";
        manager.get_connection().execute_unprepared(drop).await.map(std::mem::drop)
    }
}
