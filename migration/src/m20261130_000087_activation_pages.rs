//! Activations four to a row: what a call in the log costs is its row's look-up and its next version, not its bytes.
//!
//! The programs that run on during the upgrade log to the old table, which is emptied here, and which a later release takes
//! away; what they log in the meantime is not taken over.

use sea_orm_migration::{prelude::*, schema::*, sea_orm::DbBackend};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager.create_table(activation_pages()).await?;
        let db = manager.get_connection();
        match manager.get_database_backend() {
            DbBackend::Postgres => {
                for step in [
                    // Room for a row's next version on its own page: then no index has to be told. Nothing is compressed,
                    // which would take longer than all the rest.
                    "ALTER TABLE activation_pages SET (fillfactor = 50, toast_tuple_target = 4080)",
                    "ALTER TABLE activation_pages ALTER COLUMN calls SET STORAGE EXTERNAL",
                    // Nobody who still logs is met halfway.
                    "LOCK TABLE activations IN ACCESS EXCLUSIVE MODE",
                ] {
                    db.execute_unprepared(step).await?;
                }
                db.execute_unprepared(&taken_over(
                    "strpos(record, ',\"outcome\"')",
                    "encode(request_body, 'hex')",
                    "(page % 26)::integer",
                    "string_agg(call, ',' ORDER BY sequence)",
                ))
                .await?;
            }
            _ => {
                db.execute_unprepared(&taken_over(
                    "instr(record, ',\"outcome\"')",
                    "lower(hex(request_body))",
                    "page % 26",
                    "group_concat(call, ',')",
                ))
                .await?;
            }
        }
        // What is old enough is erased on the pages only.
        db.execute_unprepared("DELETE FROM activations").await.map(drop)
    }
}

fn activation_pages() -> TableCreateStatement {
    Table::create()
        .table("activation_pages")
        .col(uuid("workspace_id"))
        .col(integer("slot"))
        .col(big_integer("page"))
        .col(text("calls"))
        .primary_key(Index::create().col("workspace_id").col("slot"))
        .foreign_key(&mut references("activation_pages", "workspace_id", "workspaces"))
        .take()
}

/// A record begins with an id of 36 characters and a time, up to its `outcome`: they change places. Its other fields stand in
/// both halves of the pair, each of which reads its own.
fn taken_over(outcome: &str, hex: &str, slot: &str, calls: &str) -> String {
    format!(
        "INSERT INTO activation_pages (workspace_id, slot, page, calls) \
         SELECT workspace_id, {slot}, page, {calls} FROM (\
           SELECT workspace_id, sequence, sequence / 4 AS page, \
             '[{{' || substr(record, 46, {outcome} - 46) || ',' || substr(record, 2, 43) \
             || ',\"body\":{{\"hex\":\"' || {hex} || '\"}}' || substr(record, {outcome}) \
             || ',{{\"sequence\":' || sequence || ',' || substr(record, 2) || ']' AS call \
           FROM activations ORDER BY workspace_id, sequence) AS calls GROUP BY workspace_id, page"
    )
}
