//! The fields `file_url` and `file_name`.

use url::Url;

use super::{FileRef, document::Document, hints::missing};
use crate::refusal::Refusal;

/// The file to attach, if a URL is given; without one, a name means nothing.
pub(super) fn file(document: &Document<'_>) -> Result<Option<FileRef>, Refusal> {
    let Some(field) = document.optional("file_url") else { return Ok(None) };
    let url = document.string(field)?.trim();
    check_url(url).map_err(|problem| document.bad(field, problem))?;
    Ok(Some(FileRef { url: url.into(), name: name(document)? }))
}

/// Whether a URL has the shape of one that can be fetched; which addresses may be fetched is the download's to decide.
fn check_url(given: &str) -> Result<(), String> {
    if given.contains(|char: char| char.is_whitespace() || char.is_control() || char == '\\') {
        return Err("contains white space, a control character or a backslash; write a space as `%20`".into());
    }
    let scheme = given.split_once("://").map(|(scheme, _)| scheme.to_ascii_lowercase());
    if !matches!(scheme.as_deref(), Some("http" | "https")) {
        return Err("must be a complete URL that begins with `https://` or `http://`".into());
    }
    let url = Url::parse(given).map_err(|err| format!("is not a sound URL: {err}"))?;
    if !url.has_host() {
        return Err("has no host; give a complete URL".into());
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("contains a user name or password; use a link that needs none".into());
    }
    Ok(())
}

fn name(document: &Document<'_>) -> Result<String, Refusal> {
    let Some(field) = document.optional("file_name") else {
        return Err(missing(document, "file_name", &["file_name"], "the file of `file_url` needs a name"));
    };
    let name = document.string(field)?.trim();
    if name.contains(char::is_control) {
        return Err(document.bad(field, "contains a control character; give a name such as `logo.png`"));
    }
    Ok(name.into())
}
