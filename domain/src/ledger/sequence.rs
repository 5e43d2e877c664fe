//! The billing stream: committed entries get their place in one order over all workspaces, gap-free, never changed.

use sea_orm::{ConnectionTrait, DbErr, EntityTrait, QuerySelect, Statement, prelude::Uuid, sea_query::LockType};

use crate::{
    cx::Cx,
    database::Urgency,
    sql::{Params, Values},
};

/// Entries that get their positions in one transaction.
const AT_ONCE: i64 = 1_000;

/// Gives positions to committed entries that have none yet; returns how many. Only the holder of the counter's row gives
/// positions, so a reader who saw position n has seen, or will never see, everything below it.
pub async fn sequence(cx: &Cx) -> Result<u64, DbErr> {
    let txn = cx.db.write(Urgency::Normal).await?;
    let counter = nhip_entity::sequencer::Entity::find_by_id(1).lock(LockType::NoKeyUpdate).one(&*txn).await?;
    let Some(counter) = counter else { return Ok(0) };
    let sql = "SELECT workspace_id, number FROM credit_entries WHERE position IS NULL ORDER BY at, workspace_id, number LIMIT $1";
    let rows = txn.query_all_raw(Statement::from_sql_and_values(cx.db.backend(), sql, [AT_ONCE.into()])).await?;
    let mut placed = Values::default();
    let mut position = counter.last_position;
    for row in &rows {
        position += 1;
        let (workspace_id, number): (Uuid, i64) = (row.try_get("", "workspace_id")?, row.try_get("", "number")?);
        placed.row([workspace_id.into(), number.into(), position.into()]);
    }
    if placed.is_empty() {
        return Ok(0);
    }
    let mut params = Params::new(cx.db.backend());
    let table = params.table(placed);
    let sql = format!(
        "UPDATE credit_entries SET position = v.column3 FROM {table} \
         WHERE credit_entries.workspace_id = v.column1 AND credit_entries.number = v.column2"
    );
    txn.execute_raw(params.statement(sql)).await?;
    let raise = Statement::from_sql_and_values(
        cx.db.backend(),
        "UPDATE sequencer SET last_position = $1 WHERE id = 1",
        [position.into()],
    );
    txn.execute_raw(raise).await?;
    txn.commit().await?;
    Ok(rows.len() as u64)
}
