//! What came to the built-in WhatsApp long ago is forgotten.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index = "CREATE INDEX simulator_messages_received ON simulator_messages (received_at)";
        manager.get_connection().execute_unprepared(index).await.map(drop)
    }
}
