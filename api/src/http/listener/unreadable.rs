//! What the server refuses by itself, before any handler sees it: bytes that are no request, a URL or headers beyond its
//! bounds. It answers with a status and an empty body; callers of the webhook are promised JSON, whatever they sent.

use bytes::Bytes;
use uuid::Uuid;

/// Each answer of ours has this header ([`crate::http::pages::add_security_headers`]), and none of the server's own.
const OURS: &[u8] = b"\r\nx-content-type-options:";

/// The code of them all.
pub const CODE: &str = "BAD_REQUEST";

/// What can be wrong with a request that no handler sees.
pub const ALL: [Unreadable; 3] = [
    Unreadable {
        status: 400,
        reason: "Bad Request",
        message: "This is not a request of HTTP/1.1; check its headers, and its URL, where special characters are %-encoded",
    },
    Unreadable {
        status: 414,
        reason: "URI Too Long",
        message: "The URL is too long; what is sent belongs into the body",
    },
    Unreadable {
        status: 431,
        reason: "Request Header Fields Too Large",
        message: "The request has too many headers, or too large ones; send fewer",
    },
];

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The HTTP status, which the server chooses.
    pub status: u16,
    reason: &'static str,
    message: &'static str,
}

impl Unreadable {
    /// The JSON that callers get.
    #[must_use]
    pub fn body(&self) -> String {
        let Self { status, message, .. } = self;
        format!(r#"{{"status":{status},"data":{{}},"message":"{message}","code":"{CODE}"}}"#)
    }

    fn answer(&self) -> String {
        let body = self.body();
        let head = [
            format!("HTTP/1.1 {} {}", self.status, self.reason),
            "content-type: application/json".to_owned(),
            format!("content-length: {}", body.len()),
            "cache-control: no-store".to_owned(),
            format!("x-request-id: {}", Uuid::new_v4()),
            "x-content-type-options: nosniff".to_owned(),
            "connection: close".to_owned(),
        ];
        format!("{}\r\n\r\n{body}", head.join("\r\n"))
    }
}

/// What is said instead of the answer that begins with `bytes`, if that is one of the server's own refusals.
pub(super) fn instead_of(bytes: &[u8]) -> Option<Bytes> {
    let (version, rest) = bytes.split_at_checked(b"HTTP/1.1 ".len())?;
    if !matches!(version, b"HTTP/1.1 " | b"HTTP/1.0 ") {
        return None;
    }
    let (status, _) = rest.split_at_checked(3)?;
    let status: u16 = std::str::from_utf8(status).ok()?.parse().ok()?;
    let refused = ALL.iter().find(|refused| refused.status == status)?;
    (!contains(bytes, OURS)).then(|| refused.answer().into())
}

fn contains(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_refusals_that_are_not_ours_are_replaced() {
        let own = |status: &str| format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        for status in ["400 Bad Request", "414 URI Too Long", "431 Request Header Fields Too Large"] {
            let instead = instead_of(own(status).as_bytes()).unwrap();
            assert!(instead.starts_with(format!("HTTP/1.1 {status}\r\n").as_bytes()), "{instead:?}");
        }
        let ours = "HTTP/1.1 400 Bad Request\r\nx-content-type-options: nosniff\r\n\r\n";
        for other in [own("200 OK").as_str(), "HTTP/1.1 100 Continue\r\n\r\n", ours, "400", "", "{\"status\":400}"] {
            assert_eq!(instead_of(other.as_bytes()), None, "{other}");
        }
    }
}
