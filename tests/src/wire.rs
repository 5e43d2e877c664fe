//! Requests as bytes: what no client would send.

use std::time::Duration;

use reqwest::{
    StatusCode,
    header::{HeaderMap, HeaderName, HeaderValue},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::Answer;

/// Every answer comes within 5 s, and a connection that is to be closed is closed right after.
const PATIENCE: Duration = Duration::from_secs(6);

/// What somebody does once they have sent their bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// They send nothing more, and listen.
    Wait,
    /// They say that there is no more to come, and listen.
    Close,
}

/// Sends bytes to an address, and reads the first answer; none if the connection was closed without one.
pub async fn exchange(address: &str, bytes: &[u8], then: Then) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // Whoever answers before the end may close on what is still being sent.
    let _cut_off = stream.write_all(bytes).await;
    if then == Then::Close {
        let _cut_off = stream.shutdown().await;
    }
    let mut answer = Vec::new();
    let whole = async {
        let mut chunk = [0; 4_096];
        while !is_whole(&answer) {
            match stream.read(&mut chunk).await {
                Ok(0) | Err(_) => return,
                Ok(length) => answer.extend_from_slice(&chunk[..length]),
            }
        }
    };
    assert!(timeout(PATIENCE, whole).await.is_ok(), "no answer within {PATIENCE:?}");
    parse(&answer)
}

fn is_whole(bytes: &[u8]) -> bool {
    parse(bytes).is_some_and(|answer| {
        let length = answer.header("content-length").and_then(|length| length.parse().ok());
        length.is_some_and(|length: usize| answer.text.len() >= length)
    })
}

/// The last answer in the bytes: one to `Expect` may stand before it.
fn parse(bytes: &[u8]) -> Option<Answer> {
    let text = String::from_utf8_lossy(bytes);
    let text = text.strip_prefix("HTTP/1.1 100 Continue\r\n\r\n").unwrap_or(&text);
    let (head, body) = text.split_once("\r\n\r\n")?;
    let (line, fields) = head.split_once("\r\n").unwrap_or((head, ""));
    let status = line.split(' ').nth(1)?.parse::<StatusCode>().ok()?;
    let mut headers = HeaderMap::new();
    for (name, value) in fields.split("\r\n").filter_map(|field| field.split_once(": ")) {
        headers.insert(name.parse::<HeaderName>().unwrap(), HeaderValue::from_str(value).unwrap());
    }
    Some(Answer { status, headers, text: body.to_owned() })
}
