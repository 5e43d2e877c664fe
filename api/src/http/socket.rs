use super::App;
use poem::{Request, Response};
pub(super) async fn answer(_app: &App, _request: Request) -> Response {
    super::pages::not_found()
}
