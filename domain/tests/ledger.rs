//! What the ledger proves, and the stream that billing reads.

mod common;

use chrono::TimeDelta;
use common::{
    House,
    On::{self, Postgres, Sqlite},
};
use futures::future::join_all;
use nhip_domain::{database::Urgency, ledger, lock, message::Acceptor};
use nhip_entity::credit_entry;
use rstest::rstest;
use sea_orm::{ColumnTrait as _, ConnectionTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _};

const ADA: &str = "+12025550100";

#[rstest]
#[tokio::test]
async fn the_audit_finds_what_does_not_add_up(#[values(Sqlite, Postgres)] on: On) {
    for harm in [
        "UPDATE workspaces SET balance = balance + 1",
        "UPDATE workspaces SET last_entry = last_entry + 1",
        "UPDATE credit_entries SET balance_after = balance_after + 1 WHERE number = 1",
        "UPDATE messages SET credits = 2",
        "UPDATE messages SET restored = TRUE",
        "UPDATE messages SET status = 'FAILED', failed_at = created_at",
        "DELETE FROM credit_entries WHERE kind = 'CHARGE'",
        "UPDATE messages SET place = 1",
    ] {
        let house = House::with_credits(on, 9).await;
        let acceptor = Acceptor::start(house.cx.clone());
        house.accepts(&acceptor, "a", ADA).await;
        house.accepts(&acceptor, "b", ADA).await;
        house.assert_ledger().await;
        house.run(harm).await;
        let findings = nhip_domain::ledger::audit(&house.cx).await.unwrap();
        assert!(!findings.breaches.is_empty(), "{harm}");
    }
}

#[rstest]
#[tokio::test]
async fn what_points_at_nothing_is_refused_by_sqlite_and_found_by_the_audit_on_postgresql(
    #[values(Sqlite, Postgres)] on: On,
) {
    for harm in [
        "UPDATE messages SET account_id = workspace_id",
        "UPDATE messages SET chat_id = 7",
        "UPDATE messages SET workspace_id = account_id",
        "UPDATE credit_entries SET message_id = 'wa_backend:7' WHERE message_id IS NOT NULL",
        "DELETE FROM workspaces",
    ] {
        let house = House::with_credits(on, 9).await;
        house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
        let harmed = house.cx.db.schema().execute_unprepared(harm).await;
        match on {
            Sqlite if harm.starts_with("UPDATE") => assert!(harmed.is_err(), "{harm}"),
            // What a workspace owned goes with it.
            Sqlite => house.assert_ledger().await,
            Postgres => {
                harmed.unwrap();
                let findings = ledger::audit(&house.cx).await.unwrap();
                let what = "what messages and entries point at is there, in the same workspace";
                assert!(findings.breaches.iter().any(|breach| breach.what == what), "{harm}: {findings:?}");
            }
        }
    }
}

#[rstest]
#[tokio::test]
async fn the_billing_stream_numbers_every_entry_once_without_gaps(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let acceptor = Acceptor::start(house.cx.clone());
    for text in ["a", "b", "c"] {
        house.accepts(&acceptor, text, ADA).await;
        nhip_domain::ledger::sequence(&house.cx).await.unwrap();
    }
    let entries = nhip_entity::credit_entry::Entity::find().all(house.cx.db.read()).await.unwrap();
    let mut positions: Vec<_> = entries.iter().map(|entry| entry.position.unwrap()).collect();
    positions.sort_unstable();
    assert_eq!(positions, [1, 2, 3, 4]);
    assert_eq!(nhip_domain::ledger::audit_new(&house.cx).await.unwrap().breaches, vec![]);
}

#[rstest]
#[tokio::test]
async fn an_audit_leaves_its_verdict_for_every_process(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let acceptor = Acceptor::start(house.cx.clone());
    assert_eq!(nhip_domain::ledger::verdict(&house.cx).await.unwrap().checked_at, None);
    house.accepts(&acceptor, "a", ADA).await;
    nhip_domain::ledger::audit_new(&house.cx).await.unwrap();
    let good = nhip_domain::ledger::verdict(&house.cx).await.unwrap();
    assert!(good.breaches == 0 && good.checked_at.is_some_and(|at| at <= house.cx.now()), "{good:?}");
    house.accepts(&acceptor, "b", ADA).await;
    house.run("UPDATE credit_entries SET balance_after = balance_after + 1 WHERE number = 3").await;
    nhip_domain::ledger::audit_new(&house.cx).await.unwrap();
    assert_eq!(nhip_domain::ledger::verdict(&house.cx).await.unwrap().breaches, 1);
}

#[tokio::test]
async fn an_audit_waits_for_workspaces_in_the_order_of_everybody_else() {
    let house = House::with_credits(Postgres, 9).await;
    let mut ids = vec![house.workspace_id];
    for _ in 0..90 {
        ids.push(house.another_workspace(9).await);
    }
    let first = ids.iter().min().copied().unwrap();
    // PostgreSQL, which would go through all of them, comes by the first one last.
    house.run(&format!("UPDATE workspaces SET name = 'First' WHERE id = '{first}'")).await;
    let txn = house.cx.db.write(Urgency::Normal).await.unwrap();
    lock::workspaces(&txn, [first]).await.unwrap();
    let others = async {
        house.until_somebody_waits().await;
        lock::workspaces(&txn, ids).await.unwrap();
        txn.commit().await.unwrap();
    };
    let (findings, ()) = tokio::join!(ledger::audit_new(&house.cx), others);
    assert_eq!(findings.unwrap().breaches, vec![]);
}

#[rstest]
#[tokio::test]
async fn a_workspace_s_entries_stay_in_order_however_many_wait_and_whatever_their_clocks_said(
    #[values(Sqlite, Postgres)] on: On,
) {
    let house = House::with_credits(on, 2_000).await;
    house.another_workspace(9).await;
    let acceptor = Acceptor::start(house.cx.clone());
    join_all((0..1_200).map(|_| acceptor.submit(house.text("hi")))).await;
    // A process whose clock was an hour behind wrote half of them.
    let behind = house.cx.now() - TimeDelta::hours(1);
    let update = credit_entry::Entity::update_many().filter(credit_entry::Column::Number.gt(600));
    update.col_expr(credit_entry::Column::At, behind.into()).exec(house.cx.db.schema()).await.unwrap();
    house.sequence().await;
    let stream = credit_entry::Entity::find().order_by_asc(credit_entry::Column::Position);
    let stream = stream.all(house.cx.db.read()).await.unwrap();
    let positions: Vec<_> = stream.iter().map(|entry| entry.position.unwrap()).collect();
    assert_eq!(positions, (1..=1_202).collect::<Vec<_>>());
    let ours = stream.iter().filter(|entry| entry.workspace_id == house.workspace_id);
    assert_eq!(ours.map(|entry| entry.number).collect::<Vec<_>>(), (1..=1_201).collect::<Vec<_>>());
}
