//! As what a file goes: by what is in it, and by Meta's limits.

use std::path::Path;

use super::{CAPTION, within};
use crate::gateway::{File, Unsent};

const MB: usize = 1_000_000;

/// The types of which Meta's documentation says that it takes uploads: the type that sniffing finds, the one that Meta calls
/// it, how names of such files end, as what it goes, and up to which size as that; larger, it goes as a document. Of texts,
/// Meta knows one type.
#[rustfmt::skip]
const DOCUMENTED: &[(&str, &str, &str, &str, usize)] = &[
    ("image/jpeg", "image/jpeg", "jpg", "image", 5 * MB),
    ("image/png", "image/png", "png", "image", 5 * MB),
    // Shown, it would be a sticker.
    ("image/webp", "image/webp", "webp", DOCUMENT, 100 * MB),
    ("video/mp4", "video/mp4", "mp4", "video", 16 * MB),
    ("video/x-m4v", "video/mp4", "mp4", "video", 16 * MB),
    ("video/3gpp", "video/3gpp", "3gp", "video", 16 * MB),
    ("audio/aac", "audio/aac", "aac", "audio", 16 * MB),
    ("audio/amr", "audio/amr", "amr", "audio", 16 * MB),
    ("audio/mpeg", "audio/mpeg", "mp3", "audio", 16 * MB),
    ("audio/mp4", "audio/mp4", "m4a", "audio", 16 * MB),
    ("audio/m4a", "audio/mp4", "m4a", "audio", 16 * MB),
    // Of Ogg, Meta plays Opus alone, of one channel.
    (OPUS, "audio/ogg", "ogg", "audio", 16 * MB),
    ("audio/ogg", "audio/ogg", "ogg", DOCUMENT, 100 * MB),
    ("text/", "text/plain", "txt", DOCUMENT, 100 * MB),
    ("application/pdf", "application/pdf", "pdf", DOCUMENT, 100 * MB),
    ("application/msword", "application/msword", "doc", DOCUMENT, 100 * MB),
    ("application/vnd.ms-excel", "application/vnd.ms-excel", "xls", DOCUMENT, 100 * MB),
    ("application/vnd.ms-powerpoint", "application/vnd.ms-powerpoint", "ppt", DOCUMENT, 100 * MB),
    (DOCX, DOCX, "docx", DOCUMENT, 100 * MB),
    (XLSX, XLSX, "xlsx", DOCUMENT, 100 * MB),
    (PPTX, PPTX, "pptx", DOCUMENT, 100 * MB),
];
const DOCUMENT: &str = "document";
const OPUS: &str = "audio/opus";
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";

/// As what a file goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) struct Attachment {
    pub(in super::super) kind: &'static str,
    /// The type that Meta is told.
    pub(in super::super) mime: String,
    /// The name that Meta is told, which nobody sees: it has to end as the type does.
    pub(in super::super) upload_name: String,
}

impl Attachment {
    /// Sound has no caption: with a text it goes as a document. So does what Meta does not play, what is too large to be shown,
    /// and any other file, under its own type; whether it takes that is Meta's to say.
    ///
    /// Refused where the text is longer than a caption may be.
    pub(in super::super) fn of(file: &File, text: &str) -> Result<Self, Unsent> {
        within(text, CAPTION, "a text beside a file")?;
        let documented = DOCUMENTED.iter().find(|row| is(row.0, &file.mime));
        let Some(&(sniffed, mime, extension, kind, largest)) = documented else { return Ok(Self::other(file)) };
        let is_played = text.is_empty() && !(sniffed == OPUS && has_more_channels(&file.bytes));
        let is_shown = file.bytes.len() <= largest && (kind != "audio" || is_played);
        let kind = if is_shown { kind } else { DOCUMENT };
        Ok(Self { kind, mime: mime.to_owned(), upload_name: format!("file.{extension}") })
    }

    fn other(file: &File) -> Self {
        let extension = Path::new(&file.name).extension().and_then(|extension| extension.to_str());
        let extension = extension.filter(|it| it.bytes().all(|byte| byte.is_ascii_alphanumeric())).unwrap_or("bin");
        Self { kind: DOCUMENT, mime: file.mime.clone(), upload_name: format!("file.{extension}") }
    }
}

/// Whether an Ogg file of Opus has more channels than one. Its first page has one segment, in which the count follows
/// `OpusHead` and a version (RFC 7845 §5.1).
fn has_more_channels(ogg: &[u8]) -> bool {
    const AT: usize = 28 + 8 + 1;
    ogg.get(AT).is_some_and(|channels| *channels > 1)
}

/// Whether a sniffed type is this one, or one of this kind.
fn is(taken: &str, sniffed: &str) -> bool {
    if taken.ends_with('/') { sniffed.starts_with(taken) } else { sniffed == taken }
}
