//! Raised by whoever may have changed what accept decides on, so that accept, which locks a workspace and reads beside it in
//! one statement, learns whether what it read is as new as its lock.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = big_integer("version").default(0).take();
        manager.alter_table(Table::alter().table("workspaces").add_column(column).take()).await
    }
}
