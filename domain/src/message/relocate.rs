//! Rule 5: what becomes of an account's queue when the account is removed.

use sea_orm::{ConnectionTrait, DbErr, FromQueryResult, Statement};
use uuid::Uuid;

use crate::{
    account::rank,
    cx::Cx,
    database::{Transaction, Urgency},
    lock,
    signal::Event,
};

/// Messages that one statement moves: it must end in time.
const AT_ONCE: u64 = 5_000;
/// The messages `m` that rule 5 moves: those that rule 4 had picked the account for, and that go to contacts.
/// (A JID that is neither a phone's nor a group's, as Meta's own groups have, is not another account's to write to.)
const MOVES: &str = "m.status = 'QUEUED' AND m.by_default \
     AND m.recipient_key NOT LIKE '%@g.us' AND (m.recipient_kind = 'PHONE' \
     OR m.recipient_key LIKE '%@s.whatsapp.net' OR m.recipient_key LIKE '%@lid')";

/// Whether rule 5 moves message `m` of a removed account now: as long as rule 4 picks another.
pub(super) fn moves() -> String {
    format!("({MOVES} AND EXISTS ({}))", rank::default_sql("m.workspace_id"))
}

/// Moves those of a removed account's messages that rule 5 moves to the account that rule 4 picks now, keeping their places;
/// returns that account if any moved. Once: a moved message is not moved again, nor is one that nobody was there to take.
///
/// In a transaction that has locked the workspace, after the account was marked as removed. What stays behind is failed by
/// [`super::abandon`].
pub async fn relocate(txn: &Transaction, workspace_id: Uuid, removed: Uuid) -> Result<Option<Uuid>, DbErr> {
    let pick = rank::default_sql("$1");
    let backend = txn.get_database_backend();
    let picked = txn.query_one_raw(Statement::from_sql_and_values(backend, pick, [workspace_id.into()])).await?;
    let heir = picked.map(|row| row.try_get::<Uuid>("", "id")).transpose()?;
    let sql = format!(
        "UPDATE messages SET account_id = $1, by_default = FALSE WHERE id IN (\
           SELECT m.id FROM messages m WHERE m.account_id = $2 AND {MOVES} ORDER BY m.place LIMIT {AT_ONCE})"
    );
    let mut moved = 0;
    loop {
        let to = heir.unwrap_or(removed);
        let statement = Statement::from_sql_and_values(backend, &sql, [to.into(), removed.into()]);
        let rows = txn.execute_raw(statement).await?.rows_affected();
        moved += rows;
        if rows < AT_ONCE {
            return Ok(heir.filter(|_| moved > 0));
        }
    }
}

#[derive(FromQueryResult)]
struct Left {
    account_id: Uuid,
    workspace_id: Uuid,
}

/// Moves what came back into a removed account's queue: it was on its way when the account was removed.
pub(super) async fn relocate_late_ones(cx: &Cx) -> Result<(), DbErr> {
    let sql = format!(
        "SELECT r.id AS account_id, r.workspace_id FROM accounts r WHERE r.state = 'REMOVED' \
         AND EXISTS (SELECT 1 FROM messages m WHERE m.account_id = r.id AND {})",
        moves()
    );
    let left = Left::find_by_statement(Statement::from_string(cx.db.backend(), sql)).all(cx.db.read()).await?;
    for Left { account_id, workspace_id } in left {
        if let Some(heir) = relocate_late(cx, workspace_id, account_id).await? {
            cx.signals.nudge(heir);
            cx.signals.changed(Event::Account { workspace_id, id: heir });
        }
    }
    Ok(())
}

async fn relocate_late(cx: &Cx, workspace_id: Uuid, removed: Uuid) -> Result<Option<Uuid>, DbErr> {
    let txn = cx.db.write(Urgency::Normal).await?;
    lock::workspaces(&txn, [workspace_id]).await?;
    let heir = relocate(&txn, workspace_id, removed).await?;
    txn.commit().await?;
    Ok(heir)
}
