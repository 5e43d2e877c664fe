//! A request's body as people get to see it: as it came.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use nhip_entity::activation::Heard;

/// A body as text, or as base64 where it is none.
pub(super) struct Body {
    /// The text, or the base64.
    pub(super) text: String,
    /// Which of them it is.
    pub(super) is_base64: bool,
}

impl Body {
    pub(super) fn of(heard: &Heard) -> Self {
        match text_of(heard) {
            Some(text) => Self { text: text.to_owned(), is_base64: false },
            None => Self { text: STANDARD.encode(heard.body.bytes()), is_base64: true },
        }
    }
}

/// A body to read: the bytes that are no text are spelled `\xE9`, which shows a wrong encoding at once.
pub(super) fn readable(heard: &Heard) -> String {
    if let Some(text) = text_of(heard) {
        return text.to_owned();
    }
    let mut text = String::new();
    for chunk in heard.body.bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{byte:02X}");
        }
    }
    text
}

/// The body, if it is text. A character that the cut went through is left out.
fn text_of(heard: &Heard) -> Option<&str> {
    let bytes = heard.body.bytes();
    match str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(err) if heard.request_body_truncated && err.error_len().is_none() => {
            bytes.get(..err.valid_up_to()).and_then(|whole| str::from_utf8(whole).ok())
        }
        Err(_) => None,
    }
}
