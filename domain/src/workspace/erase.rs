//! Erasing what was deleted a while ago.

use chrono::TimeDelta;
use nhip_entity::workspace;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter, QuerySelect as _};
use uuid::Uuid;

use crate::{
    cx::Cx,
    error::Broken,
    sql::{Params, delete_in_parts},
};

/// How long a deleted workspace can still be brought back, by the operator's own hand.
const KEPT: TimeDelta = TimeDelta::days(7);

/// What a workspace may have many of, in the order in which it goes: nothing points at what is gone.
const MANY: [&str; 8] = [
    "DELETE FROM credit_entries WHERE workspace_id = $1 \
       AND number IN (SELECT number FROM credit_entries WHERE workspace_id = $1 LIMIT 500)",
    "DELETE FROM messages WHERE id IN (SELECT id FROM messages WHERE workspace_id = $1 LIMIT 500)",
    "DELETE FROM chats WHERE id IN (SELECT id FROM chats WHERE workspace_id = $1 LIMIT 500)",
    "DELETE FROM idempotency_keys WHERE (workspace_id, key) IN (\
       SELECT workspace_id, key FROM idempotency_keys WHERE workspace_id = $1 LIMIT 500)",
    "DELETE FROM tallies WHERE (workspace_id, width_s, starts_s) IN (\
       SELECT workspace_id, width_s, starts_s FROM tallies WHERE workspace_id = $1 LIMIT 500)",
    "DELETE FROM simulator_messages WHERE (account_id, jid, id) IN (\
       SELECT s.account_id, s.jid, s.id FROM simulator_messages s JOIN accounts a ON a.id = s.account_id \
       WHERE a.workspace_id = $1 LIMIT 500)",
    "DELETE FROM audit_entries WHERE id IN (SELECT id FROM audit_entries WHERE workspace_id = $1 LIMIT 500)",
    "DELETE FROM accounts WHERE id IN (SELECT id FROM accounts WHERE workspace_id = $1 LIMIT 500)",
];

/// Erases workspaces that were deleted a week ago, with all that was theirs; returns how many. In transactions of at most
/// 500 rows, so that a large one is in nobody's way; several processes at once are harmless. One that cannot be erased is
/// logged, and keeps no other from it.
pub async fn erase(cx: &Cx) -> Result<u64, Broken> {
    let mut erased = 0;
    for id in going(cx, cx.db.read()).await? {
        match erase_one(cx, id).await {
            Ok(()) => erased += 1,
            Err(err) => {
                let error = &err as &(dyn std::error::Error + 'static);
                tracing::error!(workspace.id = %id, error, "a deleted workspace cannot be erased");
            }
        }
    }
    Ok(erased)
}

async fn erase_one(cx: &Cx, id: Uuid) -> Result<(), DbErr> {
    for sql in MANY.iter().chain(&["DELETE FROM workspaces WHERE id = $1"]) {
        let of_workspace = |params: &mut Params| {
            params.value(id);
            (*sql).to_owned()
        };
        delete_in_parts(&cx.db, of_workspace).await?;
    }
    Ok(())
}

/// Those whose time is up, erased in part or not yet.
pub(crate) async fn going(cx: &Cx, db: &impl ConnectionTrait) -> Result<Vec<Uuid>, DbErr> {
    workspace::Entity::find()
        .select_only()
        .column(workspace::Column::Id)
        .filter(workspace::Column::DeletedAt.lt(cx.now() - KEPT))
        .into_tuple()
        .all(db)
        .await
}
