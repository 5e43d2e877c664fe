//! The idempotency key, by header and by field.

use super::*;

fn with_header(body: &str, header: &[u8]) -> Result<SendRequest, Refusal> {
    parse(body.as_bytes(), None, Some(header)).request
}

#[test]
fn the_key_comes_from_the_header_or_the_field() {
    let plain = body_with(json!({}));
    assert_eq!(accepted(&plain).idempotency_key, None);
    assert_eq!(with_header(&plain, b"order-5").unwrap().idempotency_key.as_deref(), Some("order-5"));
    let with_field = body_with(json!({"idempotency_key": "order-5"}));
    assert_eq!(accepted(&with_field).idempotency_key.as_deref(), Some("order-5"));
    assert_eq!(with_header(&with_field, b"order-5").unwrap().idempotency_key.as_deref(), Some("order-5"));
}

#[test]
fn a_key_is_1_to_255_visible_ascii_characters() {
    let plain = body_with(json!({}));
    let longest = "~".repeat(255);
    for key in ["!", longest.as_str()] {
        assert!(with_header(&plain, key.as_bytes()).is_ok());
        assert_eq!(accepted_with(json!({"idempotency_key": key})).idempotency_key.as_deref(), Some(key));
    }
    let too_long = "~".repeat(256);
    for key in ["a b", " a", "ả", "a\u{7f}", "a\tb", too_long.as_str()] {
        let rule = "must be 1 to 255 visible ASCII characters, without spaces";
        let (code, field, place, message) = told(&refused_with(json!({"idempotency_key": key})));
        assert_eq!((code, &*field, place.is_some()), ("BAD_FIELD", "idempotency_key", true), "{key}");
        assert!(message.contains(rule), "{message}");
        let header = with_header(&plain, key.as_bytes()).unwrap_err();
        assert_eq!(told(&header), ("BAD_FIELD", "Idempotency-Key".into(), None, format!("`Idempotency-Key` {rule}")));
    }
}

#[test]
fn an_empty_header_is_refused_and_an_empty_field_counts_as_absent() {
    let empty_field = body_with(json!({"idempotency_key": ""}));
    assert_eq!(accepted(&empty_field).idempotency_key, None);
    assert_eq!(with_header(&empty_field, b"a").unwrap().idempotency_key.as_deref(), Some("a"));
    for header in [b"".as_slice(), b"\xFF", b"a\xC3"] {
        assert_eq!(with_header(&empty_field, header).unwrap_err().field(), Some("Idempotency-Key"));
    }
}

#[test]
fn two_different_keys_conflict() {
    let (code, field, place, message) =
        told(&with_header(&body_with(json!({"idempotency_key": "a"})), b"A").unwrap_err());
    assert_eq!((code, &*field, place.is_some()), ("CONFLICTING_FIELDS", "idempotency_key", true));
    assert!(
        message.starts_with("`idempotency_key` and the header `Idempotency-Key` differ; send one of them"),
        "{message}"
    );
}
