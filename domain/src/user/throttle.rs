//! Guessing passwords takes ever longer, and nobody is locked out by it.
//!
//! Failures are counted per account and per address. Whoever has logged in to an account from an address before is counted
//! by both together instead: a stranger's guesses, from wherever, delay them not at all. Counts are rows, so that they hold
//! across processes; an attempt is counted before its password is looked at, so that many at once are no way around.

use std::{cmp::Ordering, net::IpAddr, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::{log_in_attempt, session, user};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel as _, QueryFilter,
    QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, LockType, OnConflict},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{
    audit::Requester,
    cx::Cx,
    database::{Transaction, Urgency},
    error::Result,
    refusal::Refusal,
};

/// How attempts of one kind are delayed: from a second, twofold with every failure.
#[derive(Debug, PartialEq, Eq)]
struct Limit {
    /// Failures that cost no time.
    free: i32,
    /// The longest wait between two attempts.
    longest: TimeDelta,
    /// After so long without a failure, those of before are forgotten.
    forgotten: TimeDelta,
}

/// By account.
static ACCOUNT: Limit = Limit { free: 5, longest: TimeDelta::seconds(60), forgotten: TimeDelta::minutes(15) };
/// By address: behind one there may be a whole office.
static ADDRESS: Limit = Limit { free: 20, longest: TimeDelta::seconds(60), forgotten: TimeDelta::minutes(15) };
/// By mailbox: some 40 mails a day at most. No wait is longer than a mailed link is good, so the owner always has one.
static MAILBOX: Limit = Limit { free: 5, longest: TimeDelta::hours(1), forgotten: TimeDelta::days(1) };

/// An attempt that was counted as a failure; [`Attempt::succeeded`] takes that back.
#[derive(Debug)]
pub(super) struct Attempt(Vec<Counted>);

/// What is counted, and how it is delayed.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Counted {
    key: String,
    limit: &'static Limit,
}

/// Counts an attempt to log in as whoever has `email`.
///
/// Refused as [`Refusal::RateLimited`], uncounted, while the last failures are too fresh.
pub(super) async fn attempt(
    cx: &Cx,
    email: &str,
    user: Option<&user::Model>,
    requester: &Requester,
) -> Result<Attempt> {
    let address = requester.remote_address.as_deref().map(network);
    let user_id = user.map_or(Uuid::nil(), |user| user.id);
    let familiar = match &address {
        // Asked for unknown e-mails too: both take the same time.
        Some(address) => has_been_at(cx, user_id, address).await?,
        None => false,
    };
    let account = account(email);
    let keys = match address {
        Some(address) if familiar => {
            vec![Counted { key: format!("log_in at home {account} {address}"), limit: &ACCOUNT }]
        }
        address => strangers("log_in", &ACCOUNT, &account, address.as_deref()),
    };
    count(cx, keys).await
}

/// Counts a request of a mail to whoever has `email`: mailboxes are not to be flooded.
pub(super) async fn mail(cx: &Cx, email: &str, requester: &Requester) -> Result<()> {
    let address = requester.remote_address.as_deref().map(network);
    count(cx, strangers("mail", &MAILBOX, &account(email), address.as_deref())).await.map(drop)
}

impl Attempt {
    /// The password was right: the account's failures are forgotten, the address's are what they were.
    pub(super) async fn succeeded(self, txn: &impl ConnectionTrait) -> Result<(), DbErr> {
        let (address, account): (Vec<_>, Vec<_>) = self.0.into_iter().partition(|counted| counted.limit == &ADDRESS);
        for Counted { key, .. } in account {
            log_in_attempt::Entity::delete_by_id(key).exec(txn).await?;
        }
        for Counted { key, .. } in address {
            log_in_attempt::Entity::update_many()
                .col_expr(log_in_attempt::Column::Failures, Expr::col(log_in_attempt::Column::Failures).sub(1))
                .filter(log_in_attempt::Column::Counted.eq(key))
                .filter(log_in_attempt::Column::Failures.gt(0))
                .exec(txn)
                .await?;
        }
        Ok(())
    }
}

/// Forgets counts that no longer delay anybody.
pub(super) async fn forget(cx: &Cx, txn: &impl ConnectionTrait) -> Result<(), DbErr> {
    let older_than = |limit: &Limit| log_in_attempt::Column::LastAt.lt(cx.now() - limit.forgotten);
    let of_mailboxes = log_in_attempt::Column::Counted.starts_with("mail as ");
    log_in_attempt::Entity::delete_many()
        .filter(older_than(&ACCOUNT))
        .filter(of_mailboxes.not().or(older_than(&MAILBOX)))
        .exec(txn)
        .await?;
    Ok(())
}

/// E-mails are counted by their hash: what is typed there is anybody's.
fn account(email: &str) -> String {
    hex::encode(Sha256::digest(email.trim().to_lowercase()))
}

/// What is counted of somebody who was not at home, in the order in which rows are locked.
fn strangers(what: &str, limit: &'static Limit, account: &str, address: Option<&str>) -> Vec<Counted> {
    let mut keys = vec![Counted { key: format!("{what} as {account}"), limit }];
    keys.extend(address.map(|address| Counted { key: format!("{what} from {address}"), limit: &ADDRESS }));
    keys
}

/// An address as it is counted: IPv6 by the network that one subscriber has.
fn network(address: &str) -> String {
    match address.parse() {
        Ok(IpAddr::V6(v6)) => {
            let [a, b, c, d, ..] = v6.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
        _ => address.to_owned(),
    }
}

/// Whether somebody logged in from this network before. Whoever has one of IPv6 changes their address daily.
async fn has_been_at(cx: &Cx, user_id: Uuid, from: &str) -> Result<bool, DbErr> {
    let addresses = session::Entity::find()
        .select_only()
        .column(session::Column::RemoteAddress)
        .distinct()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::RemoteAddress.is_not_null());
    let addresses: Vec<String> = addresses.into_tuple().all(cx.db.read()).await?;
    Ok(addresses.iter().any(|address| network(address) == from))
}

async fn count(cx: &Cx, keys: Vec<Counted>) -> Result<Attempt> {
    let now = cx.now();
    let txn = cx.db.write(Urgency::Normal).await?;
    for counted in &keys {
        let row = lock(&txn, &counted.key, now).await?;
        let after = admit(&row, counted.limit, now).map_err(|wait| Refusal::RateLimited { retry_after_s: wait })?;
        log_in_attempt::Entity::update(after.into_active_model().reset_all()).exec_without_returning(&*txn).await?;
    }
    txn.commit().await?;
    Ok(Attempt(keys))
}

/// The counter's row, made where it is missing, and ours until the transaction ends.
async fn lock(txn: &Transaction, key: &str, now: DateTime<Utc>) -> Result<log_in_attempt::Model, DbErr> {
    let new = log_in_attempt::Model { counted: key.to_owned(), failures: 0, last_at: now };
    log_in_attempt::Entity::insert(new.clone().into_active_model().reset_all())
        .on_conflict(OnConflict::column(log_in_attempt::Column::Counted).do_nothing().to_owned())
        .exec_without_returning(txn)
        .await?;
    let row = log_in_attempt::Entity::find_by_id(key).order_by_asc(log_in_attempt::Column::Counted);
    Ok(row.lock(LockType::Update).one(txn).await?.unwrap_or(new))
}

/// The counter with one more failure, or how many seconds too early it is.
fn admit(row: &log_in_attempt::Model, limit: &Limit, now: DateTime<Utc>) -> Result<log_in_attempt::Model, u64> {
    // A wall clock may have jumped back: nobody waits longer than the failures are worth.
    let since = (now - row.last_at).max(TimeDelta::zero());
    let failures = if since >= limit.forgotten { 0 } else { row.failures };
    let wait = pause(failures, limit) - since;
    if wait > TimeDelta::zero() {
        let wait = wait.to_std().unwrap_or(Duration::ZERO);
        return Err(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
    }
    Ok(log_in_attempt::Model { failures: failures + 1, last_at: now, ..row.clone() })
}

/// How long after so many failures the next attempt may come.
fn pause(failures: i32, limit: &Limit) -> TimeDelta {
    match failures.cmp(&limit.free) {
        Ordering::Less => TimeDelta::zero(),
        _ => TimeDelta::seconds(1_i64 << Ord::min(failures - limit.free, 12)).min(limit.longest),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::user::reset_password;

    fn row(failures: i32) -> log_in_attempt::Model {
        log_in_attempt::Model { counted: String::new(), failures, last_at: DateTime::UNIX_EPOCH }
    }

    fn after(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn the_first_failures_cost_no_time_and_each_further_one_twice_as_much() {
        assert_eq!(admit(&row(4), &ACCOUNT, after(0)).unwrap().failures, 5);
        assert_eq!(admit(&row(5), &ACCOUNT, after(0)), Err(1));
        assert!(admit(&row(5), &ACCOUNT, after(1)).is_ok());
        assert_eq!(admit(&row(8), &ACCOUNT, after(0)), Err(8));
        assert_eq!(admit(&row(8), &ACCOUNT, after(0) + TimeDelta::milliseconds(10)), Err(8));
    }

    #[test]
    fn nobody_waits_more_than_a_minute_and_failures_are_forgotten() {
        assert_eq!(admit(&row(i32::MAX - 1), &ACCOUNT, after(0)), Err(60));
        assert!(admit(&row(1_000), &ACCOUNT, after(60)).is_ok());
        assert_eq!(admit(&row(1_000), &ACCOUNT, after(15 * 60)).unwrap().failures, 1);
    }

    #[test]
    fn a_clock_that_went_back_locks_nobody_out_for_long() {
        assert!(admit(&row(0), &ACCOUNT, after(-3_600)).is_ok());
        assert_eq!(admit(&row(1_000), &ACCOUNT, after(-3_600)), Err(60));
    }

    #[test]
    fn a_mailbox_gets_some_forty_mails_a_day_and_waits_no_longer_than_a_link_is_good() {
        let (mut row, mut now, mut mails) = (row(0), DateTime::UNIX_EPOCH, 0);
        while now < DateTime::UNIX_EPOCH + TimeDelta::days(1) {
            match admit(&row, &MAILBOX, now) {
                Ok(next) => (row, mails) = (next, mails + 1),
                Err(wait) => now += TimeDelta::seconds(i64::try_from(wait).unwrap()),
            }
        }
        assert!((30..=42).contains(&mails), "{mails}");
        assert_eq!(MAILBOX.longest.to_std().unwrap(), reset_password::LIFE);
    }

    #[test]
    fn an_account_is_counted_however_its_email_is_typed() {
        assert_eq!(account(" Ada@Example.com"), account("ada@example.com"));
    }

    #[test]
    fn an_ipv6_subscriber_is_one_address() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
    }
}
