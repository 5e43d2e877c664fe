//! Logging in and out.

use std::time::Duration;

use nhip_domain::{settings::Settings, user::login_link};
use poem::http::header;
use serde_json::{Value, json};

use super::app::{TestApp, code, post, read, text};

const SIGN_UP: &str =
    "mutation($i: SignUpInput!) { signUp(input: $i) { accessToken refreshToken user { email name locale } } }";
const LOG_IN: &str =
    "mutation($e: String!, $p: String!) { logIn(input: {email: $e, password: $p}) { accessToken refreshToken } }";
const REFRESH: &str = "mutation($t: String) { refreshSession(input: {refreshToken: $t}) { accessToken refreshToken } }";
const REDEEM: &str = "mutation($t: String!) { redeemLoginLink(input: {token: $t}) { accessToken } }";

fn ada() -> Value {
    json!({"i": {"email": " Ada@Example.com ", "password": "correct horse battery", "name": "Ada", "workspaceName": "Shop"}})
}

#[tokio::test]
async fn somebody_signs_up_logs_in_and_out() {
    let app = TestApp::start().await;
    let answer = app.graphql(None, SIGN_UP, ada()).await;
    let session = &answer["data"]["signUp"];
    assert_eq!(session["user"], json!({"email": "ada@example.com", "name": "Ada", "locale": "en"}), "{answer}");
    let first = text(&session["accessToken"]);
    let query = "{ me { email sessions { current remoteAddress } } workspaces { name myRole credits { balance } } }";
    let seen = app.graphql(Some(&first), query, json!({})).await;
    assert_eq!(seen["data"]["me"]["sessions"][0]["current"], true, "{seen}");
    assert_eq!(seen["data"]["workspaces"], json!([{"name": "Shop", "myRole": "OWNER", "credits": {"balance": 100}}]));

    let answer = app.graphql(None, LOG_IN, json!({"e": "ADA@example.com", "p": "correct horse battery"})).await;
    let second = text(&answer["data"]["logIn"]["accessToken"]);
    assert_eq!(app.graphql(Some(&second), "mutation { logOut }", json!({})).await["data"]["logOut"], true);
    assert_eq!(code(&app.graphql(Some(&second), "{ me { id } }", json!({})).await), "UNAUTHENTICATED");
    assert_eq!(
        app.graphql(Some(&first), "{ me { email } }", json!({})).await["data"]["me"]["email"],
        "ada@example.com"
    );
}

#[tokio::test]
async fn an_unknown_email_and_a_wrong_password_are_told_the_same() {
    let app = TestApp::start().await;
    app.graphql(None, SIGN_UP, ada()).await;
    let mut told = Vec::new();
    for (email, password) in [
        ("nobody@example.com", "correct horse battery"),
        ("ada@example.com", "wrong"),
        ("garbage", ""),
        ("ada@example.com", &"x".repeat(9_000)),
    ] {
        told.push(app.graphql(None, LOG_IN, json!({"e": email, "p": password})).await);
    }
    assert_eq!(code(&told[0]), "UNAUTHENTICATED");
    assert!(told.iter().all(|answer| *answer == told[0]), "{told:?}");
}

#[tokio::test]
async fn a_taken_email_a_weak_password_and_a_closed_door_are_refused() {
    let app = TestApp::start().await;
    app.graphql(None, SIGN_UP, ada()).await;
    let again = app.graphql(None, SIGN_UP, ada()).await;
    assert_eq!((code(&again), &again["errors"][0]["extensions"]["field"]), ("CONFLICT".to_owned(), &json!("email")));
    let with = |field: &str, value: &str| {
        let mut input = ada();
        input["i"][field] = value.into();
        input
    };
    for (field, value) in
        [("password", "password1"), ("email", "nobody"), ("name", ""), ("workspaceName", "a\u{7}"), ("locale", "x y")]
    {
        let mut input = with(field, value);
        if field != "email" {
            input["i"]["email"] = "bob@example.com".into();
        }
        let answer = app.graphql(None, SIGN_UP, input).await;
        assert_eq!(
            (code(&answer), &answer["errors"][0]["extensions"]["field"]),
            ("BAD_INPUT".to_owned(), &json!(field)),
            "{answer}"
        );
    }
    let closed = TestApp::start_with(Settings { sign_up_open: false, ..Settings::default() }).await;
    assert_eq!(code(&closed.graphql(None, SIGN_UP, ada()).await), "FORBIDDEN");
    assert_eq!(
        closed.graphql(None, "{ service { signUpOpen demo gateways } }", json!({})).await["data"]["service"],
        json!({"signUpOpen": false, "demo": false, "gateways": ["SIMULATOR", "CLOUD_API"]})
    );
}

#[tokio::test]
async fn a_refresh_token_is_good_once_and_ends_the_session_when_it_comes_again() {
    let app = TestApp::start().await;
    let answer = app.graphql(None, SIGN_UP, ada()).await;
    let first = text(&answer["data"]["signUp"]["refreshToken"]);
    let answer = app.graphql(None, REFRESH, json!({"t": first})).await;
    let (access, second) = (
        text(&answer["data"]["refreshSession"]["accessToken"]),
        text(&answer["data"]["refreshSession"]["refreshToken"]),
    );
    assert_ne!(first, second);
    assert_eq!(app.graphql(Some(&access), "{ me { email } }", json!({})).await["errors"], Value::Null);
    assert_eq!(code(&app.graphql(None, REFRESH, json!({"t": first})).await), "UNAUTHENTICATED");
    assert_eq!(code(&app.graphql(None, REFRESH, json!({"t": second})).await), "UNAUTHENTICATED");
    assert_eq!(code(&app.graphql(Some(&access), "{ me { email } }", json!({})).await), "UNAUTHENTICATED");
    // However long ago it was spent: the whole family ends.
    let mut tokens = vec![text(
        &app.graphql(None, LOG_IN, json!({"e": "ada@example.com", "p": "correct horse battery"})).await["data"]["logIn"]
            ["refreshToken"],
    )];
    for _ in 0..3 {
        let answer = app.graphql(None, REFRESH, json!({"t": tokens.last()})).await;
        tokens.push(text(&answer["data"]["refreshSession"]["refreshToken"]));
    }
    assert_eq!(code(&app.graphql(None, REFRESH, json!({"t": tokens[0]})).await), "UNAUTHENTICATED");
    assert_eq!(code(&app.graphql(None, REFRESH, json!({"t": tokens[3]})).await), "UNAUTHENTICATED");
    for garbage in ["", "nhip_rt_x", "nhip_at_x"] {
        assert_eq!(code(&app.graphql(None, REFRESH, json!({"t": garbage})).await), "UNAUTHENTICATED");
    }
}

#[tokio::test]
async fn a_login_link_lets_one_in_once_and_in_time() {
    for app in TestApp::everywhere().await {
        app.shop("ada").await;
        let link = login_link::make(app.cx(), "ada@example.com", login_link::LIFE).await.unwrap();
        let redeem = || app.graphql(None, REDEEM, json!({"t": link.reveal()}));
        let (a, b) = tokio::join!(redeem(), redeem());
        let won = [&a, &b].iter().filter(|answer| answer["errors"] == Value::Null).count();
        assert_eq!(won, 1, "{a} {b}");
        assert_eq!(code(&redeem().await), "BAD_INPUT");
        let late = login_link::make(app.cx(), "ada@example.com", Duration::ZERO).await.unwrap();
        assert_eq!(code(&app.graphql(None, REDEEM, json!({"t": late.reveal()})).await), "BAD_INPUT");
        assert_eq!(code(&app.graphql(None, REDEEM, json!({"t": "nhip_ll_garbage"})).await), "BAD_INPUT");
        assert!(login_link::make(app.cx(), "nobody@example.com", login_link::LIFE).await.is_err());
    }
}

#[tokio::test]
async fn with_a_cookie_no_script_sees_the_refresh_token() {
    let app = TestApp::start().await;
    let mut input = ada();
    input["i"]["useCookie"] = true.into();
    let response =
        app.call(post().uri_str("/graphql").body(json!({"query": SIGN_UP, "variables": input}).to_string())).await;
    let cookie = response.header(header::SET_COOKIE).unwrap().to_owned();
    assert!(cookie.starts_with("nhip_refresh=nhip_rt_") && cookie.contains("HttpOnly"), "{cookie}");
    assert_eq!(read(response).await["data"]["signUp"]["refreshToken"], Value::Null);
    let pair = cookie.split(';').next().unwrap();
    let request = post().uri_str("/graphql").header(header::COOKIE, pair);
    let response = app
        .call(
            request.body(
                json!({"query": "mutation { refreshSession(input: {}) { accessToken refreshToken } }"}).to_string(),
            ),
        )
        .await;
    assert_ne!(response.header(header::SET_COOKIE).unwrap(), cookie);
    let session = read(response).await["data"]["refreshSession"].clone();
    assert_eq!(session["refreshToken"], Value::Null);
    assert!(!text(&session["accessToken"]).is_empty());
}
