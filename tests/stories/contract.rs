//! Sentences of the webhook's contract that no other story is about.

use std::time::Duration;

use nhip_domain::{
    clock,
    token::{Token, TokenKind},
};
use nhip_tests::{
    Answer, Options,
    Shape::{self, Embedded, ScaledOut},
    TestApp, phone, until,
};
use reqwest::{Method, RequestBuilder};
use rstest::rstest;
use serde_json::{Value, json};
use tokio::time::timeout;
use unicode_normalization::UnicodeNormalization as _;

const TOO_LARGE: usize = 70_000;

/// A token as good as any, which is nobody's.
fn unknown_token() -> String {
    Token::draw(TokenKind::Webhook, &mut clock::rng()).reveal().to_owned()
}

/// Calls the URL of a token.
async fn call(
    app: &TestApp,
    token: &str,
    method: Method,
    with: impl FnOnce(RequestBuilder) -> RequestBuilder,
) -> Answer {
    let request = app.http().request(method, format!("{}/webhook/{token}", app.url()));
    Answer::of(with(request).send().await.unwrap()).await.unwrap()
}

fn encoded(request: RequestBuilder) -> RequestBuilder {
    request.header("content-encoding", "gzip")
}

#[rstest]
#[tokio::test]
async fn what_needs_no_database_is_checked_first_and_in_order(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let token = unknown_token();
    let large = || " ".repeat(TOO_LARGE);
    let malformed = call(&app, "nhip_wh_nope", Method::GET, |request| encoded(request).body(large())).await;
    malformed.refused(404, "WEBHOOK_NOT_FOUND");
    let not_post = call(&app, &token, Method::PUT, |request| encoded(request).body(large())).await;
    not_post.refused(405, "METHOD_NOT_ALLOWED");
    call(&app, &token, Method::POST, |request| encoded(request).body(large())).await.refused(413, "BODY_TOO_LARGE");
    call(&app, &token, Method::POST, |request| encoded(request).body("{")).await.refused(415, "UNSUPPORTED_ENCODING");
    call(&app, &token, Method::POST, |request| request.body("{")).await.refused(404, "WEBHOOK_NOT_FOUND");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn what_the_database_knows_is_checked_next_and_in_order(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(1).set("NHIP_WEBHOOK_RATE", "6/h").start().await;
    let shop = app.shop().await;
    let keyed = async |body: Value| {
        shop.call(Method::POST, |request| request.header("idempotency-key", "k").body(body.to_string())).await
    };
    shop.set_enabled(false).await;
    shop.call(Method::GET, |request| request).await.refused(405, "METHOD_NOT_ALLOWED");
    shop.post_raw("{").await.refused(403, "WEBHOOK_DISABLED");
    shop.set_enabled(true).await;
    // The body comes before accounts, chats and credits: this one names an account that is not there.
    let nobody = json!({"action": "send", "text": "a", "phone": ["1"], "whatsapp_account_phone": "+19"});
    shop.post(nobody).await.refused(400, "BAD_FIELD");
    keyed(json!({"action": "send", "phone": phone::NEVER_READ, "text": "takes the last credit"})).await.accepted();
    // A key that is taken comes before a chat that is not there, and that before credits that are spent.
    keyed(json!({"action": "send", "chat_name": "nobody", "text": "a"})).await.refused(409, "IDEMPOTENCY_MISMATCH");
    shop.post(json!({"action": "send", "chat_name": "nobody", "text": "a"})).await.refused(400, "CHAT_NOT_FOUND");
    shop.post(json!({"action": "send", "phone": "1", "text": "a"})).await.refused(402, "OUT_OF_CREDITS");
    // The limit, reached with this one, comes before the body, and the switch before the limit.
    shop.post_raw("{").await.refused(400, "INVALID_JSON");
    shop.post_raw("{").await.refused(429, "RATE_LIMITED");
    shop.set_enabled(false).await;
    shop.post_raw("{").await.refused(403, "WEBHOOK_DISABLED");
    app.finish().await;
}

#[tokio::test]
async fn with_no_database_every_well_formed_token_is_asked_to_come_back() {
    let app = Options::new(ScaledOut).own_postgres().start().await;
    let shop = app.shop().await;
    let meanwhile = async {
        let is_gone = async || shop.post_raw("{}").await.status == 503;
        until("the database is gone", Duration::from_secs(15), is_gone).await;
        for (token, method) in [(unknown_token(), Method::POST), (unknown_token(), Method::GET)] {
            let asked = app.clock().instant();
            let answer = call(&app, &token, method, |request| request.body("{")).await;
            assert!(app.clock().instant() - asked < Duration::from_secs(5));
            assert_eq!(answer.header("retry-after"), Some("1"));
            let refused = answer.refused(503, "UNAVAILABLE");
            assert!(refused["message"].as_str().unwrap().contains("Nothing was charged"), "{refused}");
        }
        call(&app, "nhip_wh_nope", Method::POST, |request| request).await.refused(404, "WEBHOOK_NOT_FOUND");
    };
    app.postgres().crash_during(meanwhile).await;
    app.ready().await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn fields_are_taken_in_every_spelling_that_the_contract_has(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    shop.connect("+15105566778").await;
    let text = |n: usize| format!("in spelling number {n}");
    let bodies = [
        json!({"phone": 12_025_550_100_u64, "whatsapp_account_phone": 15_105_566_777_u64}),
        json!({"phone": "+12025550100", "whatsapp account phone": "+1 510 556-6777"}),
        json!({"phone": "+12025550100", "whatsapp_account_phone": "15105566777", "whatsapp account phone": "+15105566777"}),
        json!({"phone": "+12025550100", "whatsapp_account_phone": "+15105566777", "jid": "", "chat_id": null, "file_url": "", "file_name": null}),
    ];
    for (n, mut body) in bodies.into_iter().enumerate() {
        body["action"] = "send".into();
        body["text"] = text(n).into();
        let spelled = format!("\u{feff}{}", serde_json::to_string_pretty(&body).unwrap());
        let id = shop.post_raw(spelled).await.accepted();
        let message = shop.message(&id).await;
        assert_eq!((message.text, message.account.phone.as_deref()), (text(n), Some("+15105566777")), "{body}");
    }
    let whole = json!({"action": "send", "phone": phone::NEVER_READ, "text": "👍".repeat(4_096)});
    shop.post(whole).await.accepted();
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn chats_are_named_by_number_or_by_exact_name(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    shop.connect("+15105566778").await;
    let account = json!("+15105566777");
    let first =
        json!({"action": "send", "phone": phone::USUAL, "text": "makes the chat", "whatsapp_account_phone": account});
    let first = shop.post(first).await.accepted();
    let chat = shop.message_with_status(&first, "READ").await.chat.unwrap();
    let rename = json!({"chatId": chat.id, "name": "Đội bán hàng"});
    shop.mutate("renameChat", "RenameChatInput", rename, "{ name }").await;
    let apart: String = "  Đội bán hàng ".nfd().collect();
    for recipient in [
        json!({"chat_id": chat.id}),
        json!({"chat_id": chat.id.parse::<i64>().unwrap()}),
        // The chat's own account sends, whatever else is named.
        json!({"chat_id": chat.id, "whatsapp_account_phone": "+19999999999"}),
        json!({"chat_name": apart}),
    ] {
        let mut body = json!({"action": "send", "text": "to a chat of ours"});
        body.as_object_mut().unwrap().extend(recipient.as_object().unwrap().clone());
        let message = shop.message(&shop.post(body).await.accepted()).await;
        assert_eq!(message.account.phone.as_deref(), account.as_str(), "{recipient}");
        assert_eq!(message.chat.map(|chat| chat.id), Some(chat.id.clone()), "{recipient}");
    }
    let lower = json!({"action": "send", "chat_name": "đội bán hàng", "text": "in another case"});
    shop.post(lower).await.refused(400, "CHAT_NOT_FOUND");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn every_word_of_the_published_translation_is_recognised(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    for (body, words) in [
        (json!({"Hành động": "send", "phone": "1", "text": "a"}), "`Hành động` is unknown: did you mean `action`?"),
        (json!({"action": "send", "phone": "1", "văn bản": "a"}), "`văn bản` is unknown: did you mean `text`?"),
        (json!({"action": "send", "Điện thoại": "1", "text": "a"}), "`Điện thoại` is unknown: did you mean `phone`?"),
        (json!({"action": "gửi", "phone": "1", "text": "a"}), "did you mean `send`?"),
        (json!({"action": "send", "chatid": "1", "text": "a"}), "did you mean `chat_id`?"),
        (json!({"action": "send", "phone": "1", "file-url": "https://files.example/a"}), "did you mean `file_url`?"),
        (
            json!({"Hành động": "gửi", "điện thoại tài khoản whatsapp": "1", "text": "a"}),
            "`điện thoại tài khoản whatsapp` is unknown: did you mean `whatsapp_account_phone`?",
        ),
    ] {
        let answer = shop.post(body.clone()).await;
        let message = answer.body()["message"].as_str().unwrap().to_owned();
        assert!(answer.status == 400 && message.contains(words), "{message} for {body}");
    }
    // The same key is only ignored where nothing required is missing.
    shop.post(json!({"action": "send", "phone": phone::NEVER_READ, "text": "nothing is missing", "chatid": 1}))
        .await
        .accepted();
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn what_word_processors_do_to_json_is_named_with_its_place(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    for (body, line, column, words) in [
        ("{\n“action”: \"send\"}", 2, 1, "curly quote “"),
        ("{\"action\":\u{a0}\"send\"}", 1, 11, "no-break space (U+00A0)"),
        ("{\"text\": \"\\ud83d\"}", 1, 11, "half of a surrogate pair"),
        ("{\"text\": \"a\"}\n{}", 2, 1, "nothing more (one object per call)"),
        ("{\"text\": \"a\0\"}", 1, 12, "U+0000"),
    ] {
        let refused = shop.post_raw(body).await.refused(400, "INVALID_JSON");
        assert_eq!((&refused["line"], &refused["column"]), (&line.into(), &column.into()), "{refused}");
        assert!(refused["message"].as_str().unwrap().contains(words), "{refused}");
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn what_plays_no_part_is_named_in_the_log(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let body = r#"{"action": "send", "phone": "+12025550105", "text": "with more than it needs", "file_name": "a.png", "Colour": "red", "": 1}"#;
    shop.post_raw(body).await.accepted();
    assert_eq!(shop.activations().await[0]["ignoredFields"], json!(["file_name", "Colour", ""]));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_url_can_be_shown_again_and_is_the_same(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let input = json!({"workspaceId": shop.workspace_id});
    let shown = shop.mutate("revealWebhookUrl", "WorkspaceInput", input, "{ url }").await;
    assert!(shown["url"].as_str().unwrap().ends_with(&shop.webhook_path()));
    let secret = shop.webhook_path().trim_start_matches("/webhook/nhip_wh_").to_owned();
    // 256 bits and a checksum.
    assert!(secret.len() == 48 && secret.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn no_answer_is_sent_before_message_and_charge_are_durable(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).credits(10).start().await;
    let shop = app.shop().await;
    shop.change_account("pauseAccount", &shop.till().await).await;
    let named = async |text: &str| {
        let to =
            json!({"action": "send", "whatsapp_account_phone": "+15105566777", "phone": phone::USUAL, "text": text});
        shop.post(to).await.accepted()
    };
    // Both processes, where there are two, know the webhook.
    named("before the lock").await;
    named("before the lock, once more").await;
    let locked = app.lock_database().await;
    let mut call = Box::pin(named("while nothing can be written"));
    assert!(timeout(Duration::from_millis(300), &mut call).await.is_err(), "it is answered too early");
    locked.rollback().await.unwrap();
    let id = call.await;
    app.kill_and_restart().await;
    assert_eq!((shop.message(&id).await.status.as_str(), shop.credits().await), ("QUEUED", 7));
    shop.cancel(json!({"allQueued": true})).await;
    app.finish().await;
}
