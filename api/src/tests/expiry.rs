//! What runs out is good until its time and not from then on; what never was good costs next to nothing.

use nhip_domain::token::{Token, TokenKind};
use nhip_entity::{api_token, invitation, session};
use sea_orm::{ConnectionTrait as _, EntityTrait, QueryTrait as _, sea_query::Expr};
use serde_json::{Value, json};

use super::app::{TestApp, code, text};

const ME: &str = "{ me { id } }";
const READ: &str = "query($w: ID!) { workspace(id: $w) { name } }";
const REFRESH: &str = "mutation($t: String) { refreshSession(input: {refreshToken: $t}) { accessToken } }";
const SIGN_UP: &str = "mutation($i: SignUpInput!) { signUp(input: $i) { accessToken refreshToken } }";
const PREVIEW: &str = "query($t: String!) { invitation(token: $t) { email } }";
const ACCEPT: &str = "mutation($i: AcceptInvitationInput!) { acceptInvitation(input: $i) { accessToken } }";

/// Everything in a table runs out now.
async fn run_out<E: EntityTrait>(app: &TestApp, expires_at: E::Column) {
    let now = Expr::value(app.cx().now());
    let update = E::update_many().col_expr(expires_at, now).build(app.cx().db.backend());
    assert!(app.cx().db.schema().execute_raw(update).await.unwrap().rows_affected() > 0);
}

#[tokio::test]
async fn an_api_token_is_good_until_its_time() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        let (token, _) = ada.api_token(json!(["WORKSPACE_READ"])).await;
        let read = async || app.graphql(Some(&token), READ, json!({"w": ada.id})).await;
        assert_eq!(read().await["errors"], Value::Null);
        run_out::<api_token::Entity>(&app, api_token::Column::ExpiresAt).await;
        assert_eq!(code(&read().await), "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn an_invitation_is_good_until_its_time() {
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        let link = ada.invite("bob@example.com", "ADMIN").await;
        let preview = async || app.graphql(None, PREVIEW, json!({"t": link})).await;
        assert_eq!(preview().await["data"]["invitation"]["email"], "bob@example.com");
        run_out::<invitation::Entity>(&app, invitation::Column::ExpiresAt).await;
        assert_eq!(code(&preview().await), "NOT_FOUND");
        let guest = |token: &str| json!({"i": {"token": token, "name": "Bob", "password": "correct horse battery"}});
        let late = app.graphql(None, ACCEPT, guest(&link)).await;
        assert_eq!(code(&late), code(&app.graphql(None, ACCEPT, guest("garbage")).await), "{late}");
        let members = ada.ok("query($w: ID!) { workspace(id: $w) { members { role } } }", json!({"w": ada.id})).await;
        assert_eq!(members["workspace"]["members"], json!([{"role": "OWNER"}]));
    }
}

#[tokio::test]
async fn a_session_is_good_until_its_time_and_so_is_all_that_it_gave() {
    for app in TestApp::everywhere().await {
        let input = json!({"i": {"email": "ada@example.com", "password": "correct horse battery", "name": "Ada", "workspaceName": "Shop"}});
        let session = app.graphql(None, SIGN_UP, input).await["data"]["signUp"].clone();
        let (access, refresh) = (text(&session["accessToken"]), text(&session["refreshToken"]));
        assert_eq!(app.graphql(Some(&access), ME, json!({})).await["errors"], Value::Null);
        run_out::<session::Entity>(&app, session::Column::ExpiresAt).await;
        assert_eq!(code(&app.graphql(Some(&access), ME, json!({})).await), "UNAUTHENTICATED");
        assert_eq!(code(&app.graphql(None, REFRESH, json!({"t": refresh})).await), "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn garbage_that_looks_like_an_api_token_costs_no_query() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let (token, _) = ada.api_token(json!(["WORKSPACE_READ"])).await;
    let read = async |bearer: &str| {
        app.statements();
        let answer = app.graphql(Some(bearer), READ, json!({"w": ada.id})).await;
        assert_eq!(code(&answer), "UNAUTHENTICATED", "{bearer}");
        app.statements()
    };
    let middle = token.len() / 2;
    let other = if token.as_bytes()[middle] == b'x' { "y" } else { "x" };
    let mistyped = format!("{}{other}{}", &token[..middle], &token[middle + 1..]);
    let webhooks = Token::draw(TokenKind::Webhook, &mut nhip_domain::clock::rng());
    let renamed = webhooks.reveal().replacen(TokenKind::Webhook.prefix(), TokenKind::Api.prefix(), 1);
    for garbage in ["nhip_at_", "nhip_at_garbage", &token[..token.len() - 1], &mistyped, &renamed] {
        assert_eq!(read(garbage).await, Vec::<String>::new(), "{garbage}");
    }
    let unknown = Token::draw(TokenKind::Api, &mut nhip_domain::clock::rng());
    assert_eq!(read(unknown.reveal()).await.len(), 1, "one with a right checksum is looked up");
}
