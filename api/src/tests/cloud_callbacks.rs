//! Meta's callbacks: the door, and what comes of what passes it.

mod failures;

use std::{sync::Arc, time::Duration};

use nhip_domain::message::{Fact, What};
use nhip_entity::{account, chat, cloud_callback, message};
use nhip_worker::{
    gateway::cloud_api::{inbox::Inbox, signature::sign},
    journal::DbJournal,
};
use poem::{Request, Response, http::Method};
use sea_orm::{
    ActiveModelTrait as _, ActiveValue::Set, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
};
use serde_json::{Value, json};
use tokio::{sync::Notify, time::timeout};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::{
    app::{Shop, TestApp, post, read, text},
    graph::{BUSINESS, NUMBER},
};

const SECRET: &str = "appsecret";

impl TestApp {
    async fn post_signed(&self, account: &str, body: &str, secret: &str) -> Response {
        let signature = format!("sha256={}", sign(secret, body.as_bytes()));
        let request = post().uri_str(format!("/whatsapp/cloud/{account}")).header("x-hub-signature-256", signature);
        self.call(request.body(body.to_owned())).await
    }

    /// A callback of Meta's, which is answered and kept.
    async fn meta_posts(&self, account: &str, body: &Value) {
        let response = self.post_signed(account, &body.to_string(), SECRET).await;
        assert_eq!(response.status(), 200);
    }

    async fn verify(&self, account: &str, query: &str) -> Response {
        let uri = format!("/whatsapp/cloud/{account}?{query}");
        self.call(Request::builder().method(Method::GET).uri_str(uri).finish()).await
    }

    async fn kept(&self) -> Vec<cloud_callback::Model> {
        cloud_callback::Entity::find().all(self.cx().db.read()).await.unwrap()
    }

    /// Handles what was kept, as a worker does, until no more is due.
    async fn handle(&self) {
        let (bell, stop) = (Arc::new(Notify::new()), CancellationToken::new());
        let inbox = Inbox::new(self.cx().clone(), DbJournal::start(self.cx()), Arc::clone(&bell));
        let done = async {
            loop {
                let now = self.cx().now();
                if self.kept().await.iter().all(|callback| callback.due_at > now && !in_hand(callback)) {
                    break;
                }
                bell.notify_one();
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            stop.cancel();
        };
        timeout(Duration::from_secs(20), async { tokio::join!(inbox.work(&stop), done) }).await.unwrap();
    }

    /// Meta's answer to a message comes.
    async fn answered(&self, account: &str, id: &str) {
        self.answered_as(account, id, &format!("wamid.{id}")).await;
    }

    async fn answered_as(&self, account: &str, id: &str, wamid: &str) {
        let what = What::Sent { chat: None, gateway_ref: Some(wamid.to_owned()) };
        let (account_id, at) = (account.parse().unwrap(), self.cx().now());
        let fact = Fact { account_id, message_id: id.to_owned(), what, at };
        nhip_domain::message::record(self.cx(), &[fact]).await.unwrap();
    }

    /// A callback that was postponed has waited long enough.
    async fn is_due(&self, id: Uuid) {
        let (id, due_at) = (Set(id), Set(self.cx().now()));
        let row = cloud_callback::ActiveModel { id, due_at, ..Default::default() };
        let txn = self.cx().db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
        row.update(&*txn).await.unwrap();
        txn.commit().await.unwrap();
    }

    async fn message(&self, id: &str) -> message::Model {
        message::Entity::find_by_id(id).one(self.cx().db.read()).await.unwrap().unwrap()
    }

    async fn account(&self, id: &str) -> account::Model {
        account::Entity::find_by_id(id.parse::<Uuid>().unwrap()).one(self.cx().db.read()).await.unwrap().unwrap()
    }
}

/// Whether somebody has taken it up and not said yet what came of it: what failed waits for less.
fn in_hand(callback: &cloud_callback::Model) -> bool {
    callback.attempts > 0 && callback.due_at - callback.received_at > chrono::TimeDelta::seconds(50)
}

impl Shop<'_> {
    /// A message that Meta's answer is awaited for: its id, as WhatsApp carries it.
    async fn sending(&self) -> String {
        let id = self.send("hello").await.trim_start_matches("wa_backend:").to_owned();
        let mut row = self.app.message(&id).await.into_active_model();
        row.status = Set(message::MessageStatus::Sending);
        row.sending_at = Set(Some(self.app.cx().now()));
        let txn = self.app.cx().db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
        row.update(&*txn).await.unwrap();
        txn.commit().await.unwrap();
        id
    }

    async fn balance(&self) -> Value {
        let query = "query($w: ID!) { workspace(id: $w) { credits { balance } } }";
        self.ok(query, json!({"w": self.id})).await["workspace"]["credits"]["balance"].clone()
    }
}

fn of(number: &str, fields: &Value) -> Value {
    let mut value = json!({"messaging_product": "whatsapp", "metadata": {"display_phone_number": "12025550199", "phone_number_id": number}});
    value.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
    json!({"field": "messages", "value": value})
}

fn callback(changes: &Value) -> Value {
    json!({"object": "whatsapp_business_account", "entry": [{"id": BUSINESS, "time": 1_900_000_000, "changes": changes}]})
}

fn status(id: &str, status: &str, seconds: i64) -> Value {
    json!({"id": format!("wamid.{id}"), "status": status, "timestamp": seconds.to_string(), "recipient_id": "12025550100",
        "biz_opaque_callback_data": id, "conversation": {"id": "c"}, "recipient_user_id": "US.1"})
}

fn statuses(statuses: &[Value]) -> Value {
    callback(&json!([of(NUMBER, &json!({"statuses": statuses}))]))
}

#[tokio::test]
async fn meta_verifies_the_url_with_the_accounts_own_token() {
    let app = TestApp::start().await;
    let account = app.shop("ada").await.connect_cloud().await;
    let good = "hub.mode=subscribe&hub.challenge=1158201444&hub.verify_token=verifysecret";
    let response = app.verify(&account, good).await;
    assert_eq!((response.status().as_u16(), response.content_type()), (200, Some("text/plain; charset=utf-8")));
    assert_eq!(response.into_body().into_string().await.unwrap(), "1158201444");
    for (query, status) in [
        ("hub.mode=subscribe&hub.challenge=1&hub.verify_token=verify", 403),
        ("hub.mode=subscribe&hub.challenge=1", 403),
        ("hub.mode=subscribe&hub.verify_token=verifysecret", 400),
        ("hub.mode=unsubscribe&hub.challenge=1&hub.verify_token=verifysecret", 400),
        ("", 400),
    ] {
        let response = app.verify(&account, query).await;
        assert_eq!(response.status(), status, "{query}");
        assert!(!text(&read(response).await["message"]).contains("verifysecret"), "{query}");
    }
    for nobody in [Uuid::nil().to_string(), "x".to_owned(), String::new(), format!("{account}/x")] {
        assert_eq!(app.verify(&nobody, good).await.status(), 404, "{nobody}");
    }
    let put = post().method(Method::PUT).uri_str(format!("/whatsapp/cloud/{account}")).body("{}");
    let put = app.call(put).await;
    assert_eq!((put.status().as_u16(), put.header("allow")), (405, Some("GET, POST")));
}

#[tokio::test]
async fn only_what_the_app_signed_is_kept_and_it_is_kept_to_the_byte() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        // Meta escapes what is not ASCII before it signs; other bytes than these would not match.
        let body = "{\"entry\": [ ],\"name\":\"\\u00e9\"}";
        let response = app.post_signed(&account, body, SECRET).await;
        assert_eq!(response.status(), 200);
        assert_eq!(read(response).await, json!({"status": "success"}));
        let kept = app.kept().await;
        assert_eq!((kept.len(), kept[0].body.as_slice()), (1, body.as_bytes()));

        assert_eq!(app.post_signed(&account, body, "another's").await.status(), 403);
        let signature = format!("sha256={}", sign(SECRET, body.as_bytes()));
        let uri = format!("/whatsapp/cloud/{account}");
        let tampered = post().uri_str(&uri).header("x-hub-signature-256", &signature).body(body.replace(' ', ""));
        let response = app.call(tampered).await;
        assert_eq!(response.status(), 403);
        assert!(text(&read(response).await["message"]).contains("app secret"));
        assert_eq!(app.call(post().uri_str(&uri).body(body)).await.status(), 401);
        let sha1 = post().uri_str(&uri).header("x-hub-signature-256", "sha1=aa").body(body);
        assert_eq!(app.call(sha1).await.status(), 401);
        let huge = "x".repeat(3 * 1_024 * 1_024 + 1);
        assert_eq!(app.post_signed(&account, &huge, SECRET).await.status(), 413);
        let large = format!("{{\"entry\":[],\"x\":\"{}\"}}", "x".repeat(2_900_000));
        assert_eq!(app.post_signed(&account, &large, SECRET).await.status(), 200);
        assert_eq!(app.kept().await.len(), 2, "what was refused is not kept");

        shop.ok("mutation($a: ID!) { disconnectAccount(input: {accountId: $a}) { id } }", json!({"a": account})).await;
        assert_eq!(app.post_signed(&account, body, SECRET).await.status(), 404, "a removed account has no URL");
        app.handle().await;
        assert_eq!(app.kept().await.len(), 0, "what came for it before is nobody's any more");
    }
}

#[tokio::test]
async fn statuses_settle_messages_in_any_order_however_often_they_come() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let (read_one, failed_one, sent_one) = (shop.sending().await, shop.sending().await, shop.sending().await);
        let before = shop.balance().await.as_i64().unwrap();
        let now = app.cx().now().timestamp();
        app.answered(&account, &failed_one).await;
        let failed = json!({"id": format!("wamid.{failed_one}"), "status": "failed", "timestamp": now.to_string(), "biz_opaque_callback_data": failed_one,
            "errors": [{"code": 131_047, "title": "Re-engagement message"}]});
        // Out of order, in batches, with steps left out, beside what nobody knows.
        app.meta_posts(
            &account,
            &statuses(&[status(&read_one, "read", now + 3), failed.clone(), json!({"status": "moon"}), json!(7)]),
        )
        .await;
        app.meta_posts(&account, &statuses(&[status(&read_one, "sent", now), status(&sent_one, "sent", now)])).await;
        app.handle().await;
        app.meta_posts(
            &account,
            &statuses(&[status(&read_one, "delivered", now + 1), failed, status(&sent_one, "sent", now)]),
        )
        .await;
        app.handle().await;

        let row = app.message(&read_one).await;
        assert_eq!(row.status, message::MessageStatus::Read);
        assert!(row.sent_at <= row.delivered_at && row.sent_at.is_some() && row.chat_id.is_some(), "{row:?}");
        let row = app.message(&sent_one).await;
        assert_eq!((row.status, row.sent_at), (message::MessageStatus::Sent, row.sending_at));
        assert_eq!(row.gateway_ref, Some(format!("wamid.{sent_one}")));
        let row = app.message(&failed_one).await;
        assert_eq!(row.failure, Some(message::FailureReason::OutsideReplyWindow), "{row:?}");
        assert!(row.failure_detail.unwrap().contains("template"));
        assert_eq!(shop.balance().await, before + 1, "restored, once");
        assert_eq!(app.kept().await.len(), 0, "what was handled is gone");
    }
}

#[tokio::test]
async fn a_status_without_our_id_is_matched_by_metas_as_soon_as_that_is_known() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let (known, early) = (shop.sending().await, shop.sending().await);
        let now = app.cx().now().timestamp();
        app.meta_posts(&account, &statuses(&[status(&known, "sent", now)])).await;
        app.handle().await;
        let bare = |id: &str| json!({"id": format!("wamid.{id}"), "status": "delivered", "timestamp": now.to_string()});
        app.meta_posts(&account, &statuses(&[bare(&known), bare(&early)])).await;
        app.handle().await;
        assert_eq!(app.message(&known).await.status, message::MessageStatus::Delivered);
        let waiting = app.kept().await;
        assert_eq!((waiting.len(), waiting[0].attempts), (1, 1), "it is looked at once more");
        assert_eq!(app.message(&early).await.status, message::MessageStatus::Sending);

        // Meanwhile our request is answered, which tells Meta's id.
        app.answered(&account, &early).await;
        app.is_due(waiting[0].id).await;
        app.handle().await;
        assert_eq!(app.message(&early).await.status, message::MessageStatus::Delivered);
        assert_eq!(app.kept().await.len(), 0, "nothing is left to look for");
    }
}

#[tokio::test]
async fn nobody_settles_anothers_messages() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
    let account = ada.connect_cloud().await;
    bob.connect("15105566777").await;
    let theirs = bob.sending().await;
    app.meta_posts(&account, &statuses(&[status(&theirs, "read", 1_700_000_000)])).await;
    // Not even where it names another account's number: that one signs for itself.
    app.graph.knows("7", "+12025550177", "8");
    let input = json!({"workspaceId": bob.id, "gateway": "CLOUD_API", "phone": "+12025550177", "cloudApi": {
        "phoneNumberId": "7", "businessAccountId": "8", "accessToken": "EAAGbob", "appSecret": SECRET, "verifyToken": "v"}});
    bob.ok("mutation($i: ConnectAccountInput!) { connectAccount(input: $i) { id } }", json!({"i": input})).await;
    let second = bob.sending().await;
    app.meta_posts(
        &account,
        &callback(&json!([of("7", &json!({"statuses": [status(&second, "read", 1_700_000_000)]}))])),
    )
    .await;
    app.handle().await;
    for id in [theirs, second] {
        assert_eq!(app.message(&id).await.status, message::MessageStatus::Sending);
    }
}

#[tokio::test]
async fn the_numbers_of_one_app_in_one_workspace_share_its_callback_url() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let first = shop.connect_cloud().await;
        app.graph.knows("7", "+12025550177", BUSINESS);
        let input = json!({"workspaceId": shop.id, "gateway": "CLOUD_API", "phone": "+12025550177", "cloudApi": {
            "phoneNumberId": "7", "businessAccountId": BUSINESS, "accessToken": "EAAG2", "appSecret": SECRET, "verifyToken": "v"}});
        shop.ok("mutation($i: ConnectAccountInput!) { connectAccount(input: $i) { id } }", json!({"i": input})).await;
        let sent_by_second = shop.sending().await;
        app.meta_posts(
            &first,
            &callback(&json!([of("7", &json!({"statuses": [status(&sent_by_second, "read", 1_700_000_000)]}))])),
        )
        .await;
        app.handle().await;
        assert_eq!(app.message(&sent_by_second).await.status, message::MessageStatus::Read);
    }
}

#[tokio::test]
async fn whoever_writes_makes_a_chat_that_can_be_answered_for_a_day() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let now = app.cx().now().timestamp();
        let incoming = |name: &str, at: i64| {
            callback(&json!([of(
                NUMBER,
                &json!({
                    "contacts": [{"profile": {"name": name}, "wa_id": "12025550111", "user_id": "US.1"}],
                    "messages": [{"from": "12025550111", "id": "wamid.i", "timestamp": at.to_string(), "type": "text", "text": {"body": "secret"}},
                        {"from_user_id": "US.2", "timestamp": at.to_string(), "type": "a newer kind"}],
                })
            )]))
        };
        app.meta_posts(&account, &incoming("Ada L", now - 60)).await;
        app.handle().await;
        // One that was late moves nothing back.
        app.meta_posts(&account, &incoming("Ada Lovelace", now - 3_600)).await;
        app.handle().await;
        let query = "query($w: ID!) { workspace(id: $w) { chats { nodes { name phone lastIncomingAt lastMessageAt replyWindowEndsAt } } } }";
        let chats = shop.ok(query, json!({"w": shop.id})).await["workspace"]["chats"]["nodes"].clone();
        assert_eq!(chats.as_array().unwrap().len(), 1, "{chats}");
        assert_eq!((&chats[0]["name"], &chats[0]["phone"]), (&json!("Ada Lovelace"), &json!("+12025550111")));
        let time = |field: &str| text(&chats[0][field]).parse::<chrono::DateTime<chrono::Utc>>().unwrap().timestamp();
        assert_eq!((time("lastIncomingAt"), time("lastMessageAt")), (now - 60, now - 60));
        assert_eq!(time("replyWindowEndsAt"), now - 60 + 24 * 3_600);
        let answer = "mutation($w: ID!) { sendMessage(input: {workspaceId: $w, chatName: \"Ada Lovelace\", text: \"hi\"}) { chat { name } } }";
        shop.ok(answer, json!({"w": shop.id})).await;
        let stored =
            chat::Entity::find().filter(chat::Column::Name.contains("secret")).one(app.cx().db.read()).await.unwrap();
        assert_eq!(stored, None);
    }
}

#[tokio::test]
async fn what_meta_does_to_the_business_account_is_the_accounts_state() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let now = app.cx().now().timestamp();
        let update = |time: i64, value: Value| json!({"entry": [{"id": BUSINESS, "time": time, "changes": [{"field": "account_update", "value": value}]}]});
        let disabled = json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": "DISABLE"}});
        // Before somebody connected it: that is over.
        app.meta_posts(&account, &update(now - 3_600, disabled.clone())).await;
        app.handle().await;
        assert_eq!(app.account(&account).await.state, account::AccountState::Connected);
        app.meta_posts(
            &account,
            &update(
                now + 5,
                json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": [
            {"restriction_type": "RESTRICTED_BIZ_INITIATED_MESSAGING", "expiration": now + 600}]}),
            ),
        )
        .await;
        app.handle().await;
        let row = app.account(&account).await;
        assert_eq!(
            (row.state, row.restricted_until.map(|at| at.timestamp())),
            (account::AccountState::Restricted, Some(now + 600))
        );
        app.meta_posts(&account, &update(now + 6, disabled)).await;
        app.handle().await;
        assert_eq!(app.account(&account).await.state, account::AccountState::Banned);
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_in_nobodys_way() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let id = shop.sending().await;
        for poison in [
            "",
            "no JSON",
            "[]",
            "{\"entry\": 1}",
            &"[".repeat(100_000),
            "{\"entry\":[{\"changes\":[{\"value\":{\"statuses\":[{\"status\":\"sent\"}],\"metadata\":{\"phone_number_id\":\"106540352242922\"}}}]}]}",
        ] {
            assert_eq!(app.post_signed(&account, poison, SECRET).await.status(), 200, "Meta would only repeat it");
        }
        app.meta_posts(&account, &statuses(&[status(&id, "delivered", 1_700_000_000)])).await;
        app.handle().await;
        assert_eq!(app.message(&id).await.status, message::MessageStatus::Delivered);
    }
}
