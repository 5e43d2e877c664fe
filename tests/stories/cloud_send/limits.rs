//! How fast and how much may leave.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use nhip_tests::{
    Fault, Message, Meta, Report,
    Shape::{self, Embedded, ScaledOut},
};
use rstest::rstest;
use serde_json::json;

use super::{ADA, BOB, options, shop};

const CAROL: &str = "+12025550162";

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
async fn what_waits_or_is_tried_again_is_not_passed_by_what_follows_to_the_same_recipient(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.on(ADA, [Fault::Error(131_056), Fault::Error(131_056)]);
    meta.on(BOB, [Fault::Error(131_000), Fault::Error(131_016)]);
    let mut last = Vec::new();
    for text in ["the first one", "the second one"] {
        last = vec![shop.send(ADA, text).await, shop.send(BOB, text).await];
    }
    for id in &last {
        shop.message_with_status(id, "READ").await;
    }
    for phone in [ADA, BOB] {
        let texts: Vec<_> = meta.arrived_at(phone).into_iter().map(|message| message.content["body"].clone()).collect();
        assert_eq!(texts, ["the first one", "the second one"], "{phone}");
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_throughput_limit_holds_the_whole_account_and_ever_longer(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.on(ADA, [Fault::Error(130_429), Fault::Error(130_429)]);
    let first = shop.send(ADA, "too fast for Meta").await;
    shop.message_when(&first, "it went back to the queue", |message| message.history.len() > 2).await;
    let second = shop.send(BOB, "waits as well").await;
    for id in [&first, &second] {
        let waits = |message: &Message| message.waiting_for.as_deref() == Some("ACCOUNT_HELD") || message.is_over();
        let message = shop.message_when(id, "it says why it waits", waits).await;
        assert_eq!(message.waiting_for.as_deref(), Some("ACCOUNT_HELD"));
    }
    shop.message_with_status(&first, "READ").await;
    shop.message_with_status(&second, "READ").await;
    let arrived = meta.arrived();
    assert_eq!(arrived.iter().map(|message| message.to.as_str()).collect::<Vec<_>>(), ["12025550160", "12025550161"]);
    let message = shop.message(&first).await;
    assert!(message.sent_at.unwrap() - message.created_at >= TimeDelta::seconds(15), "5 s, then 10 s: {message:?}");

    // What went through has reset it.
    meta.on(CAROL, [Fault::Error(130_429)]);
    let third = shop.send(CAROL, "too fast once more").await;
    let message = shop.message_with_status(&third, "READ").await;
    let waited = message.sent_at.unwrap() - message.created_at;
    assert!(waited >= TimeDelta::seconds(5) && waited < TimeDelta::seconds(20), "5 s again: {message:?}");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_long_hold_says_until_when_and_ends_with_new_credentials(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, number) = shop(&app, &meta).await;
    meta.on(ADA, [Fault::Error(131_048)]);
    let id = shop.send(ADA, "others reported the number").await;
    let held = shop.message_when(&id, "it waits with its account", |message| {
        message.waiting_for.as_deref() == Some("ACCOUNT_HELD") || message.is_over()
    });
    assert_eq!(held.await.waiting_for.as_deref(), Some("ACCOUNT_HELD"));
    let account = shop.till().await;
    let held_until = async || {
        let data = shop.query("account(id: $a) { heldUntil }", json!({"a": account.id})).await;
        data["account"]["heldUntil"].as_str().map(|at| at.parse::<DateTime<Utc>>().unwrap())
    };
    let wait = held_until().await.unwrap() - meta.now();
    assert!(wait > TimeDelta::minutes(14) && wait <= TimeDelta::minutes(15), "{wait}");

    let input = json!({"accountId": account.id, "cloudApi": shop.credentials(&number)});
    shop.mutate("updateCloudApiCredentials", "UpdateCloudApiCredentialsInput", input, "{ state }").await;
    assert_eq!(held_until().await, None);
    shop.message_with_status(&id, "READ").await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_limit_that_meta_reports_after_it_took_the_message_holds_what_comes_next(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, number) = shop(&app, &meta).await;
    meta.report_of(ADA, Report::Failed(131_048));
    let id = shop.send(ADA, "taken, and then withheld").await;
    let message = shop.message_with_status(&id, "FAILED").await;
    assert_eq!((message.failure.as_deref(), message.credits_restored), (Some("RATE_LIMITED"), true));
    let next = shop.send(BOB, "would be withheld as well").await;
    let held = |message: &Message| message.waiting_for.as_deref() == Some("ACCOUNT_HELD") || message.is_over();
    let message = shop.message_when(&next, "it waits with its account", held).await;
    assert_eq!(message.waiting_for.as_deref(), Some("ACCOUNT_HELD"));
    assert_eq!(meta.asked(BOB), 0);
    let input = json!({"accountId": shop.till().await.id, "cloudApi": shop.credentials(&number)});
    shop.mutate("updateCloudApiCredentials", "UpdateCloudApiCredentialsInput", input, "{ state }").await;
    shop.message_with_status(&next, "READ").await;
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_pair_limit_that_meta_reports_after_it_took_the_message_holds_its_recipient_alone(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.report_of(ADA, Report::Failed(131_056));
    let withheld = shop.send(ADA, "one too many for Ada").await;
    let withheld = shop.message_with_status(&withheld, "FAILED").await;
    assert_eq!((withheld.failure.as_deref(), withheld.credits_restored), (Some("RATE_LIMITED"), true));
    meta.report_of(ADA, Report::Usual);
    let (next, other) = (shop.send(ADA, "later").await, shop.send(BOB, "Bob does not wait").await);
    shop.message_with_status(&other, "READ").await;
    let next = shop.message_with_status(&next, "READ").await;
    let gap = next.sent_at.unwrap() - withheld.sent_at.unwrap();
    assert!(gap >= TimeDelta::seconds(16) && gap < TimeDelta::seconds(40), "{gap}");
    assert!(meta.arrived_at(BOB)[0].at < meta.arrived_at(ADA)[1].at);
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
