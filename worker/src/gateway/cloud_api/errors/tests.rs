use super::*;

/// Meta's facts, gathered apart from the table: a code, its kind.
const FACTS: &str = "
    0 sender_auth, 3 sender_auth, 4 rate_limited, 10 sender_auth, 33 sender_config, 100 invalid_request, 190 sender_auth,
    368 account_restricted, 80007 rate_limited, 130429 rate_limited, 130472 not_delivered, 130497 not_delivered,
    131000 server_error, 131005 sender_auth, 131008 invalid_request, 131009 invalid_request, 131016 server_error,
    131020 invalid_recipient, 131021 invalid_recipient, 131026 not_on_whatsapp, 131030 invalid_recipient,
    131031 account_restricted, 131037 sender_config, 131041 invalid_recipient, 131042 sender_config, 131045 sender_config,
    131047 window_closed, 131048 rate_limited, 131049 not_delivered, 131050 not_delivered, 131051 invalid_request,
    131052 media_error, 131053 media_error, 131056 pair_limited, 131057 rate_limited, 131064 rate_limited,
    131204 invalid_request, 131207 group_closed, 131208 pair_limited, 132000 template, 132001 template, 132005 template,
    132007 template, 132012 template, 132015 template, 132016 template, 133010 sender_config, 133016 rate_limited,
    135000 invalid_request, 1 server_error, 2 server_error";

fn facts() -> impl Iterator<Item = (i64, &'static str)> {
    FACTS.split(',').map(|fact| {
        let (code, kind) = fact.trim().split_once(' ').unwrap();
        (code.parse().unwrap(), kind)
    })
}

fn error(code: i64, subcode: Option<i64>) -> GraphError {
    GraphError { code: Some(code), subcode, message: "(#1) As Meta says it".to_owned(), ..GraphError::default() }
}

/// What must come of a kind, whatever its code.
fn fits(kind: &str, verdict: Verdict) -> bool {
    match kind {
        "sender_auth" | "sender_config" => matches!(verdict, Stop(LoggedOut, TokenExpired | TokenRefused)),
        "account_restricted" => matches!(verdict, Stop(Banned, TemporaryBan | Locked)),
        "rate_limited" => matches!(verdict, HoldLane(1..=900)),
        "pair_limited" => verdict == HoldRecipient,
        "server_error" => verdict == Retry,
        "not_on_whatsapp" => verdict == Fail(NotOnWhatsapp),
        "invalid_recipient" => verdict == Fail(InvalidRecipient),
        "window_closed" | "template" => verdict == Fail(OutsideReplyWindow),
        "media_error" => verdict == Fail(FileRejected),
        "group_closed" => verdict == Fail(GroupReadOnly),
        "not_delivered" => verdict == Fail(WhatsappError),
        "invalid_request" => matches!(verdict, Fail(WhatsappError | InvalidRecipient | FileTypeUnsupported)),
        _ => panic!("{kind}"),
    }
}

#[test]
fn every_code_does_what_its_kind_asks_for() {
    for (code, kind) in facts() {
        assert!(fits(kind, error(code, None).verdict()), "{code} {kind}: {:?}", error(code, None).verdict());
    }
}

#[test]
fn every_row_is_a_known_fact_and_stands_once() {
    let (mut rows, mut known) = (codes().collect::<Vec<_>>(), facts().map(|(code, _)| code).collect::<Vec<_>>());
    rows.sort_unstable();
    known.sort_unstable();
    assert_eq!(rows, known);
}

#[test]
fn a_token_that_ran_out_is_told_from_one_that_was_withdrawn() {
    assert_eq!(error(190, Some(463)).verdict(), Stop(LoggedOut, TokenExpired));
    assert_eq!(error(190, Some(460)).verdict(), Stop(LoggedOut, TokenRefused));
}

#[test]
fn an_unknown_number_of_ours_is_told_from_an_unknown_recipient() {
    assert_eq!(error(100, Some(33)).verdict(), Stop(LoggedOut, TokenRefused));
    assert_eq!(error(100, None).verdict(), Fail(InvalidRecipient));
}

#[test]
fn a_code_that_nobody_knows_fails_the_message_alone() {
    assert_eq!(error(139_999, None).verdict(), Fail(WhatsappError));
    assert_eq!(error(139_999, None).failure(), WhatsappError);
}

#[test]
fn a_message_that_was_taken_and_then_hit_a_limit_fails_as_that() {
    assert_eq!(error(131_056, None).failure(), RateLimited);
    assert_eq!(error(130_429, None).failure(), RateLimited);
}

#[test]
fn a_failure_that_meta_does_not_explain_ends_its_message_alone() {
    assert_eq!(GraphError::default().verdict(), Fail(WhatsappError));
}

#[test]
fn who_reads_an_error_is_told_what_to_do() {
    insta::assert_snapshot!(error(131_047, None).explain(), @"Meta's error 131047: (#1) As Meta says it; the recipient did not write within the last 24 h: wait for a reply, or set a template for the account");
}
