//! GraphQL over HTTP, as a client of ours would speak it.

use serde_json::{Value, json};

use crate::TestApp;

/// A query with its variables.
#[derive(Clone, Debug)]
pub struct Query {
    pub text: String,
    pub variables: Value,
}

/// The first error of an answer.
#[derive(Clone, Debug)]
pub struct Failure {
    pub message: String,
    pub extensions: Value,
}

impl Failure {
    /// `extensions.code`.
    pub fn code(&self) -> &str {
        self.extensions["code"].as_str().unwrap_or_else(|| panic!("an error without a code: {self:?}"))
    }
}

impl Query {
    pub fn new(text: &str, variables: Value) -> Self {
        Self { text: text.to_owned(), variables }
    }

    /// A mutation of one `input`, returning `selection`.
    pub fn mutation(name: &str, kind: &str, input: Value, selection: &str) -> Self {
        Self::new(
            &format!("mutation($input: {kind}!) {{ {name}(input: $input) {selection} }}"),
            json!({ "input": input }),
        )
    }
}

/// What `query` answers to whoever holds `token`.
pub(crate) async fn ask(app: &TestApp, token: Option<&str>, query: &Query) -> Result<Value, Failure> {
    attempt(app, token, query).await.expect("GraphQL answers")
}

/// The same, while the program may be gone.
pub(crate) async fn attempt(
    app: &TestApp,
    token: Option<&str>,
    query: &Query,
) -> reqwest::Result<Result<Value, Failure>> {
    let mut request = app.http().post(format!("{}/graphql", app.url()));
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let body = json!({ "query": query.text, "variables": query.variables });
    let text = request.json(&body).send().await?.text().await?;
    let answer: Value = serde_json::from_str(&text).unwrap_or_else(|err| panic!("{err} in {text}"));
    Ok(match answer["errors"].get(0) {
        None => Ok(answer["data"].clone()),
        Some(error) => Err(Failure {
            message: error["message"].as_str().unwrap_or_default().to_owned(),
            extensions: error["extensions"].clone(),
        }),
    })
}
