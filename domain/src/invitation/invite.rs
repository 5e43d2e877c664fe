//! Inviting somebody.

use chrono::TimeDelta;
use nhip_entity::{
    invitation,
    member::{self, Role},
    user, workspace,
};
use sea_orm::{
    ActiveModelTrait as _, ColumnTrait, EntityTrait, IntoActiveModel as _, PaginatorTrait as _, QueryFilter,
};
use serde_json::json;

use super::pending;
use crate::{
    audit::{self, Change},
    clock::rng,
    cx::Cx,
    database::{Transaction, Urgency},
    error::Result,
    member::Members,
    refusal::Refusal,
    tenant::Admin,
    text,
    token::{Token, TokenKind},
    user::by_email,
};

/// How long a link is good.
const LIFE: TimeDelta = TimeDelta::days(7);
/// The most invitations of a workspace that wait to be accepted: they cost a mail each.
const MOST: u64 = 100;

/// An invitation that was just made.
#[derive(Clone, Debug)]
pub struct Invited {
    /// What the link carries; told now and never again.
    pub token: Token,
    /// The row.
    pub invitation: invitation::Model,
    /// Into what.
    pub workspace: workspace::Model,
    /// By whom.
    pub by: user::Model,
    /// Whoever has the e-mail already.
    pub user: Option<user::Model>,
}

/// Makes a link by which whoever has `email` becomes a member. A new invitation of the same e-mail replaces the one before.
///
/// Refused where the actor's role does not cover `role`, as [`Refusal::Taken`] for members, and as [`Refusal::Conflict`]
/// beyond 100 that wait.
pub async fn invite(cx: &Cx, admin: &Admin, email: &str, role: Role) -> Result<Invited> {
    let (email, workspace_id) = (text::email(email)?, admin.workspace_id());
    let by = admin.tenant().person()?;
    let token = Token::draw(TokenKind::Invitation, &mut rng());
    let txn = cx.db.write(Urgency::Normal).await?;
    Members::lock(&txn, workspace_id, by).await?.check(role)?;
    let by = user::Entity::find_by_id(by).one(&*txn).await?.ok_or(Refusal::Unauthenticated)?;
    let workspace = admin.tenant().workspace().one(&*txn).await?.ok_or(Refusal::NotFound)?;
    let user = by_email(&*txn, &email).await?;
    make_room(cx, &txn, admin, &email, user.as_ref()).await?;
    let invitation = invitation::Model {
        id: cx.clock.new_id(),
        workspace_id,
        email,
        role,
        token_hash: token.hash().to_vec(),
        invited_by: by.id,
        created_at: cx.now(),
        expires_at: cx.now() + LIFE,
        accepted_at: None,
    };
    let row = invitation.clone().into_active_model().reset_all();
    invitation::Entity::insert(row).exec_without_returning(&*txn).await?;
    let change = admin.tenant().change("invitation.create", invitation.id.to_string());
    let detail = json!({"email": invitation.email, "role": role});
    audit::record(cx, &*txn, Change { detail: Some(detail), ..change }).await?;
    txn.commit().await?;
    Ok(Invited { token, invitation, workspace, by, user })
}

/// Refuses what leads nowhere, and ends the invitation that this one replaces.
async fn make_room(cx: &Cx, txn: &Transaction, admin: &Admin, email: &str, user: Option<&user::Model>) -> Result<()> {
    if let Some(user) = user {
        let member = admin.tenant().members().filter(member::Column::UserId.eq(user.id)).one(txn).await?;
        if member.is_some() {
            let problem = format!("{email} is a member of this workspace already");
            return Err(Refusal::Taken { field: "email", problem }.into());
        }
    }
    invitation::Entity::delete_many()
        .filter(invitation::Column::WorkspaceId.eq(admin.workspace_id()))
        .filter(invitation::Column::Email.eq(email))
        .filter(invitation::Column::AcceptedAt.is_null())
        .exec(txn)
        .await?;
    if pending(cx, admin.invitations()).count(txn).await? >= MOST {
        let problem = format!("{MOST} invitations wait to be accepted; revoke some first");
        return Err(Refusal::Conflict(problem).into());
    }
    Ok(())
}
