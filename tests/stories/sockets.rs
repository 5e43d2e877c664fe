//! Sockets of live events end when they must, and say why in the protocol's own codes.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use nhip_api::access_token::AccessTokens;
use nhip_domain::secret::SecretKey;
use nhip_tests::{
    Query,
    Shape::{self, Embedded, ScaledOut},
    TestApp, Watch,
};
use rstest::rstest;
use serde_json::{Value, json};

#[rstest]
#[tokio::test]
async fn whoever_breaks_the_protocol_is_told_how(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let init =
        |bearer: &str| json!({"type": "connection_init", "payload": {"Authorization": format!("Bearer {bearer}")}});
    let subscribe = json!({"type": "subscribe", "id": "1", "payload": {"query": "subscription { nothing }"}});
    let watch = format!("subscription {{ messageChanged(workspaceId: \"{}\") {{ id }} }}", shop.workspace_id);
    let watch = json!({"type": "subscribe", "id": "1", "payload": {"query": watch}});
    let large = json!({"type": "ping", "payload": {"x": "x".repeat(70_000)}});
    let stories: [(&str, Vec<Value>, u16); 7] = [
        ("no message of the protocol's", vec![json!({"type": "hello"})], 4400),
        ("a subscription before anybody said who they are", vec![subscribe], 4401),
        ("a token that is none", vec![init("nhip_garbage")], 4403),
        ("silence", vec![], 4408),
        ("a message over 64 KiB", vec![init(&shop.token), large], 1009),
        ("an operation under another's id", vec![init(&shop.token), watch.clone(), watch], 4409),
        ("saying twice who one is", vec![init(&shop.token), init(&shop.token)], 4429),
    ];
    for (what, said, code) in stories {
        let mut watch = Watch::connect(&app.apis()[0]).await;
        for message in said {
            watch.say(message).await;
        }
        assert_eq!(watch.closed().await, code, "{what}");
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_revoked_api_token_ends_what_it_watches_in_every_process(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let input = json!({"workspaceId": shop.workspace_id, "name": "A display", "scopes": ["WORKSPACE_READ"]});
    let made = shop.mutate("createApiToken", "CreateApiTokenInput", input, "{ token apiToken { id } }").await;
    let token = made["token"].as_str().unwrap();
    let mut watches = Vec::new();
    for api in app.apis() {
        watches.push(Watch::open_as(api, token, &shop.workspace_id, "messageChanged", "{ text }").await);
    }
    let revoke = json!({"workspaceId": shop.workspace_id, "tokenId": made["apiToken"]["id"]});
    let revoke = Query::mutation("revokeApiToken", "RevokeApiTokenInput", revoke, "{ id }");
    app.ask(Some(&shop.token), &revoke).await;
    for watch in &mut watches {
        assert_eq!(watch.closed().await, 4403);
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_socket_lasts_no_longer_than_the_access_token_that_opened_it(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let claims = BASE64_URL_SAFE_NO_PAD.decode(shop.token.split('.').nth(1).unwrap()).unwrap();
    let claims: Value = serde_json::from_slice(&claims).unwrap();
    let id = |claim: &str| claims[claim].as_str().unwrap().parse().unwrap();
    let tokens = AccessTokens::new(&SecretKey::new(&app.secret_key()).unwrap()).unwrap();
    let almost_over = app.clock().now() - TimeDelta::minutes(15) + TimeDelta::seconds(3);
    let (token, _) = tokens.issue(id("sub"), id("sid"), almost_over).unwrap();
    app.keep_secret(&token, "an access token");
    let mut watch = Watch::open_as(&app.apis()[0], &token, &shop.workspace_id, "creditsChanged", "{ balance }").await;
    assert_eq!(watch.closed().await, 4403);
    // The session itself goes on.
    app.ask(Some(&shop.token), &Query::new("{ me { id } }", json!({}))).await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn an_account_that_needs_no_pairing_says_so_and_is_done(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let query = "subscription($a: ID!) { accountPairing(accountId: $a) { qrCode pairingCode expiresAt state reason } }";
    let query = Query::new(query, json!({"a": shop.till().await.id}));
    let mut watch = Watch::to(&app.apis()[0], &shop.token, &query).await;
    let over = json!({"qrCode": null, "pairingCode": null, "expiresAt": null, "state": "CONNECTED", "reason": null});
    assert_eq!(watch.next().await["accountPairing"], over);
    watch.completed().await;
    app.finish().await;
}
