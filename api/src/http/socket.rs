//! `/graphql/ws`: subscriptions, over graphql-transport-ws.

use std::time::Duration;

use async_graphql::{
    Data,
    http::{WebSocket as Protocol, WebSocketProtocols, WsMessage, default_on_ping},
};
use futures::{SinkExt as _, StreamExt as _, future};
use nhip_domain::{audit::Requester, authenticate::Caller};
use poem::{
    FromRequest as _, IntoResponse as _, Request, RequestBody, Response,
    http::{StatusCode, header},
    web::websocket::{Message, WebSocket, WebSocketConfig, WebSocketStream},
};
use serde_json::Value;
use tokio::{
    sync::oneshot,
    time::{interval, timeout},
};
use url::Url;

use super::{
    App, body,
    caller::{self, Known},
    pages,
};
use crate::graphql::SocketData;

const PROTOCOL: &str = "graphql-transport-ws";
/// How long a client may take to say who it is.
const INIT: Duration = Duration::from_secs(5);
/// How often it is asked whether the caller's session is still alive.
const LOOK: Duration = Duration::from_secs(1);
/// How long a client may leave a ping unanswered.
const KEEP_ALIVE: Duration = Duration::from_secs(30);
/// The protocol's codes for closing.
const INIT_TIMEOUT: u16 = 4408;
/// Clients that get this one come back with another token.
const FORBIDDEN: u16 = 4403;
/// What the framework closes with where the first message is refused.
const REFUSED: u16 = 1002;

/// To whoever brings no good token.
const LOG_IN: &str = "Log in first";

/// Opens a socket, unless another site's page asks for it.
pub(super) async fn answer(app: &App, request: Request) -> Response {
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
    let (mut sink, messages) = stream.split();
    let messages = messages
        .take_while(|message| future::ready(message.is_ok()))
        .filter_map(|message| future::ready(message.ok()))
        .filter(|message| future::ready(message.is_text() || message.is_binary()))
        .map(Message::into_bytes);
    let (tell, told) = oneshot::channel();
    let init = {
        let app = app.clone();
        async move |payload: Value| authenticate(&app, &payload, requester, tell).await
    };
    let mut answers = Protocol::new(app.admin.clone(), messages, WebSocketProtocols::GraphQLWS)
        .on_connection_init(move |payload| Box::pin(init(payload)) as future::BoxFuture<'static, _>)
        .on_ping(default_on_ping)
        .keepalive_timeout(KEEP_ALIVE);
    let mut over = std::pin::pin!(over(&app, told));
    let closing = loop {
        tokio::select! {
            answer = answers.next() => match answer {
                Some(WsMessage::Text(text)) => if sink.send(Message::text(text)).await.is_err() { return },
                Some(WsMessage::Close(REFUSED, reason)) if reason == LOG_IN => break (FORBIDDEN, reason),
                Some(WsMessage::Close(code, reason)) => break (code, reason),
                None => return,
            },
            (code, reason) = &mut over => break (code, reason.to_owned()),
        }
    };
    let _gone_already = sink.send(Message::close_with(closing.0, closing.1)).await;
    let _gone_already = sink.close().await;
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
    let mut data = Data::default();
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
    let mut looks = interval(LOOK);
    loop {
        looks.tick().await;
        if known.until.is_some_and(|until| until <= app.deps.cx.now()) {
            return (FORBIDDEN, "The access token has expired");
        }
        if !is_alive(app, &known.caller).await {
            return (FORBIDDEN, "The session has ended");
        }
    }
}

/// While the database does not answer, nobody's session is known to have ended.
async fn is_alive(app: &App, caller: &Caller) -> bool {
    caller.is_still_good(&app.deps.cx).await.unwrap_or(true)
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
