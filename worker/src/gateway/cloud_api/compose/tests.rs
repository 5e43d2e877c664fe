use bytes::Bytes;
use nhip_entity::message::RecipientKind;
use uuid::Uuid;

use super::*;

fn order(text: &str, file: Option<File>) -> Order {
    Order {
        account_id: Uuid::nil(),
        account_phone: "15105566777".to_owned(),
        message_id: "3EB0000000000000000F".to_owned(),
        recipient: "+1 415 123 1234".to_owned(),
        recipient_kind: RecipientKind::Phone,
        text: text.to_owned(),
        file,
        hand_overs_before: 0,
    }
}

fn file(mime: &str, size: usize) -> File {
    File { name: "a file.bin".to_owned(), mime: mime.to_owned(), bytes: Bytes::from(vec![0; size]) }
}

fn template() -> Template {
    Template { name: "order_update".to_owned(), language: "en_US".to_owned() }
}

fn kind(mime: &str, size: usize, text: &str) -> &'static str {
    Attachment::of(&file(mime, size), text).unwrap().kind
}

fn refusal<T: std::fmt::Debug>(result: Result<T, Unsent>) -> (FailureReason, String) {
    match result.unwrap_err() {
        Unsent::Failed { reason, detail } => (reason, detail),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_text_carries_our_id_for_callbacks() {
    let address = Address::of("+1 415 123 1234").unwrap();
    let request = Draft::text(&order("hi", None)).unwrap().request(&address, "3EB0000000000000000F");
    assert_eq!(
        request,
        json!({"messaging_product": "whatsapp", "recipient_type": "individual", "to": "+14151231234", "type": "text",
            "text": {"body": "hi"}, "biz_opaque_callback_data": "3EB0000000000000000F"})
    );
}

#[test]
fn a_file_goes_as_what_is_in_it() {
    for (mime, text, expected) in [
        ("image/jpeg", "hi", "image"),
        ("image/png", "", "image"),
        ("image/webp", "", "document"),
        ("video/mp4", "hi", "video"),
        ("video/x-m4v", "", "video"),
        ("audio/mpeg", "", "audio"),
        ("audio/opus", "", "audio"),
        ("audio/ogg", "", "document"),
        ("application/pdf", "hi", "document"),
        ("text/csv", "", "document"),
        ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "", "document"),
    ] {
        assert_eq!(kind(mime, 1, text), expected, "{mime}");
    }
}

#[test]
fn meta_is_told_the_types_that_it_knows() {
    for (sniffed, told) in [
        ("audio/opus", "audio/ogg"),
        ("audio/m4a", "audio/mp4"),
        ("video/x-m4v", "video/mp4"),
        ("text/csv", "text/plain"),
        ("text/x-shellscript", "text/plain"),
    ] {
        assert_eq!(Attachment::of(&file(sniffed, 1), "").unwrap().mime, told);
    }
}

#[test]
fn any_other_file_goes_as_a_document_under_its_own_type() {
    for (mime, name, told) in [
        ("image/gif", "a cat.gif", "file.gif"),
        ("video/quicktime", "clip.MOV", "file.MOV"),
        ("application/zip", "họp.zip", "file.zip"),
        ("application/octet-stream", "no extension", "file.bin"),
        ("application/json", "odd.\"x", "file.bin"),
    ] {
        let file = File { name: name.to_owned(), ..file(mime, 1) };
        let expected = Attachment { kind: "document", mime: mime.to_owned(), upload_name: told.to_owned() };
        assert_eq!(Attachment::of(&file, "").unwrap(), expected);
        let draft = Draft::file(&order("", None), &file, &expected, "77");
        assert_eq!(draft.content, json!({"id": "77", "filename": name}));
    }
}

#[test]
fn opus_of_several_channels_is_not_played() {
    let opus = |channels: u8| {
        let mut bytes = vec![0; 47];
        bytes[28..36].copy_from_slice(b"OpusHead");
        (bytes[36], bytes[37]) = (1, channels);
        File { bytes: Bytes::from(bytes), ..file("audio/opus", 0) }
    };
    assert_eq!(Attachment::of(&opus(1), "").unwrap().kind, "audio");
    assert_eq!(Attachment::of(&opus(2), "").unwrap().kind, "document");
}

#[test]
fn an_upload_is_named_as_its_type() {
    for (mime, name) in [("audio/opus", "file.ogg"), ("text/csv", "file.txt"), ("image/jpeg", "file.jpg")] {
        assert_eq!(Attachment::of(&file(mime, 1), "").unwrap().upload_name, name);
    }
}

#[test]
fn sound_with_a_text_goes_as_a_document() {
    assert_eq!(kind("audio/mpeg", 1, "listen"), "document");
}

#[test]
fn what_is_too_large_to_be_shown_goes_as_a_document() {
    assert_eq!(kind("image/png", 5_000_000, ""), "image");
    assert_eq!(kind("image/png", 5_000_001, ""), "document");
}

#[test]
fn a_documents_name_goes_along_and_an_images_does_not() {
    let draft = |mime: &str, text: &str| {
        let (order, file) = (order(text, None), file(mime, 1));
        Draft::file(&order, &file, &Attachment::of(&file, text).unwrap(), "77").content
    };
    assert_eq!(draft("application/pdf", "hi"), json!({"id": "77", "caption": "hi", "filename": "a file.bin"}));
    assert_eq!(draft("image/png", ""), json!({"id": "77"}));
}

#[test]
fn what_is_too_long_fails_before_anything_is_sent() {
    assert!(Draft::text(&order(&"x".repeat(4_096), None)).is_ok());
    let (reason, detail) = refusal(Draft::text(&order(&"x".repeat(4_097), None)));
    assert_eq!(reason, FailureReason::WhatsappError);
    assert!(detail.contains("4096") && detail.contains("4097") && detail.contains("shorten"), "{detail}");
    assert!(Attachment::of(&file("image/png", 1), &"x".repeat(1_025)).is_err());
    assert!(Draft::text(&order(&"😀".repeat(2_049), None)).is_err(), "counted as WhatsApp's apps do");
}

#[test]
fn a_template_has_the_text_on_one_line() {
    let draft = Draft::template(&order("Your order\nis\t\there.    Bye", None), &template()).unwrap();
    assert_eq!(draft.content["components"][0]["parameters"][0]["text"], "Your order is here. Bye");
    assert_eq!(draft.content["language"], json!({"code": "en_US", "policy": "deterministic"}));
}

#[test]
fn a_template_carries_no_file() {
    let (reason, _) = refusal(Draft::template(&order("hi", Some(file("image/png", 1))), &template()));
    assert_eq!(reason, FailureReason::OutsideReplyWindow);
}

#[test]
fn people_are_reached_by_phone_or_jid() {
    for recipient in ["+14151231234", "14151231234@s.whatsapp.net", "14151231234:3@c.us"] {
        let address = Address::of(recipient).unwrap();
        assert_eq!(address, Address::Phone("14151231234".to_owned()), "{recipient}");
        assert_eq!(address.parts(), ("individual", "+14151231234".to_owned()));
        assert_eq!(address.jid(), "14151231234@s.whatsapp.net");
    }
}

#[test]
fn groups_are_reached_as_far_as_meta_has_them() {
    let id = "Y2FwaV9ncm91cDoxNzA1NTU1MDEzOToxMjAzNjM0MDQ2OTQyMzM4MjAZD";
    assert_eq!(Address::of(id).unwrap().parts(), ("group", id.to_owned()));
    let (reason, detail) = refusal(Address::of("120363012345678901@g.us"));
    assert_eq!(reason, FailureReason::InvalidRecipient);
    assert!(detail.contains("groups"), "{detail}");
    assert!(Address::of("123456789012345@lid").is_err());
    assert!(Address::of("nobody").is_err());
}
