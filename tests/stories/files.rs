//! Messages with files, from the link to what the recipient gets.

use std::{io, time::Duration};

use nhip_tests::{
    Message, Options, Query,
    Shape::{self, Embedded, ScaledOut},
    Shop, TestApp, WebServer, phone, until,
    web_server::{Act, answer},
};
use rstest::rstest;
use serde_json::json;
use tokio::{net::TcpStream, time::sleep};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on";
const ACTS: &[(&str, Act)] = &[
    ("/logo", |stream, _| Box::pin(file(stream, Duration::ZERO))),
    ("/slow", |stream, _| Box::pin(file(stream, Duration::from_secs(2)))),
    ("/page", |mut stream, _| Box::pin(async move { answer(&mut stream, "200 OK", b"<!doctype html><title>x").await })),
    ("/large", |mut stream, _| Box::pin(async move { answer(&mut stream, "200 OK", &vec![7; 3_000_000]).await })),
    ("/hang", |stream, _| Box::pin(file(stream, Duration::from_mins(1)))),
    ("/gone", |mut stream, _| Box::pin(async move { answer(&mut stream, "404 Not Found", b"").await })),
];

async fn file(mut stream: TcpStream, after: Duration) -> io::Result<()> {
    sleep(after).await;
    answer(&mut stream, "200 OK", PNG).await
}

async fn app(shape: Shape) -> (TestApp, WebServer) {
    let app = Options::new(shape).credits(100).set("NHIP_FILE_ALLOW_HOSTS", "127.0.0.1").start().await;
    (app, WebServer::start(ACTS).await)
}

/// Sends a file, with `text` as its caption.
async fn send(shop: &Shop<'_>, to: &str, text: &str, url: &str) -> String {
    let body = json!({"action": "send", "phone": to, "text": text, "file_url": url, "file_name": "logo.png"});
    shop.post(body).await.accepted()
}

async fn failed(shop: &Shop<'_>, url: &str) -> Message {
    let id = send(shop, phone::USUAL, "", url).await;
    let message = shop.message_with_status(&id, "FAILED").await;
    assert!(message.credits_restored, "{message:?}");
    message
}

#[rstest]
#[tokio::test]
async fn a_file_goes_with_its_caption_and_costs_two(#[values(Embedded, ScaledOut)] shape: Shape) {
    let (app, server) = app(shape).await;
    let shop = app.shop().await;
    let with_text = send(&shop, phone::USUAL, "our new logo", &server.url("/logo")).await;
    shop.message_with_status(&with_text, "READ").await;
    assert_eq!(shop.credits().await, 98);
    let alone = send(&shop, phone::USUAL, "", &server.url("/logo")).await;
    shop.message_with_status(&alone, "READ").await;
    assert_eq!(shop.credits().await, 97);
    let received = app.received();
    assert_eq!((received.len(), server.asked()), (2, 2));
    for (line, text) in received.iter().zip(["our new logo", ""]) {
        let file = line.file.as_ref().expect("the line shows the file");
        assert_eq!((file["name"].as_str(), file["mime"].as_str()), (Some("logo.png"), Some("image/png")));
        assert_eq!((file["size"].as_u64(), line.text.as_str()), (Some(PNG.len() as u64), text));
        assert_eq!(file["sha256"].as_str().map(str::len), Some(64));
    }
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn links_that_lead_to_no_file_fail_with_the_reason_and_are_restored(#[values(Embedded, ScaledOut)] shape: Shape) {
    let (app, server) = app(shape).await;
    let shop = app.shop().await;
    let elsewhere = server.url("/logo").replace("127.0.0.1", "127.0.0.2");
    for (url, reason, said) in [
        (server.url("/page"), "FILE_NOT_DIRECT_LINK", "web page of 127.0.0.1"),
        (server.url("/large"), "FILE_TOO_LARGE", "2 MiB"),
        (server.url("/gone"), "FILE_UNREACHABLE", "404"),
        (elsewhere, "FILE_ADDRESS_REFUSED", "not a public address"),
        ("http://2130706434/".to_owned(), "FILE_ADDRESS_REFUSED", "127.0.0.2"),
    ] {
        let message = failed(&shop, &url).await;
        let detail = message.failure_detail.unwrap_or_default();
        assert_eq!(message.failure.as_deref(), Some(reason), "{url}: {detail}");
        assert!(detail.contains(said), "{url}: {detail}");
    }
    assert_eq!((shop.credits().await, app.received().len()), (100, 0));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_slow_file_lets_others_pass_and_keeps_the_order_to_its_recipient(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let (app, server) = app(shape).await;
    let shop = app.shop().await;
    send(&shop, phone::NEVER_READ, "first to one", &server.url("/slow")).await;
    shop.send(phone::NEVER_READ, "second to one").await;
    shop.send(phone::NEVER_DELIVERED, "to another").await;
    until("all have left", Duration::from_secs(20), async || app.received().len() == 3).await;
    let order: Vec<_> = app.received().into_iter().map(|line| line.text).collect();
    assert_eq!(order, ["to another", "first to one", "second to one"]);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_workspace_of_many_slow_files_leaves_room_for_anothers(#[values(Embedded, ScaledOut)] shape: Shape) {
    let options = Options::new(shape).workers(1).set("NHIP_FILE_ALLOW_HOSTS", "127.0.0.1");
    let (app, server) = (options.start().await, WebServer::start(ACTS).await);
    let (greedy, other) = (app.shop().await, app.shop().await);
    for account in (0..8).map(|n| format!("+1510555678{n}")) {
        greedy.connect(&account).await;
        for n in 0..5 {
            greedy
                .post(json!({
                    "action": "send", "phone": format!("+1202555020{n}"), "whatsapp_account_phone": account,
                    "file_url": server.url("/hang"), "file_name": "logo.png"
                }))
                .await
                .accepted();
        }
    }
    until("as many are fetched as may be", Duration::from_secs(10), async || server.asked() >= 16).await;
    let id = send(&other, phone::USUAL, "", &server.url("/logo")).await;
    other.message_with_status(&id, "READ").await;
    assert!(server.asked() < 32, "of the 32 downloads at a time, half stayed free");
    assert_eq!(greedy.cancel(json!({"allQueued": true})).await.0, 40);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_proxy_that_the_environment_names_is_not_asked(#[values(Embedded, ScaledOut)] shape: Shape) {
    let (proxy, server) = (WebServer::start(ACTS).await, WebServer::start(ACTS).await);
    let mut options = Options::new(shape).set("NHIP_FILE_ALLOW_HOSTS", "127.0.0.1");
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        options = options.set(name, &proxy.url(""));
    }
    let app = options.start().await;
    let shop = app.shop().await;
    let id = send(&shop, phone::USUAL, "", &server.url("/logo")).await;
    shop.message_with_status(&id, "READ").await;
    assert_eq!((proxy.asked(), server.asked()), (0, 1));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_file_that_was_being_fetched_when_everything_died_still_goes_once(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let (app, server) = app(shape).await;
    let shop = app.shop().await;
    let id = send(&shop, phone::NEVER_READ, "", &server.url("/slow")).await;
    until("it is being fetched", Duration::from_secs(10), async || server.asked() > 0).await;
    app.kill_and_restart().await;
    shop.message_with_status(&id, "DELIVERED").await;
    assert_eq!(app.received().len(), 1);
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_lost_acknowledgement_of_a_file_is_asked_for_again_with_it(#[values(Embedded, ScaledOut)] shape: Shape) {
    let (app, server) = app(shape).await;
    let shop = app.shop().await;
    let id = send(&shop, phone::LOST_ACKNOWLEDGEMENT, "", &server.url("/logo")).await;
    shop.message_within(&id, "it is read", Duration::from_mins(1), |message| message.status == "READ").await;
    let received = app.received();
    assert_eq!(received.iter().map(|line| line.repeat).collect::<Vec<_>>(), [false, true]);
    assert!(received.iter().all(|line| line.file.is_some()));
    assert_eq!(server.asked(), 1, "it was kept");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_message_whose_file_whatsapp_rejects_costs_nothing(#[values(Embedded, ScaledOut)] shape: Shape) {
    let (app, server) = app(shape).await;
    let shop = app.shop().await;
    let id = send(&shop, phone::REJECTS_FILES, "with a file", &server.url("/logo")).await;
    let message = shop.message_with_status(&id, "FAILED").await;
    assert_eq!((message.failure.as_deref(), shop.credits().await), (Some("FILE_REJECTED"), 100));
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_link_can_be_looked_at_before_a_message_depends_on_it(#[values(Embedded, ScaledOut)] shape: Shape) {
    let (app, server) = app(shape).await;
    let shop = app.shop().await;
    let check = async |url: &str| {
        let input = json!({"workspaceId": shop.workspace_id, "url": url});
        let selection = "{ ok reason detail host directUrl fileName size mime }";
        shop.ask(&Query::mutation("checkFileUrl", "CheckFileUrlInput", input, selection)).await
    };
    let good = check(&server.url("/logo")).await.unwrap()["checkFileUrl"].clone();
    assert_eq!(
        good,
        json!({"ok": true, "reason": null, "detail": format!("logo.png can be sent (image/png, {} bytes)", PNG.len()), "host": null, "directUrl": null, "fileName": "logo.png", "size": PNG.len(), "mime": "image/png"})
    );
    let page = check(&server.url("/page")).await.unwrap()["checkFileUrl"].clone();
    assert_eq!(
        (&page["ok"], &page["reason"], &page["host"]),
        (&false.into(), &"FILE_NOT_DIRECT_LINK".into(), &"127.0.0.1".into())
    );
    for more in 3..=10 {
        assert!(check("http://127.0.0.2/").await.is_ok(), "{more} of ten a minute, whichever process is asked");
    }
    assert_eq!(check("http://127.0.0.2/").await.unwrap_err().code(), "RATE_LIMITED");
    app.finish().await;
}

#[rstest]
#[tokio::test]
async fn a_restricted_account_sends_a_file_to_a_chat_it_knows_although_others_stand_before_it(
    #[values(Embedded, ScaledOut)] shape: Shape,
) {
    let (app, server) = app(shape).await;
    let shop = app.shop().await;
    shop.send(phone::NEW_CHATS_RESTRICTED, "too many strangers").await;
    shop.account_when("+15105566777", "RESTRICTED", Duration::from_secs(10)).await;
    let mut strangers = Vec::new();
    for n in 0..8 {
        let phone = format!("+1202555017{n}");
        let body = json!({"action": "send", "phone": phone, "text": "hi", "whatsapp_account_phone": "+15105566777"});
        strangers.push(shop.post(body).await.accepted());
    }
    let body = json!({
        "action": "send", "phone": phone::USUAL, "whatsapp_account_phone": "+15105566777",
        "file_url": server.url("/logo"), "file_name": "logo.png"
    });
    let file = shop.post(body).await.accepted();
    shop.message_with_status(&file, "READ").await;
    for id in strangers {
        let message = shop.message_with_status(&id, "FAILED").await;
        assert_eq!(message.failure.as_deref(), Some("NEW_CHATS_RESTRICTED"));
    }
    assert_eq!(shop.credits().await, 99);
    app.finish().await;
}
