//! Becoming a member by a link.

use nhip_entity::{invitation, member, user};
use sea_orm::{ActiveModelTrait as _, ColumnTrait, EntityTrait, IntoActiveModel as _, QueryFilter, sea_query::Expr};
use serde_json::json;
use uuid::Uuid;

use super::{by_token, preview};
use crate::{
    audit::{self, Change, Requester},
    authenticate::Caller,
    cx::Cx,
    database::{Transaction, Urgency},
    error::Result,
    lock,
    refusal::Refusal,
    signal::Event,
    token::{Token, TokenKind},
    user::{
        Opened, session,
        sign_up::{self, Newcomer},
    },
};

/// What somebody says who comes by a link.
#[derive(Clone, Default)]
pub struct Guest {
    /// What the link carries.
    pub token: String,
    /// How others will see them; only for someone who has no user yet.
    pub name: Option<String>,
    /// How they will log in; only for someone who has no user yet.
    pub password: Option<String>,
    /// The language they read.
    pub locale: Option<String>,
}

/// Who becomes a member.
enum Who {
    Known(user::Model),
    New(user::Model),
}

/// Makes whoever is invited a member, once.
///
/// The inviter sees the link too, so it proves nothing about who somebody is: who has a user already must be logged in as
/// that user, or it would open their account to the inviter. Somebody new chooses a name and a password.
pub async fn accept(cx: &Cx, caller: Option<&Caller>, guest: Guest, requester: &Requester) -> Result<Opened> {
    let preview = preview(cx, &guest.token).await?;
    let token = Token::parse(TokenKind::Invitation, guest.token.trim()).ok_or(Refusal::NotFound)?;
    let who = if preview.user_exists {
        known(caller, &preview.invitation, &guest)?
    } else {
        Who::New(newcomer(cx, &preview.invitation, guest).await?)
    };
    let txn = cx.db.write(Urgency::Normal).await?;
    lock::workspaces(&txn, [preview.workspace.id]).await?;
    // Revoked, accepted or no longer the inviter's to give: then it is gone by now.
    let invitation = by_token(cx, &token).one(&*txn).await?.ok_or(Refusal::NotFound)?;
    let opened = match who {
        // Another one: whoever holds the refresh token of the session that asks goes on with it.
        Who::Known(user) => session::open(cx, &*txn, user, requester).await?,
        Who::New(user) => {
            sign_up::insert(&txn, &user).await?;
            session::open(cx, &*txn, user, requester).await?
        }
    };
    join(cx, &txn, &invitation, opened.user.id, requester).await?;
    txn.commit().await?;
    cx.signals.changed(Event::Members { workspace_id: invitation.workspace_id });
    Ok(opened)
}

fn known(caller: Option<&Caller>, invitation: &invitation::Model, guest: &Guest) -> Result<Who> {
    let log_in = || Refusal::Forbidden(format!("Log in as {} first, then open the link again", invitation.email));
    let person = caller.ok_or(Refusal::Unauthenticated)?.person().ok();
    let user = person.filter(|user| user.email == invitation.email).cloned().ok_or_else(log_in)?;
    if guest.name.is_some() || guest.password.is_some() {
        let problem = "Name and password are for someone who has no user yet; leave them out".to_owned();
        return Err(Refusal::BadInput { field: "password", problem }.into());
    }
    Ok(Who::Known(user))
}

async fn newcomer(cx: &Cx, invitation: &invitation::Model, guest: Guest) -> Result<user::Model> {
    let missing = |field, problem: &str| Refusal::BadInput { field, problem: problem.to_owned() };
    let newcomer = Newcomer {
        email: invitation.email.clone(),
        password: Some(guest.password.ok_or_else(|| missing("password", "`password` is missing; choose one"))?),
        name: guest.name.ok_or_else(|| missing("name", "`name` is missing; say how others shall see you"))?,
        workspace_name: String::new(),
        locale: guest.locale,
    };
    sign_up::person(cx, &newcomer).await
}

async fn join(
    cx: &Cx,
    txn: &Transaction,
    invitation: &invitation::Model,
    user_id: Uuid,
    requester: &Requester,
) -> Result<()> {
    let workspace_id = invitation.workspace_id;
    if member::Entity::find_by_id((workspace_id, user_id)).one(txn).await?.is_some() {
        return Err(Refusal::Conflict("You are a member of this workspace already".to_owned()).into());
    }
    let member = member::Model { workspace_id, user_id, role: invitation.role, joined_at: cx.now() };
    member::Entity::insert(member.into_active_model().reset_all()).exec_without_returning(txn).await?;
    invitation::Entity::update_many()
        .col_expr(invitation::Column::AcceptedAt, Expr::value(cx.now()))
        .filter(invitation::Column::Id.eq(invitation.id))
        .exec(txn)
        .await?;
    let change = Change {
        workspace_id: Some(workspace_id),
        target: Some(invitation.id.to_string()),
        detail: Some(json!({"role": invitation.role})),
        ..Change::of_user(user_id, requester, "invitation.accept")
    };
    audit::record(cx, txn, change).await?;
    Ok(())
}
