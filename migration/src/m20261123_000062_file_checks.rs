//! How many file links of a workspace were looked at lately: each is a download.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let table = Table::create()
            .table("file_checks")
            .col(uuid("workspace_id").primary_key())
            .col(timestamp_with_time_zone("since"))
            .col(integer("checks"))
            .foreign_key(&mut references("file_checks", "workspace_id", "workspaces"))
            .take();
        manager.create_table(table).await
    }
}
