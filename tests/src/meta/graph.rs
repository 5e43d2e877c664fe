//! The Graph API's part that Nhip uses. It is stricter than Meta: what it does not know, it refuses.

use std::{io, sync::Arc, time::Duration};

use nhip_domain::clock;
use nhip_worker::gateway::cloud_api::signature;
use poem::{
    Body, Endpoint, EndpointExt as _, IntoEndpoint as _, Request, Response, Route, get, handler,
    http::StatusCode,
    post,
    web::{Data, Json, Path},
};
use rand::RngExt as _;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Arrived, Fault, Number, callbacks, media,
    state::{State, digits},
};

/// Longer than anybody waits for an answer.
const SILENCE: Duration = Duration::from_secs(40);
/// Long enough for a person to change something.
const WHILE: Duration = Duration::from_secs(3);

pub(super) type Shared = Arc<State>;

pub(super) fn app(state: Shared) -> impl Endpoint {
    Route::new()
        .at("/v23.0/:id", get(look_up))
        .at("/v23.0/:id/phone_numbers", get(phone_numbers))
        .at("/v23.0/app", get(own_app))
        .at("/v23.0/:id/subscribed_apps", get(subscribed_apps).post(subscribe))
        .at("/v23.0/:id/messages", post(messages))
        .at("/v23.0/:id/media", post(media::media))
        .data(state)
        .into_endpoint()
}

#[derive(Deserialize)]
struct Proof {
    appsecret_proof: Option<String>,
}

#[handler]
fn look_up(request: &Request, Path(id): Path<String>, Data(state): Data<&Shared>) -> Response {
    let number = match known(state, request, &id) {
        Ok(number) => number,
        Err(refusal) => return *refusal,
    };
    answer(
        StatusCode::OK,
        &json!({"id": number.id, "display_phone_number": format!("+{}", number.phone), "verified_name": "Till"}),
    )
}

#[handler]
fn phone_numbers(request: &Request, Path(id): Path<String>, Data(state): Data<&Shared>) -> Response {
    let numbers = state.numbers_of(&id);
    match numbers.first().map(|number| known(state, request, &number.id)) {
        Some(Ok(_)) => {
            let data: Vec<Value> = numbers.iter().map(|number| json!({"id": number.id})).collect();
            answer(StatusCode::OK, &json!({"data": data}))
        }
        Some(Err(refusal)) => *refusal,
        None => no_such_object(),
    }
}

/// Each number has an app of its own, whose id is the business account's.
#[handler]
fn own_app(request: &Request, Data(state): Data<&Shared>) -> Response {
    let of_token = |number: &Number| known(state, request, &number.id).is_ok();
    match state.numbers().into_iter().find(of_token) {
        Some(number) => answer(StatusCode::OK, &json!({"id": number.business_id})),
        None => error(190, None, "Invalid OAuth access token"),
    }
}

#[handler]
fn subscribed_apps(request: &Request, Path(id): Path<String>, Data(state): Data<&Shared>) -> Response {
    match state.numbers_of(&id).first().map(|number| known(state, request, &number.id)) {
        Some(Ok(_)) => {
            let app = json!({"whatsapp_business_api_data": {"id": id, "name": "An app"}});
            let data: Vec<Value> = state.is_subscribed(&id).then_some(app).into_iter().collect();
            answer(StatusCode::OK, &json!({"data": data}))
        }
        Some(Err(refusal)) => *refusal,
        None => no_such_object(),
    }
}

#[handler]
fn subscribe(request: &Request, Path(id): Path<String>, Data(state): Data<&Shared>) -> Response {
    match state.numbers_of(&id).first().map(|number| known(state, request, &number.id)) {
        Some(Ok(_)) => {
            state.subscribe(&id);
            answer(StatusCode::OK, &json!({"success": true}))
        }
        Some(Err(refusal)) => *refusal,
        None => no_such_object(),
    }
}

#[handler]
async fn messages(
    request: &Request,
    Path(id): Path<String>,
    Json(message): Json<Value>,
    Data(state): Data<&Shared>,
) -> Response {
    if let Err(refusal) = known(state, request, &id) {
        return *refusal;
    }
    if let Err(problem) = check(state, &message) {
        return error(100, None, &problem);
    }
    let given = message["to"].as_str().unwrap_or_default();
    let to = &digits(given);
    let slow_ms = state.slow_ms();
    if slow_ms > 0 {
        tokio::time::sleep(Duration::from_millis(clock::rng().random_range(0..=slow_ms))).await;
    }
    match state.next_fault(to) {
        Some(Fault::Error(code)) => error(code, None, "as the test wants it"),
        Some(Fault::LateError(code)) => {
            tokio::time::sleep(WHILE).await;
            error(code, None, "as the test wants it")
        }
        Some(Fault::FileForgotten) => {
            state.forget_media(&message);
            lost_file(&message)
        }
        Some(Fault::Bare(status)) => bare(status),
        Some(Fault::TakenThenBare(status)) => {
            take(state, &id, to, &message);
            bare(status)
        }
        Some(Fault::TakenThenCut) => {
            let taken = take(state, &id, to, &message);
            let cut = futures::stream::iter([Ok("{".to_owned()), Err(io::Error::other(taken.wamid))]);
            Response::builder().body(Body::from_bytes_stream(cut))
        }
        Some(Fault::TakenThenSilent) => {
            take(state, &id, to, &message);
            tokio::time::sleep(SILENCE).await;
            Response::builder().status(StatusCode::GATEWAY_TIMEOUT).finish()
        }
        None if state.is_past_window(&id, to, &message) => error(131_047, None, "nobody wrote"),
        None => {
            let taken = take(state, &id, to, &message);
            answer(
                StatusCode::OK,
                &json!({"messaging_product": "whatsapp", "contacts": [{"input": given, "wa_id": state.wa_id(to)}],
                    "messages": [{"id": taken.wamid, "message_status": "accepted"}]}),
            )
        }
    }
}

fn take(state: &Shared, number: &str, to: &str, message: &Value) -> Arrived {
    let arrived = state.take(number, to, message);
    callbacks::report(state, &arrived);
    arrived
}

/// What Meta would say about a message's form.
fn check(state: &State, message: &Value) -> Result<(), String> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    if message["messaging_product"] != "whatsapp" {
        return Err("messaging_product must be whatsapp".to_owned());
    }
    let (to, of) = (text(&message["to"]), text(&message["recipient_type"]));
    let is_number = |number: &str| number.bytes().all(|byte| byte.is_ascii_digit()) && (7..=15).contains(&number.len());
    // Meta takes numbers without a plus sign, for numbers of the sender's own country.
    let is_phone = of == "individual" && to.strip_prefix('+').is_some_and(is_number);
    let is_group = of == "group" && to.starts_with("Y2Fw");
    if !is_phone && !is_group {
        return Err(format!("to: {of} {to}"));
    }
    if text(&message["biz_opaque_callback_data"]).len() > 512 {
        return Err("biz_opaque_callback_data is too long".to_owned());
    }
    let kind = text(&message["type"]);
    let content = &message[&kind];
    let limit =
        |text: &str, limit: usize| if text.chars().count() > limit { Err(format!("over {limit}")) } else { Ok(()) };
    match kind.as_str() {
        "text" => limit(&text(&content["body"]), 4_096).and_then(|()| is_there(&content["body"], "text.body")),
        "image" | "video" | "audio" | "document" => {
            if kind == "audio" && !content["caption"].is_null() {
                return Err("audio has no caption".to_owned());
            }
            let file = state.uploaded(&text(&content["id"])).ok_or("no such media")?;
            limit(&text(&content["caption"]), 1_024)?;
            if kind == "document" || file.mime.starts_with(&kind) {
                Ok(())
            } else {
                Err(format!("{} as {kind}", file.mime))
            }
        }
        "template" => {
            is_there(&content["name"], "template.name")?;
            if content["language"]["policy"] != "deterministic" {
                return Err("template.language.policy must be deterministic".to_owned());
            }
            let parameter = text(&content["components"][0]["parameters"][0]["text"]);
            if parameter.contains(['\n', '\t']) || parameter.contains("    ") {
                return Err("a parameter with line breaks".to_owned());
            }
            limit(&parameter, 1_024)
        }
        _ => Err(format!("type {kind}")),
    }
}

fn is_there(value: &Value, what: &str) -> Result<(), String> {
    if value.as_str().is_some_and(|text| !text.is_empty()) { Ok(()) } else { Err(format!("{what} is missing")) }
}

/// The number, if the request may use it. Its app demands the proof of its secret with every call.
pub(super) fn known(state: &State, request: &Request, id: &str) -> Result<Number, Box<Response>> {
    let number = state.number(id).ok_or_else(|| Box::new(no_such_object()))?;
    let bearer = request.header("authorization").and_then(|header| header.strip_prefix("Bearer "));
    if bearer != Some(number.token.as_str()) {
        return Err(Box::new(error(190, Some(463), "Session has expired")));
    }
    let right = signature::sign(&number.app_secret, number.token.as_bytes());
    match request.params::<Proof>().ok().and_then(|proof| proof.appsecret_proof) {
        Some(proof) if proof == right => Ok(number),
        Some(_) => Err(Box::new(wrong_proof("Invalid appsecret_proof provided in the API argument"))),
        None => Err(Box::new(wrong_proof("API calls from the server require an appsecret_proof argument"))),
    }
}

/// An answer of something that stands before the API.
fn bare(status: u16) -> Response {
    Response::builder().status(StatusCode::from_u16(status).unwrap()).body("<html>Sorry</html>")
}

fn wrong_proof(message: &str) -> Response {
    let error = json!({"message": message, "type": "GraphMethodException", "code": 100, "fbtrace_id": "A1"});
    answer(StatusCode::BAD_REQUEST, &json!({ "error": error }))
}

fn lost_file(message: &Value) -> Response {
    let kind = message["type"].as_str().unwrap_or_default();
    let message = format!("(#100) Param {kind}['id'] is not a valid whatsapp business account media attachment ID");
    let error = json!({"message": message, "type": "OAuthException", "code": 100, "fbtrace_id": "A1"});
    answer(StatusCode::BAD_REQUEST, &json!({ "error": error }))
}

fn no_such_object() -> Response {
    error(100, Some(33), "Object does not exist, cannot be loaded due to missing permissions")
}

pub(super) fn error(code: i64, subcode: Option<i64>, details: &str) -> Response {
    let status = match code {
        190 | 0 => StatusCode::UNAUTHORIZED,
        10 | 200..=299 | 368 | 131_031 | 130_497 => StatusCode::FORBIDDEN,
        130_429 | 131_056 => StatusCode::TOO_MANY_REQUESTS,
        1 | 2 | 3 | 131_000 | 131_016 | 131_057 => StatusCode::INTERNAL_SERVER_ERROR,
        _ => StatusCode::BAD_REQUEST,
    };
    let error = json!({"message": format!("(#{code}) What Meta calls it"), "type": "OAuthException", "code": code,
        "error_subcode": subcode, "error_data": {"messaging_product": "whatsapp", "details": details}, "fbtrace_id": "A1"});
    answer(status, &json!({ "error": error }))
}

pub(super) fn answer(status: StatusCode, body: &Value) -> Response {
    Response::builder().status(status).content_type("application/json; charset=UTF-8").body(body.to_string())
}
