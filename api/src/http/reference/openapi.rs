//! The webhook, and Meta's callback, as `OpenAPI` 3.1, printed from the tables that the code goes by.

use nhip_domain::{
    Refusal,
    message::{Accepted, KEYS_LIVE_H},
    request::contract::{ACCOUNT_PHONES, FIELDS, Field, MAX_KEY, Need, RECIPIENTS, Takes},
    webhook::answer::{render, status},
};
use serde_json::{Map, Value, json};

use super::{
    callback,
    explain::{self, Explained},
    language::Language,
};
use crate::http::listener::unreadable;

/// The description of an installation that callers reach at `public_url`.
#[must_use]
pub fn document(public_url: &str) -> Value {
    let mut schemas = callback::schemas();
    schemas.extend([
        ("SendRequest".to_owned(), request()),
        ("Accepted".to_owned(), accepted()),
        ("Refused".to_owned(), refused()),
    ]);
    json!({
        "openapi": "3.1.1",
        "info": {
            "title": "Nhip: the incoming webhook",
            "summary": "Post JSON to a secret URL, and it becomes a WhatsApp message.",
            "version": env!("CARGO_PKG_VERSION"),
        },
        "servers": [{"url": public_url}],
        "externalDocs": {"description": "The same for people", "url": format!("{public_url}/docs")},
        "paths": {"/webhook/{token}": {"post": operation()}, callback::PATH: callback::path()},
        "components": {
            "schemas": schemas,
            "headers": headers(),
        },
    })
}

fn operation() -> Value {
    json!({
        "operationId": "sendMessage",
        "summary": "Send one message",
        "description": "Accepted means durable: the message is queued and charged. It is sent later, at its account's pace. \
            Any Content-Type is taken, as long as the body is one JSON object in UTF-8.",
        "security": [],
        "parameters": [
            {
                "name": "token", "in": "path", "required": true, "schema": {"type": "string", "format": "password"},
                "description": "The secret of the workspace's URL, and the only credential.",
            },
            {
                "name": "Idempotency-Key", "in": "header", "required": false,
                "schema": {"type": "string", "minLength": 1, "maxLength": MAX_KEY, "pattern": "^[!-~]+$"},
                "description": format!("A repeat of the key with the same bytes gets the first answer again within \
                    {KEYS_LIVE_H} h, and is charged once."),
            },
        ],
        "requestBody": {
            "required": true,
            "content": {"application/json": {"schema": {"$ref": "#/components/schemas/SendRequest"}, "examples": {
                "text": {"value": {"action": "send", "phone": "+14151231234", "text": "lorem ipsum"}},
                "file": {"value": {"action": "send", "chat_id": "77234", "text": "lorem ipsum",
                    "file_url": "https://files.example/logo.png", "file_name": "logo.png"}},
            }}},
        },
        "responses": responses(),
    })
}

fn responses() -> Value {
    let mut responses = Map::new();
    let example = Accepted { message_id: "3EB09FCC85FE99662E46".to_owned(), replayed: false };
    responses.insert(
        "200".to_owned(),
        json!({
            "description": "The message is queued and charged.",
            "headers": {"X-Request-Id": header("X-Request-Id"), "Idempotent-Replayed": header("Idempotent-Replayed")},
            "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Accepted"}, "example": parsed(&render(&Ok(example)).1),
            }},
        }),
    );
    for explained in explain::refusals() {
        add(&mut responses, status(&explained.refusal), &explained.refusal, name(&explained.refusal), one(&explained));
    }
    for unreadable in unreadable::ALL {
        let example = json!({"summary": "No request of HTTP/1.1.", "value": parsed(&unreadable.body())});
        add(&mut responses, unreadable.status, &Refusal::WebhookNotFound, "Unreadable", example);
    }
    responses.into()
}

/// Adds an example to the answer with that status, which is first made as for `refusal` where it is not there yet.
fn add(responses: &mut Map<String, Value>, status: u16, refusal: &Refusal, name: &str, example: Value) {
    let answer = responses.entry(status.to_string()).or_insert_with(|| answer(refusal));
    if let Some(examples) = answer.pointer_mut("/content/application~1json/examples").and_then(Value::as_object_mut) {
        examples.insert(name.to_owned(), example);
    }
}

/// What all refusals of one status have in common.
fn answer(refusal: &Refusal) -> Value {
    let mut headers = Map::from_iter([("X-Request-Id".to_owned(), header("X-Request-Id"))]);
    match refusal {
        Refusal::MethodNotAllowed => drop(headers.insert("Allow".to_owned(), header("Allow"))),
        Refusal::RateLimited { .. } | Refusal::Unavailable => {
            headers.insert("Retry-After".to_owned(), header("Retry-After"));
        }
        _ => {}
    }
    json!({
        "description": "Refused: nothing was sent, nothing charged.",
        "headers": headers,
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Refused"}, "examples": {}}},
    })
}

fn one(explained: &Explained) -> Value {
    let value = parsed(&render(&Err(explained.refusal.clone())).1);
    json!({"summary": explained.meaning.said_in(Language::English), "value": value})
}

/// A refusal's own name: two of them share a code.
fn name(refusal: &Refusal) -> &'static str {
    refusal.into()
}

fn header(name: &str) -> Value {
    json!({"$ref": format!("#/components/headers/{name}")})
}

fn headers() -> Value {
    let header = |description, schema: Value| json!({"description": description, "schema": schema});
    json!({
        "X-Request-Id": header("The call's id in the activation log.", json!({"type": "string", "format": "uuid"})),
        "Idempotent-Replayed": header("Present where a repeated key got the first answer.", json!({"const": "true"})),
        "Allow": header("The one method that is taken.", json!({"const": "POST"})),
        "Retry-After": header("Seconds to wait before the next call.", json!({"type": "integer", "minimum": 1})),
    })
}

fn request() -> Value {
    let mut properties = Map::new();
    for field in FIELDS {
        properties.insert(field.name.to_owned(), property(field));
        if let [name, other] = ACCOUNT_PHONES
            && name == field.name
        {
            properties.insert(other.to_owned(), json!({"description": format!("The same as `{name}`.")}));
        }
    }
    let named = |need: Need| FIELDS.into_iter().filter(move |field| field.need == need).map(|field| field.name);
    let one_of: Vec<Value> = RECIPIENTS.into_iter().map(|name| json!({"required": [name]})).collect();
    json!({
        "type": "object",
        "description": "A field that is null, or an optional one that is an empty string, counts as not given. Unknown \
            fields are ignored, and named in the activation log.",
        "properties": properties,
        "required": named(Need::Always).collect::<Vec<_>>(),
        "oneOf": one_of,
        "anyOf": [{"required": named(Need::WithoutFile).collect::<Vec<_>>()}, {"required": ["file_url"]}],
        "dependentRequired": {"file_url": named(Need::WithFile).collect::<Vec<_>>()},
    })
}

fn property(field: Field) -> Value {
    let meaning = explain::field(field.name).said_in(Language::English);
    match (field.takes, field.longest) {
        (Takes::Send, _) => json!({"description": meaning, "const": "send"}),
        (Takes::Text, Some(longest)) => {
            json!({"description": meaning, "type": ["string", "null"], "maxLength": longest})
        }
        (Takes::Text, None) => json!({"description": meaning, "type": ["string", "null"]}),
        (Takes::Digits, _) => json!({"description": meaning, "type": ["string", "integer", "null"]}),
    }
}

fn accepted() -> Value {
    json!({
        "type": "object",
        "required": ["status", "data"],
        "properties": {
            "status": {"const": "success"},
            "data": {
                "type": "object",
                "required": ["message_id"],
                "properties": {"message_id": {"type": "string", "pattern": "^wa_backend:3EB0[0-9A-F]{16}$"}},
                "additionalProperties": false,
            },
        },
        "additionalProperties": false,
    })
}

fn refused() -> Value {
    let refusals = explain::refusals();
    let mut statuses: Vec<u16> = refusals.iter().map(|one| status(&one.refusal)).collect();
    let mut codes: Vec<&str> = refusals.iter().map(|one| one.refusal.code()).collect();
    statuses.extend(unreadable::ALL.map(|unreadable| unreadable.status));
    codes.push(unreadable::CODE);
    statuses.sort_unstable();
    statuses.dedup();
    codes.dedup();
    json!({
        "type": "object",
        "required": ["status", "data", "message", "code"],
        "properties": {
            "status": {"description": "The HTTP status again.", "enum": statuses},
            "data": {"type": "object", "maxProperties": 0},
            "message": {"type": "string", "description": "One sentence that names the mend."},
            "code": {"description": "Never renamed.", "enum": codes},
            "field": {"type": "string", "description": "The field at fault."},
            "line": {"type": "integer", "minimum": 1},
            "column": {"type": "integer", "minimum": 1, "description": "In characters."},
        },
        "additionalProperties": false,
    })
}

/// What we wrote as JSON is JSON.
fn parsed(body: &str) -> Value {
    serde_json::from_str(body).unwrap_or_default()
}
