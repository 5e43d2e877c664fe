//! What Meta refuses, and what it does not answer.

use std::time::Duration;

use nhip_tests::{
    Fault, Meta, Report,
    Shape::{self, Embedded, ScaledOut},
    WebServer, until,
};
use rstest::rstest;
use serde_json::json;

use super::{
    ADA, BOB, PHONE, options,
    outcomes::{PNG, ZIP, serve},
    shop,
};

#[rstest]
#[tokio::test]
async fn what_meta_refuses_for_good_fails_by_its_code_and_is_restored(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    for (n, (code, reason)) in [
        (131_026, "NOT_ON_WHATSAPP"),
        (131_047, "OUTSIDE_REPLY_WINDOW"),
        (131_064, "OUTSIDE_REPLY_WINDOW"),
        (131_030, "INVALID_RECIPIENT"),
        (131_049, "WHATSAPP_ERROR"),
        (131_053, "FILE_REJECTED"),
    ]
    .into_iter()
    .enumerate()
    {
        let phone = format!("+1202555018{n}");
        meta.on(&phone, [Fault::Error(code)]);
        let id = shop.send(&phone, "this is refused").await;
        let message = shop.message_with_status(&id, "FAILED").await;
        assert_eq!(message.failure.as_deref(), Some(reason), "{code}");
        let detail = message.failure_detail.unwrap();
        assert!(detail.contains(&code.to_string()), "{detail}");
        assert_eq!(meta.asked(&phone), 1);
    }
    assert_eq!((shop.credits().await, meta.arrived().len()), (100, 0));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn what_is_too_long_or_no_address_fails_before_meta_is_asked(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let files = WebServer::start(&[("/a.png", |stream, _| Box::pin(serve(stream, "image/png", PNG)))]).await;
    let app = options(shape, &meta).set("NHIP_FILE_ALLOW_HOSTS", "127.0.0.1").start().await;
    let (shop, _) = shop(&app, &meta).await;
    let caption = "x".repeat(1_025);
    let file =
        json!({"action": "send", "phone": ADA, "text": caption, "file_url": files.url("/a.png"), "file_name": "a"});
    let id = shop.post(file).await.accepted();
    let message = shop.message_with_status(&id, "FAILED").await;
    assert!(message.failure_detail.unwrap().contains("1024"));
    let group = json!({"action": "send", "jid": "120363012345678901@g.us", "text": "to a group"});
    let id = shop.post(group).await.accepted();
    let message = shop.message_with_status(&id, "FAILED").await;
    assert_eq!(message.failure.as_deref(), Some("INVALID_RECIPIENT"));
    assert_eq!((meta.asked(ADA), meta.uploads(), shop.credits().await), (0, 0, 100));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_file_of_a_type_that_meta_does_not_take_fails_and_its_owner_reads_which_it_takes(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let meta = Meta::start().await;
    let files = WebServer::start(&[("/a.zip", |stream, _| Box::pin(serve(stream, "application/zip", ZIP)))]).await;
    let app = options(shape, &meta).set("NHIP_FILE_ALLOW_HOSTS", "127.0.0.1").start().await;
    let (shop, _) = shop(&app, &meta).await;
    let zip = json!({"action": "send", "phone": ADA, "file_url": files.url("/a.zip"), "file_name": "a.zip"});
    let id = shop.post(zip).await.accepted();
    let message = shop.message_with_status(&id, "FAILED").await;
    assert_eq!(message.failure.as_deref(), Some("FILE_TYPE_UNSUPPORTED"));
    let detail = message.failure_detail.unwrap();
    assert!(detail.contains("application/zip") && detail.contains("PDF"), "{detail}");
    assert_eq!((meta.asked(ADA), shop.credits().await), (0, 100));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_server_error_is_tried_four_times_and_one_that_passes_only_delays(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.on(ADA, [Fault::Error(131_000); 9]);
    meta.on(BOB, [Fault::Error(131_016), Fault::Error(1)]);
    let (fails, passes) = (shop.send(ADA, "never through").await, shop.send(BOB, "through in the end").await);
    shop.message_with_status(&passes, "READ").await;
    let message = shop.message_with_status(&fails, "FAILED").await;
    assert_eq!(message.failure.as_deref(), Some("WHATSAPP_ERROR"));
    assert_eq!((meta.asked(ADA), meta.asked(BOB)), (4, 3));
    assert_eq!(shop.credits().await, 99);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_file_that_meta_lost_is_uploaded_once_more_and_the_account_stays(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let meta = Meta::start().await;
    let files = WebServer::start(&[("/a.png", |stream, _| Box::pin(serve(stream, "image/png", PNG)))]).await;
    let app = options(shape, &meta).set("NHIP_FILE_ALLOW_HOSTS", "127.0.0.1").start().await;
    let (shop, _) = shop(&app, &meta).await;
    // It was uploaded for an attempt that a server's error ended, and is gone by the next one.
    meta.on(ADA, [Fault::Error(131_000), Fault::FileForgotten]);
    meta.on(BOB, [Fault::FileForgotten, Fault::FileForgotten]);
    let send = async |phone: &str| {
        let body = json!({"action": "send", "phone": phone, "file_url": files.url("/a.png"), "file_name": "a"});
        shop.post(body).await.accepted()
    };
    let (passes, fails) = (send(ADA).await, send(BOB).await);
    shop.message_with_status(&passes, "READ").await;
    let message = shop.message_with_status(&fails, "FAILED").await;
    assert_eq!(message.failure.as_deref(), Some("FILE_REJECTED"), "{message:?}");
    assert_eq!((meta.asked(ADA), meta.asked(BOB), meta.uploads()), (3, 2, 1));
    assert_eq!((shop.till().await.state.as_str(), shop.credits().await), ("CONNECTED", 99));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_file_whose_server_names_no_type_fails_alone(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let files = WebServer::start(&[("/a.bin", |stream, _| {
        Box::pin(serve(stream, "application/pdf charset=utf-8", b"\xff\xc0\0"))
    })])
    .await;
    let app = options(shape, &meta).set("NHIP_FILE_ALLOW_HOSTS", "127.0.0.1").start().await;
    let (shop, _) = shop(&app, &meta).await;
    let body = json!({"action": "send", "phone": ADA, "file_url": files.url("/a.bin"), "file_name": "a.bin"});
    let id = shop.post(body).await.accepted();
    let message = shop.message_with_status(&id, "FAILED").await;
    assert_eq!(message.failure.as_deref(), Some("FILE_TYPE_UNSUPPORTED"), "{message:?}");
    let other = shop.send(BOB, "nobody waits behind it").await;
    shop.message_with_status(&other, "READ").await;
    assert_eq!((meta.asked(ADA), meta.uploads(), shop.credits().await), (0, 0, 99));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn an_expired_token_keeps_the_queue_until_there_is_another(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, mut number) = shop(&app, &meta).await;
    meta.expire_token(&mut number);
    let id = shop.send(ADA, "waits for a token").await;
    let account = shop.account_when(PHONE, "LOGGED_OUT", Duration::from_secs(30)).await;
    assert_eq!(account.reason.as_deref(), Some("TOKEN_EXPIRED"));
    let message = shop.message_with_status(&id, "QUEUED").await;
    assert_eq!(message.waiting_for.as_deref(), Some("ACCOUNT_NOT_CONNECTED"));

    let input = json!({"accountId": account.id, "cloudApi": shop.credentials(&number)});
    shop.mutate("updateCloudApiCredentials", "UpdateCloudApiCredentialsInput", input, "{ state }").await;
    if shop.till().await.state != "CONNECTED" {
        shop.change_account("reconnectAccount", &account).await;
    }
    shop.message_with_status(&id, "READ").await;
    assert_eq!((meta.arrived().len(), shop.credits().await), (1, 99));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_token_that_is_refused_after_it_was_replaced_logs_nobody_out(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, mut number) = shop(&app, &meta).await;
    meta.on(ADA, [Fault::LateError(190)]);
    let id = shop.send(ADA, "under way when the token goes").await;
    until("Meta has it", Duration::from_secs(30), async || meta.asked(ADA) == 1).await;
    meta.expire_token(&mut number);
    let input = json!({"accountId": shop.till().await.id, "cloudApi": shop.credentials(&number)});
    shop.mutate("updateCloudApiCredentials", "UpdateCloudApiCredentialsInput", input, "{ state }").await;
    let message = shop.message_with_status(&id, "READ").await;
    let replaced = |why: &str| why.contains("replaced meanwhile");
    assert!(message.history.iter().any(|step| step.detail.as_deref().is_some_and(replaced)), "{message:?}");
    assert_eq!((shop.till().await.state.as_str(), meta.asked(ADA)), ("CONNECTED", 2));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn an_app_secret_that_was_reset_at_meta_keeps_the_queue_until_the_new_one_is_told(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, mut number) = shop(&app, &meta).await;
    meta.reset_secret(&mut number);
    let id = shop.send(ADA, "waits for a secret").await;
    let account = shop.account_when(PHONE, "LOGGED_OUT", Duration::from_secs(30)).await;
    assert_eq!(account.reason.as_deref(), Some("TOKEN_REFUSED"));
    shop.message_with_status(&id, "QUEUED").await;
    let input = json!({"accountId": account.id, "cloudApi": shop.credentials(&number)});
    shop.mutate("updateCloudApiCredentials", "UpdateCloudApiCredentialsInput", input, "{ state }").await;
    shop.message_with_status(&id, "READ").await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_locked_account_sends_nothing_and_keeps_its_queue(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.on(ADA, [Fault::Error(131_031)]);
    let id = shop.send(ADA, "waits for an appeal").await;
    let account = shop.account_when(PHONE, "BANNED", Duration::from_secs(30)).await;
    assert_eq!(account.reason.as_deref(), Some("LOCKED"));
    shop.message_with_status(&id, "QUEUED").await;
    shop.change_account("reconnectAccount", &account).await;
    shop.message_with_status(&id, "READ").await;
    app.finish().await;
}

#[rstest]
#[case::cut(Fault::TakenThenCut)]
#[case::silent(Fault::TakenThenSilent)]
#[case::bad_gateway(Fault::Bare(502))]
#[case::taken_then_unavailable(Fault::TakenThenBare(503))]
#[case::taken_then_too_many(Fault::TakenThenBare(429))]
#[tokio::test]
async fn a_lost_answer_is_never_sent_again_and_given_up_after_the_grace_time(
    #[case] fault: Fault,
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).set("NHIP_UNCONFIRMED_GRACE", "20s").start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.on(ADA, [fault]);
    meta.report_of(ADA, Report::Nothing);
    let lost = shop.send(ADA, "was this taken?").await;
    let other = shop.send(BOB, "the lane goes on").await;
    shop.message_with_status(&other, "READ").await;
    assert_eq!(shop.message(&lost).await.status, "SENDING");

    let message = shop.message_with_status(&lost, "FAILED").await;
    assert_eq!((message.failure.as_deref(), message.credits_restored), (Some("UNCONFIRMED"), true));
    assert_eq!((meta.asked(ADA), shop.credits().await), (1, 99));

    if let Some(taken) = meta.arrived_at(ADA).first() {
        meta.report(taken, "delivered").await;
        let message = shop.message_with_status(&lost, "DELIVERED").await;
        assert_eq!((message.failure, message.credits_restored), (None, true));
        assert_eq!(shop.credits().await, 99, "what came back is not charged again");
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_callback_settles_a_lost_answer_before_the_grace_time(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.on(ADA, [Fault::TakenThenCut]);
    let id = shop.send(ADA, "lost, then found").await;
    shop.message_with_status(&id, "READ").await;
    assert_eq!((meta.arrived().len(), meta.asked(ADA), shop.credits().await), (1, 1, 99));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn nothing_is_lost_while_meta_cannot_be_reached(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.hang_up().await;
    let id = shop.send(ADA, "over a broken line").await;
    let detail = async || {
        let message = shop.message(&id).await;
        message
            .history
            .iter()
            .any(|step| step.detail.as_deref().is_some_and(|why| why.contains("could not be reached")))
    };
    until("it was tried in vain", Duration::from_secs(30), detail).await;
    meta.pick_up().await;
    shop.message_with_status(&id, "READ").await;
    assert_eq!(shop.credits().await, 99);
    app.finish().await;
}
