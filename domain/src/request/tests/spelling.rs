//! What JSON's grammar lets pass and the contract does not.

use super::*;

/// Refused with this code for this field, at the mark, with these words.
fn refused_at_mark(code: &str, field: &str, name: &str, words: &str) {
    let (body, column) = marked(field);
    let (told_code, at, place, message) = told(&refused(&body));
    assert_eq!((told_code, &*at, place), (code, name, Some((1, column))), "{message} for {body}");
    assert!(message.contains(words), "{message}");
}

#[test]
fn a_repeated_key_is_named_with_its_place_at_any_depth() {
    for (field, name) in [
        (r#"¶"text": "ho""#, "text"),
        (r#"¶"\u0074ext": "ho""#, "text"),
        (r#""extra": {"a": 1, "b": {}, ¶"a": 1}"#, "a"),
        (r#""extra": [{"a": 1}, {"b": {"c": 1, ¶"c": 2}}]"#, "c"),
        (r#""ả": 1, ¶"\u1ea3": 2"#, "ả"),
        (r#""": 1, ¶"": 2"#, ""),
    ] {
        refused_at_mark("INVALID_JSON", field, name, "is repeated, first given at line 1, column");
    }
}

#[test]
fn keys_of_different_objects_are_no_repetition() {
    accepted(&body_and(r#""extra": [{"a": 1}, {"a": {"a": [], "text": {}}}], "A": 1, "more": {"a": ["a", "a"]}"#));
}

#[test]
fn u0000_is_named_with_its_field_and_place_at_any_depth() {
    for (field, name) in [
        (r#""extra": "¶\u0000""#, "extra"),
        (r#""extra": [1, {"a": ["ảo\n¶\u0000"]}]"#, "extra"),
        (r#""extra": {"a¶\u0000": 1}"#, "extra"),
        (r#""ex¶\u0000": 1"#, r"ex\u0000"),
        (r#""chat_name": "\\¶\u0000""#, "chat_name"),
    ] {
        refused_at_mark("BAD_FIELD", field, name, "contains U+0000");
    }
    assert_eq!(accepted_with(json!({"text": "\\u0000"})).text, "\\u0000");
}

#[test]
fn a_lone_surrogate_is_named_with_its_place() {
    for (field, name) in [
        (r#""extra": "¶\ud83d""#, "extra"),
        (r#""extra": "¶\uDC4D""#, "extra"),
        (r#""extra": "a¶\ud83d\ud83d\udc4d""#, "extra"),
        (r#""extra": "¶\ud83dx\udc4d""#, "extra"),
        (r#""extra": "¶\ud83d\\udc4d""#, "extra"),
        (r#""extra": "¶\ud83dả""#, "extra"),
        (r#""extra": ["¶\ud83d\u0041"]"#, "extra"),
        (r#""¶\udfff": 1"#, r"\udfff"),
    ] {
        refused_at_mark("INVALID_JSON", field, name, "half of a surrogate pair");
    }
}

#[test]
fn a_whole_surrogate_pair_is_its_character() {
    let request = accepted(r#"{"action": "send", "phone": "1", "text": "\ud83d\udc4d\uD83D\uDC4D"}"#);
    assert_eq!(request.text, "👍👍");
}

#[test]
fn escapes_in_names_and_values_are_resolved() {
    let request = accepted(r#"{"\u0061ction": "s\u0065nd", "phone": "\u002b1", "te\u0078t": "a\n\"b\"\/\\"}"#);
    assert_eq!(request.text, "a\n\"b\"/\\");
}

#[test]
fn nesting_has_no_limit_and_no_stack_to_overflow() {
    let nested = |levels: usize| body_and(&format!("\"extra\": {}{}", "[".repeat(levels), "]".repeat(levels)));
    accepted(&nested(100));
    accepted(&nested(30_000));
    accepted(&body_and(&format!("\"extra\": {}1{}", "{\"a\":".repeat(10_000), "}".repeat(10_000))));
    refused(&"{\"a\":".repeat(13_000));
}
