use chrono::TimeDelta;
use proptest::prelude::*;

use super::*;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn fact(what: What, seconds: i64) -> Fact {
    Fact { account_id: Uuid::nil(), message_id: "3EB0".to_owned(), what, at: at(seconds) }
}

fn sent() -> What {
    What::Sent { chat: None, gateway_ref: None }
}

fn sending() -> Progress {
    Progress {
        id: "3EB0".to_owned(),
        workspace_id: Uuid::nil(),
        account_id: Uuid::nil(),
        recipient_key: "15105566777@s.whatsapp.net".to_owned(),
        credits: 1,
        sending_at: Some(at(0)),
        status: MessageStatus::Sending,
        chat_id: None,
        gateway_ref: None,
        sent_at: None,
        delivered_at: None,
        read_at: None,
        failed_at: None,
        canceled_at: None,
        failure: None,
        failure_detail: None,
        restored: false,
    }
}

#[test]
fn read_implies_delivered() {
    let mut row = sending();
    assert_eq!(advance(&mut row, &fact(What::Read, 5), None), Step::Forward);
    assert_eq!((row.status, row.delivered_at, row.read_at), (MessageStatus::Read, Some(at(5)), Some(at(5))));
}

#[test]
fn a_lower_receipt_that_comes_late_only_fills_in_its_time() {
    let mut row = sending();
    advance(&mut row, &fact(What::Delivered, 5), None);
    advance(&mut row, &fact(sent(), 2), None);
    assert_eq!((row.status, row.sent_at, row.delivered_at), (MessageStatus::Delivered, Some(at(2)), Some(at(5))));
}

#[test]
fn a_receipt_without_an_acknowledgement_says_when_it_left_as_well_as_it_can() {
    let mut row = Progress { sending_at: Some(at(1)), ..sending() };
    advance(&mut row, &fact(What::Delivered, 5), Some(7));
    assert_eq!((row.sent_at, row.chat_id), (Some(at(1)), Some(7)));
    advance(&mut row, &fact(sent(), 2), None);
    assert_eq!(row.sent_at, Some(at(2)), "the acknowledgement knows better");
    advance(&mut row, &fact(sent(), 4), None);
    assert_eq!(row.sent_at, Some(at(2)), "a repeated one does not");
}

#[test]
fn a_repeated_receipt_changes_nothing() {
    let mut row = sending();
    advance(&mut row, &fact(What::Delivered, 5), None);
    assert_eq!(advance(&mut row, &fact(What::Delivered, 9), None), Step::Nothing);
    assert_eq!(row.delivered_at, Some(at(5)));
}

#[test]
fn a_late_receipt_revives_what_failed_as_unconfirmed_and_leaves_it_restored() {
    let mut row = Progress {
        status: MessageStatus::Failed,
        failure: Some(FailureReason::Unconfirmed),
        failed_at: Some(at(60)),
        restored: true,
        ..sending()
    };
    assert!(matches!(advance(&mut row, &fact(What::Delivered, 90), None), Step::Noted(_)));
    assert_eq!((row.status, row.failure, row.restored), (MessageStatus::Delivered, None, true));
    assert_eq!(row.failed_at, Some(at(60)), "the ledger's RESTORE still has its cause");
}

#[test]
fn no_receipt_revives_what_failed_for_another_reason_or_was_canceled() {
    for status in [MessageStatus::Failed, MessageStatus::Canceled] {
        let mut row = Progress { status, failure: Some(FailureReason::NotOnWhatsapp), ..sending() };
        assert!(matches!(advance(&mut row, &fact(What::Read, 5), None), Step::Noted(_)));
        assert_eq!((row.status, row.read_at), (status, None));
    }
}

proptest! {
    #[test]
    fn whatever_order_facts_come_in_the_message_ends_the_same(order in Just(vec![0, 1, 2, 0, 2]).prop_shuffle()) {
        let facts = [fact(sent(), 1), fact(What::Delivered, 2), fact(What::Read, 3)];
        let mut row = sending();
        for n in order {
            let before = rank(row.status);
            advance(&mut row, &facts[n], None);
            prop_assert!(rank(row.status) >= before, "a status moved backwards");
        }
        prop_assert_eq!(row.status, MessageStatus::Read);
        prop_assert_eq!((row.sent_at, row.read_at), (Some(at(1)), Some(at(3))));
    }
}
