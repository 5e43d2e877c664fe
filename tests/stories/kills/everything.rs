//! All of it, in any order, two things at a time.

use std::time::Duration;

use futures::{FutureExt as _, future::join};
use nhip_tests::{Excuse, Flood, Observer, Shape, TestApp, rounds, seeded};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::{SHORTEST, options, round, some_moment};

/// Longer than a worker lives without a heartbeat.
const FROZEN: Duration = Duration::from_secs(9);
const KINDS: [&str; 9] = [
    "kill -9 of an api",
    "kill -9 of a worker",
    "SIGSTOP of a worker",
    "FLUSHALL",
    "CLIENT KILL TYPE normal",
    "Redis restarts",
    "PostgreSQL restarts (immediate)",
    "pg_terminate_backend",
    "cuts around COMMITs",
];

#[tokio::test]
async fn two_things_at_a_time_lose_and_double_nothing() {
    let mut rng = seeded();
    let app = options(Shape::ScaledOut).apis(2).workers(3).proxied(rng.random()).start().await;
    let shop = app.shop().await;
    let observer = Observer::of("two things at a time", SHORTEST);
    let flood = Flood::new(&shop, &observer).naming_accounts(6).await;
    for _ in 0..rounds(5) {
        let (one, other) = (rng.random_range(0..KINDS.len()), rng.random_range(1..KINDS.len()));
        let kinds = [KINDS[one], KINDS[(one + other) % KINDS.len()]];
        println!("{kinds:?}");
        let mut moments = kinds.map(|_| StdRng::seed_from_u64(rng.random()));
        let [first, second] = &mut moments;
        let strikes = join(
            strike(&app, &observer, kinds[0], first).boxed_local(),
            strike(&app, &observer, kinds[1], second).boxed_local(),
        );
        round(&flood, &mut rng, strikes).await;
    }
    app.settle().await;
    observer.judge(&app).await;
    app.finish().await;
}

async fn strike(app: &TestApp, observer: &Observer, kind: &'static str, rng: &mut StdRng) {
    if rng.random() {
        some_moment(app, rng).await;
    }
    let a_while = Duration::from_millis(rng.random_range(0..1_500));
    let excuse = match kind {
        "SIGSTOP of a worker" => Excuse::Late,
        "FLUSHALL" | "CLIENT KILL TYPE normal" | "Redis restarts" | "kill -9 of an api" => Excuse::Nothing,
        _ => Excuse::Repeat,
    };
    observer.blow(app, kind, excuse, async || hit(app, kind, rng, a_while).await).await;
}

async fn hit(app: &TestApp, kind: &str, rng: &mut StdRng, a_while: Duration) {
    let (api, worker) = (&app.apis()[rng.random_range(0..2)], &app.workers()[rng.random_range(0..3)]);
    match kind {
        "kill -9 of an api" => {
            api.kill().await;
            tokio::time::sleep(a_while).await;
            api.revive().await;
        }
        "kill -9 of a worker" => {
            worker.kill().await;
            tokio::time::sleep(a_while).await;
            worker.revive().await;
        }
        "SIGSTOP of a worker" => {
            worker.freeze().await;
            tokio::time::sleep(FROZEN).await;
            worker.thaw().await;
        }
        "FLUSHALL" => app.redis().flush().await,
        "CLIENT KILL TYPE normal" => app.redis().cut_connections("normal").await,
        "Redis restarts" => app.redis().go_away_for(a_while).await,
        "PostgreSQL restarts (immediate)" => app.postgres().crash_for(a_while).await,
        "pg_terminate_backend" => drop(app.postgres().cut_connections("random() < 0.7").await),
        _ => {
            app.proxy().cut(60);
            tokio::time::sleep(a_while * 2).await;
            app.proxy().cut(0);
        }
    }
}
