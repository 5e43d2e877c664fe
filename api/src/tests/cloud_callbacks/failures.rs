//! Messages that fail after Meta took them: whose failure it is, and what else it means.

use chrono::TimeDelta;
use nhip_domain::message::{Ending, How};
use nhip_entity::{
    account::{self, AccountState},
    message, status_change,
};
use sea_orm::{ActiveModelTrait as _, ActiveValue::Set, EntityTrait as _, IntoActiveModel as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    super::{
        app::TestApp,
        graph::{BUSINESS, NUMBER},
    },
    callback, of, statuses,
};

impl TestApp {
    /// It has been connected for longer than what happens in a test goes back.
    async fn connected_an_hour_ago(&self, account: &str) {
        let mut row = self.account(account).await.into_active_model();
        row.connected_at = Set(Some(self.cx().now() - TimeDelta::hours(1)));
        let txn = self.cx().db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
        row.update(&*txn).await.unwrap();
        txn.commit().await.unwrap();
    }

    /// Meta reports of a message that it took, at that time, that it failed by this code.
    async fn fails(&self, account: &str, id: &str, code: i64, seconds: i64) {
        self.answered(account, id).await;
        self.meta_posts(account, &failure_by(code, seconds, id, &format!("wamid.{id}"))).await;
        self.handle().await;
    }

    async fn is_told(&self, account: &str, callback: &Value) {
        self.meta_posts(account, callback).await;
        self.handle().await;
    }

    /// Its state, and until when that lasts.
    async fn state(&self, account: &str) -> (account::AccountState, Option<i64>) {
        let row = self.account(account).await;
        (row.state, row.restricted_until.map(|at| at.timestamp()))
    }

    /// It was tried before, and refused.
    async fn went_back(&self, id: &str) {
        let step = status_change::ActiveModel {
            id: Set(Uuid::new_v4()),
            message_id: Set(id.to_owned()),
            status: Set(message::MessageStatus::Queued),
            at: Set(self.cx().now()),
            detail: Set(None),
        };
        let txn = self.cx().db.write(nhip_domain::database::Urgency::Normal).await.unwrap();
        status_change::Entity::insert(step).exec_without_returning(&*txn).await.unwrap();
        txn.commit().await.unwrap();
    }
}

/// What Meta announces of the business account.
fn update(seconds: i64, value: &Value) -> Value {
    let changes = json!([{"field": "account_update", "value": value}]);
    json!({"entry": [{"id": BUSINESS, "time": seconds, "changes": changes}]})
}

/// That it may not answer, until then.
fn restriction(seconds: i64, until: &Value) -> Value {
    let info = json!([{"restriction_type": "RESTRICTED_CUSTOMER_INITIATED_MESSAGING", "expiration": until}]);
    update(seconds, &json!({"event": "ACCOUNT_RESTRICTION", "restriction_info": info}))
}

fn ban(seconds: i64, state: &str) -> Value {
    update(seconds, &json!({"event": "DISABLED_UPDATE", "ban_info": {"waba_ban_state": state}}))
}

fn failure(id: &str, wamid: &str) -> Value {
    failure_by(131_026, 1_700_000_000, id, wamid)
}

fn failure_by(code: i64, seconds: i64, id: &str, wamid: &str) -> Value {
    statuses(&[
        json!({"id": wamid, "status": "failed", "timestamp": seconds.to_string(), "biz_opaque_callback_data": id,
        "errors": [{"code": code, "title": "What Meta calls it"}]}),
    ])
}

#[tokio::test]
async fn a_limit_that_meta_reports_afterwards_holds_the_account_as_long_as_it_lasts() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let now = app.cx().now().timestamp();
        for (seconds, held_until) in [(now - 3_600, None), (now, Some(now + 900)), (now - 60, Some(now + 900))] {
            let id = shop.sending().await;
            app.answered(&account, &id).await;
            app.meta_posts(&account, &failure_by(131_048, seconds, &id, &format!("wamid.{id}"))).await;
            app.handle().await;
            assert_eq!(app.message(&id).await.failure, Some(message::FailureReason::RateLimited));
            assert_eq!(app.account(&account).await.held_until.map(|at| at.timestamp()), held_until);
        }
    }
}

#[tokio::test]
async fn a_failure_counts_of_the_attempt_that_was_taken_alone() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let queued = shop.send("hello").await.trim_start_matches("wa_backend:").to_owned();
        let taken = shop.sending().await;
        app.answered(&account, &taken).await;
        let before = shop.balance().await.as_i64().unwrap();
        for id in [&queued, &taken] {
            app.meta_posts(&account, &failure(id, "wamid.refused")).await;
        }
        app.handle().await;
        assert_eq!(app.message(&queued).await.status, message::MessageStatus::Queued, "it is sent once more");
        assert_eq!(app.message(&taken).await.status, message::MessageStatus::Sent);
        assert_eq!((shop.balance().await, app.kept().await.len()), (json!(before), 0));
        app.meta_posts(&account, &failure(&taken, &format!("wamid.{taken}"))).await;
        app.handle().await;
        assert_eq!(app.message(&taken).await.failure, Some(message::FailureReason::NotOnWhatsapp));
        assert_eq!(shop.balance().await, json!(before + 1));
    }
}

#[tokio::test]
async fn a_failure_that_is_faster_than_metas_answer_is_looked_at_until_that_is_there_or_lost() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let (early, other, lost, again) =
            (shop.sending().await, shop.sending().await, shop.sending().await, shop.sending().await);
        let past_window = shop.sending().await;
        app.went_back(&again).await;
        for id in [&early, &other, &lost, &again] {
            app.meta_posts(&account, &failure(id, &format!("wamid.{id}"))).await;
        }
        // Past the window, the same attempt goes on with the template.
        app.meta_posts(&account, &failure_by(131_047, 1_700_000_000, &past_window, "wamid.text")).await;
        app.handle().await;
        for id in [&early, &other, &lost, &again] {
            assert_eq!(app.message(id).await.status, message::MessageStatus::Sending);
        }
        assert_eq!(app.kept().await.len(), 5);

        app.answered(&account, &early).await;
        app.answered_as(&account, &other, "wamid.another").await;
        while let Some(callback) = app.kept().await.pop() {
            assert!(callback.attempts <= 6, "{callback:?}");
            app.is_due(callback.id).await;
            app.handle().await;
        }
        let of = async |id: &str| app.message(id).await.status;
        assert_eq!(of(&early).await, message::MessageStatus::Failed);
        assert_eq!(of(&other).await, message::MessageStatus::Sent, "what failed was an attempt before");
        assert_eq!(of(&lost).await, message::MessageStatus::Failed, "there was one attempt");
        assert_eq!(of(&again).await, message::MessageStatus::Sending, "which of two failed, nobody knows");
        assert_eq!(of(&past_window).await, message::MessageStatus::Sending, "the text failed, or the template");
    }
}

#[tokio::test]
async fn a_report_that_a_file_is_gone_fails_its_message_and_not_the_account() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let id = shop.sending().await;
        app.answered(&account, &id).await;
        let gone = json!({"id": format!("wamid.{id}"), "status": "failed", "timestamp": app.cx().now().timestamp().to_string(),
            "biz_opaque_callback_data": id, "errors": [{"code": 100, "error_subcode": 33, "title": "Object does not exist"}]});
        app.meta_posts(&account, &statuses(&[gone])).await;
        app.handle().await;
        assert_eq!(app.message(&id).await.failure, Some(message::FailureReason::FileRejected));
        assert_eq!(app.account(&account).await.state, account::AccountState::Connected);
    }
}

#[tokio::test]
async fn an_end_that_meta_announced_outlives_failures_and_no_announcement_without_one() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        app.connected_an_hour_ago(&account).await;
        let now = app.cx().now().timestamp();
        let (late, until) = (shop.sending().await, now + 600);
        app.is_told(&account, &restriction(now - 60, &json!(until))).await;
        app.fails(&account, &late, 368, now - 30).await;
        assert_eq!(app.state(&account).await, (AccountState::Banned, Some(until)));
        app.is_told(&account, &ban(now - 20, "DISABLE")).await;
        assert_eq!(app.state(&account).await, (AccountState::Banned, None));
        app.is_told(&account, &restriction(now - 40, &json!(until))).await;
        assert_eq!(app.state(&account).await, (AccountState::Banned, None), "what was before is over");
    }
}

#[tokio::test]
async fn what_meta_announces_counts_although_a_failure_of_later_was_told_before() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        app.connected_an_hour_ago(&account).await;
        let now = app.cx().now().timestamp();
        let (late, later) = (shop.sending().await, shop.sending().await);
        app.fails(&account, &late, 368, now - 10).await;
        assert_eq!(app.state(&account).await, (AccountState::Banned, None));
        let until = chrono::DateTime::from_timestamp(now + 600, 0).unwrap().format("%Y-%m-%dT%H:%M:%S+0000");
        app.is_told(&account, &restriction(now - 60, &json!(until.to_string()))).await;
        assert_eq!(app.state(&account).await, (AccountState::Banned, Some(now + 600)));
        app.is_told(&account, &ban(now - 5, "REINSTATE")).await;
        app.fails(&account, &later, 368, now - 30).await;
        assert_eq!(app.state(&account).await, (AccountState::Connected, None), "a failure of before is over");
    }
}

#[tokio::test]
async fn an_error_that_is_no_messages_stops_or_holds_its_account() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let trouble = |code: i64| callback(&json!([of(NUMBER, &json!({"errors": [{"code": code, "title": "Why"}]}))]));
        app.is_told(&account, &trouble(131_051)).await;
        let row = app.account(&account).await;
        assert_eq!((row.state, row.held_until), (AccountState::Connected, None), "of one message");
        app.is_told(&account, &trouble(131_048)).await;
        assert!(app.account(&account).await.held_until > Some(app.cx().now()));
        app.is_told(&account, &trouble(131_042)).await;
        let row = app.account(&account).await;
        assert_eq!((row.state, row.reason), (AccountState::LoggedOut, Some(account::AccountReason::TokenRefused)));
        assert!(row.reason_detail.unwrap().contains("payment"));
    }
}

#[tokio::test]
async fn a_group_got_a_message_that_one_of_it_did_not_get() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let id = shop.sending().await;
        app.answered(&account, &id).await;
        let failed = json!({"id": format!("wamid.{id}"), "status": "failed", "timestamp": "1700000000",
            "biz_opaque_callback_data": id, "recipient_type": "group", "recipient_id": "Y2FwaV9ncm91cDo",
            "recipient_participant_id": "12025550100", "errors": [{"code": 131_026, "title": "Undeliverable"}]});
        app.is_told(&account, &statuses(&[failed])).await;
        assert_eq!(app.message(&id).await.status, message::MessageStatus::Sent);
        assert_eq!(app.kept().await.len(), 0);
    }
}

#[tokio::test]
async fn what_was_given_up_gets_the_reason_that_meta_reports_if_there_was_one_attempt() {
    for app in TestApp::everywhere().await {
        let shop = app.shop("ada").await;
        let account = shop.connect_cloud().await;
        let (once, again) = (shop.sending().await, shop.sending().await);
        app.went_back(&again).await;
        for id in [&once, &again] {
            let workspace_id = shop.id.parse().unwrap();
            let given_up = Ending { workspace_id, message_id: id.clone(), how: How::Unconfirmed { by: None } };
            nhip_domain::message::settle(app.cx(), &[given_up]).await.unwrap();
            app.is_told(&account, &failure(id, "wamid.A")).await;
        }
        let why = async |id: &str| app.message(id).await.failure;
        assert_eq!(why(&once).await, Some(message::FailureReason::NotOnWhatsapp));
        assert_eq!(why(&again).await, Some(message::FailureReason::Unconfirmed), "which of two failed, nobody knows");
    }
}
