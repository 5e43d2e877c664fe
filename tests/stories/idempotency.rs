//! A repeated key, and calls in a hurry.

use futures::future::join_all;
use nhip_tests::{
    Answer, Options,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, phone,
};
use reqwest::Method;
use rstest::rstest;
use serde_json::json;

async fn keyed(shop: &Shop<'_>, key: &str, text: &str) -> Answer {
    let body = json!({"action": "send", "phone": phone::NEVER_READ, "text": text}).to_string();
    shop.call(Method::POST, |request| request.header("idempotency-key", key).body(body)).await
}

#[rstest]
#[tokio::test]
async fn a_repeated_key_gets_the_first_answer_and_charges_nothing(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(10).start().await;
    let shop = app.shop().await;
    let first = keyed(&shop, "order-1", "your order is ready").await;
    assert_eq!(first.header("idempotent-replayed"), None);
    let again = keyed(&shop, "order-1", "your order is ready").await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"));
    assert_eq!(again.accepted(), first.accepted());
    keyed(&shop, "order-1", "another text").await.refused(409, "IDEMPOTENCY_MISMATCH");
    assert_ne!(keyed(&shop, "order-2", "your order is ready").await.accepted(), first.accepted());
    assert_eq!((shop.messages().await.len(), shop.credits().await), (2, 8));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_key_survives_a_new_url(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let first = keyed(&shop, "order-1", "your order is ready").await.accepted();
    shop.generate_url().await;
    assert_eq!(keyed(&shop, "order-1", "your order is ready").await.accepted(), first);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn refused_calls_are_not_remembered(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(1).start().await;
    let shop = app.shop().await;
    let body = json!({"action": "send", "chat_name": "nobody", "text": "to nobody"}).to_string();
    let call = shop.call(Method::POST, |request| request.header("idempotency-key", "order-1").body(body));
    call.await.refused(400, "CHAT_NOT_FOUND");
    keyed(&shop, "order-1", "the key is still free").await.accepted();
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_key_may_come_as_a_field(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let body =
        json!({"action": "send", "phone": phone::NEVER_READ, "text": "keyed by a field", "idempotency_key": "order-1"});
    let first = shop.post(body.clone()).await.accepted();
    assert_eq!(shop.post(body).await.accepted(), first);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_hundred_equal_calls_at_once_are_one_message_and_one_charge(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(10).start().await;
    let shop = app.shop().await;
    let answers = join_all((0..100).map(|_| keyed(&shop, "order-1", "one of a hundred"))).await;
    let first = answers[0].accepted();
    assert!(answers.iter().all(|answer| answer.accepted() == first));
    assert_eq!(answers.iter().filter(|answer| answer.header("idempotent-replayed").is_none()).count(), 1);
    assert_eq!((shop.only_message().await.id, shop.credits().await), (first, 9));
    app.settle().await;
    assert_eq!(app.received().len(), 1);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn calls_that_race_for_the_last_credits_never_overdraw(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(5).start().await;
    let shop = app.shop().await;
    let call =
        |n: usize| shop.post(json!({"action": "send", "phone": phone::NEVER_READ, "text": format!("racing call {n}")}));
    let answers = join_all((0..40).map(call)).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 200).count(), 5);
    for refused in answers.iter().filter(|answer| answer.status != 200) {
        refused.refused(402, "OUT_OF_CREDITS");
    }
    assert_eq!((shop.credits().await, shop.messages().await.len()), (0, 5));
    app.finish().await;
}
