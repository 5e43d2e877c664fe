//! What people change about themselves.

use async_graphql::{Context, ID, InputObject, Object, Result};
use nhip_domain::{
    Error, Refusal,
    audit::Requester,
    user::{self, Update, reset_password},
};

use super::{
    super::{
        Deps,
        ask::Ask as _,
        scalars,
        types::{Session, User},
    },
    session::hand_out,
};
use crate::mail::PasswordReset;

/// What people change about themselves.
#[derive(Default)]
pub(super) struct UserMutation;

/// What is left out stays as it is.
#[derive(InputObject)]
struct UpdateMeInput {
    /// How others see them.
    name: Option<String>,
    /// The language they read, such as `en` or `vi`.
    locale: Option<String>,
}

/// Two passwords.
#[derive(InputObject)]
struct ChangePasswordInput {
    /// The one they have; empty for who has none yet.
    #[graphql(secret)]
    current_password: String,
    /// At least 8 characters.
    #[graphql(secret)]
    new_password: String,
    /// Whether the refresh token goes into an `HttpOnly` cookie.
    #[graphql(default_with = "Some(false)")]
    use_cookie: Option<bool>,
}

/// Which log-in.
#[derive(InputObject)]
struct RevokeSessionInput {
    /// Its id.
    session_id: ID,
}

/// Whose password.
#[derive(InputObject)]
struct RequestPasswordResetInput {
    /// How they log in.
    email: String,
}

/// A link and a password.
#[derive(InputObject)]
struct ResetPasswordInput {
    /// What follows `token=` in the link.
    #[graphql(secret)]
    token: String,
    /// At least 8 characters.
    #[graphql(secret)]
    new_password: String,
    /// Whether the refresh token goes into an `HttpOnly` cookie.
    #[graphql(default_with = "Some(false)")]
    use_cookie: Option<bool>,
}

#[Object]
impl UserMutation {
    /// Changes the caller's name and language.
    async fn update_me(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "What is left out stays as it is.")] input: UpdateMeInput,
    ) -> Result<User> {
        let new = Update { name: input.name, locale: input.locale };
        Ok(User(user::update(ctx.cx()?, ctx.caller()?, new).await?))
    }

    /// Sets another password and ends every other session, everywhere, at once.
    async fn change_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Two passwords.")] input: ChangePasswordInput,
    ) -> Result<Session> {
        let caller = ctx.caller()?;
        let opened = user::change_password(ctx.cx()?, caller, &input.current_password, &input.new_password).await?;
        hand_out(ctx, opened, input.use_cookie == Some(true))
    }

    /// Ends one of the caller's sessions, everywhere, at once.
    async fn revoke_session(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which log-in.")] input: RevokeSessionInput,
    ) -> Result<User> {
        let caller = ctx.caller()?;
        let user = caller.person()?.clone();
        user::session::revoke(ctx.cx()?, caller, scalars::uuid(&input.session_id)?).await?;
        Ok(User(user))
    }

    /// Mails a link to choose another password by. True whether or not the e-mail is known; nothing is mailed where
    /// `service.emailEnabled` is false.
    #[expect(clippy::unused_async, reason = "resolvers are")]
    async fn request_password_reset(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Whose password.")] input: RequestPasswordResetInput,
    ) -> Result<bool> {
        // Answered before anything is looked up: how long it takes says nothing either.
        tokio::spawn(mail_reset(ctx.deps()?.clone(), input.email, ctx.requester()));
        Ok(true)
    }

    /// Sets another password by a link, once, and ends every session of before.
    async fn reset_password(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "A link and a password.")] input: ResetPasswordInput,
    ) -> Result<Session> {
        let (cx, requester) = (ctx.cx()?, ctx.requester());
        let opened = user::reset_password(cx, &input.token, &input.new_password, &requester).await?;
        hand_out(ctx, opened, input.use_cookie == Some(true))
    }
}

async fn mail_reset(deps: Deps, email: String, requester: Requester) {
    if !deps.post.is_open() {
        return tracing::warn!("somebody asked for a new password, but NHIP_SMTP_URL names no mail server");
    }
    match reset_password::request(&deps.cx, &email, &requester).await {
        Ok((token, user)) => {
            let url = reset_password::url(&deps.cx.settings, &token);
            let letter = PasswordReset { locale: &user.locale, name: &user.name, url: &url }.write();
            deps.post.send(&user.email, letter).await;
        }
        Err(Error::Refused(Refusal::NotFound | Refusal::BadInput { .. } | Refusal::RateLimited { .. })) => {}
        Err(err) => tracing::error!(error = &err as &dyn std::error::Error, "no link to a new password was made"),
    }
}
