//! Each row of the built-in WhatsApp's table, from the webhook to the ledger.

use rstest::rstest;
use std::time::Duration;

use chrono::TimeDelta;
use nhip_tests::{
    Message, Options,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, phone,
};
use serde_json::json;

/// What became of a message to `recipient`, once it has the status that is expected.
async fn sent_to(shop: &Shop<'_>, recipient: &str, status: &str) -> Message {
    let id = shop.send(recipient, "a story about recipients").await;
    shop.message_with_status(&id, status).await
}

async fn app(shape: Shape) -> TestApp {
    Options::new(shape).credits(10).start().await
}

/// Asserts that it failed for that reason, and that nothing was lost by it.
async fn assert_failed_and_restored(shop: &Shop<'_>, message: &Message, reason: &str) {
    assert_eq!(message.failure.as_deref(), Some(reason), "{message:?}");
    assert!(message.failure_detail.as_deref().is_some_and(|detail| !detail.is_empty()));
    assert!(message.credits_restored && message.failed_at.is_some(), "{message:?}");
    assert_eq!(shop.credits().await, 10);
}

#[rstest]
#[tokio::test]
async fn a_message_to_a_usual_number_is_read_and_paid(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let message = sent_to(&shop, phone::USUAL, "READ").await;
    let order = [message.sent_at, message.delivered_at, message.read_at];
    assert!(order.is_sorted() && order.iter().all(Option::is_some), "{message:?}");
    let history: Vec<_> = message.history.iter().map(|change| change.status.as_str()).collect();
    assert_eq!(history, ["QUEUED", "SENDING", "SENT", "DELIVERED", "READ"]);
    assert_eq!(message.chat.unwrap().name, "Ada Example");
    assert_eq!((message.credits_restored, shop.credits().await), (false, 9));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_message_to_a_number_without_whatsapp_costs_nothing(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let message = sent_to(&shop, phone::NOT_ON_WHATSAPP, "FAILED").await;
    assert_failed_and_restored(&shop, &message, "NOT_ON_WHATSAPP").await;
    assert_eq!(app.received().len(), 0);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_server_error_that_stays_fails_after_retries_and_costs_nothing(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let message = sent_to(&shop, phone::SERVER_ERROR, "FAILED").await;
    assert_failed_and_restored(&shop, &message, "WHATSAPP_ERROR").await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_server_error_that_passes_delays_a_message_and_not_those_to_others(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let late = shop.send(phone::SERVER_ERROR_TWICE, "late, but it comes").await;
    let other = shop.send(phone::USUAL, "to somebody else").await;
    let late = shop.message_with_status(&late, "READ").await;
    let other = shop.message_with_status(&other, "READ").await;
    assert!(other.sent_at < late.sent_at);
    let received: Vec<_> = app.received().into_iter().map(|line| (line.id, line.repeat)).collect();
    assert_eq!(received, [(other.whatsapp_id().to_owned(), false), (late.whatsapp_id().to_owned(), false)]);
    assert_eq!(shop.credits().await, 8);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn receipts_that_never_come_leave_a_message_where_it_is(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let undelivered = shop.send(phone::NEVER_DELIVERED, "sent and no more").await;
    let unread = shop.send(phone::NEVER_READ, "delivered and no more").await;
    app.settle().await;
    let undelivered = shop.message(&undelivered).await;
    assert_eq!((undelivered.status.as_str(), undelivered.delivered_at), ("SENT", None));
    let unread = shop.message(&unread).await;
    assert_eq!((unread.status.as_str(), unread.read_at), ("DELIVERED", None));
    assert_eq!(shop.credits().await, 8);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_read_receipt_implies_the_delivery(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let message = sent_to(&shop, phone::READ_UNDELIVERED, "READ").await;
    assert!(message.delivered_at.is_some());
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn receipts_in_reverse_end_as_read(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let id = shop.send(phone::REVERSED, "backwards it comes").await;
    app.settle().await;
    let message = shop.message(&id).await;
    assert_eq!(message.status, "READ");
    assert!(message.delivered_at.is_some() && message.read_at.is_some());
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn repeated_receipts_change_nothing(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let id = shop.send(phone::TRIPLE, "three of each").await;
    app.settle().await;
    let history: Vec<_> = shop.message(&id).await.history.into_iter().map(|change| change.status).collect();
    assert_eq!(history, ["QUEUED", "SENDING", "SENT", "DELIVERED", "READ"]);
    assert_eq!(shop.credits().await, 9);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_lost_acknowledgement_is_mended_by_the_same_id_again(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let id = sent_to(&shop, phone::LOST_ACKNOWLEDGEMENT, "READ").await;
    let received: Vec<_> = app.received().into_iter().map(|line| (line.id, line.repeat)).collect();
    assert_eq!(received, [(id.whatsapp_id().to_owned(), false), (id.whatsapp_id().to_owned(), true)]);
    assert_eq!(shop.credits().await, 9);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_late_acknowledgement_is_waited_for(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let id = shop.send(phone::LATE_ACKNOWLEDGEMENT, "it takes 30 seconds").await;
    let message = shop
        .message_within(&id, "the late one is read", Duration::from_mins(1), |message| message.status == "READ")
        .await;
    let received = app.received();
    assert!(received.iter().all(|line| line.id == message.whatsapp_id()), "{received:?}");
    assert_eq!(received.iter().filter(|line| !line.repeat).count(), 1);
    assert_eq!(shop.credits().await, 9);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_failure_after_sent_restores(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let message = sent_to(&shop, phone::FAILS_AFTER_SENT, "FAILED").await;
    assert!(message.sent_at.is_some());
    assert_failed_and_restored(&shop, &message, "WHATSAPP_ERROR").await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_failure_after_delivered_changes_nothing(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let id = shop.send(phone::FAILS_AFTER_DELIVERED, "delivered is delivered").await;
    app.settle().await;
    let message = shop.message(&id).await;
    assert_eq!((message.status.as_str(), message.credits_restored), ("DELIVERED", false));
    assert_eq!(shop.credits().await, 9);
    app.finish().await;
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
async fn text_goes_through_where_files_are_rejected(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    sent_to(&shop, phone::REJECTS_FILES, "READ").await;
    assert_eq!(shop.credits().await, 9);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn another_canonical_number_ends_in_that_numbers_chat(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let message = sent_to(&shop, phone::OTHER_CANONICAL, "READ").await;
    assert_eq!(message.recipient, phone::OTHER_CANONICAL);
    assert_eq!(message.chat.unwrap().jid, "12025550100@s.whatsapp.net");
    assert_eq!(shop.chats().await.len(), 2);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_connection_lost_while_sending_is_back_after_2_s(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
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
    let app = app(shape).await;
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
    let app = app(shape).await;
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

#[rstest]
#[tokio::test]
async fn an_echo_appears_as_a_chat_of_that_name(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let id = shop.post(json!({"action": "send", "phone": phone::ECHOES, "text": "hello"})).await.accepted();
    shop.message_with_status(&id, "READ").await;
    app.settle().await;
    let chats = shop.chats().await;
    let chat = chats.iter().find(|chat| chat.name == "echo: hello").unwrap_or_else(|| panic!("{chats:?}"));
    assert_eq!(chat.jid, "12025550121@s.whatsapp.net");
    // And it can be written to by that name.
    let reply = json!({"action": "send", "chat_name": "echo: hello", "text": "by its name"});
    shop.post(reply).await.accepted();
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn groups_go_through_or_say_why_not(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let mut ids = Vec::new();
    for (group, status, failure) in [
        ("120363000000000001@g.us", "READ", None),
        ("120363000000000002@g.us", "FAILED", Some("GROUP_NOT_MEMBER")),
        ("120363000000000003@g.us", "FAILED", Some("GROUP_READ_ONLY")),
        ("120363000000000005@g.us", "FAILED", Some("INVALID_RECIPIENT")),
    ] {
        let answer = shop.post(json!({"action": "send", "jid": group, "text": "to the whole group"})).await;
        ids.push((answer.accepted(), status, failure));
    }
    for (id, status, failure) in ids {
        let message = shop.message_with_status(&id, status).await;
        assert_eq!(message.failure.as_deref(), failure, "{message:?}");
        assert_eq!(message.credits_restored, failure.is_some());
    }
    assert_eq!(shop.credits().await, 9);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn what_is_no_number_is_accepted_and_fails(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    for phone in ["abc", "+1", "+12345678901234567890"] {
        let message = sent_to(&shop, phone, "FAILED").await;
        assert_failed_and_restored(&shop, &message, "INVALID_RECIPIENT").await;
    }
    let jid = shop.post(json!({"action": "send", "jid": "nobody@nowhere", "text": "to no JID"})).await.accepted();
    let message = shop.message_with_status(&jid, "FAILED").await;
    assert_failed_and_restored(&shop, &message, "INVALID_RECIPIENT").await;
    app.finish().await;
}
