//! API tokens that a workspace's people make.

use chrono::TimeDelta;
use serde_json::{Value, json};

use super::app::{TestApp, code};

const CREATE: &str = "mutation($i: CreateApiTokenInput!) { createApiToken(input: $i) { token apiToken { id } } }";
const LIST: &str = "query($w: ID!) { workspace(id: $w) { \
    apiTokens { name scopes hint createdBy { email } lastUsedAt expiresAt } } }";
const READ: &str = "query($w: ID!) { workspace(id: $w) { name } }";

#[tokio::test]
async fn a_token_is_shown_once_listed_by_its_hint_and_revoked_at_once() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        let (token, id) = ada.api_token(json!(["WORKSPACE_READ", "MESSAGES_WRITE", "WORKSPACE_READ"])).await;
        assert!(token.starts_with("nhip_at_"));
        let listed = ada.ok(LIST, json!({"w": ada.id})).await["workspace"]["apiTokens"].clone();
        let hint = format!("{}…", &token[.."nhip_at_".len() + 4]);
        assert_eq!(
            listed,
            json!([{"name": "job", "scopes": ["WORKSPACE_READ", "MESSAGES_WRITE"], "hint": hint, "createdBy": {"email": "ada@example.com"}, "lastUsedAt": null, "expiresAt": null}])
        );
        let read = async || app.graphql(Some(&token), READ, json!({"w": ada.id})).await;
        assert_eq!(read().await["data"]["workspace"]["name"], "ada's shop");
        let used = ada.ok(LIST, json!({"w": ada.id})).await["workspace"]["apiTokens"][0]["lastUsedAt"].clone();
        assert!(used.is_string(), "{used}");
        let revoke =
            "mutation($w: ID!, $t: ID!) { revokeApiToken(input: {workspaceId: $w, tokenId: $t}) { apiTokens { id } } }";
        let bob = app.shop("bob").await;
        assert_eq!(bob.refused(revoke, json!({"w": bob.id, "t": id})).await, "NOT_FOUND");
        let left = ada.ok(revoke, json!({"w": ada.id, "t": id})).await;
        assert_eq!(left["revokeApiToken"]["apiTokens"], json!([]));
        assert_eq!(code(&read().await), "UNAUTHENTICATED");
        assert_eq!(ada.refused(revoke, json!({"w": ada.id, "t": id})).await, "NOT_FOUND");
    }
}

#[tokio::test]
async fn what_no_token_may_be_is_refused() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let yesterday = (app.cx().now() - TimeDelta::days(1)).to_rfc3339();
    for (scopes, expires_at, refusal) in [
        (json!(["BILLING_READ"]), Value::Null, "FORBIDDEN"),
        (json!(["WORKSPACE_READ", "BILLING_WRITE"]), Value::Null, "FORBIDDEN"),
        (json!([]), Value::Null, "BAD_INPUT"),
        (json!(["WORKSPACE_READ"]), json!(yesterday), "BAD_INPUT"),
    ] {
        let input = json!({"workspaceId": ada.id, "name": "job", "scopes": scopes, "expiresAt": expires_at});
        assert_eq!(ada.refused(CREATE, json!({"i": input})).await, refusal, "{scopes}");
    }
}

#[tokio::test]
async fn a_token_ends_with_the_role_of_its_maker() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        for end in [
            "mutation($w: ID!, $u: ID!) { setMemberRole(input: {workspaceId: $w, userId: $u, role: MEMBER}) { role } }",
            "mutation($w: ID!, $u: ID!) { removeMember(input: {workspaceId: $w, userId: $u}) { id } }",
        ] {
            let name = if end.contains("setMemberRole") { "bob" } else { "eve" };
            let maker = ada.joined_by(name, "ADMIN").await;
            let made = super::app::Shop { app: &app, bearer: maker.bearer.clone(), id: ada.id.clone() };
            let (token, _) = made.api_token(json!(["WORKSPACE_READ"])).await;
            let read = async || app.graphql(Some(&token), READ, json!({"w": ada.id})).await;
            assert_eq!(read().await["errors"], Value::Null);
            let user = maker.user_id().await;
            ada.ok(end, json!({"w": ada.id, "u": user})).await;
            assert_eq!(code(&read().await), "UNAUTHENTICATED", "{end}");
            assert_eq!(ada.ok(LIST, json!({"w": ada.id})).await["workspace"]["apiTokens"], json!([]));
            if name == "bob" {
                let back = "mutation($w: ID!, $u: ID!) { setMemberRole(input: {workspaceId: $w, userId: $u, role: ADMIN}) { role } }";
                ada.ok(back, json!({"w": ada.id, "u": user})).await;
                assert_eq!(code(&read().await), "UNAUTHENTICATED", "what has ended stays so");
            }
        }
    }
}

#[tokio::test]
async fn a_token_that_may_only_send_learns_of_its_message_and_no_more() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        ada.connect("15105566777").await;
        let (token, _) = ada.api_token(json!(["MESSAGES_WRITE"])).await;
        let send = async |read: &str| {
            let input = format!("{{workspaceId: \"{}\", phone: \"+12025550100\", text: \"hi\"}}", ada.id);
            let mutation = format!("mutation {{ sendMessage(input: {input}) {{ {read} }} }}");
            app.graphql(Some(&token), &mutation, json!({})).await
        };
        let answer = send("text status credits").await;
        assert_eq!(answer["data"]["sendMessage"], json!({"text": "hi", "status": "QUEUED", "credits": 1}), "{answer}");
        for read in ["account { phone }", "chat { name }"] {
            assert_eq!(code(&send(read).await), "FORBIDDEN", "{read}");
        }
    }
}
