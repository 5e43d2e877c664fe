//! kill -9 during a flood: without an idempotency key, nothing may be sent twice. Meta's own log says so.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use chrono::TimeDelta;
use futures::future::join_all;
use nhip_tests::{
    Arrived, Message, Meta, Options, Report,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, rounds, seeded,
};
use rand::{RngExt as _, rngs::StdRng};
use reqwest::Method;
use rstest::rstest;
use serde_json::json;

use super::shop;

/// The shortest pace of the story.
const SHORTEST: TimeDelta = TimeDelta::milliseconds(50);
/// Calls of a round, and how many people they are to.
const CALLS: usize = 30;
const CREDITS: i64 = 10_000;

fn options(shape: Shape, meta: &Meta) -> Options {
    let options = super::options(shape, meta).credits(10_000).pace(50, 90).workers(3);
    options.set("NHIP_UNCONFIRMED_GRACE", "20s")
}

#[rstest]
#[tokio::test]
async fn a_flood_over_meta_survives_kills_and_nothing_is_sent_twice(#[values(Embedded, ScaledOut)] shape: Shape) {
    let mut rng = seeded();
    let meta = Meta::start().await;
    meta.take_time(40);
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    // Of half of them nothing is reported, so that a kill leaves questions that no callback answers.
    for n in (0..100).step_by(2) {
        meta.report_of(&phone(n), Report::Nothing);
    }
    for round in 0..rounds(5) {
        let calls = (0..CALLS).map(|n| call(&shop, round * CALLS + n));
        tokio::join!(join_all(calls), kill_something(&app, &meta, &mut rng));
        app.ready().await;
    }
    app.settle().await;
    judge(&shop, &meta).await;
    app.finish().await;
}

fn phone(n: usize) -> String {
    format!("+120255{:05}", 50_200 + n % 100)
}

/// One call, whose caller may hear nothing.
async fn call(shop: &Shop<'_>, n: usize) {
    let body = json!({"action": "send", "phone": phone(n), "text": format!("call number {n}")}).to_string();
    let _nobody_answered = shop.try_call(Method::POST, |request| request.body(body)).await;
}

/// Kills whatever sends, in the midst of it.
async fn kill_something(app: &TestApp, meta: &Meta, rng: &mut StdRng) {
    let before = meta.arrived().len();
    nhip_tests::until("lanes are at work", Duration::from_mins(1), async || meta.arrived().len() > before + 3).await;
    tokio::time::sleep(Duration::from_millis(rng.random_range(0..200))).await;
    if app.workers().is_empty() || rng.random_ratio(1, 3) {
        app.kill_and_restart().await;
        return;
    }
    let owners = app.workers();
    join_all(owners.iter().map(nhip_tests::Process::kill)).await;
    tokio::time::sleep(Duration::from_millis(rng.random_range(0..500))).await;
    join_all(owners.iter().map(nhip_tests::Process::restart)).await;
}

async fn judge(shop: &Shop<'_>, meta: &Meta) {
    let (arrived, messages) = (meta.arrived(), shop.messages().await);
    let mut times: HashMap<&str, usize> = HashMap::new();
    for message in &arrived {
        *times.entry(&message.id).or_default() += 1;
    }
    let twice: Vec<_> = times.iter().filter(|(_, times)| **times > 1).collect();
    assert!(twice.is_empty(), "sent twice: {twice:?}");
    let ended = messages.iter().filter(|message| !is_a_sound_end(message, times.contains_key(message.whatsapp_id())));
    assert_eq!(ended.collect::<Vec<_>>().len(), 0, "{messages:#?}");
    let paid: i64 = messages.iter().filter(|message| !message.credits_restored).map(|message| message.credits).sum();
    assert_eq!(shop.credits().await, CREDITS - paid);
    let unconfirmed = messages.iter().filter(|message| message.failure.is_some()).count();
    println!("{} messages, {} arrived, {unconfirmed} unconfirmed", messages.len(), arrived.len());
    gaps_are_kept(&arrived);
}

/// Sent only if it arrived; given up only if a kill may have hidden what became of it; and nothing else.
fn is_a_sound_end(message: &Message, arrived: bool) -> bool {
    match (message.status.as_str(), message.failure.as_deref()) {
        ("SENT" | "DELIVERED" | "READ", None) => arrived,
        ("FAILED", Some("UNCONFIRMED")) => message.credits_restored,
        _ => false,
    }
}

/// The account's pace, and the 6 s of each recipient.
fn gaps_are_kept(arrived: &[Arrived]) {
    let mut last: BTreeMap<&str, &Arrived> = BTreeMap::new();
    for pair in arrived.windows(2) {
        let gap = pair[1].at - pair[0].at;
        // Meta notes when it took a request; the pace is counted from its answer, which is later.
        assert!(gap >= SHORTEST, "{gap} between {:?} and {:?}", pair[0], pair[1]);
    }
    for message in arrived {
        if let Some(before) = last.insert(&message.to, message) {
            let gap = message.at - before.at;
            assert!(gap >= TimeDelta::seconds(6), "{gap} between {before:?} and {message:?}");
        }
    }
}
