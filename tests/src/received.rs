//! The outside view: what the built-in WhatsApp wrote down.

use std::{fs, path::Path};

use chrono::{DateTime, Utc};
use serde::Deserialize;

/// A moment by the wall clock.
pub type Stamp = DateTime<Utc>;

/// One line of `NHIP_SIMULATOR_LOG`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Received {
    pub at: Stamp,
    pub account: String,
    pub id: String,
    pub to: String,
    pub kind: String,
    pub text: String,
    pub file: Option<serde_json::Value>,
    pub repeat: bool,
}

/// All lines so far; none before the first message.
pub(crate) fn read(path: &Path) -> Vec<Received> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(err) if err.kind() == std::io::ErrorKind::NotFound => return Vec::new(),
        Err(err) => panic!("the simulator's log cannot be read: {err}"),
    };
    // A line that is being written is not there yet.
    let whole = text.rfind('\n').map_or("", |end| &text[..end]);
    whole.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|err| panic!("{err} in {line}"))).collect()
}
