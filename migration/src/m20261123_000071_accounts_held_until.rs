//! Until when an account sends nothing, because WhatsApp asked it to wait or could not be reached.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = timestamp_with_time_zone_null("held_until");
        manager.alter_table(Table::alter().table("accounts").add_column(column).take()).await
    }
}
