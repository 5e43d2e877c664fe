//! Rule 5: what becomes of an account's queue when the account is removed.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};
use uuid::Uuid;

use super::settle::BULK;
use crate::{
    account::rank,
    cx::Cx,
    database::{Transaction, Urgency},
    ledger::lock_workspaces,
    signal::Event,
};

/// The messages `m` that rule 5 moves: those that rule 4 had picked the account for, and that go to contacts.
const MOVES: &str = "m.status = 'QUEUED' AND m.by_default AND m.recipient_key NOT LIKE '%@g.us'";

/// Whether rule 5 moves message `m` of a removed account now: as long as rule 4 picks another.
pub(super) fn moves() -> String {
    format!("({MOVES} AND EXISTS ({}))", rank::default_sql("m.workspace_id"))
}

/// Moves the first 500 of a removed account's messages that rule 5 moves to the account that rule 4 picks now, keeping their
/// places; returns that account if any moved. Once: a moved message is not moved again.
///
/// In a transaction that has locked the workspace, after the account was marked as removed. What stays behind is moved, or
/// failed, by [`super::abandon`].
pub async fn relocate(txn: &Transaction, workspace_id: Uuid, removed: Uuid) -> Result<Option<Uuid>, DbErr> {
    let pick = rank::default_sql("$1");
    let backend = txn.get_database_backend();
    let picked = txn.query_one_raw(Statement::from_sql_and_values(backend, pick, [workspace_id.into()])).await?;
    let Some(heir) = picked.map(|row| row.try_get::<Uuid>("", "id")).transpose()? else { return Ok(None) };
    let mv = format!(
        "UPDATE messages SET account_id = $1, by_default = FALSE WHERE id IN (\
           SELECT m.id FROM messages m WHERE m.account_id = $2 AND {MOVES} ORDER BY m.place LIMIT {BULK})"
    );
    let moved = txn.execute_raw(Statement::from_sql_and_values(backend, mv, [heir.into(), removed.into()])).await?;
    Ok((moved.rows_affected() > 0).then_some(heir))
}

#[derive(FromQueryResult)]
struct Left {
    account_id: Uuid,
    workspace_id: Uuid,
}

/// Moves what is left of removed accounts' queues and rule 5 moves, 500 messages at a time.
pub(super) async fn relocate_rest(cx: &Cx) -> Result<(), DbErr> {
    let sql = format!(
        "SELECT r.id AS account_id, r.workspace_id FROM accounts r WHERE r.state = 'REMOVED' \
         AND EXISTS (SELECT 1 FROM messages m WHERE m.account_id = r.id AND {})",
        moves()
    );
    let left = Left::find_by_statement(Statement::from_string(cx.db.backend(), sql)).all(cx.db.read()).await?;
    for Left { account_id, workspace_id } in left {
        while let Some(heir) = relocate_more(cx, workspace_id, account_id).await? {
            cx.signals.nudge(heir);
            cx.signals.changed(Event::Account { workspace_id, id: heir });
        }
    }
    Ok(())
}

async fn relocate_more(cx: &Cx, workspace_id: Uuid, removed: Uuid) -> Result<Option<Uuid>, DbErr> {
    let txn = cx.db.write(Urgency::Normal).await?;
    lock_workspaces(&txn, [workspace_id]).await?;
    let heir = relocate(&txn, workspace_id, removed).await?;
    txn.commit().await?;
    Ok(heir)
}
