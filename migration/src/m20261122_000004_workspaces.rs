//! Tenants.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("workspaces")
                    .col(uuid("id").primary_key())
                    .col(text("name"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("deleted_at"))
                    .col(big_integer("balance").default(0))
                    .col(big_integer("last_entry").default(0))
                    .col(big_integer("verified_entry").default(0))
                    .col(big_integer("last_place").default(0))
                    .check(Expr::col("balance").gte(0))
                    .take(),
            )
            .await?;
        Ok(())
    }
}
