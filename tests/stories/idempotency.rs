//! A repeated key, and calls in a hurry.

use std::{collections::BTreeSet, time::Duration};

use futures::future::join_all;
use nhip_tests::{
    Answer, Options,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, phone,
};
use reqwest::Method;
use rstest::rstest;
use serde_json::json;
use tokio::time::timeout;

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
async fn header_and_field_say_the_same_key_or_the_call_is_refused(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let both = async |header: &str, field: &str| {
        let body =
            json!({"action": "send", "phone": phone::NEVER_READ, "text": "keyed twice", "idempotency_key": field});
        shop.call(Method::POST, |request| request.header("idempotency-key", header).body(body.to_string())).await
    };
    let first = both("order-1", "order-1").await.accepted();
    assert_eq!(both("order-1", "order-1").await.accepted(), first);
    let refused = both("order-1", "order-2").await.refused(400, "CONFLICTING_FIELDS");
    assert_eq!(refused["field"], "idempotency_key");
    // A header's key and a field's are one: this body is another than the first, without the field.
    keyed(&shop, "order-1", "keyed twice").await.refused(409, "IDEMPOTENCY_MISMATCH");
    // The same words in other bytes are another body.
    let spaced = r#"{ "action": "send", "phone": "+12025550105", "text": "keyed once" }"#;
    let call =
        async |body: String| shop.call(Method::POST, |request| request.header("idempotency-key", "k").body(body)).await;
    call(spaced.to_owned()).await.accepted();
    call(spaced.replace("{ ", "{")).await.refused(409, "IDEMPOTENCY_MISMATCH");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_key_is_1_to_255_visible_ascii_characters(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    for key in ["!", "~", &"k".repeat(255)] {
        keyed(&shop, key, "with a key that can be").await.accepted();
    }
    let text = json!({"action": "send", "phone": phone::NEVER_READ, "text": "with a key that cannot be"}).to_string();
    for key in [&b""[..], b"two words", b"caf\xc3\xa9", &[b'k'; 256]] {
        let answer = shop.call(Method::POST, |request| request.header("idempotency-key", key).body(text.clone())).await;
        assert_eq!(answer.refused(400, "BAD_FIELD")["field"], "Idempotency-Key");
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_second_call_waits_for_the_first_ones_answer(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(10).start().await;
    let shop = app.shop().await;
    // Both processes, where there are two, know the webhook before the database stands still.
    join_all(["a", "b", "c", "d"].map(|key| keyed(&shop, key, "warming up"))).await;
    let locked = app.lock_database().await;
    let mut calls = Box::pin(join_all((0..2).map(|_| keyed(&shop, "order-1", "in flight"))));
    assert!(timeout(Duration::from_millis(300), &mut calls).await.is_err(), "nobody is answered yet");
    locked.rollback().await.unwrap();
    let answers = calls.await;
    assert_eq!(answers[0].accepted(), answers[1].accepted());
    assert_eq!(answers.iter().filter(|answer| answer.header("idempotent-replayed") == Some("true")).count(), 1);
    assert_eq!(shop.credits().await, 5);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn keys_belong_to_their_workspace(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let (shop, other) = (app.shop().await, app.shop().await);
    let first = keyed(&shop, "order-1", "the same in both").await.accepted();
    assert_ne!(keyed(&other, "order-1", "the same in both").await.accepted(), first);
    app.finish().await;
}

/// Scaled out, through two processes in turn.
#[rstest]
#[tokio::test]
async fn a_hundred_equal_calls_at_once_are_one_message_and_one_charge(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(10).start().await;
    assert_eq!(app.apis().len(), if shape == ScaledOut { 2 } else { 1 });
    let shop = app.shop().await;
    let answers = join_all((0..100).map(|_| keyed(&shop, "order-1", "one of a hundred"))).await;
    let first = answers[0].accepted();
    assert!(answers.iter().all(|answer| answer.accepted() == first));
    let replayed = answers.iter().filter(|answer| answer.header("idempotent-replayed") == Some("true"));
    assert_eq!(replayed.count(), 99);
    let texts: BTreeSet<_> = answers.iter().map(|answer| answer.text.as_str()).collect();
    assert_eq!(texts.len(), 1, "to the letter: {texts:?}");
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

#[tokio::test]
async fn a_call_whose_commit_nobody_heard_of_is_told_so_and_its_key_finds_out() {
    let app = Options::new(ScaledOut).apis(1).workers(1).proxied(7).credits(10).start().await;
    let shop = app.shop().await;
    keyed(&shop, "order-1", "warms the connections").await.accepted();
    // The next COMMIT is to be this call's.
    app.workers()[0].stop().await;
    app.proxy().sever_at_commit();
    let refusal = keyed(&shop, "order-2", "your order is ready").await.refused(503, "UNAVAILABLE");
    assert_eq!(refusal["message"], "It is not known whether this was accepted; repeat it with an Idempotency-Key");
    app.proxy().mend();
    let again = keyed(&shop, "order-2", "your order is ready").await;
    assert_eq!(again.header("idempotent-replayed"), Some("true"), "it was accepted");
    again.accepted();
    assert_eq!((shop.messages().await.len(), shop.credits().await), (2, 8));
    app.workers()[0].restart().await;
    app.finish().await;
}
