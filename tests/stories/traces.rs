//! What takes its time, told to a collector; and no secret with it.

use std::{
    sync::{Arc, Mutex},
    time::Duration,
};

use nhip_tests::{
    Options,
    Shape::{self, Embedded, ScaledOut},
    phone, until,
    web_server::{answer, read_head},
};
use rstest::rstest;
use tokio::{io::AsyncReadExt as _, net::TcpListener};

/// A collector; its address, and what it was told.
async fn collector() -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let told = Arc::new(Mutex::new(Vec::new()));
    let telling = Arc::clone(&told);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let Ok(head) = read_head(&mut stream).await else { continue };
            assert!(head.starts_with("POST /v1/traces "), "{head}");
            let length =
                head.to_ascii_lowercase().lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
            let mut body = vec![0; length.unwrap()];
            stream.read_exact(&mut body).await.unwrap();
            telling.lock().unwrap().extend(body);
            let _gone = answer(&mut stream, "200 OK\r\ncontent-type: application/x-protobuf", b"").await;
        }
    });
    (url, told)
}

#[rstest]
#[tokio::test]
async fn a_collector_hears_what_took_how_long_and_no_secret(#[values(Embedded, ScaledOut)] shape: Shape) {
    let (url, told) = collector().await;
    let app = Options::new(shape).set("NHIP_OTLP_ENDPOINT", &url).start().await;
    let shop = app.shop().await;
    let id = shop.send(phone::USUAL, "followed on its way").await;
    shop.message_with_status(&id, "READ").await;
    let has = |words: &str| told.lock().unwrap().windows(words.len()).any(|window| window == words.as_bytes());
    for span in ["http.request", "accept.prepare", "accept.commit", "journal.write", "lane.send"] {
        until(&format!("the collector hears of {span}"), Duration::from_secs(30), async || has(span)).await;
    }
    assert!(has("webhook") && has("nhip"), "the route's name, and the program's");
    let token = shop.webhook_path();
    let token = token.rsplit('/').next().unwrap();
    assert!(!has(token) && !has("followed on its way"));
    app.finish().await;
}
