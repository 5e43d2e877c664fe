//! What a chat is addressed as where that is not its JID. Few have it.

use sea_orm_migration::{prelude::*, schema::*};

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        let column = text_null("addressed_as");
        manager.alter_table(Table::alter().table("chats").add_column(column).take()).await?;
        let index =
            "CREATE INDEX chats_addressed_as ON chats (account_id, addressed_as) WHERE addressed_as IS NOT NULL";
        manager.get_connection().execute_unprepared(index).await.map(drop)
    }
}
