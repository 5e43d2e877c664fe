//! The last 100 calls of each webhook, a ring of slots.

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
                    .table("activations")
                    .col(uuid("workspace_id"))
                    .col(integer("slot"))
                    .col(uuid("id"))
                    .col(big_integer("sequence"))
                    .col(timestamp_with_time_zone("at"))
                    .col(text("outcome"))
                    .col(integer("http_status"))
                    .col(text_null("refusal"))
                    .col(text_null("answer"))
                    .col(text_null("field"))
                    .col(integer_null("line"))
                    .col(integer_null("column"))
                    .col(text_null("message_id"))
                    .col(blob("request_body"))
                    .col(boolean("request_body_truncated"))
                    .col(text("response_body"))
                    .col(json_binary("ignored_fields"))
                    .col(text_null("remote_address"))
                    .col(text_null("user_agent"))
                    .col(big_integer("duration_us"))
                    .primary_key(Index::create().col("workspace_id").col("slot"))
                    .foreign_key(&mut references("activations", "workspace_id", "workspaces"))
                    .take(),
            )
            .await?;
        Ok(())
    }
}
