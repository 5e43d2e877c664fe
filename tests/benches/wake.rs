//! `make bench`: how soon a message for an idle account leaves, from its answer to its hand-over, through two processes that
//! take calls and two that send; with Redis, and without.

use std::time::Duration;

use nhip_tests::{Options, Shape, Shop, TestApp, eventually, phone};

const CALLS: usize = 300;
const CALLS_WITHOUT_REDIS: usize = 30;
/// The lane has come to rest by then.
const REST: Duration = Duration::from_millis(150);

#[tokio::main]
async fn main() {
    let app = Options::new(Shape::ScaledOut).own_postgres().pace(20, 40).start().await;
    let shop = app.shop().await;
    // The first ones find caches cold.
    wake_ups(&app, &shop, 10).await;
    print("with Redis", wake_ups(&app, &shop, CALLS).await);
    app.redis().kill().await;
    print("without Redis", wake_ups(&app, &shop, CALLS_WITHOUT_REDIS).await);
    app.redis().restart().await;
    app.finish().await;
}

/// From each answer to the hand-over, in milliseconds.
async fn wake_ups(app: &TestApp, shop: &Shop<'_>, calls: usize) -> Vec<f64> {
    let mut took = Vec::new();
    for n in 0..calls {
        let id = shop.send(phone::NEVER_DELIVERED, &format!("wake up, number {n}")).await;
        let answered = app.clock().now();
        let id = id.trim_start_matches("wa_backend:").to_owned();
        let line = eventually("it leaves", Duration::from_secs(20), async || {
            app.received().into_iter().find(|line| line.id == id)
        });
        let micros = (line.await.at - answered).num_microseconds().unwrap_or(i64::MAX);
        took.push(f64::from(i32::try_from(micros).unwrap_or(i32::MAX)) / 1_000.0);
        tokio::time::sleep(REST).await;
    }
    took
}

fn print(what: &str, mut took: Vec<f64>) {
    took.sort_by(f64::total_cmp);
    let at = |share: usize| took[(took.len() * share / 100).min(took.len() - 1)];
    println!(
        "{what:<14} p50 {:>6.1} ms   p90 {:>6.1} ms   p99 {:>6.1} ms   ({} calls)",
        at(50),
        at(90),
        at(99),
        took.len()
    );
}
