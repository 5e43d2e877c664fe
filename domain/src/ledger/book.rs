//! Writing entries, under the lock of their workspaces.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nhip_entity::{
    credit_entry::{self, CreditKind},
    message::FailureReason,
    workspace,
};
use sea_orm::{
    ActiveValue::Set, ConnectionTrait, DatabaseTransaction, DbBackend, DbErr, EntityTrait, QueryFilter, QueryOrder,
    QuerySelect, Statement, prelude::*, sea_query::LockType,
};
use uuid::Uuid;

use crate::sql::Values;

/// Locks workspaces in id order, so that no two transactions wait for each other, and reads them.
///
/// The first statement of every transaction that moves credits or changes what accept decides on; whatever else it reads,
/// it reads in later statements. (`FOR NO KEY UPDATE`, because a plain `FOR UPDATE` would block foreign-key inserts.)
pub async fn lock_workspaces(
    txn: &DatabaseTransaction,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<workspace::Model>, DbErr> {
    workspace::Entity::find()
        .filter(workspace::Column::Id.is_in(ids))
        .order_by_asc(workspace::Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(txn)
        .await
}

/// The entries of one transaction: collected against locked workspaces, then written at once with the new balances.
#[derive(Debug)]
pub struct Book {
    now: DateTime<Utc>,
    pages: BTreeMap<Uuid, Page>,
    entries: Vec<credit_entry::ActiveModel>,
}

#[derive(Clone, Copy, Debug)]
struct Page {
    balance: i64,
    last_entry: i64,
    last_place: i64,
    touched: bool,
}

/// One entry to be.
#[derive(Clone, Debug, Default)]
pub struct Note {
    /// Which message it is for.
    pub message_id: Option<String>,
    /// Why a message's credits come back.
    pub failure: Option<FailureReason>,
    /// Why a person or a billing job moved credits.
    pub reason: Option<String>,
    /// A billing job's key.
    pub idempotency_key: Option<String>,
}

impl Book {
    /// Opens the books of workspaces that [`lock_workspaces`] has locked.
    #[must_use]
    pub fn open(now: DateTime<Utc>, locked: &[workspace::Model]) -> Self {
        let page = |row: &workspace::Model| Page {
            balance: row.balance,
            last_entry: row.last_entry,
            last_place: row.last_place,
            touched: false,
        };
        Self { now, pages: locked.iter().map(|row| (row.id, page(row))).collect(), entries: Vec::new() }
    }

    /// What a workspace has left; 0 for one that is not open here.
    #[must_use]
    pub fn balance(&self, workspace_id: Uuid) -> i64 {
        self.pages.get(&workspace_id).map_or(0, |page| page.balance)
    }

    /// The next place in a workspace's order of acceptance.
    pub fn next_place(&mut self, workspace_id: Uuid) -> i64 {
        let Some(page) = self.pages.get_mut(&workspace_id) else { return 0 };
        page.touched = true;
        page.last_place += 1;
        page.last_place
    }

    /// Adds an entry of `amount` (signed); none where it would make the balance negative, or the workspace is not open here.
    pub fn add(&mut self, workspace_id: Uuid, kind: CreditKind, amount: i64, note: Note) -> Option<i64> {
        let page = self.pages.get_mut(&workspace_id)?;
        let balance = page.balance.checked_add(amount).filter(|balance| *balance >= 0)?;
        (page.balance, page.touched) = (balance, true);
        page.last_entry += 1;
        self.entries.push(credit_entry::ActiveModel {
            workspace_id: Set(workspace_id),
            number: Set(page.last_entry),
            kind: Set(kind),
            amount: Set(amount),
            balance_after: Set(balance),
            message_id: Set(note.message_id),
            failure: Set(note.failure),
            reason: Set(note.reason),
            idempotency_key: Set(note.idempotency_key),
            at: Set(self.now),
            position: Set(None),
        });
        Some(page.last_entry)
    }

    /// Writes the entries and the workspaces' rows. After the messages, which entries refer to.
    pub async fn write(self, txn: &DatabaseTransaction) -> Result<(), DbErr> {
        if !self.entries.is_empty() {
            credit_entry::Entity::insert_many(self.entries).exec_without_returning(txn).await?;
        }
        let touched: Vec<_> = self.pages.into_iter().filter(|(_, page)| page.touched).collect();
        if touched.is_empty() {
            return Ok(());
        }
        txn.execute_raw(update_pages(txn.get_database_backend(), &touched)).await?;
        Ok(())
    }
}

/// One statement for all rows.
fn update_pages(backend: DbBackend, pages: &[(Uuid, Page)]) -> Statement {
    let mut rows = Values::default();
    for (id, page) in pages {
        rows.row([(*id).into(), page.balance.into(), page.last_entry.into(), page.last_place.into()]);
    }
    let (table, values) = rows.table();
    let sql = format!(
        "UPDATE workspaces SET balance = v.column2, last_entry = v.column3, last_place = v.column4 \
         FROM {table} WHERE workspaces.id = v.column1"
    );
    Statement::from_sql_and_values(backend, sql, values)
}
