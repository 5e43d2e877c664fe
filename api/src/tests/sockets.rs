//! What a socket says and hears, in the protocol's own words.

use std::{io, time::Duration};

use futures::{SinkExt as _, StreamExt as _, channel::mpsc};
use nhip_domain::audit::Requester;
use poem::web::websocket::{CloseCode, Message};
use serde_json::{Value, json};
use tokio::{task::JoinHandle, time::timeout};

use super::app::{Shop, TestApp};
use crate::http::socket;

/// The client's end.
struct Client {
    say: mpsc::UnboundedSender<io::Result<Message>>,
    heard: mpsc::UnboundedReceiver<Message>,
    _served: JoinHandle<()>,
}

impl Client {
    /// A socket of a person's, who has said who they are.
    async fn open(shop: &Shop<'_>) -> Self {
        let (say, messages) = mpsc::unbounded();
        let (sink, heard) = mpsc::unbounded();
        let served = tokio::spawn(socket::talk(shop.app.app.clone(), sink, messages, Requester::default()));
        let mut client = Self { say, heard, _served: served };
        client.say(init(shop)).await;
        assert_eq!(client.hear().await, json!({"type": "connection_ack"}));
        client
    }

    async fn say(&mut self, message: Value) {
        self.say.send(Ok(Message::text(message.to_string()))).await.unwrap();
    }

    async fn subscribe(&mut self, id: &str, query: &str) {
        self.say(json!({"type": "subscribe", "id": id, "payload": {"query": query}})).await;
    }

    async fn next(&mut self) -> Message {
        timeout(Duration::from_mins(1), self.heard.next()).await.expect("something").expect("no end")
    }

    async fn hear(&mut self) -> Value {
        match self.next().await {
            Message::Text(text) => serde_json::from_str(&text).unwrap(),
            other => panic!("{other:?}"),
        }
    }

    /// The code that the socket is closed with.
    async fn closed(&mut self) -> CloseCode {
        loop {
            if let Message::Close(reason) = self.next().await {
                return reason.unwrap().0;
            }
        }
    }
}

/// The first message: who they are.
fn init(shop: &Shop<'_>) -> Value {
    json!({"type": "connection_init", "payload": {"Authorization": format!("Bearer {}", shop.bearer)}})
}

#[tokio::test]
async fn a_client_that_reads_nothing_does_not_outlive_its_session() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let (mut say, messages) = mpsc::unbounded();
    let (sink, mut heard) = mpsc::channel(0);
    let served = tokio::spawn(socket::talk(app.app.clone(), sink, messages, Requester::default()));
    say.send(Ok(Message::text(init(&ada).to_string()))).await.unwrap();
    timeout(Duration::from_mins(1), heard.next()).await.expect("something").expect("no end");
    for _ in 0..10 {
        say.send(Ok(Message::text(r#"{"type":"ping"}"#))).await.unwrap();
    }
    ada.ok("mutation { logOut }", json!({})).await;
    timeout(Duration::from_secs(20), served).await.expect("it is closed, long before its client is silent").unwrap();
}

#[tokio::test]
async fn whoever_only_listens_is_kept_as_long_as_they_answer_pings() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let mut client = Client::open(&ada).await;
    client
        .subscribe("1", &format!("subscription {{ creditsChanged(workspaceId: \"{}\") {{ balance }} }}", ada.id))
        .await;
    // It has begun before time leaps.
    timeout(Duration::from_millis(300), client.heard.next()).await.unwrap_err();
    tokio::time::pause();
    for _ in 0..6 {
        assert_eq!(client.hear().await, json!({"type": "ping"}));
        client.say(json!({"type": "pong"})).await;
    }
    // Whatever comes shows that they are there.
    for _ in 0..4 {
        assert_eq!(client.hear().await, json!({"type": "ping"}));
        client.say.send(Ok(Message::pong(Vec::new()))).await.unwrap();
    }
    assert_eq!(client.closed().await, CloseCode::Reserved(3008), "who says nothing is let go");
}

#[tokio::test]
async fn what_fails_before_it_is_executed_ends_with_an_error() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let mut client = Client::open(&ada).await;
    let deep = format!("{}x{}", "{ a ".repeat(20), "}".repeat(20));
    for (query, code) in [
        ("{", "BAD_INPUT"),
        ("subscription { nothing }", "BAD_INPUT"),
        ("subscription { messageChanged { id } }", "BAD_INPUT"),
        ("{ ...A } fragment A on Query { ...A }", "BAD_INPUT"),
        ("query($n: Int!) { workspace(id: \"x\") { chats(first: $n) { totalCount } } }", "BAD_INPUT"),
        (&*deep, "QUERY_TOO_COMPLEX"),
    ] {
        // Under the same id, as whatever failed is over.
        client.subscribe("1", query).await;
        let told = client.hear().await;
        assert_eq!((&told["type"], &told["id"]), (&json!("error"), &json!("1")), "{query}: {told}");
        assert_eq!(told["payload"][0]["extensions"]["code"], code, "{query}: {told}");
    }
    client.subscribe("2", "{ me { email } workspace(id: \"x\") { id } }").await;
    let told = client.hear().await;
    assert_eq!((&told["type"], &told["payload"]["data"]["me"]["email"]), (&json!("next"), &json!("ada@example.com")));
    assert_eq!(client.hear().await, json!({"type": "complete", "id": "2"}));
}

#[tokio::test]
async fn whoever_ends_an_operation_is_not_told_so() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let mut client = Client::open(&ada).await;
    client
        .subscribe("1", &format!("subscription {{ creditsChanged(workspaceId: \"{}\") {{ balance }} }}", ada.id))
        .await;
    client.say(json!({"type": "complete", "id": "1"})).await;
    client.subscribe("2", "{ me { email } }").await;
    assert_eq!(client.hear().await["id"], "2");
    assert_eq!(client.hear().await, json!({"type": "complete", "id": "2"}));
}
