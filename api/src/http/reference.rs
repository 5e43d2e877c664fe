//! The webhook's reference: `/docs` for people, `/openapi.json` for programs. Fields, limits and refusals are printed from
//! the tables that the code itself goes by.

mod callback;
mod explain;
mod html;
mod language;
mod openapi;
mod page;
mod snippets;
mod tables;
#[cfg(test)]
mod tests;

use poem::{
    Request, Response,
    http::{Method, StatusCode, header},
};
use serde_json::json;

use self::language::Language;
pub use self::openapi::document;

/// Nothing is loaded but what we serve, nothing is sent anywhere: the page may hold a secret.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// What the reference is made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The page.
    Page,
    /// Its style sheet.
    Style,
    /// Its script.
    Script,
    /// The description for programs.
    Openapi,
}

/// Answers a browser, or a program.
pub(super) fn answer(part: Part, request: &Request, public_url: &str) -> Response {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return Response::builder()
            .status(StatusCode::METHOD_NOT_ALLOWED)
            .header(header::ALLOW, "GET, HEAD")
            .content_type("application/json")
            .body(json!({"message": "This page takes GET"}).to_string());
    }
    let response = Response::builder().header(header::CACHE_CONTROL, "no-cache");
    match part {
        Part::Page => {
            let language = Language::of(request.uri().query(), request.header(header::ACCEPT_LANGUAGE));
            response
                .content_type("text/html; charset=utf-8")
                .header(header::CONTENT_LANGUAGE, language.tag())
                .header(header::VARY, "Accept-Language")
                .header(header::CONTENT_SECURITY_POLICY, POLICY)
                .body(page::write(language, public_url))
        }
        Part::Style => response.content_type("text/css; charset=utf-8").body(include_str!("reference/assets/docs.css")),
        Part::Script => {
            response.content_type("text/javascript; charset=utf-8").body(include_str!("reference/assets/docs.js"))
        }
        Part::Openapi => response.content_type("application/json").body(format!("{:#}\n", document(public_url))),
    }
}
