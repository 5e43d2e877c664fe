//! A small client of Meta's Graph API.
//!
//! It tells things apart that look alike from afar: Meta's own refusal ([`Failure::Refused`]), a request that certainly never
//! left ([`Failure::NotSent`]), one that can never be made ([`Failure::Impossible`]), and one of which nobody knows what
//! became ([`Failure::Unknown`]). There is no idempotency key, so only the first two may be tried again.

use std::{error::Error as _, fmt, time::Duration};

use bytes::{Bytes, BytesMut};
use nhip_domain::account::cloud_api::Credentials;
use reqwest::{Client, RequestBuilder, Response, StatusCode, multipart, redirect, retry};
use serde_json::Value;

use super::signature;
use crate::tls;

/// To connect, the name's look-up and TLS included.
const CONNECT: Duration = Duration::from_secs(4);
/// An idle connection is left before its server leaves it: a request on one that is being closed may be lost.
const IDLE: Duration = Duration::from_secs(20);
/// How long the answer to a question may take, all together.
pub const ANSWER: Duration = Duration::from_secs(13);
/// The largest answer that is read.
const MAX_ANSWER: usize = 256 * 1024;

/// A client of the Graph API; cheap to clone.
#[derive(Clone, Debug)]
pub struct Graph {
    client: Client,
    base: String,
}

/// An access token, and the proof that whoever uses it knows its app's secret: an app may demand it with every call. Never
/// printed.
#[derive(Clone, PartialEq, Eq)]
pub struct Token {
    token: String,
    proof: String,
}

/// Why a request brought nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// Meta said no.
    #[error(transparent)]
    Refused(#[from] GraphError),
    /// The request certainly never left: there was no connection.
    #[error("Meta could not be reached: {0}")]
    NotSent(String),
    /// There is no such request, now or later.
    #[error("No request can be made of this: {0}")]
    Impossible(String),
    /// The request may have been carried out.
    #[error("Meta's answer was lost: {0}")]
    Unknown(String),
}

/// Meta's refusal, as it stands in an answer's `error` or in a status's `errors`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GraphError {
    /// What decides; see [`super::errors`]. None where Meta reports a failure without saying why.
    pub code: Option<i64>,
    /// What kind of it; newer versions of the API say it no more.
    pub subcode: Option<i64>,
    /// Meta's type of it, which newer versions still say.
    pub kind: Option<String>,
    /// Meta's sentence.
    pub message: String,
    /// More about it, where Meta says more.
    pub details: Option<String>,
}

impl std::error::Error for GraphError {}

impl fmt::Display for GraphError {
    /// For owners to read.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => write!(out, "Meta's error {code}: {}", self.message)?,
            None => write!(out, "Meta: {}", self.message)?,
        }
        match &self.details {
            Some(details) if !self.message.contains(details.as_str()) => write!(out, " ({details})"),
            _ => Ok(()),
        }
    }
}

impl GraphError {
    /// Reads an error object; none where it is no such thing.
    #[must_use]
    pub fn parse(error: &Value) -> Option<Self> {
        let text = |value: &Value| value.as_str().map(clean).filter(|text| !text.is_empty());
        Some(Self {
            code: Some(error.get("code")?.as_i64()?),
            subcode: error.get("error_subcode").and_then(Value::as_i64),
            kind: error.get("type").and_then(text),
            message: error.get("message").or_else(|| error.get("title")).and_then(text).unwrap_or_default(),
            details: error.pointer("/error_data/details").and_then(text),
        })
    }
}

impl Token {
    /// Takes a token, and the secret of the app that it is of.
    #[must_use]
    pub fn of(Credentials { access_token, app_secret, .. }: &Credentials) -> Self {
        Self { token: access_token.clone(), proof: signature::sign(app_secret, access_token.as_bytes()) }
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Token(…)")
    }
}

impl Graph {
    /// Speaks to the API at `base`, which ends in its version.
    ///
    /// # Errors
    /// Where TLS cannot be set up, or `base` is no URL.
    pub fn new(base: &str) -> Result<Self, reqwest::Error> {
        tls::be_ready();
        let client = Client::builder()
            // A proxy would see tokens, and answer in Meta's name.
            .no_proxy()
            .redirect(redirect::Policy::none())
            // What may be sent again is decided elsewhere.
            .retry(retry::never())
            .connect_timeout(CONNECT)
            .pool_idle_timeout(IDLE)
            .timeout(ANSWER)
            .referer(false)
            .build()?;
        let _request = client.get(base).build()?;
        Ok(Self { client, base: base.trim_end_matches('/').to_owned() })
    }

    /// Asks for `path`, which may have a query.
    pub async fn get(&self, token: &Token, path: &str) -> Result<Value, Failure> {
        ask(self.client.get(self.url(path, token)), token, || {}).await
    }

    /// Posts JSON. `answered` is called when the answer begins.
    pub async fn post(
        &self,
        token: &Token,
        path: &str,
        body: &Value,
        within: Duration,
        answered: impl FnOnce() + Send,
    ) -> Result<Value, Failure> {
        ask(self.client.post(self.url(path, token)).json(body).timeout(within), token, answered).await
    }

    /// Uploads a file of the type `mime`, as which its name should end, too.
    pub async fn upload(
        &self,
        token: &Token,
        path: &str,
        (name, mime): (&str, &str),
        bytes: &Bytes,
        within: Duration,
    ) -> Result<Value, Failure> {
        let no_type = |err| Failure::Impossible(format!("{mime:?} is not the name of a type ({err})"));
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let part = multipart::Part::stream_with_length(bytes.clone(), length)
            .file_name(name.to_owned())
            .mime_str(mime)
            .map_err(no_type)?;
        let form = multipart::Form::new()
            .text("messaging_product", "whatsapp")
            .text("type", mime.to_owned())
            .part("file", part);
        ask(self.client.post(self.url(path, token)).multipart(form).timeout(within), token, || {}).await
    }

    fn url(&self, path: &str, token: &Token) -> String {
        let and = if path.contains('?') { '&' } else { '?' };
        format!("{}/{}{and}appsecret_proof={}", self.base, path.trim_start_matches('/'), token.proof)
    }
}

async fn ask(request: RequestBuilder, token: &Token, answered: impl FnOnce() + Send) -> Result<Value, Failure> {
    let response = request.bearer_auth(&token.token).send().await.map_err(|err| lost(&err))?;
    answered();
    let status = response.status();
    let body = read(response).await;
    understand(status, body)
}

/// What an answer means.
fn understand(status: StatusCode, body: Result<Bytes, Failure>) -> Result<Value, Failure> {
    let json = body.as_ref().ok().and_then(|body| serde_json::from_slice::<Value>(body).ok());
    if let Some(error) = json.as_ref().and_then(refusal) {
        return Err(error.into());
    }
    if !status.is_success() {
        return Err(Failure::Unknown(format!("it answered {status} without saying why")));
    }
    body?;
    json.ok_or_else(|| Failure::Unknown(format!("its answer {status} was no JSON")))
}

/// Meta's own refusal, if the answer is one. Whatever else refuses stands before the API, and may have passed the request on
/// before it lost the answer: a proxy's 503 or 429 says nothing of what became of it, and some send a JSON of their own.
fn refusal(answer: &Value) -> Option<GraphError> {
    // Beside a message that was taken, an error does not untake it.
    if answer.pointer("/messages/0/id").is_some() {
        return None;
    }
    let error = answer.get("error")?;
    let is_metas = ["type", "fbtrace_id"].iter().any(|field| error.get(field).is_some_and(Value::is_string));
    GraphError::parse(error).filter(|_| is_metas)
}

async fn read(mut response: Response) -> Result<Bytes, Failure> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|err| lost(&err))? {
        if bytes.len() + chunk.len() > MAX_ANSWER {
            return Err(Failure::Unknown("its answer was too long".to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// What a failed request means: what could not connect never left, what could not be made never will; of all else nobody
/// knows.
fn lost(err: &reqwest::Error) -> Failure {
    let mut cause = err.source();
    let mut last = None;
    while let Some(err) = cause {
        last = Some(err.to_string());
        cause = err.source();
    }
    // Not the error itself: it names the URL.
    let why = match last {
        _ if err.is_timeout() => "it took too long".to_owned(),
        Some(last) => last,
        None => "the connection failed".to_owned(),
    };
    match () {
        () if err.is_connect() => Failure::NotSent(why),
        () if err.is_builder() => Failure::Impossible(why),
        () => Failure::Unknown(why),
    }
}

/// Meta's words and ids, fit for the database and for a page.
pub(super) fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(500).collect()
}

#[cfg(test)]
mod tests;
