//! Exactly one recipient.

use super::{super::*, *};

fn recipient_of(field: &str) -> Recipient {
    accepted(&format!(r#"{{"action": "send", "text": "hi", {field}}}"#)).recipient
}

#[test]
fn each_of_the_four_fields_names_a_recipient() {
    for (field, recipient) in [
        (r#""chat_id": "77234""#, Recipient::ChatId(77_234)),
        (r#""jid": " 120363012345678901@g.us ""#, Recipient::Jid("120363012345678901@g.us".into())),
        (r#""phone": " +1 (415) 123-1234 ""#, Recipient::Phone("+1 (415) 123-1234".into())),
        (r#""chat_name": " Ann & Bob ""#, Recipient::ChatName("Ann & Bob".into())),
    ] {
        assert_eq!(recipient_of(field), recipient);
    }
}

#[test]
fn a_recipient_is_required() {
    for body in [
        r#"{"action": "send", "text": "hi"}"#,
        r#"{"action": "send", "text": "hi", "phone": null, "chat_id": "", "jid": " ", "chat_name": "\t"}"#,
    ] {
        let (code, field, place, message) = told(&refused(body));
        assert_eq!((code, &*field, place), ("MISSING_FIELD", "phone", None));
        assert!(message.contains("`chat_id`, `jid`, `phone` or `chat_name`"), "{message}");
    }
}

#[test]
fn more_than_one_recipient_conflicts_and_all_are_named() {
    let (code, field, place, message) =
        told(&refused(r#"{"action": "send", "text": "hi", "phone": "1", "chat_id": 5}"#));
    assert_eq!((code, &*field, place), ("CONFLICTING_FIELDS", "chat_id", Some((1, 48))));
    assert_eq!(message, "Give only one recipient, not `phone` and `chat_id` together (line 1, column 48)");
    let four = refused(r#"{"action": "send", "text": "hi", "jid": "1", "chat_name": [], "phone": 1, "chat_id": 5}"#);
    assert_eq!(
        four.to_string(),
        "Give only one recipient, not `jid` and `chat_name` and `phone` and `chat_id` together (line 1, column 46)"
    );
}

#[test]
fn a_chat_id_is_a_number_as_a_string_or_as_a_number() {
    for (given, number) in [
        ("77234", 77_234),
        ("\"77234\"", 77_234),
        ("\" 77234 \"", 77_234),
        ("77234.0", 77_234),
        ("7.7234e4", 77_234),
        ("0", 0),
        ("\"007\"", 7),
        ("9223372036854775807", i64::MAX),
    ] {
        assert_eq!(recipient_of(&format!("\"chat_id\": {given}")), Recipient::ChatId(number), "{given}");
    }
}

#[test]
fn a_chat_id_beyond_64_bits_is_a_chat_that_cannot_exist() {
    for given in ["9223372036854775808", "\"99999999999999999999999999\"", "1e200"] {
        assert_eq!(recipient_of(&format!("\"chat_id\": {given}")), Recipient::ChatId(i64::MAX), "{given}");
    }
}

#[test]
fn a_chat_id_of_anything_but_digits_is_refused() {
    for given in ["\"abc\"", "\"+5\"", "\"-5\"", "\"7 7\"", "\"77234.0\"", "\"٧٧\"", "-5", "1.5"] {
        let refusal = refused(&format!(r#"{{"action": "send", "text": "hi", "chat_id": {given}}}"#));
        let (code, field, place, _) = told(&refusal);
        assert_eq!((code, &*field, place), ("BAD_FIELD", "chat_id", Some((1, 45))), "{given}");
    }
}

#[test]
fn whole_numbers_are_taken_as_the_digits_of_a_phone() {
    for given in ["14151231234", "14151231234.0", "1.4151231234e10", "1.4151231234E+10"] {
        assert_eq!(recipient_of(&format!("\"phone\": {given}")), Recipient::Phone("14151231234".into()), "{given}");
    }
    for (given, words) in [("-14151231234", "negative"), ("1415.5", "fraction"), ("1e400", "longer than 256 digits")] {
        let refusal = refused(&format!(r#"{{"action": "send", "text": "hi", "phone": {given}}}"#));
        assert!(refusal.code() == "BAD_FIELD" && refusal.to_string().contains(words), "{refusal}");
    }
}

#[test]
fn neither_a_phones_nor_a_jids_format_is_checked() {
    for given in ["0912 345 678", "call me", "+", "14151231234@s.whatsapp.net", "👍", "12", "status@broadcast"] {
        assert_eq!(accepted_with(json!({"phone": given})).recipient, Recipient::Phone(given.into()));
        assert_eq!(accepted_with(json!({"phone": null, "jid": given})).recipient, Recipient::Jid(given.into()));
    }
}

#[test]
fn nor_is_their_length() {
    let given = "5".repeat(60_000);
    for name in ["phone", "jid", "chat_name", "chat_id"] {
        let recipient = accepted_with(json!({"phone": null, name: given})).recipient;
        let (Recipient::Phone(kept) | Recipient::Jid(kept) | Recipient::ChatName(kept)) = recipient else {
            assert_eq!(recipient, Recipient::ChatId(i64::MAX));
            continue;
        };
        assert_eq!(kept, given);
        assert_eq!(order_key(&kept).len(), 64, "an index must take it");
    }
}

#[test]
fn a_chat_name_is_compared_in_nfc_trimmed_with_its_case() {
    for (given, name) in
        [(" ANN ", "ANN"), ("Ann", "Ann"), ("e\u{301}\u{a0}", "\u{e9}"), ("a\u{309}o", "ảo"), ("a  b", "a  b")]
    {
        let request = accepted_with(json!({"phone": null, "chat_name": given}));
        assert_eq!(request.recipient, Recipient::ChatName(name.into()));
    }
}
