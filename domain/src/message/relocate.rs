//! Rule 5: what becomes of an account's queue when the account is removed.

use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, Statement};
use uuid::Uuid;

use crate::account::rank;

/// Moves an account's queued messages that rule 4 had picked it for, and that go to contacts, to the account that rule 4
/// picks now, keeping their places; returns that account if any moved. Once: a moved message is not moved again.
///
/// In the transaction that removes the account, after it was marked as removed, under the workspace's lock. What stays
/// behind is failed by [`super::abandon`].
pub async fn relocate(txn: &DatabaseTransaction, workspace_id: Uuid, removed: Uuid) -> Result<Option<Uuid>, DbErr> {
    let pick = rank::default_sql("$1");
    let backend = txn.get_database_backend();
    let picked = txn.query_one_raw(Statement::from_sql_and_values(backend, pick, [workspace_id.into()])).await?;
    let Some(heir) = picked.map(|row| row.try_get::<Uuid>("", "id")).transpose()? else { return Ok(None) };
    let mv = "UPDATE messages SET account_id = $1, by_default = FALSE \
              WHERE account_id = $2 AND status = 'QUEUED' AND by_default AND recipient_key NOT LIKE '%@g.us'";
    let moved = txn.execute_raw(Statement::from_sql_and_values(backend, mv, [heir.into(), removed.into()])).await?;
    Ok((moved.rows_affected() > 0).then_some(heir))
}
