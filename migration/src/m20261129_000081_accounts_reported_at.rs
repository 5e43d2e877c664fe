//! When that happened which a gateway last told of an account's state: what is told late comes over nothing newer.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = timestamp_with_time_zone_null("reported_at");
        manager.alter_table(Table::alter().table("accounts").add_column(column).take()).await
    }
}
