//! What an account may have sent lately without anybody knowing: it counts towards the daily cap.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let index =
            "CREATE INDEX messages_unconfirmed ON messages (account_id, sending_at) WHERE failure = 'UNCONFIRMED'";
        manager.get_connection().execute_unprepared(index).await.map(drop)
    }
}
