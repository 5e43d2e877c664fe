//! `make bench`: how soon a message for an idle account leaves, from its answer to its hand-over, through two processes that
//! take calls and two that send; with Redis, and without.

use std::time::Duration;

use nhip_tests::{Options, Shape, Shop, TestApp, eventually, phone, print_percentiles};

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
    print_percentiles("with Redis", wake_ups(&app, &shop, CALLS).await);
    app.redis().kill().await;
    print_percentiles("without Redis", wake_ups(&app, &shop, CALLS_WITHOUT_REDIS).await);
    app.redis().restart().await;
    app.finish().await;
}

/// From each answer to the hand-over.
async fn wake_ups(app: &TestApp, shop: &Shop<'_>, calls: usize) -> Vec<Duration> {
    let mut took = Vec::new();
    for n in 0..calls {
        let id = shop.send(phone::NEVER_DELIVERED, &format!("wake up, number {n}")).await;
        let answered = app.clock().now();
        let id = id.trim_start_matches("wa_backend:").to_owned();
        let line = eventually("it leaves", Duration::from_secs(20), async || {
            app.received().into_iter().find(|line| line.id == id)
        });
        took.push((line.await.at - answered).to_std().unwrap_or_default());
        tokio::time::sleep(REST).await;
    }
    took
}
