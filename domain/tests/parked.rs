//! On PostgreSQL a commit begins the next transaction, which waits a moment for whoever writes next.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod common;

use std::time::Duration;

use common::{House, On::Postgres};
use nhip_domain::database::{Transaction, Urgency};
use sea_orm::{ConnectionTrait, Statement};
use tokio::time::{sleep, timeout};

async fn number(on: &impl ConnectionTrait, sql: &str) -> i64 {
    let row = on.query_one_raw(Statement::from_string(on.get_database_backend(), sql)).await;
    row.unwrap().unwrap().try_get("", "n").unwrap()
}

async fn session(txn: &Transaction) -> i64 {
    number(txn, "SELECT pg_backend_pid()::bigint AS n").await
}

#[tokio::test]
async fn a_writer_goes_on_where_the_one_before_committed_and_sees_what_was_committed_since() {
    let house = House::with_credits(Postgres, 9).await;
    let first = house.cx.db.write(Urgency::Normal).await.unwrap();
    let same = session(&first).await;
    first.commit().await.unwrap();
    house.run("UPDATE workspaces SET balance = 7").await;

    let second = house.cx.db.write(Urgency::Normal).await.unwrap();
    assert_eq!(session(&second).await, same);
    assert_eq!(number(&*second, "SELECT balance AS n FROM workspaces").await, 7);
    second.execute_unprepared("UPDATE workspaces SET balance = 5").await.unwrap();
    drop(second);
    assert_eq!(number(house.cx.db.read(), "SELECT balance AS n FROM workspaces").await, 7, "it was not committed");
}

#[tokio::test]
async fn a_transaction_that_nobody_takes_is_ended() {
    let house = House::with_credits(Postgres, 9).await;
    let open = "SELECT COUNT(*) AS n FROM pg_stat_activity \
                WHERE datname = current_database() AND state = 'idle in transaction'";
    let begun = [house.cx.db.write(Urgency::Normal).await.unwrap(), house.cx.db.write(Urgency::Normal).await.unwrap()];
    for txn in begun {
        txn.commit().await.unwrap();
    }
    assert_eq!(number(house.cx.db.read(), open).await, 2);
    let ended = async {
        while number(house.cx.db.read(), open).await > 0 {
            sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(Duration::from_secs(4), ended).await.expect("before PostgreSQL ends their sessions");
}

#[tokio::test]
async fn a_session_that_was_ended_while_it_waited_is_not_written_in() {
    let house = House::with_credits(Postgres, 9).await;
    let txn = house.cx.db.write(Urgency::Normal).await.unwrap();
    let lost = session(&txn).await;
    txn.commit().await.unwrap();
    house.run(&format!("SELECT pg_terminate_backend({lost})")).await;
    // Longer than it may have waited to be taken.
    sleep(Duration::from_millis(150)).await;
    let txn = house.cx.db.write(Urgency::Normal).await.unwrap();
    assert_ne!(session(&txn).await, lost);
}
