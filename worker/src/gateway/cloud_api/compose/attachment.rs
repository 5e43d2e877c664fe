//! As what a file goes: by what is in it, and by what Meta takes.

use super::{CAPTION, within};
use crate::gateway::{File, Unsent};

const MB: usize = 1_000_000;

/// What Meta shows as something else than a document: the type that sniffing finds, the one that Meta calls it, as what it
/// goes, and up to which size.
#[rustfmt::skip]
const SHOWN: &[(&str, &str, &str, usize)] = &[
    ("image/jpeg", "image/jpeg", "image", 5 * MB),
    ("image/png", "image/png", "image", 5 * MB),
    ("video/mp4", "video/mp4", "video", 16 * MB),
    ("video/3gpp", "video/3gpp", "video", 16 * MB),
    ("audio/aac", "audio/aac", "audio", 16 * MB),
    ("audio/amr", "audio/amr", "audio", 16 * MB),
    ("audio/mpeg", "audio/mpeg", "audio", 16 * MB),
    ("audio/mp4", "audio/mp4", "audio", 16 * MB),
    ("audio/m4a", "audio/mp4", "audio", 16 * MB),
    // Of Ogg, Meta plays Opus alone.
    ("audio/opus", "audio/ogg", "audio", 16 * MB),
];

/// As what a file goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Attachment {
    pub(in super::super) kind: &'static str,
    /// The type that Meta is told.
    pub(in super::super) mime: String,
}

impl Attachment {
    /// Sound has no caption: with a text it goes as a document. So does what Meta does not show, or what is too large to be.
    ///
    /// Refused where the text is longer than a caption may be.
    pub(in super::super) fn of(file: &File, text: &str) -> Result<Self, Unsent> {
        within(text, CAPTION, "a text beside a file")?;
        let shown = SHOWN.iter().find(|(sniffed, ..)| *sniffed == file.mime);
        let mime = shown.map_or_else(|| as_document(&file.mime), |(_, mime, ..)| (*mime).to_owned());
        let shown =
            shown.filter(|(_, _, kind, largest)| file.bytes.len() <= *largest && (*kind != "audio" || text.is_empty()));
        Ok(Self { kind: shown.map_or("document", |(_, _, kind, _)| *kind), mime })
    }
}

/// Of texts, Meta knows one type.
fn as_document(mime: &str) -> String {
    if mime.starts_with("text/") { "text/plain".to_owned() } else { mime.to_owned() }
}
