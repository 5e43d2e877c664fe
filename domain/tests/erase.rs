//! What was said is kept for a while; the ledger for ever.

mod common;

use std::sync::Arc;

use common::{
    House,
    On::{self, Postgres, Sqlite},
};
use nhip_domain::{
    message::{self, Acceptor},
    settings::Settings,
};
use nhip_entity::activation::Activation;
use rstest::rstest;

const ADA: &str = "+12025550100";
const BOB: &str = "+12025550101";

/// All that was accepted so far was so long ago.
async fn years_pass(house: &House) {
    house.sequence().await;
    house.run("UPDATE credit_entries SET at = '2020-01-01T00:00:00+00:00'").await;
    house.run("UPDATE activation_pages SET calls = REPLACE(calls, '\"at\":\"20', '\"at\":\"19')").await;
}

#[rstest]
#[tokio::test]
async fn what_was_said_long_ago_is_erased_and_the_ledger_stays(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let old = house.accepts(&acceptor, "long ago", ADA).await;
    house.run("UPDATE messages SET status = 'SENT', file_url = 'https://example.com/a.pdf', file_name = 'a.pdf'").await;
    years_pass(&house).await;
    let young = house.accepts(&acceptor, "just now", BOB).await;
    house.sequence().await;

    assert_eq!(message::erase_texts(&house.cx).await.unwrap(), 1);

    let erased = house.message(&old).await;
    assert_eq!((erased.text.as_str(), &erased.file_url, &erased.file_name), ("", &None, &None));
    assert_eq!(erased.recipient, ADA);
    assert!(message::is_erased(&erased));
    assert_eq!(house.message(&young).await.text, "just now");
    let bodies: Vec<bool> = house.log().await.iter().map(|Activation(heard, _)| heard.body.is_empty()).collect();
    assert_eq!(bodies, [false, true], "of two calls, the old one");
    house.assert_ledger().await;
    assert_eq!(message::erase_texts(&house.cx).await.unwrap(), 0, "and nothing twice");
}

#[rstest]
#[tokio::test]
async fn a_message_that_waits_keeps_its_text_until_it_is_over(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "still waiting", ADA).await;
    years_pass(&house).await;
    assert_eq!(message::erase_texts(&house.cx).await.unwrap(), 0);
    assert_eq!(house.message(&id).await.text, "still waiting");
    house.run("UPDATE messages SET status = 'DELIVERED'").await;
    assert_eq!(message::erase_texts(&house.cx).await.unwrap(), 1);
    assert_eq!(house.message(&id).await.text, "");
}

#[rstest]
#[tokio::test]
async fn what_is_kept_for_ever_is_never_erased(#[values(Sqlite, Postgres)] on: On) {
    let mut house = House::with_credits(on, 9).await;
    house.cx.settings = Arc::new(Settings { keep_text: None, ..Settings::default() });
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "for ever", ADA).await;
    house.run("UPDATE messages SET status = 'SENT'").await;
    years_pass(&house).await;
    assert_eq!(message::erase_texts(&house.cx).await.unwrap(), 0);
    assert_eq!(house.message(&id).await.text, "for ever");
}

#[rstest]
#[tokio::test]
async fn an_entry_of_a_clock_that_was_ahead_keeps_nothing_behind_it_from_being_erased(
    #[values(Sqlite, Postgres)] on: On,
) {
    let house = House::with_credits(on, 9).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let ahead = house.accepts(&acceptor, "by a clock that was ahead", ADA).await;
    let old = house.accepts(&acceptor, "long ago", ADA).await;
    house.run("UPDATE messages SET status = 'SENT'").await;
    years_pass(&house).await;
    house
        .run(&format!("UPDATE credit_entries SET at = '2199-01-01T00:00:00+00:00' WHERE message_id = '{ahead}'"))
        .await;
    assert_eq!(message::erase_texts(&house.cx).await.unwrap(), 2);
    assert_eq!(house.message(&old).await.text, "");
}

#[rstest]
#[tokio::test]
async fn a_failure_that_quotes_its_link_forgets_it(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "", ADA).await;
    house
        .run(
            "UPDATE messages SET status = 'FAILED', failure = 'FILE_UNREACHABLE', file_name = 'a.pdf', \
             file_url = 'https://example.com/a.pdf', failure_detail = 'https://example.com/a.pdf is gone'",
        )
        .await;
    years_pass(&house).await;
    assert_eq!(message::erase_texts(&house.cx).await.unwrap(), 1);
    let erased = house.message(&id).await;
    assert_eq!((erased.failure_detail, erased.failure.is_some()), (None, true));
}

#[rstest]
#[tokio::test]
async fn keys_are_forgotten_after_a_day_however_many_there_are(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let keys = "INSERT INTO idempotency_keys (workspace_id, key, body_hash, message_id, created_at) \
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1200) \
                SELECT (SELECT id FROM workspaces), 'key ' || i, ";
    let at = "'2020-01-01T00:00:00+00:00' FROM n";
    house.run_sql(&format!("{keys} x'00', '3EB0', {at}"), &format!("{keys} '\\x00'::bytea, '3EB0', {at}")).await;
    assert_eq!(message::forget_keys(&house.cx).await.unwrap(), 1_200);
    assert_eq!(message::forget_keys(&house.cx).await.unwrap(), 0);
}
