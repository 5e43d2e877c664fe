//! A person steers: pause, resume, disconnect, cancel, the webhook's switch and its URL.

use std::time::Duration;

use nhip_tests::{
    Options, Query,
    Shape::{self, Embedded, ScaledOut},
    TestApp, phone, until,
};
use rstest::rstest;
use serde_json::json;

#[rstest]
#[tokio::test]
async fn a_paused_account_keeps_its_queue_and_sends_nothing(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let till = shop.change_account("pauseAccount", &shop.till().await).await;
    assert_eq!((till.state.as_str(), till.reason.as_deref()), ("PAUSED", Some("BY_USER")));
    // Only by name: rule 4 does not pick a paused account.
    shop.post(json!({"action": "send", "phone": phone::USUAL, "text": "no account"})).await.refused(400, "NO_ACCOUNT");
    let mut ids = Vec::new();
    for n in 0..3 {
        let body = json!({"action": "send", "phone": phone::USUAL, "text": format!("paused message {n}"), "whatsapp_account_phone": "+1 510 556-6777"});
        ids.push(shop.post(body).await.accepted());
    }
    let first = shop.message(&ids[0]).await;
    assert_eq!((first.status.as_str(), first.waiting_for.as_deref()), ("QUEUED", Some("ACCOUNT_PAUSED")));
    let last = shop.message(&ids[2]).await;
    assert_eq!((last.queue_position, app.received().len()), (Some(3), 0));

    let till = shop.change_account("resumeAccount", &till).await;
    assert_eq!(till.state, "CONNECTED");
    app.settle().await;
    let received: Vec<_> = app.received().into_iter().map(|line| format!("wa_backend:{}", line.id)).collect();
    assert_eq!(received, ids);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn after_pause_has_answered_at_most_one_more_message_leaves(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    for n in 0..40 {
        shop.send(phone::USUAL, &format!("one of forty: {n}")).await;
    }
    until("some have left", Duration::from_mins(1), async || app.received().len() >= 5).await;
    let till = shop.change_account("pauseAccount", &shop.till().await).await;
    let left = app.received().len();
    until("nothing is on its way", Duration::from_mins(1), async || {
        shop.query("queue { sending }", json!({})).await["queue"]["sending"] == 0
    })
    .await;
    assert!(app.received().len() <= left + 1, "{left} had left, and then {}", app.received().len() - left);
    assert_eq!(shop.cancel(json!({"accountId": till.id})).await.0, i64::try_from(40 - app.received().len()).unwrap());
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn canceled_messages_are_never_sent_and_cost_nothing(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(10).start().await;
    let shop = app.shop().await;
    let till = shop.change_account("pauseAccount", &shop.till().await).await;
    let send = |text: &'static str| {
        shop.post(
            json!({"action": "send", "phone": phone::USUAL, "text": text, "whatsapp_account_phone": "+15105566777"}),
        )
    };
    let ids = [
        send("first of three").await.accepted(),
        send("second of three").await.accepted(),
        send("third of three").await.accepted(),
    ];
    assert_eq!(shop.credits().await, 7);
    // What a person is told before they cancel all of them.
    let waiting = shop.query("queue { queued queuedCredits } accounts { nodes { queuedCredits } }", json!({})).await;
    assert_eq!(waiting["queue"], json!({"queued": 3, "queuedCredits": 3}));
    assert_eq!(waiting["accounts"]["nodes"], json!([{"queuedCredits": 3}]));
    assert_eq!(shop.cancel(json!({"messageIds": [ids[1]]})).await, (1, 1));
    assert_eq!(shop.cancel(json!({"messageIds": [ids[1]]})).await, (0, 0), "an end is an end");
    assert_eq!(shop.message(&ids[1]).await.status, "CANCELED");
    shop.change_account("resumeAccount", &till).await;
    app.settle().await;
    assert_eq!(app.received().len(), 2);
    assert_eq!(shop.credits().await, 8);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn what_a_disconnected_account_still_had_fails_or_moves(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(10).start().await;
    let shop = app.shop().await;
    let till = shop.till().await;
    let other = shop.connect("+15105566888").await;
    let named = |phone| json!({"action": "send", "phone": phone::USUAL, "text": format!("for {phone}"), "whatsapp_account_phone": phone});
    shop.change_account("pauseAccount", &till).await;
    let named_id = shop.post(named("+15105566777")).await.accepted();
    let gone = shop.change_account("disconnectAccount", &till).await;
    assert_eq!(gone.state, "REMOVED");
    let failed = shop.message_with_status(&named_id, "FAILED").await;
    assert_eq!((failed.failure.as_deref(), failed.credits_restored), (Some("ACCOUNT_UNAVAILABLE"), true));
    let refused = shop.post(named("+15105566777")).await;
    assert!(
        matches!(refused.body()["code"].as_str(), Some("UNKNOWN_ACCOUNT" | "ACCOUNT_NOT_CONNECTED")),
        "{refused:?}"
    );
    let sent = shop.message_with_status(&shop.send(phone::USUAL, "by rule four").await, "READ").await;
    assert_eq!(sent.account.id, other.id);
    assert_eq!(shop.credits().await, 9);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn what_rule_4_picked_moves_when_its_account_goes(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).set("NHIP_PACE_MIN_MS", "1500").set("NHIP_PACE_MAX_MS", "1500").start().await;
    let shop = app.shop().await;
    let old = shop.till().await;
    let new = shop.connect("+15105566888").await;
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(shop.send("+12025550104", &format!("moves with its place {n}")).await);
    }
    // The account that was connected last is picked; it goes, and what it still had moves to the older one.
    until("the first has left", Duration::from_secs(20), async || !app.received().is_empty()).await;
    shop.change_account("disconnectAccount", &new).await;
    app.settle().await;
    let last = shop.message(&ids[3]).await;
    assert_eq!((last.status.as_str(), last.account.id.as_str()), ("SENT", old.id.as_str()));
    let received: Vec<_> = app.received().into_iter().map(|line| format!("wa_backend:{}", line.id)).collect();
    assert_eq!(received, ids, "in their order, each once");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_replaced_url_stops_at_once(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    shop.send(phone::USUAL, "by the old URL").await;
    let old = shop.webhook();
    shop.generate_url().await;
    let call = app.http().post(&old).body(r#"{"action":"send","phone":"+12025550100","text":"too late"}"#);
    let answer = call.send().await.unwrap();
    assert_eq!(answer.status(), 404);
    let body: serde_json::Value = answer.json().await.unwrap();
    assert_eq!(body, json!({"status": 404, "data": {}, "message": "Webhook not found", "code": "WEBHOOK_NOT_FOUND"}));
    shop.send(phone::USUAL, "by the new URL").await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn no_request_that_starts_after_a_new_url_is_accepted_by_the_old_one(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    for round in 0..10 {
        let old = shop.webhook();
        let body =
            json!({"action": "send", "phone": phone::USUAL, "text": format!("a race, round {round}")}).to_string();
        let call = || app.http().post(&old).body(body.clone()).send();
        assert_eq!(call().await.unwrap().status(), 200);
        shop.generate_url().await;
        assert_eq!(call().await.unwrap().status(), 404, "round {round}");
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_disabled_webhook_says_so_until_it_is_enabled(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    shop.set_enabled(false).await;
    let body = json!({"action": "send", "phone": phone::USUAL, "text": "through a closed door"});
    let refused = shop.post(body.clone()).await.refused(403, "WEBHOOK_DISABLED");
    assert_eq!(refused["message"], "Webhook is disabled");
    // The dashboard's own sending does not mind.
    let input = json!({"workspaceId": shop.workspace_id, "text": "from the dashboard", "phone": phone::USUAL});
    let sent = shop.mutate("sendMessage", "SendMessageInput", input, "{ id source }").await;
    assert_eq!(sent["source"], "DASHBOARD");
    shop.set_enabled(true).await;
    shop.post(body).await.accepted();
    app.settle().await;
    assert_eq!(app.received().len(), 2);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn what_belongs_to_another_workspace_does_not_exist(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let (ours, theirs) = (app.shop().await, app.shop().await);
    let account = theirs.till().await;
    let input = json!({"accountId": account.id});
    let refused = ours.mutate_in_vain("pauseAccount", "AccountInput", input, "{ id }").await;
    assert_eq!(refused.code(), "NOT_FOUND");
    let id = theirs.send(phone::USUAL, "not for your eyes").await;
    let peek = "query($w: ID!, $id: ID!) { workspace(id: $w) { message(id: $id) { id } } }";
    let peek = Query::new(peek, json!({"w": ours.workspace_id, "id": id}));
    assert_eq!(ours.ask(&peek).await.unwrap_err().code(), "NOT_FOUND");
    let peek = Query::new("query($w: ID!) { workspace(id: $w) { name } }", json!({"w": theirs.workspace_id}));
    assert_eq!(ours.ask(&peek).await.unwrap_err().code(), "NOT_FOUND");
    let chat = theirs.chats().await.remove(0).id;
    let body = json!({"action": "send", "chat_id": chat, "text": "into another's chat"});
    ours.post(body).await.refused(400, "CHAT_NOT_FOUND");
    app.finish().await;
}
