//! How fast and how much may leave.

use std::time::Duration;

use chrono::TimeDelta;
use nhip_tests::{
    Fault, Meta,
    Shape::{self, Embedded, ScaledOut},
};
use rstest::rstest;
use serde_json::json;

use super::{ADA, BOB, options, shop};

#[rstest]
#[tokio::test]
async fn one_recipient_gets_a_message_every_6_s_and_others_pass(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    let first = shop.send(ADA, "the first to Ada").await;
    let second = shop.send(ADA, "the second to Ada").await;
    let other = shop.send(BOB, "the only one to Bob").await;
    shop.message_with_status(&other, "READ").await;
    let waiting = shop.message_when(&second, "it says why it waits", |message| {
        message.waiting_for.as_deref() == Some("RECIPIENT_LIMIT") || message.is_over()
    });
    assert_eq!(waiting.await.waiting_for.as_deref(), Some("RECIPIENT_LIMIT"));
    shop.message_with_status(&first, "READ").await;
    shop.message_with_status(&second, "READ").await;
    let to_ada = meta.arrived_at(ADA);
    let gap = to_ada[1].at - to_ada[0].at;
    assert!(gap >= TimeDelta::seconds(6) && gap < TimeDelta::seconds(12), "{gap}");
    assert!(meta.arrived_at(BOB)[0].at < to_ada[1].at);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_pair_limit_holds_its_recipient_alone_and_ever_longer(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.on(ADA, [Fault::Error(131_056), Fault::Error(131_056)]);
    let limited = shop.send(ADA, "too much for Ada").await;
    let other = shop.send(BOB, "Bob does not wait").await;
    shop.message_with_status(&other, "READ").await;
    let message = shop.message_with_status(&limited, "READ").await;
    assert!(message.sent_at.unwrap() - message.created_at >= TimeDelta::seconds(5), "1 s, then 4 s: {message:?}");
    assert_eq!(meta.asked(ADA), 3);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_throughput_limit_holds_the_whole_account(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.on(ADA, [Fault::Error(130_429)]);
    let first = shop.send(ADA, "too fast for Meta").await;
    shop.message_when(&first, "it went back to the queue", |message| message.history.len() > 2).await;
    let second = shop.send(BOB, "waits as well").await;
    shop.message_with_status(&first, "READ").await;
    shop.message_with_status(&second, "READ").await;
    let arrived = meta.arrived();
    assert_eq!(arrived.iter().map(|message| message.to.as_str()).collect::<Vec<_>>(), ["12025550160", "12025550161"]);
    let message = shop.message(&first).await;
    assert!(message.sent_at.unwrap() - message.created_at >= TimeDelta::seconds(5), "{message:?}");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn what_is_over_the_daily_cap_waits_and_says_so(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    let account = shop.till().await;
    let cap = async |cap: Option<i32>| {
        let input = json!({"accountId": account.id, "dailyCap": cap});
        shop.mutate("setAccountDailyCap", "SetAccountDailyCapInput", input, "{ dailyCap cappedUntil }").await
    };
    assert_eq!(cap(Some(2)).await, json!({"dailyCap": 2, "cappedUntil": null}));
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(shop.send(&format!("+1202555019{n}"), "a message of the day").await);
    }
    let last = shop.message_within(&ids[3], "it waits", Duration::from_secs(30), |message| {
        message.waiting_for.as_deref() == Some("DAILY_CAP")
    });
    last.await;
    assert_eq!(shop.message(&ids[2]).await.waiting_for.as_deref(), Some("DAILY_CAP"));
    assert_eq!(meta.arrived().len(), 2);
    cap(Some(3)).await;
    shop.message_with_status(&ids[2], "READ").await;
    cap(None).await;
    shop.message_with_status(&ids[3], "READ").await;
    app.finish().await;
}
