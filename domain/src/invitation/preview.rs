//! What whoever has a link may know before they accept.

use nhip_entity::{invitation, workspace};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::by_token;
use crate::{
    cx::Cx,
    error::Result,
    refusal::Refusal,
    token::{Token, TokenKind},
    user::by_email,
};

/// An invitation, for whom it invites.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The row.
    pub invitation: invitation::Model,
    /// Into what.
    pub workspace: workspace::Model,
    /// Whether somebody has the e-mail already: they accept once they are logged in.
    pub user_exists: bool,
}

/// What the link `token` invites to.
///
/// Refused as [`Refusal::NotFound`] once it was accepted, revoked or has expired.
pub async fn preview(cx: &Cx, token: &str) -> Result<Preview> {
    let token = Token::parse(TokenKind::Invitation, token.trim()).ok_or(Refusal::NotFound)?;
    let invitation = by_token(cx, &token).one(cx.db.read()).await?.ok_or(Refusal::NotFound)?;
    let workspace = workspace::Entity::find_by_id(invitation.workspace_id)
        .filter(workspace::Column::DeletedAt.is_null())
        .one(cx.db.read())
        .await?
        .ok_or(Refusal::NotFound)?;
    let user_exists = by_email(cx.db.read(), &invitation.email).await?.is_some();
    Ok(Preview { invitation, workspace, user_exists })
}
