//! Billing, and what programs may do.

use std::time::Duration;

use nhip_domain::api_token::{self, NewToken};
use nhip_entity::api_token::Scope;
use serde_json::{Value, json};
use uuid::Uuid;

use super::app::{Shop, TestApp, code, text};

const GRANT: &str = "mutation($w: ID!, $n: Int!, $k: String!) { grantCredits(input: {workspaceId: $w, amount: $n, reason: \"order\", idempotencyKey: $k}) { repeated entry { kind amount balanceAfter reason idempotencyKey } credits { balance } } }";

async fn token(app: &TestApp, scopes: &[Scope], workspace: Option<&Shop<'_>>) -> (String, Uuid) {
    let workspace_id = workspace.map(|shop| shop.id.parse().unwrap());
    let new = NewToken { name: "job".to_owned(), scopes: scopes.to_vec(), workspace_id, life: Duration::from_hours(1) };
    let (token, row) = api_token::create(app.cx(), new).await.unwrap();
    (token.reveal().to_owned(), row.id)
}

#[tokio::test]
async fn a_billing_job_grants_once_per_key() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let (job, _) = token(&app, &[Scope::BillingWrite], None).await;
        let grant =
            async |n: i64, key: &str| app.graphql(Some(&job), GRANT, json!({"w": shop.id, "n": n, "k": key})).await;
        let first = grant(50, "order 1").await;
        assert_eq!(
            first["data"]["grantCredits"],
            json!({"repeated": false, "credits": {"balance": 150}, "entry": {"kind": "GRANT", "amount": 50, "balanceAfter": 150, "reason": "order", "idempotencyKey": "order 1"}}),
            "{first}"
        );
        let again = grant(50, "order 1").await;
        assert_eq!(
            (&again["data"]["grantCredits"]["repeated"], &again["data"]["grantCredits"]["entry"]),
            (&json!(true), &first["data"]["grantCredits"]["entry"])
        );
        assert_eq!(code(&grant(51, "order 1").await), "CONFLICT");
        let taken = grant(-150, "refund").await;
        assert_eq!(
            (&taken["data"]["grantCredits"]["entry"]["kind"], &taken["data"]["grantCredits"]["credits"]["balance"]),
            (&json!("ADJUST"), &json!(0))
        );
        let over = grant(-1, "refund 2").await;
        assert_eq!(
            (code(&over), &over["errors"][0]["extensions"]["field"]),
            ("BAD_INPUT".to_owned(), &json!("amount"))
        );
        assert_eq!(code(&grant(0, "nothing").await), "BAD_INPUT");
        assert!(nhip_domain::ledger::audit(app.cx()).await.unwrap().breaches.is_empty());
    }
}

#[tokio::test]
async fn grants_of_one_key_at_once_are_one_grant() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let (job, _) = token(&app, &[Scope::BillingWrite], None).await;
        let all = (0..10).map(|_| app.graphql(Some(&job), GRANT, json!({"w": shop.id, "n": 5, "k": "same"})));
        let answers = futures::future::join_all(all).await;
        let fresh = answers.iter().filter(|answer| answer["data"]["grantCredits"]["repeated"] == false).count();
        assert_eq!(fresh, 1, "{answers:?}");
        assert_eq!(answers[0]["data"]["grantCredits"]["credits"]["balance"], 105);
    }
}

#[tokio::test]
async fn a_token_does_what_its_scopes_say_where_it_is_bound() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
    ada.connect("15105566777").await;
    let (reader, _) = token(&app, &[Scope::WorkspaceRead], Some(&ada)).await;
    let (sender, _) = token(&app, &[Scope::MessagesWrite], Some(&ada)).await;
    let (bound, _) = token(&app, &[Scope::BillingWrite], Some(&bob)).await;
    let read = "query($w: ID!) { workspace(id: $w) { name myRole credits { balance } } }";
    let send =
        "mutation($w: ID!) { sendMessage(input: {workspaceId: $w, text: \"x\", phone: \"+12025550100\"}) { source } }";
    let pause = "mutation($w: ID!) { generateWebhookUrl(input: {workspaceId: $w}) { url } }";
    let ask = async |bearer: &str, query: &str, shop: &Shop<'_>| {
        app.graphql(Some(bearer), query, json!({"w": shop.id})).await
    };
    assert_eq!(
        ask(&reader, read, &ada).await["data"]["workspace"],
        json!({"name": "ada's shop", "myRole": null, "credits": {"balance": 100}})
    );
    assert_eq!(code(&ask(&reader, read, &bob).await), "NOT_FOUND");
    assert_eq!(code(&ask(&reader, send, &ada).await), "FORBIDDEN");
    assert_eq!(code(&ask(&reader, pause, &ada).await), "FORBIDDEN");
    assert_eq!(ask(&sender, send, &ada).await["data"]["sendMessage"]["source"], "API");
    assert_eq!(code(&ask(&sender, read, &ada).await), "FORBIDDEN");
    assert_eq!(code(&app.graphql(Some(&bound), GRANT, json!({"w": ada.id, "n": 1, "k": "k"})).await), "NOT_FOUND");
    assert_eq!(app.graphql(Some(&bound), GRANT, json!({"w": bob.id, "n": 1, "k": "k"})).await["errors"], Value::Null);
    assert_eq!(code(&app.graphql(Some(&reader), GRANT, json!({"w": ada.id, "n": 1, "k": "k"})).await), "FORBIDDEN");
    let me = app.graphql(Some(&reader), "{ me { id } workspaces { name } }", json!({})).await;
    assert_eq!(me["data"], json!({"me": null, "workspaces": [{"name": "ada's shop"}]}));
}

#[tokio::test]
async fn a_revoked_token_stops_at_once() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    let (job, id) = token(&app, &[Scope::WorkspaceRead], Some(&shop)).await;
    let ask = || app.graphql(Some(&job), "{ workspaces { id } }", json!({}));
    assert_eq!(text(&ask().await["data"]["workspaces"][0]["id"]), shop.id);
    api_token::revoke(app.cx(), id).await.unwrap();
    assert_eq!(code(&ask().await), "UNAUTHENTICATED");
    assert!(api_token::revoke(app.cx(), id).await.is_err());
}
