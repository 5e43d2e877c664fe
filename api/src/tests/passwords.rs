//! Passwords, sessions and what a person says of themselves.

use std::time::Duration;

use nhip_domain::{
    Error, Refusal,
    audit::Requester,
    database::Urgency,
    user::{log_in, login_link, reset_password},
};
use nhip_entity::{audit_entry, log_in_attempt, user};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QueryOrder as _, sea_query::Expr};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::app::{TestApp, code, text};

const SIGN_UP: &str = "mutation($e: String!, $p: String!) { \
    signUp(input: {email: $e, password: $p, name: \"Ada\", workspaceName: \"Shop\"}) { accessToken refreshToken } }";
const LOG_IN: &str =
    "mutation($e: String!, $p: String!) { logIn(input: {email: $e, password: $p}) { accessToken refreshToken } }";
const CHANGE: &str = "mutation($c: String!, $n: String!) { \
    changePassword(input: {currentPassword: $c, newPassword: $n}) { accessToken refreshToken } }";
const RESET: &str =
    "mutation($t: String!, $n: String!) { resetPassword(input: {token: $t, newPassword: $n}) { accessToken } }";
const REFRESH: &str = "mutation($t: String) { refreshSession(input: {refreshToken: $t}) { accessToken } }";
const ME: &str = "{ me { id email sessions { id current } } }";
const OLD: &str = "correct horse battery";
/// Its hash, made in one pass over 8 MiB.
const WEAK_OLD: &str =
    "$argon2id$v=19$m=8192,t=1,p=1$mAeMM3p3KcrmQPyDnkPuTA$GfOGpM/Yl+4uLT5tftXkERcTkSkS1Xj70xUFibBnL4s";
const NEW: &str = "staple correct horse";

async fn log_in_as_ada(app: &TestApp, password: &str) -> Value {
    app.graphql(None, LOG_IN, json!({"e": "ada@example.com", "p": password})).await
}

async fn signed_up(app: &TestApp) -> Value {
    let answer = app.graphql(None, SIGN_UP, json!({"e": "ada@example.com", "p": OLD})).await;
    answer["data"]["signUp"].clone()
}

#[tokio::test]
async fn another_password_ends_every_other_session() {
    for app in TestApp::everywhere().await {
        let first = signed_up(&app).await;
        let second = log_in_as_ada(&app, OLD).await["data"]["logIn"].clone();
        let (first_bearer, second_bearer) = (text(&first["accessToken"]), text(&second["accessToken"]));
        let change = async |current: &str, new: &str| {
            app.graphql(Some(&first_bearer), CHANGE, json!({"c": current, "n": new})).await
        };
        let wrong = change("wrong", NEW).await;
        assert_eq!(
            (code(&wrong), &wrong["errors"][0]["extensions"]["field"]),
            ("BAD_INPUT".to_owned(), &json!("currentPassword"))
        );
        let weak = change(OLD, "password1").await;
        assert_eq!(weak["errors"][0]["extensions"]["field"], "newPassword");
        let changed = change(OLD, NEW).await["data"]["changePassword"].clone();
        assert_eq!(code(&app.graphql(Some(&second_bearer), ME, json!({})).await), "UNAUTHENTICATED");
        assert_eq!(code(&app.graphql(None, REFRESH, json!({"t": second["refreshToken"]})).await), "UNAUTHENTICATED");
        for bearer in [first_bearer.clone(), text(&changed["accessToken"])] {
            let me = app.graphql(Some(&bearer), ME, json!({})).await;
            assert_eq!(me["data"]["me"]["sessions"].as_array().unwrap().len(), 1, "{me}");
        }
        assert_eq!(app.graphql(None, REFRESH, json!({"t": changed["refreshToken"]})).await["errors"], Value::Null);
        assert_eq!(code(&log_in_as_ada(&app, OLD).await), "UNAUTHENTICATED");
        assert_eq!(log_in_as_ada(&app, NEW).await["errors"], Value::Null);
    }
}

#[tokio::test]
async fn a_link_sets_a_new_password_once_and_ends_all_sessions() {
    for app in TestApp::everywhere().await {
        let before = text(&signed_up(&app).await["accessToken"]);
        let ask = async || reset_password::request(app.cx(), "Ada@example.com", &Requester::default()).await.unwrap().0;
        // Whoever asks again and again does not spoil the one that is being mailed.
        let (link, later) = (ask().await, ask().await);
        let reset = async |link: &str, new: &str| app.graphql(None, RESET, json!({"t": link, "n": new})).await;
        assert_eq!(reset(link.reveal(), "short").await["errors"][0]["extensions"]["field"], "newPassword");
        assert_eq!(reset(link.reveal(), NEW).await["errors"], Value::Null);
        for spent in [link, later] {
            assert_eq!(code(&reset(spent.reveal(), OLD).await), "BAD_INPUT");
        }
        assert_eq!(code(&app.graphql(Some(&before), ME, json!({})).await), "UNAUTHENTICATED");
        assert_eq!(log_in_as_ada(&app, NEW).await["errors"], Value::Null);
    }
}

#[tokio::test]
async fn another_password_ends_the_links_to_one() {
    for app in TestApp::everywhere().await {
        let bearer = text(&signed_up(&app).await["accessToken"]);
        let (link, _) = reset_password::request(app.cx(), "ada@example.com", &Requester::default()).await.unwrap();
        let changed = app.graphql(Some(&bearer), CHANGE, json!({"c": OLD, "n": NEW})).await;
        assert_eq!(changed["errors"], Value::Null);
        let reset = app.graphql(None, RESET, json!({"t": link.reveal(), "n": OLD})).await;
        assert_eq!(reset["errors"][0]["extensions"]["field"], "token");
    }
}

/// Who has an account here must not show in how long a refusal takes. Hashing a password takes many times what else is done.
#[tokio::test]
async fn an_unknown_email_is_refused_after_the_same_work_as_a_wrong_password() {
    let app = TestApp::start().await;
    signed_up(&app).await;
    let mut shortest = [Duration::MAX; 2];
    for _ in 0..4 {
        for (email, shortest) in ["ada@example.com", "nobody@example.com"].into_iter().zip(&mut shortest) {
            #[expect(clippy::disallowed_methods, reason = "it is real time that would tell")]
            let begun = std::time::Instant::now();
            let answer = app.graphql(None, LOG_IN, json!({"e": email, "p": "a wrong password"})).await;
            *shortest = begun.elapsed().min(*shortest);
            assert_eq!(answer["errors"][0]["extensions"]["refusal"], Value::Null, "{answer}");
            assert_eq!(code(&answer), "UNAUTHENTICATED", "{answer}");
        }
    }
    let [known, unknown] = shortest;
    assert!(unknown * 2 > known, "{unknown:?} tells an unknown e-mail from a known one, {known:?}");
}

/// While a password is looked at, which takes long, it may be replaced, and all sessions end.
#[tokio::test]
async fn a_log_in_with_a_password_that_was_just_replaced_is_none() {
    for app in TestApp::everywhere().await {
        // A transaction that is held open would hold up every other one there.
        if app.cx().db.is_embedded() {
            continue;
        }
        signed_up(&app).await;
        let replacing = app.cx().db.write(Urgency::Normal).await.unwrap();
        let hash = user::Entity::update_many().col_expr(user::Column::PasswordHash, Expr::value("another"));
        hash.filter(user::Column::Email.eq("ada@example.com")).exec(&*replacing).await.unwrap();
        let requester = Requester::default();
        let mut attempt = std::pin::pin!(log_in(app.cx(), "ada@example.com", OLD, &requester));
        // Less than what a transaction waits for another.
        let early = timeout(Duration::from_millis(600), &mut attempt).await;
        assert!(early.is_err(), "it did not wait: {early:?}");
        replacing.commit().await.unwrap();
        let outcome = attempt.await;
        assert!(matches!(outcome, Err(Error::Refused(Refusal::WrongCredentials))), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_password_that_was_hashed_weaker_once_is_hashed_anew_at_the_next_log_in() {
    for app in TestApp::everywhere().await {
        signed_up(&app).await;
        let stored = async || {
            let ada = user::Entity::find().filter(user::Column::Email.eq("ada@example.com"));
            ada.one(app.cx().db.read()).await.unwrap().unwrap().password_hash.unwrap()
        };
        let weak = Expr::value(WEAK_OLD);
        let txn = app.cx().db.write(Urgency::Normal).await.unwrap();
        user::Entity::update_many().col_expr(user::Column::PasswordHash, weak).exec(&*txn).await.unwrap();
        txn.commit().await.unwrap();
        log_in_as_ada(&app, "wrong").await;
        assert_eq!(stored().await, WEAK_OLD);
        assert_eq!(log_in_as_ada(&app, OLD).await["errors"], Value::Null);
        let today = stored().await;
        assert!(today.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{today}");
        assert_eq!(log_in_as_ada(&app, OLD).await["errors"], Value::Null);
        assert_eq!(stored().await, today);
    }
}

#[tokio::test]
async fn links_that_the_operator_makes_are_written_down() {
    let app = TestApp::start().await;
    signed_up(&app).await;
    login_link::make(app.cx(), "ada@example.com", login_link::LIFE).await.unwrap();
    reset_password::make(app.cx(), "ada@example.com").await.unwrap();
    let entries = audit_entry::Entity::find().filter(audit_entry::Column::Actor.eq("operator"));
    let entries = entries.order_by_asc(audit_entry::Column::Id).all(app.cx().db.read()).await.unwrap();
    let actions: Vec<_> = entries.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["user.make_login_link", "user.make_password_link"]);
    assert!(entries.iter().all(|entry| entry.target.is_some()));
}

#[tokio::test]
async fn one_request_hashes_one_password() {
    let app = TestApp::start().await;
    let reset = |alias: &str| {
        format!("{alias}: resetPassword(input: {{token: \"x\", newPassword: \"{NEW}\"}}) {{ accessToken }}")
    };
    let answer = app.graphql(None, &format!("mutation {{ {} {} }}", reset("a"), reset("b")), json!({})).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn a_link_to_a_new_password_logs_nobody_in_otherwise() {
    let app = TestApp::start().await;
    signed_up(&app).await;
    let (link, _) = reset_password::request(app.cx(), "ada@example.com", &Requester::default()).await.unwrap();
    let redeem = "mutation($t: String!) { redeemLoginLink(input: {token: $t}) { accessToken } }";
    assert_eq!(code(&app.graphql(None, redeem, json!({"t": link.reveal()})).await), "BAD_INPUT");
}

#[tokio::test]
async fn asking_for_a_new_password_tells_nobody_who_is_known() {
    let app = TestApp::start().await;
    signed_up(&app).await;
    let query = "mutation($e: String!) { requestPasswordReset(input: {email: $e}) }";
    for email in ["ada@example.com", "nobody@example.com", "garbage", ""] {
        let answer = app.graphql(None, query, json!({"e": email})).await;
        assert_eq!(answer, json!({"data": {"requestPasswordReset": true}}));
    }
}

#[tokio::test]
async fn a_person_ends_their_own_sessions_and_nobody_elses() {
    let app = TestApp::start().await;
    let first = text(&signed_up(&app).await["accessToken"]);
    let second = text(&log_in_as_ada(&app, OLD).await["data"]["logIn"]["accessToken"]);
    let bob = app.shop("bob").await;
    let seen = app.graphql(Some(&first), ME, json!({})).await["data"]["me"]["sessions"].clone();
    let other = seen.as_array().unwrap().iter().find(|session| session["current"] == false).unwrap()["id"].clone();
    let revoke = "mutation($s: ID!) { revokeSession(input: {sessionId: $s}) { sessions { current } } }";
    assert_eq!(bob.refused(revoke, json!({"s": other})).await, "NOT_FOUND");
    let left = app.graphql(Some(&first), revoke, json!({"s": other})).await;
    assert_eq!(left["data"]["revokeSession"]["sessions"], json!([{"current": true}]));
    assert_eq!(code(&app.graphql(Some(&second), ME, json!({})).await), "UNAUTHENTICATED");
    assert_eq!(code(&app.graphql(Some(&first), revoke, json!({"s": other})).await), "NOT_FOUND");
}

#[tokio::test]
async fn people_say_what_they_are_called_and_read() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let query = "mutation($i: UpdateMeInput!) { updateMe(input: $i) { name locale } }";
    let changed = ada.ok(query, json!({"i": {"name": " Ada L. "}})).await;
    assert_eq!(changed["updateMe"], json!({"name": "Ada L.", "locale": "en"}));
    let changed = ada.ok(query, json!({"i": {"locale": "vi"}})).await;
    assert_eq!(changed["updateMe"], json!({"name": "Ada L.", "locale": "vi"}));
    assert_eq!(ada.refused(query, json!({"i": {"locale": "x y"}})).await, "BAD_INPUT");
    assert_eq!(ada.refused(query, json!({"i": {"name": ""}})).await, "BAD_INPUT");
}

fn at(address: &str) -> Requester {
    Requester { remote_address: Some(address.to_owned()), user_agent: None }
}

#[tokio::test]
async fn a_strangers_guesses_slow_the_stranger_down_and_nobody_at_home() {
    for app in TestApp::everywhere().await {
        signed_up(&app).await;
        let cx = app.cx();
        let try_ = async |address: &str, password: &str| log_in(cx, "Ada@example.com", password, &at(address)).await;
        try_("203.0.113.7", OLD).await.unwrap();
        try_("2001:db8:1:2::7", OLD).await.unwrap();
        let start = cx.clock.instant();
        let guesses = futures::future::join_all((0..20).map(|_| try_("198.51.100.1", "wrong"))).await;
        let early = |guess: &&_| matches!(guess, Err(Error::Refused(Refusal::RateLimited { .. })));
        let tried = guesses.iter().filter(|guess| !early(guess)).count();
        // A busy machine may take until the first wait, which is a second, is over.
        let most = if cx.clock.instant() - start < Duration::from_secs(1) { 5 } else { 7 };
        assert!((5..=most).contains(&tried), "counted before they are looked at: {guesses:?}");
        besieged(&app).await;
        let right = try_("198.51.100.1", OLD).await;
        assert!(matches!(right, Err(Error::Refused(Refusal::RateLimited { .. }))), "{right:?}");
        let elsewhere = try_("192.0.2.1", OLD).await;
        assert!(matches!(elsewhere, Err(Error::Refused(Refusal::RateLimited { .. }))), "{elsewhere:?}");
        try_("203.0.113.7", OLD).await.expect("at home");
        try_("2001:db8:1:2:aaaa:bbbb:cccc:dddd", OLD).await.expect("at home, with today's address");
        let link = reset_password::request(cx, "ada@example.com", &at("198.51.100.1")).await.unwrap().0;
        let reset = app.graphql(None, RESET, json!({"t": link.reveal(), "n": NEW})).await;
        assert_eq!(reset["errors"], Value::Null, "a link is always a way in");
    }
}

/// As if somebody had guessed a thousand times, everywhere they did.
async fn besieged(app: &TestApp) {
    let txn = app.cx().db.write(Urgency::Normal).await.unwrap();
    let all = log_in_attempt::Entity::update_many().col_expr(log_in_attempt::Column::Failures, Expr::value(1_000));
    all.col_expr(log_in_attempt::Column::LastAt, Expr::value(app.cx().now())).exec(&*txn).await.unwrap();
    txn.commit().await.unwrap();
}

#[tokio::test]
async fn an_address_that_guesses_everywhere_is_slowed_down_everywhere() {
    let app = TestApp::start().await;
    signed_up(&app).await;
    let guess = async |n: usize| {
        let guess = log_in(app.cx(), &format!("user{n}@example.com"), "wrong", &at("198.51.100.1")).await;
        matches!(guess, Err(Error::Refused(Refusal::RateLimited { .. })))
    };
    for n in 0..3 {
        assert!(!guess(n).await, "an office mistypes now and then");
    }
    besieged(&app).await;
    assert!(guess(3).await);
    let other = log_in(app.cx(), "ada@example.com", OLD, &at("192.0.2.1")).await;
    assert!(other.is_ok(), "{other:?}");
}

#[tokio::test]
async fn mailboxes_are_not_flooded() {
    let app = TestApp::start().await;
    signed_up(&app).await;
    let ask = async || reset_password::request(app.cx(), "ada@example.com", &at("198.51.100.1")).await;
    ask().await.unwrap();
    besieged(&app).await;
    assert!(matches!(ask().await, Err(Error::Refused(Refusal::RateLimited { .. }))));
}
