//! Guessing passwords takes ever longer, and nobody is locked out by it.
//!
//! Failures are counted per account and per address. Whoever has logged in to an account from an address before is counted
//! by both together instead: a stranger's guesses, from wherever, delay them not at all. Counts are rows, so that they hold
//! across processes; an attempt is counted before its password is looked at, so that many at once are no way around.

use std::{cmp::Ordering, net::IpAddr, time::Duration};

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::{log_in_attempt, session, user};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, IntoActiveModel as _,
    PaginatorTrait as _, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait as _, LockType, OnConflict},
};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use crate::{audit::Requester, cx::Cx, database::Urgency, error::Result, refusal::Refusal};

/// Failures that cost an account no time.
const FREE_OF_ACCOUNT: i32 = 5;
/// Failures that cost an address no time: behind one there may be a whole office.
const FREE_OF_ADDRESS: i32 = 20;
/// The longest wait between two attempts. It grows from a second, twofold with every failure.
const LONGEST: TimeDelta = TimeDelta::seconds(60);
/// After so long without a failure, those of before are forgotten.
const FORGOTTEN: TimeDelta = TimeDelta::minutes(15);

/// An attempt that was counted as a failure; [`Attempt::succeeded`] takes that back.
#[derive(Debug)]
pub(super) struct Attempt(Vec<Counted>);

/// What is counted, and how many failures it has free.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Counted {
    key: String,
    free: i32,
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
    let familiar = match &requester.remote_address {
        // Asked for unknown e-mails too: both take the same time.
        Some(address) => has_been_at(cx, user_id, address).await?,
        None => false,
    };
    count(cx, keys("log_in", email, address.as_deref(), familiar)).await
}

/// Counts a request of a mail to whoever has `email`: mailboxes are not to be flooded.
pub(super) async fn mail(cx: &Cx, email: &str, requester: &Requester) -> Result<()> {
    let address = requester.remote_address.as_deref().map(network);
    count(cx, keys("mail", email, address.as_deref(), false)).await.map(drop)
}

impl Attempt {
    /// The password was right: the account's failures are forgotten, the address's are what they were.
    pub(super) async fn succeeded(self, txn: &impl ConnectionTrait) -> Result<(), DbErr> {
        let (address, account): (Vec<_>, Vec<_>) =
            self.0.into_iter().partition(|counted| counted.free == FREE_OF_ADDRESS);
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
    let before = cx.now() - FORGOTTEN;
    log_in_attempt::Entity::delete_many().filter(log_in_attempt::Column::LastAt.lt(before)).exec(txn).await?;
    Ok(())
}

/// In the order in which rows are locked. E-mails are counted by their hash: what is typed there is anybody's.
fn keys(what: &str, email: &str, address: Option<&str>, familiar: bool) -> Vec<Counted> {
    let account = hex::encode(Sha256::digest(email.trim().to_lowercase()));
    let mut keys = match address {
        Some(address) if familiar => {
            vec![Counted { key: format!("{what} at home {account} {address}"), free: FREE_OF_ACCOUNT }]
        }
        _ => vec![Counted { key: format!("{what} as {account}"), free: FREE_OF_ACCOUNT }],
    };
    if let Some(address) = address.filter(|_| !familiar) {
        keys.push(Counted { key: format!("{what} from {address}"), free: FREE_OF_ADDRESS });
    }
    keys.sort_by(|one, other| one.key.cmp(&other.key));
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

async fn has_been_at(cx: &Cx, user_id: Uuid, address: &str) -> Result<bool, DbErr> {
    let sessions = session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::RemoteAddress.eq(address));
    Ok(sessions.count(cx.db.read()).await? > 0)
}

async fn count(cx: &Cx, keys: Vec<Counted>) -> Result<Attempt> {
    let now = cx.now();
    let txn = cx.db.write(Urgency::Normal).await?;
    for counted in &keys {
        let row = lock(&txn, &counted.key, now).await?;
        let after = admit(&row, counted.free, now).map_err(|wait| Refusal::RateLimited { retry_after_s: wait })?;
        log_in_attempt::Entity::update(after.into_active_model().reset_all()).exec_without_returning(&*txn).await?;
    }
    txn.commit().await?;
    Ok(Attempt(keys))
}

/// The counter's row, made where it is missing, and ours until the transaction ends.
async fn lock(txn: &DatabaseTransaction, key: &str, now: DateTime<Utc>) -> Result<log_in_attempt::Model, DbErr> {
    let new = log_in_attempt::Model { counted: key.to_owned(), failures: 0, last_at: now };
    log_in_attempt::Entity::insert(new.clone().into_active_model().reset_all())
        .on_conflict(OnConflict::column(log_in_attempt::Column::Counted).do_nothing().to_owned())
        .exec_without_returning(txn)
        .await?;
    let row = log_in_attempt::Entity::find_by_id(key).order_by_asc(log_in_attempt::Column::Counted);
    Ok(row.lock(LockType::Update).one(txn).await?.unwrap_or(new))
}

/// The counter with one more failure, or how many seconds too early it is.
fn admit(row: &log_in_attempt::Model, free: i32, now: DateTime<Utc>) -> Result<log_in_attempt::Model, u64> {
    // A wall clock may have jumped back: nobody waits longer than the failures are worth.
    let since = (now - row.last_at).max(TimeDelta::zero());
    let failures = if since >= FORGOTTEN { 0 } else { row.failures };
    let wait = pause(failures, free) - since;
    if wait > TimeDelta::zero() {
        let wait = wait.to_std().unwrap_or(Duration::ZERO);
        return Err(wait.as_secs() + u64::from(wait.subsec_nanos() > 0));
    }
    Ok(log_in_attempt::Model { failures: failures + 1, last_at: now, ..row.clone() })
}

/// How long after so many failures the next attempt may come.
fn pause(failures: i32, free: i32) -> TimeDelta {
    match failures.cmp(&free) {
        Ordering::Less => TimeDelta::zero(),
        _ => TimeDelta::seconds(1_i64 << Ord::min(failures - free, 10)).min(LONGEST),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(failures: i32) -> log_in_attempt::Model {
        log_in_attempt::Model { counted: String::new(), failures, last_at: DateTime::UNIX_EPOCH }
    }

    fn after(seconds: i64) -> DateTime<Utc> {
        DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
    }

    #[test]
    fn the_first_failures_cost_no_time_and_each_further_one_twice_as_much() {
        assert_eq!(admit(&row(4), 5, after(0)).unwrap().failures, 5);
        assert_eq!(admit(&row(5), 5, after(0)), Err(1));
        assert!(admit(&row(5), 5, after(1)).is_ok());
        assert_eq!(admit(&row(8), 5, after(0)), Err(8));
        assert_eq!(admit(&row(8), 5, after(0) + TimeDelta::milliseconds(10)), Err(8));
    }

    #[test]
    fn nobody_waits_more_than_a_minute_and_failures_are_forgotten() {
        assert_eq!(admit(&row(i32::MAX - 1), 5, after(0)), Err(60));
        assert!(admit(&row(1_000), 5, after(60)).is_ok());
        assert_eq!(admit(&row(1_000), 5, after(15 * 60)).unwrap().failures, 1);
    }

    #[test]
    fn a_clock_that_went_back_locks_nobody_out_for_long() {
        assert!(admit(&row(0), 5, after(-3_600)).is_ok());
        assert_eq!(admit(&row(1_000), 5, after(-3_600)), Err(60));
    }

    #[test]
    fn at_home_a_strangers_guesses_do_not_count() {
        let abroad = keys("log_in", " Ada@Example.com", Some("203.0.113.7"), false);
        let home = keys("log_in", "ada@example.com", Some("203.0.113.7"), true);
        assert_eq!((abroad.len(), home.len()), (2, 1));
        assert!(home.iter().all(|key| !abroad.contains(key)));
        assert_eq!(abroad, keys("log_in", "ada@example.com", Some("203.0.113.7"), false));
    }

    #[test]
    fn an_ipv6_subscriber_is_one_address() {
        assert_eq!(network("2001:db8:1:2:3:4:5:6"), network("2001:db8:1:2::1"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
        assert_eq!(network("203.0.113.7"), "203.0.113.7");
    }
}
