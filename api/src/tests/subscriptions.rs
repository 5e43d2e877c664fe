//! Live events.

use std::{sync::Arc, time::Duration};

use async_graphql::{Data, Executor as _, Request, Response};
use futures::{StreamExt as _, stream::BoxStream};
use nhip_domain::{
    audit::Requester,
    authenticate::{self, Caller},
    database::Urgency,
    token::{Token, TokenKind},
};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::app::{Shop, TestApp};
use crate::graphql::SocketData;

/// Whoever comes sooner waits for nothing.
pub(super) const SOON: Duration = Duration::from_mins(1);

pub(super) async fn subscribe(shop: &Shop<'_>, query: &str) -> BoxStream<'static, Response> {
    subscribe_as(shop.app, Some(&shop.bearer), query).await
}

/// The same as a person, a program or nobody.
pub(super) async fn subscribe_as(app: &TestApp, bearer: Option<&str>, query: &str) -> BoxStream<'static, Response> {
    let mut data = Data::default();
    if let Some(bearer) = bearer {
        data.insert(SocketData::new(caller(app, bearer).await));
    }
    let mut stream = app.app.admin.execute_stream(Request::new(query), Some(Arc::new(data)));
    // Polled until it is listening, or is refused, before anything happens.
    let mut listening = app.listening.subscribe();
    let early = tokio::select! {
        biased;
        response = stream.next() => Some(response.expect("an event or a refusal")),
        _listens = listening.changed() => None,
    };
    futures::stream::iter(early).chain(stream).boxed()
}

async fn caller(app: &TestApp, bearer: &str) -> Caller {
    let (cx, requester) = (app.cx(), Requester::default());
    if let Some(token) = Token::parse(TokenKind::Api, bearer) {
        return authenticate::by_api_token(cx, &token, requester).await.unwrap().unwrap();
    }
    let bearer = app.app.deps.tokens.check(bearer, cx.now()).unwrap();
    authenticate::by_session(cx, bearer.session_id, bearer.user_id, requester).await.unwrap().unwrap()
}

async fn next(stream: &mut BoxStream<'static, Response>) -> Value {
    let response = timeout(SOON, stream.next()).await.expect("an event").expect("no end");
    serde_json::to_value(response).unwrap()
}

#[tokio::test]
async fn a_subscription_with_a_name_goes_on_after_its_first_event() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        ada.connect("15105566777").await;
        let named = format!("subscription Named {{ creditsChanged(workspaceId: \"{}\") {{ balance }} }}", ada.id);
        let mut credits = subscribe(&ada, &named).await;
        for left in [99, 98] {
            ada.send("a message").await;
            assert_eq!(next(&mut credits).await["data"]["creditsChanged"]["balance"], left);
        }
    }
}

#[tokio::test]
async fn whoever_watches_sees_what_changes_and_nothing_of_others() {
    for app in TestApp::everywhere().await {
        let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
        ada.connect("15105566777").await;
        bob.connect("15105566777").await;
        let path = ada.webhook().await;
        let field =
            |name: &str, fields: &str| format!("subscription {{ {name}(workspaceId: \"{}\") {{ {fields} }} }}", ada.id);
        let mut messages =
            subscribe(&ada, &field("messageChanged", "text status account { phone } queuePosition")).await;
        let mut credits = subscribe(&ada, &field("creditsChanged", "balance")).await;
        let mut calls = subscribe(&ada, &field("activationLogged", "sequence httpStatus")).await;
        let mut accounts = subscribe(&ada, &field("accountChanged", "name")).await;
        let mut webhook = subscribe(&ada, &field("webhookChanged", "enabled")).await;
        bob.send("not hers").await;
        ada.send("hers").await;
        let seen = next(&mut messages).await;
        assert_eq!(
            seen["data"]["messageChanged"],
            json!({"text": "hers", "status": "QUEUED", "account": {"phone": "+15105566777"}, "queuePosition": 1}),
            "{seen}"
        );
        assert_eq!(next(&mut credits).await["data"]["creditsChanged"]["balance"], 99);
        for _ in 0..2 {
            app.call(super::app::post().uri_str(&path).body("{")).await;
        }
        assert_eq!(next(&mut calls).await["data"]["activationLogged"], json!({"sequence": 1, "httpStatus": 400}));
        assert_eq!(next(&mut calls).await["data"]["activationLogged"]["sequence"], 2);
        ada.connect("15105566778").await;
        assert_eq!(next(&mut accounts).await["data"]["accountChanged"]["name"], "+15105566778");
        ada.ok(
            "mutation($w: ID!) { setWebhookEnabled(input: {workspaceId: $w, enabled: false}) { enabled } }",
            json!({"w": ada.id}),
        )
        .await;
        assert_eq!(next(&mut webhook).await["data"]["webhookChanged"]["enabled"], false);
    }
}

#[tokio::test]
async fn nobody_watches_what_is_anothers() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
    let account = bob.connect("15105566779").await;
    let of_workspace = ["messageChanged", "creditsChanged", "activationLogged", "accountChanged", "webhookChanged"];
    let fields = of_workspace.map(|name| format!("{name}(workspaceId: \"{}\")", bob.id));
    for field in fields.into_iter().chain([format!("accountPairing(accountId: \"{account}\")")]) {
        let query = format!("subscription {{ {field} {{ __typename }} }}");
        let seen = next(&mut subscribe(&ada, &query).await).await;
        assert_eq!(super::app::code(&seen), "NOT_FOUND", "{seen}");
    }
}

#[tokio::test]
async fn a_socket_has_a_hundred_operations_at_a_time() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let mut data = Data::default();
    data.insert(SocketData::new(caller(&app, &ada.bearer).await));
    let data = Arc::new(data);
    let query = format!("subscription {{ creditsChanged(workspaceId: \"{}\") {{ balance }} }}", ada.id);
    let open = || app.app.admin.execute_stream(Request::new(&query), Some(Arc::clone(&data)));
    let mut hundred: Vec<_> = (0..100).map(|_| open()).collect();
    assert_eq!(super::app::code(&next(&mut open()).await), "RATE_LIMITED");
    hundred.pop();
    let waiting = timeout(Duration::from_millis(200), open().next()).await;
    assert!(waiting.is_err(), "room again, and nothing to tell yet: {waiting:?}");
}

#[tokio::test]
async fn without_a_caller_a_socket_answers_nothing() {
    let app = TestApp::start().await;
    let mut stream = app.app.admin.execute_stream(Request::new("{ service { demo } }"), None);
    assert_eq!(super::app::code(&next(&mut stream).await), "UNAUTHENTICATED");
}

#[tokio::test]
async fn a_bomb_of_fragments_goes_off_on_no_socket_either() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let spread = |n: usize| format!("fragment F{n} on Query {{ {} }} ", format!("...F{} ", n + 1).repeat(10));
    let query = format!("{{ ...F0 }} {} fragment F9 on Query {{ __typename }}", (0..9).map(spread).collect::<String>());
    let seen = next(&mut subscribe(&ada, &query).await).await;
    assert_eq!(super::app::code(&seen), "QUERY_TOO_COMPLEX", "{seen}");
}

#[tokio::test]
async fn what_is_no_subscription_has_a_deadline_on_a_socket_too() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let _busy = app.cx().db.write(Urgency::Normal).await.unwrap();
    let query = format!("mutation {{ generateWebhookUrl(input: {{workspaceId: \"{}\"}}) {{ url }} }}", ada.id);
    // It has come as far as the writer's queue once time leaps.
    let mut stream = subscribe(&ada, &query).await;
    tokio::time::pause();
    let response = timeout(Duration::from_secs(15), stream.next()).await.expect("an answer in time").unwrap();
    assert_eq!(super::app::code(&serde_json::to_value(response).unwrap()), "UNAVAILABLE");
}

#[tokio::test]
async fn whoever_is_too_slow_is_told_to_read_again_and_hears_no_more() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
    let fields = [
        ("messageChanged", "id"),
        ("creditsChanged", "balance"),
        ("accountChanged", "id"),
        ("webhookChanged", "enabled"),
        ("activationLogged", "id"),
    ];
    for (name, field) in fields {
        let query = format!("subscription {{ {name}(workspaceId: \"{}\") {{ {field} }} }}", ada.id);
        let (mut slow, bobs) = (subscribe(&ada, &query).await, query.replace(&ada.id, &bob.id));
        let mut other = subscribe(&bob, &bobs).await;
        for _ in 0..1_000 {
            // Of no interest to any of them, but counted.
            let id = "3EB0".to_owned();
            app.cx().signals.changed(nhip_domain::signal::Event::Message { workspace_id: ada.id.parse().unwrap(), id });
        }
        let told = next(&mut slow).await;
        assert_eq!(super::app::code(&told), "UNAVAILABLE", "{told}");
        assert!(told["errors"][0]["message"].as_str().unwrap().contains("read again"), "{told}");
        assert!(slow.next().await.is_none(), "{name} goes on");
        let quiet = timeout(Duration::from_millis(50), other.next()).await;
        assert!(quiet.is_err(), "what happens elsewhere is nobody's business: {quiet:?}");
    }
}
