//! What leaves, and what is heard of it.

use nhip_tests::{
    Fault, Meta, Report,
    Shape::{self, Embedded, ScaledOut},
    Shop,
    web_server::{self, WebServer},
};
use rstest::rstest;
use serde_json::json;
use tokio::net::TcpStream;

use super::{ADA, BOB, options, shop};

pub(super) const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89";
pub(super) const ZIP: &[u8] = b"PK\x03\x04\x14\0\0\0\0\0";
const MP3: &[u8] = b"ID3\x03\0\0\0\0\0\x0a\0\0\0\0\0\0\0\0\0\0";

#[rstest]
#[tokio::test]
async fn a_text_is_sent_delivered_read_and_paid(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, number) = shop(&app, &meta).await;
    let id = shop.send(ADA, "hello over the cloud").await;
    let message = shop.message_with_status(&id, "READ").await;
    let arrived = meta.arrived();
    assert_eq!(arrived.len(), 1, "{arrived:?}");
    assert_eq!((arrived[0].kind.as_str(), &arrived[0].content), ("text", &json!({"body": "hello over the cloud"})));
    assert_eq!((&arrived[0].number, arrived[0].id.as_str()), (&number.id, message.whatsapp_id()));
    assert_eq!(message.chat.unwrap().jid, "12025550160@s.whatsapp.net");
    assert_eq!((message.credits_restored, shop.credits().await), (false, 99));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn statuses_may_come_twice_and_in_any_order(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.report_of(ADA, Report::Doubled);
    meta.report_of(BOB, Report::Reversed);
    for phone in [ADA, BOB] {
        let id = shop.send(phone, "in any order").await;
        let message = shop.message_with_status(&id, "READ").await;
        assert!(message.sent_at.is_some() && message.delivered_at.is_some(), "{message:?}");
    }
    assert_eq!(shop.credits().await, 98);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_message_that_fails_after_it_was_taken_is_restored(#[values(Embedded, ScaledOut)] shape: Shape) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    meta.report_of(ADA, Report::Failed(131_047));
    let id = shop.send(ADA, "far too late").await;
    let message = shop.message_with_status(&id, "FAILED").await;
    assert_eq!(message.failure.as_deref(), Some("OUTSIDE_REPLY_WINDOW"));
    let detail = message.failure_detail.unwrap();
    assert!(detail.contains("wait for a reply") && detail.contains("template"), "{detail}");
    assert_eq!(shop.credits().await, 100);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_file_is_uploaded_and_goes_in_one_message_with_its_text(#[values(Embedded, ScaledOut)] shape: Shape) {
    let files = WebServer::start(&[
        ("/a.png", |stream, _| Box::pin(serve(stream, "image/png", PNG))),
        ("/a.mp3", |stream, _| Box::pin(serve(stream, "audio/mpeg", MP3))),
        ("/a.txt", |stream, _| Box::pin(serve(stream, "text/csv", b"a,b\n1,2\n"))),
        ("/a.zip", |stream, _| Box::pin(serve(stream, "application/zip", ZIP))),
    ])
    .await;
    let meta = Meta::start().await;
    meta.take_any_file();
    let app = options(shape, &meta).set("NHIP_FILE_ALLOW_HOSTS", "127.0.0.1").start().await;
    let (shop, _) = shop(&app, &meta).await;
    for (path, text, kind, content) in [
        ("/a.png", "look at this", "image", json!({"caption": "look at this"})),
        ("/a.mp3", "", "audio", json!({})),
        ("/a.mp3", "listen to this", "document", json!({"caption": "listen to this", "filename": "a file.mp3"})),
        ("/a.txt", "", "document", json!({"filename": "a file.csv"})),
        ("/a.zip", "all of it", "document", json!({"caption": "all of it", "filename": "a file.zip"})),
    ] {
        let phone = format!("+1202555017{}", meta.arrived().len());
        let name = if path == "/a.txt" { "a file.csv" } else { "a file" };
        let body =
            json!({"action": "send", "phone": phone, "text": text, "file_url": files.url(path), "file_name": name});
        let id = shop.post(body).await.accepted();
        shop.message_with_status(&id, "READ").await;
        let mut arrived = meta.arrived_at(&phone);
        assert_eq!((arrived.len(), arrived[0].kind.as_str()), (1, kind), "{arrived:?}");
        let media = arrived[0].content["id"].take();
        arrived[0].content.as_object_mut().unwrap().remove("id");
        assert_eq!(arrived[0].content, content);
        assert!(meta.uploaded(media.as_str().unwrap()).is_some());
    }
    assert_eq!(meta.uploads(), 5);
    app.finish().await;
}

async fn set_template(shop: &Shop<'_>) {
    let input = json!({"accountId": shop.till().await.id, "name": "order_update", "language": "en_US"});
    shop.mutate("setAccountTemplate", "SetAccountTemplateInput", input, "{ template { name language } }").await;
}

pub(super) async fn serve(mut stream: TcpStream, mime: &str, body: &[u8]) -> std::io::Result<()> {
    web_server::answer(&mut stream, &format!("200 OK\r\ncontent-type: {mime}"), body).await
}

#[rstest]
#[tokio::test]
async fn a_group_that_was_made_through_the_api_is_written_to_by_metas_id_of_it_and_by_its_chat(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    const GROUP: &str = "Y2FwaV9ncm91cDoxNTEwNTU2Njc3NzoxMjAzNjMwMTIzNDU2Nzg5MDE=";
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, _) = shop(&app, &meta).await;
    let id = shop.post(json!({"action": "send", "jid": GROUP, "text": "to all of you"})).await.accepted();
    let message = shop.message_with_status(&id, "READ").await;
    let chat = message.chat.unwrap();
    assert_eq!((chat.jid.as_str(), chat.kind.as_str(), chat.phone), (GROUP, "GROUP", None));
    let id = shop.post(json!({"action": "send", "chat_id": chat.id, "text": "and once more"})).await.accepted();
    let message = shop.message_with_status(&id, "READ").await;
    assert_eq!(message.chat.unwrap().id, chat.id);
    let arrived: Vec<_> =
        meta.arrived().into_iter().map(|message| (message.recipient_type, message.to, message.content)).collect();
    let to_group = |text: &str| ("group".to_owned(), GROUP.to_owned(), json!({ "body": text }));
    assert_eq!(arrived, [to_group("to all of you"), to_group("and once more")]);
    assert_eq!(shop.credits().await, 98);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn who_is_known_by_other_digits_than_they_are_called_by_has_one_chat_and_one_window(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    const GIVEN: &str = "+5531988887777";
    const KNOWN: &str = "+553188887777";
    let meta = Meta::start().await;
    meta.knows_as(GIVEN, KNOWN);
    let app = options(shape, &meta).start().await;
    let (shop, number) = shop(&app, &meta).await;
    let account = shop.till().await;
    let input = json!({"accountId": account.id, "name": "order_update", "language": "pt_BR"});
    shop.mutate("setAccountTemplate", "SetAccountTemplateInput", input, "{ template { name } }").await;
    let id = shop.send(GIVEN, "Nobody wrote yet").await;
    let chat = shop.message_with_status(&id, "READ").await.chat.unwrap();
    assert_eq!(chat.jid, "553188887777@s.whatsapp.net");
    meta.writes(KNOWN, &number, "Rosa").await;
    let rosa = async || shop.chats().await.into_iter().any(|chat| chat.name == "Rosa");
    nhip_tests::until("Rosa wrote", std::time::Duration::from_secs(20), rosa).await;
    let id = shop.send(GIVEN, "Thanks for writing").await;
    assert_eq!(shop.message_with_status(&id, "READ").await.chat.unwrap().id, chat.id);
    let kinds: Vec<_> = meta.arrived().into_iter().map(|message| message.kind).collect();
    assert_eq!(kinds, ["template", "text"]);
    assert_eq!(shop.chats().await.len(), 1);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn past_the_window_the_template_carries_the_text_and_within_it_the_text_goes_freely(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, number) = shop(&app, &meta).await;
    set_template(&shop).await;
    let id = shop.send(ADA, "Your order\nis here").await;
    shop.message_with_status(&id, "READ").await;
    meta.writes(BOB, &number, "Bob").await;
    let bob = async || shop.chats().await.into_iter().any(|chat| chat.name == "Bob");
    nhip_tests::until("Bob's chat is there", std::time::Duration::from_secs(20), bob).await;
    let id = shop.send(BOB, "Thanks for writing").await;
    shop.message_with_status(&id, "READ").await;

    let kinds: Vec<_> = meta.arrived().into_iter().map(|message| (message.kind, message.content)).collect();
    assert_eq!(kinds[0].0, "template");
    assert_eq!(kinds[0].1["components"][0]["parameters"][0]["text"], "Your order is here");
    assert_eq!(kinds[1], ("text".to_owned(), json!({"body": "Thanks for writing"})));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn where_meta_knows_better_that_the_window_is_closed_the_template_carries_the_text(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let meta = Meta::start().await;
    let app = options(shape, &meta).start().await;
    let (shop, number) = shop(&app, &meta).await;
    set_template(&shop).await;
    meta.writes(BOB, &number, "Bob").await;
    let bob = async || shop.chats().await.into_iter().any(|chat| chat.name == "Bob");
    nhip_tests::until("Bob's chat is there", std::time::Duration::from_secs(20), bob).await;
    meta.on(BOB, [Fault::Error(131_047)]);
    let id = shop.send(BOB, "a moment too late").await;
    shop.message_with_status(&id, "READ").await;
    let kinds: Vec<_> = meta.arrived_at(BOB).into_iter().map(|message| message.kind).collect();
    assert_eq!((kinds.as_slice(), meta.asked(BOB)), (["template".to_owned()].as_slice(), 2));
    assert_eq!(shop.credits().await, 99);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn what_no_template_carries_meta_judges_where_nobody_knows_of_a_window(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let files = WebServer::start(&[("/a.png", |stream, _| Box::pin(serve(stream, "image/png", PNG)))]).await;
    let meta = Meta::start().await;
    let app = options(shape, &meta).set("NHIP_FILE_ALLOW_HOSTS", "127.0.0.1").start().await;
    let (shop, _) = shop(&app, &meta).await;
    set_template(&shop).await;
    let long = "too long for a template ".repeat(50);
    let file = json!({"action": "send", "phone": BOB, "file_url": files.url("/a.png"), "file_name": "a"});
    let ids = [shop.send(ADA, &long).await, shop.post(file.clone()).await.accepted()];
    for id in &ids {
        shop.message_with_status(id, "READ").await;
    }
    let kinds: Vec<_> = [ADA, BOB].map(|phone| meta.arrived_at(phone).remove(0).kind).into();
    assert_eq!(kinds, ["text", "image"]);
    meta.on(BOB, [Fault::Error(131_047)]);
    let id = shop.post(file).await.accepted();
    let message = shop.message_with_status(&id, "FAILED").await;
    assert_eq!(message.failure.as_deref(), Some("OUTSIDE_REPLY_WINDOW"));
    assert_eq!(shop.credits().await, 98);
    app.finish().await;
}
