//! Each rule sees what it is there for, and nothing else.

use chrono::{DateTime, TimeDelta};

use super::{super::Call, super::Credits, *};

const ID: &str = "3EB0000000000000000A";
const OTHER: &str = "3EB0000000000000000B";

fn at(ms: i64) -> Stamp {
    DateTime::UNIX_EPOCH + TimeDelta::milliseconds(ms)
}

fn line(ms: i64, id: &str, text: &str, repeat: bool) -> Received {
    Received {
        at: at(ms),
        account: "+15105566777".to_owned(),
        id: id.to_owned(),
        to: "12025550100@s.whatsapp.net".to_owned(),
        kind: "text".to_owned(),
        text: text.to_owned(),
        file: None,
        repeat,
    }
}

fn stored(id: &str, text: &str) -> Stored {
    let (id, text) = (id.to_owned(), text.to_owned());
    Stored { id, text, status: MessageStatus::Sent, failure: None, hand_overs: 1, paid: 1 }
}

fn call(text: &str, told: Told) -> Call {
    Call { text: text.to_owned(), keyed: false, told }
}

fn blow(from: i64, to: i64, excuse: Excuse) -> Blow {
    Blow { kind: "a kill", from: at(from), to: at(to), excuse }
}

/// Two calls that were accepted and sent, a second apart.
fn all_well() -> Evidence {
    Evidence {
        shortest: Duration::from_millis(100),
        in_order: true,
        calls: vec![
            call("one", Told::Accepted(format!("wa_backend:{ID}"))),
            call("two", Told::Accepted(format!("wa_backend:{OTHER}"))),
        ],
        blows: Vec::new(),
        messages: vec![stored(ID, "one"), stored(OTHER, "two")],
        received: vec![line(1_000, ID, "one", false), line(2_000, OTHER, "two", false)],
        credits: Credits { granted: 10, left: 8 },
    }
}

/// What is found once the evidence is changed.
fn found(change: impl FnOnce(&mut Evidence)) -> Vec<String> {
    let mut evidence = all_well();
    change(&mut evidence);
    all(&evidence)
}

fn assert_found(what: &str, change: impl FnOnce(&mut Evidence)) {
    let findings = found(change);
    assert!(findings.iter().any(|finding| finding.contains(what)), "{what:?} is not among {findings:?}");
}

#[test]
fn what_agrees_is_not_complained_of() {
    assert_eq!(found(|_| {}), Vec::<String>::new());
}

#[test]
fn an_accepted_message_that_is_lost_is_found() {
    assert_found("told otherwise", |it| drop(it.messages.remove(0)));
}

#[test]
fn a_refused_call_that_was_stored_all_the_same_is_found() {
    assert_found("told otherwise", |it| it.calls[0].told = Told::Refused("404".to_owned()));
}

#[test]
fn a_call_that_was_stored_twice_is_found() {
    assert_found("told otherwise", |it| {
        it.calls[0].told = Told::Nothing;
        it.messages.push(stored("3EB0000000000000000C", "one"));
    });
    assert!(found(|it| it.calls[0].told = Told::Nothing).is_empty(), "once is right");
}

#[test]
fn a_message_that_nobody_asked_for_is_found() {
    assert_found("nobody ever asked", |it| drop(it.calls.remove(0)));
    assert_found("which nobody accepted", |it| it.received.push(line(3_000, "3EB0000000000000000C", "three", false)));
}

#[test]
fn a_double_send_under_two_ids_is_found() {
    assert_found("several ids", |it| it.received[1].text = "one".to_owned());
}

#[test]
fn ends_that_contradict_what_whatsapp_received_are_found() {
    assert_found("no such end", |it| drop(it.received.remove(0)));
    assert_found("no such end", |it| it.messages[0].status = MessageStatus::Canceled);
    assert_found("no such end", |it| it.messages[0].status = MessageStatus::Sending);
    assert_found("no such end", |it| {
        (it.messages[0].status, it.messages[0].failure) = (MessageStatus::Failed, Some(FailureReason::WhatsappError));
    });
    assert_found("no such end", |it| {
        (it.messages[0].status, it.messages[0].failure) = (MessageStatus::Failed, Some(FailureReason::Unconfirmed));
    });
}

#[test]
fn a_repeat_needs_a_blow_that_explains_it() {
    let again = |it: &mut Evidence| it.received.insert(1, line(1_500, ID, "one", true));
    assert_found("repeated without cause", again);
    assert!(
        found(|it| {
            again(it);
            it.blows.push(blow(1_200, 1_300, Excuse::Repeat));
        })
        .is_empty()
    );
    for unrelated in
        [blow(500, 900, Excuse::Repeat), blow(1_600, 1_700, Excuse::Repeat), blow(1_200, 1_300, Excuse::Nothing)]
    {
        assert_found("repeated without cause", |it| {
            again(it);
            it.blows.push(unrelated);
        });
    }
}

#[test]
fn a_gap_that_is_too_short_is_found_and_excused_once_per_freeze() {
    let close = |it: &mut Evidence| it.received[1].at = at(1_050);
    assert_found("between", close);
    assert!(
        found(|it| {
            close(it);
            it.blows.push(blow(0, 1_040, Excuse::Late));
        })
        .is_empty()
    );
    assert_found("between", |it| {
        close(it);
        it.blows.push(blow(0, 1_040, Excuse::Repeat));
    });
}

#[test]
fn an_overtaken_message_is_found_unless_order_does_not_matter() {
    let swap = |it: &mut Evidence| it.messages.swap(0, 1);
    assert_found("out of order", swap);
    assert!(
        found(|it| {
            swap(it);
            it.in_order = false;
        })
        .is_empty()
    );
}

#[test]
fn a_credit_too_many_is_found() {
    assert_found("were paid", |it| it.credits.left = 9);
}
