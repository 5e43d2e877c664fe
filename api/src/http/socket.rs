//! `/graphql/ws`: subscriptions, over graphql-transport-ws.

pub mod crowd;
mod operations;

use std::{
    borrow::Cow,
    io,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use async_graphql::{
    Data,
    http::{WebSocket as Protocol, WebSocketProtocols, WsMessage, default_on_ping},
};
use futures::{Sink, SinkExt as _, Stream, StreamExt as _, future};
use nhip_domain::audit::Requester;
use poem::{
    FromRequest as _, IntoResponse as _, Request, RequestBody, Response,
    http::{StatusCode, header},
    web::websocket::{Message, WebSocket, WebSocketConfig, WebSocketStream},
};
use serde_json::Value;
use tokio::{
    sync::{mpsc, oneshot, watch},
    time::{interval_at, timeout},
};
use url::Url;

use self::operations::Operations;
use super::{
    App, body,
    caller::{self, Known},
    host, pages,
};
use crate::graphql::SocketData;

const PROTOCOL: &str = "graphql-transport-ws";
/// How long a client may take to say who it is.
const INIT: Duration = Duration::from_secs(5);
/// How often a client is asked whether it is there.
const PING_EVERY: Duration = Duration::from_secs(15);
const PING: &str = r#"{"type":"ping"}"#;
/// How long a client may say nothing at all, not even that it is there.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// How long a client may take to read why it is closed.
const GOODBYE: Duration = Duration::from_secs(1);
/// The protocol's codes for closing.
const BAD_MESSAGE: u16 = 4400;
const UNAUTHORIZED: u16 = 4401;
/// Clients that get this one come back with another token.
const FORBIDDEN: u16 = 4403;
const INIT_TIMEOUT: u16 = 4408;
const ALREADY_SUBSCRIBED: u16 = 4409;
const TOO_MANY: u16 = 4429;
/// Timeout, as IANA's registry has it.
const SILENT: u16 = 3008;
/// WebSocket's own (RFC 6455, 7.4.1).
const TOO_LARGE: u16 = 1009;

/// To whoever brings no good token.
const LOG_IN: &str = "Log in first";
/// To whoever has too many sockets.
const CROWDED: &str = "Too many connections; close some";

/// Opens a socket, unless another site's page asks for it.
pub(super) async fn answer(app: &App, request: Request) -> Response {
    if !host::is_ours(&app.deps.cx.settings, &request) {
        return refuse(StatusCode::MISDIRECTED_REQUEST, host::ADVICE);
    }
    if !is_own_origin(app, &request) {
        return refuse(StatusCode::FORBIDDEN, "Another site's pages may not connect here");
    }
    let speaks = request.header(header::SEC_WEBSOCKET_PROTOCOL).unwrap_or_default();
    if !speaks.split(',').any(|name| name.trim() == PROTOCOL) {
        return refuse(StatusCode::BAD_REQUEST, "This is a WebSocket of the protocol graphql-transport-ws");
    }
    let requester = app.requester(&request);
    let socket = match WebSocket::from_request(&request, &mut RequestBody::default()).await {
        Ok(socket) => socket,
        Err(err) => return err.into_response(),
    };
    let limits = WebSocketConfig::default().max_message_size(Some(body::LIMIT)).max_frame_size(Some(body::LIMIT));
    let app = app.clone();
    socket.protocols([PROTOCOL]).config(limits).on_upgrade(move |stream| serve(app, stream, requester)).into_response()
}

async fn serve(app: App, stream: WebSocketStream, requester: Requester) {
    let (sink, messages) = stream.split();
    talk(app, sink, messages, requester).await;
}

/// Says whatever there is to say until one of both ends it.
pub(crate) async fn talk(
    app: App,
    mut sink: impl Sink<Message> + Unpin,
    messages: impl Stream<Item = io::Result<Message>> + Send + Unpin + 'static,
    requester: Requester,
) {
    let clock = app.deps.cx.clock.clone();
    let operations = Arc::new(Mutex::new(Operations::default()));
    // One reason is enough to close for.
    let (close, mut closed) = mpsc::channel(1);
    let (hear, heard) = watch::channel(clock.instant());
    let messages = messages
        .inspect({
            let close = close.clone();
            move |message| match message {
                Ok(_) => drop(hear.send_replace(clock.instant())),
                Err(err) if is_too_large(err) => drop(close.try_send((TOO_LARGE, "Message over 64 KiB".to_owned()))),
                Err(_) => {}
            }
        })
        .take_while(|message| future::ready(message.is_ok()))
        .filter_map(|message| future::ready(message.ok()))
        .filter(|message| future::ready(message.is_text() || message.is_binary()))
        .map(Message::into_bytes)
        .inspect({
            let operations = Arc::clone(&operations);
            move |message| {
                if let Some(id) = operations.lock().unwrap_or_else(PoisonError::into_inner).hear(message) {
                    drop(close.try_send((ALREADY_SUBSCRIBED, format!("Subscriber for {id} already exists"))));
                }
            }
        });
    let (tell, told) = oneshot::channel();
    let init = {
        let app = app.clone();
        async move |payload: Value| authenticate(&app, &payload, requester, tell).await
    };
    let mut answers = Protocol::new(app.admin.clone(), messages, WebSocketProtocols::GraphQLWS)
        .on_connection_init(move |payload| Box::pin(init(payload)) as future::BoxFuture<'static, _>)
        .on_ping(default_on_ping);
    let mut over = std::pin::pin!(over(&app, told));
    let mut pings = interval_at(*heard.borrow() + PING_EVERY, PING_EVERY);
    let closing = loop {
        let say = tokio::select! {
            biased;
            (code, reason) = &mut over => break (code, reason.to_owned()),
            answer = answers.next() => match answer {
                Some(WsMessage::Text(text)) => {
                    let said = operations.lock().unwrap_or_else(PoisonError::into_inner).say(&text).map(Cow::into_owned);
                    let Some(said) = said else { continue };
                    said
                }
                Some(WsMessage::Close(code, reason)) => break (closing_code(code, &reason), reason),
                None => match closed.try_recv() {
                    Ok(closing) => break closing,
                    Err(_) => return,
                },
            },
            Some(closing) = closed.recv() => break closing,
            now = pings.tick() => {
                if now.duration_since(*heard.borrow()) >= KEEP_ALIVE {
                    break (SILENT, "timeout".to_owned());
                }
                PING.to_owned()
            }
        };
        // A client that reads nothing takes nothing either.
        tokio::select! {
            biased;
            (code, reason) = &mut over => break (code, reason.to_owned()),
            sent = timeout(KEEP_ALIVE, sink.send(Message::text(say))) => if !matches!(sent, Ok(Ok(()))) { return },
        }
    };
    let goodbye = async {
        let _gone_already = sink.send(Message::close_with(closing.0, fitting(&closing.1))).await;
        let _gone_already = sink.close().await;
    };
    let _not_read = timeout(GOODBYE, goodbye).await;
}

/// Whether a message is too large; the framework tells by its words alone.
fn is_too_large(err: &io::Error) -> bool {
    err.to_string().starts_with("Space limit exceeded")
}

/// The caller behind the token in the first message. Nothing is answered before.
async fn authenticate(
    app: &App,
    payload: &Value,
    requester: Requester,
    tell: oneshot::Sender<Known>,
) -> async_graphql::Result<Data> {
    let header = ["Authorization", "authorization"].iter().find_map(|name| payload.get(name)?.as_str());
    let known = caller::of(app, header, requester).await.unwrap_or_else(|broken| {
        tracing::error!(error = &broken as &dyn std::error::Error, "a caller could not be authenticated");
        None
    });
    let known = known.ok_or(LOG_IN)?;
    let room = app.crowd.room(&known.caller).ok_or(CROWDED)?;
    let mut data = Data::default();
    // Until the socket is gone.
    data.insert(room);
    data.insert(SocketData::new(known.caller.clone()));
    // Nobody listens only once the socket is gone.
    let _gone_already = tell.send(known);
    Ok(data)
}

/// Ends when the socket must: nobody said who they are, their token ran out, their session ended.
async fn over(app: &App, told: oneshot::Receiver<Known>) -> (u16, &'static str) {
    let known = match timeout(INIT, told).await {
        Ok(Ok(known)) => known,
        // The first message was refused: the protocol closes by itself.
        Ok(Err(_)) => return future::pending().await,
        Err(_) => return (INIT_TIMEOUT, "Connection initialisation timeout"),
    };
    let mut looks = app.crowd.looks(app.deps.cx.clock.instant());
    loop {
        looks.tick().await;
        if known.until.is_some_and(|until| until <= app.deps.cx.now()) {
            return (FORBIDDEN, "The access token has expired");
        }
        if !app.crowd.is_good(known.caller.credential()).await {
            return (FORBIDDEN, "The session has ended");
        }
    }
}

/// As much of a reason as a closing frame may carry (RFC 6455, 5.5: 125 bytes with the code).
fn fitting(reason: &str) -> &str {
    &reason[..reason.floor_char_boundary(123)]
}

/// The protocol's code for what the framework closes with: WebSocket's own, as it happens.
fn closing_code(code: u16, reason: &str) -> u16 {
    match (code, reason) {
        (1002, LOG_IN) => FORBIDDEN,
        (1002, CROWDED) => TOO_MANY,
        (1002, _) => BAD_MESSAGE,
        (1011, _) => UNAUTHORIZED,
        (code, _) => code,
    }
}

/// Whether a page of ours asks, or no page at all.
fn is_own_origin(app: &App, request: &Request) -> bool {
    let Some(origin) = request.headers().get(header::ORIGIN) else { return true };
    let Some(origin) = origin.to_str().ok().and_then(|origin| Url::parse(origin).ok()) else { return false };
    let ours = Url::parse(&app.deps.cx.settings.public_url).ok();
    let host = request.header(header::HOST).and_then(|host| Url::parse(&format!("{}://{host}", origin.scheme())).ok());
    [ours, host].into_iter().flatten().any(|url| url.origin() == origin.origin())
}

fn refuse(status: StatusCode, why: &str) -> Response {
    let mut response = pages::not_found();
    response.set_status(status);
    response.set_body(serde_json::json!({"message": why}).to_string());
    response
}
