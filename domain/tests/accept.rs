//! Acceptance, on a real database.

mod common;

use std::{sync::Arc, time::Duration};

use chrono::TimeDelta;
use common::{
    House,
    On::{self, Postgres, Sqlite},
};
use futures::future::join_all;
use nhip_domain::{
    Cx, Refusal,
    clock::Clock,
    message::{Acceptor, Call, Origin},
    request::SendRequest,
    settings::{Rate, Settings},
};
use nhip_entity::{
    activation::{self, Activation},
    message::MessageSource,
};
use rstest::rstest;
use sea_orm::{ActiveValue::Set, ConnectionTrait as _, EntityTrait as _, Statement};
use serde_json::json;
use uuid::Uuid;

#[rstest]
#[tokio::test]
async fn calls_that_come_together_are_stored_in_order_and_charged_once_each(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 300).await;
    let acceptor = Acceptor::start(house.cx.clone());

    let texts: Vec<String> = (0..200).map(|n| n.to_string()).collect();
    let answers = join_all(texts.iter().map(|text| acceptor.submit(house.text(text)))).await;

    assert!(answers.iter().all(Result::is_ok));
    let stored: Vec<String> = house.messages().await.into_iter().map(|message| message.text).collect();
    assert_eq!(stored, texts);
    assert_eq!(house.balance().await, 100);
    house.assert_ledger().await;
}

#[rstest]
#[tokio::test]
async fn the_last_credit_is_spent_once_however_many_race_for_it(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 1).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let answers = join_all((0..50).map(|_| acceptor.submit(house.text("hi")))).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1);
    assert!(answers.contains(&Err(Refusal::OutOfCredits { needed: 1, left: 0 })));
    house.assert_ledger().await;
}

#[tokio::test]
async fn what_is_accepted_after_sqlite_ended_a_transaction_by_itself_is_durable() {
    let house = House::with_credits(Sqlite, 10).await;
    // As it does where the disk is full, or fails.
    house
        .run(
            "CREATE TRIGGER full BEFORE INSERT ON messages WHEN NEW.text = 'too much' \
             BEGIN SELECT RAISE(ROLLBACK, 'database or disk is full'); END",
        )
        .await;
    let acceptor = Acceptor::start(house.cx.clone());
    assert_eq!(acceptor.submit(house.text("too much")).await, Err(Refusal::Unavailable));
    drop(house.cx.db.write(nhip_domain::database::Urgency::Normal).await.unwrap());

    acceptor.submit(house.text("after")).await.unwrap();

    assert_eq!(house.durable_texts().await, ["after"]);
    house.assert_ledger().await;
}

/// A call with a key.
fn keyed(house: &House) -> Call {
    let call = house.text("hi");
    let key = Some("key".to_owned());
    Call { request: call.request.clone().map(|request| SendRequest { idempotency_key: key, ..request }), ..call }
}

#[rstest]
#[tokio::test]
async fn a_key_is_remembered_for_a_day_and_no_longer(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 10).await;
    let first = house.cx.now();
    let at = async |after: TimeDelta| {
        let cx = Cx { clock: Clock::steady(first + after), ..house.cx.clone() };
        Acceptor::start(cx).submit(keyed(&house)).await.unwrap()
    };
    let accepted = at(TimeDelta::zero()).await;
    assert!(!accepted.replayed);
    let late = at(TimeDelta::hours(24) - TimeDelta::seconds(5)).await;
    assert_eq!((late.message_id, late.replayed), (accepted.message_id.clone(), true));
    let anew = at(TimeDelta::hours(24) + TimeDelta::seconds(5)).await;
    assert_ne!((anew.message_id.as_str(), anew.replayed), (accepted.message_id.as_str(), true));
    // The key is the new message's from then on.
    assert_eq!(at(TimeDelta::hours(47)).await.message_id, anew.message_id);
    assert_eq!((house.messages().await.len(), house.balance().await), (2, 8));
}

#[rstest]
#[tokio::test]
async fn one_key_posted_a_hundred_times_at_once_is_one_message_and_one_charge(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 10).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let answers = join_all((0..100).map(|_| acceptor.submit(keyed(&house)))).await;
    let first = answers.iter().find_map(|answer| answer.as_ref().ok().filter(|accepted| !accepted.replayed)).unwrap();
    assert!(answers.iter().all(|answer| answer.as_ref().unwrap().message_id == first.message_id));
    assert_eq!(answers.iter().filter(|answer| answer.as_ref().unwrap().replayed).count(), 99);
    assert_eq!((house.messages().await.len(), house.balance().await), (1, 9));
}

#[rstest]
#[tokio::test]
async fn a_poisonous_call_fails_alone_and_charges_nothing(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 100).await;
    house
        .run_sql(
            "CREATE TRIGGER poison BEFORE INSERT ON messages WHEN NEW.text = 'poison' \
             BEGIN SELECT RAISE(ABORT, 'poison'); END",
            "ALTER TABLE messages ADD CONSTRAINT poison CHECK (text <> 'poison')",
        )
        .await;
    let acceptor = Acceptor::start(house.cx.clone());
    let texts = ["a", "b", "poison", "c", "d"];
    let answers = join_all(texts.map(|text| acceptor.submit(house.text(text)))).await;
    for (text, answer) in texts.iter().zip(&answers) {
        match *text {
            "poison" => assert_eq!(answer, &Err(Refusal::Unavailable)),
            _ => assert!(answer.is_ok(), "{text}: {answer:?}"),
        }
    }
    assert_eq!(house.balance().await, 96);
    house.assert_ledger().await;
}

#[rstest]
#[tokio::test]
async fn a_replaced_token_stops_at_once_whatever_the_committer_remembers(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 10).await;
    let acceptor = Acceptor::start(house.cx.clone());
    assert!(acceptor.submit(house.text("warms the hint")).await.is_ok());
    house.run_sql("UPDATE webhooks SET token_hash = x'09'", r"UPDATE webhooks SET token_hash = '\x09'").await;
    assert_eq!(acceptor.submit(house.text("too late")).await, Err(Refusal::WebhookNotFound));
}

#[rstest]
#[case::webhook("UPDATE webhooks SET enabled = FALSE", Refusal::WebhookDisabled)]
#[case::account("UPDATE accounts SET state = 'BANNED'", Refusal::NoAccount)]
#[tokio::test]
async fn what_changed_while_a_call_waited_for_its_workspace_decides(
    #[case] change: &str,
    #[case] refusal: Refusal,
    #[values(Sqlite, Postgres)] on: On,
) {
    let house = House::with_credits(on, 10).await;
    let acceptor = Acceptor::start(house.cx.clone());
    // It changes nothing in the workspace's own row.
    let held = house.cx.db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
    nhip_domain::lock::workspaces(&held, [house.workspace_id]).await.unwrap();
    let call = house.text("too late");
    let answer = tokio::spawn(async move { acceptor.submit(call).await });
    house.until_somebody_waits().await;
    held.execute_unprepared(change).await.unwrap();
    held.commit().await.unwrap();
    assert_eq!(answer.await.unwrap(), Err(refusal));
}

#[tokio::test]
async fn what_one_process_takes_of_a_rate_another_that_waited_does_not() {
    let house = House::with_credits(Postgres, 1_000).await;
    let rate = Some(Rate { calls: 100, per: Duration::from_hours(1) });
    let settings = Arc::new(Settings { webhook_rate: rate, ..Settings::default() });
    let process = || Acceptor::start(Cx { settings: Arc::clone(&settings), ..house.cx.clone() });
    let (one, other) = (process(), process());
    let calls = (0..400).map(|n| if n % 2 == 0 { &one } else { &other }.submit(house.text("hi")));
    let answers = join_all(calls).await;
    assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 100);
}

#[tokio::test]
async fn no_transaction_stays_open_once_no_more_calls_come() {
    let house = House::with_credits(Postgres, 10).await;
    let acceptor = Acceptor::start(house.cx.clone());
    house.accepts(&acceptor, "the last", "+12025550100").await;
    let ask = async |what: String| {
        let sql = format!("SELECT pid, state FROM pg_stat_activity WHERE datname = current_database() AND {what}");
        house.cx.db.read().query_one_raw(Statement::from_string(house.cx.db.backend(), sql)).await.unwrap()
    };
    let open = ask("state = 'idle in transaction'".to_owned()).await.expect("one waits for the next call");
    let pid: i32 = open.try_get("", "pid").unwrap();
    loop {
        let session = ask(format!("pid = {pid}")).await.expect("it is given up before PostgreSQL ends its session");
        if session.try_get::<String>("", "state").unwrap() != "idle in transaction" {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    house.accepts(&acceptor, "one more", "+12025550100").await;
}

#[tokio::test]
async fn a_connection_that_died_between_two_calls_costs_neither() {
    let house = House::with_credits(Postgres, 10).await;
    let open = "FROM pg_stat_activity WHERE datname = current_database() AND state = 'idle in transaction'";
    // What furnished the house waits for another writer first.
    while house.cx.db.schema().execute_unprepared(&format!("SELECT 1 {open}")).await.unwrap().rows_affected() > 0 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let acceptor = Acceptor::start(house.cx.clone());
    let first = house.accepts(&acceptor, "first", "+12025550100").await;
    let ended = &format!("SELECT pg_terminate_backend(pid) {open}");
    assert_eq!(house.cx.db.schema().execute_unprepared(ended).await.unwrap().rows_affected(), 1);
    let second = house.accepts(&acceptor, "second", "+12025550100").await;
    assert_eq!(house.messages().await.into_iter().map(|message| message.id).collect::<Vec<_>>(), [first, second]);
    house.assert_ledger().await;
}

#[rstest]
#[tokio::test]
async fn the_log_keeps_the_newest_hundred_calls_refused_ones_too(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 80).await;
    let acceptor = Acceptor::start(house.cx.clone());
    for _round in 0..5 {
        join_all((0..50).map(|_| acceptor.submit(house.text("hi")))).await.clear();
    }
    let log = house.log().await;
    let sequences: Vec<i64> = log.iter().map(|Activation(_, told)| told.sequence).collect();
    assert_eq!(sequences, (151..=250).rev().collect::<Vec<i64>>());
    assert!(log.iter().all(|Activation(_, told)| told.refusal.as_deref() == Some("OUT_OF_CREDITS")));
}

#[rstest]
#[tokio::test]
async fn the_log_has_the_same_calls_however_many_came_together(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 1_000).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let mut ids: Vec<Uuid> = Vec::new();
    for together in [1, 1, 2, 1, 3, 5, 1, 8, 13, 1, 1, 1, 60, 2, 1, 256, 1, 3] {
        let calls: Vec<Call> = (0..together).map(|_| house.text("hi")).collect();
        ids.extend(calls.iter().map(|call| match &call.origin {
            Origin::Webhook { received, .. } => received.id,
            Origin::Workspace { .. } => unreachable!("they come by the webhook"),
        }));
        join_all(calls.into_iter().map(|call| acceptor.submit(call))).await.clear();
        let log = house.log().await;
        let last = i64::try_from(ids.len()).unwrap();
        let sequences: Vec<i64> = log.iter().map(|Activation(_, told)| told.sequence).collect();
        assert_eq!(sequences, (1..=last).rev().take(100).collect::<Vec<i64>>());
        let logged: Vec<Uuid> = log.iter().map(|Activation(heard, _)| heard.id).collect();
        assert_eq!(logged, ids.iter().rev().take(100).copied().collect::<Vec<_>>());
    }
}

#[rstest]
#[tokio::test]
async fn a_database_that_fails_is_a_503_and_not_a_charge(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 10).await;
    house.run("ALTER TABLE activation_pages RENAME TO gone").await;
    let acceptor = Acceptor::start(house.cx.clone());
    assert_eq!(acceptor.submit(house.text("hi")).await, Err(Refusal::Unavailable));
    house.run("ALTER TABLE gone RENAME TO activation_pages").await;
    assert_eq!(house.balance().await, 10);
    assert!(acceptor.submit(house.text("hi")).await.is_ok(), "and it recovers by itself");
}

#[rstest]
#[tokio::test]
async fn a_commit_of_unknown_outcome_is_looked_into_and_run_again_under_the_same_id(
    #[values(Sqlite, Postgres)] on: On,
) {
    let house = House::with_credits(on, 10).await;
    house.fails_to_commit("messages").await;
    let acceptor = Acceptor::start(house.cx.clone());
    let answer = tokio::spawn({
        let (acceptor, call) = (acceptor.clone(), house.text("hi"));
        async move { acceptor.submit(call).await }
    });
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(!answer.is_finished(), "nobody is told before it is known");

    let txn = house.cx.db.write(nhip_domain::database::Urgency::Beat).await.unwrap();
    house.lets_commit(&txn).await;
    txn.commit().await.unwrap();

    let accepted = answer.await.unwrap().unwrap();
    let stored = house.messages().await;
    assert_eq!((stored.len(), &stored[0].id), (1, &accepted.message_id));
    assert_eq!(house.balance().await, 9);
    house.assert_ledger().await;
}

#[rstest]
#[tokio::test]
async fn a_refused_call_whose_commit_was_not_answered_is_logged_once(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 0).await;
    house.fails_to_commit("activation_pages").await;
    let acceptor = Acceptor::start(house.cx.clone());
    let call = house.text("hi");
    let Origin::Webhook { received, .. } = &call.origin else { unreachable!("it came by the webhook") };
    let heard = json!({"at": house.cx.now(), "id": received.id});
    let told = json!({"sequence": 1, "outcome": "REFUSED", "http_status": 402, "duration_us": 1});
    let answer = tokio::spawn(async move { acceptor.submit(call).await });
    tokio::time::sleep(Duration::from_millis(700)).await;
    assert!(!answer.is_finished(), "nobody is told before it is known");

    // What the lost transaction left, if it was not lost after all.
    let txn = house.cx.db.write(nhip_domain::database::Urgency::Beat).await.unwrap();
    nhip_domain::lock::workspaces(&txn, [house.workspace_id]).await.unwrap();
    let page = activation::ActiveModel {
        workspace_id: Set(house.workspace_id),
        slot: Set(0),
        page: Set(0),
        calls: Set(json!([heard, told]).to_string()),
    };
    house.lets_commit(&txn).await;
    activation::Entity::insert(page).exec_without_returning(&*txn).await.unwrap();
    txn.execute_unprepared("UPDATE workspaces SET last_activation = 1").await.unwrap();
    txn.commit().await.unwrap();

    assert!(matches!(answer.await.unwrap(), Err(Refusal::OutOfCredits { .. })));
    assert_eq!(house.log().await.iter().map(|Activation(_, told)| told.sequence).collect::<Vec<_>>(), [1]);
}

#[rstest]
#[tokio::test]
async fn calls_that_nobody_can_take_are_told_so_within_5_s_and_cost_nothing(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 10_000).await;
    let acceptor = Acceptor::start(house.cx.clone());
    // SQLite's one writer is held, or the workspace on PostgreSQL: the queue in front fills up.
    let held = house.cx.db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
    nhip_domain::lock::workspaces(&held, [house.workspace_id]).await.unwrap();
    let submit = |n: usize| {
        let (acceptor, call, clock) = (acceptor.clone(), house.text(&n.to_string()), house.cx.clock.clone());
        tokio::spawn(async move {
            let start = clock.instant();
            (acceptor.submit(call).await, clock.instant() - start)
        })
    };
    let answers: Vec<_> = join_all((0..4_700).map(submit)).await.into_iter().map(Result::unwrap).collect();
    assert!(answers.iter().all(|(answer, _)| *answer == Err(Refusal::Unavailable)));
    assert!(answers.iter().all(|(_, took)| *took < Duration::from_secs(5)), "every answer within 5 s");
    let at_once = answers.iter().filter(|(_, took)| *took < Duration::from_secs(1)).count();
    assert!(at_once >= 4_700 - 4_096 - 256, "past 4,096 in the queue: {at_once} were told at once");
    drop(held);

    assert!(acceptor.submit(house.text("and it goes on")).await.is_ok());
    assert_eq!(house.balance().await, 9_999);
    house.assert_ledger().await;
}

#[tokio::test]
async fn a_workspace_that_somebody_keeps_locked_holds_up_no_other() {
    let house = House::with_credits(Postgres, 9).await;
    let other = loop {
        // Parts of a batch are tried in the order of their workspaces.
        let other = house.another_workspace(9).await;
        if other > house.workspace_id {
            break other;
        }
    };
    let acceptor = Acceptor::start(house.cx.clone());
    let held = house.cx.db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
    nhip_domain::lock::workspaces(&held, [house.workspace_id]).await.unwrap();
    let kept = join_all((0..20).map(|n| acceptor.submit(house.text(&n.to_string()))));
    let origin = Origin::Workspace { workspace_id: other, source: MessageSource::Api };
    let free = acceptor.submit(Call { origin, ..house.text("hi") });
    let (kept, free) = tokio::join!(kept, free);
    assert!(kept.iter().all(|answer| *answer == Err(Refusal::Unavailable)), "{kept:?}");
    assert_eq!(free, Err(Refusal::NoAccount), "it was decided on: it has no account yet");
}

#[rstest]
#[tokio::test]
async fn texts_are_stored_as_they_came_however_many_share_a_batch(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 100).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let texts =
        ["", "NULL", "null", "a,b", "{}", "{\"a\"}", "\\", "\\\\\"", "'", "$1", " x ", "a\nb\tc", "ư 😀", "\u{1}"];
    assert!(acceptor.submit(house.text("\"alone\" \\ {}")).await.is_ok());
    join_all(texts.iter().map(|text| acceptor.submit(house.text(text)))).await;
    let stored: Vec<String> = house.messages().await.into_iter().map(|message| message.text).collect();
    assert_eq!(stored[0], "\"alone\" \\ {}");
    assert_eq!(stored[1..], texts);
    house.assert_ledger().await;
}
