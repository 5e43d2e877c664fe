//! The billing stream's counter, a single row.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("sequencer")
                    .col(integer("id").primary_key())
                    .col(big_integer("last_position").default(0))
                    .take(),
            )
            .await?;
        manager.get_connection().execute_unprepared("INSERT INTO sequencer (id, last_position) VALUES (1, 0)").await?;
        Ok(())
    }
}
