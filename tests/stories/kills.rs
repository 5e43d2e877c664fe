//! What it must survive: processes killed and frozen, servers crashed and cut off, people steering, at any moment of a
//! flood. Afterwards what callers were told, what the database holds and what WhatsApp received must agree.
//!
//! Each story prints the seed that repeats its choices; `make torture` runs many more rounds of all of them, and of
//! those over Meta's Cloud API (`cloud_send/kills.rs`).

mod everything;
mod lanes;
mod postgres;
mod processes;
mod redis;
mod steering;

use std::{future::Future, time::Duration};

use nhip_tests::{Flood, Options, Shape, TestApp, until};
use rand::{RngExt as _, rngs::StdRng};

const CREDITS: u32 = 1_000_000;
/// The shortest gap between two messages of one account.
const SHORTEST: Duration = Duration::from_millis(100);
/// Calls of one round.
const CALLS: usize = 24;
/// How long the calls of a round are spread over.
const POUR: Duration = Duration::from_millis(600);

fn options(shape: Shape) -> Options {
    Options::new(shape).credits(CREDITS).pace(100, 200)
}

/// Calls pour in, and meanwhile something happens.
async fn round<T>(flood: &Flood<'_>, rng: &mut StdRng, strike: impl Future<Output = T>) -> T {
    tokio::join!(flood.pour(rng, CALLS, POUR), strike).1
}

/// A random moment; every other time, after lanes have been seen at work.
async fn some_moment(app: &TestApp, rng: &mut StdRng) {
    if rng.random() {
        let before = app.received().len();
        until("lanes are at work", Duration::from_mins(1), async || app.received().len() > before).await;
    }
    tokio::time::sleep(Duration::from_millis(rng.random_range(0..400))).await;
}
