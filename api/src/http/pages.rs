//! What a browser sees.

use async_graphql::http::GraphiQLSource;
use poem::{
    Request, Response,
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
};
use serde_json::json;

/// Until the dashboard is built in.
const PLACEHOLDER: &str = include_str!("../../../web/placeholder.html");
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// The page at `/`.
#[must_use]
pub fn placeholder(request: &Request) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Response::builder()
            .status(StatusCode::METHOD_NOT_ALLOWED)
            .header(header::ALLOW, "GET, HEAD")
            .content_type("application/json")
            .body(json!({"message": "This page takes GET"}).to_string());
    }
    Response::builder()
        .content_type("text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, POLICY)
        .header(header::CACHE_CONTROL, "no-cache")
        .body(PLACEHOLDER)
}

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
