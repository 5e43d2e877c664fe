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

fn assert_on_the_beat(received: &[Received]) {
    let gaps = gaps(received);
    assert_eq!(gaps.len(), 29);
    let (least, most) = (*gaps.iter().min().unwrap(), *gaps.iter().max().unwrap());
    let mean = gaps.iter().sum::<Duration>() / 29;
    println!("gaps from {least:?} to {most:?}, mean {mean:?}");
    assert!(least >= SHORTEST, "{gaps:?}");
    assert!(most <= LONGEST + LATENESS, "{gaps:?}");
    // Five standard deviations of a mean of 29 even draws from one second, and half the lateness.
    let spread = Duration::from_millis(270);
    assert!(mean.abs_diff(Duration::from_secs(2)) <= spread + LATENESS / 2, "{mean:?}");
    assert!(gaps.iter().any(|gap| *gap < Duration::from_secs(2)), "the beat is drawn, not fixed: {gaps:?}");
    assert!(gaps.iter().any(|gap| *gap > Duration::from_secs(2)), "the beat is drawn, not fixed: {gaps:?}");
}

#[rstest]
#[tokio::test]
async fn thirty_messages_at_once_leave_in_order_about_2_s_apart(#[values(Embedded, ScaledOut)] shape: Shape) {
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
    assert_on_the_beat(&received);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn three_accounts_at_once_keep_three_beats_of_their_own(#[values(Embedded, ScaledOut)] shape: Shape) {
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
    for account in accounts {
        let ours: Vec<_> = received.iter().filter(|line| line.account == account).cloned().collect();
        let texts: Vec<_> = ours.iter().map(|line| line.text.clone()).collect();
        assert_eq!(texts, (0..30).map(|n| format!("{account} sends number {n:02}")).collect::<Vec<_>>());
        assert_on_the_beat(&ours);
        let first = (ours[0].at - start).to_std().unwrap();
        assert!(first < Duration::from_secs(5), "{account} had to wait {first:?} for its first");
    }
    // Independent: were they one beat, all accounts' gaps would be alike.
    let beats = accounts
        .map(|account| gaps(&received.iter().filter(|line| line.account == account).cloned().collect::<Vec<_>>()));
    assert!(beats[0].iter().zip(&beats[1]).any(|(one, other)| one.abs_diff(*other) > LATENESS));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn an_accounts_own_pace_is_kept(#[values(Embedded, ScaledOut)] shape: Shape) {
    let app = Options::new(shape).start().await;
    let shop = app.shop().await;
    let till = shop.till().await;
    let input = json!({"accountId": till.id, "minMs": 700, "maxMs": 900});
    shop.mutate("setAccountPace", "SetAccountPaceInput", input, "{ pace { minMs maxMs } }").await;
    for n in 0..6 {
        shop.send(phone::NEVER_READ, &format!("at a pace of its own {n}")).await;
    }
    app.settle().await;
    for gap in gaps(&app.received()) {
        assert!(gap >= Duration::from_millis(700) && gap <= Duration::from_millis(900) + LATENESS, "{gap:?}");
    }
    let input = json!({"accountId": till.id, "minMs": 10, "maxMs": 900});
    let refused = shop.mutate_in_vain("setAccountPace", "SetAccountPaceInput", input, "{ id }").await;
    assert_eq!(refused.code(), "BAD_INPUT");
    app.finish().await;
}
