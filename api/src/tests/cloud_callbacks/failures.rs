//! Messages that fail after Meta took them: whose failure it is, and what else it means.

use nhip_entity::{account, message, status_change};
use sea_orm::{ActiveValue::Set, EntityTrait as _};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{super::app::TestApp, statuses};

impl TestApp {
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
