//! A body as one JSON object: its fields, their values and where they stand.

use std::{borrow::Cow, fmt};

use serde::de::{Deserializer as _, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::{breaks, place::place_at};
use crate::{
    refusal::{Place, Refusal, Spot},
    token::mask_text,
};

/// Letters of a caller's that are repeated back to them, or kept in the log, at most.
const SHOWN: usize = 100;

/// White space as JSON knows it.
pub(super) const JSON_SPACE: [char; 4] = [' ', '\t', '\n', '\r'];

/// One JSON object.
pub(super) struct Document<'a> {
    text: &'a str,
    fields: Vec<Field<'a>>,
}

/// One field of the object, at the top level.
pub(super) struct Field<'a> {
    /// Its name, escapes resolved.
    pub(super) name: String,
    /// Its value.
    pub(super) value: Value<'a>,
    /// Where the name begins: byte offset of its quote.
    name_at: usize,
    /// Where the value begins: byte offset.
    value_at: usize,
}

/// A value, as far as the contract tells values apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Value<'a> {
    Null,
    Boolean,
    /// A number as it is spelled: digits beyond 64 bits matter.
    Number(&'a str),
    /// A string, escapes resolved.
    Text(String),
    List,
    Object,
}

impl<'a> Document<'a> {
    /// Reads a text that is one JSON object, and nothing else.
    pub(super) fn read(text: &'a str) -> Result<Self, Refusal> {
        let Some(opening) = text.find(|char| !JSON_SPACE.contains(&char)) else {
            let problem = "The body is empty; send one JSON object".into();
            return Err(Refusal::InvalidJson { place: Place { line: 1, column: 1 }, field: None, problem });
        };
        if !text.get(opening..).is_some_and(|rest| rest.starts_with('{')) {
            return Err(breaks::at(text, opening, "one JSON object, which begins with `{`,"));
        }
        let pairs = pairs(text).map_err(|err| breaks::refusal(text, &err))?;
        Ok(Self { text, fields: pairs.into_iter().map(|pair| Field::of(text, pair)).collect() })
    }

    /// The body's text.
    pub(super) fn text(&self) -> &'a str {
        self.text
    }

    /// All fields, in the body's order.
    pub(super) fn fields(&self) -> impl Iterator<Item = &Field<'a>> {
        self.fields.iter()
    }

    /// A field that is there and not `null`.
    pub(super) fn required(&self, name: &str) -> Option<&Field<'a>> {
        self.fields().find(|field| field.name == name && field.value != Value::Null)
    }

    /// A field that is there, not `null`, and not an empty string.
    pub(super) fn optional(&self, name: &str) -> Option<&Field<'a>> {
        self.required(name).filter(|field| field.is_given())
    }

    /// Refuses a field for its value.
    pub(super) fn bad(&self, field: &Field<'_>, problem: impl Into<String>) -> Refusal {
        let place = Some(place_at(self.text, field.value_at));
        Refusal::BadField { field: field.name.clone(), place, problem: problem.into() }
    }

    /// Refuses a field because of another one.
    pub(super) fn conflict(&self, field: &Field<'_>, problem: impl Into<String>) -> Refusal {
        let place = Some(place_at(self.text, field.name_at));
        Refusal::ConflictingFields { field: field.name.clone(), place, problem: problem.into() }
    }

    /// Where a field's value stands.
    pub(super) fn spot(&self, field: &Field<'_>) -> Spot {
        Spot { field: field.name.clone(), place: place_at(self.text, field.value_at) }
    }

    /// A field's string; any other type is refused.
    pub(super) fn string<'f>(&self, field: &'f Field<'_>) -> Result<&'f str, Refusal> {
        match &field.value {
            Value::Text(text) => Ok(text),
            other => Err(self.bad(field, format!("must be a string, not {}", other.name()))),
        }
    }
}

impl<'a> Field<'a> {
    fn of(text: &'a str, (name, value): (&'a RawValue, &'a RawValue)) -> Self {
        Self {
            name: decode(name.get()).into_owned(),
            value: Value::of(value.get()),
            name_at: offset_in(text, name.get()),
            value_at: offset_in(text, value.get()),
        }
    }

    /// Whether it counts as given where it is optional: not `null`, not an empty string, not white space alone.
    pub(super) fn is_given(&self) -> bool {
        match &self.value {
            Value::Null => false,
            Value::Text(text) => !text.trim().is_empty(),
            _ => true,
        }
    }
}

impl<'a> Value<'a> {
    fn of(raw: &'a str) -> Self {
        match raw.as_bytes().first() {
            Some(b'"') => Self::Text(decode(raw).into_owned()),
            Some(b'{') => Self::Object,
            Some(b'[') => Self::List,
            Some(b't' | b'f') => Self::Boolean,
            Some(b'-' | b'0'..=b'9') => Self::Number(raw),
            _ => Self::Null,
        }
    }

    /// What a caller calls it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "a boolean",
            Self::Number(_) => "a number",
            Self::Text(_) => "a string",
            Self::List => "a list",
            Self::Object => "an object",
        }
    }
}

/// The content of a JSON string. What cannot be decoded (lone surrogates, which are refused) stays as it is spelled.
pub(super) fn decode(raw: &str) -> Cow<'_, str> {
    let inside = raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(raw);
    if !inside.contains('\\') {
        return Cow::Borrowed(inside);
    }
    serde_json::from_str(raw).map_or(Cow::Borrowed(inside), Cow::Owned)
}

/// A caller's word, fit to be repeated: short, free of control characters (PostgreSQL refuses U+0000), and no secret.
pub(super) fn shown(word: &str) -> String {
    let escaped = |char: char| if char.is_control() { format!("\\u{:04x}", u32::from(char)) } else { char.into() };
    let whole: String = mask_text(word).chars().take(SHOWN + 1).map(escaped).collect();
    match whole.char_indices().nth(SHOWN) {
        None => whole,
        Some(_) => whole.chars().take(SHOWN - 1).chain(['…']).collect(),
    }
}

/// Where a part of the text begins: byte offset.
fn offset_in(text: &str, part: &str) -> usize {
    part.as_ptr().addr().saturating_sub(text.as_ptr().addr())
}

type Pair<'a> = (&'a RawValue, &'a RawValue);

fn pairs(text: &str) -> serde_json::Result<Vec<Pair<'_>>> {
    let mut reader = serde_json::Deserializer::from_str(text);
    let pairs = reader.deserialize_map(Pairs)?;
    reader.end()?;
    Ok(pairs)
}

struct Pairs;

impl<'de> Visitor<'de> for Pairs {
    type Value = Vec<Pair<'de>>;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("one JSON object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(pairs)
    }
}
