//! The billing stream: committed entries get their place in one order over all workspaces, gap-free, never changed. On
//! the way they are counted for charts and totals.

use nhip_entity::{
    credit_entry::{self, CreditKind},
    sequencer,
};
use sea_orm::{
    ColumnTrait, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect, sea_query::LockType,
};

use crate::{
    activity::{Tallies, What},
    cx::Cx,
    database::Urgency,
    sql::{Params, Together, Values},
};

/// Entries that get their positions in one transaction.
const AT_ONCE: u64 = 1_000;

/// Gives positions to committed entries that have none yet; returns how many. Only the holder of the counter's row gives
/// positions, and gives up its lock with the commit: a reader who saw position n has seen, or will never see, everything
/// below it. Entries come in the order of their times; those of one workspace, in the order of their numbers.
pub async fn sequence(cx: &Cx) -> Result<u64, DbErr> {
    let txn = cx.db.write(Urgency::Normal).await?;
    let counter = sequencer::Entity::find_by_id(1).lock(LockType::NoKeyUpdate).one(&*txn).await?;
    let Some(counter) = counter else { return Ok(0) };
    let entries = unplaced(&txn).await?;
    if entries.is_empty() {
        return Ok(0);
    }
    let (mut placed, mut tallies) = (Values::default(), Tallies::default());
    let mut position = counter.last_position;
    for entry in &entries {
        position += 1;
        placed.row([entry.workspace_id.into(), entry.number.into(), position.into()]);
        count(&mut tallies, entry);
    }
    let mut writes = Together::new(cx.db.backend());
    writes.add(|params| place(params, placed));
    writes.add(|params| format!("UPDATE sequencer SET last_position = {} WHERE id = 1", params.value(position)));
    tallies.add_to(&mut writes);
    writes.run(&txn).await?;
    txn.commit().await?;
    Ok(entries.len() as u64)
}

/// The oldest entries without a position. Where clocks disagree, a workspace's numbers still say what came first.
async fn unplaced(txn: &DatabaseTransaction) -> Result<Vec<credit_entry::Model>, DbErr> {
    use credit_entry::Column;
    let mut entries = credit_entry::Entity::find()
        .filter(Column::Position.is_null())
        .order_by_asc(Column::At)
        .limit(AT_ONCE)
        .all(txn)
        .await?;
    // Each workspace keeps the places that it has, and fills them by number.
    let mut by_number: Vec<_> = entries.iter().map(|entry| (entry.workspace_id, entry.number)).collect();
    by_number.sort_unstable();
    let mut places: Vec<usize> = (0..entries.len()).collect();
    places.sort_by_key(|n| entries.get(*n).map(|entry| entry.workspace_id));
    let rank: std::collections::HashMap<_, _> = by_number.into_iter().zip(places).collect();
    entries.sort_by_key(|entry| rank.get(&(entry.workspace_id, entry.number)).copied());
    Ok(entries)
}

fn count(tallies: &mut Tallies, entry: &credit_entry::Model) {
    let mut add = |what, amount| tallies.count(entry.workspace_id, entry.at, what, amount);
    match entry.kind {
        CreditKind::Grant => add(What::Granted, entry.amount),
        CreditKind::Adjust => add(What::Adjusted, entry.amount),
        CreditKind::Charge => {
            add(What::Accepted, 1);
            add(What::Charged, -entry.amount);
        }
        CreditKind::Restore => {
            add(if entry.failure.is_some() { What::Failed } else { What::Canceled }, 1);
            add(What::Restored, entry.amount);
        }
    }
}

fn place(params: &mut Params, placed: Values) -> String {
    let table = params.table(placed);
    format!(
        "UPDATE credit_entries SET position = v.column3 FROM {table} \
         WHERE credit_entries.workspace_id = v.column1 AND credit_entries.number = v.column2"
    )
}
