//! Nobody looks for a message by its place in its workspace. That no two have the same is the doing of the workspace's lock,
//! under which entries get their numbers, too: those are a primary key, and would collide first.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.get_connection().execute_unprepared("DROP INDEX messages_place").await.map(drop)
    }
}
