//! Who calls, by what they carry.

use chrono::{DateTime, Utc};
use nhip_domain::{
    Broken,
    audit::Requester,
    authenticate::{self, Caller},
    token::{Token, TokenKind},
};

use super::App;

/// An authenticated caller, and until when what they carry is good.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) caller: Caller,
    /// None for API tokens, which are looked at again and again anyway.
    pub(super) until: Option<DateTime<Utc>>,
}

/// The caller behind `Bearer …`; none where it is missing, or no longer good.
pub(super) async fn of(app: &App, authorization: Option<&str>, requester: Requester) -> Result<Option<Known>, Broken> {
    let Some(text) = authorization.and_then(bearer) else { return Ok(None) };
    if text.starts_with(TokenKind::Api.prefix()) {
        let Some(token) = Token::parse(TokenKind::Api, text) else { return Ok(None) };
        let caller = authenticate::by_api_token(&app.deps.cx, &token, requester).await?;
        return Ok(caller.map(|caller| Known { caller, until: None }));
    }
    let Some(bearer) = app.deps.tokens.check(text, app.deps.cx.now()) else { return Ok(None) };
    let caller = authenticate::by_session(&app.deps.cx, bearer.session_id, bearer.user_id, requester).await?;
    Ok(caller.map(|caller| Known { caller, until: Some(bearer.expires_at) }))
}

fn bearer(authorization: &str) -> Option<&str> {
    let (scheme, token) = authorization.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}
