//! One secret URL per workspace.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("webhooks")
                    .col(uuid("workspace_id").primary_key())
                    .col(boolean("enabled"))
                    .col(blob_null("token_hash").unique_key())
                    .col(blob_null("token_sealed"))
                    .col(text_null("url_hint"))
                    .col(timestamp_with_time_zone_null("url_created_at"))
                    .col(big_integer("last_activation").default(0))
                    .col(big_integer("full_again_at_us").default(0))
                    .foreign_key(&mut references("webhooks", "workspace_id", "workspaces"))
                    .take(),
            )
            .await?;
        Ok(())
    }
}
