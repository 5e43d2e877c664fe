//! What JSON's grammar lets pass, at any depth: repeated keys, lone surrogates, U+0000.

use std::{borrow::Cow, collections::HashMap};

use super::{
    document::{decode, shown},
    place::place_at,
};
use crate::refusal::Refusal;

/// Walks through a text that is known to be JSON, once, without recursion.
pub(super) fn check(text: &str) -> Result<(), Refusal> {
    let mut walk = Walk { text, open: Vec::new(), at_key: false, field: Cow::Borrowed("") };
    let mut at = 0;
    while let Some(byte) = text.as_bytes().get(at) {
        at = walk.step(*byte, at)?;
    }
    Ok(())
}

/// Keys of one object that were seen, with their byte offsets.
type Keys<'a> = HashMap<Cow<'a, str>, usize>;

struct Walk<'a> {
    text: &'a str,
    /// What is open around here: the keys of an object, `None` for a list.
    open: Vec<Option<Keys<'a>>>,
    /// Whether the next string is a key.
    at_key: bool,
    /// The field of the top level that is being read.
    field: Cow<'a, str>,
}

impl<'a> Walk<'a> {
    /// Takes one byte, or a whole string, and returns where to go on.
    fn step(&mut self, byte: u8, at: usize) -> Result<usize, Refusal> {
        match byte {
            b'"' => return self.string(at),
            b'{' | b'[' => self.enter(byte),
            b'}' | b']' => drop(self.open.pop()),
            b',' => self.at_key = matches!(self.open.last(), Some(Some(_))),
            _ => {}
        }
        Ok(at + 1)
    }

    fn enter(&mut self, byte: u8) {
        self.at_key = byte == b'{';
        self.open.push(self.at_key.then(Keys::new));
    }

    fn string(&mut self, at: usize) -> Result<usize, Refusal> {
        let end = end_of_string(self.text, at);
        let raw = self.text.get(at..end).unwrap_or_default();
        let is_key = std::mem::take(&mut self.at_key);
        if is_key && self.open.len() == 1 {
            self.field = decode(raw);
        }
        match flaw_in(raw) {
            Some((Flaw::Nul, inside)) => return Err(self.bad(at + inside)),
            Some((Flaw::HalfPair(unit), inside)) => {
                let problem = format!("contains half of a surrogate pair, `\\u{unit:04x}`; send the whole character");
                return Err(self.broken(at + inside, &problem));
            }
            None => {}
        }
        if is_key {
            self.remember(decode(raw), at)?;
        }
        Ok(end)
    }

    fn remember(&mut self, key: Cow<'a, str>, at: usize) -> Result<(), Refusal> {
        let Some(Some(keys)) = self.open.last_mut() else { return Ok(()) };
        let Some(first) = keys.insert(key.clone(), at) else { return Ok(()) };
        let first = place_at(self.text, first);
        self.field = key;
        Err(self.broken(at, &format!("is repeated, first given at {first}; keep one of them")))
    }

    /// JSON that parses, and that two parsers may read as two things.
    fn broken(&self, at: usize, problem: &str) -> Refusal {
        let field = shown(&self.field);
        let problem = format!("`{field}` {problem}");
        Refusal::InvalidJson { place: place_at(self.text, at), field: Some(field), problem }
    }

    fn bad(&self, at: usize) -> Refusal {
        let place = Some(place_at(self.text, at));
        let problem = "contains U+0000, which no message can carry; remove it".to_owned();
        Refusal::BadField { field: shown(&self.field), place, problem }
    }
}

/// The byte offset past the closing quote of the string that opens at `at`.
fn end_of_string(text: &str, at: usize) -> usize {
    let mut end = at + 1;
    loop {
        match text.as_bytes().get(end) {
            Some(b'"') => return end + 1,
            Some(b'\\') => end += 2,
            Some(_) => end += 1,
            None => return text.len(),
        }
    }
}

/// What is wrong with an escape.
enum Flaw {
    /// It spells U+0000.
    Nul,
    /// It spells half of a surrogate pair, without the other half.
    HalfPair(u16),
}

/// The first escape of a string that names no character, or U+0000, and its byte offset in the string.
fn flaw_in(raw: &str) -> Option<(Flaw, usize)> {
    let mut at = 0;
    while let Some(found) = raw.get(at..).and_then(|rest| rest.find('\\')) {
        at += found;
        at += match unit_at(raw, at) {
            Some(0) => return Some((Flaw::Nul, at)),
            Some(0xD800..=0xDBFF) if matches!(unit_at(raw, at + 6), Some(0xDC00..=0xDFFF)) => 12,
            Some(unit @ 0xD800..=0xDFFF) => return Some((Flaw::HalfPair(unit), at)),
            Some(_) => 6,
            None => 2,
        };
    }
    None
}

/// The UTF-16 unit that the escape `\uXXXX` at a byte offset spells.
fn unit_at(raw: &str, at: usize) -> Option<u16> {
    let digits = raw.get(at..at + 6)?.strip_prefix("\\u")?;
    u16::from_str_radix(digits, 16).ok()
}
