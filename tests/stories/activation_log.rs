//! The log of the last hundred calls, as it is shown and as it is downloaded.

use nhip_tests::{
    Options,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, phone,
};
use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

/// The log as a file: its name, its type, its content.
async fn download(shop: &Shop<'_>, format: &str) -> (String, String, String) {
    let selection = format!("incomingWebhook {{ log(format: {format}) {{ name mime content }} }}");
    let file = shop.query(&selection, json!({})).await["incomingWebhook"]["log"].clone();
    let text = |name: &str| file[name].as_str().unwrap().to_owned();
    (text("name"), text("mime"), text("content"))
}

async fn as_json(shop: &Shop<'_>) -> Vec<Value> {
    serde_json::from_str(&download(shop, "JSON").await.2).unwrap()
}

#[rstest]
#[tokio::test]
async fn every_call_under_the_current_url_counts_whatever_became_of_it(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).set("NHIP_WEBHOOK_RATE", "2/h").start().await;
    let shop = app.shop().await;
    let old = shop.webhook_path();
    shop.generate_url().await;
    let sent = json!({"action": "send", "phone": phone::NEVER_READ, "text": "within the limit"});
    let accepted = shop.post(sent.clone()).await;
    shop.post_raw("{").await.refused(400, "INVALID_JSON");
    shop.post(sent).await.refused(429, "RATE_LIMITED");
    shop.set_enabled(false).await;
    shop.post_raw("{}").await.refused(403, "WEBHOOK_DISABLED");
    shop.call(Method::GET, |request| request).await.refused(405, "METHOD_NOT_ALLOWED");
    assert_eq!(shop.call(Method::HEAD, |request| request).await.status, 405);
    shop.call(Method::OPTIONS, |request| request).await.refused(405, "METHOD_NOT_ALLOWED");
    shop.post_raw(vec![b' '; 70_000]).await.refused(413, "BODY_TOO_LARGE");
    let encoded = shop.call(Method::POST, |request| request.header("content-encoding", "br").body("{}")).await;
    encoded.refused(415, "UNSUPPORTED_ENCODING");
    // What no longer leads anywhere is nobody's call.
    let dead = app.http().post(format!("{}{old}", app.url())).body("{}").send().await.unwrap();
    assert_eq!(dead.status(), 404);

    let log = as_json(&shop).await;
    let seen: Vec<_> = log.iter().rev().map(|one| one["httpStatus"].as_u64().unwrap()).collect();
    assert_eq!(seen, [200, 400, 429, 403, 405, 405, 405, 413, 415]);
    let first = log.last().unwrap();
    assert_eq!(first["id"], accepted.header("x-request-id").unwrap());
    assert_eq!((&first["sequence"], &first["outcome"]), (&json!(1), &json!("ACCEPTED")));
    assert_eq!((&first["messageId"], &first["responseBody"]), (&json!(accepted.accepted()), &json!(accepted.text)));
    assert!(first["durationMs"].as_f64().is_some_and(|ms| ms > 0.0 && ms < 5_000.0), "{first}");
    assert_eq!(first["remoteAddress"], "127.0.0.1");
    let large = &log[1];
    assert_eq!((&large["requestBodyTruncated"], &large["requestBody"]), (&json!(true), &json!(" ".repeat(8_192))));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn the_last_hundred_are_kept_newest_first(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    futures::future::join_all((0..130).map(|n| shop.post_raw(format!("{{{n}")))).await;
    shop.post_raw("the last").await.refused(400, "INVALID_JSON");
    let log = as_json(&shop).await;
    let sequences: Vec<_> = log.iter().map(|one| one["sequence"].as_u64().unwrap()).collect();
    assert_eq!(sequences, (32..=131).rev().collect::<Vec<_>>());
    assert_eq!(log[0]["requestBody"], "the last");
    assert_eq!(
        shop.query("incomingWebhook { lastActivation { sequence } }", json!({})).await["incomingWebhook"]["lastActivation"]
            ["sequence"],
        131
    );
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn bodies_are_shown_as_they_came(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    for body in
        [&b"text=hello&phone=1"[..], b"{\"text\": \"caf\xe9\"}", b"\xff\x00\x01", b"=1+1", b"{\"text\": \"\\u0000\"}"]
    {
        assert_eq!(shop.post_raw(body).await.status, 400);
    }
    let log = as_json(&shop).await;
    let seen: Vec<_> = log.iter().rev().map(|one| json!([one["requestBody"], one["requestBodyBase64"]])).collect();
    assert_eq!(
        json!(seen),
        json!([
            ["text=hello&phone=1", false],
            ["eyJ0ZXh0IjogImNhZukifQ==", true],
            ["/wAB", true],
            ["=1+1", false],
            ["{\"text\": \"\\u0000\"}", false]
        ])
    );
    let (name, mime, text) = download(&shop, "TEXT").await;
    assert_eq!((name.as_str(), mime.as_str()), ("nhip-webhook-log.txt", "text/plain; charset=utf-8"));
    assert!(text.contains(r#"requestBody: {"text": "caf\xE9"}"#), "{text}");
    let (name, mime, csv) = download(&shop, "CSV").await;
    assert_eq!((name.as_str(), mime.as_str()), ("nhip-webhook-log.csv", "text/csv; charset=utf-8"));
    assert!(csv.contains("'=1+1"), "{csv}");
    assert_eq!(
        csv.matches("INVALID_JSON,").count() + csv.matches("NOT_UTF8,").count() + csv.matches("BAD_FIELD,").count(),
        5
    );
    app.finish().await;
}

/// Tools quote the URL that they call, in every place where they can say anything.
#[rstest]
#[tokio::test]
async fn the_token_never_appears_in_it(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let token = shop.webhook_path().rsplit('/').next().unwrap().to_owned();
    let secret = token.strip_prefix("nhip_wh_").unwrap();
    let mut answers = Vec::new();
    for body in [
        json!({"action": "send", "phone": phone::NEVER_READ, "text": "quoted in an unknown field", "url": token}),
        json!({"action": "send", "phone": phone::NEVER_READ, "text": "quoted as a field's name", token.clone(): 1}),
        json!({"action": token, "text": "a"}),
        json!({"action": "send", "phone": "1", "text": "a", "whatsapp_account_phone": token}),
        json!({"action": "send", "phone": "1", token.clone(): "a"}),
        json!({"action": "send", "jid": "1", "chat_id": token, "text": "a"}),
        json!({"action": "send", "chat_id": token, "text": "a"}),
        json!({"action": "send", "text": "a", "phone": "1", "file_url": format!("ftp://{token}"), "file_name": token}),
        json!({"filler": "x".repeat(8_150), "webhook": token}),
    ] {
        answers.push(shop.post(body).await);
    }
    for body in
        [format!("{{\"{token}\": 1, \"{token}\": 2}}"), format!("{{\"{token}"), format!("\u{0}{token}"), token.clone()]
    {
        answers.push(shop.post_raw(body).await);
    }
    answers.push(shop.post_raw([b"\xff", token.as_bytes()].concat()).await);
    let headers = ["user-agent", "content-encoding", "content-type", "idempotency-key", "referer", "x-forwarded-for"];
    for name in headers {
        answers.push(shop.call(Method::POST, |request| request.header(name, &token).body("{}")).await);
    }
    let mut shown = vec![json!(shop.activations().await).to_string()];
    for format in ["TEXT", "JSON", "CSV"] {
        shown.push(download(&shop, format).await.2);
    }
    assert_eq!(shop.activations().await.len(), answers.len());
    shown.extend(answers.into_iter().map(|answer| answer.text));
    // A cut would have let some of it through.
    for part in [secret, &secret[..20], &secret[28..]] {
        assert!(shown.iter().all(|text| !text.contains(part)), "{part} of {token} in {shown:?}");
    }
    assert!(shown[0].contains("nhip_wh_…"), "it is seen that it was quoted: {}", shown[0]);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn another_workspace_sees_nothing_of_it(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let (shop, other) = (app.shop().await, app.shop().await);
    shop.post_raw("mine").await.refused(400, "INVALID_JSON");
    assert_eq!(as_json(&other).await, Vec::<Value>::new());
    app.finish().await;
}
