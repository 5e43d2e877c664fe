//! The dashboard's files: built by `web/` into `web/dist`, carried by a release program, read from there by a debug one.

use std::borrow::Cow;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use nhip_domain::clock::rng;
use poem::{
    Request, Response,
    http::{Method, StatusCode, header},
};
use rand::RngExt as _;
use rust_embed::{EmbeddedFile, RustEmbed};
use serde_json::json;

use super::pages;

#[derive(RustEmbed)]
#[folder = "../web/dist"]
#[allow_missing = true]
struct Dist;

/// Where npm was missing when this program was built.
const PLACEHOLDER: &str = include_str!("../../../web/placeholder.html");
/// What a page has in place of its nonce.
const NONCE: &str = "{{nonce}}";
/// Names under here hold their content's hash, so what was fetched once is good for ever.
const HASHED: &str = "assets/";
/// What `npm run build` wrote beside a file, best first.
const ENCODINGS: [(&str, &str); 2] = [("br", "br"), ("gzip", "gz")];

/// Any page: the browser's side routes by itself.
pub(super) fn page(request: &Request, status: StatusCode) -> Response {
    if !reads(request) {
        return takes_get();
    }
    let index = Dist::get("index.html");
    let html = index.as_ref().map_or(Cow::Borrowed(PLACEHOLDER), |file| String::from_utf8_lossy(&file.data));
    let nonce = STANDARD.encode(rng().random::<[u8; 16]>());
    Response::builder()
        .status(status)
        .content_type("text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, policy(&nonce))
        .header(header::CACHE_CONTROL, "no-cache")
        .body(html.replace(NONCE, &nonce))
}

/// A file, by its path without the slash in front.
pub(super) fn file(request: &Request, path: &str) -> Response {
    if !reads(request) {
        return takes_get();
    }
    let Some((file, encoding)) = find(request, path) else { return pages::not_found() };
    let keep = if path.starts_with(HASHED) { "public, max-age=31536000, immutable" } else { "no-cache" };
    let response = Response::builder()
        .content_type(content_type(path))
        .header(header::CACHE_CONTROL, keep)
        .header(header::VARY, "Accept-Encoding");
    let response = match encoding {
        Some(encoding) => response.header(header::CONTENT_ENCODING, encoding),
        None => response,
    };
    response.body(file.data.into_owned())
}

/// What a path that is nobody's is answered with: people get the dashboard, which says it in their language.
pub(super) fn unknown(request: &Request) -> Response {
    if navigates(request) { page(request, StatusCode::NOT_FOUND) } else { pages::not_found() }
}

fn find(request: &Request, path: &str) -> Option<(EmbeddedFile, Option<&'static str>)> {
    let compressed =
        ENCODINGS.iter().filter(|(encoding, _)| accepts(request, encoding)).find_map(|(encoding, ending)| {
            let file = Dist::get(&format!("{path}.{ending}"))?;
            Some((file, Some(*encoding)))
        });
    compressed.or_else(|| Some((Dist::get(path)?, None)))
}

fn accepts(request: &Request, encoding: &str) -> bool {
    let Some(accepted) = request.header(header::ACCEPT_ENCODING) else { return false };
    accepted.split(',').any(|one| {
        let (name, weight) = one.split_once(';').unwrap_or((one, ""));
        name.trim().eq_ignore_ascii_case(encoding) && !matches!(weight.trim(), "q=0" | "q=0.0")
    })
}

fn reads(request: &Request) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

fn navigates(request: &Request) -> bool {
    reads(request) && request.header(header::ACCEPT).is_some_and(|accepted| accepted.contains("text/html"))
}

fn takes_get() -> Response {
    Response::builder()
        .status(StatusCode::METHOD_NOT_ALLOWED)
        .header(header::ALLOW, "GET, HEAD")
        .content_type("application/json")
        .body(json!({"message": "This page takes GET"}).to_string())
}

/// Scripts come from here alone. Styles too, but for those that a script which knows the page's nonce adds: the
/// component library computes some.
fn policy(nonce: &str) -> String {
    format!(
        "default-src 'self'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src 'self' data:; \
         object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("woff2") => "font/woff2",
        Some("png") => "image/png",
        Some("json") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asks(encodings: &str) -> Request {
        Request::builder().header(header::ACCEPT_ENCODING, encodings).finish()
    }

    #[test]
    fn what_a_browser_refuses_is_not_sent_compressed() {
        assert!(accepts(&asks("gzip, deflate, br"), "br"));
        assert!(accepts(&asks("GZIP;q=0.5"), "gzip"));
        assert!(!accepts(&asks("gzip;q=0, br; q=0.0"), "gzip"));
        assert!(!accepts(&asks("gzip;q=0, br; q=0.0"), "br"));
        assert!(!accepts(&Request::default(), "gzip"));
    }

    #[tokio::test]
    async fn each_page_has_a_nonce_of_its_own_and_no_unsafe_inline() {
        let policy_of = |response: &Response| response.header(header::CONTENT_SECURITY_POLICY).unwrap().to_owned();
        let pages = [page(&Request::default(), StatusCode::OK), page(&Request::default(), StatusCode::OK)];
        let [first, second] = &pages;
        assert_ne!(policy_of(first), policy_of(second));
        assert!(!policy_of(first).contains("unsafe"));
        for page in pages {
            let policy = policy_of(&page);
            let nonce = policy.split_once("'nonce-").unwrap().1.split_once('\'').unwrap().0.to_owned();
            let body = page.into_body().into_string().await.unwrap();
            assert!(body.contains(&nonce) && !body.contains(NONCE), "{body}");
        }
    }

    #[test]
    fn a_file_that_is_not_there_is_no_page() {
        let response = file(&Request::default(), "assets/gone.js");
        assert_eq!((response.status(), response.content_type()), (StatusCode::NOT_FOUND, Some("application/json")));
    }

    #[test]
    fn people_get_a_page_for_a_path_that_is_nobodys_and_programs_do_not() {
        let person = Request::builder().header(header::ACCEPT, "text/html,*/*").finish();
        let answers = [unknown(&person), unknown(&Request::default())];
        assert!(answers.iter().all(|answer| answer.status() == StatusCode::NOT_FOUND));
        let kinds = answers.each_ref().map(|answer| answer.content_type().unwrap());
        assert_eq!(kinds, ["text/html; charset=utf-8", "application/json"]);
    }
}
