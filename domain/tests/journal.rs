//! The journal's races, each settled as section 4 of the design says.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test that cannot go on says so")]

mod common;

use chrono::TimeDelta;
use common::{
    House,
    On::{self, Postgres, Sqlite},
};
use nhip_domain::{
    chat::upsert::SeenChat,
    database::Urgency,
    lane::{self, Outlook},
    message::{self, Acceptor, Authority, Beat, Begun, Ending, Fact, Hold, How, What},
};
use nhip_entity::{
    account::AccountState,
    chat::{self, ChatKind},
    message::{FailureReason, HoldReason, MessageStatus},
};
use rstest::rstest;
use sea_orm::{ActiveValue::Set, ConnectionTrait as _, EntityTrait as _};
use uuid::Uuid;

const ADA: &str = "+12025550100";
const BOB: &str = "+12025550104";

/// A worker that is alive, with the house's lane.
async fn claim(house: &House) -> Authority {
    let worker_id = lane::register(&house.cx, "host", "0").await.unwrap();
    claim_as(house, worker_id).await
}

async fn claim_as(house: &House, worker_id: Uuid) -> Authority {
    let claimed = lane::claim(&house.cx, worker_id, &[house.account_id]).await.unwrap();
    Authority { account_id: house.account_id, worker_id, epoch: claimed[0].epoch }
}

async fn begin(house: &House, authority: Authority) -> Begun {
    let beat = Beat::Begin { next_send_at: house.cx.now() };
    message::begin(&house.cx, &[(authority, beat)]).await.unwrap().remove(0)
}

fn id_of(begun: &Begun) -> &str {
    match begun {
        Begun::Send { message, .. } => &message.id,
        other => panic!("nothing to send: {other:?}"),
    }
}

async fn write(house: &House, authority: Authority, beat: Beat) -> Begun {
    message::begin(&house.cx, &[(authority, beat)]).await.unwrap().remove(0)
}

fn requeue(id: &str, hold_s: i64, house: &House) -> Beat {
    let until = house.cx.now() + TimeDelta::seconds(hold_s);
    Beat::Requeue {
        message_id: id.to_owned(),
        counts: true,
        hold: Some(Hold::Message { until, reason: HoldReason::Retry }),
        detail: "server error".to_owned(),
    }
}

async fn settle(house: &House, id: &str, how: How) -> bool {
    let ending = Ending { workspace_id: house.workspace_id, message_id: id.to_owned(), how };
    message::settle(&house.cx, &[ending]).await.unwrap()[0]
}

async fn fact(house: &House, id: &str, what: What) {
    let fact = Fact { account_id: house.account_id, message_id: id.to_owned(), what, at: house.cx.now() };
    message::record(&house.cx, &[fact]).await.unwrap();
}

fn sent() -> What {
    What::Sent { chat: None, gateway_ref: None }
}

#[rstest]
#[tokio::test]
async fn only_one_of_two_living_workers_has_a_lane(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let first = claim(&house).await;
    let second = lane::register(&house.cx, "other", "0").await.unwrap();
    assert_eq!(lane::claim(&house.cx, second, &[house.account_id]).await.unwrap(), vec![]);
    assert_eq!(lane::forsaken(&house.cx, 10).await.unwrap(), Vec::<Uuid>::new());
    assert_eq!(lane::owned(&house.cx, first.worker_id).await.unwrap(), [house.account_id]);
    assert_eq!(lane::owned(&house.cx, second).await.unwrap(), Vec::<Uuid>::new());

    house.silence(first.worker_id).await;

    assert_eq!(lane::forsaken(&house.cx, 10).await.unwrap(), vec![house.account_id]);
    let claimed = lane::claim(&house.cx, second, &[house.account_id]).await.unwrap();
    assert!(claimed[0].taken_over, "its last hand-over is unknown: one pace_max must pass");
    assert!(claimed[0].epoch > first.epoch);
}

#[rstest]
#[tokio::test]
async fn a_worker_that_died_before_the_database_s_clock_was_set_back_is_dead(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let dead = claim(&house).await;
    house.run("UPDATE workers SET heartbeat_ms = heartbeat_ms + 3600000").await;
    let living = claim(&house).await;
    assert_eq!(living.epoch, dead.epoch + 1);
}

#[rstest]
#[tokio::test]
async fn the_columns_of_a_newer_schema_are_in_nobody_s_way(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 10).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let mut lane = None;
    for column in ["tomorrow", "next_week"] {
        let id = house.accepts(&acceptor, column, ADA).await;
        let lane = match lane {
            Some(lane) => lane,
            None => *lane.insert(claim(&house).await),
        };
        assert_eq!(id_of(&begin(&house, lane).await), id);
        fact(&house, &id, sent()).await;
        house.sequence().await;
        house.assert_ledger().await;
        for table in ["workspaces", "webhooks", "accounts", "messages", "credit_entries", "activation_pages"] {
            house.run(&format!("ALTER TABLE {table} ADD COLUMN {column} INTEGER")).await;
        }
    }
}

#[rstest]
#[tokio::test]
async fn a_released_lane_may_send_at_once(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let first = claim(&house).await;
    lane::release(&house.cx, first.worker_id, &[(house.account_id, first.epoch)]).await.unwrap();
    let second = lane::register(&house.cx, "other", "0").await.unwrap();
    assert!(!lane::claim(&house.cx, second, &[house.account_id]).await.unwrap()[0].taken_over);
}

#[rstest]
#[tokio::test]
async fn a_lost_lane_writes_no_decision_but_its_fact(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let acceptor = Acceptor::start(house.cx.clone());
    house.accepts(&acceptor, "a", ADA).await;
    house.accepts(&acceptor, "b", BOB).await;
    let lost = claim(&house).await;
    let begun = begin(&house, lost).await;
    let id = id_of(&begun).to_owned();
    house.silence(lost.worker_id).await;
    let owner = claim(&house).await;

    assert_eq!(begin(&house, lost).await, Begun::Refused);
    assert_eq!(write(&house, lost, requeue(&id, 1, &house)).await, Begun::Refused);
    let how = How::Refused { by: lost, reason: FailureReason::NotOnWhatsapp, detail: String::new() };
    assert!(!settle(&house, &id, how).await);
    assert_eq!(house.message(&id).await.status, MessageStatus::Sending);

    fact(&house, &id, sent()).await;

    assert_eq!(house.message(&id).await.status, MessageStatus::Sent);
    assert_eq!(write(&house, owner, Beat::Again { message_id: id }).await, Begun::Nothing, "nobody asks again");
}

#[rstest]
#[tokio::test]
async fn after_a_pause_returns_nothing_more_begins(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let acceptor = Acceptor::start(house.cx.clone());
    house.accepts(&acceptor, "a", ADA).await;
    house.accepts(&acceptor, "b", ADA).await;
    let lane = claim(&house).await;
    let begun = begin(&house, lane).await;
    house.set_state(AccountState::Paused).await;
    assert_eq!(begin(&house, lane).await, Begun::Refused);
    // What was already on its way is settled as ever.
    let retried = write(&house, lane, requeue(id_of(&begun), 0, &house)).await;
    assert_eq!(retried, Begun::Requeued);
}

#[rstest]
#[tokio::test]
async fn a_beat_that_waits_until_a_pause_is_written_begins_nothing(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let lane = claim(&house).await;
    let pausing = house.cx.db.write(Urgency::Normal).await.unwrap();
    pausing.execute_unprepared("UPDATE accounts SET state = 'PAUSED'").await.unwrap();
    let pause = async {
        house.until_somebody_waits().await;
        pausing.commit().await.unwrap();
    };
    let (begun, ()) = tokio::join!(begin(&house, lane), pause);
    assert_eq!(begun, Begun::Refused);
    assert_eq!(house.message(&id).await.status, MessageStatus::Queued);
}

#[rstest]
#[tokio::test]
async fn a_new_pace_counts_from_the_next_beat(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let lane = claim(&house).await;
    house.set_account(|row| (row.pace_min_ms, row.pace_max_ms) = (Set(4_000), Set(5_000))).await;
    let Begun::Send { pace, .. } = begin(&house, lane).await else { panic!("nothing to send") };
    assert_eq!(pace, message::Pace::of_millis(4_000, 5_000));
}

#[rstest]
#[tokio::test]
async fn a_message_that_waits_lets_others_pass_but_not_to_its_own_recipient(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let first = house.accepts(&acceptor, "to ada", ADA).await;
    let second = house.accepts(&acceptor, "to ada again", ADA).await;
    let third = house.accepts(&acceptor, "to bob", BOB).await;
    let lane = claim(&house).await;
    assert_eq!(id_of(&begin(&house, lane).await), first);
    write(&house, lane, requeue(&first, 1, &house)).await;

    assert_eq!(id_of(&begin(&house, lane).await), third, "to another recipient");
    fact(&house, &third, sent()).await;
    assert_eq!(begin(&house, lane).await, Begun::Nothing);
    assert!(matches!(lane::outlook(&house.cx, house.account_id).await.unwrap(), Outlook::HeldUntil(_)));

    house.run("UPDATE messages SET hold_until = created_at WHERE hold_until IS NOT NULL").await;

    assert_eq!(id_of(&begin(&house, lane).await), first, "back in its old place");
    let again = house.message(&first).await;
    assert_eq!((again.attempts, again.hold_until), (1, None));
    fact(&house, &first, sent()).await;
    assert_eq!(id_of(&begin(&house, lane).await), second);
}

#[rstest]
#[tokio::test]
async fn a_restricted_account_writes_to_chats_it_knows_and_fails_the_rest(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let knows = chat::ActiveModel {
        workspace_id: Set(house.workspace_id),
        account_id: Set(house.account_id),
        kind: Set(chat::ChatKind::Contact),
        name: Set("Ada".to_owned()),
        renamed: Set(false),
        jid: Set("12025550100@s.whatsapp.net".to_owned()),
        created_at: Set(house.cx.now()),
        ..Default::default()
    };
    chat::Entity::insert(knows).exec_without_returning(house.cx.db.schema()).await.unwrap();
    let stranger = house.accepts(&acceptor, "to bob", BOB).await;
    let friend = house.accepts(&acceptor, "to ada", ADA).await;
    let lane = claim(&house).await;
    house.set_state(AccountState::Restricted).await;

    assert_eq!(id_of(&begin(&house, lane).await), friend);
    assert_eq!(begin(&house, lane).await, Begun::Nothing);
    assert_eq!(message::refuse_new_chats(&house.cx, house.account_id).await.unwrap(), 1);

    assert_eq!(house.message(&stranger).await.failure, Some(FailureReason::NewChatsRestricted));
    assert_eq!(house.balance().await, 8);
}

/// The account knows Ada's chat, which tools address by another of her numbers, too.
async fn knows_ada_by(house: &House, jid: &str, addressed_as: &str) {
    let knows = chat::ActiveModel {
        workspace_id: Set(house.workspace_id),
        account_id: Set(house.account_id),
        kind: Set(chat::ChatKind::Contact),
        name: Set("Ada".to_owned()),
        renamed: Set(false),
        jid: Set(format!("{jid}@s.whatsapp.net")),
        addressed_as: Set(Some(format!("{addressed_as}@s.whatsapp.net"))),
        created_at: Set(house.cx.now()),
        ..Default::default()
    };
    chat::Entity::insert(knows).exec_without_returning(house.cx.db.schema()).await.unwrap();
}

#[rstest]
#[tokio::test]
async fn to_whoever_is_known_by_two_numbers_the_order_holds_under_both(#[values(Sqlite, Postgres)] on: On) {
    const GIVEN: &str = "5531988887777";
    const KNOWN: &str = "553188887777";
    for [earlier, later] in [[GIVEN, KNOWN], [KNOWN, GIVEN]] {
        let house = House::with_credits(on, 9).await;
        knows_ada_by(&house, KNOWN, GIVEN).await;
        let acceptor = Acceptor::start(house.cx.clone());
        let first = house.accepts(&acceptor, "first", earlier).await;
        let second = house.accepts(&acceptor, "second", later).await;
        let other = house.accepts(&acceptor, "to bob", BOB).await;
        let lane = claim(&house).await;
        assert_eq!(id_of(&begin(&house, lane).await), first);
        write(&house, lane, requeue(&first, 60, &house)).await;

        assert_eq!(id_of(&begin(&house, lane).await), other, "the second waits for the first");
        fact(&house, &other, sent()).await;
        house.run("UPDATE messages SET hold_until = created_at WHERE hold_until IS NOT NULL").await;
        assert_eq!(id_of(&begin(&house, lane).await), first);
        fact(&house, &first, sent()).await;
        assert_eq!(id_of(&begin(&house, lane).await), second);
    }
}

#[rstest]
#[tokio::test]
async fn a_restricted_account_knows_a_chat_by_both_its_numbers(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    knows_ada_by(&house, "553188887777", "5531988887777").await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "to ada", "+5531988887777").await;
    let lane = claim(&house).await;
    house.set_state(AccountState::Restricted).await;
    assert_eq!(message::refuse_new_chats(&house.cx, house.account_id).await.unwrap(), 0);
    assert_eq!(id_of(&begin(&house, lane).await), id);
}

#[rstest]
#[tokio::test]
async fn a_failure_after_sent_restores_and_one_after_delivery_is_only_logged(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let (a, b) = (house.accepts(&acceptor, "a", ADA).await, house.accepts(&acceptor, "b", BOB).await);
    let lane = claim(&house).await;
    begin(&house, lane).await;
    assert_eq!(begin(&house, lane).await, Begun::Nothing, "what is in doubt comes first");
    fact(&house, &a, sent()).await;
    begin(&house, lane).await;
    fact(&house, &b, What::Delivered).await;
    let failed = || How::Reported {
        account_id: house.account_id,
        gateway_ref: None,
        reason: FailureReason::WhatsappError,
        detail: "gone".to_owned(),
    };

    assert!(settle(&house, &a, failed()).await);
    assert!(!settle(&house, &b, failed()).await);
    assert!(!settle(&house, &a, failed()).await, "once");

    assert_eq!(house.message(&a).await.status, MessageStatus::Failed);
    assert_eq!(house.message(&b).await.status, MessageStatus::Delivered);
    assert_eq!(house.balance().await, 8);
    house.assert_ledger().await;
}

#[rstest]
#[tokio::test]
async fn a_failure_counts_only_of_the_attempt_that_was_taken(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let failed = |attempt: &str| How::Reported {
        account_id: house.account_id,
        gateway_ref: Some(attempt.to_owned()),
        reason: FailureReason::WhatsappError,
        detail: "gone".to_owned(),
    };
    let lane = claim(&house).await;
    begin(&house, lane).await;
    write(&house, lane, requeue(&id, 60, &house)).await;
    assert!(!settle(&house, &id, failed("first")).await, "it is tried again");
    let queued = house.message(&id).await;
    assert_eq!((queued.status, queued.hold_reason), (MessageStatus::Queued, Some(HoldReason::Retry)));
    assert!(queued.hold_until.is_some(), "not before its time");

    house.run("UPDATE messages SET hold_until = NULL, hold_reason = NULL").await;
    begin(&house, lane).await;
    fact(&house, &id, What::Sent { chat: None, gateway_ref: Some("second".to_owned()) }).await;
    assert!(!settle(&house, &id, failed("first")).await);
    assert_eq!((house.message(&id).await.status, house.balance().await), (MessageStatus::Sent, 8));
    assert!(settle(&house, &id, failed("second")).await);
    assert_eq!((house.message(&id).await.status, house.balance().await), (MessageStatus::Failed, 9));
    house.assert_ledger().await;
}

#[rstest]
#[tokio::test]
async fn a_late_receipt_makes_an_unconfirmed_message_delivered_and_charges_nothing(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let lane = claim(&house).await;
    begin(&house, lane).await;
    assert!(settle(&house, &id, How::Unconfirmed { by: Some(lane) }).await);
    assert_eq!(house.balance().await, 9);

    fact(&house, &id, What::Delivered).await;

    let message = house.message(&id).await;
    assert_eq!((message.status, message.restored, message.failure), (MessageStatus::Delivered, true, None));
    assert_eq!(house.balance().await, 9, "what was restored stays restored");
    house.assert_ledger().await;
}

#[rstest]
#[tokio::test]
async fn what_went_through_after_all_and_then_failed_is_not_restored_twice(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let lane = claim(&house).await;
    begin(&house, lane).await;
    settle(&house, &id, How::Unconfirmed { by: Some(lane) }).await;
    fact(&house, &id, sent()).await;
    let reason = FailureReason::WhatsappError;
    let how = How::Reported { account_id: house.account_id, gateway_ref: None, reason, detail: "gone".to_owned() };
    assert!(settle(&house, &id, how).await);
    assert_eq!((house.message(&id).await.status, house.balance().await), (MessageStatus::Failed, 9));
    house.assert_ledger().await;
}

#[rstest]
#[tokio::test]
async fn what_was_unconfirmed_and_is_reported_failed_has_that_reason_and_stays_failed(
    #[values(Sqlite, Postgres)] on: On,
) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let lane = claim(&house).await;
    begin(&house, lane).await;
    settle(&house, &id, How::Unconfirmed { by: Some(lane) }).await;
    let given_up = house.message(&id).await.failed_at;
    let reason = FailureReason::NotOnWhatsapp;
    let how = How::Reported { account_id: house.account_id, gateway_ref: None, reason, detail: "why".to_owned() };
    assert!(!settle(&house, &id, how).await, "it had ended");
    // Told late, and said of what was before.
    fact(&house, &id, sent()).await;
    let message = house.message(&id).await;
    assert_eq!((message.status, message.failure), (MessageStatus::Failed, Some(reason)));
    assert_eq!((message.failure_detail.as_deref(), message.failed_at), (Some("why"), given_up));
    assert_eq!(house.balance().await, 9, "restored once");
    house.assert_ledger().await;
}

#[rstest]
#[tokio::test]
async fn a_report_may_speak_of_more_messages_than_a_statement_takes_values(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let mut ids: Vec<String> = (0..40_000).map(|n| format!("3EB0{n:016X}")).collect();
    ids.push(id.clone());
    let refs = (0..40_000).map(|n| format!("wamid.{n}")).collect();
    let found = message::reported(&house.cx, house.account_id, ids, refs).await.unwrap();
    assert_eq!(found.into_iter().map(|row| row.id).collect::<Vec<_>>(), [id]);
}

#[rstest]
#[tokio::test]
async fn sends_that_nobody_will_hear_of_are_given_up_after_the_grace_time(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let lane = claim(&house).await;
    begin(&house, lane).await;
    let age = "UPDATE messages SET sending_at = '2020-01-01T00:00:00+00:00'";
    house.run(age).await;
    assert_eq!(message::give_up(&house.cx).await.unwrap(), 0, "its lane has a living owner, who asks again");
    house.silence(lane.worker_id).await;
    assert_eq!(message::give_up(&house.cx).await.unwrap(), 0, "whoever takes the lane over asks again");
    house.set_state(AccountState::LoggedOut).await;
    assert_eq!(message::give_up(&house.cx).await.unwrap(), 1);
    assert_eq!(house.message(&id).await.failure, Some(FailureReason::Unconfirmed));
    house.assert_ledger().await;
}

#[rstest]
#[tokio::test]
async fn a_send_of_an_account_that_was_removed_is_given_up_even_if_its_lane_was_never_given_back(
    #[values(Sqlite, Postgres)] on: On,
) {
    let house = House::with_credits(on, 9).await;
    let id = house.accepts(&Acceptor::start(house.cx.clone()), "a", ADA).await;
    let lane = claim(&house).await;
    begin(&house, lane).await;
    house.set_state(AccountState::Removed).await;
    assert_eq!(message::give_up(&house.cx).await.unwrap(), 0, "it was sent a moment ago");
    house.run("UPDATE messages SET sending_at = '2020-01-01T00:00:00+00:00'").await;
    assert_eq!(message::give_up(&house.cx).await.unwrap(), 1);
    assert_eq!(house.message(&id).await.failure, Some(FailureReason::Unconfirmed));
    house.assert_ledger().await;
}

/// Two processes learn of one message at the same time: one that WhatsApp took it, the other that it came.
#[tokio::test]
async fn who_hears_of_a_new_chat_by_two_ways_does_not_wait_for_oneself() {
    let house = House::with_credits(Postgres, 99).await;
    let acceptor = Acceptor::start(house.cx.clone());
    for n in 0..20 {
        let id = house.accepts(&acceptor, "a", &format!("+120255501{n:02}")).await;
        let jid = format!("120255501{n:02}@s.whatsapp.net");
        let seen = SeenChat { jid, kind: ChatKind::Contact, name: None, incoming_at: None };
        let sent = Fact { what: What::Sent { chat: Some(seen), gateway_ref: None }, ..of(&house, &id) };
        let delivered = [of(&house, &id)];
        let sent = [sent];
        let (one, other) = tokio::join!(message::record(&house.cx, &sent), message::record(&house.cx, &delivered));
        one.and(other).unwrap();
        let row = house.message(&id).await;
        assert!(row.status == MessageStatus::Delivered && row.chat_id.is_some(), "{row:?}");
    }
}

/// Two processes hear of two messages to one chat at the same time, one of which was addressed to its other spelling.
#[tokio::test]
async fn who_notes_how_a_chat_is_addressed_waits_for_nobody_who_waits_for_it() {
    let house = House::with_credits(Postgres, 99).await;
    let acceptor = Acceptor::start(house.cx.clone());
    let jid = "551187654321@s.whatsapp.net".to_owned();
    let seen = SeenChat { jid, kind: ChatKind::Contact, name: None, incoming_at: None };
    for n in 0..20 {
        let otherwise = house.accepts(&acceptor, "a", &format!("+551198765{n:04}")).await;
        let plainly = house.accepts(&acceptor, "a", "+551187654321").await;
        let sent =
            |id: &str| [Fact { what: What::Sent { chat: Some(seen.clone()), gateway_ref: None }, ..of(&house, id) }];
        let (otherwise, plainly) = (sent(&otherwise), sent(&plainly));
        let (one, other) = tokio::join!(message::record(&house.cx, &otherwise), message::record(&house.cx, &plainly));
        one.and(other).unwrap();
    }
}

fn of(house: &House, id: &str) -> Fact {
    Fact { account_id: house.account_id, message_id: id.to_owned(), what: What::Delivered, at: house.cx.now() }
}
