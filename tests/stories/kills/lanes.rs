//! Lanes whose owner dies, or only seems to.

use std::time::Duration;

use nhip_tests::{Excuse, Flood, Observer, Received, Shape, TestApp, eventually, rounds, seeded, until};
use rand::RngExt as _;

use super::{CALLS, POUR, SHORTEST, options};

/// Within this, whoever remains has the lane.
const MOVES: Duration = Duration::from_secs(10);
/// Longer than a worker lives without a heartbeat, and than its lanes need to move.
const FROZEN: Duration = Duration::from_secs(9);

fn lines_of(app: &TestApp, account: &str) -> Vec<Received> {
    app.received().into_iter().filter(|line| line.account == account).collect()
}

#[tokio::test]
async fn a_lane_moves_to_another_worker_within_10_s_of_a_kill_and_keeps_its_pace() {
    let mut rng = seeded();
    let app = options(Shape::ScaledOut).workers(3).start().await;
    let shop = app.shop().await;
    let observer = Observer::of("a lane moves", SHORTEST);
    let flood = Flood::new(&shop, &observer).naming_accounts(1).await;
    let account = flood.accounts()[0].clone();
    let (mut moved, mut late) = (0, 0);
    while moved < rounds(1) {
        flood.pour(&mut rng, 80, Duration::from_millis(100)).await;
        let before = lines_of(&app, &account).len();
        until("the lane is at work", MOVES, async || lines_of(&app, &account).len() > before + 3).await;
        let owner = eventually("the lane has an owner", MOVES, async || app.owner_of_lane(&account).await).await;
        observer.blow(&app, "kill -9 of a lane's owner", Excuse::Repeat, async || owner.kill().await).await;
        let killed = app.clock().now();
        let next = eventually("the lane goes on", MOVES * 2, async || {
            lines_of(&app, &account).into_iter().find(|line| line.at > killed)
        });
        let took = next.await.at - killed;
        println!("the lane went on after {took}");
        // What else this machine does only ever delays.
        if took.to_std().is_ok_and(|took| took <= MOVES) {
            moved += 1;
        } else {
            late += 1;
        }
        assert!(late < 3, "it took {took}");
        let heir = app.owner_of_lane(&account).await.map(|heir| heir.name().to_owned());
        assert_ne!(heir.as_deref(), Some(owner.name()));
        app.settle().await;
        owner.revive().await;
    }
    observer.judge(&app).await;
    app.finish().await;
}

#[tokio::test]
async fn a_worker_frozen_past_its_deadline_wakes_up_and_sends_nothing_twice() {
    let mut rng = seeded();
    let app = options(Shape::ScaledOut).workers(3).start().await;
    let shop = app.shop().await;
    let observer = Observer::of("a worker is frozen", SHORTEST);
    let flood = Flood::new(&shop, &observer).naming_accounts(4).await;
    for _ in 0..rounds(2) {
        flood.pour(&mut rng, 2 * CALLS, POUR).await;
        let victim = &app.workers()[rng.random_range(0..3)];
        let from = app.clock().now();
        victim.freeze().await;
        tokio::join!(flood.pour(&mut rng, 3 * CALLS, FROZEN), tokio::time::sleep(FROZEN));
        victim.thaw().await;
        let to = app.clock().now();
        observer.note(nhip_tests::Blow { kind: "SIGSTOP of a worker", from, to, excuse: Excuse::Late });
        flood.pour(&mut rng, CALLS, POUR).await;
    }
    app.settle().await;
    observer.judge(&app).await;
    app.finish().await;
}
