//! The body as a whole: JSON, one object, UTF-8, and where it breaks.

use super::{super::*, *};

/// Refused as `INVALID_JSON` at a column of line 1, with these words.
fn breaks_at(body: &str, column: u32, words: &str) {
    let (code, _, place, message) = told(&refused(body));
    assert_eq!((code, place), ("INVALID_JSON", Some((1, column))), "{message} in {body}");
    assert!(message.contains(words), "{words:?} in {message:?} for {body}");
}

#[test]
fn any_content_type_is_taken_as_long_as_the_body_is_json() {
    let body = body_with(json!({}));
    for content_type in [
        None,
        Some("application/json"),
        Some("text/plain"),
        Some("application/x-www-form-urlencoded"),
        Some("nonsense"),
    ] {
        assert!(parse(body.as_bytes(), content_type, None).request.is_ok(), "{content_type:?}");
    }
}

#[test]
fn a_form_gets_the_cure_by_its_content_type_or_its_looks() {
    let form = Some("Application/X-WWW-Form-Urlencoded; charset=UTF-8");
    let multipart = "--x\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nsend\r\n--x--\r\n";
    for (body, content_type) in [
        (b"action=send&text=hi".as_slice(), None),
        (b"action=send", None),
        (b"\xEF\xBB\xBFaction=send", None),
        (b"whatsapp+account+phone=%2B15105566777&action=send", None),
        (b"%7B%22action%22%3A%22send%22%7D=", None),
        (b"payload={\"action\": \"send\"}", None),
        (b"text=\xFF\xFE", None),
        (b"action", form),
        (b"%7B%22action%22%7D", form),
        (multipart.as_bytes(), None),
        (multipart.as_bytes(), Some("multipart/form-data; boundary=x")),
        (b"--x\r\n\r\n\xFF\xD8", Some("multipart/form-data; boundary=x")),
    ] {
        let refusal = parse(body, content_type, None).request.unwrap_err();
        let cure = "Zapier: Payload Type = json; Apps Script: `JSON.stringify` and `contentType`";
        assert_eq!(refusal.code(), "INVALID_JSON", "{}", body.escape_ascii());
        assert!(refusal.to_string().contains(cure), "{refusal} for {}", body.escape_ascii());
    }
}

#[test]
fn broken_json_labelled_as_a_form_is_still_told_where_it_breaks() {
    let refusal = parse(b"{\"action\" \"send\"}", Some("application/x-www-form-urlencoded"), None).request.unwrap_err();
    assert_eq!(refusal.place(), Some(Place { line: 1, column: 11 }));
    assert!(refusal.to_string().contains("expected `:`"), "{refusal}");
}

#[test]
fn a_leading_bom_is_ignored_and_counts_in_no_place() {
    assert!(parsed(&format!("\u{feff}{}", body_with(json!({})))).request.is_ok());
    breaks_at("\u{feff}{1}", 2, "a field's name in double quotes");
    breaks_at("\u{feff}\u{feff}{}", 1, "U+FEFF");
}

#[test]
fn what_is_not_utf8_is_refused_at_its_first_wrong_byte() {
    for (body, line, column) in [
        (b"{\"text\": \"\xFF\"}".as_slice(), 1, 11),
        (b"{\n\"text\": \"caf\xE9\"}", 2, 13),
        (b"{\n\"text\": \"\xE1\xBA\xA3\xE1\xBA", 2, 11),
        (b"\xFF\xFE{\0}\0", 1, 1),
        (b"\xEF\xBB\xBF\"\xC0\x80\"", 1, 2),
        (b"\"\xED\xA0\x80\"", 1, 2),
    ] {
        // curl calls every body a form.
        for content_type in [None, Some("application/x-www-form-urlencoded")] {
            let refusal = parse(body, content_type, None).request.unwrap_err();
            assert_eq!(refusal, Refusal::NotUtf8 { place: Place { line, column } }, "{}", body.escape_ascii());
            assert_eq!(refusal.code(), "NOT_UTF8");
        }
    }
}

#[test]
fn an_empty_body_is_told_what_to_send() {
    for body in ["", " \r\n\t", "\u{feff}"] {
        breaks_at(body, 1, "The body is empty; send one JSON object");
    }
}

#[test]
fn only_an_object_is_a_request() {
    for body in ["[]", "[{}]", "\"send\"", "5", "-1", "true", "null", "send", "<xml/>", "//", "nil"] {
        breaks_at(body, 1, "expected one JSON object, which begins with `{`");
    }
}

#[test]
fn one_call_carries_one_document() {
    let body = body_with(json!({}));
    let end = u32::try_from(body.len()).unwrap();
    breaks_at(&format!("{body}{body}"), end + 1, "nothing more (one object per call)");
    breaks_at(&format!("{body} \r{body}"), end + 3, "nothing more");
    breaks_at(&format!("{body},"), end + 1, "nothing more");
    breaks_at(&format!("{body}}}"), end + 1, "nothing more");
    assert!(parsed(&format!(" {body}\r\n")).request.is_ok());
}

#[test]
fn the_place_is_where_json_breaks_and_the_words_say_what_was_expected() {
    for (body, column, words) in [
        (r#"{"a" 1}"#, 6, "expected `:` before `1`"),
        (r#"{"a": }"#, 7, "expected a value before `}`"),
        (r#"{"a": 1 "b": 2}"#, 9, "expected `,` or `}` before `\"`"),
        (r#"{"a": [1 2]}"#, 10, "expected `,` or `]` before `2`"),
        (r#"{"a": [1, 2}"#, 12, "expected `,` or `]` before `}`"),
        (r#"{"a": 1,}"#, 9, "remove the comma before `}`"),
        (r#"{"a": [1, ]}"#, 11, "remove the comma before `]`"),
        (r#"{"a": {"b": 1, }}"#, 16, "remove the comma before `}`"),
        (r#"{, "a": 1}"#, 2, "expected a field's name in double quotes before `,`"),
        (r"{a: 1}", 2, "expected a field's name in double quotes before `a`"),
        (r#"{"a": send}"#, 7, "expected a value before `s`"),
        (r#"{"a": True}"#, 7, "expected a value before `T`"),
        (r#"{"a": tru}"#, 10, "expected `true`, `false` or `null`"),
        (r#"{"a": 01}"#, 8, "expected a number without leading zeros"),
        (r#"{"a": 1.}"#, 9, "digits on both sides"),
        (r#"{"a": +1}"#, 7, "expected a value before `+`"),
        (r#"{"a": "\d"}"#, 8, "one of JSON's escapes"),
        (r#"{"a": "ảo\u00g0"}"#, 10, "one of JSON's escapes"),
        (r#"{"a": 1} // sent"#, 10, "nothing more"),
    ] {
        breaks_at(body, column, words);
    }
}

#[test]
fn a_body_that_ends_too_early_is_told_what_should_follow() {
    for (body, column, words) in [
        ("{", 2, "up to its `}`"),
        ("{\"a\"", 5, "up to its `}`"),
        ("{\"a\":", 6, "expected a value there"),
        ("{\"a\": 1", 8, "up to its `}`"),
        ("{\"a\": 1,", 9, "expected a value there"),
        ("{\"a\": [1", 9, "expected `,` or `]` there"),
        ("{\"a\": \"text", 12, "the string's closing `\"`"),
        ("{\"a\": \"text\\", 13, "the string's closing `\"`"),
        ("{\"a\": 1 \n\n", 8, "The JSON ends too early"),
    ] {
        breaks_at(body, column, words);
    }
}

#[test]
fn a_control_character_in_a_string_is_pointed_at() {
    breaks_at(
        "{\"a\": \"one\ntwo\"}",
        11,
        "expected an escape such as `\\n`, or the string's closing `\"`, before a line break",
    );
    breaks_at("{\"a\": \"\ttwo\"}", 8, "before a tab");
    breaks_at("{\"a\": \"ảo\u{1}\"}", 10, "before U+0001");
    breaks_at("{\"\n\": 1}", 3, "before a line break");
}

#[test]
fn curly_quotes_outside_strings_are_named() {
    for (body, column, quote) in [
        ("{“action”: “send”}", 2, '“'),
        ("{\"action\": “send”}", 12, '“'),
        ("{\"action\": \"send\", ”text\": 1}", 20, '”'),
        ("{„action“: 1}", 2, '„'),
        ("{«action»: 1}", 2, '«'),
        ("{‘action’: 1}", 2, '‘'),
        ("“{}”", 1, '“'),
        ("{\"a\": 1}”", 9, '”'),
    ] {
        breaks_at(body, column, &format!("curly quote {quote}, use straight quotes"));
    }
    breaks_at("{'action': 'send'}", 2, "use straight double quotes");
    assert_eq!(accepted_with(json!({"text": "“quoted”"})).text, "“quoted”");
}

#[test]
fn no_break_spaces_outside_strings_are_named() {
    for (body, column) in [
        ("{\u{a0}\"action\": \"send\"}", 2),
        ("{\"action\":\u{a0}\"send\"}", 11),
        ("{\"action\": \"send\"\u{a0}}", 18),
        ("{\"action\": \"send\"}\u{a0}", 19),
        ("\u{a0}{\"action\": \"send\"}", 1),
        ("{\"a\": [1,\u{a0}2]}", 10),
    ] {
        breaks_at(body, column, "no-break space (U+00A0) outside a string, use an ordinary space");
    }
    breaks_at("{\u{202f}}", 2, "no-break space (U+202F)");
    breaks_at("{\u{200b}}", 2, "invisible character U+200B");
    breaks_at("{\u{3000}}", 2, "white space U+3000");
    assert_eq!(accepted_with(json!({"text": "a\u{a0}b"})).text, "a\u{a0}b");
}

#[test]
fn an_unescaped_u0000_is_named() {
    breaks_at("{\0\"\0a\0", 2, "U+0000, which may stand nowhere; is the body UTF-16?");
    breaks_at("{\"a\": \"\0\"}", 8, "U+0000");
    breaks_at("{}\0", 3, "U+0000");
}
