//! An account's daily cap: how many messages it sends within any 24 h. What is over it stays in the queue.
//!
//! A message of which nobody knows whether it left counts as one that did, from its last beat on.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ConnectionTrait, DbErr, FromQueryResult};
use uuid::Uuid;

use super::pair::AHEAD;
use crate::{
    database::Transaction,
    signal::Event,
    sql::{Params, Values},
};

const DAY: TimeDelta = TimeDelta::hours(24);
/// An account that is at its cap only by messages that may turn out not to have left looks again this much later.
const LOOK_AGAIN: TimeDelta = TimeDelta::minutes(1);

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
    /// Those of them that cannot turn out not to have left any more.
    settled: i64,
    first_at: DateTime<Utc>,
}

impl Today {
    /// Until when the account has reached its cap; none if it has not. Then the first of its messages is a day old.
    fn full_until(&self, cap: i32, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        let (cap, until) = (i64::from(cap), self.first_at + DAY);
        match () {
            () if self.settled >= cap => Some(until),
            () if self.messages >= cap => Some(until.min(now + LOOK_AGAIN)),
            () => None,
        }
    }
}

/// Notes of each account that has reached its cap until when it has. Of what came of that, tells whoever watches.
pub(super) async fn reach(
    txn: &Transaction,
    accounts: &[Capped],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Event>, DbErr> {
    if accounts.is_empty() {
        return Ok(HashMap::new());
    }
    let (mut rows, mut full) = (Values::default(), HashMap::new());
    for today in left_within_a_day(txn, accounts, now).await? {
        let Some(account) = accounts.iter().find(|account| account.account_id == today.account_id) else { continue };
        let Some(until) = today.full_until(account.cap, now) else { continue };
        rows.row([account.account_id.into(), until.into()]);
        let event = Event::Account { workspace_id: account.workspace_id, id: account.account_id };
        full.insert(account.account_id, event);
    }
    if !rows.is_empty() {
        let mut params = Params::new(txn.get_database_backend());
        let table = params.table(rows);
        let sql = format!("UPDATE accounts SET capped_until = v.column2 FROM {table} WHERE accounts.id = v.column1");
        txn.execute_raw(params.statement(sql)).await?;
    }
    Ok(full)
}

async fn left_within_a_day(txn: &Transaction, accounts: &[Capped], now: DateTime<Utc>) -> Result<Vec<Today>, DbErr> {
    let mut params = Params::new(txn.get_database_backend());
    let (since, among) = (params.value(now - DAY), params.among(accounts.iter().map(|account| account.account_id)));
    // What left long after now did so by a clock that was set back since.
    let until = params.value(now + AHEAD);
    let sql = format!(
        "SELECT account_id, COUNT(*) AS messages, SUM(settled) AS settled, MIN(left_at) AS first_at FROM (\
           SELECT account_id, sent_at AS left_at, 1 AS settled FROM messages \
             WHERE account_id {among} AND sent_at > {since} AND sent_at <= {until} \
           UNION ALL SELECT account_id, sending_at, 1 FROM messages \
             WHERE account_id {among} AND failure = 'UNCONFIRMED' AND sending_at > {since} AND sending_at <= {until} \
           UNION ALL SELECT account_id, sending_at, 0 FROM messages \
             WHERE account_id {among} AND status = 'SENDING' AND sending_at > {since} AND sending_at <= {until}) AS today \
         GROUP BY account_id"
    );
    Today::find_by_statement(params.statement(sql)).all(txn).await
}
