//! The contract's section "The request", sentence by sentence.

mod fields;
mod files;
mod hostile;
mod json;
mod keys;
mod published;
mod recipients;
mod spelling;
mod without_panic;

use serde_json::{Value, json};

use super::{Parsed, SendRequest, parse};
use crate::refusal::{Place, Refusal};

fn parsed(body: &str) -> Parsed {
    parse(body.as_bytes(), None, None)
}

fn accepted(body: &str) -> SendRequest {
    parsed(body).request.unwrap_or_else(|refusal| panic!("{refusal} in {body}"))
}

fn refused(body: &str) -> Refusal {
    parsed(body).request.expect_err(body)
}

/// A sound request with some fields set, or removed by `null`.
fn body_with(changes: Value) -> String {
    let mut body = json!({"action": "send", "phone": "+14151231234", "text": "lorem ipsum"});
    let (Value::Object(fields), Value::Object(changes)) = (&mut body, changes) else { panic!("two objects") };
    fields.extend(changes);
    fields.retain(|_, value| !value.is_null());
    body.to_string()
}

fn accepted_with(changes: Value) -> SendRequest {
    accepted(&body_with(changes))
}

fn refused_with(changes: Value) -> Refusal {
    refused(&body_with(changes))
}

/// A sound request with one more field, whose name and value are given as JSON's source.
fn body_and(field: &str) -> String {
    format!(r#"{{"action": "send", "phone": "+14151231234", "text": "hi", {field}}}"#)
}

/// A sound request with one more field, in whose source `¶` marks a column of line 1; and that column.
fn marked(field: &str) -> (String, u32) {
    let body = body_and(field);
    let column = body.chars().take_while(|char| *char != '¶').count() + 1;
    (body.replace('¶', ""), u32::try_from(column).unwrap())
}

/// What a refusal tells: code, field ("" for none), line and column, message.
fn told(refusal: &Refusal) -> (&'static str, String, Option<(u32, u32)>, String) {
    let place = refusal.place().map(|Place { line, column }| (line, column));
    (refusal.code(), refusal.field().unwrap_or_default().into(), place, refusal.to_string())
}
