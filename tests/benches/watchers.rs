//! A thousand dashboards on one api process: how soon each hears of a message, and what they cost.
//!
//! `cargo bench --bench watchers` starts the release programs; all watch one workspace, the worst case, and then a workspace
//! each of a hundred, of which one is written to.

use std::time::Duration;

use futures::future::join_all;
use nhip_tests::{Options, Shape, Shop, TestApp, Watch, phone};

const WATCHERS: usize = 1_000;
/// Messages that are sent while everybody watches.
const MESSAGES: usize = 20;
/// How long nothing happens while everybody watches.
const IDLE: Duration = Duration::from_secs(5);

#[tokio::main]
async fn main() {
    let app = Options::new(Shape::Embedded).set("NHIP_LOG", "warn").start().await;
    let mut shops = Vec::new();
    for _ in 0..100 {
        // One after the other: hashing a password takes a core for a while.
        shops.push(app.shop().await);
    }
    let before = app.apis()[0].resident_kib().await;
    println!("resident before anybody watches: {} MiB", before / 1_024);
    let everybody: Vec<&Shop<'_>> = std::iter::repeat_n(&shops[0], WATCHERS).collect();
    measure(&app, "all watch one workspace", &everybody, before).await;
    let spread: Vec<&Shop<'_>> = (0..WATCHERS).map(|n| &shops[n % shops.len()]).collect();
    measure(&app, "ten watch each of 100 workspaces", &spread, before).await;
    app.finish().await;
}

async fn measure(app: &TestApp, what: &str, shops: &[&Shop<'_>], before: u64) {
    let api = &app.apis()[0];
    let mut watches = Vec::with_capacity(shops.len());
    for part in shops.chunks(50) {
        let opening = part.iter().map(|shop| Watch::open(api, shop, "messageChanged", "{ id status }"));
        watches.extend(join_all(opening).await.into_iter().zip(part));
    }
    // The last to subscribe may not listen yet.
    tokio::time::sleep(Duration::from_secs(1)).await;
    let resident = api.resident_kib().await.saturating_sub(before);
    let used = api.cpu_time().await;
    tokio::time::sleep(IDLE).await;
    let idle = api.cpu_time().await.saturating_sub(used).as_secs_f64() / IDLE.as_secs_f64();
    let mut took = Vec::new();
    for n in 0..MESSAGES {
        let begun = app.clock().instant();
        let id = shops[0].send(phone::NEVER_READ, &format!("message {n}")).await;
        let answered = app.clock().instant() - begun;
        let heard = watches.iter_mut().filter(|(_, shop)| shop.workspace_id == shops[0].workspace_id);
        let heard = heard.map(|(watch, _)| {
            let id = &id;
            async move {
                watch.until("the message", |event| event["messageChanged"]["id"] == **id).await;
                app.clock().instant() - begun
            }
        });
        took.extend(join_all(heard).await.into_iter().map(|took| took.saturating_sub(answered)));
    }
    took.sort_unstable();
    let at = |part: usize| took[(took.len() - 1) * part / 100].as_secs_f64() * 1e3;
    println!(
        "{what}: {} watchers, {} events heard; after the call's answer p50 {:.1} ms, p99 {:.1} ms, last {:.1} ms; {} KiB each, and {:.1} % \
         of a core for all while nothing happens",
        watches.len(),
        took.len(),
        at(50),
        at(99),
        at(100),
        resident / watches.len() as u64,
        idle * 100.0
    );
}
