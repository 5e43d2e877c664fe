//! PostgreSQL crashes, ends connections, or is cut off around a COMMIT.

use std::time::Duration;

use nhip_tests::{Blow, Cut, Excuse, Flood, Observer, Shape, rounds, seeded};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};

use super::{CALLS, POUR, SHORTEST, options, round, some_moment};

/// Of a thousand COMMITs, how many are cut at.
const CUT: u32 = 40;
/// How long PostgreSQL says nothing: longer than anybody waits for one answer of its.
const SILENCE: Duration = Duration::from_secs(10);

#[tokio::test]
async fn a_database_server_that_crashes_and_recovers_loses_nothing() {
    let mut rng = seeded();
    let app = options(Shape::ScaledOut).own_postgres().start().await;
    let shop = app.shop().await;
    let observer = Observer::of("PostgreSQL crashes", SHORTEST);
    let flood = Flood::new(&shop, &observer).naming_accounts(6).await;
    for _ in 0..rounds(4) {
        let mut moments = StdRng::seed_from_u64(rng.random());
        let strike = async {
            some_moment(&app, &mut moments).await;
            let kind = "PostgreSQL restarts (immediate)";
            let crash = async || app.postgres().crash_for(Duration::from_millis(moments.random_range(0..1_500))).await;
            observer.blow(&app, kind, Excuse::Repeat, crash).await;
        };
        round(&flood, &mut rng, strike).await;
    }
    app.settle().await;
    observer.judge(&app).await;
    app.finish().await;
}

#[tokio::test]
async fn connections_that_the_server_ends_cost_nothing() {
    let mut rng = seeded();
    let app = options(Shape::ScaledOut).own_postgres().start().await;
    let shop = app.shop().await;
    let observer = Observer::of("backends are terminated", SHORTEST);
    let flood = Flood::new(&shop, &observer).naming_accounts(6).await;
    for n in 0..rounds(10) {
        let mut moments = StdRng::seed_from_u64(rng.random());
        let which = if n.is_multiple_of(2) { "TRUE" } else { "state <> 'idle' OR random() < 0.3" };
        let strike = async {
            some_moment(&app, &mut moments).await;
            let cut = async || app.postgres().cut_connections(which).await;
            let ended = observer.blow(&app, "pg_terminate_backend", Excuse::Repeat, cut).await;
            assert!(ended > 0 || !n.is_multiple_of(2), "there was nothing to cut");
        };
        round(&flood, &mut rng, strike).await;
    }
    app.settle().await;
    observer.judge(&app).await;
    app.finish().await;
}

#[tokio::test]
async fn commits_whose_answer_never_comes_are_looked_into() {
    let mut rng = seeded();
    let app = options(Shape::ScaledOut).proxied(rng.random()).start().await;
    let shop = app.shop().await;
    let observer = Observer::of("commits are cut", SHORTEST);
    let flood = Flood::new(&shop, &observer).naming_accounts(6).await;
    for _ in 0..rounds(6) {
        app.proxy().cut(CUT);
        flood.pour(&mut rng, 2 * CALLS, 2 * POUR).await;
        app.proxy().cut(0);
        flood.pour(&mut rng, CALLS, POUR).await;
    }
    app.settle().await;
    let cuts = app.proxy().cuts();
    for (cut, at) in &cuts {
        let kind = match cut {
            Cut::BeforeCommit => "cut before COMMIT",
            Cut::AtCommit => "cut at COMMIT",
            Cut::AfterCommit => "cut after COMMIT",
        };
        observer.note(Blow { kind, from: *at, to: *at, excuse: Excuse::Repeat });
    }
    assert!(cuts.len() >= 3, "hardly anything was cut: {cuts:?}");
    assert!(cuts.iter().any(|(cut, _)| *cut != Cut::BeforeCommit), "no COMMIT went out: {cuts:?}");
    observer.judge(&app).await;
    app.finish().await;
}

#[tokio::test]
async fn a_database_that_falls_silent_stops_nothing_once_it_answers_again() {
    let mut rng = seeded();
    let app = options(Shape::ScaledOut).proxied(rng.random()).start().await;
    let shop = app.shop().await;
    let observer = Observer::of("PostgreSQL hangs", SHORTEST);
    let flood = Flood::new(&shop, &observer).naming_accounts(6).await;
    for _ in 0..rounds(2) {
        let mut moments = StdRng::seed_from_u64(rng.random());
        let strike = async {
            some_moment(&app, &mut moments).await;
            let silence = async || {
                app.proxy().fall_silent();
                tokio::time::sleep(SILENCE).await;
                app.proxy().mend();
            };
            observer.blow(&app, "PostgreSQL hangs", Excuse::Repeat, silence).await;
        };
        round(&flood, &mut rng, strike).await;
    }
    app.settle().await;
    observer.judge(&app).await;
    app.finish().await;
}
