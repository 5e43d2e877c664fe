//! People steer while calls pour in: what they say holds from the moment they are answered.

use std::time::Duration;

use nhip_tests::{Excuse, Flood, Observer, Shape, Shop, TestApp, eventually, rounds, seeded};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use reqwest::Method;
use serde_json::json;

use super::{CALLS, SHORTEST, options};

/// How long a round's calls are spread over: longer, so that some meet each change.
const POUR: Duration = Duration::from_millis(1_500);
/// A round's calls: more than the accounts can send meanwhile, so that there is a queue to pause and to cancel.
const MANY: usize = 4 * CALLS;

#[tokio::test]
async fn steering_into_the_flood_is_obeyed_at_once() {
    let mut rng = seeded();
    let app = options(Shape::ScaledOut).start().await;
    let shop = app.shop().await;
    let observer = Observer::of("people steer", SHORTEST).in_any_order();
    let flood = Flood::new(&shop, &observer).naming_accounts(5).await;
    let (mut gone, mut canceled) = (Vec::new(), 0);
    for n in 0..rounds(2) {
        for kind in ["rotate", "disable", "pause", "cancel", "disconnect"] {
            let mut moments = StdRng::seed_from_u64(rng.random());
            let strike = async {
                tokio::time::sleep(POUR.mul_f64(moments.random_range(0.2..0.8))).await;
                let account = flood.accounts()[moments.random_range(0..5)].clone();
                observer
                    .blow(&app, kind, Excuse::Nothing, async || match kind {
                        "rotate" => rotate(&shop).await,
                        "disable" => disable(&shop).await,
                        "pause" => pause(&shop, &account).await,
                        "cancel" => canceled += cancel(&shop, &account).await,
                        _ => gone.push(disconnect(&shop, &flood, &account, n).await),
                    })
                    .await;
            };
            tokio::join!(flood.pour(&mut rng, MANY, POUR), strike);
        }
    }
    app.settle().await;
    for (account, left) in gone {
        let lines = count(&app, &account);
        assert!(lines <= left + 1, "{account} was gone, and {} more left", lines - left);
    }
    assert!(canceled > 0, "there was nothing to cancel");
    observer.judge(&app).await;
    app.finish().await;
}

/// The status that every process answers to a call of that path.
async fn assert_refused_everywhere(app: &TestApp, path: &str, status: u16) {
    for api in app.apis() {
        let url = format!("{}{path}", api.url().unwrap());
        let body = r#"{"action": "send", "phone": "+12025550104", "text": "after the fact"}"#;
        let answer = app.http().request(Method::POST, url).body(body).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), status, "{} takes it all the same", api.name());
    }
}

async fn rotate(shop: &Shop<'_>) {
    let old = shop.webhook_path();
    shop.generate_url().await;
    assert_refused_everywhere(shop.app, &old, 404).await;
}

async fn disable(shop: &Shop<'_>) {
    shop.set_enabled(false).await;
    assert_refused_everywhere(shop.app, &shop.webhook_path(), 403).await;
    shop.set_enabled(true).await;
}

async fn pause(shop: &Shop<'_>, account: &str) {
    let paused = shop.change_account("pauseAccount", &shop.account(account).await).await;
    let left = count(shop.app, account);
    // As long as five beats.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let now = count(shop.app, account);
    shop.change_account("resumeAccount", &paused).await;
    assert!(now <= left + 1, "{account} is paused, and {} more left", now - left);
}

/// How many it canceled.
async fn cancel(shop: &Shop<'_>, account: &str) -> i64 {
    let account = shop.account(account).await;
    let (count, restored) = shop.cancel(json!({"accountId": account.id})).await;
    assert_eq!(count, restored, "each cost one");
    count
}

/// Disconnects an account for good; another takes its place. How many had left when it was answered.
async fn disconnect(shop: &Shop<'_>, flood: &Flood<'_>, account: &str, n: usize) -> (String, usize) {
    let other = format!("+1510557{:04}", n + 1);
    shop.connect(&other).await;
    flood.rename_account(account, &other);
    shop.change_account("disconnectAccount", &shop.account(account).await).await;
    let left = count(shop.app, account);
    let what = format!("{account} is removed");
    let is_gone = async || shop.accounts().await.iter().all(|one| one.phone.as_deref() != Some(account)).then_some(());
    eventually(&what, Duration::from_secs(20), is_gone).await;
    (account.to_owned(), left)
}

fn count(app: &TestApp, account: &str) -> usize {
    app.received().iter().filter(|line| line.account == account).count()
}
