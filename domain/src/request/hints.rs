//! "Did you mean": what an unknown field was probably meant to be, asked only when something required is missing.

use std::iter;

use unicode_normalization::UnicodeNormalization as _;

use super::{
    contract::{RECIPIENTS, is_known, names},
    document::{Document, shown},
};
use crate::refusal::Refusal;

/// What the published Vietnamese translation prints in place of names and of the value `send`.
const TRANSLATED: [(&str, &str); 5] = [
    ("Hành động", "action"),
    ("văn bản", "text"),
    ("Điện thoại", "phone"),
    ("điện thoại tài khoản whatsapp", "whatsapp_account_phone"),
    ("gửi", "send"),
];

/// Questions asked, at most.
const QUESTIONS: usize = 5;
/// Unknown fields looked at, at most: a body can hold thousands.
const CANDIDATES: usize = 200;
/// Bytes of a word that can still be a slip of another, at most.
const LONGEST_SLIP: usize = 64;

/// Refuses a body that lacks `field`. Beside the advice, asks about unknown fields that come close to one of `meant`, or
/// that are another absent field in disguise.
pub(super) fn missing(document: &Document<'_>, field: &str, meant: &[&str], advice: &str) -> Refusal {
    Refusal::MissingField { field: field.into(), hint: with_questions(document, advice, meant) }
}

/// Advice, and questions about unknown fields that come close to one of `meant`.
pub(super) fn with_questions(document: &Document<'_>, advice: &str, meant: &[&str]) -> String {
    iter::once(advice.to_owned()).chain(questions(document, meant)).collect::<Vec<_>>().join("; ")
}

/// Questions about slips of what is missing first, then about other fields in disguise.
fn questions(document: &Document<'_>, missing: &[&str]) -> Vec<String> {
    let unknown = || document.fields().map(|field| field.name.as_str()).filter(|name| !is_known(name)).take(CANDIDATES);
    let slips = unknown().filter_map(|name| Some((name, *missing.iter().find(|wanted| is_near(name, wanted))?)));
    let disguises = unknown().filter_map(|name| Some((name, absent_meant(document, name)?)));
    let mut asked: Vec<(&str, &str)> = Vec::new();
    for (name, meant) in slips.chain(disguises) {
        if asked.len() < QUESTIONS && asked.iter().all(|(before, wanted)| *before != name && *wanted != meant) {
            asked.push((name, meant));
        }
    }
    asked.iter().map(|(name, meant)| format!("`{}` is unknown: did you mean `{meant}`?", shown(name))).collect()
}

/// Whether a word is `wanted`, but for its spelling or its language.
pub(super) fn is_near(word: &str, wanted: &str) -> bool {
    if word.len() > LONGEST_SLIP {
        return false;
    }
    let (folded, wanted_folded) = (folded(word), folded(wanted));
    let slips = match wanted_folded.chars().count() {
        0..4 => 0,
        4..6 => 1,
        _ => 2,
    };
    let is_longer = folded.len() > wanted_folded.len() && folded.starts_with(&wanted_folded);
    translated(&folded) == Some(wanted) || is_longer || distance(&folded, &wanted_folded) <= slips
}

/// The absent field, of a kind that none is given of, that a name spells in another case, with other separators, or in another language.
fn absent_meant(document: &Document<'_>, name: &str) -> Option<&'static str> {
    let folded = Some(name).filter(|name| name.len() <= LONGEST_SLIP).map(folded)?;
    let meant = names().find(|field| self::folded(field) == folded).or_else(|| translated(&folded))?;
    let rivals: &[&str] = if RECIPIENTS.contains(&meant) { &RECIPIENTS } else { &[meant] };
    let is_absent = rivals.iter().all(|rival| document.optional(rival).is_none());
    (is_known(meant) && is_absent).then_some(meant)
}

fn translated(folded: &str) -> Option<&'static str> {
    TRANSLATED.into_iter().find(|(theirs, _)| self::folded(theirs) == folded).map(|(_, ours)| ours)
}

/// A word without case, separators, accents, and differences of Unicode form.
fn folded(word: &str) -> String {
    let plain = word.nfd().flat_map(char::to_lowercase).map(|char| if char == 'đ' { 'd' } else { char });
    plain.filter(|char| char.is_alphanumeric()).collect()
}

/// Letters to insert, remove or replace to get from one word to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (index, letter) in from.chars().enumerate() {
        let mut next = vec![index + 1];
        for ((above_left, above), wanted) in row.iter().zip(row.iter().skip(1)).zip(&to) {
            let left = next.last().copied().unwrap_or_default();
            let replaced = above_left + usize::from(letter != *wanted);
            next.push(replaced.min(above + 1).min(left + 1));
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_spelling_case_and_separators_come_close() {
        for (word, wanted) in [
            ("chatid", "chat_id"),
            ("chat-id", "chat_id"),
            ("Chat ID", "chat_id"),
            ("chatId", "chat_id"),
            ("file-url", "file_url"),
            ("fileURL", "file_url"),
            ("Text", "text"),
            ("txt", "text"),
            ("phon", "phone"),
            ("Phone ", "phone"),
            ("acton", "action"),
            ("filename", "file_name"),
            ("JID", "jid"),
            ("jids", "jid"),
            ("phone_number", "phone"),
            ("phoneNumber", "phone"),
        ] {
            assert!(is_near(word, wanted), "{word}");
        }
    }

    #[test]
    fn the_vietnamese_words_come_close_in_either_unicode_form() {
        for (word, ours) in TRANSLATED {
            assert!(is_near(word, ours), "{word}");
            assert!(is_near(&word.nfd().collect::<String>(), ours), "{word} in NFD");
            assert!(is_near(&word.to_uppercase(), ours), "{word} in capitals");
        }
        for (word, ours) in [("van ban", "text"), ("hanh dong", "action"), ("Dien thoai", "phone"), ("gui", "send")] {
            assert!(is_near(word, ours), "{word}, without its accents");
        }
    }

    #[test]
    fn other_words_do_not_come_close() {
        for (word, wanted) in
            [("to", "text"), ("to", "phone"), ("id", "jid"), ("message", "text"), ("", "jid"), ("contact", "chat_id")]
        {
            assert!(!is_near(word, wanted), "{word}");
        }
        assert!(!is_near(&"text".repeat(10_000), "text"));
    }

    #[test]
    fn the_distance_counts_single_letters() {
        for (from, to, letters) in [("", "", 0), ("", "abc", 3), ("kitten", "sitting", 3), ("gửi", "gui", 1)] {
            assert_eq!(distance(from, to), letters, "{from} to {to}");
        }
    }
}
