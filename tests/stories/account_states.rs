//! What WhatsApp does to an account: it waits, comes back, or is gone.

use std::time::Duration;

use chrono::TimeDelta;
use nhip_tests::{
    Options,
    Shape::{self, Embedded, ScaledOut},
    TestApp, phone,
};
use rstest::rstest;
use serde_json::json;

use super::recipients::{app, assert_failed_and_restored, sent_to};

/// At a pace that leaves WhatsApp the time to say what became of the account before the next message goes.
async fn unhurried(shape: Shape) -> TestApp {
    Options::new(shape).credits(10).pace(500, 600).start().await
}

#[rstest]
#[tokio::test]
async fn a_rate_limit_holds_the_lane_for_5_s(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let limited = shop.send(phone::RATE_LIMITED_ONCE, "too fast for them").await;
    let next = shop.send(phone::USUAL, "behind the limited one").await;
    let limited = shop.message_with_status(&limited, "READ").await;
    let next = shop.message_with_status(&next, "READ").await;
    assert!(limited.sent_at < next.sent_at, "a lane that waits keeps its order");
    assert!(limited.sent_at.unwrap() - limited.created_at >= TimeDelta::seconds(5));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn locked_new_chats_fail_the_message_and_show_on_the_account(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let message = sent_to(&shop, phone::NEW_CHATS_RESTRICTED, "FAILED").await;
    assert_failed_and_restored(&shop, &message, "NEW_CHATS_RESTRICTED").await;
    let account = shop.account_when("+15105566777", "RESTRICTED", Duration::from_secs(10)).await;
    assert_eq!(account.reason.as_deref(), Some("NEW_CHATS_LOCKED"));

    // Rule 4 no longer picks it; named, known chats are sent to and new ones fail.
    let post = |phone| {
        shop.post(json!({"action": "send", "phone": phone, "text": "under a restriction", "whatsapp_account_phone": "+15105566777"}))
    };
    shop.post(json!({"action": "send", "phone": phone::USUAL, "text": "unnamed account"}))
        .await
        .refused(400, "NO_ACCOUNT");
    let known = post(phone::USUAL).await.accepted();
    let new = post("+12025550177").await.accepted();
    shop.message_with_status(&known, "READ").await;
    let new = shop.message_with_status(&new, "FAILED").await;
    assert_eq!(new.failure.as_deref(), Some("NEW_CHATS_RESTRICTED"));
    assert_eq!(shop.credits().await, 9);
    shop.account_when("+15105566777", "CONNECTED", Duration::from_secs(90)).await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_restricted_account_knows_a_chat_by_either_of_its_numbers(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    sent_to(&shop, phone::OTHER_CANONICAL, "READ").await;
    sent_to(&shop, phone::NEW_CHATS_RESTRICTED, "FAILED").await;
    shop.account_when("+15105566777", "RESTRICTED", Duration::from_secs(10)).await;
    let body = json!({"action": "send", "phone": phone::OTHER_CANONICAL, "text": "under a restriction", "whatsapp_account_phone": "+15105566777"});
    let id = shop.post(body).await.accepted();
    assert_ne!(shop.message(&id).await.waiting_for.as_deref(), Some("ACCOUNT_RESTRICTED"));
    shop.message_with_status(&id, "READ").await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_connection_lost_while_sending_is_back_after_2_s(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = unhurried(shape).await;
    let shop = app.shop().await;
    let id = shop.send(phone::LOSES_CONNECTION, "over a bad line").await;
    let account = shop.account_when("+15105566777", "RECONNECTING", Duration::from_secs(10)).await;
    assert_eq!(account.reason.as_deref(), Some("NETWORK"));
    let connected_at = shop.query("account(id: $id) { connectedAt }", json!({"id": account.id})).await;
    let message = shop.message_with_status(&id, "READ").await;
    assert!(message.sent_at.unwrap() - message.created_at >= TimeDelta::seconds(2));
    shop.account_when("+15105566777", "CONNECTED", Duration::from_secs(10)).await;
    let after = shop.query("account(id: $id) { connectedAt }", json!({"id": account.id})).await;
    assert_eq!(after, connected_at, "an automatic reconnect does not move it");
    assert_eq!(app.received().len(), 1);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_logged_out_account_keeps_its_queue_and_takes_no_more(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = unhurried(shape).await;
    let shop = app.shop().await;
    let id = shop.send(phone::LOGS_OUT, "the last for now").await;
    let account = shop.account_when("+15105566777", "LOGGED_OUT", Duration::from_secs(10)).await;
    assert_eq!(account.reason.as_deref(), Some("LOGGED_OUT_ON_PHONE"));
    let message = shop.message_with_status(&id, "QUEUED").await;
    assert_eq!(message.waiting_for.as_deref(), Some("ACCOUNT_NOT_CONNECTED"));
    let named = json!({"action": "send", "phone": phone::USUAL, "text": "named account", "whatsapp_account_phone": "+15105566777"});
    let refused = shop.post(named).await.refused(400, "ACCOUNT_NOT_CONNECTED");
    assert!(refused["message"].as_str().unwrap().contains("15105566777"));
    shop.post(json!({"action": "send", "phone": phone::USUAL, "text": "no account"})).await.refused(400, "NO_ACCOUNT");
    assert_eq!(shop.cancel(json!({"allQueued": true})).await, (1, 1));
    assert_eq!(shop.credits().await, 10);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_banned_account_waits_60_s_and_goes_on(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = unhurried(shape).await;
    let shop = app.shop().await;
    let id = shop.send(phone::BANS, "this gets us banned").await;
    let account = shop.account_when("+15105566777", "BANNED", Duration::from_secs(10)).await;
    assert_eq!(account.reason.as_deref(), Some("TEMPORARY_BAN"));
    let until = account.restricted_until.unwrap();
    let message =
        shop.message_within(&id, "the ban is over", Duration::from_secs(90), |message| message.status == "READ").await;
    assert!(message.sent_at.unwrap() >= until);
    app.finish().await;
}
