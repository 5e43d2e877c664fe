//! As what a file goes: by what is in it, and by what Meta takes.

use nhip_entity::message::FailureReason;

use super::{CAPTION, within};
use crate::gateway::{File, Unsent};

const MB: usize = 1_000_000;

/// All types of which Meta takes uploads: the type that sniffing finds, the one that Meta calls it, as what it goes, and up to
/// which size as that; larger, it goes as a document. Of texts, Meta knows one type.
#[rustfmt::skip]
const TAKEN: &[(&str, &str, &str, usize)] = &[
    ("image/jpeg", "image/jpeg", "image", 5 * MB),
    ("image/png", "image/png", "image", 5 * MB),
    // Shown, it would be a sticker.
    ("image/webp", "image/webp", DOCUMENT, 100 * MB),
    ("video/mp4", "video/mp4", "video", 16 * MB),
    ("video/x-m4v", "video/mp4", "video", 16 * MB),
    ("video/3gpp", "video/3gpp", "video", 16 * MB),
    ("audio/aac", "audio/aac", "audio", 16 * MB),
    ("audio/amr", "audio/amr", "audio", 16 * MB),
    ("audio/mpeg", "audio/mpeg", "audio", 16 * MB),
    ("audio/mp4", "audio/mp4", "audio", 16 * MB),
    ("audio/m4a", "audio/mp4", "audio", 16 * MB),
    // Of Ogg, Meta plays Opus alone.
    ("audio/opus", "audio/ogg", "audio", 16 * MB),
    ("audio/ogg", "audio/ogg", DOCUMENT, 100 * MB),
    ("text/", "text/plain", DOCUMENT, 100 * MB),
    ("application/pdf", "application/pdf", DOCUMENT, 100 * MB),
    ("application/msword", "application/msword", DOCUMENT, 100 * MB),
    ("application/vnd.ms-excel", "application/vnd.ms-excel", DOCUMENT, 100 * MB),
    ("application/vnd.ms-powerpoint", "application/vnd.ms-powerpoint", DOCUMENT, 100 * MB),
    (DOCX, DOCX, DOCUMENT, 100 * MB),
    (XLSX, XLSX, DOCUMENT, 100 * MB),
    (PPTX, PPTX, DOCUMENT, 100 * MB),
];
const DOCUMENT: &str = "document";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// As what a file goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Attachment {
    pub(in super::super) kind: &'static str,
    /// The type that Meta is told.
    pub(in super::super) mime: &'static str,
}

impl Attachment {
    /// Sound has no caption: with a text it goes as a document. So does what is too large to be shown.
    ///
    /// Refused where Meta takes no such file, or the text is longer than a caption may be.
    pub(in super::super) fn of(file: &File, text: &str) -> Result<Self, Unsent> {
        let (_, mime, kind, largest) = *TAKEN.iter().find(|row| is(row.0, &file.mime)).ok_or_else(|| refuse(file))?;
        within(text, CAPTION, "a text beside a file")?;
        let is_shown = file.bytes.len() <= largest && (kind != "audio" || text.is_empty());
        Ok(Self { kind: if is_shown { kind } else { DOCUMENT }, mime })
    }
}

/// Whether a sniffed type is this one, or one of this kind.
fn is(taken: &str, sniffed: &str) -> bool {
    if taken.ends_with('/') { sniffed.starts_with(taken) } else { sniffed == taken }
}

fn refuse(file: &File) -> Unsent {
    let detail = format!(
        "Meta's Cloud API takes no files of the type {}, only JPEG, PNG and WebP images, MP4 and 3GP videos, AAC, AMR, MP3, \
         M4A and Ogg sound, PDF, plain text, and documents of Word, Excel and PowerPoint: convert it, or send its link as text",
        file.mime
    );
    Unsent::Failed { reason: FailureReason::FileTypeUnsupported, detail }
}
