//! What the last audit of the ledger found, a single row: every process tells it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("ledger_audits")
                    .col(integer("id").primary_key())
                    .col(timestamp_with_time_zone_null("checked_at"))
                    .col(integer("breaches").default(0))
                    .take(),
            )
            .await?;
        let connection = manager.get_connection();
        connection.execute_unprepared("INSERT INTO ledger_audits (id, breaches) VALUES (1, 0)").await?;
        Ok(())
    }
}
