//! Values and bodies that break parsers.

use super::*;

/// Sound JSON values, each harmless in a field that nobody knows.
const SOUND: [&str; 22] = [
    "null",
    "[]",
    "{}",
    "[[], {}, [{}]]",
    "{\"\": {\"\": \"\"}}",
    "-0",
    "-0.0e-0",
    "1e400",
    "-1E+400",
    "1e-400",
    "0.000000000000000000000000000000000000000001",
    "99999999999999999999999999999999999999999999",
    r#""\"""#,
    r#""\\""#,
    r#""\\\\\"""#,
    r#""{[}],:""#,
    r#""\u005cu0000""#,
    r#""\uFFFF\uffff""#,
    r#""\ud834\udd1e""#,
    "\"\u{2028}\u{7f}\u{80}\"",
    "\"\u{feff}\"",
    "\r\n\t [ \r\n 1 \t, 2 ] \r\n",
];

/// What is no JSON value.
const UNSOUND: [&str; 46] = [
    "",
    "]",
    "[",
    "{",
    "[,]",
    "[1,,2]",
    "[1,]",
    "{,}",
    "{\"a\"}",
    "{\"a\":}",
    "{\"a\" 1}",
    "{\"a\":1,}",
    "{1:1}",
    "{\"a\":1 \"b\":1}",
    "{a:1}",
    "{null:1}",
    "{\"a\":1]",
    "[1}",
    "[1 2]",
    "nul",
    "nulll",
    "NULL",
    "None",
    "NaN",
    "-NaN",
    "Infinity",
    "-Infinity",
    "undefined",
    "+1",
    "-",
    "--1",
    "01",
    "-01",
    "1.",
    ".5",
    "1.e5",
    "1e",
    "1e+",
    "1_000",
    "0x1F",
    "1,5",
    "'a'",
    "\"a",
    "\"\\x41\"",
    "\"\\u12\"",
    "/* a */ 1",
];

#[test]
fn sound_json_in_an_unknown_field_is_ignored() {
    for value in SOUND {
        let parsed = parsed(&body_and(&format!("\"extra\": {value}")));
        assert!(parsed.request.is_ok(), "{:?} for {value}", parsed.request);
        assert_eq!(parsed.ignored, ["extra"]);
    }
}

#[test]
fn sound_json_that_is_no_object_is_no_request() {
    for value in SOUND {
        assert!(parsed(value).request.is_err(), "{value}");
    }
}

#[test]
fn unsound_json_is_refused_wherever_it_stands() {
    for value in UNSOUND {
        for body in [
            value.to_owned(),
            body_and(&format!("\"extra\": {value}")),
            body_and(&format!("\"extra\": [{{\"a\": {value}}}]")),
            format!("{{\"action\": {value}, \"phone\": \"1\", \"text\": \"hi\"}}"),
        ] {
            assert_eq!(refused(&body).code(), "INVALID_JSON", "{body}");
        }
    }
}

#[test]
fn no_known_field_takes_a_hostile_value_for_a_whole_request() {
    let names = ["action", "text", "file_url", "file_name", "phone", "jid", "chat_id", "chat_name", "idempotency_key"];
    for value in SOUND {
        for name in names {
            let outcome = parsed(&format!("{{\"{name}\": {value}, \"extra\": 1}}"));
            assert!(outcome.request.is_err(), "{name}: {value}");
        }
    }
}

#[test]
fn json_cut_anywhere_is_refused_inside_the_body() {
    let body = body_and(r#""extra": {"ả": [1.5e3, true, "\ud83d\udc4d\n"]}"#);
    accepted(&body);
    for length in 0..body.len() {
        let refusal = parse(&body.as_bytes()[..length], None, None).request.unwrap_err();
        let place = refusal.place().unwrap();
        assert!(place.line == 1 && place.column as usize <= length + 1, "{refusal} after {length} bytes");
    }
}

#[test]
fn a_full_body_of_fields_is_read_in_one_go() {
    let fields: Vec<_> = (0..5_000).map(|number| format!("\"f{number}\":{{\"a\":0}}")).collect();
    accepted(&body_and(&fields.join(",")));
    let repeated = body_and(&vec!["\"a\":0"; 10_000].join(","));
    assert_eq!(refused(&repeated).field(), Some("a"));
    refused(&format!("{{\"text\": \"{}", "\\\\".repeat(32_000)));
    refused(&body_and(&format!("\"extra\": \"{}\\u0000\"", "\\n".repeat(30_000))));
}
