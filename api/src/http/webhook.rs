//! `POST /webhook/{token}`: the call that the product exists for.
//!
//! A malformed token costs no query. Every other call goes to the committer, refused ones too, because all of them count in
//! the workspace's log. Tokens that callers quote are masked there.

use std::time::Duration;

use nhip_domain::{
    Cx, Refusal,
    audit::Requester,
    message::{Accepted, Call, Origin, Received},
    request::{self, Parsed},
    token::{Token, TokenKind, mask, mask_text},
    webhook::answer::render,
};
use nhip_entity::activation::Heard;
use poem::{
    Request, Response,
    http::{
        HeaderMap, HeaderValue, Method, StatusCode,
        header::{self, AsHeaderName},
    },
};
use sha2::{Digest as _, Sha256};
use tokio::time::Instant;
use uuid::Uuid;

use super::{App, body, body::Read};

/// How long a body may take to come.
const BODY_DEADLINE: Duration = Duration::from_secs(3);
/// How much of a body the log keeps.
pub(super) const LOGGED: usize = 8 * 1_024;
/// What a caller is told to wait when we cannot take anything now.
const RETRY_AFTER_S: u64 = 1;

/// Answers one call, in the contract's shape whatever came.
pub(super) async fn answer(app: &App, token: &str, mut request: Request, since: Instant) -> Response {
    let (id, at) = (app.deps.cx.clock.new_id(), app.deps.cx.now());
    // Whoever is still sending when they are answered may never read the answer.
    let read = body::read(&mut request, body::LIMIT, BODY_DEADLINE).await;
    let Some(token) = Token::parse(TokenKind::Webhook, token) else {
        return respond(id, &Err(Refusal::WebhookNotFound));
    };
    let parsed = parse(request.method(), request.headers(), &read);
    let Requester { remote_address, user_agent } = app.requester(&request);
    let bytes = read.bytes();
    let heard = Heard {
        at,
        id,
        body: mask(bytes.get(..LOGGED).unwrap_or(bytes)).into(),
        request_body_truncated: bytes.len() > LOGGED || matches!(read, Read::TooLarge(_)),
        ignored_fields: parsed.ignored,
        remote_address,
        user_agent: user_agent.map(|agent| mask_text(&agent).into_owned()),
    };
    let call = Call {
        origin: Origin::Webhook { token: token.hash(), received: Received::new(&heard, since) },
        request: parsed.request,
        body_hash: Sha256::digest(bytes).into(),
    };
    respond(id, &app.deps.acceptor.submit(call).await)
}

/// The answer when a handler of ours broke.
pub(super) fn unavailable(cx: &Cx) -> Response {
    respond(cx.clock.new_id(), &Err(Refusal::Unavailable))
}

/// What the call asks for, or the first thing wrong with it, in the contract's order.
fn parse(method: &Method, headers: &HeaderMap, read: &Read) -> Parsed {
    let refused = |refusal| Parsed { request: Err(refusal), ignored: Vec::new() };
    if method != Method::POST {
        return refused(Refusal::MethodNotAllowed);
    }
    if let Read::TooLarge(_) = read {
        return refused(Refusal::BodyTooLarge { limit: body::LIMIT });
    }
    if let Some(encoding) = foreign_encoding(headers) {
        return refused(Refusal::UnsupportedEncoding { encoding });
    }
    match read {
        Read::Whole(bytes) => {
            let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
            request::parse(bytes, content_type, joined(headers, "idempotency-key").as_deref())
        }
        Read::TooLarge(_) | Read::Cut(_) => refused(Refusal::Unavailable),
    }
}

/// A header's value. One that comes in several lines is the list of them (RFC 9110, 5.3): none of them is overlooked.
fn joined(headers: &HeaderMap, name: impl AsHeaderName) -> Option<Vec<u8>> {
    let lines: Vec<_> = headers.get_all(name).into_iter().map(HeaderValue::as_bytes).collect();
    (!lines.is_empty()).then(|| lines.join(&b", "[..]))
}

/// A `Content-Encoding` other than identity.
fn foreign_encoding(headers: &HeaderMap) -> Option<String> {
    let value = joined(headers, header::CONTENT_ENCODING)?;
    let encoding = String::from_utf8_lossy(&value).trim().to_ascii_lowercase();
    let is_foreign = encoding.split(',').map(str::trim).any(|coding| !matches!(coding, "" | "identity"));
    let shown = || mask_text(&encoding).chars().filter(|c| !c.is_control()).take(64).collect();
    is_foreign.then(shown)
}

fn respond(id: Uuid, answer: &Result<Accepted, Refusal>) -> Response {
    let (status, body) = render(answer);
    let mut response = Response::builder()
        .status(StatusCode::from_u16(status).unwrap_or(StatusCode::SERVICE_UNAVAILABLE))
        .content_type("application/json")
        .header(header::CACHE_CONTROL, "no-store")
        .header("x-request-id", id.to_string());
    response = match answer {
        Ok(Accepted { replayed: true, .. }) => response.header("idempotent-replayed", "true"),
        Err(Refusal::MethodNotAllowed) => response.header(header::ALLOW, "POST"),
        Err(Refusal::RateLimited { retry_after_s }) => response.header(header::RETRY_AFTER, *retry_after_s),
        Err(Refusal::Unavailable | Refusal::OutcomeUnknown) => response.header(header::RETRY_AFTER, RETRY_AFTER_S),
        Ok(_) | Err(_) => response,
    };
    response.body(body)
}
