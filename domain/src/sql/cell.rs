//! One value of a row, and a column of them on its way to PostgreSQL.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::{Value, sea_query::ArrayType};
use uuid::Uuid;

/// A value; what came from an `Option` may be NULL.
#[derive(Clone, Debug)]
pub struct Cell {
    content: Content,
    nullable: bool,
}

/// None is NULL, and still of its kind.
#[derive(Clone, Debug)]
enum Content {
    Bool(Option<bool>),
    Int(Option<i32>),
    BigInt(Option<i64>),
    /// Without U+0000, which PostgreSQL does not take.
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Uuid(Option<Uuid>),
    /// To the microsecond.
    Time(Option<DateTime<Utc>>),
}

macro_rules! cells {
    ($($kind:ident: $($from:ty),+;)+) => {$($(
        impl From<$from> for Cell {
            fn from(value: $from) -> Self {
                Self { content: Content::$kind(Some(value.into())), nullable: false }
            }
        }
        impl From<Option<$from>> for Cell {
            fn from(value: Option<$from>) -> Self {
                Self { content: Content::$kind(value.map(Into::into)), nullable: true }
            }
        }
    )+)+};
}

cells! {
    Bool: bool;
    Int: i32;
    BigInt: i64;
    Text: String, &str, &String;
    Bytes: Vec<u8>, &[u8];
    Uuid: Uuid;
    Time: DateTime<Utc>;
}

impl From<Content> for Value {
    fn from(content: Content) -> Self {
        match content {
            Content::Bool(value) => value.into(),
            Content::Int(value) => value.into(),
            Content::BigInt(value) => value.into(),
            Content::Text(value) => value.into(),
            Content::Bytes(value) => value.into(),
            Content::Uuid(value) => value.into(),
            Content::Time(value) => value.into(),
        }
    }
}

/// The values of one column, from the first row to the last.
#[derive(Debug, Default)]
pub(super) struct Column {
    contents: Vec<Content>,
    nullable: bool,
}

impl Column {
    pub(super) fn push(&mut self, cell: Cell) {
        self.contents.push(cell.content);
        self.nullable |= cell.nullable;
    }

    pub(super) fn len(&self) -> usize {
        self.contents.len()
    }

    pub(super) fn into_values(self) -> impl Iterator<Item = Value> {
        self.contents.into_iter().map(Value::from)
    }

    /// One parameter that holds them all, and its cast. The driver's own arrays are the fastest, but hold no NULL: a column
    /// that may have one travels as the text of an array.
    pub(super) fn into_array(self) -> (Value, String) {
        if self.nullable {
            let cast = self.contents.first().map(|first| format!("::text::{}[]", kind(first)));
            return (as_text(&self.contents).into(), cast.unwrap_or_default());
        }
        let values: Vec<Value> = self.into_values().collect();
        let kind = values.first().map_or(ArrayType::String, Value::array_type);
        (Value::Array(kind, Some(Box::new(values))), String::new())
    }
}

fn kind(content: &Content) -> &'static str {
    match content {
        Content::Bool(_) => "boolean",
        Content::Int(_) => "integer",
        Content::BigInt(_) => "bigint",
        Content::Text(_) => "text",
        Content::Bytes(_) => "bytea",
        Content::Uuid(_) => "uuid",
        Content::Time(_) => "timestamptz",
    }
}

fn as_text(contents: &[Content]) -> String {
    let mut array = String::new();
    for content in contents {
        array.push(if array.is_empty() { '{' } else { ',' });
        push(&mut array, content);
    }
    array + "}"
}

fn push(array: &mut String, content: &Content) {
    // Writing to a String cannot fail.
    let _ = match content {
        Content::Bool(Some(value)) => write!(array, "{value}"),
        Content::Int(Some(value)) => write!(array, "{value}"),
        Content::BigInt(Some(value)) => write!(array, "{value}"),
        Content::Uuid(Some(value)) => write!(array, "{value}"),
        Content::Time(Some(value)) => write!(array, "{}", value.to_rfc3339_opts(SecondsFormat::Micros, true)),
        Content::Bytes(Some(value)) => write!(array, "\"\\\\x{}\"", hex::encode(value)),
        Content::Text(Some(value)) => {
            push_quoted(array, value);
            Ok(())
        }
        Content::Bool(None)
        | Content::Int(None)
        | Content::BigInt(None)
        | Content::Text(None)
        | Content::Bytes(None)
        | Content::Uuid(None)
        | Content::Time(None) => write!(array, "NULL"),
    };
}

/// Adds text as it stands within an array.
fn push_quoted(array: &mut String, text: &str) {
    array.reserve(text.len() + 2);
    array.push('"');
    let mut rest = text;
    while let Some(at) = rest.find(['"', '\\']) {
        let (plain, escaped) = rest.split_at(at);
        array.push_str(plain);
        array.push('\\');
        let (special, after) = escaped.split_at(1);
        array.push_str(special);
        rest = after;
    }
    array.push_str(rest);
    array.push('"');
}
