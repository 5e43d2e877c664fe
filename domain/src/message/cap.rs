//! An account's daily cap: how many messages it sends within any 24 h. What is over it stays in the queue.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DatabaseTransaction, DbErr, FromQueryResult};
use uuid::Uuid;

use crate::{
    signal::Event,
    sql::{Params, Values},
};

const DAY: TimeDelta = TimeDelta::hours(24);

/// An account that has a cap.
#[derive(Clone, Copy, Debug)]
pub(super) struct Capped {
    pub(super) workspace_id: Uuid,
    pub(super) account_id: Uuid,
    pub(super) cap: i32,
}

#[derive(FromQueryResult)]
struct Today {
    account_id: Uuid,
    messages: i64,
    first_at: DateTime<Utc>,
}

/// Notes of each account that has reached its cap until when it has: then the first of its messages is a day old. Of what
/// came of that, tells whoever watches.
pub(super) async fn reach(
    txn: &DatabaseTransaction,
    accounts: &[Capped],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Event>, DbErr> {
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let (mut rows, mut full) = (Values::default(), HashMap::new());
    for today in sent_within_a_day(txn, accounts, now).await? {
        let account = accounts.iter().find(|account| account.account_id == today.account_id);
        if let Some(account) = account.filter(|account| today.messages >= i64::from(account.cap)) {
            rows.row([account.account_id.into(), (today.first_at + DAY).into()]);
            let event = Event::Account { workspace_id: account.workspace_id, id: account.account_id };
            full.insert(account.account_id, event);
        }
    }
    if !rows.is_empty() {
        let mut params = Params::new(txn.get_database_backend());
        let table = params.table(rows);
        let sql = format!("UPDATE accounts SET capped_until = v.column2 FROM {table} WHERE accounts.id = v.column1");
        txn.execute_raw(params.statement(sql)).await?;
    }
    Ok(full)
}

async fn sent_within_a_day(
    txn: &DatabaseTransaction,
    accounts: &[Capped],
    now: DateTime<Utc>,
) -> Result<Vec<Today>, DbErr> {
    let mut params = Params::new(txn.get_database_backend());
    let (since, among) = (params.value(now - DAY), params.among(accounts.iter().map(|account| account.account_id)));
    let sql = format!(
        "SELECT account_id, COUNT(*) AS messages, MIN(sent_at) AS first_at FROM messages \
         WHERE account_id {among} AND sent_at > {since} GROUP BY account_id"
    );
    Today::find_by_statement(params.statement(sql)).all(txn).await
}
