//! Logging in and out.

use async_graphql::{Context, InputObject, Object, Result};
use nhip_domain::{
    Refusal,
    token::{Token, TokenKind},
    user::{self, Opened, log_in, login_link, session, sign_up::Newcomer},
};

use super::super::{
    ask::Ask as _,
    types::{Session, User},
};
use crate::{
    demo,
    http::cookie::{self, RefreshCookie},
};

/// Logging in and out.
#[derive(Default)]
pub(super) struct SessionMutation;

/// Who signs up.
#[derive(InputObject)]
struct SignUpInput {
    /// How they will log in.
    email: String,
    /// At least 8 characters.
    #[graphql(secret)]
    password: String,
    /// How others will see them.
    name: String,
    /// Their first workspace's name.
    workspace_name: String,
    /// The language they read, such as `en` or `vi`.
    locale: Option<String>,
    /// Whether the refresh token goes into an `HttpOnly` cookie.
    #[graphql(default_with = "Some(false)")]
    use_cookie: Option<bool>,
}

/// Who logs in. `code` is reserved for a second factor.
#[derive(InputObject)]
struct LogInInput {
    /// How they log in.
    email: String,
    /// What only they know.
    #[graphql(secret)]
    password: String,
    /// Reserved for a second factor.
    code: Option<String>,
    /// Whether the refresh token goes into an `HttpOnly` cookie.
    #[graphql(default_with = "Some(false)")]
    use_cookie: Option<bool>,
}

/// A one-time link.
#[derive(InputObject)]
struct RedeemLoginLinkInput {
    /// What follows `link=` in it.
    #[graphql(secret)]
    token: String,
    /// Whether the refresh token goes into an `HttpOnly` cookie.
    #[graphql(default_with = "Some(false)")]
    use_cookie: Option<bool>,
}

/// How to log in to the demo.
#[derive(InputObject)]
struct OpenDemoInput {
    /// Whether the refresh token goes into an `HttpOnly` cookie.
    #[graphql(default_with = "Some(false)")]
    use_cookie: Option<bool>,
}

/// Without a token: the cookie.
#[derive(InputObject)]
struct RefreshSessionInput {
    /// The refresh token that was given last.
    #[graphql(secret)]
    refresh_token: Option<String>,
}

#[Object]
impl SessionMutation {
    /// Makes a user and their first workspace, owned by them.
    async fn sign_up(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who signs up.")] input: SignUpInput,
    ) -> Result<Session> {
        let newcomer = Newcomer {
            email: input.email,
            password: Some(input.password),
            name: input.name,
            workspace_name: input.workspace_name,
            locale: input.locale,
        };
        let opened = user::sign_up(ctx.cx()?, newcomer, &ctx.requester()).await?;
        hand_out(ctx, opened, input.use_cookie == Some(true))
    }

    /// Logs in with e-mail and password.
    async fn log_in(&self, ctx: &Context<'_>, #[graphql(desc = "Who logs in.")] input: LogInInput) -> Result<Session> {
        let opened = log_in(ctx.cx()?, &input.email, &input.password, &ctx.requester()).await?;
        hand_out(ctx, opened, input.use_cookie == Some(true))
    }

    /// Logs in by a one-time link that the command line or the demo printed.
    async fn redeem_login_link(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A one-time link.")] input: RedeemLoginLinkInput,
    ) -> Result<Session> {
        let opened = login_link::redeem(ctx.cx()?, &input.token, &ctx.requester()).await?;
        hand_out(ctx, opened, input.use_cookie == Some(true))
    }

    /// Logs in to the demo as its owner. Only a demo has it, and that listens on its own machine alone.
    async fn open_demo(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "How to log in to the demo.")] input: OpenDemoInput,
    ) -> Result<Session> {
        let opened = demo::log_in(ctx.cx()?, &ctx.requester()).await?;
        hand_out(ctx, opened, input.use_cookie == Some(true))
    }

    /// Takes a refresh token for new tokens. It is good once; used twice, it ends the session.
    async fn refresh_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Without a token: the cookie.")] input: RefreshSessionInput,
    ) -> Result<Session> {
        let cookie = || ctx.data_opt::<RefreshCookie>().map(|cookie| cookie.0.clone());
        let use_cookie = input.refresh_token.is_none();
        let text = input.refresh_token.or_else(cookie).ok_or(Refusal::Unauthenticated)?;
        let token = Token::parse(TokenKind::Refresh, &text).ok_or(Refusal::Unauthenticated)?;
        let opened = session::renew(ctx.cx()?, &token).await?;
        hand_out(ctx, opened, use_cookie)
    }

    /// Ends this session, everywhere, at once.
    async fn log_out(&self, ctx: &Context<'_>) -> Result<bool> {
        session::log_out(ctx.cx()?, ctx.caller()?).await?;
        ctx.append_http_header("set-cookie", cookie::clear(&ctx.cx()?.settings));
        Ok(true)
    }
}

/// A session's tokens, the refresh token in the answer or in the cookie.
pub(super) fn hand_out(ctx: &Context<'_>, opened: Opened, use_cookie: bool) -> Result<Session> {
    let deps = ctx.deps()?;
    let (access_token, ends) = deps.tokens.issue(opened.user.id, opened.session_id, deps.cx.now())?;
    let refresh_token = opened.refresh_token.reveal().to_owned();
    let refresh_token = if use_cookie {
        ctx.append_http_header("set-cookie", cookie::set(&deps.cx.settings, &refresh_token));
        None
    } else {
        Some(refresh_token)
    };
    Ok(Session { access_token, access_token_expires_at: ends.into(), refresh_token, user: User(opened.user) })
}
