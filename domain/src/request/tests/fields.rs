//! `action`, `text`, the account's phone, and what is ignored.

use super::*;

#[test]
fn send_is_the_only_action() {
    for (value, words) in [
        (json!("receive"), "must be `send`, the only action"),
        (json!(""), "must be `send`, the only action"),
        (json!("Send"), "did you mean `send`?"),
        (json!(" send "), "did you mean `send`?"),
        (json!("gửi"), "did you mean `send`?"),
        (json!("Gửi"), "did you mean `send`?"),
        (json!(5), "must be a string, not a number"),
        (json!(true), "must be a string, not a boolean"),
        (json!(["send"]), "must be a string, not a list"),
        (json!({"a": "send"}), "must be a string, not an object"),
    ] {
        let (code, field, place, message) = told(&refused_with(json!({"action": value})));
        assert_eq!((code, &*field, place), ("BAD_FIELD", "action", Some((1, 11))), "{message}");
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn the_action_is_required() {
    for body in [r#"{"phone": "1", "text": "hi"}"#, r#"{"action": null, "phone": "1", "text": "hi"}"#] {
        assert_eq!(
            told(&refused(body)),
            ("MISSING_FIELD", "action".into(), None, "`action` is missing; give \"action\": \"send\"".into())
        );
    }
}

#[test]
fn the_text_is_kept_as_given() {
    for text in ["lorem ipsum", " *a* \n <b>\t ", "ảo 👍", "e\u{301}", "\u{feff}x"] {
        assert_eq!(accepted_with(json!({"text": text})).text, text);
    }
}

#[test]
fn the_text_is_required_without_a_file() {
    for body in
        [r#"{"action": "send", "phone": "1"}"#, r#"{"action": "send", "phone": "1", "text": null, "file_url": ""}"#]
    {
        let (code, field, place, message) = told(&refused(body));
        assert_eq!((code, &*field, place), ("MISSING_FIELD", "text", None));
        assert!(message.contains("or a file by `file_url` and `file_name`"), "{message}");
    }
}

#[test]
fn white_space_alone_counts_as_empty_text() {
    for text in ["", " ", "\n\t", "\u{a0}\u{3000}", &" ".repeat(5_000)] {
        let (code, field, ..) = told(&refused_with(json!({"text": text})));
        assert_eq!((code, &*field), ("BAD_FIELD", "text"));
        let with_file = json!({"text": text, "file_url": "https://a.example/b", "file_name": "b"});
        assert_eq!(accepted_with(with_file).text, "");
    }
}

#[test]
fn the_text_may_be_absent_beside_a_file() {
    let file_alone = r#"{"action": "send", "phone": "1", "file_url": "https://a.example/b", "file_name": "b"}"#;
    assert_eq!(accepted(file_alone).text, "");
    assert_eq!(accepted(&file_alone.replace('}', ", \"text\": null}")).text, "");
}

#[test]
fn the_text_has_at_most_4096_code_points() {
    for letter in ["a", "ả", "👍", "\u{301}"] {
        assert_eq!(accepted_with(json!({"text": letter.repeat(4_096)})).text.chars().count(), 4_096);
        let (code, field, _, message) = told(&refused_with(json!({"text": letter.repeat(4_097)})));
        assert_eq!((code, &*field), ("BAD_FIELD", "text"));
        assert!(message.starts_with("`text` has 4097 characters, 4096 at most; split it"), "{message}");
    }
}

#[test]
fn a_wrong_type_is_named_with_the_one_wanted_and_its_place() {
    for (name, value, words) in [
        ("text", json!(5), "must be a string, not a number"),
        ("text", json!(false), "must be a string, not a boolean"),
        ("file_url", json!([]), "must be a string, not a list"),
        ("jid", json!(14_151_231_234_i64), "must be a string, not a number"),
        ("chat_name", json!(5), "must be a string, not a number"),
        ("phone", json!(true), "must be a string or a whole number, not a boolean"),
        ("chat_id", json!({}), "must be a string or a whole number, not an object"),
        ("whatsapp_account_phone", json!([1]), "must be a string or a whole number, not a list"),
        ("idempotency_key", json!(5), "must be a string, not a number"),
    ] {
        let mut body = json!({"action": "send", "text": "hi"});
        if !["phone", "chat_id", "jid", "chat_name"].contains(&name) {
            body["phone"] = json!("1");
        }
        body[name] = value.clone();
        let body = body.to_string();
        let column = body.find(&format!("\"{name}\":")).unwrap() + name.len() + 4;
        let (code, field, place, message) = told(&refused(&body));
        assert_eq!((code, &*field, place), ("BAD_FIELD", name, Some((1, u32::try_from(column).unwrap()))), "{message}");
        assert!(message.contains(words), "{message}");
    }
}

#[test]
fn an_account_phone_is_compared_by_its_digits() {
    for (given, digits) in [
        (json!("+1 510 556-6777"), "15105566777"),
        (json!(" +15105566777 "), "15105566777"),
        (json!(15_105_566_777_i64), "15105566777"),
        (json!(15_105_566_777.0), "15105566777"),
    ] {
        for name in ["whatsapp_account_phone", "whatsapp account phone"] {
            assert_eq!(accepted_with(json!({name: given})).account_phone.unwrap().digits, digits, "{name}: {given}");
        }
    }
    assert_eq!(accepted_with(json!({"whatsapp_account_phone": " +1 510 "})).account_phone.unwrap().given, "+1 510");
}

#[test]
fn both_spellings_of_the_account_phone_are_fine_if_they_agree() {
    let agreeing = json!({"whatsapp_account_phone": "+1 510", "whatsapp account phone": 1510});
    assert_eq!(accepted_with(agreeing).account_phone.unwrap().digits, "1510");
    let one_empty = json!({"whatsapp_account_phone": " ", "whatsapp account phone": "1510"});
    assert_eq!(accepted_with(one_empty).account_phone.unwrap().digits, "1510");

    let (code, field, place, message) =
        told(&refused_with(json!({"whatsapp_account_phone": "+1510", "whatsapp account phone": "+1511"})));
    assert_eq!((code, &*field), ("CONFLICTING_FIELDS", "whatsapp account phone"));
    assert!(place.is_some());
    assert!(
        message.starts_with("`whatsapp_account_phone` and `whatsapp account phone` differ; give one of them"),
        "{message}"
    );
}

#[test]
fn an_account_phone_without_a_digit_names_none() {
    for given in ["Sales", "+", "-"] {
        let (code, field, _, message) = told(&refused_with(json!({"whatsapp account phone": given})));
        assert_eq!((code, &*field), ("BAD_FIELD", "whatsapp account phone"));
        assert!(message.contains("contains no digit"), "{message}");
    }
}

#[test]
fn beside_a_chat_id_the_account_phone_is_ignored_however_wrong() {
    for phone in [json!("+15105566777"), json!("Sales"), json!([])] {
        let body = body_with(json!({"phone": null, "chat_id": 5, "whatsapp_account_phone": phone}));
        assert_eq!(accepted(&body).account_phone, None);
        assert_eq!(parsed(&body).ignored, ["whatsapp_account_phone"]);
    }
}

#[test]
fn unknown_fields_are_ignored_and_named_in_the_bodys_order() {
    let body =
        r#"{"zeta": 1, "action": "send", "to": {"a": []}, "text": "hi", "Phone ": null, "phone": "1", "alpha": ""}"#;
    assert_eq!(parsed(body).ignored, ["zeta", "to", "Phone ", "alpha"]);
    assert!(parsed(body).request.is_ok());
    assert_eq!(parsed(r#"{"zeta": 1, "action": 5}"#).ignored, ["zeta"]);
}

#[test]
fn names_of_ignored_fields_are_bounded_and_free_of_control_characters() {
    let many: Vec<_> = (0..1_200).map(|number| format!("\"field {number}\": 1")).collect();
    let ignored = parsed(&body_and(&many.join(", "))).ignored;
    assert_eq!((ignored.len(), ignored[999].as_str(), ignored[1_000].as_str()), (1_001, "field 999", "… and 200 more"));

    let long = parsed(&body_and(&format!("\"{}\": 1", "ả".repeat(300)))).ignored;
    assert_eq!(long, ["ả".repeat(99) + "…"]);
    let controls = parsed(&body_and(&format!("\"{}\": 1", r"\n".repeat(100)))).ignored;
    assert_eq!(controls, [r"\u000a".repeat(17)[..99].to_owned() + "…"]);
    assert_eq!(parsed(&body_and(r#""a\u0000\n": 1"#)).ignored, [r"a\u0000\u000a"]);
}

#[test]
fn null_and_optional_empty_strings_count_as_absent() {
    let every_field = r#"{"action": "send", "text": "hi", "phone": "+1", "chat_id": "", "jid": null, "chat_name": "  ",
        "file_url": "", "file_name": "", "whatsapp_account_phone": "", "whatsapp account phone": null, "idempotency_key": " "}"#;
    let plain = accepted(r#"{"action": "send", "text": "hi", "phone": "+1"}"#);
    assert_eq!(accepted(every_field), plain);
    assert_eq!(parsed(every_field).ignored, Vec::<String>::new());
}

#[test]
fn close_names_are_asked_about_only_when_something_required_is_missing() {
    for (body, question) in [
        (r#"{"action": "send", "text": "hi", "chatid": 5}"#, "`chatid` is unknown: did you mean `chat_id`?"),
        (r#"{"action": "send", "phone": "1", "file-url": "https://a.example"}"#, "did you mean `file_url`?"),
        (r#"{"action": "send", "phone": "1", "Text": "hi"}"#, "did you mean `text`?"),
        (r#"{"action": "send", "phone": "1", "văn bản": "hi"}"#, "did you mean `text`?"),
        (r#"{"action": "send", "text": "hi", "Điện thoại": "1"}"#, "did you mean `phone`?"),
        (r#"{"Action": "send", "text": "hi", "phone": "1"}"#, "did you mean `action`?"),
        (
            r#"{"action": "send", "text": "hi", "phone": "1", "file_url": "https://a.example/b", "filename": "b"}"#,
            "did you mean `file_name`?",
        ),
    ] {
        let (code, .., message) = told(&refused(body));
        assert_eq!(code, "MISSING_FIELD");
        assert!(message.contains(question), "{message} for {body}");
    }
    let far = refused(r#"{"action": "send", "text": "hi", "to": "1"}"#).to_string();
    assert!(!far.contains("did you mean"), "{far}");
    let settled = refused(r#"{"action": "send", "phone": "1", "chatid": 5, "idempotency-key": "a"}"#).to_string();
    assert!(!settled.contains("chat_id") && settled.contains("did you mean `idempotency_key`?"), "{settled}");
    accepted(&body_and(r#""chatid": 5, "văn bản": """#));
}

#[test]
fn the_first_thing_wrong_is_told_in_a_stable_order() {
    let mut body = json!({
        "text": 5, "file_url": 5, "file_name": 5, "jid": 5, "phone": 5, "whatsapp_account_phone": "x", "idempotency_key": 5
    });
    for (mend, value, field) in [
        ("action", json!("send"), "action"),
        ("file_url", json!("https://a.example/b"), "file_url"),
        ("file_name", json!("b"), "file_name"),
        ("text", json!("hi"), "text"),
        ("phone", Value::Null, "phone"),
        ("jid", json!("5"), "jid"),
        ("whatsapp_account_phone", json!("5"), "whatsapp_account_phone"),
        ("idempotency_key", json!("5"), "idempotency_key"),
    ] {
        assert_eq!(refused(&body.to_string()).field(), Some(field), "{body}");
        body[mend] = value;
    }
    accepted(&body.to_string());
}
