//! The webhook's door: what is refused before, and beside, the message itself.

use poem::http::{Method, header};
use serde_json::{Value, json};

use super::app::{Shop, TestApp, post, read, text};

const SEND: &str = r#"{"action": "send", "phone": "+14151231234", "text": "lorem ipsum"}"#;

async fn activations(shop: &Shop<'_>) -> Value {
    let query = "query($w: ID!) { workspace(id: $w) { incomingWebhook { activations { id httpStatus refusal answer requestBody requestBodyBase64 requestBodyTruncated ignoredFields userAgent } } } }";
    shop.ok(query, json!({"w": shop.id})).await["workspace"]["incomingWebhook"]["activations"].clone()
}

#[tokio::test]
async fn a_malformed_token_is_not_found_whatever_else_is_wrong() {
    let app = TestApp::start().await;
    for path in ["/webhook", "/webhook/", "/webhook/abc", "/webhook/nhip_wh_abc", "/webhook/a/b/c", "/webhook/%00"] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::OPTIONS] {
            let response = app.call(post().method(method.clone()).uri_str(path).body("")).await;
            assert_eq!(response.status(), 404, "{method} {path}");
            assert_eq!(response.header("cache-control"), Some("no-store"));
            assert!(response.header("x-request-id").is_some());
            let answer = read(response).await;
            assert_eq!(
                answer,
                json!({"status": 404, "data": {}, "message": "Webhook not found", "code": "WEBHOOK_NOT_FOUND"})
            );
        }
    }
}

#[tokio::test]
async fn each_refusal_at_the_door_has_its_status_and_stands_in_the_log() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    shop.connect("15105566777").await;
    let path = shop.webhook().await;
    let get = app.call(post().method(Method::GET).uri_str(&path).body("")).await;
    assert_eq!((get.status().as_u16(), get.header(header::ALLOW)), (405, Some("POST")));
    let id = get.header("x-request-id").unwrap().to_owned();
    let large = app.call(post().uri_str(&path).body("x".repeat(65_537))).await;
    assert_eq!(large.status(), 413);
    let gzip = app.call(post().uri_str(&path).header(header::CONTENT_ENCODING, "gzip").body(SEND)).await;
    assert_eq!(gzip.status(), 415);
    let broken = app.call(post().uri_str(format!("{path}/?utm=x")).body("{")).await;
    assert_eq!((broken.status().as_u16(), text(&read(broken).await["code"])), (400, "INVALID_JSON".to_owned()));
    let binary = app.call(post().uri_str(&path).header(header::USER_AGENT, "probe").body(vec![0xff, 0xfe])).await;
    assert_eq!(text(&read(binary).await["code"]), "NOT_UTF8");
    let identity = app.call(post().uri_str(&path).header(header::CONTENT_ENCODING, "identity").body(SEND)).await;
    assert_eq!(identity.status(), 200);

    let log = activations(&shop).await;
    let statuses: Vec<_> = log.as_array().unwrap().iter().map(|row| row["httpStatus"].as_i64().unwrap()).collect();
    assert_eq!(statuses, [200, 400, 400, 415, 413, 405]);
    assert_eq!(log[5]["id"], id);
    assert_eq!(log[4]["requestBodyTruncated"], true);
    assert_eq!(text(&log[4]["requestBody"]).len(), 8_192);
    assert_eq!(
        (&log[1]["requestBody"], &log[1]["requestBodyBase64"], &log[1]["userAgent"]),
        (&json!("//4="), &json!(true), &json!("probe"))
    );
}

#[tokio::test]
async fn a_replaced_url_is_dead_and_a_disabled_one_says_so() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        shop.connect("15105566777").await;
        let old = shop.webhook().await;
        let new = shop.webhook().await;
        let status = async |path: &str| app.call(post().uri_str(path).body(SEND)).await.status().as_u16();
        assert_eq!((status(&old).await, status(&new).await), (404, 200));
        let query =
            "mutation($w: ID!, $e: Boolean!) { setWebhookEnabled(input: {workspaceId: $w, enabled: $e}) { enabled } }";
        shop.ok(query, json!({"w": shop.id, "e": false})).await;
        assert_eq!(status(&new).await, 403);
        shop.send("the dashboard does not mind").await;
        shop.ok(query, json!({"w": shop.id, "e": true})).await;
        assert_eq!(status(&new).await, 200);
        let reveal = "mutation($w: ID!) { revealWebhookUrl(input: {workspaceId: $w}) { url webhook { urlHint } } }";
        let revealed = shop.ok(reveal, json!({"w": shop.id})).await["revealWebhookUrl"].clone();
        assert!(text(&revealed["url"]).ends_with(&new), "{revealed}");
        assert!(text(&revealed["webhook"]["urlHint"]).starts_with("nhip_wh_"), "{revealed}");
    }
}

#[tokio::test]
async fn without_a_url_there_is_nothing_to_reveal() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    let reveal = "mutation($w: ID!) { revealWebhookUrl(input: {workspaceId: $w}) { url } }";
    assert_eq!(shop.refused(reveal, json!({"w": shop.id})).await, "CONFLICT");
}
