//! A body becomes a request.

use super::{Parsed, SendRequest, document::Document, fields, form::refuse_form, place::place_at, walk};
use crate::refusal::{Place, Refusal};

/// Reads one request. `content_type` serves only to recognise a form; `header_key` is the `Idempotency-Key` header's bytes.
/// A leading BOM is ignored, and counts in no
/// place. Takes any bytes without panicking, in time linear in their number.
#[must_use]
pub fn parse(body: &[u8], content_type: Option<&str>, header_key: Option<&[u8]>) -> Parsed {
    let body = body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body);
    let document = refuse_form(body, content_type).and_then(|()| text_of(body)).and_then(Document::read);
    match document {
        Ok(document) => Parsed { request: request_of(&document, header_key), ignored: fields::ignored(&document) },
        Err(refusal) => Parsed { request: Err(refusal), ignored: Vec::new() },
    }
}

fn request_of(document: &Document<'_>, header_key: Option<&[u8]>) -> Result<SendRequest, Refusal> {
    walk::check(document.text())?;
    fields::request(document, header_key)
}

fn text_of(body: &[u8]) -> Result<&str, Refusal> {
    str::from_utf8(body).map_err(|err| Refusal::NotUtf8 { place: end_of(body, err.valid_up_to()) })
}

/// The place of the first byte that is not UTF-8.
fn end_of(body: &[u8], valid_up_to: usize) -> Place {
    let valid = body.get(..valid_up_to).and_then(|sound| str::from_utf8(sound).ok()).unwrap_or_default();
    place_at(valid, valid.len())
}
