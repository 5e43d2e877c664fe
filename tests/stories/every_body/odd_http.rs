//! HTTP as no client speaks it.

use futures::future::join_all;
use nhip_tests::{
    Contract,
    Shape::{self, Embedded, ScaledOut},
    wire::{Then, exchange},
};
use rstest::rstest;

use super::{app, close, hostile::SOUND};

/// What comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    /// An answer of the contract with that status.
    Answer(u16),
    /// The same, of what is no request: nobody looked who asks.
    Unreadable(u16),
    /// Nothing: there was nobody to answer.
    Nothing,
}

/// A case: its name, what follows the method and the path, what the caller does then, and what comes back.
type Case = (&'static str, String, Then, Told);

fn with(name: &'static str, headers: &str, body: &str, told: Told) -> Case {
    (name, format!("POST PATH HTTP/1.1\r\nHost: nhip\r\nConnection: close\r\n{headers}\r\n{body}"), Then::Wait, told)
}

fn line(name: &'static str, line: &str, told: Told) -> Case {
    let body = SOUND[0];
    let request = format!("{line}\r\nHost: nhip\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
    (name, request, Then::Wait, told)
}

fn cases() -> Vec<Case> {
    use Then::Close;
    use Told::{Answer, Nothing, Unreadable};
    let (body, length) = (SOUND[0], SOUND[0].len());
    let sized = format!("Content-Length: {length}\r\n");
    let chunks = |size: &str| format!("{size}\r\n{body}\r\n0\r\n\r\n");
    let (hex, chunked) = (format!("{length:x}"), "Transfer-Encoding: chunked\r\n");
    let mut cases = vec![
        with("as it should be", &sized, body, Answer(200)),
        line("a slash behind it", "POST PATH/ HTTP/1.1", Answer(200)),
        line("a query", "POST PATH?a=b&token=c HTTP/1.1", Answer(200)),
        line("a slash and a query", "POST PATH/?%00 HTTP/1.1", Answer(200)),
        line("two slashes", "POST PATH// HTTP/1.1", Answer(404)),
        line("the path in full", "POST http://nhip.testPATH HTTP/1.1", Answer(200)),
        line("HTTP/1.0", "POST PATH HTTP/1.0", Answer(200)),
        line("a small method", "post PATH HTTP/1.1", Answer(405)),
        line("a method of one's own", "SEND PATH HTTP/1.1", Answer(405)),
        line("TRACE", "TRACE PATH HTTP/1.1", Answer(405)),
        with("no body", "", "", Answer(400)),
        with("an empty body", "Content-Length: 0\r\n", "", Answer(400)),
        with("chunks", chunked, &chunks(&hex), Answer(200)),
        with("chunks with extensions", chunked, &chunks(&format!("{hex};a=\"b\"")), Answer(200)),
        with("chunks with trailers", chunked, &format!("{hex}\r\n{body}\r\n0\r\nA: b\r\n\r\n"), Answer(200)),
        with("chunks that never end", chunked, &format!("{hex}\r\n{body}\r\n"), Answer(503)),
        with("chunks without sizes", chunked, body, Answer(503)),
        with("a body that does not come", "Content-Length: 50\r\n", "", Answer(503)),
        with("a body that stops", &format!("Content-Length: {}\r\n", length + 1), body, Answer(503)),
        with("less length than body", "Content-Length: 2\r\n", body, Answer(400)),
        with("too much, announced", "Content-Length: 99999999\r\nExpect: 100-continue\r\n", "", Answer(413)),
        with("asking first", &format!("{sized}Expect: 100-continue\r\n"), body, Answer(200)),
        with("expecting something else", &format!("{sized}Expect: the unexpected\r\n"), body, Answer(200)),
        with("an upgrade", &format!("{sized}Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"), body, Answer(200)),
        with(
            "bytes in headers",
            &format!("{sized}User-Agent: caf\u{e9}\r\nContent-Type: \u{ff}\r\n"),
            body,
            Answer(200),
        ),
        with("an encoding of nothing", &format!("{sized}Content-Encoding:\r\n"), body, Answer(200)),
        with("identity in capitals", &format!("{sized}Content-Encoding: IDENTITY\r\n"), body, Answer(200)),
        with("an encoding", &format!("{sized}Content-Encoding: zstd\r\n"), body, Answer(415)),
        with("ninety headers", &format!("{sized}{}", "A: b\r\n".repeat(90)), body, Answer(200)),
        with("lengths that differ", &format!("{sized}Content-Length: 5\r\n"), body, Unreadable(400)),
        with("a length below zero", "Content-Length: -5\r\n", body, Unreadable(400)),
        with("a length in words", "Content-Length: five\r\n", body, Unreadable(400)),
        with("a transfer that nobody knows", "Transfer-Encoding: gzip\r\n", body, Unreadable(400)),
        with("a header without a name", &format!("{sized}: b\r\n"), body, Unreadable(400)),
        with("U+0000 in a header", &format!("{sized}A: \0\r\n"), body, Unreadable(400)),
        with("a thousand headers", &format!("{sized}{}", "A: b\r\n".repeat(1_000)), body, Unreadable(431)),
        with("an endless header", &format!("{sized}A: {}\r\n", "b".repeat(600_000)), body, Unreadable(431)),
        line("an endless path", &format!("POST PATH?{} HTTP/1.1", "a".repeat(70_000)), Unreadable(414)),
        line("a space in the path", "POST PATH a HTTP/1.1", Unreadable(400)),
        line("no version", "POST PATH", Unreadable(400)),
        line("HTTP of tomorrow", "POST PATH HTTP/9.9", Unreadable(400)),
    ];
    cases.push(("garbage", "\u{1}\u{2}\u{3}\r\n\r\n".to_owned(), Close, Unreadable(400)));
    cases.push(("silence", String::new(), Close, Nothing));
    cases.push(("half a head", "POST PATH HTTP/1.1\r\nHo".to_owned(), Close, Nothing));
    cases.push(("hanging up in a body", format!("POST PATH HTTP/1.1\r\n{sized}\r\n{{"), Close, Answer(503)));
    cases
}

#[rstest]
#[tokio::test]
async fn odd_http_is_answered_in_the_contracts_shape(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = app(shape).await;
    let shop = app.shop().await;
    let contract = Contract::of(&app).await;
    let address = app.apis()[0].url().unwrap().trim_start_matches("http://");
    let path = &shop.webhook_path();
    let asked = cases().into_iter().map(|(name, request, then, told)| async move {
        (name, exchange(address, request.replace("PATH", path).as_bytes(), then).await, told)
    });
    for (name, answer, told) in join_all(asked).await {
        match (told, answer) {
            (Told::Answer(status), Some(answer)) => {
                assert_eq!(answer.status, status, "{name}: {answer:?}");
                contract.judge(&answer, name);
            }
            (Told::Unreadable(status), Some(answer)) => {
                assert_eq!(answer.status, status, "{name}: {answer:?}");
                assert_eq!(answer.body()["code"], "BAD_REQUEST", "{name}");
                contract.judge(&answer, name);
            }
            (Told::Nothing, None) => {}
            (told, answer) => panic!("{name}: {answer:?} instead of {told:?}"),
        }
    }
    assert!(!app.stderr().contains(path.rsplit('/').next().unwrap()), "a log shows the token");
    let (workspace_id, token) = (shop.workspace_id.clone(), shop.token.clone());
    close(app, &workspace_id, &token).await;
}
