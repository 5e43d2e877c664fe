use chrono::{DateTime as At, Utc};
use nhip_entity::{
    account::AccountState,
    message::{self, HoldReason, MessageStatus as Status},
    status_change,
};
use nhip_scratch::sample;
use uuid::Uuid;

use super::story::{Sends, history, waits_for};
use crate::graphql::enums::WaitReason;

fn at(seconds: i64) -> At<Utc> {
    At::from_timestamp(seconds, 0).unwrap()
}

fn queued() -> message::Model {
    message::Model {
        id: "3EB0000000000000000F".to_owned(),
        text: "hi".to_owned(),
        created_at: at(0),
        ..sample::message()
    }
}

fn sends(state: AccountState) -> Sends {
    Sends { state, capped: false, held: false, known: true }
}

#[test]
fn a_queued_message_says_what_it_waits_for() {
    let row = message::Model { hold_until: Some(at(9)), hold_reason: Some(HoldReason::Retry), ..queued() };
    let connected = sends(AccountState::Connected);
    let paused = Sends { capped: true, held: true, ..sends(AccountState::Paused) };
    assert_eq!(waits_for(&queued(), connected, at(1)), Some(WaitReason::ItsTurn));
    assert_eq!(waits_for(&queued(), paused, at(1)), Some(WaitReason::AccountPaused));
    let restricted = Sends { known: false, ..sends(AccountState::Restricted) };
    assert_eq!(waits_for(&queued(), restricted, at(1)), Some(WaitReason::AccountRestricted));
    assert_eq!(waits_for(&row, connected, at(1)), Some(WaitReason::Retry));
    assert_eq!(waits_for(&row, Sends { held: true, ..connected }, at(1)), Some(WaitReason::AccountHeld));
    assert_eq!(waits_for(&row, Sends { held: true, capped: true, ..connected }, at(1)), Some(WaitReason::DailyCap));
    assert_eq!(waits_for(&row, connected, at(10)), Some(WaitReason::ItsTurn));
}

#[test]
fn a_message_whose_acknowledgement_stays_away_waits_for_confirmation() {
    let sending = message::Model { status: Status::Sending, sending_at: Some(at(0)), ..queued() };
    let connected = sends(AccountState::Connected);
    assert_eq!(waits_for(&sending, connected, at(1)), None);
    assert_eq!(waits_for(&sending, connected, at(16)), Some(WaitReason::Confirmation));
}

#[test]
fn history_is_told_in_the_order_of_a_messages_life() {
    let row = message::Model { sending_at: Some(at(5)), sent_at: Some(at(5)), read_at: Some(at(6)), ..queued() };
    let step = |status, seconds| status_change::Model {
        id: Uuid::nil(),
        message_id: row.id.clone(),
        status,
        at: at(seconds),
        detail: Some("503".to_owned()),
    };
    let told = history(&row, vec![step(Status::Queued, 3), step(Status::Sending, 2)]);
    let statuses: Vec<_> = told.iter().map(|step| Status::from(step.status)).collect();
    let expected = [Status::Queued, Status::Sending, Status::Queued, Status::Sending, Status::Sent, Status::Read];
    assert_eq!(statuses, expected);
}
