//! One suite for every way to WhatsApp: what a lane relies on, whichever gateway it sends through. Each gateway speaks to
//! its own WhatsApp, which is told to do the same to the same numbers.

mod stage;

use std::time::Duration;

use nhip_entity::{
    account::{AccountState, Gateway as Kind},
    chat::ChatKind,
    message::FailureReason,
};
use nhip_tests::{phone, until};
use nhip_worker::gateway::{Capability, File, GatewayEvent, Unsent};
use rstest::rstest;

use self::stage::Stage;

const SOON: Duration = Duration::from_mins(1);
/// A group that the built-in WhatsApp has the account in.
const GROUP: &str = "120363000000000001@g.us";

#[rstest]
#[tokio::test]
async fn a_text_is_handed_over_and_taken_once(#[values(Kind::Simulator, Kind::CloudApi)] kind: Kind) {
    let stage = Stage::of(kind).await;
    assert!(stage.can(Capability::Text));
    let (sent, handed_over) = stage.send(phone::USUAL, "3EB0000000000000000A").await;
    let taken = sent.unwrap();
    assert_eq!((taken.chat.jid.as_str(), taken.chat.kind), ("12025550100@s.whatsapp.net", ChatKind::Contact));
    assert!(handed_over);
    assert_eq!(stage.taken(), [("3EB0000000000000000A".to_owned(), "text".to_owned())]);
}

#[rstest]
#[tokio::test]
async fn what_is_no_address_is_refused_and_never_leaves(#[values(Kind::Simulator, Kind::CloudApi)] kind: Kind) {
    let stage = Stage::of(kind).await;
    let (sent, handed_over) = stage.send("not a number", "3EB0000000000000000A").await;
    assert_eq!(reason(sent), FailureReason::InvalidRecipient);
    assert!(!handed_over && stage.taken().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_number_without_whatsapp_fails_for_good(#[values(Kind::Simulator, Kind::CloudApi)] kind: Kind) {
    let stage = Stage::of(kind).await;
    let (sent, _) = stage.send(phone::NOT_ON_WHATSAPP, "3EB0000000000000000A").await;
    assert_eq!(reason(sent), FailureReason::NotOnWhatsapp);
    assert!(stage.taken().is_empty());
}

#[rstest]
#[tokio::test]
async fn a_servers_error_is_worth_another_try(#[values(Kind::Simulator, Kind::CloudApi)] kind: Kind) {
    let stage = Stage::of(kind).await;
    for _ in 0..2 {
        let (sent, _) = stage.send(phone::SERVER_ERROR_TWICE, "3EB0000000000000000A").await;
        assert!(matches!(sent, Err(Unsent::Retry { ref detail }) if !detail.is_empty()), "{sent:?}");
    }
    let (sent, _) = stage.send(phone::SERVER_ERROR_TWICE, "3EB0000000000000000A").await;
    assert!(sent.is_ok() && stage.taken().len() == 1, "{sent:?}");
}

#[rstest]
#[tokio::test]
async fn who_sends_too_fast_is_told_how_long_to_wait(#[values(Kind::Simulator, Kind::CloudApi)] kind: Kind) {
    let stage = Stage::of(kind).await;
    let (sent, _) = stage.send(phone::RATE_LIMITED_ONCE, "3EB0000000000000000A").await;
    let Err(Unsent::Later { wait, detail }) = sent else { panic!("{sent:?}") };
    assert!(wait >= Duration::from_secs(1) && !detail.is_empty());
    let (sent, _) = stage.send(phone::RATE_LIMITED_ONCE, "3EB0000000000000000A").await;
    assert!(sent.is_ok(), "{sent:?}");
}

#[rstest]
#[tokio::test]
async fn of_a_lost_acknowledgement_nobody_knows_and_a_safe_resend_does_not_double(
    #[values(Kind::Simulator, Kind::CloudApi)] kind: Kind,
) {
    let stage = Stage::of(kind).await;
    let (sent, _) = stage.send(phone::LOST_ACKNOWLEDGEMENT, "3EB0000000000000000A").await;
    assert_eq!(sent, Err(Unsent::Unknown));
    assert_eq!(stage.taken().len(), 1, "it arrived");
    if stage.can(Capability::SafeResend) {
        let (sent, _) = stage.send(phone::LOST_ACKNOWLEDGEMENT, "3EB0000000000000000A").await;
        assert!(sent.is_ok() && stage.taken().len() == 1, "{sent:?}");
    }
}

#[rstest]
#[tokio::test]
async fn a_logged_out_account_has_a_state_that_says_so(#[values(Kind::Simulator, Kind::CloudApi)] kind: Kind) {
    let stage = Stage::of(kind).await;
    let (sent, _) = stage.send(phone::LOGS_OUT, "3EB0000000000000000A").await;
    assert_eq!(sent, Err(Unsent::Disconnected));
    let is_told = |event: &GatewayEvent| {
        matches!(event, GatewayEvent::Account { state: AccountState::LoggedOut, reason: Some(_), .. })
    };
    until("the account is told to be logged out", SOON, async || stage.heard().iter().any(is_told)).await;
    assert!(stage.taken().is_empty());
}

#[rstest]
#[tokio::test]
async fn each_kind_of_file_goes_in_one_message_as_what_it_is(#[values(Kind::Simulator, Kind::CloudApi)] kind: Kind) {
    let stage = Stage::of(kind).await;
    let files = [
        (Capability::Image, "image/png", "", "image"),
        (Capability::Image, "image/jpeg", "with words", "image"),
        (Capability::Video, "video/mp4", "with words", "video"),
        (Capability::Audio, "audio/mpeg", "", "audio"),
        (Capability::Document, "audio/mpeg", "with words", "document"),
        (Capability::Document, "application/pdf", "with words", "document"),
    ];
    for (n, (capability, mime, text, shown)) in files.into_iter().enumerate() {
        assert!(stage.can(capability));
        let file = File { name: "a file".to_owned(), mime: mime.to_owned(), bytes: b"content".as_slice().into() };
        let id = format!("3EB000000000000000{n:02}");
        let (sent, _) = stage.send_file(phone::USUAL, &id, text, file).await;
        assert!(sent.is_ok(), "{mime}: {sent:?}");
        assert_eq!(stage.taken()[n..], [(id, shown.to_owned())], "{mime} {text}");
    }
}

#[rstest]
#[tokio::test]
async fn a_file_that_whatsapp_does_not_take_fails_for_good(#[values(Kind::Simulator, Kind::CloudApi)] kind: Kind) {
    let stage = Stage::of(kind).await;
    let file = File { name: "a".to_owned(), mime: "image/png".to_owned(), bytes: b"no image".as_slice().into() };
    let (sent, _) = stage.send_file(phone::REJECTS_FILES, "3EB0000000000000000A", "", file).await;
    assert_eq!(reason(sent), FailureReason::FileRejected);
}

#[rstest]
#[tokio::test]
async fn a_group_of_phones_is_written_to_by_whoever_can_and_else_refused_before_anything_leaves(
    #[values(Kind::Simulator, Kind::CloudApi)] kind: Kind,
) {
    let stage = Stage::of(kind).await;
    let (sent, handed_over) = stage.send(GROUP, "3EB0000000000000000A").await;
    if stage.can(Capability::Groups) {
        let taken = sent.unwrap();
        assert_eq!((taken.chat.jid.as_str(), taken.chat.kind), (GROUP, ChatKind::Group));
        assert_eq!((handed_over, stage.taken().len()), (true, 1));
    } else {
        assert_eq!(reason(sent), FailureReason::InvalidRecipient);
        assert!(!handed_over && stage.taken().is_empty());
    }
}

#[rstest]
#[tokio::test]
async fn whoever_can_check_numbers_sends_nothing_to_one_without_whatsapp_and_others_hear_of_it_later(
    #[values(Kind::Simulator, Kind::CloudApi)] kind: Kind,
) {
    let stage = Stage::of(kind).await;
    let (sent, _) = stage.send(stage.without_whatsapp(), "3EB0000000000000000A").await;
    if stage.can(Capability::NumberCheck) {
        assert_eq!(reason(sent), FailureReason::NotOnWhatsapp);
        assert!(stage.taken().is_empty());
    } else {
        assert!(sent.is_ok() && stage.taken().len() == 1, "only a report can tell: {sent:?}");
    }
}

#[rstest]
#[tokio::test]
async fn a_free_text_to_somebody_who_never_wrote_is_taken_of_whoever_can_send_it(
    #[values(Kind::Simulator, Kind::CloudApi)] kind: Kind,
) {
    let stage = Stage::of(kind).await;
    stage.mind_windows();
    let (cold, _) = stage.send(phone::USUAL, "3EB0000000000000000A").await;
    if stage.can(Capability::ColdText) {
        assert!(cold.is_ok() && stage.taken().len() == 1, "{cold:?}");
    } else {
        assert_eq!(reason(cold), FailureReason::OutsideReplyWindow);
        assert!(stage.taken().is_empty());
    }
    stage.hears_from(phone::USUAL).await;
    let (warm, _) = stage.send(phone::USUAL, "3EB0000000000000000B").await;
    assert!(warm.is_ok(), "{warm:?}");
}

fn reason<T: std::fmt::Debug>(sent: Result<T, Unsent>) -> FailureReason {
    match sent {
        Err(Unsent::Failed { reason, detail }) if !detail.is_empty() => reason,
        other => panic!("{other:?}"),
    }
}
