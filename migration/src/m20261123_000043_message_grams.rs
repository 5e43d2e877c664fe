//! What messages are found by. PostgreSQL's alone: on SQLite nothing is ever written here.

use sea_orm_migration::sea_orm::DbBackend;
use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let grams = match manager.get_database_backend() {
            DbBackend::Sqlite => text("grams"),
            _ => ColumnDef::new("grams").custom("integer[]").not_null().take(),
        };
        manager
            .create_table(
                Table::create()
                    .table("message_grams")
                    .col(text("message_id").primary_key())
                    .col(timestamp_with_time_zone("created_at"))
                    .col(big_integer("place"))
                    .col(grams)
                    .foreign_key(&mut references("message_grams", "message_id", "messages"))
                    .take(),
            )
            .await?;
        let connection = manager.get_connection();
        if manager.get_database_backend() != DbBackend::Sqlite {
            connection.execute_unprepared("CREATE INDEX message_grams_gin ON message_grams USING gin (grams)").await?;
        }
        // How far in the billing stream messages have been read for it.
        connection.execute_unprepared("INSERT INTO sequencer (id, last_position) VALUES (2, 0)").await?;
        Ok(())
    }
}
