//! One value of a row, and a column of them as PostgreSQL writes arrays.

use std::fmt::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use sea_orm::Value;
use uuid::Uuid;

/// A value; none is NULL, and still of its kind.
#[derive(Clone, Debug)]
pub enum Cell {
    /// Yes or no.
    Bool(Option<bool>),
    /// 32 bits.
    Int(Option<i32>),
    /// 64 bits.
    BigInt(Option<i64>),
    /// Text without U+0000, which PostgreSQL does not take.
    Text(Option<String>),
    /// Any bytes.
    Bytes(Option<Vec<u8>>),
    /// An id.
    Uuid(Option<Uuid>),
    /// A moment, to the microsecond.
    Time(Option<DateTime<Utc>>),
}

macro_rules! cells {
    ($($variant:ident: $($from:ty),+;)+) => {$($(
        impl From<$from> for Cell {
            fn from(value: $from) -> Self {
                Self::$variant(Some(value.into()))
            }
        }
        impl From<Option<$from>> for Cell {
            fn from(value: Option<$from>) -> Self {
                Self::$variant(value.map(Into::into))
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

impl From<Cell> for Value {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Bool(value) => value.into(),
            Cell::Int(value) => value.into(),
            Cell::BigInt(value) => value.into(),
            Cell::Text(value) => value.into(),
            Cell::Bytes(value) => value.into(),
            Cell::Uuid(value) => value.into(),
            Cell::Time(value) => value.into(),
        }
    }
}

/// A column on its way to PostgreSQL: a text that is cast to an array of `kind`. (The driver's own arrays hold no NULL.)
pub(super) struct Column {
    pub(super) kind: &'static str,
    /// Without its closing brace.
    pub(super) text: String,
}

impl Column {
    pub(super) fn of(first: &Cell) -> Self {
        let kind = match first {
            Cell::Bool(_) => "boolean",
            Cell::Int(_) => "integer",
            Cell::BigInt(_) => "bigint",
            Cell::Text(_) => "text",
            Cell::Bytes(_) => "bytea",
            Cell::Uuid(_) => "uuid",
            Cell::Time(_) => "timestamptz",
        };
        Self { kind, text: String::new() }
    }

    pub(super) fn push(&mut self, cell: &Cell) {
        self.text.push(if self.text.is_empty() { '{' } else { ',' });
        // Writing to a String cannot fail.
        let _ = match cell {
            Cell::Bool(Some(value)) => write!(self.text, "{value}"),
            Cell::Int(Some(value)) => write!(self.text, "{value}"),
            Cell::BigInt(Some(value)) => write!(self.text, "{value}"),
            Cell::Uuid(Some(value)) => write!(self.text, "{value}"),
            Cell::Time(Some(value)) => write!(self.text, "{}", value.to_rfc3339_opts(SecondsFormat::Micros, true)),
            Cell::Text(Some(value)) => {
                push_quoted(&mut self.text, value);
                Ok(())
            }
            Cell::Bytes(Some(value)) => write!(self.text, "\"\\\\x{}\"", hex::encode(value)),
            Cell::Bool(None)
            | Cell::Int(None)
            | Cell::BigInt(None)
            | Cell::Text(None)
            | Cell::Bytes(None)
            | Cell::Uuid(None)
            | Cell::Time(None) => write!(self.text, "NULL"),
        };
    }
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
