//! Halves of characters. JSON spells what lies beyond U+FFFF as two escapes; whoever cuts a text between them leaves one, which
//! stands for nothing, and for which no parser takes the rest.

/// How long an escape is: `\u` and four hex digits.
const LENGTH: usize = 6;
/// What a half becomes: the sign for what could not be read.
const UNREADABLE: &[u8] = br"\ufffd";

/// The same JSON, with a sign in place of each half that lacks its other one.
pub(super) fn mend(json: &[u8]) -> Vec<u8> {
    let mut mended = Vec::with_capacity(json.len());
    let mut rest = json;
    while let Some((first, after)) = rest.split_first() {
        let (taken, put) = match (first, unit(rest), rest.get(LENGTH..).and_then(unit)) {
            (_, Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => (2 * LENGTH, None),
            (_, Some(0xd800..=0xdfff), _) => (LENGTH, Some(UNREADABLE)),
            // What it escapes begins nothing.
            (b'\\', None, _) if !after.is_empty() => (2, None),
            _ => (1, None),
        };
        let (read, left) = rest.split_at(taken);
        mended.extend_from_slice(put.unwrap_or(read));
        rest = left;
    }
    mended
}

/// The unit that an escape at the beginning stands for.
fn unit(json: &[u8]) -> Option<u16> {
    let digits = json.strip_prefix(br"\u")?.get(..4)?;
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    fn mended(text: &str) -> String {
        String::from_utf8(mend(text.as_bytes())).unwrap()
    }

    #[test]
    fn a_half_without_its_other_one_becomes_a_sign() {
        assert_eq!(mended(r#""cut \ud83d""#), r#""cut \ufffd""#);
        assert_eq!(mended(r#""\uDE00 \uD83D\u0041\ud83d\ud83d\ude00""#), r#""\ufffd \ufffd\u0041\ufffd\ud83d\ude00""#);
    }

    #[test]
    fn what_is_whole_and_what_is_no_escape_stays() {
        for text in [r#""\ud83d\ude00 \\ud83d \n \u00e9""#, r"\", r"\u", r"\ud8", r"\u+d83", "\u{1f600}"] {
            assert_eq!(mended(text), text);
        }
    }

    proptest! {
        #[test]
        fn what_is_mended_is_json_if_its_halves_were_all_that_was_wrong(
            parts in proptest::collection::vec(prop_oneof![
                Just(r"\ud83d"), Just(r"\uDE00"), Just(r"\\"), Just(r"\n"), Just("u"), Just("é"), Just(r"\u0041"),
            ], 0..12),
        ) {
            let json = format!("[\"{}\"]", parts.concat());
            prop_assert!(serde_json::from_slice::<Value>(&mend(json.as_bytes())).is_ok(), "{json}");
        }
    }
}
