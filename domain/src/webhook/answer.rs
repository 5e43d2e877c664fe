//! What a caller of the webhook is told, to the letter of its contract.

use serde_json::{Map, Value, json};

use crate::{
    message::Accepted,
    refusal::{Kind, Refusal},
};

/// In front of every message id that leaves the house.
pub const MESSAGE_ID_PREFIX: &str = "wa_backend:";

/// The HTTP status of a refusal: the same number stands in the body.
#[must_use]
pub fn status(refusal: &Refusal) -> u16 {
    match refusal.kind() {
        Kind::Invalid => 400,
        Kind::Unauthenticated => 401,
        Kind::PaymentRequired => 402,
        Kind::Forbidden => 403,
        Kind::NotFound => 404,
        Kind::MethodNotAllowed => 405,
        Kind::Conflict => 409,
        Kind::TooLarge => 413,
        Kind::Unsupported => 415,
        Kind::RateLimited => 429,
        Kind::Unavailable => 503,
    }
}

/// Status and body of an answer.
#[must_use]
pub fn render(answer: &Result<Accepted, Refusal>) -> (u16, Value) {
    match answer {
        Ok(accepted) => (200, success(&accepted.message_id)),
        Err(refusal) => (status(refusal), refused(refusal)),
    }
}

fn success(message_id: &str) -> Value {
    json!({"status": "success", "data": {"message_id": format!("{MESSAGE_ID_PREFIX}{message_id}")}})
}

fn refused(refusal: &Refusal) -> Value {
    let status = status(refusal);
    let mut body = Map::from_iter([
        ("status".to_owned(), status.into()),
        ("data".to_owned(), json!({})),
        ("message".to_owned(), refusal.to_string().into()),
        ("code".to_owned(), refusal.code().into()),
    ]);
    if let Some(field) = refusal.field() {
        body.insert("field".to_owned(), field.into());
    }
    if let Some(place) = refusal.place() {
        body.insert("line".to_owned(), place.line.into());
        body.insert("column".to_owned(), place.column.into());
    }
    body.into()
}
