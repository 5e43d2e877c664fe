//! What a file is, by what is in it.

use infer::MatcherType;

/// How far into a file its kind shows, white space before it left out.
const HEAD: usize = 2_048;
/// What a page begins with, in lower case, after white space, comments and the like (WHATWG MIME Sniffing §7.1).
const PAGE_STARTS: &[&str] = &[
    "<!doctype html",
    "<html",
    "<head",
    "<script",
    "<iframe",
    "<h1",
    "<div",
    "<font",
    "<table",
    "<a ",
    "<a>",
    "<style",
    "<title",
    "<b>",
    "<body",
    "<br",
    "<p>",
    "<p ",
    "<meta",
    "<link",
    "<base",
];

/// Whether this is a web page: by what is in it, whatever its server calls it, and where that says nothing certain, by what its
/// server calls it. (Many a script sends a picture as `text/html`, which is what it sends unless it is told otherwise.)
pub(super) fn is_page(bytes: &[u8], content_type: &str) -> bool {
    let said = matches!(essence(content_type).as_str(), "text/html" | "application/xhtml+xml");
    let found = infer::get(bytes);
    let is_otherwise = found.is_some_and(|kind| kind.matcher_type() != MatcherType::Text);
    begins_as_page(&head(bytes)) || found.is_some_and(|kind| kind.mime_type() == "text/html") || (said && !is_otherwise)
}

/// Whether a page was asked for: the recipient's name of it ends as a page's does, and its server calls it a download.
pub(super) fn is_meant(name: &str, disposition: &str) -> bool {
    matches!(extension(name).as_deref(), Some("html" | "htm" | "xhtml")) && disposition.starts_with("attachment")
}

/// The beginning as lower-case text, from UTF-8 or UTF-16.
fn head(bytes: &[u8]) -> String {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
    let bytes = bytes.get(..HEAD).unwrap_or(bytes);
    let wide = |pairs: &[u8], unit: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = pairs.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(unit)).collect();
        String::from_utf16_lossy(&units)
    };
    let text = match bytes {
        [0xff, 0xfe, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => wide(rest, u16::from_be_bytes),
        [b'<', 0, ..] => wide(bytes, u16::from_le_bytes),
        [0, b'<', ..] => wide(bytes, u16::from_be_bytes),
        _ => String::from_utf8_lossy(bytes).into_owned(),
    };
    text.trim_start_matches('\u{feff}').to_ascii_lowercase()
}

fn begins_as_page(text: &str) -> bool {
    let mut rest = text.trim_start();
    // An XML prologue, processing instructions and comments may stand before.
    loop {
        let after = match rest {
            _ if rest.starts_with("<?xml") => rest.split_once("?>"),
            _ if rest.starts_with("<!--") => rest.split_once("-->"),
            _ => break,
        };
        match after {
            Some((_, after)) => rest = after.trim_start(),
            // A comment longer than what we look at: what follows it is anybody's guess, and a page's habit.
            None => return rest.starts_with("<!--"),
        }
    }
    PAGE_STARTS.iter().any(|start| rest.starts_with(start))
}

/// The MIME type: by content, else as the server says, else by whether it is text.
pub(super) fn mime(bytes: &[u8], content_type: &str) -> String {
    if let Some(kind) = infer::get(bytes) {
        let said = essence(content_type);
        // Office documents are ZIP files inside, and the server may know more.
        let is_archive = matches!(kind.mime_type(), "application/zip" | "application/x-ole-storage");
        return if is_archive && says_something(&said) { said } else { kind.mime_type().to_owned() };
    }
    match essence(content_type) {
        said if says_something(&said) => said,
        _ if std::str::from_utf8(bytes).is_ok() => "text/plain".to_owned(),
        _ => "application/octet-stream".to_owned(),
    }
}

fn essence(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn says_something(mime: &str) -> bool {
    let is_mime = mime.split_once('/').is_some_and(|(kind, rest)| !kind.is_empty() && !rest.is_empty());
    is_mime && mime.len() <= 127 && !matches!(mime, "application/octet-stream" | "binary/octet-stream")
}

/// The name with an extension that fits: one is added where there is none, and one that lies is replaced where both what it
/// says and what the file is are certain.
pub(super) fn fitting_name(name: &str, mime: &str) -> String {
    let Some(right) = extension_of(mime) else { return name.to_owned() };
    match extension(name) {
        None => format!("{}.{right}", name.trim_end_matches('.')),
        Some(given) if lies(&given, mime) => {
            let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
            format!("{stem}.{right}")
        }
        Some(_) => name.to_owned(),
    }
}

/// What stands behind the last point, if it looks like an extension.
fn extension(name: &str) -> Option<String> {
    let (stem, extension) = name.rsplit_once('.')?;
    let looks = !stem.is_empty()
        && (1..=5).contains(&extension.len())
        && extension.chars().all(|char| char.is_ascii_alphanumeric())
        && extension.chars().any(|char| char.is_ascii_alphabetic());
    looks.then(|| extension.to_ascii_lowercase())
}

/// The types whose content is certain and whose extension says the same to everyone: the usual extension first.
const CERTAIN: &[(&str, &[&str])] = &[
    ("image/jpeg", &["jpg", "jpeg", "jpe", "jfif"]),
    ("image/png", &["png"]),
    ("image/gif", &["gif"]),
    ("image/webp", &["webp"]),
    ("image/bmp", &["bmp"]),
    ("image/heif", &["heic", "heif"]),
    ("application/pdf", &["pdf"]),
    ("audio/mpeg", &["mp3"]),
    ("audio/ogg", &["ogg", "oga", "opus"]),
    ("audio/opus", &["ogg", "opus", "oga"]),
    ("audio/aac", &["aac"]),
    ("audio/amr", &["amr"]),
    ("audio/m4a", &["m4a", "mp4"]),
    ("audio/x-wav", &["wav"]),
    ("video/mp4", &["mp4", "m4v", "m4a"]),
    ("video/quicktime", &["mov", "qt"]),
    ("video/webm", &["webm"]),
    ("video/3gpp", &["3gp", "3gpp"]),
];

/// Extensions of types that are told by their server or their text alone.
const PLAIN: &[(&str, &str)] = &[
    ("text/plain", "txt"),
    ("text/csv", "csv"),
    ("text/html", "html"),
    ("text/vcard", "vcf"),
    ("text/calendar", "ics"),
    ("application/json", "json"),
    ("application/xml", "xml"),
    ("application/zip", "zip"),
    ("application/msword", "doc"),
    ("application/vnd.ms-excel", "xls"),
    ("application/vnd.ms-powerpoint", "ppt"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", "pptx"),
];

fn extension_of(mime: &str) -> Option<&'static str> {
    let certain = CERTAIN.iter().find(|(kind, _)| *kind == mime).and_then(|(_, extensions)| extensions.first());
    certain.or_else(|| PLAIN.iter().find(|(kind, _)| *kind == mime).map(|(_, extension)| extension)).copied()
}

fn lies(given: &str, mime: &str) -> bool {
    let of = |wanted: &str| CERTAIN.iter().find(|(kind, _)| *kind == wanted).map(|(_, extensions)| *extensions);
    let is_known = CERTAIN.iter().any(|(_, extensions)| extensions.contains(&given));
    is_known && of(mime).is_some_and(|extensions| !extensions.contains(&given))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";

    #[test]
    fn a_page_is_known_by_what_it_begins_with() {
        for page in [
            "<!DOCTYPE html><title>x</title>",
            "\u{feff}  \n<HTML>",
            "<!-- saved --> <html lang=vi>",
            "<?xml version=\"1.0\"?>\n<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\">",
            "<head><meta charset=utf-8>",
            "<script>location='/login'</script>",
            "<body>Sign in</body>",
        ] {
            assert!(is_page(page.as_bytes(), "application/pdf"), "{page}");
        }
        let wide: Vec<u8> = "\u{feff}<html>".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(is_page(&wide, ""));
        assert!(is_page(b"anything", "text/html; charset=utf-8"));
        let late = ["\u{feff}", &"\n ".repeat(HEAD), "<!doctype html>"].concat();
        assert!(is_page(late.as_bytes(), "image/png"));
        for file in [
            PNG,
            b"%PDF-1.7",
            b"a,b\n1,2",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"<?xml version='1.0'?><feed/>",
            b"",
        ] {
            assert!(!is_page(file, "application/octet-stream"), "{file:?}");
        }
        for file in [PNG, b"%PDF-1.7", b"PK\x03\x04...."] {
            assert!(!is_page(file, "text/html"), "what a file is for certain: {file:?}");
        }
    }

    #[test]
    fn a_page_is_meant_only_if_both_ends_say_so() {
        assert!(is_meant("report.html", "attachment; filename=report.html"));
        assert!(!is_meant("report.html", "inline"));
        assert!(!is_meant("report.pdf", "attachment"));
    }

    #[test]
    fn a_type_is_known_by_content_first() {
        assert_eq!(mime(PNG, "image/jpeg"), "image/png");
        assert_eq!(mime(b"%PDF-1.7 ", "application/octet-stream"), "application/pdf");
        assert_eq!(
            mime(b"PK\x03\x04....", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        );
        assert_eq!(mime(b"a,b", "text/csv; charset=utf-8"), "text/csv");
        assert_eq!(mime("xin chào".as_bytes(), ""), "text/plain");
        assert_eq!(mime(&[0xff, 0xc0, 0x00], "nonsense"), "application/octet-stream");
    }

    #[test]
    fn names_get_the_extension_that_fits() {
        for (name, mime, fitting) in [
            ("logo", "image/png", "logo.png"),
            ("logo.", "image/png", "logo.png"),
            ("logo.jpg", "image/png", "logo.png"),
            ("logo.PNG", "image/png", "logo.PNG"),
            ("photo.jpeg", "image/jpeg", "photo.jpeg"),
            ("Invoice 3.5", "application/pdf", "Invoice 3.5.pdf"),
            ("invoice.v2", "application/pdf", "invoice.v2"),
            ("notes.md", "text/plain", "notes.md"),
            ("data.bin", "image/png", "data.bin"),
            ("book.docx", "application/zip", "book.docx"),
            ("archive", "application/x-unknown", "archive"),
            (".png", "image/png", ".png.png"),
            ("voice", "audio/opus", "voice.ogg"),
            ("voice.mp3", "audio/opus", "voice.ogg"),
            ("voice.opus", "audio/opus", "voice.opus"),
        ] {
            assert_eq!(fitting_name(name, mime), fitting);
        }
    }
}
