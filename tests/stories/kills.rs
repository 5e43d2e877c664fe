//! kill -9 at any moment: what clients were told, what the database holds and what WhatsApp received must agree.

use rstest::rstest;
use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    time::Duration,
};

use futures::future::join_all;
use nhip_domain::clock;
use nhip_tests::{
    Message, Options, Received,
    Shape::{self, Embedded, ScaledOut},
    Shop, Stamp, TestApp, eventually, phone, until,
};
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use reqwest::Method;
use serde_json::json;

const KILLS: usize = 24;
const CALLS_PER_KILL: usize = 24;
const CREDITS: u32 = 100_000;
const ACCOUNTS: [&str; 4] = ["+15105566777", "+15105566778", "+15105566779", "+15105566780"];
/// The shortest gap between two messages of one account.
const SHORTEST: Duration = Duration::from_millis(100);
/// How long after its arrival a message may still be unacknowledged in the journal.
const OPEN: Duration = Duration::from_secs(5);

/// One call, and what its client knows of it.
struct Call {
    text: String,
    /// Whether it was repeated under its key until somebody answered.
    keyed: bool,
    answer: Option<String>,
}

/// When the program died: it was alive at `from`, and gone at `to`.
struct Kill {
    from: Stamp,
    to: Stamp,
}

#[rstest]
#[tokio::test]
async fn a_flood_survives_kills_at_random_moments(#[values(Embedded, ScaledOut)] shape: Shape) {
    let seed = clock::rng().random();
    println!("seed {seed}");
    let mut rng = StdRng::seed_from_u64(seed);
    let app = Options::new(shape).credits(CREDITS).pace(100, 200).start().await;
    let shop = app.shop().await;
    for account in &ACCOUNTS[1..] {
        shop.connect(account).await;
    }
    let mut calls = Vec::new();
    let mut kills = Vec::new();
    for round in 0..KILLS {
        let seeds: Vec<u64> = (0..CALLS_PER_KILL).map(|_| rng.random()).collect();
        let flood = seeds.iter().enumerate().map(|(n, seed)| call(&shop, round, n, *seed));
        let (told, kill) = tokio::join!(join_all(flood), kill_at_random(&app, round, rng.random()));
        calls.extend(told);
        kills.push(kill);
    }
    app.settle().await;
    reconcile(&shop, &calls, &kills).await;
    app.finish().await;
}

/// Calls at a random moment; under a key, as often as it takes.
async fn call(shop: &Shop<'_>, round: usize, n: usize, seed: u64) -> Call {
    let mut rng = StdRng::seed_from_u64(seed);
    let mut call = Call { text: format!("call-{n}-of-round-{round}"), keyed: rng.random(), answer: None };
    let account = ACCOUNTS[rng.random_range(0..ACCOUNTS.len())];
    // Half of them without receipts, which would settle what a kill left open before it has to be sent again.
    let usual = format!("+120255501{}", rng.random_range(60..66));
    let phone = if rng.random() { phone::NEVER_DELIVERED } else { &usual };
    let body =
        json!({"action": "send", "phone": phone, "text": call.text, "whatsapp_account_phone": account}).to_string();
    tokio::time::sleep(Duration::from_millis(rng.random_range(0..300))).await;
    let (text, keyed) = (call.text.clone(), call.keyed);
    let post = async || {
        let with = |request: reqwest::RequestBuilder| {
            let request = request.body(body.clone());
            if keyed { request.header("idempotency-key", &text) } else { request }
        };
        shop.try_call(Method::POST, with).await.ok().filter(|answer| answer.status != 503)
    };
    call.answer = if call.keyed {
        Some(eventually("the program answers", Duration::from_mins(2), post).await.accepted())
    } else {
        post().await.map(|answer| answer.accepted())
    };
    call
}

/// Kills at a random moment, every other time after lanes have been seen at work again; proves the ledger while nobody
/// runs, and starts anew.
async fn kill_at_random(app: &TestApp, round: usize, seed: u64) -> Kill {
    let mut rng = StdRng::seed_from_u64(seed);
    if !round.is_multiple_of(2) {
        let before = app.received().len();
        until("lanes are at work", Duration::from_mins(1), async || app.received().len() > before).await;
    }
    tokio::time::sleep(Duration::from_millis(rng.random_range(0..400))).await;
    let from = app.clock().now();
    app.kill().await;
    let to = app.clock().now();
    app.audit().await;
    app.restart().await;
    Kill { from, to }
}

async fn reconcile(shop: &Shop<'_>, calls: &[Call], kills: &[Kill]) {
    let messages = shop.messages().await;
    let received = shop.app.received();
    println!("{} calls, {} messages, {} lines, {} repeats", calls.len(), messages.len(), received.len(), {
        received.iter().filter(|line| line.repeat).count()
    });
    every_answer_is_kept(calls, &messages);
    every_message_has_ended(&messages, &received);
    nothing_is_sent_under_two_ids(&received);
    repeats_stand_around_kills(&received, kills);
    for account in ACCOUNTS {
        let ours: Vec<_> = received.iter().filter(|line| line.account == account).collect();
        order_is_kept(&ours, &messages);
        the_gap_is_kept(&ours);
    }
    let paid: i64 = messages.iter().filter(|message| !message.credits_restored).map(|message| message.credits).sum();
    assert_eq!(shop.credits().await, i64::from(CREDITS) - paid);
}

fn every_answer_is_kept(calls: &[Call], messages: &[Message]) {
    let by_id: HashMap<_, _> = messages.iter().map(|message| (message.id.as_str(), message)).collect();
    let mut texts: HashMap<&str, usize> = HashMap::new();
    for message in messages {
        *texts.entry(message.text.as_str()).or_default() += 1;
    }
    for call in calls {
        let times = texts.get(call.text.as_str()).copied().unwrap_or_default();
        match &call.answer {
            Some(id) => {
                let message = by_id.get(id.as_str()).unwrap_or_else(|| panic!("{id} was accepted, and is lost"));
                assert_eq!((message.text.as_str(), times), (call.text.as_str(), 1), "{id}");
            }
            // Nobody was told: it may be there or not, but not twice.
            None => assert!(times <= 1 && !call.keyed, "{} is there {times} times", call.text),
        }
    }
    assert!(texts.len() <= calls.len());
}

fn every_message_has_ended(messages: &[Message], received: &[Received]) {
    let ids: BTreeSet<_> = received.iter().map(|line| line.id.as_str()).collect();
    for message in messages {
        match message.status.as_str() {
            "SENT" | "DELIVERED" | "READ" => assert!(ids.contains(message.whatsapp_id()), "{message:?}"),
            // Three kills in a row may hit the same message.
            "FAILED" => assert_eq!(message.failure.as_deref(), Some("UNCONFIRMED"), "{message:?}"),
            _ => panic!("not ended: {message:?}"),
        }
    }
    let known: BTreeSet<_> = messages.iter().map(Message::whatsapp_id).collect();
    assert!(ids.is_subset(&known), "WhatsApp received what nobody accepted");
}

fn nothing_is_sent_under_two_ids(received: &[Received]) {
    let mut ids: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for line in received {
        ids.entry(&line.text).or_default().insert(&line.id);
    }
    let doubled: Vec<_> = ids.iter().filter(|(_, ids)| ids.len() > 1).collect();
    assert!(doubled.is_empty(), "{doubled:?}");
}

fn repeats_stand_around_kills(received: &[Received], kills: &[Kill]) {
    let mut last: HashMap<&str, Stamp> = HashMap::new();
    for line in received {
        let Some(before) = last.insert(&line.id, line.at) else { continue };
        assert!(line.repeat, "taken twice: {line:?}");
        let excused = kills.iter().any(|kill| before <= kill.to && kill.from <= line.at && kill.from <= before + OPEN);
        assert!(excused, "repeated without a kill, first at {before}: {line:?}");
    }
}

fn order_is_kept(ours: &[&Received], messages: &[Message]) {
    let mut seen = BTreeSet::new();
    let sent: Vec<_> = ours.iter().map(|line| line.id.as_str()).filter(|id| seen.insert(*id)).collect();
    let accepted: Vec<_> = messages.iter().map(Message::whatsapp_id).filter(|id| seen.contains(id)).collect();
    assert_eq!(sent, accepted);
}

fn the_gap_is_kept(ours: &[&Received]) {
    for pair in ours.windows(2) {
        let gap = pair[1].at - pair[0].at;
        assert!(gap.to_std().is_ok_and(|gap| gap >= SHORTEST), "{gap} between {:?} and {:?}", pair[0], pair[1]);
    }
}
