use super::*;

const PHONE: &str = "+1202555";

fn now() -> DateTime<Utc> {
    "2026-11-22T12:00:00Z".parse().unwrap()
}

fn jid(phone: &str) -> String {
    format!("{}@s.whatsapp.net", phone.trim_start_matches('+'))
}

/// The script of a message's arrival for the `times`-th time, a second after the one before.
fn arrive(jid: &str, times: i32, has_file: bool) -> Script {
    script(&Arrival {
        jid,
        message_id: "3EB09FCC85FE99662E46",
        text: "hello",
        has_file,
        times,
        first_at: now(),
        now: now() + Duration::from_secs(u64::try_from(times - 1).unwrap()),
    })
}

fn contact(last: &str, times: i32) -> Script {
    arrive(&jid(&format!("{PHONE}{last}")), times, false)
}

/// The script in words: reception, the answer and the events, each with its milliseconds after the first arrival.
fn told(script: &Script) -> String {
    let ms = |at: DateTime<Utc>| (at - now()).num_milliseconds();
    let answer = match &script.answer {
        Answer::Never => "no answer".to_owned(),
        Answer::At(at, Ok(taken)) => format!("{} taken {}", ms(*at), taken.chat.jid.split('@').next().unwrap()),
        Answer::At(at, Err(Unsent::Failed { reason, .. })) => format!("{} {}", ms(*at), <&str>::from(reason)),
        Answer::At(at, Err(Unsent::Retry { .. })) => format!("{} retry", ms(*at)),
        Answer::At(at, Err(Unsent::Later { wait, .. })) => format!("{} rate limited {wait:?}", ms(*at)),
        Answer::At(at, Err(other)) => format!("{} {other:?}", ms(*at)),
    };
    let event = |due: &Due| {
        let what = match &due.event {
            GatewayEvent::Receipt { what: ReceiptKind::Failed { reason, .. }, at, .. } => {
                format!("{}@{}", <&str>::from(reason), ms(*at))
            }
            GatewayEvent::Receipt { what, at, .. } => format!("{what:?}@{}", ms(*at)),
            GatewayEvent::Account { state, reason, until, .. } => {
                let reason = reason.map_or("-", <&str>::from);
                format!("{} {reason} {:?}", <&str>::from(state), until.map(ms))
            }
            GatewayEvent::Incoming { chat, at } => format!("from {} {:?}@{}", chat.jid, chat.name, ms(*at)),
        };
        format!("{} {what}", ms(due.at))
    };
    let events: Vec<_> = script.events.iter().map(event).collect();
    format!("{:?} | {answer} | {}", script.reception, events.join(", "))
}

#[test]
fn a_usual_number_gets_it_and_reads_it() {
    let usual = "Taken | 50 taken 12025550100 | 250 Delivered@250, 1250 Read@1250";
    assert_eq!(told(&contact("0100", 1)), usual);
    assert_eq!(told(&arrive(&jid("+4915112345678"), 1, true)), usual.replace("12025550100", "4915112345678"));
}

#[test]
fn a_repeat_is_dropped_and_acknowledged() {
    assert_eq!(told(&contact("0100", 2)), "Repeated | 1050 taken 12025550100 | ");
}

#[test]
fn a_number_without_whatsapp_fails() {
    assert_eq!(told(&contact("0101", 1)), "Refused | 50 NOT_ON_WHATSAPP | ");
}

#[test]
fn a_server_error_stays() {
    assert_eq!(told(&contact("0102", 1)), "Refused | 50 retry | ");
    assert_eq!(told(&contact("0102", 4)), "Refused | 3050 retry | ");
}

#[test]
fn two_server_errors_pass() {
    assert_eq!(told(&contact("0103", 1)), "Refused | 50 retry | ");
    assert_eq!(told(&contact("0103", 2)), "Refused | 1050 retry | ");
    assert_eq!(told(&contact("0103", 3)), "Taken | 2050 taken 12025550103 | 2250 Delivered@2250, 3250 Read@3250");
    assert_eq!(told(&contact("0103", 4)), "Repeated | 3050 taken 12025550103 | ");
}

#[test]
fn receipts_may_be_missing_reversed_or_many() {
    assert_eq!(told(&contact("0104", 1)), "Taken | 50 taken 12025550104 | ");
    assert_eq!(told(&contact("0105", 1)), "Taken | 50 taken 12025550105 | 250 Delivered@250");
    assert_eq!(told(&contact("0106", 1)), "Taken | 50 taken 12025550106 | 1250 Read@1250");
    assert_eq!(told(&contact("0107", 1)), "Taken | 50 taken 12025550107 | 1250 Read@1250, 1450 Delivered@250");
    assert_eq!(contact("0108", 1).events.len(), 6);
}

#[test]
fn a_lost_acknowledgement_comes_after_a_resend_and_so_do_the_receipts_once() {
    assert_eq!(told(&contact("0109", 1)), "Taken | no answer | ");
    assert_eq!(told(&contact("0109", 2)), "Repeated | 1050 taken 12025550109 | 1250 Delivered@1250, 2250 Read@2250");
    assert_eq!(told(&contact("0109", 3)), "Repeated | 2050 taken 12025550109 | ");
}

#[test]
fn a_late_acknowledgement_comes_30_s_after_the_first_arrival_whatever_was_resent() {
    assert_eq!(
        told(&contact("0110", 1)),
        "Taken | 30000 taken 12025550110 | 30000 Sent@30000, 30200 Delivered@30200, 31200 Read@31200"
    );
    assert_eq!(told(&contact("0110", 17)), "Repeated | 30000 taken 12025550110 | ");
    assert_eq!(told(&contact("0110", 41)), "Repeated | 40050 taken 12025550110 | ");
}

#[test]
fn a_failure_may_follow() {
    assert_eq!(told(&contact("0111", 1)), "Taken | 50 taken 12025550111 | 5050 WHATSAPP_ERROR@5050");
    assert_eq!(told(&contact("0112", 1)), "Taken | 50 taken 12025550112 | 250 Delivered@250, 1250 WHATSAPP_ERROR@1250");
}

#[test]
fn a_rate_limit_passes() {
    assert_eq!(told(&contact("0113", 1)), "Refused | 50 rate limited 5s | ");
    assert_eq!(contact("0113", 2).reception, Reception::Taken);
}

#[test]
fn a_lock_on_new_chats_fails_the_message_and_shows_on_the_account() {
    assert_eq!(
        told(&contact("0114", 1)),
        "Refused | 50 NEW_CHATS_RESTRICTED | 0 RESTRICTED NEW_CHATS_LOCKED Some(60000), 60000 CONNECTED - None"
    );
}

#[test]
fn a_file_is_rejected_where_text_goes_through() {
    assert_eq!(told(&arrive(&jid("+12025550115"), 1, true)), "Refused | 50 FILE_REJECTED | ");
    assert_eq!(contact("0115", 1).reception, Reception::Taken);
}

#[test]
fn another_spelling_of_a_number_is_known_by_its_canonical_one() {
    assert_eq!(table::canonical(&jid("+12025550116")), jid("+12025550100"));
    assert_eq!(table::canonical(&jid("+12025550117")), jid("+12025550117"));
}

#[test]
fn a_lost_connection_is_back_after_2_s_and_the_next_attempt_goes_through() {
    let lost = "Refused | 50 Disconnected | 0 RECONNECTING NETWORK None, 2000 CONNECTED - None";
    assert_eq!(told(&contact("0117", 1)), lost);
    assert_eq!(contact("0117", 2).reception, Reception::Taken);
}

#[test]
fn a_log_out_waits_for_a_person() {
    assert_eq!(told(&contact("0118", 1)), "Refused | 50 Disconnected | 0 LOGGED_OUT LOGGED_OUT_ON_PHONE None");
    assert_eq!(contact("0118", 2).reception, Reception::Taken);
}

#[test]
fn a_ban_ends_after_60_s() {
    assert_eq!(
        told(&contact("0119", 1)),
        "Refused | 50 Disconnected | 0 BANNED TEMPORARY_BAN Some(60000), 60000 CONNECTED - None"
    );
    assert_eq!(contact("0119", 2).reception, Reception::Taken);
}

#[test]
fn an_echo_comes_as_a_chat_of_that_name() {
    let echo = r#"550 from 12025550121@s.whatsapp.net Some("echo: hello")@550"#;
    assert_eq!(
        told(&contact("0121", 1)),
        format!("Taken | 50 taken 12025550121 | 250 Delivered@250, {echo}, 1250 Read@1250")
    );
}

#[test]
fn groups_go_through_or_say_why_not() {
    let group = |last: &str| arrive(&format!("120363000000000{last}@g.us"), 1, false);
    assert_eq!(told(&group("001")), "Taken | 50 taken 120363000000000001 | 250 Delivered@250, 1250 Read@1250");
    assert_eq!(told(&group("002")), "Refused | 50 GROUP_NOT_MEMBER | ");
    assert_eq!(told(&group("003")), "Refused | 50 GROUP_READ_ONLY | ");
    assert_eq!(told(&group("005")), "Refused | 50 INVALID_RECIPIENT | ");
    assert_eq!(told(&group("777")), "Refused | 50 INVALID_RECIPIENT | ");
}

#[test]
fn chats_that_come_with_a_new_account_have_names() {
    assert_eq!(known_chat("120363000000000001@g.us").name.as_deref(), Some("Team"));
    assert_eq!(known_chat(&jid("+12025550100")).name.as_deref(), Some("Ada Example"));
    assert_eq!(known_chat(&jid("+12025550104")).name, None);
}
