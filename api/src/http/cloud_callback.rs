//! `/whatsapp/cloud/{account}`: Meta verifies the URL by GET, and posts there what became of messages, and who wrote.
//!
//! A callback is answered once it is durable as it came; a worker handles it afterwards. Nothing of it is logged.

use std::time::Duration;

use nhip_domain::account::cloud_api::{self, CloudApi};
use nhip_worker::gateway::cloud_api::signature;
use poem::{
    Request, Response,
    http::{HeaderValue, Method, StatusCode, header},
};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use url::form_urlencoded;
use uuid::Uuid;

use super::{
    App,
    body::{self, Read},
};

/// The largest body that Meta sends.
pub(super) const LIMIT: usize = 3 * 1_024 * 1_024;
/// How long a body may take to come.
const BODY_DEADLINE: Duration = Duration::from_secs(10);
/// How long a challenge may be; Meta's have some ten digits.
const LONGEST_CHALLENGE: usize = 1_024;
/// What Meta is told to wait when we cannot take anything now; it repeats a callback for days.
const RETRY_AFTER_S: u64 = 5;

/// What a caller is told no for: status, and a sentence that names the mend.
pub(super) type No = (StatusCode, &'static str);

const NOT_FOUND: No = (
    StatusCode::NOT_FOUND,
    "No account of the Cloud API has this callback URL; copy it again from the account's page in the dashboard",
);
const NO_METHOD: No = (StatusCode::METHOD_NOT_ALLOWED, "This URL takes GET, to verify it, and POST");
const NO_CHALLENGE: No = (
    StatusCode::BAD_REQUEST,
    "hub.mode must be `subscribe`, and hub.challenge must be given: this URL is for Meta's callbacks",
);
const WRONG_TOKEN: No = (
    StatusCode::FORBIDDEN,
    "hub.verify_token is not the account's verify token; enter the same in Meta's app and here",
);
const UNSIGNED: No =
    (StatusCode::UNAUTHORIZED, "X-Hub-Signature-256 must be `sha256=` and 64 hex digits: only Meta posts here");
const WRONG_SIGNATURE: No = (
    StatusCode::FORBIDDEN,
    "The signature is not by the account's app secret; give the account the secret of the app that posts here",
);
const TOO_LARGE: No = (StatusCode::PAYLOAD_TOO_LARGE, "The body is larger than 3 MiB");
const CUT: No = (StatusCode::REQUEST_TIMEOUT, "The body did not come whole within 10 s");
const UNAVAILABLE: No = (StatusCode::SERVICE_UNAVAILABLE, "The service cannot take this now; try again");

/// Everything that is told no, for the reference.
pub(super) const NOES: [No; 9] =
    [NO_CHALLENGE, UNSIGNED, WRONG_TOKEN, WRONG_SIGNATURE, NOT_FOUND, NO_METHOD, CUT, TOO_LARGE, UNAVAILABLE];

/// Answers Meta.
pub(super) async fn answer(app: &App, account: &str, mut request: Request) -> Response {
    let answered = match *request.method() {
        Method::GET => verify(app, account, request.uri().query().unwrap_or_default()).await,
        Method::POST => take(app, account, &mut request).await,
        _ => Err(NO_METHOD),
    };
    answered.unwrap_or_else(refuse)
}

/// The handshake by which Meta learns that the URL's owner wants its callbacks.
async fn verify(app: &App, account: &str, query: &str) -> Result<Response, No> {
    let (_, at_meta) = find(app, account).await?;
    let given =
        |name: &str| form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value);
    let challenge = given("hub.challenge").filter(|challenge| (1..=LONGEST_CHALLENGE).contains(&challenge.len()));
    let (Some("subscribe"), Some(challenge)) = (given("hub.mode").as_deref(), challenge) else {
        return Err(NO_CHALLENGE);
    };
    if !same(&given("hub.verify_token").unwrap_or_default(), &at_meta.credentials.verify_token) {
        return Err(WRONG_TOKEN);
    }
    let response =
        Response::builder().content_type("text/plain; charset=utf-8").header(header::CACHE_CONTROL, "no-store");
    Ok(response.body(challenge.into_owned()))
}

/// Keeps a callback that Meta signed.
async fn take(app: &App, account: &str, request: &mut Request) -> Result<Response, No> {
    let (account_id, at_meta) = find(app, account).await?;
    let signature = request.header(signature::HEADER).and_then(signature::parse).ok_or(UNSIGNED)?;
    let _room = app.room.take(request, LIMIT).await.ok_or(UNAVAILABLE)?;
    let body = match body::read(request, LIMIT, BODY_DEADLINE).await {
        Read::Whole(body) => body,
        Read::TooLarge(_) => return Err(TOO_LARGE),
        Read::Cut(_) => return Err(CUT),
    };
    if !signature::is_signed(&at_meta.credentials.app_secret, &body, &signature) {
        return Err(WRONG_SIGNATURE);
    }
    let cx = &app.deps.cx;
    cloud_api::keep(cx, account_id, body).await.map_err(|err| broken(&err))?;
    cx.signals.nudge(account_id);
    Ok(reply(StatusCode::OK, json!({"status": "success"}).to_string()))
}

/// The account, as it is now: what an owner replaced or removed counts at once.
async fn find(app: &App, account: &str) -> Result<(Uuid, CloudApi), No> {
    let account_id = account.parse().map_err(|_no_id| NOT_FOUND)?;
    let found = cloud_api::find(&app.deps.cx, account_id).await.map_err(|err| broken(&err))?;
    Ok((account_id, found.ok_or(NOT_FOUND)?))
}

/// Compares in a time that tells nothing.
fn same(given: &str, expected: &str) -> bool {
    Sha256::digest(given.as_bytes()).ct_eq(&Sha256::digest(expected.as_bytes())).into()
}

fn broken(err: &(dyn std::error::Error + 'static)) -> No {
    tracing::error!(error = err, "a callback of Meta's cannot be taken");
    UNAVAILABLE
}

fn refuse((status, message): No) -> Response {
    let mut response = reply(status, json!({"message": message}).to_string());
    let headers = response.headers_mut();
    if status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(header::ALLOW, HeaderValue::from_static("GET, POST"));
    }
    if status == StatusCode::SERVICE_UNAVAILABLE {
        headers.insert(header::RETRY_AFTER, RETRY_AFTER_S.into());
    }
    response
}

fn reply(status: StatusCode, body: String) -> Response {
    let response = Response::builder().status(status).content_type("application/json");
    response.header(header::CACHE_CONTROL, "no-store").body(body)
}
