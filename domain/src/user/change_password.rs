//! Choosing another password.

use crate::{
    audit::{self, Change},
    authenticate::Caller,
    cx::Cx,
    database::Urgency,
    error::{Error, Result},
    refusal::Refusal,
    user::{Opened, password, session, throttle},
};

/// Sets a person's password and ends every other session of theirs, everywhere, at once. The session that asks goes on,
/// under a new refresh token.
///
/// Refused where `current` is not their password. Who has none yet, because they came by a link, is not asked for one.
pub async fn change_password(cx: &Cx, caller: &Caller, current: &str, new: &str) -> Result<Opened> {
    let user = caller.person()?.clone();
    let session_id = caller.session_id().ok_or(Refusal::Unauthenticated)?;
    password::check("newPassword", new)?;
    // Whoever holds a stolen session may guess no faster than whoever logs in.
    let attempt = throttle::attempt(cx, &user.email, Some(&user), caller.requester()).await?;
    if user.password_hash.is_some() && !password::verify(current, user.password_hash.as_deref()).await? {
        return Err(wrong());
    }
    let hash = password::hash(new).await?;
    let txn = cx.db.write(Urgency::Normal).await?;
    attempt.succeeded(&*txn).await?;
    if !password::hold(&txn, &user).await? {
        return Err(wrong());
    }
    password::store(&txn, user.id, hash).await?;
    session::end_all_but(cx, &*txn, user.id, Some(session_id)).await?;
    let change = Change::of_user(user.id, caller.requester(), "user.change_password");
    audit::record(cx, &*txn, change).await?;
    let opened = session::replace_token(cx, &*txn, user, session_id).await?.ok_or(Refusal::Unauthenticated)?;
    txn.commit().await?;
    Ok(opened)
}

fn wrong() -> Error {
    let problem = "`currentPassword` is wrong".to_owned();
    Refusal::BadInput { field: "currentPassword", problem }.into()
}
