//! When a refresh token was taken for a new one, so that it is not kept for as long as its session lives.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = timestamp_with_time_zone_null("spent_at");
        manager.alter_table(Table::alter().table("spent_refresh_tokens").add_column(column).take()).await?;
        let index = "CREATE INDEX spent_refresh_tokens_spent ON spent_refresh_tokens (spent_at)";
        manager.get_connection().execute_unprepared(index).await.map(drop)
    }
}
