//! Connected WhatsApp numbers. `lane_owner` may outlive its worker's row, so it is no foreign key.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

const INDEXES: &[&str] = &[
    "CREATE UNIQUE INDEX accounts_live_phone ON accounts (workspace_id, phone) WHERE state <> 'REMOVED'",
    "CREATE INDEX accounts_connected ON accounts (workspace_id, connected_at)",
    "CREATE INDEX accounts_lane ON accounts (lane_owner) WHERE lane_owner IS NOT NULL",
];

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("accounts")
                    .col(uuid("id").primary_key())
                    .col(uuid("workspace_id"))
                    .col(text_null("phone"))
                    .col(text("name"))
                    .col(text("gateway"))
                    .col(text("state"))
                    .col(text_null("reason"))
                    .col(text_null("reason_detail"))
                    .col(timestamp_with_time_zone_null("restricted_until"))
                    .col(timestamp_with_time_zone_null("connected_at"))
                    .col(timestamp_with_time_zone("created_at"))
                    .col(timestamp_with_time_zone_null("unable_since"))
                    .col(integer("pace_min_ms"))
                    .col(integer("pace_max_ms"))
                    .col(uuid_null("lane_owner"))
                    .col(big_integer("lane_epoch").default(0))
                    .col(boolean("lane_taken_over"))
                    .col(timestamp_with_time_zone_null("next_send_at"))
                    .foreign_key(&mut references("accounts", "workspace_id", "workspaces"))
                    .take(),
            )
            .await?;
        for index in INDEXES {
            manager.get_connection().execute_unprepared(index).await?;
        }
        Ok(())
    }
}
