//! How long the dashboard's and the billing job's lists take on a million messages, on PostgreSQL.
//!
//! `NHIP_BENCH_POSTGRES_URL` names a server whose superuser may make databases (`scripts/bench-api` starts one);
//! `cargo bench --bench lists` fills one, which takes some minutes, and prints the median and the 99th of each list's calls,
//! one after the other. It fails where the 99th of a list is not what is promised.

use std::process::ExitCode;
use std::time::Duration;

use nhip_domain::clock::Clock;
use nhip_scratch::Scratch;
use nhip_tests::Full;

/// Calls of each list.
const CALLS: usize = 300;
/// What every list promises for 99 of 100 calls.
const PROMISE: Duration = Duration::from_millis(50);

#[tokio::main]
async fn main() -> ExitCode {
    let Ok(server) = std::env::var("NHIP_BENCH_POSTGRES_URL") else {
        eprintln!("set NHIP_BENCH_POSTGRES_URL to a PostgreSQL that may be filled with a million messages");
        return ExitCode::FAILURE;
    };
    let messages = std::env::var("NHIP_BENCH_MESSAGES").ok().and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let scratch = Scratch::migrated_on(&server).await;
    let full = Full::of(&scratch.url(), messages).await;
    println!("{messages} messages, {} chats, {CALLS} calls each", messages / 10);
    let nodes = "{ nodes { id } pageInfo { hasNextPage endCursor } }";
    let mut kept = true;
    let account = full.read("accounts { nodes { id } }").await["accounts"]["nodes"][3]["id"].clone();
    for (name, field) in [
        ("messages", format!("messages {nodes}")),
        ("messages, 200 with all that a screen shows", "messages(first: 200) { totalCount nodes { id text status waitingFor account { phone } chat { name } queuePosition } }".to_owned()),
        ("messages that failed", format!("messages(statuses: [FAILED]) {nodes}")),
        ("messages that failed for one reason", format!("messages(failures: [EXPIRED]) {nodes}")),
        ("messages of an account", format!("messages(accountId: {account}) {nodes}")),
        ("messages of a chat", format!("messages(chatId: 77300) {nodes}")),
        ("search: one in all", format!("messages(search: \"needle\") {nodes}")),
        ("search: none", format!("messages(search: \"nowhere\") {nodes}")),
        ("search: in all", format!("messages(search: \"ready\") {nodes}")),
        ("search: one in a hundred", format!("messages(search: \"c0f\") {nodes}")),
        ("search: a phone", format!("messages(search: \"12025001234\") {nodes}")),
        ("chats", format!("chats {nodes}")),
        ("chats, searched", format!("chats(search: \"customer 77\") {nodes}")),
        ("chats, searched in vain", format!("chats(search: \"nowhere\") {nodes}")),
        ("entries", format!("credits {{ entries {nodes} }}")),
        ("totals of a year", "credits { totals(since: \"2025-12-01T00:00:00Z\") { charged } }".to_owned()),
    ] {
        kept &= keeps_promise(name, async || drop(full.read(&field).await)).await;
    }
    for (name, field) in [
        ("stream", format!("creditEntries {nodes}")),
        ("stream, grants alone", format!("creditEntries(kinds: [GRANT]) {nodes}")),
        ("stream since yesterday", "creditEntries(since: \"2026-11-21T00:00:00Z\") { nodes { id } }".to_owned()),
        ("balances", format!("workspaceBalances {}", nodes.replace("{ id }", "{ balance }"))),
    ] {
        kept &= keeps_promise(name, async || drop(full.bill(&field).await)).await;
    }
    if kept { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Measures, prints, and judges.
async fn keeps_promise(name: &str, call: impl AsyncFn()) -> bool {
    let clock = Clock::system();
    for _warm in 0..20 {
        call().await;
    }
    let mut took = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let begun = clock.instant();
        call().await;
        took.push(clock.instant() - begun);
    }
    took.sort_unstable();
    let (median, p99) = (took[CALLS / 2], took[CALLS * 99 / 100]);
    let kept = p99 < PROMISE;
    let verdict = if kept { "" } else { "   TOO SLOW" };
    println!("{name:45} p50 {:7.2} ms   p99 {:7.2} ms{verdict}", median.as_secs_f64() * 1e3, p99.as_secs_f64() * 1e3);
    kept
}
