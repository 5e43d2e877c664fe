//! Proof that the ledger adds up.

use std::{
    collections::{BTreeMap, HashSet},
    fmt,
};

use sea_orm::{ConnectionTrait, DbErr, Statement};
use uuid::Uuid;

use super::verdict;
use crate::{
    cx::Cx,
    database::Urgency,
    lock,
    sql::{Params, Values},
    workspace,
};

/// How many breaches a check names; it counts them all.
const NAMED: usize = 20;
/// Entries that are checked at a time.
const AT_ONCE: usize = 20_000;
/// Workspaces that are locked at a time: calls of all of them wait meanwhile.
const LOCKED: usize = 100;

/// One way in which the ledger does not add up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Breach {
    /// Which invariant.
    pub what: &'static str,
    /// Whose workspace, which entry or message.
    pub whose: String,
}

impl fmt::Display for Breach {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}: {}", self.what, self.whose)
    }
}

/// What an audit looked at, and what it found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Entries looked at.
    pub entries: i64,
    /// Messages looked at.
    pub messages: i64,
    /// The first of the breaches; empty if the ledger adds up.
    pub breaches: Vec<Breach>,
}

impl Findings {
    fn name(&mut self, what: &'static str, workspace_id: Uuid, number: i64) {
        let breach = Breach { what, whose: format!("workspace {workspace_id}, entry {number}") };
        if self.breaches.len() < NAMED && !self.breaches.contains(&breach) {
            self.breaches.push(breach);
        }
    }
}

/// Invariants, each a query whose rows are its breaches.
const INVARIANTS: &[(&str, &str)] = &[
    (
        "the balance is the sum of the entries, and not negative",
        "SELECT w.id AS workspace_id, w.name AS what FROM workspaces w \
         LEFT JOIN (SELECT workspace_id, SUM(amount) AS total, COUNT(*) AS many, MAX(number) AS last \
                    FROM credit_entries GROUP BY workspace_id) e ON e.workspace_id = w.id \
         WHERE w.balance < 0 OR w.balance <> COALESCE(e.total, 0) OR w.last_entry <> COALESCE(e.last, 0) \
            OR w.last_entry <> COALESCE(e.many, 0)",
    ),
    (
        "each entry's balance follows from the one before",
        "SELECT workspace_id, CAST(number AS TEXT) AS what FROM (\
           SELECT workspace_id, number, amount, balance_after, \
                  COALESCE(LAG(balance_after) OVER (PARTITION BY workspace_id ORDER BY number), 0) AS before \
           FROM credit_entries) e WHERE balance_after <> before + amount",
    ),
    (
        "each message has one CHARGE of what it costs",
        "SELECT m.workspace_id, m.id AS what FROM messages m \
         LEFT JOIN credit_entries c ON c.message_id = m.id AND c.kind = 'CHARGE' AND c.workspace_id = m.workspace_id \
         WHERE c.number IS NULL OR c.amount <> -m.credits",
    ),
    (
        "each message that ever failed or was canceled, and no other, has one RESTORE of what it cost",
        "SELECT m.workspace_id, m.id AS what FROM messages m \
         LEFT JOIN credit_entries r ON r.message_id = m.id AND r.kind = 'RESTORE' AND r.workspace_id = m.workspace_id \
         WHERE (m.failed_at IS NOT NULL OR m.canceled_at IS NOT NULL) <> (r.number IS NOT NULL) \
            OR m.restored <> (r.number IS NOT NULL) OR r.amount <> m.credits \
            OR (m.status IN ('FAILED', 'CANCELED') AND r.number IS NULL)",
    ),
    (
        "charges and restores name a message; grants are positive, adjustments negative",
        "SELECT workspace_id, CAST(number AS TEXT) AS what FROM credit_entries \
         WHERE (kind IN ('CHARGE', 'RESTORE')) <> (message_id IS NOT NULL) \
            OR (kind IN ('GRANT', 'RESTORE')) <> (amount > 0)",
    ),
    (
        "each message of a workspace has a place of its own",
        "SELECT workspace_id, 'place ' || place AS what FROM messages GROUP BY workspace_id, place HAVING COUNT(*) > 1",
    ),
    // SQLite checks it by itself, PostgreSQL no longer.
    (
        "what messages and entries point at is there, in the same workspace",
        "SELECT m.workspace_id, m.id AS what FROM messages m \
         LEFT JOIN accounts a ON a.id = m.account_id AND a.workspace_id = m.workspace_id \
         LEFT JOIN chats c ON c.id = m.chat_id AND c.workspace_id = m.workspace_id \
         WHERE a.id IS NULL OR (m.chat_id IS NOT NULL AND c.id IS NULL) \
         UNION ALL SELECT e.workspace_id, CAST(e.number AS TEXT) FROM credit_entries e \
         LEFT JOIN workspaces w ON w.id = e.workspace_id \
         LEFT JOIN messages m ON m.id = e.message_id AND m.workspace_id = e.workspace_id \
         WHERE w.id IS NULL OR (e.message_id IS NOT NULL AND m.id IS NULL)",
    ),
];

/// Checks everything, in one read-only transaction that sees one moment, however long it takes.
pub async fn audit(cx: &Cx) -> Result<Findings, DbErr> {
    let txn = cx.db.patient_snapshot().await?;
    let mut findings = Findings {
        entries: count(&txn, "SELECT COUNT(*) AS n FROM credit_entries").await?,
        messages: count(&txn, "SELECT COUNT(*) AS n FROM messages").await?,
        breaches: Vec::new(),
    };
    // What is being erased is erased piece by piece.
    let going = workspace::going(cx, &txn).await?;
    for (what, sql) in INVARIANTS {
        let rows = txn.query_all_raw(Statement::from_string(txn.get_database_backend(), *sql)).await?;
        let mut named = 0;
        for row in rows {
            let (workspace_id, name): (Uuid, String) = (row.try_get("", "workspace_id")?, row.try_get("", "what")?);
            if named < NAMED && !going.contains(&workspace_id) {
                named += 1;
                findings.breaches.push(Breach { what, whose: format!("workspace {workspace_id}, {name}") });
            }
        }
    }
    Ok(findings)
}

async fn count(txn: &impl ConnectionTrait, sql: &str) -> Result<i64, DbErr> {
    let row = txn.query_one_raw(Statement::from_string(txn.get_database_backend(), sql)).await?;
    row.map_or(Ok(0), |row| row.try_get("", "n"))
}

/// Checks the entries since the last check, and remembers how far it came: cheap enough for every few minutes, and in parts,
/// however long the last check is ago.
pub async fn audit_new(cx: &Cx) -> Result<Findings, DbErr> {
    let mut findings = Findings::default();
    loop {
        let (read, verified) = audit_part(cx, &mut findings).await?;
        remember(cx, &verified).await?;
        // A part that verified nothing would only be read again.
        if read < AT_ONCE || verified.is_empty() {
            break;
        }
    }
    verdict::remember(cx, &findings).await?;
    Ok(findings)
}

/// Checks the next entries; returns how many there were, and the last good one of each workspace in which all add up.
async fn audit_part(cx: &Cx, findings: &mut Findings) -> Result<(usize, BTreeMap<Uuid, i64>), DbErr> {
    let txn = cx.db.snapshot().await?;
    let sql = format!(
        "SELECT w.id AS workspace_id, e.number, e.amount, e.balance_after, w.balance, w.last_entry, \
           LAG(e.balance_after) OVER (PARTITION BY w.id ORDER BY e.number) AS before \
         FROM workspaces w JOIN credit_entries e ON e.workspace_id = w.id AND e.number >= w.verified_entry \
         WHERE w.verified_entry < w.last_entry ORDER BY w.id, e.number LIMIT {AT_ONCE}"
    );
    let rows = txn.query_all_raw(Statement::from_string(txn.get_database_backend(), sql)).await?;
    drop(txn);
    let (mut verified, mut broken) = (BTreeMap::new(), HashSet::new());
    for row in &rows {
        let (workspace_id, number): (Uuid, i64) = (row.try_get("", "workspace_id")?, row.try_get("", "number")?);
        let (amount, after): (i64, i64) = (row.try_get("", "amount")?, row.try_get("", "balance_after")?);
        let before: Option<i64> = row.try_get("", "before")?;
        // The first row of a workspace is the one verified last time, or its very first.
        let follows = match before {
            Some(before) => after == before + amount,
            None => number > 1 || after == amount,
        };
        let is_last = number == row.try_get::<i64>("", "last_entry")?;
        findings.entries += 1;
        if follows && (!is_last || after == row.try_get::<i64>("", "balance")?) {
            verified.insert(workspace_id, number);
        } else {
            broken.insert(workspace_id);
            findings.name("the balance follows from the entries", workspace_id, number);
        }
    }
    verified.retain(|id, _| !broken.contains(id));
    Ok((rows.len(), verified))
}

async fn remember(cx: &Cx, verified: &BTreeMap<Uuid, i64>) -> Result<(), DbErr> {
    let verified: Vec<_> = verified.iter().collect();
    for some in verified.chunks(LOCKED) {
        remember_some(cx, some).await?;
    }
    Ok(())
}

async fn remember_some(cx: &Cx, verified: &[(&Uuid, &i64)]) -> Result<(), DbErr> {
    let mut rows = Values::default();
    verified.iter().for_each(|(id, number)| rows.row([(**id).into(), (**number).into()]));
    let mut params = Params::new(cx.db.backend());
    let table = params.table(rows);
    let sql = format!(
        "UPDATE workspaces SET verified_entry = v.column2 FROM {table} \
         WHERE workspaces.id = v.column1 AND workspaces.verified_entry < v.column2"
    );
    let txn = cx.db.write(Urgency::Normal).await?;
    lock::workspaces(&txn, verified.iter().map(|(id, _)| **id)).await?;
    txn.execute_raw(params.statement(sql)).await?;
    txn.commit().await
}
