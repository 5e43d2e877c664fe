//! The webhook's contract as the program itself publishes it at `/openapi.json`, to judge answers by.

use jsonschema::Validator;
use serde_json::{Value, json};

use crate::{Answer, TestApp};

/// What an answer must look like.
#[derive(Debug)]
pub struct Contract {
    document: Value,
    accepted: Validator,
    refused: Validator,
    request: Validator,
}

impl Contract {
    /// Reads what an app publishes.
    pub async fn of(app: &TestApp) -> Self {
        let answer = app.http().get(format!("{}/openapi.json", app.url())).send().await.unwrap();
        let document: Value = answer.json().await.unwrap();
        let schema = |name: &str| {
            // JSON Schema 2020-12 is OpenAPI 3.1's; that the schema is sound is checked as it is read.
            let schema = json!({"$ref": format!("#/components/schemas/{name}"), "components": document["components"]});
            jsonschema::validator_for(&schema).unwrap_or_else(|err| panic!("{name}: {err}"))
        };
        let (accepted, refused, request) = (schema("Accepted"), schema("Refused"), schema("SendRequest"));
        Self { document, accepted, refused, request }
    }

    /// The description itself.
    pub fn document(&self) -> &Value {
        &self.document
    }

    /// The statuses that it describes, each with the codes of its examples.
    pub fn codes(&self, status: u16) -> Vec<&str> {
        let answer = &self.document["paths"]["/webhook/{token}"]["post"]["responses"][status.to_string()];
        let examples = answer["content"]["application/json"]["examples"].as_object();
        examples.into_iter().flatten().filter_map(|(_, example)| example["value"]["code"].as_str()).collect()
    }

    /// Whether a body is a request, as far as a schema can tell.
    pub fn is_request(&self, body: &Value) -> bool {
        self.request.is_valid(body)
    }

    /// Panics unless an answer is one of the contract's: its status, its body, its headers.
    pub fn judge(&self, answer: &Answer, asked: &str) {
        let (status, body) = (answer.status.as_u16(), answer.body());
        answer.check_headers();
        if status == 200 {
            assert!(self.accepted.is_valid(&body), "{} for {asked}", answer.text);
            return;
        }
        assert!(self.refused.is_valid(&body), "{} for {asked}", answer.text);
        let code = body["code"].as_str().unwrap_or_default();
        assert!(self.codes(status).contains(&code), "{status} with {code} for {asked}");
        assert_eq!(body["status"], status, "{asked}");
        let needs_pause = matches!(status, 429 | 503);
        assert_eq!(answer.header("retry-after").is_some(), needs_pause, "{asked}");
        assert_eq!(answer.header("allow"), (status == 405).then_some("POST"), "{asked}");
    }
}
