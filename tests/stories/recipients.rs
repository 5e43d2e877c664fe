//! Each row of the built-in WhatsApp's table, from the webhook to the ledger.

use std::time::Duration;

use nhip_tests::{
    Message, Options,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, phone,
};
use rstest::rstest;
use serde_json::json;

/// What became of a message to `recipient`, once it has the status that is expected.
pub(super) async fn sent_to(shop: &Shop<'_>, recipient: &str, status: &str) -> Message {
    let id = shop.send(recipient, "a story about recipients").await;
    shop.message_with_status(&id, status).await
}

pub(super) async fn app(shape: Shape) -> TestApp {
    Options::new(shape).credits(10).start().await
}

/// Asserts that it failed for that reason, and that nothing was lost by it.
pub(super) async fn assert_failed_and_restored(shop: &Shop<'_>, message: &Message, reason: &str) {
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
async fn failed_messages_are_found_by_their_reason(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let unknown = sent_to(&shop, phone::NOT_ON_WHATSAPP, "FAILED").await;
    let nobody = sent_to(&shop, "call me", "FAILED").await;
    let sent = sent_to(&shop, phone::USUAL, "READ").await;
    let chat = sent.chat.unwrap().id;
    let found = async |arguments: &str| {
        let field = format!("messages({arguments}) {{ totalCount nodes {{ id }} }}");
        let page = shop.query(&field, json!({})).await["messages"].clone();
        let nodes = page["nodes"].as_array().unwrap();
        assert_eq!(page["totalCount"], nodes.len(), "{arguments}");
        nodes.iter().map(|node| node["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let (unknown, nobody) = (unknown.id, nobody.id);
    assert_eq!(found("failures: [NOT_ON_WHATSAPP]").await, [unknown.as_str()]);
    assert_eq!(found("failures: [INVALID_RECIPIENT, NOT_ON_WHATSAPP]").await, [nobody.as_str(), &unknown]);
    assert_eq!(found("failures: [NOT_ON_WHATSAPP], statuses: [FAILED]").await, [unknown.as_str()]);
    assert_eq!(found("failures: [INVALID_RECIPIENT], search: \"call\"").await, [nobody.as_str()]);
    let none =
        ["failures: []", "failures: [EXPIRED]", "failures: [NOT_ON_WHATSAPP], statuses: [SENT]"].map(str::to_owned);
    for arguments in none.into_iter().chain([format!("failures: [NOT_ON_WHATSAPP], chatId: \"{chat}\"")]) {
        assert_eq!(found(&arguments).await, [""; 0], "{arguments}");
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_recipient_that_nobody_could_have_is_accepted_and_fails_with_its_credits_given_back(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let app = app(shape).await;
    let shop = app.shop().await;
    for (field, given) in [
        ("phone", "call me".to_owned()),
        ("phone", "5".repeat(60_000)),
        ("jid", "1".repeat(60_000) + "@s.whatsapp.net"),
        ("jid", "ả".repeat(20_000)),
    ] {
        let answer = shop.post(json!({"action": "send", field: given, "text": "hello"})).await;
        let id = answer.accepted();
        let message = shop.message_with_status(&id, "FAILED").await;
        assert_failed_and_restored(&shop, &message, "INVALID_RECIPIENT").await;
    }
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
