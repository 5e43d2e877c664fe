//! Every refusal of the webhook's table: its exact status, code, shape and headers.

use nhip_tests::{
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, message_of, phone,
};
use reqwest::{Method, RequestBuilder};
use rstest::rstest;
use serde_json::{Value, json};

#[rstest]
#[tokio::test]
async fn broken_json_is_answered_with_its_place(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    for (body, line, column) in [
        ("", 1, 1),
        ("{", 1, 2),
        ("hello", 1, 1),
        ("{\"action\": \"send\",\n  \"text\": \"a\" \"phone\": \"+1\"}", 2, 15),
        ("{\"action\": \"send\"} {}", 1, 20),
        ("[1]", 1, 1),
        ("{\u{201c}action\u{201d}: \"send\"}", 1, 2),
    ] {
        let refused = shop.post_raw(body).await.refused(400, "INVALID_JSON");
        assert_eq!((&refused["line"], &refused["column"]), (&line.into(), &column.into()), "{body}: {refused}");
    }
    assert_eq!(shop.credits().await, 1000);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn what_is_not_utf8_is_answered_with_its_place(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let refused = shop.post_raw(&b"{\"action\": \"send\",\n\"text\": \"caf\xe9\"}"[..]).await.refused(400, "NOT_UTF8");
    assert_eq!((&refused["line"], &refused["column"]), (&2.into(), &13.into()), "{refused}");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_form_is_told_the_cure(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let answer = shop
        .call(Method::POST, |request| {
            request
                .header("content-type", "application/x-www-form-urlencoded")
                .body("action=send&phone=%2B12025550100&text=hello")
        })
        .await;
    let refused = answer.refused(400, "INVALID_JSON");
    assert!(message_of(&refused).contains("JSON.stringify"), "{refused}");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn fields_that_are_missing_are_named(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    for (body, field, hint) in [
        (json!({"phone": "+1", "text": "a"}), "action", ""),
        (json!({"action": "send", "phone": "+1"}), "text", ""),
        (json!({"action": "send", "phone": "+1", "text": "a", "file_url": "https://example.com/a"}), "file_name", ""),
        (json!({"action": "send", "text": "a"}), "phone", ""),
        (json!({"action": "send", "text": "a", "phone": null, "jid": ""}), "phone", ""),
        (json!({"action": "send", "phone": "+1", "txt": "a"}), "text", "did you mean `text`?"),
        (json!({"action": "send", "phone": "+1", "văn bản": "a"}), "text", "did you mean `text`?"),
    ] {
        let refused = shop.post(body.clone()).await.refused(400, "MISSING_FIELD");
        assert_eq!(refused["field"], field, "{body}: {refused}");
        assert!(message_of(&refused).contains(field) && message_of(&refused).contains(hint), "{body}: {refused}");
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn fields_that_cannot_be_taken_are_named_with_their_place(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let long = "x".repeat(4_097);
    for (body, field) in [
        (json!({"action": "reply", "phone": "+1", "text": "a"}), "action"),
        (json!({"action": "send", "phone": "+1", "text": 5}), "text"),
        (json!({"action": "send", "phone": "+1", "text": ""}), "text"),
        (json!({"action": "send", "phone": "+1", "text": " \n "}), "text"),
        (json!({"action": "send", "phone": "+1", "text": long}), "text"),
        (
            json!({"action": "send", "phone": "+1", "text": "a", "file_url": "ftp://example.com/a", "file_name": "a"}),
            "file_url",
        ),
        (json!({"action": "send", "phone": ["+1"], "text": "a"}), "phone"),
        (json!({"action": "send", "chat_id": "12x", "text": "a"}), "chat_id"),
        (json!({"action": "send", "phone": "+1", "text": "nul \u{0}"}), "text"),
    ] {
        let refused = shop.post(body).await.refused(400, "BAD_FIELD");
        assert_eq!(refused["field"], field, "{refused}");
        assert!(message_of(&refused).contains(field), "{refused}");
        assert!(refused["line"].as_u64() >= Some(1) && refused["column"].as_u64() >= Some(1), "{refused}");
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_field_that_is_given_twice_is_named_with_its_place(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let refused = shop.post_raw("{\"text\": \"a\", \"text\": \"b\"}").await.refused(400, "INVALID_JSON");
    assert_eq!((&refused["field"], &refused["line"], &refused["column"]), (&"text".into(), &1.into(), &15.into()));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn fields_that_exclude_each_other_are_named(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    for body in [
        json!({"action": "send", "phone": "+1", "jid": "1@s.whatsapp.net", "text": "a"}),
        json!({"action": "send", "phone": "+1", "text": "a", "whatsapp_account_phone": "+15105566777", "whatsapp account phone": "+15105566778"}),
    ] {
        let refused = shop.post(body).await.refused(400, "CONFLICTING_FIELDS");
        assert!(refused["field"].is_string(), "{refused}");
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn accounts_and_chats_that_are_not_there_are_refused_at_once(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let named = json!({"action": "send", "phone": "+1", "text": "a", "whatsapp_account_phone": "+19999999999"});
    let refused = shop.post(named).await.refused(400, "UNKNOWN_ACCOUNT");
    assert!(message_of(&refused).contains("+19999999999"), "{refused}");
    assert_eq!(refused["field"], "whatsapp_account_phone");
    for chat in [json!({"chat_id": "1"}), json!({"chat_id": 999_999_999_999_999_999_u64}), json!({"chat_name": "team"})]
    {
        let mut body = json!({"action": "send", "text": "a"});
        body.as_object_mut().unwrap().extend(chat.as_object().unwrap().clone());
        let refused = shop.post(body).await.refused(400, "CHAT_NOT_FOUND");
        assert_eq!(message_of(&refused), "Chat not found");
        let field = chat.as_object().unwrap().keys().next().unwrap();
        assert_eq!(refused["field"], field.as_str());
    }
    let placed = "{\"action\": \"send\", \"text\": \"a\",\n \"chat_name\": \"team\"}";
    let refused = shop.post_raw(placed).await.refused(400, "CHAT_NOT_FOUND");
    assert_eq!((&refused["line"], &refused["column"]), (&2.into(), &15.into()), "{refused}");
    let lonely = Shop::sign_up(&app).await;
    lonely.generate_url().await;
    let refused = lonely.post(json!({"action": "send", "phone": "+1", "text": "a"})).await.refused(400, "NO_ACCOUNT");
    assert_eq!(message_of(&refused), "No WhatsApp account is connected in this workspace");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn urls_that_never_were_are_not_found(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let url = shop.webhook();
    let (head, last) = url.split_at(url.len() - 1);
    let garbled = format!("{head}{}", if last == "A" { "B" } else { "A" });
    for url in [format!("{}/webhook/nope", app.url()), format!("{}/webhook/nhip_wh_", app.url()), garbled] {
        let response = app.http().post(&url).body("{}").send().await.unwrap();
        assert_eq!(response.status(), 404, "{url}");
        assert_eq!(response.headers()["cache-control"], "no-store");
        let body: Value = response.json().await.unwrap();
        assert_eq!(
            body,
            json!({"status": 404, "data": {}, "message": "Webhook not found", "code": "WEBHOOK_NOT_FOUND"})
        );
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn anything_but_post_is_told_so(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    for method in [Method::GET, Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let answer = shop.call(method, |request| request).await;
        assert_eq!(answer.header("allow"), Some("POST"));
        assert_eq!(answer.header("access-control-allow-origin"), None);
        assert_eq!(message_of(&answer.refused(405, "METHOD_NOT_ALLOWED")), "This URL takes POST");
    }
    let head = shop.call(Method::HEAD, |request| request).await;
    assert_eq!((head.status.as_u16(), head.header("allow"), head.text.as_str()), (405, Some("POST"), ""));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn an_encoded_body_is_refused_whichever_line_says_so(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let body = json!({"action": "send", "phone": phone::NEVER_READ, "text": "not really gzip"}).to_string();
    let encoded = async |encoding: &str| {
        shop.call(Method::POST, |request| request.header("content-encoding", encoding).body(body.clone())).await
    };
    let refused = encoded("gzip").await.refused(415, "UNSUPPORTED_ENCODING");
    assert!(message_of(&refused).contains("gzip"), "{refused}");
    encoded("identity").await.accepted();
    // A second line of the header counts as much as the first.
    let twice = |request: RequestBuilder, name: &str, values: [&str; 2]| {
        values.into_iter().fold(request.body(body.clone()), |request, value| request.header(name, value))
    };
    let hidden = shop.call(Method::POST, |request| twice(request, "content-encoding", ["identity", "gzip"])).await;
    hidden.refused(415, "UNSUPPORTED_ENCODING");
    shop.call(Method::POST, |request| twice(request, "content-encoding", ["identity", "identity"])).await.accepted();
    let two_keys = shop.call(Method::POST, |request| twice(request, "idempotency-key", ["a", "b"])).await;
    assert_eq!(two_keys.refused(400, "BAD_FIELD")["field"], "Idempotency-Key");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn refused_calls_stand_in_the_log_with_what_was_wrong(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = TestApp::start(shape).await;
    let shop = app.shop().await;
    let id = shop
        .post(json!({"action": "send", "phone": phone::NEVER_READ, "text": "logged as well", "colour": "red"}))
        .await
        .accepted();
    shop.post_raw("{\n!").await.refused(400, "INVALID_JSON");
    shop.call(Method::GET, |request| request).await;
    let log = shop.activations().await;
    let seen: Vec<_> =
        log.iter().map(|one| json!([one["outcome"], one["httpStatus"], one["refusal"], one["line"]])).collect();
    assert_eq!(
        json!(seen),
        json!([
            ["REFUSED", 405, "METHOD_NOT_ALLOWED", null],
            ["REFUSED", 400, "INVALID_JSON", 2],
            ["ACCEPTED", 200, null, null]
        ])
    );
    assert_eq!((&log[2]["messageId"], &log[2]["ignoredFields"]), (&json!(id), &json!(["colour"])));
    assert_eq!(log[1]["requestBody"], "{\n!");
    app.finish().await;
}
