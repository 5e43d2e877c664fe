//! What ends, or moves, without a lane.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on says so")]

mod common;

use chrono::TimeDelta;
use common::{
    House,
    On::{self, Postgres, Sqlite},
};
use futures::future::join_all;
use nhip_domain::message::{self, Acceptor};
use nhip_entity::{
    account::{self, AccountState},
    message::{self as message_row, FailureReason, MessageStatus},
};
use rstest::rstest;
use sea_orm::{ActiveValue::Set, ConnectionTrait as _, EntityTrait as _};
use uuid::Uuid;

const ADA: &str = "+12025550100";

#[rstest]
#[tokio::test]
async fn a_message_expires_only_when_its_account_could_not_send_for_a_day(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let old = "UPDATE messages SET created_at = '2020-01-01T00:00:00+00:00'";
    house.run(old).await;
    assert_eq!(message::expire(&house.cx).await.unwrap(), 0, "waiting for its turn never expires it");
    let since = |hours| Set(Some(house.cx.now() - TimeDelta::hours(hours)));
    house.set_account(|row| (row.state, row.unable_since) = (Set(AccountState::LoggedOut), since(23))).await;
    assert_eq!(message::expire(&house.cx).await.unwrap(), 0);
    house.set_account(|row| row.unable_since = since(25)).await;
    assert_eq!(message::expire(&house.cx).await.unwrap(), 1);
    assert_eq!(house.message(&id).await.failure, Some(FailureReason::Expired));
    assert_eq!(house.balance().await, 9);
}

#[rstest]
#[tokio::test]
async fn rule_5_moves_what_rule_4_picked_and_the_rest_fails(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let contact = house.accepts(&acceptor, "by default", ADA).await;
    let group = house.accepts(&acceptor, "to a group", "120363000000000001@g.us").await;
    let heir = Uuid::new_v4();
    house.account(heir, "440000000000").await;
    assert_eq!(remove(&house).await, Some(heir));
    assert_eq!(message::abandon(&house.cx).await.unwrap(), 1);

    let kept = house.message(&contact).await;
    assert_eq!((kept.account_id, kept.status, kept.place), (heir, MessageStatus::Queued, 1));
    assert_eq!(house.message(&group).await.failure, Some(FailureReason::AccountUnavailable));
    house.assert_ledger().await;
}

/// The account is removed, and whoever rule 4 picks then takes its queue over.
async fn remove(house: &House) -> Option<Uuid> {
    house.set_account(|row: &mut account::ActiveModel| row.state = Set(AccountState::Removed)).await;
    let txn = house.cx.db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
    let heir = message::relocate(&txn, house.workspace_id, house.account_id).await.unwrap();
    txn.commit().await.unwrap();
    heir
}

#[rstest]
#[tokio::test]
async fn a_long_queue_moves_whole(#[values(Sqlite, Postgres)] on: On) {
    const MANY: usize = 6_000;
    let house = House::with_credits(on, 9_000).await;
    let acceptor = Acceptor::start(house.cx.clone());
    for _ in 0..MANY / 250 {
        let accepted = join_all((0..250).map(|_| acceptor.submit(house.text("a")))).await;
        assert!(accepted.iter().all(Result::is_ok), "a machine too slow to queue them within 5 s");
    }
    let heir = Uuid::new_v4();
    house.account(heir, "440000000000").await;
    assert_eq!(remove(&house).await, Some(heir));
    let messages = house.messages().await;
    let moved = messages.iter().filter(|row| row.account_id == heir && row.status == MessageStatus::Queued);
    assert_eq!(moved.count(), MANY);
    assert_eq!(message::abandon(&house.cx).await.unwrap(), 0);
}

#[rstest]
#[tokio::test]
async fn what_nobody_was_there_to_take_over_fails_although_an_account_comes_later(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    assert_eq!(remove(&house).await, None);
    house.account(Uuid::new_v4(), "440000000000").await;
    assert_eq!(message::abandon(&house.cx).await.unwrap(), 1);
    assert_eq!(house.message(&id).await.failure, Some(FailureReason::AccountUnavailable));
    assert_eq!(house.balance().await, 9);
}

#[rstest]
#[tokio::test]
async fn what_was_on_its_way_when_its_account_was_removed_moves_when_it_comes_back(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let heir = Uuid::new_v4();
    house.account(heir, "440000000000").await;
    house.run("UPDATE messages SET status = 'SENDING'").await;
    assert_eq!(remove(&house).await, None);
    house.run("UPDATE messages SET status = 'QUEUED'").await;
    assert_eq!(message::abandon(&house.cx).await.unwrap(), 0);
    assert_eq!(house.message(&id).await.account_id, heir);
}

#[rstest]
#[tokio::test]
async fn an_account_that_comes_back_while_its_queue_is_about_to_expire_keeps_it(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    house.run("UPDATE messages SET created_at = '2020-01-01T00:00:00+00:00'").await;
    let since = Set(Some(house.cx.now() - TimeDelta::hours(25)));
    house.set_account(|row| (row.state, row.unable_since) = (Set(AccountState::LoggedOut), since)).await;

    let txn = house.cx.db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
    nhip_domain::lock::workspaces(&txn, [house.workspace_id]).await.unwrap();
    let comes_back = async {
        // The other has seen the account as it was, and waits for the lock.
        house.until_somebody_waits().await;
        txn.execute_unprepared("UPDATE accounts SET state = 'CONNECTED', unable_since = NULL").await.unwrap();
        txn.commit().await.unwrap();
    };
    let (expired, ()) = tokio::join!(message::expire(&house.cx), comes_back);
    assert_eq!(expired.unwrap(), 0);
    assert_eq!(house.message(&id).await.status, MessageStatus::Queued);
}

#[rstest]
#[tokio::test]
async fn a_file_is_kept_while_its_message_may_leave_and_not_for_days(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let kept = async || message::may_leave(&house.cx, [id.clone()]).await.unwrap() == [id.clone()];
    assert!(kept().await);
    house.set_state(AccountState::Paused).await;
    assert!(!kept().await);
    house.set_state(AccountState::Restricted).await;
    assert!(kept().await);
    let tomorrow = house.cx.now() + TimeDelta::days(1);
    house.set_account(|row| row.capped_until = Set(Some(tomorrow))).await;
    assert!(!kept().await);
    house.run("UPDATE messages SET status = 'SENDING'").await;
    assert!(kept().await);
    house.run("UPDATE messages SET status = 'SENT'").await;
    assert!(!kept().await);
}

/// Two workspaces, of which one has more files than are looked for at once.
#[rstest]
#[tokio::test]
async fn nobody_s_files_keep_those_of_others_from_being_looked_for(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 3_000).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let accounts: Vec<Uuid> = (0..120).map(|_| Uuid::new_v4()).collect();
    for (n, id) in accounts.iter().enumerate() {
        house.account(*id, &format!("4400000{n:05}")).await;
    }
    join_all((0..700).map(|_| acceptor.submit(house.text("a")))).await;
    let worker_id = nhip_domain::lane::register(&house.cx, "host", "0").await.unwrap();
    house.run("UPDATE messages SET hold_reason = 'FILE', file_url = 'http://localhost/a', file_name = 'a'").await;
    for (n, id) in accounts.iter().enumerate() {
        let places = (n * 5, n * 5 + 5);
        let mv =
            format!("UPDATE messages SET account_id = '{id}' WHERE place > {} AND place <= {}", places.0, places.1);
        let sqlite = mv.replace(&format!("'{id}'"), &format!("X'{}'", id.simple()));
        house.run_sql(&sqlite, &mv).await;
    }
    let other = house.another_workspace(9).await;
    let last = house.messages().await.pop().unwrap();
    let own = Uuid::new_v4();
    house.account(own, "440000999999").await;
    let row = message_row::ActiveModel {
        id: Set(last.id),
        account_id: Set(own),
        workspace_id: Set(other),
        place: Set(1_000_000),
        ..Default::default()
    };
    message_row::Entity::update(row).exec_without_returning(house.cx.db.schema()).await.unwrap();
    account::Entity::update_many()
        .col_expr(account::Column::LaneOwner, worker_id.into())
        .exec(house.cx.db.schema())
        .await
        .unwrap();
    let wanted = message::wanted_files(&house.cx, worker_id).await.unwrap();
    assert!(wanted.iter().any(|wanted| wanted.workspace_id == other), "{} of the other", wanted.len());
}
