use super::*;

/// What each code does, written down apart from the table: a code (and what kind of it), what Meta's documentation takes it
/// for, what we do, and why that is not what such a code does by itself.
const CODES: &str = include_str!("codes.csv");
/// What owners read about it.
const GUIDE: &str = include_str!("../../../../../docs/cloud-api.md");

struct Known {
    code: i64,
    subcode: Option<i64>,
    kind: &'static str,
    does: &'static str,
    why: &'static str,
}

fn known() -> impl Iterator<Item = Known> {
    CODES.lines().skip(1).map(|line| {
        let fields: Vec<&str> = line.splitn(5, ',').collect();
        let [code, subcode, kind, does, why] = fields[..] else { panic!("{line}") };
        Known { code: code.parse().unwrap(), subcode: subcode.parse().ok(), kind, does, why }
    })
}

fn error(code: i64, subcode: Option<i64>) -> GraphError {
    GraphError { code: Some(code), subcode, message: "(#1) As Meta says it".to_owned(), ..GraphError::default() }
}

fn in_words(verdict: Verdict) -> String {
    match verdict {
        Fail(reason) => format!("fail {}", <&str>::from(reason)),
        Retry => "retry".to_owned(),
        HoldRecipient => "hold recipient".to_owned(),
        HoldLane(seconds) => format!("hold account {seconds} s"),
        Stop(state, reason) => format!("stop {} {}", <&str>::from(state), <&str>::from(reason)),
    }
}

/// What a kind does by itself.
fn usual(kind: &str) -> &'static str {
    match kind {
        "sender_auth" | "sender_config" => "stop LOGGED_OUT TOKEN_REFUSED",
        "account_restricted" => "stop BANNED LOCKED",
        "rate_limited" => "hold account",
        "server_error" => "retry",
        "not_on_whatsapp" => "fail NOT_ON_WHATSAPP",
        "invalid_recipient" => "fail INVALID_RECIPIENT",
        "window_closed" => "fail OUTSIDE_REPLY_WINDOW",
        "media_error" => "fail FILE_REJECTED",
        "not_delivered" | "invalid_request" => "fail WHATSAPP_ERROR",
        _ => panic!("{kind}"),
    }
}

#[test]
fn every_code_does_what_is_written_down() {
    for Known { code, subcode, does, .. } in known() {
        assert_eq!(in_words(error(code, subcode).verdict()), does, "{code} {subcode:?}");
    }
}

#[test]
fn whatever_does_not_do_what_its_kind_does_says_why_and_so_does_the_guide() {
    for Known { code, kind, does, why, .. } in known() {
        assert_eq!(does.starts_with(usual(kind)), why.is_empty(), "{code} is {kind}, and does: {does} ({why})");
        assert!(why.is_empty() || GUIDE.contains(&code.to_string()), "docs/cloud-api.md says nothing of {code}");
    }
}

#[test]
fn every_row_is_a_known_code_and_stands_once() {
    // Permissions have a hundred codes, and no row.
    let whole = known().filter(|known| known.subcode.is_none() && !(200..=299).contains(&known.code));
    let (mut rows, mut known) = (codes().collect::<Vec<_>>(), whole.map(|known| known.code).collect::<Vec<_>>());
    rows.sort_unstable();
    known.sort_unstable();
    assert_eq!(rows, known);
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
fn a_proof_that_is_not_taken_stops_the_account_and_no_message() {
    for message in [
        "Invalid appsecret_proof provided in the API argument",
        "(#100) API calls from the server require an appsecret_proof argument",
    ] {
        let error = GraphError { message: message.to_owned(), ..error(100, None) };
        assert_eq!(error.verdict(), Stop(LoggedOut, TokenRefused));
        assert!(error.explain().contains("app secret"), "{}", error.explain());
    }
}

#[test]
fn a_parameter_that_is_not_taken_is_the_recipients_fault_only_where_it_is_the_recipient() {
    let told = |message: &str, details: Option<&str>| {
        let (message, details) = (message.to_owned(), details.map(str::to_owned));
        GraphError { message, details, ..error(100, None) }.failure()
    };
    assert_eq!(told("(#100) Param to must be a phone number", None), InvalidRecipient);
    assert_eq!(told("(#100) Invalid parameter", Some("The value of 'to' is not valid")), InvalidRecipient);
    assert_eq!(told("(#100) Invalid parameter", Some("Unable to parse biz_opaque_callback_data")), WhatsappError);
}

#[test]
fn a_number_and_a_file_that_are_gone_are_known_without_their_kind() {
    let kind = Some("GraphMethodException".to_owned());
    assert_eq!(GraphError { kind, ..error(100, None) }.verdict(), Stop(LoggedOut, TokenRefused));
    let message = "(#100) Param image['id'] is not a valid whatsapp business account media attachment ID".to_owned();
    let kind = Some("OAuthException".to_owned());
    let lost = GraphError { kind, message, ..error(100, None) };
    assert!(lost.is_lost_file() && !lost.is_no_such_object());
    assert_eq!(lost.failure(), FileRejected);
}

#[test]
fn who_has_to_register_a_number_is_told_the_call_and_the_guide_has_it() {
    for code in [131_045, 133_010] {
        let explained = error(code, None).explain();
        assert!(explained.contains("/register") && !explained.contains("Manager"), "{explained}");
    }
    assert!(GUIDE.contains("/register") && GUIDE.contains("## What you need"));
}

#[test]
fn who_reads_an_error_is_told_what_to_do() {
    insta::assert_snapshot!(error(131_047, None).explain(), @"Meta's error 131047: (#1) As Meta says it; the recipient did not write within the last 24 h: wait for a reply, or set a template for the account");
}
