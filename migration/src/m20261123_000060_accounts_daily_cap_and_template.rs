//! A daily cap per account, and the template that writes to people who did not write first.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let columns = [
            integer_null("daily_cap"),
            timestamp_with_time_zone_null("capped_until"),
            text_null("template_name"),
            text_null("template_language"),
        ];
        // SQLite takes one at a time.
        for column in columns {
            manager.alter_table(Table::alter().table("accounts").add_column(column).take()).await?;
        }
        Ok(())
    }
}
