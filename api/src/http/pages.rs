//! Answers that every route shares.

use async_graphql::http::GraphiQLSource;
use poem::{
    Response,
    http::{HeaderName, HeaderValue, StatusCode, header},
};
use serde_json::json;

/// A page to try the admin API on, where it describes itself; its scripts come from unpkg.com.
#[must_use]
pub fn graphiql() -> Response {
    let page = GraphiQLSource::build().endpoint("/graphql").subscription_endpoint("/graphql/ws").finish();
    Response::builder()
        .content_type("text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store")
        .header(header::X_FRAME_OPTIONS, "DENY")
        .body(page)
}

/// Nothing is there.
#[must_use]
pub fn not_found() -> Response {
    Response::builder()
        .status(StatusCode::NOT_FOUND)
        .content_type("application/json")
        .body(json!({"message": "Not found"}).to_string())
}

/// A defect of ours; what it was stands in the log.
#[must_use]
pub fn broken() -> Response {
    Response::builder()
        .status(StatusCode::INTERNAL_SERVER_ERROR)
        .content_type("application/json")
        .body(json!({"message": "Internal error"}).to_string())
}

/// What every answer says: no guessing of types, and no URL of ours, which may hold a secret, to any other site.
pub(super) fn add_security_headers(response: &mut Response) {
    let headers = response.headers_mut();
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("same-origin"));
}
