//! Too large, too many, too poor, too late: each with its exact answer.

use std::{process::Command, time::Duration};

use futures::stream;
use nhip_tests::{
    Options,
    Shape::{self, Embedded, ScaledOut},
    TestApp, message_of, phone,
};
use reqwest::Body;
use rstest::rstest;
use serde_json::json;

#[rstest]
#[tokio::test]
async fn a_balance_that_does_not_cover_it_refuses_the_whole(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(3).start().await;
    let shop = app.shop().await;
    let both = json!({"action": "send", "phone": phone::NEVER_READ, "text": "with a file", "file_url": "https://example.com/a.png", "file_name": "a.png"});
    shop.send(phone::NEVER_READ, "the first credit").await;
    shop.send(phone::NEVER_READ, "the second credit").await;
    let refused = shop.post(both).await.refused(402, "OUT_OF_CREDITS");
    assert_eq!(message_of(&refused), "Not enough message credits: 2 needed, 1 left");
    assert_eq!(shop.credits().await, 1);
    shop.send(phone::NEVER_READ, "the last credit").await;
    let refused = shop
        .post(json!({"action": "send", "phone": "+1", "text": "one too many"}))
        .await
        .refused(402, "OUT_OF_CREDITS");
    assert_eq!(message_of(&refused), "Not enough message credits: 1 needed, 0 left");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn bodies_over_64_kib_are_refused_chunked_or_not(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let body = |size: usize| {
        let rest = r#"{"action":"send","phone":"+12025550104","text":"as large as can be"}"#;
        format!("{}{rest}", " ".repeat(size - rest.len()))
    };
    shop.post_raw(body(65_536)).await.accepted();
    shop.post_raw(body(65_537)).await.refused(413, "BODY_TOO_LARGE");
    let chunked = |size| {
        let chunks: Vec<_> =
            body(size).as_bytes().chunks(8_000).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect();
        Body::wrap_stream(stream::iter(chunks))
    };
    shop.post_raw(chunked(65_536)).await.accepted();
    shop.post_raw(chunked(65_537)).await.refused(413, "BODY_TOO_LARGE");
    shop.post_raw(chunked(1_000_000)).await.refused(413, "BODY_TOO_LARGE");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn calls_over_the_limit_are_told_when_to_come_back(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).set("NHIP_WEBHOOK_RATE", "3/h").start().await;
    let shop = app.shop().await;
    for n in 0..3 {
        shop.send(phone::NEVER_READ, &format!("within the limit {n}")).await;
    }
    let answer = shop.post(json!({"action": "send", "phone": "+1", "text": "over the limit"})).await;
    let seconds: u64 = answer.header("retry-after").expect("Retry-After").parse().unwrap();
    assert!((1..=1_200).contains(&seconds), "{seconds}");
    answer.refused(429, "RATE_LIMITED");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_database_that_does_not_answer_is_admitted_within_5_s(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let locked = app.lock_database().await;
    let asked = app.clock().instant();
    let answer = shop.post(json!({"action": "send", "phone": phone::NEVER_READ, "text": "while it is locked"})).await;
    assert!(app.clock().instant() - asked < Duration::from_secs(5));
    assert!(answer.header("retry-after").is_some());
    let refused = answer.refused(503, "UNAVAILABLE");
    assert!(message_of(&refused).contains("Nothing was charged"), "{refused}");
    locked.rollback().await.unwrap();
    shop.send(phone::NEVER_READ, "when it is free again").await;
    assert_eq!(shop.credits().await, 999);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn whoever_is_still_sending_gets_to_read_the_answer(#[values(Embedded, ScaledOut)] shape: Shape) {
    const MANY: usize = 20 * 1_024 * 1_024;
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    shop.post_raw(vec![b' '; MANY]).await.refused(413, "BODY_TOO_LARGE");
    let dead = app.http().post(format!("{}/webhook/nhip_wh_dead", app.url())).body(vec![b' '; MANY]);
    assert_eq!(dead.send().await.unwrap().status(), 404);
    app.finish().await;
}

#[tokio::test]
async fn a_look_at_the_head_alone_is_answered_over_http_2_too() {
    let app = TestApp::start(Embedded).await;
    let shop = app.shop().await;
    let told = Command::new("curl")
        .args(["--silent", "--head", "--http2-prior-knowledge", "--output", "/dev/null", "--write-out", "%{http_code}"])
        .arg(shop.webhook())
        .output()
        .unwrap();
    assert_eq!((String::from_utf8_lossy(&told.stdout).as_ref(), told.status.code()), ("405", Some(0)));
    app.finish().await;
}
