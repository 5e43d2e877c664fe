//! For whoever watches over the process.

use std::time::Duration;

use nhip_domain::Cx;
use poem::{Response, http::StatusCode};
use sea_orm::ConnectionTrait as _;
use tokio::time::timeout;

/// How long the database may take to say that it is there.
const PATIENCE: Duration = Duration::from_secs(2);

/// The process is alive.
#[must_use]
pub fn alive() -> Response {
    Response::builder().content_type("text/plain").body("ok\n")
}

/// The process can do its work: the database answers.
pub async fn ready(cx: &Cx) -> Response {
    match timeout(PATIENCE, cx.db.read().execute_unprepared("SELECT 1")).await {
        Ok(Ok(_)) => Response::builder().content_type("text/plain").body("ready\n"),
        Ok(Err(_)) | Err(_) => Response::builder()
            .status(StatusCode::SERVICE_UNAVAILABLE)
            .content_type("text/plain")
            .body("the database does not answer\n"),
    }
}
