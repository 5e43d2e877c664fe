//! Refresh tokens that were taken for new ones.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[&str] = &["CREATE INDEX spent_refresh_tokens_session ON spent_refresh_tokens (session_id)"];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("spent_refresh_tokens")
                    .col(blob("token_hash").primary_key())
                    .col(uuid("session_id"))
                    .foreign_key(&mut references("spent_refresh_tokens", "session_id", "sessions"))
                    .take(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
