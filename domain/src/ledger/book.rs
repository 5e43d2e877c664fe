//! Writing entries, under the lock of their workspaces.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use nhip_entity::{credit_entry::CreditKind, message::FailureReason, workspace};
use sea_orm::{ConnectionTrait, DbErr};
use uuid::Uuid;

use crate::{
    database::Transaction,
    sql::{Params, Together, Values},
};

/// The entries of one transaction: collected against locked workspaces, then written at once with the new balances.
#[derive(Debug)]
pub struct Book {
    now: DateTime<Utc>,
    pages: BTreeMap<Uuid, Page>,
    entries: Values,
}

#[derive(Clone, Copy, Debug)]
struct Page {
    balance: i64,
    last_entry: i64,
    last_place: i64,
    last_activation: i64,
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
    /// Opens the books of workspaces that [`crate::lock::workspaces`] has locked.
    #[must_use]
    pub fn open<'a>(now: DateTime<Utc>, locked: impl IntoIterator<Item = &'a workspace::Model>) -> Self {
        let page = |row: &workspace::Model| Page {
            balance: row.balance,
            last_entry: row.last_entry,
            last_place: row.last_place,
            last_activation: row.last_activation,
            touched: false,
        };
        Self { now, pages: locked.into_iter().map(|row| (row.id, page(row))).collect(), entries: Values::default() }
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

    /// Counts `calls` of a workspace's webhook; the number of the newest, none where the workspace is not open here.
    pub fn count_activations(&mut self, workspace_id: Uuid, calls: usize) -> Option<i64> {
        let page = self.pages.get_mut(&workspace_id)?;
        page.touched = true;
        page.last_activation += i64::try_from(calls).unwrap_or_default();
        Some(page.last_activation)
    }

    /// Adds an entry of `amount` (signed); none where it would make the balance negative, or the workspace is not open here.
    pub fn add(&mut self, workspace_id: Uuid, kind: CreditKind, amount: i64, note: Note) -> Option<i64> {
        let page = self.pages.get_mut(&workspace_id)?;
        let balance = page.balance.checked_add(amount).filter(|balance| *balance >= 0)?;
        (page.balance, page.touched) = (balance, true);
        page.last_entry += 1;
        self.entries.row([
            workspace_id.into(),
            page.last_entry.into(),
            <&str>::from(kind).into(),
            amount.into(),
            balance.into(),
            note.message_id.into(),
            note.failure.map(<&str>::from).into(),
            note.reason.into(),
            note.idempotency_key.into(),
        ]);
        Some(page.last_entry)
    }

    /// Writes the entries and the workspaces' rows. After the messages, which entries refer to.
    pub async fn write(self, txn: &Transaction) -> Result<(), DbErr> {
        let mut writes = Together::new(txn.get_database_backend());
        self.add_to(&mut writes);
        writes.run(txn).await
    }

    /// The same, together with what else is written.
    pub(crate) fn add_to(self, writes: &mut Together) {
        let Self { now, pages, entries } = self;
        if !entries.is_empty() {
            writes.add(|params| insert_entries(params, entries, now));
        }
        let mut touched = Values::default();
        for (id, page) in pages.into_iter().filter(|(_, page)| page.touched) {
            touched.row([
                id.into(),
                page.balance.into(),
                page.last_entry.into(),
                page.last_place.into(),
                page.last_activation.into(),
            ]);
        }
        if !touched.is_empty() {
            writes.add(|params| update_pages(params, touched));
        }
    }
}

fn insert_entries(params: &mut Params, entries: Values, now: DateTime<Utc>) -> String {
    let (now, table) = (params.value(now), params.table(entries));
    format!(
        "INSERT INTO credit_entries (workspace_id, number, kind, amount, balance_after, message_id, failure, reason, \
         idempotency_key, at) \
         SELECT column1, column2, column3, column4, column5, column6, column7, column8, column9, {now} FROM {table}"
    )
}

fn update_pages(params: &mut Params, touched: Values) -> String {
    let table = params.table(touched);
    format!(
        "UPDATE workspaces SET balance = v.column2, last_entry = v.column3, last_place = v.column4, \
         last_activation = v.column5, version = version + 1 FROM {table} WHERE workspaces.id = v.column1"
    )
}
