//! The beat, by the only clock that counts: that of whoever receives.

use std::time::Duration;

use futures::future::join_all;
use nhip_tests::{
    Options, Received,
    Shape::{self, Embedded, ScaledOut},
    phone,
};
use rstest::rstest;
use serde_json::json;

const SHORTEST: Duration = Duration::from_millis(1_500);
const LONGEST: Duration = Duration::from_millis(2_500);
/// What a busy machine may add to a beat: the journal's commit, the simulator's, and waiting for a core.
const LATENESS: Duration = Duration::from_millis(250);

/// The gaps between one account's messages.
fn gaps(received: &[Received]) -> Vec<Duration> {
    received.windows(2).map(|pair| (pair[1].at - pair[0].at).to_std().expect("the log is in order")).collect()
}

/// What else this machine does only ever delays: beats that are late in one round are looked at in another. Everything else
/// holds in each.
async fn punctual_in_one_round_of_three(round: impl AsyncFn() -> bool) {
    for _round in 0..3 {
        if round().await {
            return;
        }
    }
    panic!("beats were late in each of three rounds; their gaps stand above");
}

/// Whether they were on time. Never too early, and never a fixed beat.
fn on_the_beat(received: &[Received]) -> bool {
    let gaps = gaps(received);
    assert_eq!(gaps.len(), 29);
    let (least, most) = (*gaps.iter().min().unwrap(), *gaps.iter().max().unwrap());
    let mean = gaps.iter().sum::<Duration>() / 29;
    println!("gaps from {least:?} to {most:?}, mean {mean:?}");
    assert!(least >= SHORTEST, "{gaps:?}");
    assert!(gaps.iter().any(|gap| *gap < Duration::from_secs(2)), "the beat is drawn, not fixed: {gaps:?}");
    assert!(gaps.iter().any(|gap| *gap > Duration::from_secs(2)), "the beat is drawn, not fixed: {gaps:?}");
    // Five standard deviations of a mean of 29 even draws from one second, and half the lateness.
    let spread = Duration::from_millis(270);
    assert!(mean + spread >= Duration::from_secs(2), "{mean:?}");
    most <= LONGEST + LATENESS && mean <= Duration::from_secs(2) + spread + LATENESS / 2
}

#[rstest]
#[tokio::test]
async fn thirty_messages_at_once_leave_in_order_about_2_s_apart(#[values(Embedded, ScaledOut)] shape: Shape) {
    punctual_in_one_round_of_three(async || thirty_messages(shape).await).await;
}

async fn thirty_messages(shape: Shape) -> bool {
    let app = Options::new(shape).default_pace().start().await;
    let shop = app.shop().await;
    let post =
        |n: usize| shop.send(phone::NEVER_READ, if n.is_multiple_of(2) { "an even message" } else { "an odd message" });
    join_all((0..30).map(post)).await;
    let accepted: Vec<_> = shop.messages().await.iter().map(|message| message.whatsapp_id().to_owned()).collect();
    app.settle().await;
    let received = app.received();
    assert!(received.iter().all(|line| !line.repeat));
    assert_eq!(received.iter().map(|line| line.id.clone()).collect::<Vec<_>>(), accepted);
    let on_the_beat = on_the_beat(&received);
    app.finish().await;
    on_the_beat
}

#[rstest]
#[tokio::test]
async fn three_accounts_at_once_keep_three_beats_of_their_own(#[values(Embedded, ScaledOut)] shape: Shape) {
    punctual_in_one_round_of_three(async || three_accounts(shape).await).await;
}

async fn three_accounts(shape: Shape) -> bool {
    let app = Options::new(shape).default_pace().start().await;
    let shop = app.shop().await;
    shop.connect("+15105566778").await;
    shop.connect("+15105566779").await;
    let accounts = ["+15105566777", "+15105566778", "+15105566779"];
    let start = app.clock().now();
    let send = |account: &'static str| {
        let shop = &shop;
        async move {
            for n in 0..30 {
                let text = format!("{account} sends number {n:02}");
                let body = json!({"action": "send", "phone": phone::NEVER_READ, "text": text, "whatsapp_account_phone": account});
                shop.post(body).await.accepted();
            }
        }
    };
    join_all(accounts.map(send)).await;
    app.settle().await;
    let received = app.received();
    let mut on_time = true;
    for account in accounts {
        let ours: Vec<_> = received.iter().filter(|line| line.account == account).cloned().collect();
        let texts: Vec<_> = ours.iter().map(|line| line.text.clone()).collect();
        assert_eq!(texts, (0..30).map(|n| format!("{account} sends number {n:02}")).collect::<Vec<_>>());
        let first = (ours[0].at - start).to_std().unwrap();
        println!("{account} had to wait {first:?} for its first");
        on_time &= on_the_beat(&ours) && first < Duration::from_secs(5);
    }
    // Independent: were they one beat, all accounts' gaps would be alike.
    let beats = accounts
        .map(|account| gaps(&received.iter().filter(|line| line.account == account).cloned().collect::<Vec<_>>()));
    assert!(beats[0].iter().zip(&beats[1]).any(|(one, other)| one.abs_diff(*other) > LATENESS));
    app.finish().await;
    on_time
}

#[rstest]
#[tokio::test]
async fn an_accounts_own_pace_is_kept(#[values(Embedded, ScaledOut)] shape: Shape) {
    punctual_in_one_round_of_three(async || own_pace(shape).await).await;
}

async fn own_pace(shape: Shape) -> bool {
    let app = Options::new(shape).start().await;
    let shop = app.shop().await;
    let till = shop.till().await;
    let input = json!({"accountId": till.id, "minMs": 700, "maxMs": 900});
    shop.mutate("setAccountPace", "SetAccountPaceInput", input, "{ pace { minMs maxMs } }").await;
    for n in 0..6 {
        shop.send(phone::NEVER_READ, &format!("at a pace of its own {n}")).await;
    }
    app.settle().await;
    let gaps = gaps(&app.received());
    println!("gaps of its own pace: {gaps:?}");
    assert!(gaps.iter().all(|gap| *gap >= Duration::from_millis(700)), "{gaps:?}");
    let input = json!({"accountId": till.id, "minMs": 10, "maxMs": 900});
    let refused = shop.mutate_in_vain("setAccountPace", "SetAccountPaceInput", input, "{ id }").await;
    assert_eq!(refused.code(), "BAD_INPUT");
    app.finish().await;
    gaps.iter().all(|gap| *gap <= Duration::from_millis(900) + LATENESS)
}
