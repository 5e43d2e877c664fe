//! Properties over many bodies.

use proptest::{collection::vec, prelude::*};

use super::{super::*, *};

/// A place is inside a body when its line exists and its column does, or is the one past the line's end.
fn is_inside(place: Place, body: &[u8]) -> bool {
    let text = String::from_utf8_lossy(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)).into_owned();
    let line = text.split('\n').nth(place.line as usize - 1);
    line.is_some_and(|line| (1..=line.chars().count() + 1).contains(&(place.column as usize)))
}

/// Pieces that JSON is made of, and that break it.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("{"),
        Just("}"),
        Just("["),
        Just("]"),
        Just(":"),
        Just(","),
        Just("\""),
        Just("\\"),
        Just("\n"),
        Just(" "),
        Just("\"action\""),
        Just("\"send\""),
        Just("\"text\": \"hi\","),
        Just("\"phone\": 5,"),
        Just("\"a\": "),
        Just("null"),
        Just("tru"),
        Just("-1.5e"),
        Just("99"),
        Just("\\u0000"),
        Just("\\ud83d"),
        Just("\\u12"),
        Just("“"),
        Just("\u{a0}"),
        Just("👍"),
        Just("\0"),
        Just("\u{feff}"),
        Just("'"),
        Just("="),
        Just("\r"),
    ];
    vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

/// Any JSON, at most a few levels deep.
fn any_json() -> impl Strategy<Value = Value> {
    let name = "[ -~ảđ👍]{0,8}";
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        "[^\0]{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 24, 4, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            proptest::collection::hash_map(name, inner, 0..4).prop_map(Value::from_iter),
        ]
    })
}

fn any_recipient() -> impl Strategy<Value = (&'static str, Value, Recipient)> {
    prop_oneof![
        (0..i64::MAX).prop_map(|id| ("chat_id", json!(id), Recipient::ChatId(id))),
        (0..i64::MAX).prop_map(|id| ("chat_id", json!(id.to_string()), Recipient::ChatId(id))),
        "[!-~]{1,40}".prop_map(|jid| ("jid", json!(jid), Recipient::Jid(jid))),
        "[!-~]{1,40}".prop_map(|phone| ("phone", json!(phone), Recipient::Phone(phone))),
        (0..u64::MAX).prop_map(|phone| ("phone", json!(phone), Recipient::Phone(phone.to_string()))),
        "[A-Za-zảđ][ -~]{0,40}[!-~]".prop_map(|name| ("chat_name", json!(name), Recipient::ChatName(name))),
    ]
}

proptest! {
    #[test]
    fn no_bytes_make_it_panic_and_places_are_inside_the_body(
        body in vec(any::<u8>(), 0..200), content_type in proptest::option::of(".{0,40}"),
        header in proptest::option::of(vec(any::<u8>(), 0..20)),
    ) {
        let parsed = parse(&body, content_type.as_deref(), header.as_deref());
        let place = parsed.request.err().and_then(|refusal| refusal.place());
        prop_assert!(place.is_none_or(|place| is_inside(place, &body)), "{place:?}");
    }

    #[test]
    fn no_pieces_of_json_make_it_panic_and_places_are_inside_the_body(pieces in pieces(), wrapped: bool) {
        let body = if wrapped { body_and(&format!("\"extra\": {pieces}")) } else { pieces };
        let parsed = parsed(&body);
        let place = parsed.request.err().and_then(|refusal| refusal.place());
        prop_assert!(place.is_none_or(|place| is_inside(place, body.as_bytes())), "{place:?} in {body}");
    }

    #[test]
    fn a_sound_body_with_one_byte_changed_is_never_a_panic(at in 0..200_usize, byte: u8) {
        let mut body = body_and(r#""extra": {"ả": [1.5e3, "\ud83d\udc4d\n"]}, "chat_name": null"#).into_bytes();
        let at = at % body.len();
        body[at] = byte;
        let place = parse(&body, None, None).request.err().and_then(|refusal| refusal.place());
        prop_assert!(place.is_none_or(|place| is_inside(place, &body)), "{place:?}");
    }

    #[test]
    fn any_json_in_an_unknown_field_changes_nothing(value in any_json(), pretty: bool) {
        let body = json!({"action": "send", "phone": "1", "text": "hi", "unknown": value});
        let spelled = if pretty { serde_json::to_string_pretty(&body).unwrap() } else { body.to_string() };
        let plain = accepted(r#"{"action": "send", "phone": "1", "text": "hi"}"#);
        let given = accepted(&spelled);
        prop_assert_eq!(SendRequest { recipient_at: plain.recipient_at.clone(), ..given }, plain);
    }

    #[test]
    fn well_formed_requests_round_trip(
        text in "[^\0]{0,40}[!-~]", (name, value, recipient) in any_recipient(),
        path in proptest::option::of("[a-z0-9/%.]{0,40}"), key in proptest::option::of("[!-~]{1,255}"), pretty: bool,
    ) {
        let file = path.map(|path| FileRef { url: format!("https://files.example/{path}"), name: "a.png".into() });
        let body = json!({
            "action": "send", "text": text, name: value, "idempotency_key": key,
            "file_url": file.as_ref().map(|file| &file.url), "file_name": file.as_ref().map(|file| &file.name),
        });
        let spelled = if pretty { serde_json::to_string_pretty(&body).unwrap() } else { body.to_string() };
        let given = accepted(&spelled);
        let recipient_at = given.recipient_at.clone();
        prop_assert_eq!(&recipient_at.field, name);
        let expected = SendRequest { text, file, recipient, recipient_at, account_phone: None, idempotency_key: key };
        prop_assert_eq!(given, expected);
    }

    #[test]
    fn no_text_makes_an_address_panic_and_a_normal_jid_stays_itself(given in "[0-9+@.:a-z -]{0,40}|.{0,40}") {
        prop_assert_eq!(order_key(&order_key(&given)), order_key(&given));
        if let Some(jid) = normal_jid(&given) {
            prop_assert_eq!(normal_jid(jid.as_str()), Some(jid));
        }
    }
}
