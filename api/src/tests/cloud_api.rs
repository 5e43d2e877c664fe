//! Accounts of Meta's Cloud API: connecting them, their credentials, and who may know what of them.

use nhip_domain::{
    Cx,
    account::{self, Report, Source},
    clock::rng,
    secret::{SecretKey, reseal_all},
};
use nhip_entity::{
    account::{AccountReason, AccountState},
    audit_entry, cloud_account,
};
use sea_orm::EntityTrait as _;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    app::{Shop, TestApp, text},
    graph::{BUSINESS, NUMBER, PHONE},
};

const CONNECT: &str = "mutation($i: ConnectAccountInput!) { connectAccount(input: $i) { \
    id phone name gateway state reason callbackUrl template { name } capabilities } }";
const UPDATE: &str = "mutation($i: UpdateCloudApiCredentialsInput!) { updateCloudApiCredentials(input: $i) { id state reason connectedAt } }";
const RECONNECT: &str = "mutation($a: ID!) { reconnectAccount(input: {accountId: $a}) { id state } }";
const DISCONNECT: &str = "mutation($a: ID!) { disconnectAccount(input: {accountId: $a}) { id state } }";

/// Credentials that Meta takes.
pub(super) fn credentials() -> Value {
    json!({
        "phoneNumberId": NUMBER, "businessAccountId": BUSINESS,
        "accessToken": "EAAGsecret", "appSecret": "appsecret", "verifyToken": "verifysecret",
    })
}

impl Shop<'_> {
    /// An account of the Cloud API: its id.
    pub(super) async fn connect_cloud(&self) -> String {
        text(&self.ok(CONNECT, self.cloud(json!({}))).await["connectAccount"]["id"])
    }

    /// What connects one, with other credentials.
    fn cloud(&self, other: Value) -> Value {
        json!({"i": {"workspaceId": self.id, "gateway": "CLOUD_API", "phone": PHONE, "cloudApi": with(other)}})
    }
}

fn with(other: Value) -> Value {
    let mut credentials = credentials();
    let Value::Object(other) = other else { panic!("{other}") };
    credentials.as_object_mut().unwrap().extend(other);
    credentials
}

async fn stored(app: &TestApp) -> Vec<cloud_account::Model> {
    cloud_account::Entity::find().all(app.cx().db.read()).await.unwrap()
}

#[tokio::test]
async fn a_number_is_connected_once_meta_takes_its_credentials_which_nobody_sees_again() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.ok(CONNECT, shop.cloud(json!({}))).await["connectAccount"].clone();
        let id = text(&account["id"]);
        assert_eq!(account["callbackUrl"], format!("http://127.0.0.1:8080/whatsapp/cloud/{id}"));
        assert_eq!((&account["phone"], &account["gateway"]), (&json!(PHONE), &json!("CLOUD_API")));
        assert_eq!((&account["state"], &account["template"]), (&json!("CONNECTED"), &Value::Null));
        assert_eq!(app.graph.subscribed(), [BUSINESS]);

        let row = stored(&app).await.pop().unwrap();
        assert_eq!((row.phone_number_id.as_str(), row.business_account_id.as_str()), (NUMBER, BUSINESS));
        let shown = String::from_utf8_lossy(&row.credentials).into_owned();
        let trail = audit_entry::Entity::find().all(app.cx().db.read()).await.unwrap();
        for secret in ["EAAGsecret", "appsecret", "verifysecret"] {
            assert!(!shown.contains(secret) && !format!("{trail:?}").contains(secret), "{secret}");
        }
        let entry = trail.iter().find(|entry| entry.action == "account.connect").unwrap();
        assert_eq!(entry.detail.as_ref().unwrap()["phoneNumberId"], NUMBER);
        let read = account::cloud_api::find(app.cx(), row.account_id).await.unwrap().unwrap();
        assert_eq!(read.credentials.access_token, "EAAGsecret");
    }
}

#[tokio::test]
async fn what_is_wrong_with_credentials_is_said_in_words_that_name_the_field() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    app.graph.knows("7", "+1 202-555-0199", "8");
    for (other, field, words) in [
        (json!({"phoneNumberId": "+1 202"}), "phoneNumberId", "digits alone"),
        (json!({"phoneNumberId": "404"}), "phoneNumberId", "Meta knows no such `phoneNumberId`"),
        (json!({"businessAccountId": "404"}), "businessAccountId", "Meta knows no such `businessAccountId`"),
        (json!({"businessAccountId": "8"}), "businessAccountId", "does not belong"),
        (json!({"accessToken": "expired-1"}), "accessToken", "Session has expired"),
        (json!({"accessToken": "poor-1"}), "accessToken", "whatsapp_business_management"),
        (json!({"accessToken": "two words"}), "accessToken", "copy it again"),
        (json!({"appSecret": "wrong"}), "appSecret", "not the secret of the app"),
        (json!({"verifyToken": ""}), "verifyToken", "missing"),
    ] {
        let told = shop.told(CONNECT, shop.cloud(other.clone())).await;
        assert_eq!((told.0.as_str(), told.1.as_str()), ("BAD_INPUT", Some(field)), "{other}: {told:?}");
        assert!(told.2.contains(words), "{other}: {told:?}");
    }
    let mut other_phone = shop.cloud(json!({}));
    other_phone["i"]["phone"] = json!("+12025550198");
    let told = shop.told(CONNECT, other_phone).await;
    assert_eq!(
        (told.1, told.2),
        (json!("phone"), "`phone` is +12025550198, but `phoneNumberId` is Meta's id of +12025550199".to_owned())
    );
    let told = shop.told(CONNECT, shop.cloud(json!({"accessToken": "down-1"}))).await;
    assert_eq!((told.0.as_str(), told.1), ("UNAVAILABLE", Value::Null), "{}", told.2);
    let without = json!({"i": {"workspaceId": shop.id, "gateway": "CLOUD_API", "phone": PHONE}});
    assert_eq!(shop.told(CONNECT, without).await.1, "cloudApi");
    assert!(stored(&app).await.is_empty());
    assert!(app.graph.subscribed().is_empty(), "nothing is changed at Meta either");
}

#[tokio::test]
async fn a_number_is_connected_once_in_the_whole_installation() {
    for app in TestApp::everywhere().await {
        let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
        let id = ada.connect_cloud().await;
        let (code, _, sentence) = bob.told(CONNECT, bob.cloud(json!({}))).await;
        assert_eq!(code, "CONFLICT");
        assert!(sentence.contains("phoneNumberId") && !sentence.contains("ada"), "{sentence}");
        app.graph.knows("7", PHONE, BUSINESS);
        let (code, _, sentence) = ada.told(CONNECT, ada.cloud(json!({"phoneNumberId": "7"}))).await;
        assert_eq!(code, "CONFLICT");
        assert!(sentence.contains("the phone +12025550199"), "{sentence}");

        ada.ok(DISCONNECT, json!({"a": id})).await;
        assert!(stored(&app).await.is_empty(), "credentials go with the account");
        bob.connect_cloud().await;
        bob.ok("mutation($w: ID!) { deleteWorkspace(input: {workspaceId: $w}) }", json!({"w": bob.id})).await;
        assert!(stored(&app).await.is_empty(), "and with the workspace");
        ada.connect_cloud().await;
    }
}

#[tokio::test]
async fn new_credentials_are_checked_and_connect_an_account_whose_token_ran_out() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let id = shop.connect_cloud().await;
        let expired = Report {
            state: AccountState::LoggedOut,
            reason: Some(AccountReason::TokenExpired),
            detail: Some("It ran out".to_owned()),
            until: None,
        };
        assert!(account::report(app.cx(), id.parse().unwrap(), &expired, Source::Now).await.unwrap());
        let update = |other: Value| json!({"i": {"accountId": id, "cloudApi": with(other)}});
        let told = shop.told(UPDATE, update(json!({"accessToken": "expired-2"}))).await;
        assert_eq!((told.0.as_str(), told.1), ("BAD_INPUT", json!("accessToken")));
        let updated = shop.ok(UPDATE, update(json!({"accessToken": "EAAGnewer"}))).await;
        let updated = &updated["updateCloudApiCredentials"];
        assert_eq!((&updated["state"], &updated["reason"]), (&json!("CONNECTED"), &Value::Null));
        let read = account::cloud_api::find(app.cx(), id.parse().unwrap()).await.unwrap().unwrap();
        assert_eq!(read.credentials.access_token, "EAAGnewer");

        let simulated = shop.connect("15105566777").await;
        let told = shop.told(UPDATE, json!({"i": {"accountId": simulated, "cloudApi": credentials()}})).await;
        assert_eq!(told.0, "CONFLICT");
    }
}

#[tokio::test]
async fn a_reconnect_asks_meta_about_the_credentials_again() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    let id = shop.connect_cloud().await;
    let told = shop.told(RECONNECT, json!({"a": id})).await;
    assert_eq!(told.0, "CONFLICT", "it is connected: {told:?}");
    let account_id: Uuid = id.parse().unwrap();
    let banned = Report { state: AccountState::Banned, reason: Some(AccountReason::Locked), detail: None, until: None };
    assert!(account::report(app.cx(), account_id, &banned, Source::Now).await.unwrap());
    app.graph.knows(NUMBER, "+1 202-555-0100", BUSINESS);
    assert_eq!(shop.told(RECONNECT, json!({"a": id})).await.1, "phone", "the number has another phone now");
    app.graph.knows(NUMBER, PHONE, BUSINESS);
    assert_eq!(shop.ok(RECONNECT, json!({"a": id})).await["reconnectAccount"]["state"], "CONNECTED");

    // Of a restriction without an end nobody reports the end; one that has an end ends by the clock.
    for (hours, answer) in [(Some(1), "CONFLICT"), (None, "CONNECTED")] {
        let until = hours.map(|hours| app.cx().now() + chrono::TimeDelta::hours(hours));
        let reason = Some(AccountReason::NewChatsLocked);
        let locked = Report { state: AccountState::Restricted, reason, detail: None, until };
        assert!(account::report(app.cx(), account_id, &locked, Source::Announced(app.cx().now())).await.unwrap());
        let answered = app.graphql(Some(&shop.bearer), RECONNECT, json!({"a": id})).await.to_string();
        assert!(answered.contains(answer), "{answered}");
    }
}

#[tokio::test]
async fn an_app_is_subscribed_where_it_is_not_and_never_again() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    // Other apps may be told of the same business account.
    app.graph.tells(BUSINESS, &["1", "2"]);
    let id = shop.connect_cloud().await;
    assert_eq!(app.graph.subscribed(), [BUSINESS]);
    // Again, it would lose the URL that its owner may have set for this business account.
    shop.ok(UPDATE, json!({"i": {"accountId": id, "cloudApi": credentials()}})).await;
    let banned = Report { state: AccountState::Banned, reason: Some(AccountReason::Locked), detail: None, until: None };
    assert!(account::report(app.cx(), id.parse().unwrap(), &banned, Source::Now).await.unwrap());
    shop.ok(RECONNECT, json!({"a": id})).await;
    shop.ok(DISCONNECT, json!({"a": id})).await;
    let id = shop.connect_cloud().await;
    assert_eq!(app.graph.subscribed(), [BUSINESS]);
    app.graph.tells(BUSINESS, &["1"]);
    shop.ok(UPDATE, json!({"i": {"accountId": id, "cloudApi": credentials()}})).await;
    assert_eq!(app.graph.subscribed(), [BUSINESS, BUSINESS], "somebody had taken it away");
}

#[tokio::test]
async fn nothing_is_changed_at_meta_for_a_number_that_is_taken() {
    let app = TestApp::start().await;
    let (ada, bob) = (app.shop("ada").await, app.shop("bob").await);
    ada.connect_cloud().await;
    app.graph.tells(BUSINESS, &[]);
    let (code, field, _) = bob.told(CONNECT, bob.cloud(json!({}))).await;
    assert_eq!((&*code, field), ("CONFLICT", json!("phoneNumberId")));
    app.graph.knows("7", PHONE, BUSINESS);
    let (code, field, _) = ada.told(CONNECT, ada.cloud(json!({"phoneNumberId": "7"}))).await;
    assert_eq!((&*code, field), ("CONFLICT", json!("phone")));
    app.graph.knows("8", "+1 202-555-0198", "9");
    let mut own = bob.cloud(json!({"phoneNumberId": "8", "businessAccountId": "9"}));
    own["i"]["phone"] = json!("+12025550198");
    let id = text(&bob.ok(CONNECT, own).await["connectAccount"]["id"]);
    app.graph.knows(NUMBER, "+1 202-555-0198", BUSINESS);
    let told = bob.told(UPDATE, json!({"i": {"accountId": id, "cloudApi": credentials()}})).await;
    assert_eq!(told.0, "CONFLICT", "{told:?}");
    assert_eq!(app.graph.subscribed(), [BUSINESS, "9"], "once for each that was connected");
}

#[tokio::test]
async fn credentials_are_sealed_anew_by_a_new_key() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let id: Uuid = shop.connect_cloud().await.parse().unwrap();
        let both = SecretKey::replaced(&app.key, &mut rng());
        let with = |keys: &str| Cx { secret: SecretKey::new(keys).unwrap(), ..app.cx().clone() };
        assert_eq!(reseal_all(&with(&both)).await.unwrap(), 1);
        let (new, _) = both.split_once('\n').unwrap();
        let read = account::cloud_api::find(&with(new), id).await.unwrap().unwrap();
        assert_eq!(read.credentials.app_secret, "appsecret");
        assert!(account::cloud_api::find(app.cx(), id).await.is_err(), "the old key opens it no more");
    }
}

#[tokio::test]
async fn a_template_is_set_and_taken_away_again() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    let id = shop.connect_cloud().await;
    let query =
        "mutation($i: SetAccountTemplateInput!) { setAccountTemplate(input: $i) { template { name language } } }";
    let set = async |input: Value| shop.ok(query, json!({"i": input})).await["setAccountTemplate"]["template"].clone();
    let template = set(json!({"accountId": id, "name": "order_update", "language": "vi"})).await;
    assert_eq!(template, json!({"name": "order_update", "language": "vi"}));
    assert_eq!(set(json!({"accountId": id})).await, Value::Null);
    assert_eq!(shop.told(query, json!({"i": {"accountId": id, "name": "No Name"}})).await.1, "name");
    let simulated = shop.connect("15105566777").await;
    assert_eq!(shop.told(query, json!({"i": {"accountId": simulated, "name": "x"}})).await.0, "CONFLICT");
}

#[tokio::test]
async fn a_ban_that_is_over_is_lifted_by_the_clock() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let id: Uuid = shop.connect_cloud().await.parse().unwrap();
        let now = app.cx().now();
        let banned = |until| Report {
            state: AccountState::Banned,
            reason: Some(AccountReason::TemporaryBan),
            detail: None,
            until: Some(until),
        };
        account::report(app.cx(), id, &banned(now + chrono::TimeDelta::hours(1)), Source::Now).await.unwrap();
        assert_eq!(account::lift(app.cx()).await.unwrap(), 0);
        let row = Report { state: AccountState::Restricted, ..banned(now - chrono::TimeDelta::seconds(1)) };
        assert!(account::report(app.cx(), id, &row, Source::Now).await.unwrap());
        assert_eq!(account::lift(app.cx()).await.unwrap(), 1);
        assert_eq!(account::lift(app.cx()).await.unwrap(), 0);
    }
}
