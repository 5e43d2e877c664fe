//! Bodies that mean no good.

use rand::{RngExt as _, rngs::StdRng};

/// Bodies that are taken.
pub(super) const SOUND: [&str; 4] = [
    r#"{"action": "send", "phone": "+12025550104", "text": "hello"}"#,
    r#"{"action": "send", "jid": "12025550104@s.whatsapp.net", "text": "xin chào 👍\n\"hi\"", "idempotency_key": "a"}"#,
    r#"{"action":"send","phone":12025550104,"text":"","file_url":"https://files.example/a.png","file_name":"a.png"}"#,
    "\u{feff}{\n\t\"action\": \"send\",\n\t\"chat_id\": \"77234\",\n\t\"whatsapp account phone\": \"+15105566777\",\n\t\"text\": \"a\"\n}",
];

const FIELDS: [&str; 11] = [
    "action",
    "text",
    "file_url",
    "file_name",
    "whatsapp_account_phone",
    "whatsapp account phone",
    "chat_id",
    "jid",
    "phone",
    "chat_name",
    "idempotency_key",
];

/// What JSON is made of, and what breaks it.
const PIECES: [&str; 40] = [
    "{", "}", "[", "]", ":", ",", "\"", "\\", "\n", "\r", "\t", " ", "null", "true", "tru", "-", "1e999", "0x1", "01",
    ".5", "NaN", "\\u0000", "\\ud800", "\\udc00", "\\u12", "\\x41", "“", "”", "\u{a0}", "\u{feff}", "\u{202e}", "👍",
    "\0", "\u{1b}", "'", "//", "/*", "=", "&", "<",
];

/// Values that parsers stumble over, each in its place as a value.
const VALUES: [&str; 56] = [
    "",
    "null",
    "true",
    "false",
    "0",
    "-0",
    "-1",
    "1.5",
    "1e5",
    "1E+2",
    "1e999",
    "-1e999",
    "1e-999",
    "01",
    "+1",
    ".5",
    "1.",
    "0x10",
    "NaN",
    "Infinity",
    "-",
    "9223372036854775808",
    "123456789012345678901234567890",
    "0.1e1",
    "\"\"",
    "\" \"",
    "\"\\u0000\"",
    "\"\\ud800\"",
    "\"\\udc00\\ud800\"",
    "\"\\ud83d\\udc4d\"",
    "\"\\u\"",
    "\"\\q\"",
    "\"\n\"",
    "\"\t\"",
    "\"\u{1f}\"",
    "\"\u{7f}\"",
    "\"\u{2028}\"",
    "\"\u{202e}\"",
    "\"\u{e000}\"",
    "\"\u{10ffff}\"",
    "'a'",
    "“a”",
    "\"a",
    "a\"",
    "[]",
    "[1,]",
    "[,]",
    "[",
    "]",
    "{}",
    "{\"a\":1,\"a\":2}",
    "{\"a\"}",
    "{a:1}",
    "{\"action\":\"send\"}",
    "//",
    "/* */ 1",
];

pub(super) fn piece(rng: &mut StdRng) -> &'static str {
    PIECES[rng.random_range(0..PIECES.len())]
}

/// Any bytes, or pieces of JSON.
pub(super) fn bytes(rng: &mut StdRng) -> Vec<u8> {
    let most = if rng.random_range(0..20) == 0 { 70_000 } else { 200 };
    let length = rng.random_range(0..most);
    if rng.random() {
        return (0..length).map(|_| rng.random()).collect();
    }
    (0..length.min(300)).flat_map(|_| piece(rng).bytes()).collect()
}

/// A sound body with a few things changed.
pub(super) fn mutated(rng: &mut StdRng) -> Vec<u8> {
    let mut body = SOUND[rng.random_range(0..SOUND.len())].as_bytes().to_vec();
    for _ in 0..rng.random_range(1..4) {
        let (at, to) = (rng.random_range(0..=body.len()), rng.random_range(0..=body.len()));
        let (from, to) = (at.min(to), at.max(to));
        match rng.random_range(0..6) {
            0 if from < body.len() => body[from] = rng.random(),
            1 => drop(body.splice(from..from, piece(rng).bytes())),
            2 => drop(body.drain(from..to.min(from + 20))),
            3 => {
                let again: Vec<u8> = body[from..to].to_vec();
                drop(body.splice(to..to, again));
            }
            4 => body.truncate(to),
            _ => {
                let (name, value) =
                    (FIELDS[rng.random_range(0..FIELDS.len())], VALUES[rng.random_range(0..VALUES.len())]);
                let field = format!(", \"{name}\": {value}");
                let end = body.iter().rposition(|byte| *byte == b'}').unwrap_or(body.len());
                drop(body.splice(end..end, field.into_bytes()));
            }
        }
    }
    body
}

/// Each hostile value as the whole body, as an unknown field's value, and as each known field's.
pub(super) fn json_everywhere() -> Vec<Vec<u8>> {
    let mut bodies: Vec<Vec<u8>> = whole().into_iter().chain(VALUES.map(|value| value.as_bytes().to_vec())).collect();
    for value in VALUES {
        bodies.push(
            format!(r#"{{"action": "send", "phone": "+12025550104", "text": "a", "extra": {value}}}"#).into_bytes(),
        );
        for name in FIELDS {
            bodies.push(
                format!(r#"{{"action": "send", "phone": "+12025550104", "text": "a", "{name}": {value}}}"#)
                    .into_bytes(),
            );
            bodies.push(format!(r#"{{"{name}": {value}}}"#).into_bytes());
        }
    }
    bodies
}

/// Bodies that are hostile as a whole.
fn whole() -> Vec<Vec<u8>> {
    let sound = SOUND[0];
    let utf16 = |big: bool| -> Vec<u8> {
        let unit = move |unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() };
        std::iter::once(0xfeff).chain(sound.encode_utf16()).flat_map(unit).collect()
    };
    let within = |prefix: &str, filler: &str, times: usize, suffix: &str| {
        [prefix, &filler.repeat(times), suffix].concat().into_bytes()
    };
    vec![
        utf16(true),
        utf16(false),
        b"\xff\xfe".to_vec(),
        b"\xef\xbb".to_vec(),
        b"\xef\xbb\xbf\xef\xbb\xbf{}".to_vec(),
        b"{\"text\": \"\xc0\x80\"}".to_vec(),
        b"{\"text\": \"\xed\xa0\x80\"}".to_vec(),
        b"{\"text\": \"\xf4\x90\x80\x80\"}".to_vec(),
        b"{\"\xff\": 1}".to_vec(),
        [sound, sound].concat().into_bytes(),
        format!("{sound}\0").into_bytes(),
        format!("[{sound}]").into_bytes(),
        format!("\"{}\"", sound.replace('"', "\\\"")).into_bytes(),
        format!("<xml>{sound}</xml>").into_bytes(),
        format!("{sound}//").into_bytes(),
        b"action=send&phone=%2B12025550104&text=hello".to_vec(),
        b"--x\r\nContent-Disposition: form-data; name=\"action\"\r\n\r\nsend\r\n--x--".to_vec(),
        within("", "[", 60_000, ""),
        within("", "{\"a\":", 12_000, ""),
        within("", "[", 30_000, &"]".repeat(30_000)),
        within("{\"extra\": ", "[", 64, &format!("{}}}", "]".repeat(64))),
        within("{\"extra\": \"", "\\\\", 30_000, "\"}"),
        within("{\"extra\": \"", "\\u0041", 10_000, "\"}"),
        within("{\"text\": \"", "ả", 20_000, "\"}"),
        within("{\"action\": \"send\", \"phone\": \"1\", \"text\": \"", "👍", 4_096, "\"}"),
        within("{\"action\": \"send\", \"phone\": \"1\", \"text\": \"", "👍", 4_097, "\"}"),
        within("{\"phone\": ", "9", 60_000, "}"),
        within("{\"phone\": 1e", "9", 60_000, "}"),
        within("{\"", "k", 60_000, "\": 1}"),
        within("{\"a\":1", ",\"a\":1", 10_000, "}"),
        within("", " ", 65_536, ""),
        within("", "\n", 65_000, "{"),
        within("", "x", 65_537, ""),
        within(sound, " ", 200_000, ""),
        (0..9_000).map(|n| format!("{{\"f{n}\":")).collect::<Vec<_>>().concat().into_bytes(),
        format!("{{{}}}", (0..6_000).map(|n| format!("\"f{n}\":0")).collect::<Vec<_>>().join(",")).into_bytes(),
    ]
}
