//! A new password for whoever has forgotten theirs, by a link.

use std::time::Duration;

use nhip_entity::{login_link::LinkPurpose, user};

use crate::{
    audit::{self, Change, Requester},
    cx::Cx,
    database::Urgency,
    error::Result,
    refusal::Refusal,
    settings::Settings,
    text,
    token::Token,
    user::{Opened, by_email, login_link as link, password, session, throttle},
};

/// How long a link is good.
pub const LIFE: Duration = Duration::from_hours(1);

/// The page that a link leads to.
#[must_use]
pub fn url(settings: &Settings, token: &Token) -> String {
    format!("{}/reset-password#token={}", settings.public_url, token.reveal())
}

/// Makes a link for whoever asks to have it mailed; for the one who has the e-mail alone to see.
///
/// Refused as [`Refusal::NotFound`] where nobody has the e-mail, which the one who asks must not be told, and as
/// [`Refusal::RateLimited`] where it was asked for too often lately.
pub async fn request(cx: &Cx, email: &str, requester: &Requester) -> Result<(Token, user::Model)> {
    let email = text::email(email)?;
    throttle::mail(cx, &email, requester).await?;
    let user = by_email(cx.db.read(), &email).await?.ok_or(Refusal::NotFound)?;
    let token = insert(cx, &user, Change::of_user(user.id, requester, "user.request_password_reset")).await?;
    Ok((token, user))
}

/// Makes a link for a person. Only whoever sits at the machine may.
///
/// Refused as [`Refusal::NotFound`] where nobody has the e-mail.
pub async fn make(cx: &Cx, email: &str) -> Result<Token> {
    let user = by_email(cx.db.read(), &text::email(email)?).await?.ok_or(Refusal::NotFound)?;
    insert(cx, &user, Change::of_operator(user.id, &Requester::default(), "user.make_password_link")).await
}

/// Stores a new link. Those before stay good: or whoever asks for new ones without end could keep the owner's mails from ever
/// working.
async fn insert(cx: &Cx, user: &user::Model, change: Change<'_>) -> Result<Token> {
    let txn = cx.db.write(Urgency::Normal).await?;
    let token = link::insert(cx, &txn, user.id, LinkPurpose::ResetPassword, LIFE).await?;
    audit::record(cx, &*txn, change).await?;
    txn.commit().await?;
    Ok(token)
}

/// Sets the password of the first who brings the link in time. Their other links and all their sessions end, everywhere, at
/// once.
pub async fn reset_password(cx: &Cx, token: &str, new: &str, requester: &Requester) -> Result<Opened> {
    password::check("newPassword", new)?;
    // Hashing takes a core for a while; nobody gets that for a guess.
    link::check(cx, token, LinkPurpose::ResetPassword).await?;
    let hash = password::hash(new).await?;
    let txn = cx.db.write(Urgency::Normal).await?;
    let user = link::spend(cx, &txn, token, LinkPurpose::ResetPassword).await?;
    password::store(&txn, user.id, hash).await?;
    session::end_all_but(cx, &*txn, user.id, None).await?;
    audit::record(cx, &*txn, Change::of_user(user.id, requester, "user.reset_password")).await?;
    let opened = session::open(cx, &*txn, user, requester).await?;
    txn.commit().await?;
    Ok(opened)
}
