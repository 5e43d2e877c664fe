//! Where a body stops being JSON, and what was expected there in plain words.

use super::{document::JSON_SPACE, place::place_at};
use crate::refusal::Refusal;

/// The refusal for what `serde_json` could not read.
pub(super) fn refusal(text: &str, err: &serde_json::Error) -> Refusal {
    let message = err.to_string();
    let message = message.split(" at line ").next().unwrap_or_default();
    if err.is_eof() {
        return too_early(text, expected(message));
    }
    let offset = match offset_of(text, err) {
        near if message.starts_with("control character") => next_control(text, near),
        near if message.ends_with("escape") => backslash_before(text, near),
        exact => exact,
    };
    at(text, offset, expected(message))
}

/// The refusal for a text that breaks at a byte offset, where something else was expected.
pub(super) fn at(text: &str, offset: usize, expected: &str) -> Refusal {
    Refusal::InvalidJson { place: place_at(text, offset), field: None, problem: problem(text, offset, expected) }
}

/// The refusal for a text that ends where something else was expected: just past its last character.
fn too_early(text: &str, expected: &str) -> Refusal {
    let place = place_at(text, text.trim_end_matches(JSON_SPACE).len());
    Refusal::InvalidJson { place, field: None, problem: format!("The JSON ends too early: expected {expected} there") }
}

fn problem(text: &str, offset: usize, expected: &str) -> String {
    let (before, rest) = text.split_at_checked(text.floor_char_boundary(offset)).unwrap_or((text, ""));
    let Some(found) = rest.chars().next() else {
        return format!("Not valid JSON: expected {expected} at the end");
    };
    if let Some(mend) = mend(found) {
        return format!("Not valid JSON: {mend}");
    }
    if matches!(found, '}' | ']') && before.trim_end_matches(JSON_SPACE).ends_with(',') {
        return format!("Not valid JSON: remove the comma before `{found}`");
    }
    format!("Not valid JSON: expected {expected} before {}", named(found))
}

/// What to do about a character that people and word processors put into JSON.
fn mend(found: char) -> Option<String> {
    let code = u32::from(found);
    match found {
        '\'' | '`' => Some(format!("{}, use straight double quotes `\"`", named(found))),
        '“' | '”' | '„' | '‟' | '‘' | '’' | '‚' | '‛' | '«' | '»' | '″' | '＂' => {
            Some(format!("curly quote {found}, use straight quotes `\"`"))
        }
        '\0' => Some("U+0000, which may stand nowhere; is the body UTF-16? Send it as UTF-8".into()),
        '\u{a0}' | '\u{202f}' | '\u{2007}' => {
            Some(format!("no-break space (U+{code:04X}) outside a string, use an ordinary space"))
        }
        '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}' => {
            Some(format!("invisible character U+{code:04X} outside a string, remove it"))
        }
        _ if !found.is_ascii() && found.is_whitespace() => {
            Some(format!("white space U+{code:04X} outside a string, use an ordinary space"))
        }
        _ => None,
    }
}

fn named(found: char) -> String {
    match found {
        '\n' | '\r' => "a line break".into(),
        '\t' => "a tab".into(),
        '`' => "a backtick".into(),
        _ if found.is_control() => format!("U+{:04X}", u32::from(found)),
        _ => format!("`{found}`"),
    }
}

/// `serde_json`'s message in plain words; one that is not known here stays as it is.
fn expected(message: &str) -> &str {
    match message {
        "EOF while parsing a list" => "`,` or `]`",
        "EOF while parsing an object" => "the rest of the object, up to its `}`,",
        "EOF while parsing a string" => "the string's closing `\"`",
        "EOF while parsing a value" | "expected value" => "a value",
        "expected ident" => "`true`, `false` or `null`",
        "invalid number" => "a number without leading zeros and with digits on both sides of its `.`",
        "invalid escape" => "one of JSON's escapes (a backslash itself is `\\\\`)",
        "key must be a string" | "trailing comma" => "a field's name in double quotes",
        "trailing characters" => "nothing more (one object per call)",
        _ if message.starts_with("control character") => "an escape such as `\\n`, or the string's closing `\"`,",
        other => other.strip_prefix("expected ").unwrap_or(other),
    }
}

/// The byte that `serde_json` looked at last: it counts lines from 1 and columns in bytes from 1, 0 being a line break.
fn offset_of(text: &str, err: &serde_json::Error) -> usize {
    let line_start: usize = text.split_inclusive('\n').take(err.line().saturating_sub(1)).map(str::len).sum();
    (line_start + err.column()).saturating_sub(1)
}

/// For a control character in a string, the offset may be that of the byte before.
fn next_control(text: &str, near: usize) -> usize {
    let near = text.floor_char_boundary(near);
    text.get(near..).and_then(|rest| rest.find(|char| char < ' ')).map_or(near, |after| near + after)
}

/// For an escape, the offset is somewhere inside it.
fn backslash_before(text: &str, near: usize) -> usize {
    text.get(..text.ceil_char_boundary(near + 1)).and_then(|before| before.rfind('\\')).unwrap_or(near)
}
