//! `TextFormat` and `TextFile`.

use async_graphql::{Enum, SimpleObject};

use crate::text_file::{self, Format};

/// What a file of rows is written as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Enum)]
#[graphql(remote = "Format")]
pub(in crate::graphql) enum TextFormat {
    /// To read.
    Text,
    /// One array of objects.
    Json,
    /// For spreadsheets: RFC 4180 in UTF-8, and no cell is a formula.
    Csv,
}

/// A file to download.
#[derive(SimpleObject)]
pub(in crate::graphql) struct TextFile {
    /// What to call it.
    name: String,
    /// Its media type.
    mime: String,
    /// What is in it.
    content: String,
}

impl From<text_file::TextFile> for TextFile {
    fn from(file: text_file::TextFile) -> Self {
        Self { name: file.name, mime: file.mime.to_owned(), content: file.content }
    }
}
