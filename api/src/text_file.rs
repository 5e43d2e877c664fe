//! Rows as a file that people download: text to read, JSON for programs, CSV for spreadsheets.
//!
//! What is in the rows was often written by strangers, so CSV can start no formula and text can steer no terminal.

use std::fmt::Write as _;

use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::Value;

/// What the rows are written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// To read.
    Text,
    /// One array of objects.
    Json,
    /// RFC 4180, with a byte order mark, without which spreadsheets take UTF-8 for something else.
    Csv,
}

/// How text lays out a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Layout {
    /// A line, its cells below each other's: for short values.
    Line,
    /// A block of `name: value`: for values of any length.
    Block,
}

/// Rows under named columns; each has a cell for every column.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    /// The columns' names, as JSON spells them.
    pub(crate) columns: &'static [&'static str],
    /// The rows.
    pub(crate) rows: Vec<Vec<Value>>,
    /// How text lays them out.
    pub(crate) layout: Layout,
}

/// What people download.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TextFile {
    /// Its name, with the extension.
    pub(crate) name: String,
    /// Its type.
    pub(crate) mime: &'static str,
    /// What is in it.
    pub(crate) content: String,
}

impl TextFile {
    /// Writes a table as a file called `stem`.
    pub(crate) fn of(table: &Table, stem: &str, format: Format) -> Self {
        let (extension, mime, content) = match format {
            Format::Text => ("txt", "text/plain; charset=utf-8", table.as_text()),
            Format::Json => ("json", "application/json", table.as_json()),
            Format::Csv => ("csv", "text/csv; charset=utf-8", table.as_csv()),
        };
        Self { name: format!("{stem}.{extension}"), mime, content }
    }
}

impl Table {
    fn as_csv(&self) -> String {
        let mut csv = "\u{feff}".to_owned();
        csv_line(&mut csv, self.columns.iter().map(|name| (*name).to_owned()));
        for row in &self.rows {
            csv_line(&mut csv, row.iter().map(csv_cell));
        }
        csv
    }

    fn as_json(&self) -> String {
        let rows: Vec<Row> = self.rows.iter().map(|cells| Row { columns: self.columns, cells }).collect();
        // Values of JSON always are JSON.
        serde_json::to_string_pretty(&rows).unwrap_or_default() + "\n"
    }

    fn as_text(&self) -> String {
        match self.layout {
            Layout::Line => self.as_lines(),
            Layout::Block => self.as_blocks(),
        }
    }

    fn as_lines(&self) -> String {
        let head = self.columns.iter().map(|name| (*name).to_owned()).collect();
        let one_line = |cell: &Value| harmless(&plain(cell)).replace('\n', " ");
        let rows = self.rows.iter().map(|row| row.iter().map(one_line).collect());
        let lines: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
        let mut widths = vec![0; self.columns.len()];
        for line in &lines {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = cell.chars().count().max(*width);
            }
        }
        let padded = |line: &Vec<String>| {
            let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned() + "\n"
        };
        lines.iter().map(padded).collect()
    }

    fn as_blocks(&self) -> String {
        let mut text = String::new();
        for row in &self.rows {
            for (name, cell) in self.columns.iter().zip(row).filter(|(_, cell)| !cell.is_null()) {
                let value = harmless(&plain(cell));
                let gap = if value.is_empty() { "" } else { " " };
                // Writing to a String cannot fail.
                let _ = writeln!(text, "{name}:{gap}{}", value.replace('\n', "\n    "));
            }
            text.push('\n');
        }
        text
    }
}

/// An object whose fields keep the columns' order.
struct Row<'a> {
    columns: &'static [&'static str],
    cells: &'a [Value],
}

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for (name, cell) in self.columns.iter().zip(self.cells) {
            map.serialize_entry(name, cell)?;
        }
        map.end()
    }
}

fn csv_line(csv: &mut String, cells: impl Iterator<Item = String>) {
    let cells: Vec<String> = cells.map(|cell| quoted(&cell)).collect();
    csv.push_str(&cells.join(","));
    csv.push_str("\r\n");
}

fn quoted(cell: &str) -> String {
    if cell.contains(['"', ',', ';', '\t', '\r', '\n', '\'']) || cell.trim() != cell {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell.to_owned()
}

/// A cell that no spreadsheet computes: text that could start a formula gets an apostrophe, which spreadsheets hide.
/// Numbers stay numbers.
fn csv_cell(value: &Value) -> String {
    let text = plain(value);
    let starts_formula = text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠'])
        || text.starts_with(['\t', '\r', '\n']);
    if starts_formula && !value.is_number() {
        return format!("'{text}");
    }
    text
}

/// A value without JSON's marks where it needs none.
fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Text that is safe to show in a terminal: control characters are spelled out, line breaks and tabs kept.
fn harmless(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for character in text.replace("\r\n", "\n").chars() {
        match character {
            '\n' | '\t' => shown.push(character),
            _ if character.is_control() => shown.extend(character.escape_unicode()),
            _ => shown.push(character),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn table(layout: Layout, cells: [Value; 2]) -> Table {
        Table { columns: &["name", "amount"], rows: vec![cells.into()], layout }
    }

    fn csv(cell: &str) -> String {
        TextFile::of(&table(Layout::Line, [cell.into(), json!(-2)]), "x", Format::Csv).content
    }

    #[test]
    fn csv_is_rfc_4180_for_spreadsheets() {
        assert_eq!(csv("plain"), "\u{feff}name,amount\r\nplain,-2\r\n");
        assert_eq!(csv("a \"b\", c\nd"), "\u{feff}name,amount\r\n\"a \"\"b\"\", c\nd\",-2\r\n");
    }

    #[test]
    fn no_text_starts_a_formula() {
        for text in
            ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\rx", "\nx", "＝1", "=HYPERLINK(\"http://x\",\"y\")"]
        {
            let content = csv(text);
            let cell = content.lines().nth(1).unwrap();
            assert!(cell.starts_with("\"'"), "{text:?} became {cell:?}");
        }
        assert!(csv("a=1").contains("\r\na=1,"), "only beginnings count");
    }

    #[test]
    fn json_keeps_the_columns_order_and_types() {
        let file = TextFile::of(&table(Layout::Line, ["=1".into(), json!(-2)]), "x", Format::Json);
        assert_eq!(file.content, "[\n  {\n    \"name\": \"=1\",\n    \"amount\": -2\n  }\n]\n");
        assert_eq!((file.name.as_str(), file.mime), ("x.json", "application/json"));
    }

    #[test]
    fn text_is_a_table_of_lines_or_blocks() {
        let cells = || ["two\r\nlines".into(), json!(-2)];
        let lines = TextFile::of(&table(Layout::Line, cells()), "x", Format::Text).content;
        assert_eq!(lines, "name       amount\ntwo lines  -2\n");
        let blocks = TextFile::of(&table(Layout::Block, cells()), "x", Format::Text).content;
        assert_eq!(blocks, "name: two\n    lines\namount: -2\n\n");
    }

    #[test]
    fn text_steers_no_terminal() {
        let text =
            TextFile::of(&table(Layout::Block, ["\u{1b}[2J\u{7}".into(), Value::Null]), "x", Format::Text).content;
        assert_eq!(text, "name: \\u{1b}[2J\\u{7}\n\n");
    }
}
