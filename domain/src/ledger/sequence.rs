//! The billing stream: committed entries get their place in one order over all workspaces, gap-free, never changed. On
//! the way they are counted for charts and totals.

use chrono::{DateTime, Utc};
use nhip_entity::{credit_entry::CreditKind, sequencer};
use sea_orm::{ConnectionTrait, DbErr, EntityTrait, FromQueryResult, QuerySelect, Statement, sea_query::LockType};
use uuid::Uuid;

use crate::{
    activity::{Tallies, What},
    cx::Cx,
    database::{Transaction, Urgency},
    sql::{Params, Together, Values},
};

/// Entries that get their positions in one transaction.
const AT_ONCE: u64 = 1_000;

/// Of an entry, what its place and the counts take.
#[derive(Debug, FromQueryResult)]
struct Unplaced {
    workspace_id: Uuid,
    number: i64,
    at: DateTime<Utc>,
    kind: CreditKind,
    amount: i64,
    has_failed: bool,
}

/// Gives positions to committed entries that have none yet; returns how many. Only the holder of the counter's row gives
/// positions, and gives up its lock with the commit: a reader who saw position n has seen, or will never see, everything
/// below it. Those of one workspace come in the order of their numbers, always. Entries of several come in the order of their
/// times, as far as those were known by then: a time goes back in the stream by no more than a transaction and a look of
/// the sequencer take, and clocks of processes disagree.
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

/// The oldest entries without a position. Where clocks disagree, a workspace's numbers still say what came first: each
/// workspace has the places that the times of its entries give it, and fills them from its lowest number without a position
/// on, however many there are.
async fn unplaced(txn: &Transaction) -> Result<Vec<Unplaced>, DbErr> {
    let sql = format!(
        "WITH oldest AS MATERIALIZED (\
           SELECT workspace_id, number, at FROM credit_entries WHERE position IS NULL ORDER BY at LIMIT {AT_ONCE}), \
         lowest AS MATERIALIZED (SELECT workspace_id, MIN(number) AS number FROM oldest GROUP BY workspace_id), \
         placed AS MATERIALIZED (SELECT l.workspace_id, COALESCE((\
             SELECT p.number FROM credit_entries p WHERE p.workspace_id = l.workspace_id AND p.number < l.number \
               AND p.position IS NOT NULL ORDER BY p.number DESC LIMIT 1), 0) AS number FROM lowest l), \
         places AS MATERIALIZED (SELECT o.workspace_id, \
             p.number + ROW_NUMBER() OVER (PARTITION BY o.workspace_id ORDER BY o.at, o.number) AS number, \
             ROW_NUMBER() OVER (ORDER BY o.at, o.workspace_id, o.number) AS place \
           FROM oldest o JOIN placed p ON p.workspace_id = o.workspace_id) \
         SELECT e.workspace_id, e.number, e.at, e.kind, e.amount, e.failure IS NOT NULL AS has_failed \
         FROM places n JOIN credit_entries e ON e.workspace_id = n.workspace_id AND e.number = n.number \
         WHERE e.position IS NULL ORDER BY n.place"
    );
    let statement = Statement::from_string(txn.get_database_backend(), sql);
    Unplaced::find_by_statement(statement).all(txn).await
}

fn count(tallies: &mut Tallies, entry: &Unplaced) {
    let mut add = |what, amount| tallies.count(entry.workspace_id, entry.at, what, amount);
    match entry.kind {
        CreditKind::Grant => add(What::Granted, entry.amount),
        CreditKind::Adjust => add(What::Adjusted, entry.amount),
        CreditKind::Charge => {
            add(What::Accepted, 1);
            add(What::Charged, -entry.amount);
        }
        CreditKind::Restore => {
            add(if entry.has_failed { What::Failed } else { What::Canceled }, 1);
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
