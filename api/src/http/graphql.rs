//! `POST /graphql`: one operation as JSON, and nothing that another site's form could send.

use std::time::Duration;

use async_graphql::{Request as Operation, Response as Answer, ServerError};
use nhip_domain::Broken;
use poem::{
    Request, Response,
    http::{HeaderMap, Method, StatusCode, header},
};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::{
    App,
    body::{self, Read},
    caller, cookie, host, pages,
};
use crate::graphql::{Admin, DEADLINE};

/// How long a body may take to come.
const BODY_DEADLINE: Duration = Duration::from_secs(5);
/// What GraphQL over HTTP calls its own type: with it, the status says whether the request was well-formed.
const GRAPHQL_RESPONSE: &str = "application/graphql-response+json";
const JSON: &str = "application/json";

/// Executes one operation.
pub(super) async fn answer(app: &App, mut request: Request) -> Response {
    if *request.method() == Method::GET && app.admin.describes_itself() && wants_page(request.headers()) {
        return pages::graphiql();
    }
    if !host::is_ours(&app.deps.cx.settings, &request) {
        return refuse(StatusCode::MISDIRECTED_REQUEST, host::ADVICE);
    }
    if request.method() != Method::POST {
        let response = refuse(StatusCode::METHOD_NOT_ALLOWED, "GraphQL takes POST");
        return with_allow(response);
    }
    if !is_json(request.headers()) {
        return refuse(StatusCode::UNSUPPORTED_MEDIA_TYPE, "GraphQL takes Content-Type: application/json");
    }
    let operation = match read(&mut request).await {
        Ok(operation) => operation,
        Err(refused) => return *refused,
    };
    let requester = app.requester(&request);
    let authorization = request.header(header::AUTHORIZATION);
    let operation = match cookie::read(&request) {
        Some(cookie) => operation.data(cookie),
        None => operation,
    };
    let answered = async {
        let known = caller::of(app, authorization, requester.clone()).await?;
        Ok(app.admin.answer(operation, known.map(|known| known.caller), requester).await)
    };
    let answer = match timeout(DEADLINE, answered).await {
        Ok(Ok(answer)) => answer,
        Ok(Err(broken)) => return unavailable(&broken),
        Err(_elapsed) => Admin::too_slow(),
    };
    respond(&answer, accepts_graphql_response(request.headers()))
}

async fn read(request: &mut Request) -> Result<Operation, Box<Response>> {
    let bytes = match body::read(request, body::LIMIT, BODY_DEADLINE).await {
        Read::Whole(bytes) => bytes,
        Read::TooLarge(_) => return Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, "The body is over 64 KiB").into()),
        Read::Cut(_) => return Err(refuse(StatusCode::REQUEST_TIMEOUT, "The body did not come in time").into()),
    };
    let bad = |why: &str| Box::new(refuse(StatusCode::BAD_REQUEST, why));
    let mut value: Value =
        serde_json::from_slice(&bytes).map_err(|err| bad(&format!("The body is not JSON: {err}")))?;
    match &mut value {
        // What is null is absent.
        Value::Object(fields) => fields.retain(|_, value| !value.is_null()),
        Value::Array(_) => return Err(bad("Batches are not taken; send one operation at a time")),
        _ => return Err(bad("The body must be an object with `query`")),
    }
    if !value.get("query").is_some_and(Value::is_string) {
        return Err(bad("`query` must be a text"));
    }
    serde_json::from_value(value)
        .map_err(|_shown| bad("`variables` and `extensions` must be objects, `operationName` a text"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(value) = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()) else { return false };
    let mut parts = value.split(';').map(str::trim);
    let is_json = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(JSON));
    let is_utf8 = |part: &str| {
        part.split_once('=').is_none_or(|(name, value)| {
            !name.trim().eq_ignore_ascii_case("charset") || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
        })
    };
    is_json && parts.all(is_utf8)
}

/// A browser asks, and not a program.
fn wants_page(headers: &HeaderMap) -> bool {
    headers
        .get(header::ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.contains("text/html"))
}

fn accepts_graphql_response(headers: &HeaderMap) -> bool {
    let accept = headers.get_all(header::ACCEPT).iter().filter_map(|value| value.to_str().ok());
    accept.flat_map(|value| value.split(',')).any(|kind| {
        let mut parts = kind.split(';').map(str::trim);
        let is_it = parts.next().is_some_and(|kind| kind.eq_ignore_ascii_case(GRAPHQL_RESPONSE));
        // What weighs nothing is not wanted.
        let weight = parts.find_map(|part| part.to_ascii_lowercase().strip_prefix("q=").map(str::to_owned));
        is_it && weight.is_none_or(|weight| weight.parse() != Ok(0.0_f32))
    })
}

/// An answer of the executor's. What was never executed has no data, and, told in GraphQL's own type, a status of its own.
fn respond(answer: &Answer, own_type: bool) -> Response {
    let never_executed = !answer.errors.is_empty() && answer.errors.iter().all(|err| err.path.is_empty());
    let body = if never_executed {
        json!({"errors": answer.errors})
    } else if answer.errors.is_empty() {
        json!({"data": answer.data})
    } else {
        json!({"data": answer.data, "errors": answer.errors})
    };
    let status = match never_executed && own_type {
        false => StatusCode::OK,
        true if answer.errors.iter().any(is_unavailable) => StatusCode::SERVICE_UNAVAILABLE,
        true => StatusCode::BAD_REQUEST,
    };
    let kind = if own_type { GRAPHQL_RESPONSE } else { JSON };
    let mut response = Response::builder()
        .status(status)
        .content_type(format!("{kind}; charset=utf-8"))
        .header(header::CACHE_CONTROL, "no-store")
        .body(body.to_string());
    for (name, value) in &answer.http_headers {
        response.headers_mut().append(name, value.clone());
    }
    response
}

fn is_unavailable(error: &ServerError) -> bool {
    let code = error.extensions.as_ref().and_then(|more| more.get("code"));
    code.is_some_and(|code| *code == async_graphql::Value::from("UNAVAILABLE"))
}

fn refuse(status: StatusCode, why: &str) -> Response {
    envelope(status, "BAD_INPUT", why)
}

fn envelope(status: StatusCode, code: &str, why: &str) -> Response {
    let body = json!({"errors": [{"message": why, "extensions": {"code": code}}]});
    Response::builder()
        .status(status)
        .content_type(format!("{JSON}; charset=utf-8"))
        .header(header::CACHE_CONTROL, "no-store")
        .body(body.to_string())
}

fn with_allow(mut response: Response) -> Response {
    response.headers_mut().insert(header::ALLOW, poem::http::HeaderValue::from_static("POST"));
    response
}

fn unavailable(broken: &Broken) -> Response {
    tracing::error!(error = broken as &dyn std::error::Error, "a caller could not be authenticated");
    envelope(StatusCode::SERVICE_UNAVAILABLE, "UNAVAILABLE", "The service cannot answer now; try again")
}
