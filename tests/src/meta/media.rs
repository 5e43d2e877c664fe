//! Files that are uploaded to Meta.

use poem::{
    Body, Request, Response, handler,
    http::StatusCode,
    web::{Data, Path},
};
use serde_json::json;

use super::{
    Uploaded,
    graph::{Shared, answer, error, known},
};

/// What an upload may be, as Meta's own refusal lists it (but for `audio/opus`, which it lists and does not take), and how its
/// name has to end.
const TYPES: [(&str, &str); 18] = [
    ("audio/aac", ".aac"),
    ("audio/mp4", ".m4a"),
    ("audio/mpeg", ".mp3"),
    ("audio/amr", ".amr"),
    ("audio/ogg", ".ogg"),
    ("application/vnd.ms-powerpoint", ".ppt"),
    ("application/msword", ".doc"),
    ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", ".docx"),
    ("application/vnd.openxmlformats-officedocument.presentationml.presentation", ".pptx"),
    ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", ".xlsx"),
    ("application/pdf", ".pdf"),
    ("text/plain", ".txt"),
    ("application/vnd.ms-excel", ".xls"),
    ("image/jpeg", ".jpg"),
    ("image/png", ".png"),
    ("image/webp", ".webp"),
    ("video/mp4", ".mp4"),
    ("video/3gpp", ".3gp"),
];

#[handler]
pub(super) async fn media(
    request: &Request,
    Path(id): Path<String>,
    body: Body,
    Data(state): Data<&Shared>,
) -> Response {
    if let Err(refusal) = known(state, request, &id) {
        return *refusal;
    }
    let form = parts(request, &body.into_vec().await.unwrap());
    let field = |name: &str| form.iter().find(|part| part.head.contains(&format!("name=\"{name}\"")));
    let Some((file, product)) = field("file").zip(field("messaging_product")) else {
        return error(131_008, None, "Required parameter is missing");
    };
    assert_eq!(product.content, b"whatsapp");
    let file = Uploaded {
        name: between(&file.head, "filename=\"", "\"").to_owned(),
        mime: between(&file.head.to_ascii_lowercase(), "content-type: ", "\r\n").to_owned(),
        size: file.content.len(),
    };
    if state.takes_any_file() || TYPES.iter().any(|(mime, end)| file.mime == *mime && file.name.ends_with(end)) {
        return answer(StatusCode::OK, &json!({"id": state.add_media(file)}));
    }
    error(100, None, &format!("Param file must be a file with one of the known types, not {file:?}"))
}

/// A part of a form.
struct Part {
    head: String,
    content: Vec<u8>,
}

/// Takes a form apart.
fn parts(request: &Request, body: &[u8]) -> Vec<Part> {
    let kind = request.header("content-type").unwrap_or_default();
    let boundary = format!("--{}", kind.split_once("boundary=").expect("a form").1);
    let find = |bytes: &[u8], needle: &[u8]| bytes.windows(needle.len()).position(|window| window == needle);
    let mut parts = Vec::new();
    let mut rest = &body[boundary.len()..];
    while let Some(end) = find(rest, format!("\r\n{boundary}").as_bytes()) {
        let part = &rest[2..end];
        let head_end = find(part, b"\r\n\r\n").expect("a part's head ends");
        let head = String::from_utf8(part[..head_end + 2].to_vec()).unwrap();
        parts.push(Part { head, content: part[head_end + 4..].to_vec() });
        rest = &rest[end + 2 + boundary.len()..];
    }
    parts
}

fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let rest = text.split_once(from).map_or("", |(_, rest)| rest);
    rest.split_once(to).map_or(rest, |(found, _)| found)
}
