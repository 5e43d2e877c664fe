//! Meta's callbacks across processes: what was answered is handled although everything dies, and a removed account's URL is
//! dead everywhere at once.

use std::time::Duration;

use nhip_tests::{
    Meta, Number, Options, Process,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, until,
};
use nhip_worker::gateway::cloud_api::signature;
use reqwest::StatusCode;
use rstest::rstest;
use serde_json::json;

const PHONE: &str = "+15105566777";
const ADA: &str = "+12025550170";
/// Whoever is killed while handling a callback has taken it for 30 s.
const AFTER_A_KILL: Duration = Duration::from_mins(1);

async fn start(shape: Shape, meta: &Meta) -> TestApp {
    Options::new(shape).credits(100).set("NHIP_GRAPH_API_URL", &meta.url()).start().await
}

async fn shop<'a>(app: &'a TestApp, meta: &Meta) -> (Shop<'a>, Number) {
    let shop = Shop::sign_up(app).await;
    shop.generate_url().await;
    let number = shop.connect_at_meta(meta, PHONE).await;
    (shop, number)
}

async fn knows(shop: &Shop<'_>, name: &str) {
    let knows = async || shop.chats().await.iter().any(|chat| chat.name == name);
    until(&format!("a chat called {name}"), AFTER_A_KILL, knows).await;
}

#[rstest]
#[tokio::test]
async fn what_was_answered_is_handled_although_everything_died(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = start(shape, &meta).await;
    let (shop, number) = shop(&app, &meta).await;
    for worker in app.workers() {
        worker.kill().await;
    }
    // Returns once it was answered.
    meta.writes(ADA, &number, "Ada").await;
    app.kill_and_restart().await;
    knows(&shop, "Ada").await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn whoever_wrote_is_answered_by_name_and_by_number(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = start(shape, &meta).await;
    let (shop, number) = shop(&app, &meta).await;
    meta.writes(ADA, &number, "Ada").await;
    knows(&shop, "Ada").await;
    let by_name = json!({"action": "send", "chat_name": "Ada", "text": "by your name"});
    let id = shop.post(by_name).await.accepted();
    let message = shop.message_with_status(&id, "READ").await;
    let chat = message.chat.unwrap();
    assert_eq!(chat.name, "Ada");
    let by_number = json!({"action": "send", "chat_id": chat.id, "text": "by your number"});
    let id = shop.post(by_number).await.accepted();
    shop.message_with_status(&id, "READ").await;
    assert_eq!(meta.arrived_at(ADA).len(), 2);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_removed_accounts_url_is_dead_in_every_process(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = start(shape, &meta).await;
    let (shop, number) = shop(&app, &meta).await;
    let account = shop.account(PHONE).await;
    let path = format!("/whatsapp/cloud/{}", account.id);
    let post = async |api: &Process, secret: &str| {
        let signed = format!("sha256={}", signature::sign(secret, b"{\"entry\":[]}"));
        let request = app.http().post(format!("{}{path}", api.url().unwrap())).header(signature::HEADER, signed);
        request.body("{\"entry\":[]}").send().await.unwrap().status()
    };
    for api in app.apis() {
        assert_eq!(post(api, &number.app_secret).await, StatusCode::OK);
        assert_eq!(post(api, "another app's").await, StatusCode::FORBIDDEN);
    }
    shop.change_account("disconnectAccount", &account).await;
    for api in app.apis() {
        assert_eq!(post(api, &number.app_secret).await, StatusCode::NOT_FOUND, "{}", api.name());
    }
    app.finish().await;
}
