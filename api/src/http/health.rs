//! For whoever watches over the process.

use std::time::Duration;

use nhip_domain::{
    Cx,
    ledger::{self, Verdict},
};
use poem::{Response, http::StatusCode};
use tokio::time::timeout;

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process is alive.
#[must_use]
pub fn alive() -> Response {
    Response::builder().content_type("text/plain").body("ok\n")
}

/// The process can do its work: the database answers. What the last audit of the ledger found stands below, and takes no
/// process out of service: a ledger that does not add up is for people, and calls go on.
pub async fn ready(cx: &Cx) -> Response {
    let (status, body) = match timeout(PATIENCE, ledger::verdict(cx)).await {
        Ok(Ok(verdict)) => (StatusCode::OK, format!("ready\n{}\n", sentence(&verdict))),
        Ok(Err(_)) | Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n".to_owned()),
    };
    Response::builder().status(status).content_type("text/plain").body(body)
}

fn sentence(verdict: &Verdict) -> String {
    match (verdict.checked_at, verdict.breaches) {
        (None, _) => "the ledger was not checked yet".to_owned(),
        (Some(at), 0) => format!("the ledger adds up (checked {})", at.format("%FT%TZ")),
        (Some(at), places) => {
            let of = if places == 1 { "place" } else { "places" };
            format!(
                "the ledger does not add up in {places} {of} (checked {}); nhip audit names them",
                at.format("%FT%TZ")
            )
        }
    }
}
