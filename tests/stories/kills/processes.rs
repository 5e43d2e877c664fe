//! kill -9 of processes, one by one and all at once.

use nhip_tests::{
    Excuse, Flood, Observer, Process,
    Shape::{self, Embedded, ScaledOut},
    TestApp, rounds, seeded,
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use rstest::rstest;

use super::{SHORTEST, options, round, some_moment};

#[rstest]
#[tokio::test]
async fn a_flood_survives_kills_of_everything_at_random_moments(#[values(Embedded, ScaledOut)] shape: Shape) {
    let mut rng = seeded();
    let app = options(shape).start().await;
    let shop = app.shop().await;
    let observer = Observer::of("everything is killed", SHORTEST);
    let flood = Flood::new(&shop, &observer).naming_accounts(4).await;
    for _ in 0..rounds(10) {
        let mut moments = StdRng::seed_from_u64(rng.random());
        let strike = async {
            some_moment(&app, &mut moments).await;
            observer.blow(&app, "kill -9 of everything", Excuse::Repeat, async || app.kill().await).await;
            app.audit().await;
            app.restart().await;
        };
        round(&flood, &mut rng, strike).await;
    }
    app.settle().await;
    observer.judge(&app).await;
    app.finish().await;
}

#[tokio::test]
async fn callers_lose_nothing_when_one_of_two_processes_is_killed() {
    let app = options(ScaledOut).start().await;
    kill_one_at_a_time(app, "one api is killed", ("kill -9 of an api", Excuse::Nothing), TestApp::apis).await;
}

#[tokio::test]
async fn nothing_is_lost_or_doubled_when_one_of_three_workers_is_killed() {
    let app = options(ScaledOut).workers(3).start().await;
    kill_one_at_a_time(app, "one worker is killed", ("kill -9 of a worker", Excuse::Repeat), TestApp::workers).await;
}

async fn kill_one_at_a_time(
    app: TestApp,
    story: &'static str,
    (kind, excuse): (&'static str, Excuse),
    among: fn(&TestApp) -> &[Process],
) {
    let mut rng = seeded();
    let shop = app.shop().await;
    let observer = Observer::of(story, SHORTEST);
    let flood = Flood::new(&shop, &observer).naming_accounts(6).await;
    for _ in 0..rounds(14) {
        let mut moments = StdRng::seed_from_u64(rng.random());
        let strike = async {
            let processes = among(&app);
            let victim = &processes[moments.random_range(0..processes.len())];
            some_moment(&app, &mut moments).await;
            observer.blow(&app, kind, excuse, async || victim.kill().await).await;
            some_moment(&app, &mut moments).await;
            victim.restart().await;
        };
        round(&flood, &mut rng, strike).await;
    }
    app.settle().await;
    observer.judge(&app).await;
    app.finish().await;
}
