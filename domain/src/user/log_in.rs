//! Logging in with e-mail and password.

use crate::{
    audit::{self, Change, Requester},
    cx::Cx,
    database::Urgency,
    error::Result,
    refusal::Refusal,
    text,
    user::{by_email, password, session, session::Opened, throttle},
};

/// Opens a session for whoever knows the password.
///
/// Refused as [`Refusal::WrongCredentials`], after the same work, whether the e-mail or the password is wrong; and as
/// [`Refusal::RateLimited`] where too many were wrong lately.
pub async fn log_in(cx: &Cx, email: &str, given: &str, requester: &Requester) -> Result<Opened> {
    let user = match text::email(email) {
        Ok(email) => by_email(cx.db.read(), &email).await?,
        Err(_cannot_be_known) => None,
    };
    let attempt = throttle::attempt(cx, email, user.as_ref(), requester).await?;
    let hash = user.as_ref().and_then(|user| user.password_hash.as_deref());
    let right = password::verify(given, hash).await?;
    let Some(user) = user.filter(|_| right) else { return Err(Refusal::WrongCredentials.into()) };
    let stronger = password::hash_anew(given, user.password_hash.as_deref()).await?;
    let txn = cx.db.write(Urgency::Normal).await?;
    attempt.succeeded(&*txn).await?;
    if !password::hold(&txn, &user).await? {
        return Err(Refusal::WrongCredentials.into());
    }
    if let Some(hash) = stronger {
        password::replace(&txn, user.id, hash).await?;
    }
    audit::record(cx, &*txn, Change::of_user(user.id, requester, "session.log_in")).await?;
    let opened = session::open(cx, &*txn, user, requester).await?;
    txn.commit().await?;
    Ok(opened)
}
