//! A dashboard that watches live events: graphql-transport-ws, over a WebSocket to one process.

use std::time::Duration;

use futures::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::{net::TcpStream, time::timeout};
use tokio_tungstenite::{
    MaybeTlsStream, WebSocketStream, connect_async,
    tungstenite::{Message, client::IntoClientRequest as _, http::HeaderValue},
};

use crate::{Process, Query, Shop};

/// How long the next event may take.
const EVENT: Duration = Duration::from_secs(30);

/// A subscription.
#[derive(Debug)]
pub struct Watch {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
}

impl Watch {
    /// Subscribes to `field` of the shop's workspace, at that process.
    pub async fn open(api: &Process, shop: &Shop<'_>, field: &str, selection: &str) -> Self {
        Self::open_as(api, &shop.token, &shop.workspace_id, field, selection).await
    }

    /// The same as whoever holds `token`.
    pub async fn open_as(api: &Process, token: &str, workspace_id: &str, field: &str, selection: &str) -> Self {
        let query = format!("subscription($w: ID!) {{ {field}(workspaceId: $w) {selection} }}");
        Self::to(api, token, &Query::new(&query, json!({"w": workspace_id}))).await
    }

    /// Subscribes to whatever a query asks for.
    pub async fn to(api: &Process, token: &str, query: &Query) -> Self {
        let mut watch = Self::connect(api).await;
        let bearer = format!("Bearer {token}");
        watch.say(json!({"type": "connection_init", "payload": {"Authorization": bearer}})).await;
        assert_eq!(watch.hear().await["type"], "connection_ack");
        watch
            .say(
                json!({"type": "subscribe", "id": "1", "payload": {"query": query.text, "variables": query.variables}}),
            )
            .await;
        watch
    }

    /// Opens a socket and says nothing yet.
    pub async fn connect(api: &Process) -> Self {
        let url = format!("{}/graphql/ws", api.url().expect("it answers callers")).replacen("http", "ws", 1);
        let mut request = url.into_client_request().unwrap();
        let protocol = HeaderValue::from_static("graphql-transport-ws");
        request.headers_mut().insert("sec-websocket-protocol", protocol);
        let (socket, _) = connect_async(request).await.expect("the socket opens");
        Self { socket }
    }

    /// The next event's data.
    pub async fn next(&mut self) -> Value {
        let message = self.hear().await;
        assert_eq!(message["type"], "next", "{message}");
        message["payload"]["data"].clone()
    }

    /// Reads on until an event for which `is_it` holds.
    pub async fn until(&mut self, what: &str, is_it: impl Fn(&Value) -> bool) -> Value {
        let look = async {
            loop {
                let event = self.next().await;
                if is_it(&event) {
                    return event;
                }
            }
        };
        timeout(EVENT, look).await.unwrap_or_else(|_| panic!("not within {EVENT:?}: {what}"))
    }

    /// The code with which the server closes the socket, whatever it says before.
    pub async fn closed(&mut self) -> u16 {
        let end = async {
            loop {
                let message = self.socket.next().await.expect("a reason before the end").unwrap();
                if let Message::Close(frame) = message {
                    return frame.expect("a code").code.into();
                }
            }
        };
        timeout(EVENT, end).await.expect("the socket is closed in time")
    }

    /// Reads on until the server ends the subscription.
    pub async fn completed(&mut self) {
        while self.hear().await["type"] != "complete" {}
    }

    /// Says something of the protocol's.
    pub async fn say(&mut self, message: Value) {
        self.socket.send(Message::text(message.to_string())).await.expect("the socket is open");
    }

    async fn hear(&mut self) -> Value {
        loop {
            let message = timeout(EVENT, self.socket.next()).await.expect("an event").expect("no end").unwrap();
            let Message::Text(text) = message else { continue };
            let message: Value = serde_json::from_str(&text).unwrap();
            if message["type"] == "ping" {
                self.say(json!({"type": "pong"})).await;
            } else {
                return message;
            }
        }
    }
}
