//! Meta's pair limit and the daily cap, as the journal keeps them.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on says so")]

mod common;

use chrono::TimeDelta;
use common::{
    House,
    On::{self, Postgres, Sqlite},
};
use nhip_domain::{
    chat::upsert::SeenChat,
    lane::{self, Outlook},
    message::{self, Acceptor, Authority, Beat, Begun, Ending, Fact, Hold, How, Outgoing, What},
};
use nhip_entity::{
    account,
    chat::ChatKind,
    message::{Entity as Messages, FailureReason, HoldReason, MessageStatus, Model as Message},
};
use rstest::rstest;
use sea_orm::{ActiveValue::Set, EntityTrait as _};

const ADA: &str = "+12025550100";
const BOB: &str = "+12025550104";

/// A house whose account is at Meta, may have a daily cap, and has these messages queued.
async fn at_meta(on: On, daily_cap: Option<i32>, to: &[&str]) -> (House, Authority) {
    let house = House::with_credits(on, 99).await;
    let acceptor = Acceptor::start(house.cx.clone());
    for (n, recipient) in to.iter().enumerate() {
        house.accepts(&acceptor, &format!("text {n}"), recipient).await;
    }
    let row = account::ActiveModel {
        id: Set(house.account_id),
        gateway: Set(account::Gateway::CloudApi),
        daily_cap: Set(daily_cap),
        ..Default::default()
    };
    account::Entity::update(row).exec_without_returning(house.cx.db.schema()).await.unwrap();
    let authority = claim(&house).await;
    (house, authority)
}

/// The lane goes to a new worker.
async fn claim(house: &House) -> Authority {
    let worker_id = lane::register(&house.cx, "host", "0").await.unwrap();
    let claimed = lane::claim(&house.cx, worker_id, &[house.account_id]).await.unwrap();
    Authority { account_id: house.account_id, worker_id, epoch: claimed[0].epoch }
}

/// What the lane may send now.
async fn begin(house: &House, authority: Authority) -> Option<Outgoing> {
    let beat = Beat::Begin { next_send_at: house.cx.now() };
    match message::begin(&house.cx, &[(authority, beat)]).await.unwrap().remove(0) {
        Begun::Send { message, .. } => Some(*message),
        Begun::Nothing => None,
        other => panic!("{other:?}"),
    }
}

/// WhatsApp took it, so long ago.
async fn sent(house: &House, id: &str, ago: TimeDelta) {
    let what = What::Sent { chat: None, gateway_ref: None };
    let at = house.cx.now() - ago;
    let fact = Fact { account_id: house.account_id, message_id: id.to_owned(), what, at };
    message::record(&house.cx, &[fact]).await.unwrap();
}

async fn row(house: &House) -> account::Model {
    account::Entity::find_by_id(house.account_id).one(house.cx.db.read()).await.unwrap().unwrap()
}

/// How long the account is at its cap.
async fn capped_for(house: &House) -> TimeDelta {
    row(house).await.capped_until.unwrap() - house.cx.now()
}

/// That time is over.
async fn uncap(house: &House) {
    let over = account::ActiveModel { id: Set(house.account_id), capped_until: Set(None), ..Default::default() };
    account::Entity::update(over).exec_without_returning(house.cx.db.schema()).await.unwrap();
}

async fn queued(house: &House) -> Vec<Message> {
    let mut rows = Messages::find().all(house.cx.db.read()).await.unwrap();
    rows.retain(|row| row.status == MessageStatus::Queued);
    rows.sort_by_key(|row| row.place);
    rows
}

#[rstest]
#[tokio::test]
async fn a_lane_that_was_not_given_back_is_claimed_again_for_what_it_was_sending_last(
    #[values(Sqlite, Postgres)] on: On,
) {
    let (house, lane) = at_meta(on, None, &[ADA]).await;
    begin(&house, lane).await.unwrap();
    let (worker_id, account) = (lane.worker_id, [house.account_id]);
    assert!(lane::owned(&house.cx, worker_id).await.unwrap().is_empty(), "what is parked needs nobody");

    let again = lane::claim(&house.cx, worker_id, &account).await.unwrap();

    assert_eq!(again[0].epoch, lane.epoch + 1, "its runner may know that it never left");
    lane::release(&house.cx, worker_id, &[(house.account_id, again[0].epoch)]).await.unwrap();
    assert_eq!(lane::claim(&house.cx, worker_id, &account).await.unwrap(), []);
}

#[rstest]
#[tokio::test]
async fn a_recipient_at_meta_gets_the_next_message_6_s_later_and_others_pass(#[values(Sqlite, Postgres)] on: On) {
    let (house, lane) = at_meta(on, None, &[ADA, ADA, ADA, BOB]).await;
    let first = begin(&house, lane).await.unwrap();
    let before = house.cx.now();
    sent(&house, &first.id, TimeDelta::zero()).await;
    let after = house.cx.now();
    assert_eq!(begin(&house, lane).await.unwrap().recipient, BOB, "Ada got something a moment ago");

    let waiting = queued(&house).await;
    assert_eq!(waiting[0].hold_reason, Some(HoldReason::RecipientLimit));
    let left = waiting[0].hold_until.unwrap() - TimeDelta::seconds(6);
    assert!((before..=after).contains(&left), "{left}");
    assert_eq!(waiting[1].hold_until, None, "what follows waits for it anyway");
    let outlook = lane::outlook(&house.cx, house.account_id).await.unwrap();
    assert_eq!(outlook, Outlook::HeldUntil(waiting[0].hold_until.unwrap()));
}

#[rstest]
#[tokio::test]
async fn whoever_takes_the_lane_over_keeps_the_pause(#[values(Sqlite, Postgres)] on: On) {
    let (house, lane) = at_meta(on, None, &[ADA, ADA]).await;
    let first = begin(&house, lane).await.unwrap();
    sent(&house, &first.id, TimeDelta::zero()).await;
    house.silence(lane.worker_id).await;
    let heir = claim(&house).await;
    assert_eq!(begin(&house, heir).await, None);
}

#[rstest]
#[tokio::test]
async fn whoever_is_known_by_two_numbers_has_one_pause(#[values(Sqlite, Postgres)] on: On) {
    const GIVEN: &str = "+5531988887777";
    const KNOWN: &str = "+553188887777";
    for recipients in [[GIVEN, GIVEN, KNOWN], [GIVEN, KNOWN, GIVEN]] {
        let (house, lane) = at_meta(on, None, &recipients).await;
        let first = begin(&house, lane).await.unwrap();
        let jid = "553188887777@s.whatsapp.net".to_owned();
        let chat = Some(SeenChat { jid, kind: ChatKind::Contact, name: None, incoming_at: None });
        let what = What::Sent { chat, gateway_ref: None };
        let fact = Fact { account_id: house.account_id, message_id: first.id, what, at: house.cx.now() };
        message::record(&house.cx, &[fact]).await.unwrap();
        assert_eq!(begin(&house, lane).await, None, "{recipients:?}");
        let waiting = queued(&house).await;
        assert_eq!((waiting.len(), waiting[0].hold_reason), (2, Some(HoldReason::RecipientLimit)), "{waiting:?}");
    }
}

#[rstest]
#[tokio::test]
async fn after_6_s_the_next_may_leave(#[values(Sqlite, Postgres)] on: On) {
    let (house, lane) = at_meta(on, None, &[ADA, ADA]).await;
    let first = begin(&house, lane).await.unwrap();
    sent(&house, &first.id, TimeDelta::milliseconds(6_001)).await;
    assert!(begin(&house, lane).await.is_some());
}

#[rstest]
#[tokio::test]
async fn a_message_of_unknown_outcome_counts_as_one_that_may_have_left_late(#[values(Sqlite, Postgres)] on: On) {
    let (house, lane) = at_meta(on, None, &[ADA, ADA, BOB]).await;
    let before = house.cx.now();
    begin(&house, lane).await.unwrap();
    let after = house.cx.now();
    assert_eq!(begin(&house, lane).await.unwrap().recipient, BOB);
    let begun = queued(&house).await[0].hold_until.unwrap() - TimeDelta::seconds(21);
    assert!((before..=after).contains(&begun), "{begun}");
}

#[rstest]
#[tokio::test]
async fn an_account_at_its_daily_cap_sends_nothing_until_a_message_is_a_day_old(#[values(Sqlite, Postgres)] on: On) {
    let (house, lane) = at_meta(on, Some(2), &[ADA, BOB, "+12025550105"]).await;
    let first = begin(&house, lane).await.unwrap();
    sent(&house, &first.id, TimeDelta::hours(20)).await;
    let second = begin(&house, lane).await.unwrap();
    sent(&house, &second.id, TimeDelta::hours(1)).await;

    assert_eq!(begin(&house, lane).await, None);

    let wait = capped_for(&house).await;
    assert!(wait > TimeDelta::minutes(239) && wait <= TimeDelta::hours(4), "{wait}");
    let outlook = lane::outlook(&house.cx, house.account_id).await.unwrap();
    assert_eq!(outlook, Outlook::HeldUntil(row(&house).await.capped_until.unwrap()));
}

#[rstest]
#[tokio::test]
async fn what_may_have_left_counts_towards_the_cap(#[values(Sqlite, Postgres)] on: On) {
    let (house, lane) = at_meta(on, Some(2), &[ADA, BOB, "+12025550105"]).await;
    let unknown = begin(&house, lane).await.unwrap();
    let second = begin(&house, lane).await.unwrap();
    sent(&house, &second.id, TimeDelta::hours(1)).await;

    assert_eq!(begin(&house, lane).await, None, "one was sent, of the other nobody knows");
    let wait = capped_for(&house).await;
    assert!(wait > TimeDelta::zero() && wait <= TimeDelta::minutes(1), "it may turn out not to have left: {wait}");

    let (workspace_id, message_id) = (unknown.workspace_id, unknown.id.clone());
    let given_up = Ending { workspace_id, message_id, how: How::Unconfirmed { by: None } };
    assert_eq!(message::settle(&house.cx, &[given_up]).await.unwrap(), [true]);
    uncap(&house).await;
    assert_eq!(begin(&house, lane).await, None, "nobody will ever know");
    let wait = capped_for(&house).await;
    assert!(wait > TimeDelta::minutes(22 * 60 + 59) && wait <= TimeDelta::hours(23), "{wait}");

    // A late report says so: it still counts once.
    sent(&house, &unknown.id, TimeDelta::zero()).await;
    uncap(&house).await;
    assert_eq!(begin(&house, lane).await, None);
}

#[rstest]
#[tokio::test]
async fn what_certainly_did_not_leave_does_not_count(#[values(Sqlite, Postgres)] on: On) {
    let (house, lane) = at_meta(on, Some(1), &[ADA, BOB]).await;
    let first = begin(&house, lane).await.unwrap();
    let how = How::Refused { by: lane, reason: FailureReason::NotOnWhatsapp, detail: "no".to_owned() };
    let refused = Ending { workspace_id: first.workspace_id, message_id: first.id, how };
    assert_eq!(message::settle(&house.cx, &[refused]).await.unwrap(), [true]);
    assert!(begin(&house, lane).await.is_some());
}

#[rstest]
#[tokio::test]
async fn an_account_that_whatsapp_makes_wait_sends_nothing_whoever_takes_its_lane(#[values(Sqlite, Postgres)] on: On) {
    let (house, lane) = at_meta(on, None, &[ADA, BOB]).await;
    let first = begin(&house, lane).await.unwrap();
    let until = house.cx.now() + TimeDelta::minutes(15);
    let back = Beat::Requeue {
        message_id: first.id.clone(),
        counts: false,
        hold: Some(Hold::Account { until }),
        detail: "too many".to_owned(),
    };
    let back = message::begin(&house.cx, &[(lane, back)]).await.unwrap();
    assert_eq!(back, [Begun::Requeued]);

    assert_eq!(begin(&house, lane).await, None);
    let held = row(&house).await.held_until.unwrap();
    assert!((until - held).abs() < TimeDelta::milliseconds(1), "{held}");
    assert_eq!(lane::outlook(&house.cx, house.account_id).await.unwrap(), Outlook::HeldUntil(held));
    assert!(queued(&house).await.iter().all(|message| message.hold_until.is_none() && message.attempts == 0));
    house.silence(lane.worker_id).await;
    let heir = claim(&house).await;
    assert_eq!(begin(&house, heir).await, None);

    let over = account::ActiveModel {
        id: Set(house.account_id),
        held_until: Set(Some(house.cx.now() - TimeDelta::seconds(1))),
        ..Default::default()
    };
    account::Entity::update(over).exec_without_returning(house.cx.db.schema()).await.unwrap();
    assert_eq!(begin(&house, heir).await.unwrap().id, first.id, "in its old place");
}

#[rstest]
#[tokio::test]
async fn what_is_older_than_a_day_no_longer_counts(#[values(Sqlite, Postgres)] on: On) {
    let (house, lane) = at_meta(on, Some(1), &[ADA, BOB]).await;
    let first = begin(&house, lane).await.unwrap();
    sent(&house, &first.id, TimeDelta::hours(25)).await;
    assert!(begin(&house, lane).await.is_some());
}

#[rstest]
#[tokio::test]
async fn a_clock_that_was_set_back_holds_no_recipient_until_it_is_as_late_again(#[values(Sqlite, Postgres)] on: On) {
    let (house, authority) = at_meta(on, None, &[ADA, ADA]).await;
    let first = begin(&house, authority).await.unwrap();
    sent(&house, &first.id, TimeDelta::hours(-1)).await;
    assert!(begin(&house, authority).await.is_some());
}

#[rstest]
#[tokio::test]
async fn a_file_is_fetched_although_many_wait_before_it_for_a_recipient_of_their_own(
    #[values(Sqlite, Postgres)] on: On,
) {
    let (house, lane) = at_meta(on, None, &[&[ADA; 12][..], &[BOB]].concat()).await;
    let file = house.messages().await.pop().unwrap();
    house
        .run(&format!(
            "UPDATE messages SET file_url = 'https://example.com/a', file_name = 'a', hold_reason = 'FILE', \
             hold_until = '9999-01-01T00:00:00+00:00' WHERE id = '{}'",
            file.id
        ))
        .await;
    let first = begin(&house, lane).await.unwrap();
    sent(&house, &first.id, TimeDelta::zero()).await;
    assert_eq!(begin(&house, lane).await, None, "Ada waits, and Bob's file is not there");
    let wanted = message::wanted_files(&house.cx, lane.worker_id).await.unwrap();
    assert_eq!(wanted.iter().map(|wanted| &wanted.id).collect::<Vec<_>>(), [&file.id]);
}

#[rstest]
#[tokio::test]
async fn what_left_by_a_clock_that_was_ahead_fills_no_daily_cap(#[values(Sqlite, Postgres)] on: On) {
    let (house, lane) = at_meta(on, Some(1), &[ADA, BOB]).await;
    let first = begin(&house, lane).await.unwrap();
    sent(&house, &first.id, TimeDelta::days(-300)).await;
    assert!(begin(&house, lane).await.is_some());
}
