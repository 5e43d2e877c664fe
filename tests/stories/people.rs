//! People: who comes and goes, and what that means in every process at once.

use std::time::Duration;

use nhip_tests::{
    MailServer, Options, Query,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, Watch, phone, until,
};
use rstest::rstest;
use serde_json::{Value, json};

const PASSWORD: &str = "correct horse battery staple";

/// Another session of the shop's owner.
async fn log_in(shop: &Shop<'_>) -> String {
    let token = text(&shop.app.ask(None, &try_log_in(&shop.email, &shop.password)).await["logIn"]["accessToken"]);
    shop.app.keep_secret(&token, "an access token");
    token
}

fn try_log_in(email: &str, password: &str) -> Query {
    Query::mutation("logIn", "LogInInput", json!({"email": email, "password": password}), "{ accessToken }")
}

fn me() -> Query {
    Query::new("{ me { id } }", json!({}))
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// Refused by every process: the app is asked as often as it has some.
async fn is_refused_everywhere(app: &TestApp, token: &str, query: &Query, code: &str) {
    for _ in app.apis() {
        assert_eq!(app.ask_in_vain(Some(token), query).await.code(), code);
    }
}

#[rstest]
#[tokio::test]
async fn a_log_out_and_another_password_end_sessions_everywhere_at_once(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let passwords = json!({"currentPassword": shop.password, "newPassword": shop.password});
    let another = Query::mutation("changePassword", "ChangePasswordInput", passwords, "{ accessToken }");
    for (ends_itself, end) in [(true, Query::new("mutation { logOut }", json!({}))), (false, another)] {
        let token = log_in(&shop).await;
        let mut watches = Vec::new();
        for api in app.apis() {
            watches.push(Watch::open_as(api, &token, &shop.workspace_id, "messageChanged", "{ text }").await);
        }
        app.ask(Some(if ends_itself { &token } else { &shop.token }), &end).await;
        is_refused_everywhere(&app, &token, &me(), "UNAUTHENTICATED").await;
        for watch in &mut watches {
            assert_eq!(watch.closed().await, 4403);
        }
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn whoever_is_removed_sees_nothing_more_in_any_process(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let (shop, guest) = (app.shop().await, Shop::sign_up(&app).await);
    let input = json!({"workspaceId": shop.workspace_id, "email": guest.email, "role": "ADMIN"});
    let link = text(&shop.mutate("inviteMember", "InviteMemberInput", input, "{ url }").await["url"]);
    let (_, link) = link.split_once("token=").unwrap();
    app.keep_secret(link, "an invitation");
    guest.mutate("acceptInvitation", "AcceptInvitationInput", json!({"token": link}), "{ user { id } }").await;
    let user = text(&app.ask(Some(&guest.token), &me()).await["me"]["id"]);
    let read = Query::new("query($w: ID!) { workspace(id: $w) { name } }", json!({"w": shop.workspace_id}));
    let input = json!({"workspaceId": shop.workspace_id, "name": "job", "scopes": ["WORKSPACE_READ"]});
    let make = Query::mutation("createApiToken", "CreateApiTokenInput", input, "{ token }");
    let program = text(&app.ask(Some(&guest.token), &make).await["createApiToken"]["token"]);
    app.keep_secret(&program, "an API token");
    app.ask(Some(&program), &read).await;
    let mut watches = Vec::new();
    for api in app.apis() {
        watches.push(Watch::open_as(api, &guest.token, &shop.workspace_id, "messageChanged", "{ text }").await);
    }
    let seen = shop.send(phone::USUAL, "for whoever is in").await;
    for watch in &mut watches {
        watch.until("the message", |event| event["messageChanged"]["text"] == "for whoever is in").await;
    }
    shop.message_with_status(&seen, "READ").await;
    let input = json!({"workspaceId": shop.workspace_id, "userId": user});
    shop.mutate("removeMember", "RemoveMemberInput", input, "{ id }").await;
    is_refused_everywhere(&app, &guest.token, &read, "NOT_FOUND").await;
    is_refused_everywhere(&app, &program, &read, "UNAUTHENTICATED").await;
    for watch in &mut watches {
        watch.completed().await;
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn invitations_and_password_resets_come_by_mail_in_the_readers_language(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let mail = MailServer::start().await;
    let app = Options::new(shape).set("NHIP_SMTP_URL", &mail.url()).start().await;
    let shop = app.shop().await;
    let service = app.ask(None, &Query::new("{ service { emailEnabled } }", json!({}))).await;
    assert_eq!(service["service"]["emailEnabled"], true);
    let guest = format!("khach-{}@example.com", shop.workspace_id);
    let input = json!({"workspaceId": shop.workspace_id, "email": guest, "role": "MEMBER"});
    let made = shop.mutate("inviteMember", "InviteMemberInput", input, "{ url emailSent }").await;
    let letter = mail.letter_to(&guest).await;
    assert!(made["emailSent"] == true && text(&made["url"]).ends_with(&letter.token()), "{made} {letter:?}");
    assert!(letter.text.contains("invites you to the workspace “The Shop”"), "{letter:?}");
    app.keep_secret(&letter.token(), "an invitation");
    app.keep_secret(PASSWORD, "a password");
    let input = json!({"token": letter.token(), "name": "Khách", "password": PASSWORD, "locale": "vi"});
    let accept = Query::mutation("acceptInvitation", "AcceptInvitationInput", input, "{ accessToken }");
    let first = text(&app.ask(None, &accept).await["acceptInvitation"]["accessToken"]);

    let ask = Query::mutation("requestPasswordReset", "RequestPasswordResetInput", json!({"email": guest}), "");
    assert_eq!(app.ask(None, &ask).await["requestPasswordReset"], true);
    let mut letter = mail.letter_to(&guest).await;
    until("the link to a new password", Duration::from_secs(30), async || {
        letter = mail.letter_to(&guest).await;
        letter.text.contains("reset-password")
    })
    .await;
    assert!(letter.text.contains("Xin chào Khách") && letter.text.contains("mật khẩu mới"), "{letter:?}");
    app.keep_secret(&letter.token(), "a link to a new password");
    let new = format!("{PASSWORD} anew");
    let input = json!({"token": letter.token(), "newPassword": new});
    let reset = Query::mutation("resetPassword", "ResetPasswordInput", input, "{ accessToken }");
    app.ask(None, &reset).await;
    is_refused_everywhere(&app, &first, &me(), "UNAUTHENTICATED").await;
    assert_eq!(app.ask_in_vain(None, &reset).await.code(), "BAD_INPUT");
    app.ask(None, &try_log_in(&guest, &new)).await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_mail_server_that_is_gone_is_told_and_the_link_works_all_the_same(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let app = Options::new(shape).set("NHIP_SMTP_URL", "smtp://127.0.0.1:9").start().await;
    let shop = app.shop().await;
    let input = json!({"workspaceId": shop.workspace_id, "email": "guest@example.com", "role": "MEMBER"});
    let made = shop.mutate("inviteMember", "InviteMemberInput", input, "{ url emailSent }").await;
    assert_eq!(made["emailSent"], false);
    let url = text(&made["url"]);
    let (_, link) = url.split_once("token=").unwrap();
    let preview = Query::new("query($t: String!) { invitation(token: $t) { workspaceName } }", json!({"t": link}));
    assert_eq!(app.ask(None, &preview).await["invitation"]["workspaceName"], "The Shop");
    assert!(app.stderr().contains("a mail was not sent"));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn where_no_mail_is_sent_the_operator_hands_links_out(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let service = app.ask(None, &Query::new("{ service { emailEnabled } }", json!({}))).await;
    assert_eq!(service["service"]["emailEnabled"], false);
    let second = log_in(&shop).await;
    let link = operators_link(&app, "login-link", &shop.email).await;
    let redeem = Query::mutation("redeemLoginLink", "RedeemLoginLinkInput", json!({"token": link}), "{ accessToken }");
    app.ask(None, &redeem).await;
    assert_eq!(app.ask_in_vain(None, &redeem).await.code(), "BAD_INPUT");
    let link = operators_link(&app, "password-link", &shop.email).await;
    let input = json!({"token": link, "newPassword": PASSWORD});
    let reset = Query::mutation("resetPassword", "ResetPasswordInput", input, "{ accessToken }");
    let session = app.ask(None, &reset).await["resetPassword"].clone();
    is_refused_everywhere(&app, &second, &me(), "UNAUTHENTICATED").await;
    app.ask(None, &try_log_in(&shop.email, PASSWORD)).await;
    app.watch_as(&shop.workspace_id, &text(&session["accessToken"]));
    app.finish().await;
}

async fn operators_link(app: &TestApp, command: &str, email: &str) -> String {
    let printed = app.command(&["user", command, email]).await;
    assert!(printed.status.success(), "{printed:?}");
    let printed = String::from_utf8(printed.stdout).unwrap();
    let link = printed.trim().rsplit(['=', '#']).next().unwrap().to_owned();
    app.keep_secret(&link, "an operator's link");
    link
}

#[rstest]
#[tokio::test]
async fn guessing_a_password_takes_ever_longer_in_all_processes_together(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    for email in [&*shop.email, "nobody@example.com"] {
        let guess = async || app.ask_in_vain(None, &try_log_in(email, "a guess that is wrong")).await.code().to_owned();
        for _ in 0..4 {
            assert_eq!(guess().await, "UNAUTHENTICATED", "{email}");
        }
        let fifth = app.clock().instant();
        assert_eq!(guess().await, "UNAUTHENTICATED", "{email}");
        // The wait is a second at first, doubled by each guess: only what comes when that is over is looked at.
        let mut wait = Duration::from_secs(1);
        while guess().await != "RATE_LIMITED" {
            assert!(app.clock().instant() - fifth > wait, "{email} was to wait for {wait:?}");
            wait *= 2;
        }
    }
    until("the right password is taken again", Duration::from_mins(3), async || {
        shop.ask(&try_log_in(&shop.email, &shop.password)).await.is_ok()
    })
    .await;
    app.finish().await;
}

/// Embedded only: elsewhere the operator keeps the key, and is told how to replace it.
#[tokio::test]
async fn another_secret_key_logs_nobody_out_and_leaves_the_url_as_it_is() {
    let app = TestApp::start(Embedded).await;
    let shop = app.shop().await;
    let refused = app.command(&["secret", "rotate"]).await;
    assert!(!refused.status.success(), "the server is running");
    app.stop().await;
    let rotated = app.command(&["secret", "rotate"]).await;
    assert!(rotated.status.success(), "{rotated:?}");
    app.restart().await;
    app.ask(Some(&shop.token), &me()).await;
    let input = json!({"workspaceId": shop.workspace_id});
    let revealed = shop.mutate("revealWebhookUrl", "WorkspaceInput", input, "{ url }").await;
    assert!(text(&revealed["url"]).ends_with(&shop.webhook_path()));
    shop.send(phone::USUAL, "as if nothing had happened").await;
    app.finish().await;
}

#[tokio::test]
async fn an_operator_who_keeps_the_key_is_told_how_to_replace_it() {
    let app = TestApp::start(ScaledOut).await;
    let refused = app.command(&["secret", "rotate"]).await;
    let said = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(!refused.status.success() && said.contains("put a new one in front of it"), "{said}");
    app.finish().await;
}
