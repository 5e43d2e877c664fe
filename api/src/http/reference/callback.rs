//! Meta's callback in the `OpenAPI` document: what Meta sends is Meta's to describe; how it is answered is ours.

use serde_json::{Map, Value, json};

use super::super::cloud_callback::{LIMIT, NOES, No};

/// Where Meta posts.
pub(super) const PATH: &str = "/whatsapp/cloud/{account}";

/// Both operations.
pub(super) fn path() -> Value {
    json!({
        "parameters": [{
            "name": "account", "in": "path", "required": true, "schema": {"type": "string", "format": "uuid"},
            "description": "The account's id: the whole URL is `Account.callbackUrl` in the admin API.",
        }],
        "get": {
            "operationId": "verifyCloudCallback",
            "summary": "Meta verifies the URL",
            "description": "Asked once, when the URL is entered in Meta's app, with the verify token that the account was connected with.",
            "security": [],
            "parameters": [
                query("hub.mode", &json!({"const": "subscribe"}), "What Meta wants."),
                query("hub.verify_token", &json!({"type": "string", "format": "password"}), "The account's verify token."),
                query("hub.challenge", &json!({"type": "string", "minLength": 1, "maxLength": 1_024}), "What is answered."),
            ],
            "responses": responses(
                &[400, 403, 404, 405, 503],
                json!({"description": "The challenge again.", "content": {"text/plain": {"schema": {"type": "string"}}}}),
            ),
        },
        "post": {
            "operationId": "receiveCloudCallback",
            "summary": "Meta tells what became of messages, and who wrote",
            "description": format!(
                "Answered once it is durable, and handled afterwards; Meta repeats whatever is not answered with 200. At most \
                 {LIMIT} bytes. Unknown fields are ignored."
            ),
            "security": [],
            "parameters": [{
                "name": "X-Hub-Signature-256", "in": "header", "required": true,
                "schema": {"type": "string", "pattern": "^sha256=[0-9a-fA-F]{64}$"},
                "description": "HMAC-SHA-256 over the body's very bytes, by the app's secret.",
            }],
            "requestBody": {
                "required": true,
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/CloudCallback"}}},
            },
            "responses": responses(
                &[401, 403, 404, 405, 408, 413, 503],
                json!({"description": "It is kept.", "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/CloudCallbackKept"}, "example": {"status": "success"},
                }}}),
            ),
        },
    })
}

/// What the operations speak of.
pub(super) fn schemas() -> Map<String, Value> {
    let schemas = json!({
        "CloudCallback": {
            "type": "object",
            "description": "A WhatsApp webhook, as Meta describes it. What is read of it: `messages` (statuses and incoming \
                messages) and `account_update`.",
            "properties": {"entry": {"type": "array", "items": {"type": "object", "properties": {
                "id": {"type": "string"},
                "changes": {"type": "array", "items": {"type": "object"}},
            }}}},
        },
        "CloudCallbackKept": {
            "type": "object", "required": ["status"], "properties": {"status": {"const": "success"}}, "additionalProperties": false,
        },
        "CloudCallbackRefused": {
            "type": "object",
            "required": ["message"],
            "properties": {"message": {"type": "string", "description": "One sentence that names the mend."}},
            "additionalProperties": false,
        },
    });
    match schemas {
        Value::Object(schemas) => schemas,
        _ => Map::new(),
    }
}

fn query(name: &str, schema: &Value, description: &str) -> Value {
    json!({"name": name, "in": "query", "required": true, "schema": schema, "description": description})
}

/// The good answer, and every other that the operation may give.
fn responses(statuses: &[u16], good: Value) -> Value {
    let mut responses = Map::from_iter([("200".to_owned(), good)]);
    for status in statuses {
        let examples: Map<String, Value> = NOES
            .iter()
            .filter(|(no, _)| no.as_u16() == *status)
            .enumerate()
            .map(|(n, no)| (format!("no{}", n + 1), example(no)))
            .collect();
        let schema = json!({"$ref": "#/components/schemas/CloudCallbackRefused"});
        let content = json!({"application/json": {"schema": schema, "examples": examples}});
        responses.insert(status.to_string(), json!({"description": "Refused: nothing was kept.", "content": content}));
    }
    responses.into()
}

fn example((_, message): &No) -> Value {
    json!({"value": {"message": message}})
}
