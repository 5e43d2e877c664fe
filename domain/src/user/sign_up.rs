//! Signing up: a person and their first workspace, with what every first workspace starts with.

use nhip_entity::user;
use sea_orm::{ActiveModelTrait as _, EntityTrait, IntoActiveModel as _, SqlErr};

use crate::{
    audit::{self, Requester},
    cx::Cx,
    database::Urgency,
    error::Result,
    refusal::Refusal,
    text,
    user::{by_email, password, session, session::Opened},
    workspace,
};

/// What somebody says of themselves.
#[derive(Clone, Default)]
pub struct Newcomer {
    /// How they log in.
    pub email: String,
    /// None: they log in by links until they set one.
    pub password: Option<String>,
    /// How others see them.
    pub name: String,
    /// Their first workspace.
    pub workspace_name: String,
    /// The language they read, such as `en` or `vi`.
    pub locale: Option<String>,
}

/// Makes a person, their first workspace, its webhook and its first credits, and logs them in.
///
/// Refused where sign-up is closed, and as [`Refusal::Conflict`] where the e-mail is taken.
pub async fn sign_up(cx: &Cx, newcomer: Newcomer, requester: &Requester) -> Result<Opened> {
    if !cx.settings.sign_up_open {
        return Err(Refusal::Forbidden("Sign-up is closed here; ask the operator for an invitation".to_owned()).into());
    }
    if newcomer.password.is_none() {
        return Err(Refusal::BadInput { field: "password", problem: "`password` is missing".to_owned() }.into());
    }
    welcome(cx, newcomer, cx.settings.sign_up_credits, requester).await
}

/// The same by the operator's own hand, whether or not sign-up is open.
pub async fn welcome(cx: &Cx, newcomer: Newcomer, credits: i64, requester: &Requester) -> Result<Opened> {
    let (user, workspace_name) = person(cx, &newcomer)?;
    if by_email(cx.db.read(), &user.email).await?.is_some() {
        return Err(taken().into());
    }
    let password_hash = match &newcomer.password {
        Some(password) => Some(password::hash(password).await?),
        None => None,
    };
    let user = user::Model { password_hash, ..user };
    let txn = cx.db.write(Urgency::Normal).await?;
    let inserted =
        user::Entity::insert(user.clone().into_active_model().reset_all()).exec_without_returning(&*txn).await;
    inserted.map_err(|err| match err.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => taken().into(),
        _ => crate::Error::from(err),
    })?;
    let change = audit::Change {
        workspace_id: None,
        actor: audit::name_of_user(user.id),
        requester,
        action: "user.sign_up",
        target: Some(user.id.to_string()),
        detail: None,
    };
    audit::record(cx, &*txn, change).await?;
    let owner = workspace::create::Owner { user_id: user.id, requester };
    workspace::create::create_in(cx, &txn, &owner, workspace_name, credits).await?;
    let opened = session::open(cx, &*txn, user, requester).await?;
    txn.commit().await?;
    Ok(opened)
}

/// Checks what a newcomer says; their password is hashed later.
fn person(cx: &Cx, newcomer: &Newcomer) -> Result<(user::Model, String), Refusal> {
    if let Some(password) = &newcomer.password {
        password::check("password", password)?;
    }
    let user = user::Model {
        id: cx.clock.new_id(),
        email: text::email(&newcomer.email)?,
        name: text::name("name", &newcomer.name)?,
        locale: locale(newcomer.locale.as_deref())?,
        password_hash: None,
        created_at: cx.now(),
    };
    Ok((user, text::name("workspaceName", &newcomer.workspace_name)?))
}

fn locale(given: Option<&str>) -> Result<String, Refusal> {
    let locale = given.unwrap_or("en");
    if (2..=35).contains(&locale.len()) && locale.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-') {
        return Ok(locale.to_owned());
    }
    Err(Refusal::BadInput { field: "locale", problem: "`locale` must be a language tag, such as en or vi".to_owned() })
}

fn taken() -> Refusal {
    Refusal::Conflict("This e-mail has a user already; log in instead".to_owned())
}
