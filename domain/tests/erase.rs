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
use nhip_entity::activation;
use rstest::rstest;
use sea_orm::EntityTrait as _;

const ADA: &str = "+12025550100";
const BOB: &str = "+12025550101";

/// All that was accepted so far was so long ago.
async fn years_pass(house: &House) {
    house.sequence().await;
    house.run("UPDATE credit_entries SET at = '2020-01-01T00:00:00+00:00'").await;
    house.run("UPDATE activations SET record = REPLACE(record, '\"at\":\"20', '\"at\":\"19')").await;
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
    let log = activation::Entity::find().all(house.cx.db.read()).await.unwrap();
    let bodies: Vec<bool> = log.iter().map(|row| row.request_body.is_empty()).collect();
    assert_eq!(bodies.iter().filter(|is_empty| **is_empty).count(), 1, "of two calls, the old one");
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
