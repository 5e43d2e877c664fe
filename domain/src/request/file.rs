//! The fields `file_url` and `file_name`.

use url::Url;

use super::{
    FileRef,
    contract::MAX_NAME,
    document::{Document, Field},
    hints::missing,
};
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
    checked_name(document, field)
}

fn checked_name(document: &Document<'_>, field: &Field<'_>) -> Result<String, Refusal> {
    let name = document.string(field)?.trim();
    if name.chars().count() > MAX_NAME {
        return Err(document.bad(field, format!("is longer than {MAX_NAME} characters; shorten it")));
    }
    if name.contains(|char: char| char.is_control() || matches!(char, '/' | '\\')) {
        return Err(
            document.bad(field, "contains `/`, `\\` or a control character; give a plain name such as `logo.png`")
        );
    }
    if name.chars().all(|char| char == '.') {
        return Err(document.bad(field, "is dots alone; give a plain name such as `logo.png`"));
    }
    Ok(name.into())
}
