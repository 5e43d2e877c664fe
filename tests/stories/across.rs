//! From one process to another: wake-up calls and hints through Redis, and what must hold without it.

use std::time::Duration;

use nhip_tests::{Options, Query, Shape::ScaledOut, Shop, TestApp, Watch, phone, until};
use reqwest::Method;
use serde_json::{Value, json};

/// Well above what a busy machine needs for a wake-up, or for the sweep that does without.
const SOON: Duration = Duration::from_secs(30);

async fn arrives(app: &TestApp, id: &str) {
    let id = id.trim_start_matches("wa_backend:");
    until("WhatsApp receives it", SOON, async || app.received().iter().any(|line| line.id == id)).await;
}

fn is_message(event: &Value, id: &str, status: &str) -> bool {
    let message = &event["messageChanged"];
    message["id"] == id && message["status"] == status
}

#[tokio::test]
async fn a_message_for_an_idle_account_is_sent_by_another_process_with_redis_and_without() {
    let app = TestApp::start(ScaledOut).await;
    let shop = app.shop().await;
    arrives(&app, &shop.send(phone::NEVER_READ, "woken by a nudge").await).await;
    app.redis().kill().await;
    arrives(&app, &shop.send(phone::NEVER_READ, "found by the sweep").await).await;
    arrives(&app, &shop.send(phone::NEVER_READ, "found by the sweep again").await).await;
    app.redis().restart().await;
    arrives(&app, &shop.send(phone::NEVER_READ, "woken by a nudge again").await).await;
    app.finish().await;
}

#[tokio::test]
async fn programs_that_lose_redis_stay_and_take_requests() {
    let app = TestApp::start(ScaledOut).await;
    let shop = app.shop().await;
    app.redis().kill().await;
    for api in app.apis() {
        let body = json!({"action": "send", "phone": phone::NEVER_READ, "text": format!("through {}", api.name())});
        let url = format!("{}{}", api.url().unwrap(), shop.webhook_path());
        let answer = app.http().request(Method::POST, url).body(body.to_string()).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", api.name());
    }
    app.settle().await;
    assert_eq!(shop.messages().await.len(), 2);
    app.finish().await;
}

#[tokio::test]
async fn a_url_replaced_through_one_process_stops_at_once_in_another_with_a_warm_cache() {
    let app = Options::new(ScaledOut).apis(3).start().await;
    let shop = app.shop().await;
    let call = async |path: &str| {
        let mut answers = Vec::new();
        for api in app.apis() {
            let body = r#"{"action": "send", "phone": "+12025550104", "text": "which URL is it"}"#;
            let url = format!("{}{path}", api.url().unwrap());
            answers.push(app.http().request(Method::POST, url).body(body).send().await.unwrap().status().as_u16());
        }
        answers
    };
    for round in 0..6 {
        let old = shop.webhook_path();
        assert_eq!(call(&old).await, [200, 200, 200], "round {round}: every cache is warm");
        // Its turn moves on with every call, so each process replaces it now and then.
        shop.generate_url().await;
        assert_eq!(call(&old).await, [404, 404, 404], "round {round}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_switched_off_webhook_is_off_in_every_process() {
    let app = TestApp::start(ScaledOut).await;
    let shop = app.shop().await;
    for enabled in [true, false, true] {
        shop.set_enabled(enabled).await;
        for api in app.apis() {
            let url = format!("{}{}", api.url().unwrap(), shop.webhook_path());
            let body = r#"{"action": "send", "phone": "+12025550104", "text": "is it on"}"#;
            let answer = app.http().request(Method::POST, url).body(body).send().await.unwrap();
            assert_eq!(answer.status().as_u16(), if enabled { 200 } else { 403 }, "{}", api.name());
        }
    }
    app.finish().await;
}

/// One process accepts, a second sends, and whoever watches a third sees both.
#[tokio::test]
async fn live_events_cross_processes_and_survive_redis() {
    let app = TestApp::start(ScaledOut).await;
    let shop = app.shop().await;
    let mut watch = Watch::open(&app.apis()[1], &shop, "messageChanged", "{ id status }").await;
    // Nobody knows when a subscription has begun: the first event that comes proves it.
    let first = whatever_is_sent_until_seen(&app, &shop, &mut watch).await;
    watch.until("a worker's send is seen", |event| is_message(event, &first, "SENT")).await;
    app.redis().kill().await;
    app.redis().restart().await;
    let next = whatever_is_sent_until_seen(&app, &shop, &mut watch).await;
    watch.until("events come again", |event| is_message(event, &next, "SENT")).await;
    app.finish().await;
}

/// Sends through the first process until one of the messages is seen as queued; its id.
async fn whatever_is_sent_until_seen(app: &TestApp, shop: &Shop<'_>, watch: &mut Watch) -> String {
    let url = format!("{}{}", app.apis()[0].url().unwrap(), shop.webhook_path());
    loop {
        let body = json!({"action": "send", "phone": phone::NEVER_DELIVERED, "text": "is anybody watching"});
        let answer = app.http().request(Method::POST, &url).body(body.to_string()).send().await.unwrap();
        let answer: Value = answer.json().await.unwrap();
        let id = answer["data"]["message_id"].as_str().unwrap().to_owned();
        let seen = watch.until("it is seen", |event| is_message(event, &id, "QUEUED"));
        if tokio::time::timeout(Duration::from_secs(2), seen).await.is_ok() {
            return id;
        }
    }
}

#[tokio::test]
async fn a_rolling_restart_loses_nothing_and_repeats_nothing() {
    let app = Options::new(ScaledOut).credits(1_000_000).pace(100, 200).start().await;
    let shop = app.shop().await;
    let mut rng = nhip_tests::seeded();
    let observer = nhip_tests::Observer::of("a rolling restart", Duration::from_millis(100));
    let flood = nhip_tests::Flood::new(&shop, &observer).naming_accounts(4).await;
    let restart = async {
        for process in app.apis().iter().chain(app.workers()) {
            let restart = async || {
                process.stop().await;
                process.restart().await;
            };
            observer.blow(&app, "a graceful restart", nhip_tests::Excuse::Nothing, restart).await;
            app.ready().await;
        }
    };
    tokio::join!(flood.pour(&mut rng, 96, Duration::from_secs(5)), restart);
    app.settle().await;
    observer.judge(&app).await;
    app.finish().await;
}

#[tokio::test]
async fn the_secret_key_is_replaced_while_everything_runs_and_nobody_is_logged_out() {
    let [old, new] = ["old", "new"].map(|which| format!("{which}-{}", uuid::Uuid::new_v4()));
    let app = Options::new(ScaledOut).apis(2).set("NHIP_SECRET_KEY", &old).start().await;
    let shop = app.shop().await;
    app.keep_secret(&new, "the new secret key");
    let shown = async |token: &str| {
        let input = json!({"workspaceId": shop.workspace_id});
        let reveal = Query::mutation("revealWebhookUrl", "WorkspaceInput", input, "{ url }");
        app.ask(Some(token), &reveal).await["revealWebhookUrl"]["url"].clone()
    };
    let url = shown(&shop.token).await;
    for keys in [format!("{old},{new}"), format!("{new},{old}")] {
        app.roll_out("NHIP_SECRET_KEY", &keys).await;
        arrives(&app, &shop.send(phone::NEVER_READ, "before, between and after").await).await;
        assert_eq!(shown(&shop.token).await, url);
    }
    let rotated = app.command(&["secret", "rotate"]).await;
    assert!(rotated.status.success(), "{}", String::from_utf8_lossy(&rotated.stderr));

    // The new key alone opens what the old one had sealed.
    app.roll_out("NHIP_SECRET_KEY", &new).await;
    let input = json!({"email": shop.email, "password": shop.password});
    let log_in = Query::mutation("logIn", "LogInInput", input, "{ accessToken }");
    let token = app.ask(None, &log_in).await["logIn"]["accessToken"].as_str().unwrap().to_owned();
    app.watch_as(&shop.workspace_id, &token);
    assert_eq!(shown(&token).await, url);
    app.finish().await;
}
