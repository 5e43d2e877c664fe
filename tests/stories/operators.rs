//! Whoever runs it: the command line, settings, and the first start.

use std::{net::TcpListener, time::Duration};

use nhip_tests::{
    Options, Program, Query,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, eventually, phone,
};
use reqwest::Method;
use rstest::rstest;
use serde_json::json;
use tempfile::TempDir;

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}

#[rstest]
#[tokio::test]
async fn a_billing_job_grants_credits_once_per_key_and_takes_back_what_is_there(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let app = Options::new(shape).credits(10).start().await;
    let shop = app.shop().await;
    let made = app.command(&["token", "create", "--name", "billing", "--scopes", "billing:read,billing:write"]).await;
    assert!(made.status.success(), "{}", said(&made));
    let printed = String::from_utf8(made.stdout).unwrap();
    let token = printed.split_whitespace().find(|word| word.starts_with("nhip_at_")).expect("the token is printed");
    app.keep_secret(token, "an API token");
    let grant = |amount: i64, key: &str| {
        let input =
            json!({"workspaceId": shop.workspace_id, "amount": amount, "reason": "paid", "idempotencyKey": key});
        Query::mutation("grantCredits", "GrantCreditsInput", input, "{ repeated credits { balance } }")
    };
    let granted = app.ask(Some(token), &grant(5, "invoice-1")).await["grantCredits"].clone();
    assert_eq!(granted, json!({"repeated": false, "credits": {"balance": 15}}));
    let again = app.ask(Some(token), &grant(5, "invoice-1")).await["grantCredits"].clone();
    assert_eq!(again, json!({"repeated": true, "credits": {"balance": 15}}));
    assert_eq!(app.ask_in_vain(Some(token), &grant(6, "invoice-1")).await.code(), "CONFLICT");
    assert_eq!(app.ask_in_vain(Some(token), &grant(-16, "refund-1")).await.code(), "BAD_INPUT");
    let refund = app.ask(Some(token), &grant(-15, "refund-2")).await["grantCredits"].clone();
    assert_eq!(refund["credits"]["balance"], 0);
    assert_eq!(app.ask_in_vain(Some(&shop.token), &grant(1, "gift")).await.code(), "FORBIDDEN");
    let peek = Query::new("query($w: ID!) { workspace(id: $w) { name } }", json!({"w": shop.workspace_id}));
    assert!(matches!(app.ask_in_vain(Some(token), &peek).await.code(), "FORBIDDEN" | "NOT_FOUND"));
    app.finish().await;
}

/// Embedded only, as the demo is.
#[tokio::test]
async fn a_log_in_link_works_once() {
    let app = Options::new(Shape::Embedded).demo().start().await;
    let shop = Shop::of_demo(&app).await;
    let printed = app.stdout();
    let start = printed.find("nhip_ll_").unwrap();
    let link: String =
        printed[start..].chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect();
    let redeem = Query::mutation("redeemLoginLink", "RedeemLoginLinkInput", json!({"token": link}), "{ accessToken }");
    assert_eq!(app.ask_in_vain(None, &redeem).await.code(), "BAD_INPUT");
    shop.send(phone::USUAL, "still logged in").await;
    app.finish().await;
}

/// Embedded only: it is the data folder's lock that refuses; on PostgreSQL a second server is welcome.
#[tokio::test]
async fn a_second_server_on_the_same_data_is_refused_in_one_sentence() {
    let app = TestApp::start(Shape::Embedded).await;
    let second = app.command(&["serve"]).await;
    assert!(!second.status.success());
    let said = said(&second);
    let last = said.lines().last().unwrap_or_default();
    assert!(last.contains("another nhip serve"), "{said}");
    app.finish().await;
}

#[tokio::test]
async fn a_setting_that_cannot_be_meant_stops_the_start_in_one_sentence() {
    let dir = TempDir::new().unwrap();
    for (name, value) in [
        ("NHIP_SECRET_KEY", "short"),
        ("NHIP_PACE_MIN_MS", "100"),
        ("NHIP_LISTEN", "everywhere"),
        ("NHIP_SMTP_FROM", "nobody"),
    ] {
        let settings = [(name.to_owned(), value.to_owned())].into();
        let output = Program::run(dir.path(), &settings, &["serve"]).await;
        assert!(!output.status.success(), "{name}={value}");
        let said = said(&output);
        assert!(said.contains(name) && said.lines().count() == 1, "{said}");
    }
}

#[tokio::test]
async fn the_demo_takes_the_next_free_port_and_listens_on_this_machine_alone() {
    // Ours or somebody else's: taken it is.
    let _taken = TcpListener::bind("127.0.0.1:8080");
    let dir = TempDir::new().unwrap();
    let program = Program::start(dir.path(), &[].into(), &["serve", "--demo"]);
    let address = eventually("the demo prints its address", Duration::from_mins(1), async || {
        let printed = std::fs::read_to_string(dir.path().join("nhip.stdout")).ok()?;
        let line = printed.lines().find(|line| line.contains("http://127.0.0.1:"))?.to_owned();
        line.split("http://").nth(1).map(|rest| rest.trim().to_owned())
    })
    .await;
    let port: u16 = address.strip_prefix("127.0.0.1:").unwrap().parse().unwrap();
    assert!(port > 8080, "{address}");
    drop(program);
}

#[rstest]
#[tokio::test]
async fn a_wrong_password_says_nothing_about_which_part_was_wrong(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let log_in = |email: &str, password: &str| {
        let input = json!({"email": email, "password": password});
        Query::mutation("logIn", "LogInInput", input, "{ accessToken user { email } }")
    };
    let wrong = app.ask_in_vain(None, &log_in(&shop.email, "not the password at all")).await;
    let unknown = app.ask_in_vain(None, &log_in("nobody@example.com", "not the password at all")).await;
    assert_eq!((wrong.message.as_str(), wrong.code()), (unknown.message.as_str(), unknown.code()));
    let right = app.ask(None, &log_in(&shop.email, &shop.password)).await;
    assert_eq!(right["logIn"]["user"]["email"], shop.email.as_str());
    assert_eq!(app.ask_in_vain(None, &Query::new("{ workspaces { id } }", json!({}))).await.code(), "UNAUTHENTICATED");
    app.finish().await;
}

/// Every story ends by looking for secrets in all that was logged; this one goes wherever a secret passes.
#[rstest]
#[tokio::test]
async fn no_log_shows_a_secret_or_a_text(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    shop.send(phone::USUAL, "a canary in a message").await;
    let broken = r#"{"action": "send", "text": "a canary in a broken body" "phone": "+1"}"#;
    app.keep_secret("a canary in a broken body", "a refused text");
    shop.call(Method::POST, |request| request.body(broken)).await.refused(400, "INVALID_JSON");
    for method in [Method::GET, Method::OPTIONS, Method::PUT] {
        let url = format!("{}?canary=in-a-query-string", shop.webhook());
        assert_eq!(app.http().request(method, url).send().await.unwrap().status(), 405);
    }
    app.keep_secret("in-a-query-string", "a query string");
    let input = json!({"workspaceId": shop.workspace_id});
    shop.mutate("revealWebhookUrl", "WorkspaceInput", input, "{ url }").await;
    app.keep_secret("a canary of a password", "a wrong password");
    let wrong = json!({"email": shop.email, "password": "a canary of a password"});
    app.ask_in_vain(None, &Query::mutation("logIn", "LogInInput", wrong, "{ accessToken }")).await;
    let page = app.http().get(format!("{}/login?link=nhip_ll_canary_in_a_page", app.url())).send().await.unwrap();
    assert!(!page.status().is_server_error());
    app.keep_secret("nhip_ll_canary_in_a_page", "a log-in link");
    app.kill_and_restart().await;
    app.settle().await;
    assert!(app.stderr().contains("DEBUG"), "nothing was looked at");
    app.finish().await;
}
