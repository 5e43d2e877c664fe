//! What belongs to another does not exist.

use std::time::Duration;

use futures::StreamExt as _;
use nhip_entity::member::{self, Role};
use sea_orm::{ActiveModelTrait as _, EntityTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};
use tokio::time::timeout;
use uuid::Uuid;

use super::{
    app::{Shop, TestApp, code},
    subscriptions::{SOON, subscribe},
};

/// Every operation of the slice that takes an id, and where it stands: `W`orkspace, `A`ccount, `C`hat, `M`essage.
const OPERATIONS: &[&str] = &[
    "{ workspace(id: W) { id } }",
    "mutation { connectAccount(input: {workspaceId: W, gateway: SIMULATOR, phone: \"+15105566779\"}) { id } }",
    "mutation { setAccountPace(input: {accountId: A, minMs: 1000, maxMs: 2000}) { id } }",
    "mutation { setAccountDailyCap(input: {accountId: A, dailyCap: 100}) { id } }",
    "mutation { renameAccount(input: {accountId: A, name: \"x\"}) { id } }",
    "mutation { pauseAccount(input: {accountId: A}) { id } }",
    "mutation { resumeAccount(input: {accountId: A}) { id } }",
    "mutation { disconnectAccount(input: {accountId: A}) { id } }",
    "mutation { generateWebhookUrl(input: {workspaceId: W}) { url } }",
    "mutation { revealWebhookUrl(input: {workspaceId: W}) { url } }",
    "mutation { setWebhookEnabled(input: {workspaceId: W, enabled: false}) { enabled } }",
    "mutation { renameChat(input: {chatId: C, name: \"x\"}) { id } }",
    "mutation { sendMessage(input: {workspaceId: W, phone: \"+12025550100\", text: \"x\"}) { id } }",
    "mutation { cancelMessages(input: {workspaceId: W, which: {allQueued: true}}) { count } }",
    "mutation { cancelMessages(input: {workspaceId: OWN, which: {accountId: A}}) { count } }",
    "mutation { cancelMessages(input: {workspaceId: OWN, which: {messageIds: [M]}}) { count } }",
    "{ workspace(id: OWN) { account(id: A) { id } } }",
    "{ workspace(id: OWN) { chat(id: C) { id } } }",
    "{ workspace(id: OWN) { message(id: M) { id } } }",
    "{ workspace(id: OWN) { messages(accountId: A) { totalCount } } }",
    "{ workspace(id: OWN) { messages(chatId: C) { totalCount } } }",
    "{ workspace(id: OWN) { chats(accountId: A) { totalCount } } }",
];

/// What belongs to one of them.
struct Ids {
    workspace: String,
    account: String,
    chat: String,
    message: String,
}

impl Ids {
    fn fill(&self, operation: &str, own: &str) -> String {
        let quoted = |text: &str| format!("\"{text}\"");
        operation
            .replace("OWN", &quoted(own))
            .replace(": W", &format!(": {}", quoted(&self.workspace)))
            .replace(": A,", &format!(": {},", quoted(&self.account)))
            .replace(": A}", &format!(": {}}}", quoted(&self.account)))
            .replace(": A)", &format!(": {})", quoted(&self.account)))
            .replace(": C", &format!(": {}", quoted(&self.chat)))
            .replace("[M]", &format!("[{}]", quoted(&self.message)))
            .replace(": M", &format!(": {}", quoted(&self.message)))
    }
}

#[tokio::test]
async fn what_belongs_to_another_is_answered_like_what_is_not_there() {
    for app in TestApp::everywhere().await {
        let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
        let path = bob.webhook().await;
        let bobs = ids_of(&bob).await;
        let missing = Ids {
            workspace: Uuid::nil().to_string(),
            account: Uuid::nil().to_string(),
            chat: "1".to_owned(),
            message: "wa_backend:3EB00000000000000000".to_owned(),
        };
        let garbage = ["x", "", "' OR 1=1", "\\u00e9", "99999999999999999999"].map(|id| Ids {
            workspace: id.to_owned(),
            account: id.to_owned(),
            chat: id.to_owned(),
            message: id.to_owned(),
        });
        for operation in OPERATIONS {
            let foreign = app.graphql(Some(&ada.bearer), &bobs.fill(operation, &ada.id), json!({})).await;
            assert_eq!(code(&foreign), "NOT_FOUND", "{operation}: {foreign}");
            let unknown = app.graphql(Some(&ada.bearer), &missing.fill(operation, &ada.id), json!({})).await;
            assert_eq!(without_places(foreign), without_places(unknown), "{operation}");
            for garbage in &garbage {
                let answer = app.graphql(Some(&ada.bearer), &garbage.fill(operation, &ada.id), json!({})).await;
                assert_eq!(code(&answer), "NOT_FOUND", "{operation}: {answer}");
            }
            let nobody = app.graphql(None, &bobs.fill(operation, &ada.id), json!({})).await;
            assert_eq!(code(&nobody), "UNAUTHENTICATED", "{operation}: {nobody}");
        }
        let after = bob.ok("query($w: ID!) { workspace(id: $w) { queue { queued } accounts { nodes { state } } incomingWebhook { enabled } credits { balance } } }", json!({"w": bob.id})).await;
        assert_eq!(
            after["workspace"],
            json!({"queue": {"queued": 1}, "accounts": {"nodes": [{"state": "CONNECTED"}]}, "incomingWebhook": {"enabled": true}, "credits": {"balance": 99}})
        );
        let still = app.call(super::app::post().uri_str(&path).body("{}")).await;
        assert_eq!(still.status(), 400, "the URL still works");
    }
}

#[tokio::test]
async fn nobody_watches_by_the_ids_of_another() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
    let (hers, his) = (ids_of(&ada).await, ids_of(&bob).await);
    for filter in ["accountId: A,", "chatId: C", "messageIds: [M]"] {
        let query = format!("subscription {{ messageChanged(workspaceId: OWN, {filter}) {{ id }} }}");
        let mut own = subscribe(&ada, &hers.fill(&query, &ada.id)).await;
        let waiting = timeout(Duration::from_millis(50), own.next()).await;
        assert!(waiting.is_err(), "{query}: {waiting:?}");
        let mut anothers = subscribe(&ada, &his.fill(&query, &ada.id)).await;
        let told = timeout(SOON, anothers.next()).await.expect("a refusal").unwrap();
        assert_eq!(code(&serde_json::to_value(told).unwrap()), "NOT_FOUND", "{query}");
    }
}

async fn ids_of(shop: &Shop<'_>) -> Ids {
    let account = shop.connect("15105566777").await;
    let chats = shop.ok("query($w: ID!) { workspace(id: $w) { chats { nodes { id } } } }", json!({"w": shop.id})).await;
    let chat = super::app::text(&chats["workspace"]["chats"]["nodes"][0]["id"]);
    Ids { workspace: shop.id.clone(), account, chat, message: shop.send("secret").await }
}

#[tokio::test]
async fn a_member_reads_and_sends_and_leaves_the_settings_alone() {
    let app = TestApp::start().await;
    let (owner, member) = (app.shop("ada").await, app.shop("bob").await);
    owner.connect("15105566777").await;
    let me = member.ok("{ me { id } }", json!({})).await;
    let row = member::Model {
        workspace_id: owner.id.parse().unwrap(),
        user_id: me["me"]["id"].as_str().unwrap().parse().unwrap(),
        role: Role::Member,
        joined_at: app.cx().now(),
    };
    let txn = app.cx().db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
    member::Entity::insert(row.into_active_model().reset_all()).exec_without_returning(&*txn).await.unwrap();
    txn.commit().await.unwrap();
    let seen = member
        .ok("query($w: ID!) { workspace(id: $w) { myRole accounts { nodes { id } } } }", json!({"w": owner.id}))
        .await;
    assert_eq!(seen["workspace"]["myRole"], "MEMBER");
    let account = seen["workspace"]["accounts"]["nodes"][0]["id"].clone();
    member
        .ok(
            "mutation($w: ID!) { sendMessage(input: {workspaceId: $w, text: \"x\", phone: \"+12025550100\"}) { id } }",
            json!({"w": owner.id}),
        )
        .await;
    member.ok("mutation { renameChat(input: {chatId: \"77234\", name: \"Crew\"}) { id } }", json!({})).await;
    for (query, variables) in [
        ("mutation($i: ID!) { pauseAccount(input: {accountId: $i}) { id } }", json!({"i": account})),
        ("mutation($i: ID!) { disconnectAccount(input: {accountId: $i}) { id } }", json!({"i": account})),
        ("mutation($i: ID!) { renameAccount(input: {accountId: $i, name: \"x\"}) { id } }", json!({"i": account})),
        (
            "mutation($i: ID!) { setAccountPace(input: {accountId: $i, minMs: 600, maxMs: 700}) { id } }",
            json!({"i": account}),
        ),
        ("mutation($i: ID!) { setAccountDailyCap(input: {accountId: $i, dailyCap: 9}) { id } }", json!({"i": account})),
        ("mutation($w: ID!) { generateWebhookUrl(input: {workspaceId: $w}) { url } }", json!({"w": owner.id})),
        ("mutation($w: ID!) { revealWebhookUrl(input: {workspaceId: $w}) { url } }", json!({"w": owner.id})),
        (
            "mutation($w: ID!) { setWebhookEnabled(input: {workspaceId: $w, enabled: false}) { enabled } }",
            json!({"w": owner.id}),
        ),
        (
            "mutation($w: ID!) { connectAccount(input: {workspaceId: $w, gateway: SIMULATOR, phone: \"15105566778\"}) { id } }",
            json!({"w": owner.id}),
        ),
        (
            "mutation($w: ID!) { grantCredits(input: {workspaceId: $w, amount: 5, reason: \"x\", idempotencyKey: \"k\"}) { repeated } }",
            json!({"w": owner.id}),
        ),
    ] {
        assert_eq!(member.refused(query, variables).await, "FORBIDDEN", "{query}");
    }
}

/// Without the one part that may differ: where in the query the field stood.
fn without_places(mut answer: Value) -> Value {
    for err in answer["errors"].as_array_mut().unwrap() {
        err.as_object_mut().unwrap().remove("locations");
    }
    answer
}
