//! Whatever the body, the answer is 200 or a refusal in the contract's shape, within 5 s: never a 5xx, a hang, or anything else.

mod hostile;
mod odd_http;

use std::time::Duration;

use futures::{StreamExt as _, stream};
use nhip_tests::{
    Answer, Contract, Options, Query,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, rounds, seeded,
};
use rand::{RngExt as _, rngs::StdRng};
use reqwest::{Method, RequestBuilder, header::HeaderValue};
use rstest::rstest;
use serde_json::json;

/// Bodies of each kind; `make torture` draws more.
const BODIES: usize = 250;
/// Calls at a time.
const TOGETHER: usize = 24;
/// When every answer is there.
const IN_TIME: Duration = Duration::from_secs(5);
/// How often a call is made that this machine was too busy to take in time, which it may be now and then.
const TRIES: usize = 3;

/// A call of the webhook in every detail that a client lets one choose.
#[derive(Clone, Debug)]
struct Attempt {
    method: Method,
    headers: Vec<(&'static str, HeaderValue)>,
    body: Vec<u8>,
    chunked: bool,
}

impl Attempt {
    fn of(body: impl Into<Vec<u8>>) -> Self {
        Self { method: Method::POST, headers: Vec::new(), body: body.into(), chunked: false }
    }

    /// How it is shown when it goes wrong.
    fn shown(&self) -> String {
        format!("{} {:?} {}", self.method, self.headers, self.body.escape_ascii())
    }
}

/// An app that queues and hardly sends.
async fn app(shape: Shape) -> TestApp {
    Options::new(shape).credits(1_000_000).pace(50_000, 60_000).start().await
}

/// Makes all attempts and judges every answer.
async fn judge(app: &TestApp, shop: &Shop<'_>, attempts: Vec<Attempt>) {
    let contract = Contract::of(app).await;
    let contract = &contract;
    let calls = stream::iter(attempts).map(|attempt| async move {
        let shown = attempt.shown();
        for _try in 0..TRIES {
            let asked = app.clock().instant();
            let answer = make(shop, attempt.clone()).await;
            contract.judge(&answer, &shown);
            if app.clock().instant() - asked < IN_TIME && answer.status != 503 {
                return;
            }
        }
        panic!("it could have been taken in time: {shown}");
    });
    calls.buffer_unordered(TOGETHER).collect::<Vec<()>>().await;
}

async fn make(shop: &Shop<'_>, attempt: Attempt) -> Answer {
    let with = |mut request: RequestBuilder| {
        for (name, value) in attempt.headers {
            request = request.header(name, value);
        }
        if attempt.chunked {
            let chunks: Vec<_> = attempt.body.chunks(7).map(|chunk| Ok::<_, std::io::Error>(chunk.to_vec())).collect();
            return request.body(reqwest::Body::wrap_stream(stream::iter(chunks)));
        }
        request.body(attempt.body)
    };
    shop.call(attempt.method, with).await
}

/// Ends what was queued, and proves that nothing was charged for it but what was accepted.
async fn close(app: TestApp, workspace_id: &str, token: &str) {
    let input = json!({"workspaceId": workspace_id, "which": {"allQueued": true}});
    let cancel = Query::mutation("cancelMessages", "CancelMessagesInput", input, "{ count }");
    while app.ask(Some(token), &cancel).await["cancelMessages"]["count"] != 0 {}
    app.finish().await;
}

async fn play(shape: Shape, attempts: impl FnOnce(&mut StdRng) -> Vec<Attempt>) {
    let app = app(shape).await;
    let shop = app.shop().await;
    judge(&app, &shop, attempts(&mut seeded())).await;
    let (workspace_id, token) = (shop.workspace_id.clone(), shop.token.clone());
    close(app, &workspace_id, &token).await;
}

#[rstest]
#[tokio::test]
async fn any_bytes_are_answered(#[values(Embedded, ScaledOut)] shape: Shape) {
    play(shape, |rng| {
        (0..rounds(BODIES)).map(|_| Attempt { chunked: rng.random(), ..Attempt::of(hostile::bytes(rng)) }).collect()
    })
    .await;
}

#[rstest]
#[tokio::test]
async fn sound_bodies_with_something_changed_are_answered(#[values(Embedded, ScaledOut)] shape: Shape) {
    play(shape, |rng| {
        (0..rounds(BODIES) * 2)
            .map(|_| Attempt { chunked: rng.random(), ..Attempt::of(hostile::mutated(rng)) })
            .collect()
    })
    .await;
}

#[rstest]
#[tokio::test]
async fn hostile_json_is_answered_wherever_it_stands(#[values(Embedded, ScaledOut)] shape: Shape) {
    play(shape, |_| hostile::json_everywhere().into_iter().map(Attempt::of).collect()).await;
}

#[rstest]
#[tokio::test]
async fn odd_headers_and_methods_are_answered(#[values(Embedded, ScaledOut)] shape: Shape) {
    play(shape, |rng| (0..rounds(BODIES)).map(|_| odd(rng)).collect()).await;
}

fn odd(rng: &mut StdRng) -> Attempt {
    const NAMES: [&str; 12] = [
        "idempotency-key",
        "content-type",
        "content-encoding",
        "user-agent",
        "accept",
        "cookie",
        "x-forwarded-for",
        "forwarded",
        "x-request-id",
        "origin",
        "authorization",
        "upgrade",
    ];
    const METHODS: [&str; 10] = ["POST", "GET", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "post", "QUERY", "A-B"];
    let value = |rng: &mut StdRng| {
        let bytes = match rng.random_range(0..4) {
            0 => hostile::bytes(rng),
            1 => hostile::piece(rng).as_bytes().to_vec(),
            2 => b"x".repeat(rng.random_range(0..2_000)),
            _ => b"gzip, identity; q=\"1\", application/x-www-form-urlencoded".to_vec(),
        };
        // Header values know no control characters.
        let bytes: Vec<u8> = bytes.into_iter().filter(|byte| *byte >= b' ' && *byte != 0x7f).collect();
        HeaderValue::from_bytes(&bytes).unwrap()
    };
    let headers = (0..rng.random_range(0..6)).map(|_| (NAMES[rng.random_range(0..NAMES.len())], value(rng))).collect();
    let method = if rng.random() { "POST" } else { METHODS[rng.random_range(0..METHODS.len())] };
    let body = if rng.random() { hostile::SOUND[0].as_bytes().to_vec() } else { hostile::mutated(rng) };
    Attempt { method: method.parse().unwrap(), headers, body, chunked: rng.random() }
}
