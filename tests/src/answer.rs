//! What the webhook answered, and what every answer must look like.

use std::collections::BTreeSet;

use reqwest::{Response, StatusCode, header::HeaderMap};
use serde_json::{Value, json};

/// What a refusal says to people.
pub fn message_of(refused: &Value) -> &str {
    refused["message"].as_str().unwrap()
}

/// One answer of the webhook.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub text: String,
}

impl Answer {
    pub async fn of(response: Response) -> reqwest::Result<Self> {
        Ok(Self { status: response.status(), headers: response.headers().clone(), text: response.text().await? })
    }

    /// The body, which is always JSON.
    pub fn body(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|err| panic!("{err} in {} {:?}", self.status, self.text))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The id of the message that was accepted, exactly as the contract shows it.
    pub fn accepted(&self) -> String {
        self.check_headers();
        assert_eq!(self.status, 200, "{}", self.text);
        let body = self.body();
        let id = body["data"]["message_id"].as_str().unwrap_or_default().to_owned();
        assert_eq!(body, json!({"status": "success", "data": {"message_id": id}}));
        let hex = id.strip_prefix("wa_backend:3EB0").unwrap_or_else(|| panic!("an id of the wrong form: {id}"));
        assert!(hex.len() == 16 && hex.chars().all(|char| matches!(char, '0'..='9' | 'A'..='F')), "{id}");
        id
    }

    /// The body of a refusal, exactly as the contract shows it.
    pub fn refused(&self, status: u16, code: &str) -> Value {
        self.check_headers();
        let body = self.body();
        assert_eq!((self.status.as_u16(), body["code"].as_str()), (status, Some(code)), "{}", self.text);
        assert_eq!((&body["status"], &body["data"]), (&status.into(), &json!({})));
        assert!(body["message"].as_str().is_some_and(|message| !message.is_empty()), "{}", self.text);
        let named: BTreeSet<_> = body.as_object().unwrap().keys().map(String::as_str).collect();
        let known = BTreeSet::from(["status", "data", "message", "code", "field", "line", "column"]);
        assert!(named.is_subset(&known), "{}", self.text);
        body
    }

    /// What every answer carries.
    pub fn check_headers(&self) {
        assert_eq!(self.header("cache-control"), Some("no-store"), "{self:?}");
        assert!(self.header("content-type").is_some_and(|kind| kind.starts_with("application/json")), "{self:?}");
        let id = self.header("x-request-id").unwrap_or_default();
        assert!(uuid::Uuid::try_parse(id).is_ok(), "X-Request-Id {id:?}: {self:?}");
    }
}
