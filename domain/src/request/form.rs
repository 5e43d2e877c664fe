//! Bodies that a no-code tool sent as a form by mistake.

use crate::refusal::{Place, Refusal};

/// What a sender of forms has to change, in the words of the tools that send most of them.
const CURE: &str = "The body is form-encoded, not JSON. Zapier: Payload Type = json; Apps Script: `JSON.stringify` and \
                    `contentType`";

/// Refuses a form by its looks, or by its content type when it does not even begin like JSON: tools that mislabel sound
/// JSON as a form (curl does) are to be taken.
pub(super) fn refuse_form(body: &[u8], content_type: Option<&str>) -> Result<(), Refusal> {
    let body = body.trim_ascii_start();
    let begins_like_json = matches!(body.first(), None | Some(b'{' | b'[' | b'"'));
    if !begins_like_json && (is_called_a_form(body, content_type) || is_pairs(body) || is_multipart(body)) {
        return Err(Refusal::InvalidJson { place: Place { line: 1, column: 1 }, field: None, problem: CURE.into() });
    }
    Ok(())
}

/// By its content type. Pairs escape what is not ASCII: other bytes are another mistake, and curl calls every body pairs.
fn is_called_a_form(body: &[u8], content_type: Option<&str>) -> bool {
    let essence =
        content_type.and_then(|given| given.split(';').next()).unwrap_or_default().trim().to_ascii_lowercase();
    essence.starts_with("multipart/")
        || (essence == "application/x-www-form-urlencoded" && str::from_utf8(body).is_ok())
}

/// `name=value&…`: a name of a form's letters before the first `=`.
fn is_pairs(body: &[u8]) -> bool {
    let name: Vec<u8> = body.iter().copied().take_while(|&byte| byte != b'=').take(200).collect();
    let of_a_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_-.+%[]*".contains(byte);
    !name.is_empty() && name.iter().all(of_a_name) && body.get(name.len()) == Some(&b'=')
}

fn is_multipart(body: &[u8]) -> bool {
    let head = body.get(..1_024).unwrap_or(body).to_ascii_lowercase();
    head.starts_with(b"--") && head.windows(20).any(|window| window == b"content-disposition:")
}
