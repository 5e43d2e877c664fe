//! Messages that were too old for their texts to be kept, and were not sent yet: their texts go once they are.

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
                    .table("texts_to_erase")
                    .col(text("message_id").primary_key())
                    .foreign_key(&mut references("texts_to_erase", "message_id", "messages"))
                    .take(),
            )
            .await?;
        // How far in the billing stream texts have been erased.
        manager.get_connection().execute_unprepared("INSERT INTO sequencer (id, last_position) VALUES (3, 0)").await?;
        Ok(())
    }
}
