//! Signing up: a person and their first workspace, with what every first workspace starts with.

use nhip_entity::user;
use sea_orm::{ActiveModelTrait as _, EntityTrait, IntoActiveModel as _, SqlErr};

use crate::{
    audit::{self, Change, Requester},
    cx::Cx,
    database::{Transaction, Urgency},
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
/// Refused where sign-up is closed, and as [`Refusal::Taken`] where the e-mail is.
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
    let workspace_name = text::name("workspaceName", &newcomer.workspace_name)?;
    let user = person(cx, &newcomer).await?;
    let txn = cx.db.write(Urgency::Normal).await?;
    insert(&txn, &user).await?;
    let change = Change { target: Some(user.id.to_string()), ..Change::of_user(user.id, requester, "user.sign_up") };
    audit::record(cx, &*txn, change).await?;
    let owner = workspace::create::Owner { user_id: user.id, requester };
    workspace::create::create_in(cx, &txn, &owner, workspace_name, credits).await?;
    let opened = session::open(cx, &*txn, user, requester).await?;
    txn.commit().await?;
    Ok(opened)
}

/// Checks what a newcomer says and hashes their password.
pub(crate) async fn person(cx: &Cx, newcomer: &Newcomer) -> Result<user::Model> {
    if let Some(password) = &newcomer.password {
        password::check("password", password)?;
    }
    let user = user::Model {
        id: cx.clock.new_id(),
        email: text::email(&newcomer.email)?,
        name: text::name("name", &newcomer.name)?,
        locale: text::locale(newcomer.locale.as_deref().unwrap_or("en"))?,
        password_hash: None,
        created_at: cx.now(),
    };
    if by_email(cx.db.read(), &user.email).await?.is_some() {
        return Err(taken().into());
    }
    let password_hash = match &newcomer.password {
        Some(password) => Some(password::hash(password).await?),
        None => None,
    };
    Ok(user::Model { password_hash, ..user })
}

/// Stores a newcomer.
pub(crate) async fn insert(txn: &Transaction, user: &user::Model) -> Result<()> {
    let row = user.clone().into_active_model().reset_all();
    let inserted = user::Entity::insert(row).exec_without_returning(txn).await;
    inserted.map(drop).map_err(|err| match err.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => taken().into(),
        _ => err.into(),
    })
}

fn taken() -> Refusal {
    Refusal::Taken { field: "email", problem: "This e-mail has a user already; log in instead".to_owned() }
}
