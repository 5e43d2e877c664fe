//! What a caller of the webhook is told, to the letter of its contract.

use std::borrow::Cow;

use nhip_entity::activation::Told;
use serde::Serialize;

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

/// Status and JSON body of an answer.
#[must_use]
pub fn render(answer: &Result<Accepted, Refusal>) -> (u16, String) {
    match answer {
        Ok(accepted) => (200, accepted_body(&accepted.message_id)),
        Err(refusal) => (status(refusal), refused_body(refusal)),
    }
}

/// The body that a logged call was answered with.
#[must_use]
pub fn logged(told: &Told) -> Cow<'_, str> {
    match &told.response_body {
        Some(body) => body.into(),
        None => accepted_body(told.message_id.as_deref().unwrap_or_default()).into(),
    }
}

/// The fields in the order in which the contract prints them.
#[derive(Serialize)]
struct Refused<'a> {
    status: u16,
    data: Empty,
    message: String,
    code: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<u32>,
}

#[derive(Serialize)]
struct Empty {}

fn accepted_body(message_id: &str) -> String {
    // An id is hex digits: nothing in it needs escaping.
    format!(r#"{{"status": "success", "data": {{"message_id": "{MESSAGE_ID_PREFIX}{message_id}"}}}}"#)
}

pub(crate) fn refused_body(refusal: &Refusal) -> String {
    let place = refusal.place();
    let body = Refused {
        status: status(refusal),
        data: Empty {},
        message: refusal.to_string(),
        code: refusal.code(),
        field: refusal.field(),
        line: place.map(|place| place.line),
        column: place.map(|place| place.column),
    };
    serde_json::to_string(&body).unwrap_or_else(|_no_such_error| String::from("{}"))
}

#[cfg(test)]
mod tests {
    use strum::IntoEnumIterator as _;

    use super::*;
    use crate::refusal::Place;

    #[test]
    fn a_success_reads_as_published() {
        let accepted = Accepted { message_id: "3EB09FCC85FE99662E46".to_owned(), replayed: false };
        let body = r#"{"status": "success", "data": {"message_id": "wa_backend:3EB09FCC85FE99662E46"}}"#;
        assert_eq!(render(&Ok(accepted)), (200, body.to_owned()));
    }

    #[test]
    fn a_refusal_reads_as_published() {
        let body = r#"{"status":404,"data":{},"message":"Webhook not found","code":"WEBHOOK_NOT_FOUND"}"#;
        assert_eq!(render(&Err(Refusal::WebhookNotFound)), (404, body.to_owned()));
    }

    #[test]
    fn a_place_stands_beside_the_message() {
        let place = Some(Place { line: 2, column: 7 });
        let refusal = Refusal::BadField { field: "text".to_owned(), place, problem: "is too long".to_owned() };
        let (status, body) = render(&Err(refusal));
        assert_eq!(status, 400);
        assert!(body.ends_with(r#""code":"BAD_FIELD","field":"text","line":2,"column":7}"#), "{body}");
    }

    /// The reference of all refusals: code, status, message.
    #[test]
    fn every_refusal_has_its_status_and_code() {
        let all: Vec<String> =
            Refusal::iter().map(|refusal| format!("{} {} {refusal}", status(&refusal), refusal.code())).collect();
        insta::assert_snapshot!(all.join("\n"), @r"
        400 INVALID_JSON  (line 0, column 0)
        400 NOT_UTF8 The body is not UTF-8 (line 0, column 0); send it encoded as UTF-8
        400 MISSING_FIELD `` is missing
        400 BAD_FIELD `` 
        400 CONFLICTING_FIELDS 
        400 NO_ACCOUNT No WhatsApp account is connected in this workspace
        400 UNKNOWN_ACCOUNT No WhatsApp account of this workspace has the phone ; check `whatsapp_account_phone`
        400 ACCOUNT_NOT_CONNECTED The WhatsApp account  is not connected; connect it on the screen Accounts
        400 CHAT_NOT_FOUND Chat not found
        402 OUT_OF_CREDITS Not enough message credits: 0 needed, 0 left
        403 WEBHOOK_DISABLED Webhook is disabled
        404 WEBHOOK_NOT_FOUND Webhook not found
        405 METHOD_NOT_ALLOWED This URL takes POST
        409 IDEMPOTENCY_MISMATCH This Idempotency-Key was already used with another body; use a new key for a new message
        413 BODY_TOO_LARGE The body is larger than 0 bytes; send files by `file_url`
        415 UNSUPPORTED_ENCODING Content-Encoding `` is not supported; send the body unencoded
        429 RATE_LIMITED Too many calls; try again in 0 s
        503 UNAVAILABLE The service cannot take this now. Nothing was charged; try again
        503 UNAVAILABLE It is not known whether this was accepted; repeat it with an Idempotency-Key
        503 MISSED_EVENTS Events came faster than they were taken, and some are gone: read again what you show, then subscribe again
        401 UNAUTHENTICATED Log in first
        401 WRONG_CREDENTIALS The e-mail or the password is wrong
        403 FORBIDDEN 
        404 NOT_FOUND Not found
        400 BAD_INPUT 
        409 CONFLICT 
        409 TAKEN 
        503 GATEWAY_UNREACHABLE
        ");
    }
}
