//! The published examples, as people paste them.

use super::{super::*, *};

fn spot(field: &str, column: u32) -> Spot {
    Spot { field: field.to_owned(), place: Place { line: 1, column } }
}

#[test]
fn the_first_example_works_as_it_stands() {
    let request = accepted(
        r#"{"action": "send", "whatsapp account phone": "+15105566777", "phone": "+14151231234", "text": "lorem ipsum"}"#,
    );
    assert_eq!(
        request,
        SendRequest {
            text: "lorem ipsum".into(),
            file: None,
            recipient: Recipient::Phone("+14151231234".into()),
            recipient_at: spot("phone", 71),
            account_phone: Some(AccountPhone {
                given: "+15105566777".into(),
                digits: "15105566777".into(),
                at: spot("whatsapp account phone", 46),
            }),
            idempotency_key: None,
        }
    );
}

#[test]
fn the_second_example_works_once_repaired() {
    let request = accepted(
        r#"{"action": "send", "chat_id": "77234", "text": "lorem ipsum", "file_url": "https://timelines.ai/logo.png", "file_name": "logo.png"}"#,
    );
    assert_eq!(
        request,
        SendRequest {
            text: "lorem ipsum".into(),
            file: Some(FileRef { url: "https://timelines.ai/logo.png".into(), name: "logo.png".into() }),
            recipient: Recipient::ChatId(77_234),
            recipient_at: spot("chat_id", 31),
            account_phone: None,
            idempotency_key: None,
        }
    );
}

#[test]
fn the_second_example_as_printed_points_at_its_missing_comma() {
    let on_one_line = r#"{"action": "send", "chat_id": "77234", "text": "lorem ipsum" "file_url": "https://timelines.ai/logo.png", "file_name": "logo.png"}"#;
    let message = "Not valid JSON: expected `,` or `}` before `\"`";
    assert_eq!(
        told(&refused(on_one_line)),
        ("INVALID_JSON", String::new(), Some((1, 62)), format!("{message} (line 1, column 62)"))
    );

    let on_lines =
        "{\n  \"action\": \"send\",\n  \"text\": \"lorem ipsum\"\n  \"file_url\": \"https://timelines.ai/logo.png\"\n}";
    assert_eq!(
        told(&refused(on_lines)),
        ("INVALID_JSON", String::new(), Some((4, 3)), format!("{message} (line 4, column 3)"))
    );
}

#[test]
fn the_vietnamese_translation_is_asked_what_it_means() {
    let translated = r#"{"Hành động": "gửi", "điện thoại tài khoản whatsapp": "+15105566777", "Điện thoại": "+14151231234", "văn bản": "lorem ipsum"}"#;
    let (code, field, _, message) = told(&refused(translated));
    assert_eq!((code, &*field), ("MISSING_FIELD", "action"));
    for meant in ["action", "text", "phone", "whatsapp_account_phone"] {
        assert!(message.contains(&format!("did you mean `{meant}`?")), "{meant} in {message}");
    }
    assert_eq!(parsed(translated).ignored, ["Hành động", "điện thoại tài khoản whatsapp", "Điện thoại", "văn bản"]);

    let half_mended = refused(r#"{"action": "gửi", "phone": "+14151231234", "text": "lorem ipsum"}"#);
    assert_eq!(
        half_mended.to_string(),
        "`action` is not `send`, the only action; did you mean `send`? (line 1, column 12)"
    );
}

#[test]
fn refusals_read_as_one_sentence_that_names_the_mend() {
    let bodies = [
        "",
        "{\"action\": \"send\",}",
        "{“action”: “send”}",
        "action=send&text=hi",
        r#"{"phone": "1"}"#,
        r#"{"action": "send", "phone": "1", "văn bản": "hi"}"#,
        r#"{"action": "send", "text": "hi", "chatid": 5}"#,
        r#"{"action": "send", "text": 5, "phone": "1"}"#,
        r#"{"action": "send", "text": "hi", "phone": "1", "jid": "2"}"#,
        r#"{"action": "send", "phone": "1", "file_url": "https://a.example/b"}"#,
        r#"{"action": "send", "text": "hi", "text": "ho", "phone": "1"}"#,
        r#"{"action": "send", "text": "a\u0000b", "phone": "1"}"#,
    ];
    let told: Vec<_> = bodies.map(|body| refused(body).to_string()).into();
    insta::assert_snapshot!(told.join("\n"), @r#"
    The body is empty; send one JSON object (line 1, column 1)
    Not valid JSON: remove the comma before `}` (line 1, column 19)
    Not valid JSON: curly quote “, use straight quotes `"` (line 1, column 2)
    The body is form-encoded, not JSON. Zapier: Payload Type = json; Apps Script: `JSON.stringify` and `contentType` (line 1, column 1)
    `action` is missing; give "action": "send"
    `text` is missing; give it, or a file by `file_url` and `file_name`; `văn bản` is unknown: did you mean `text`?
    `phone` is missing; give exactly one recipient: `chat_id`, `jid`, `phone` or `chat_name`; `chatid` is unknown: did you mean `chat_id`?
    `text` must be a string, not a number (line 1, column 28)
    Give only one recipient, not `phone` and `jid` together (line 1, column 48)
    `file_name` is missing; the file of `file_url` needs a name
    `text` is repeated, first given at line 1, column 20; keep one of them (line 1, column 34)
    `text` contains U+0000, which no message can carry; remove it (line 1, column 30)
    "#);
}
