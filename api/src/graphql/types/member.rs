//! `Member`, `Invitation`, `InvitationPreview`, `CreatedInvitation`.

use async_graphql::{Context, ID, Object, Result, SimpleObject};
use nhip_domain::{Broken, invitation::Preview};
use nhip_entity::{invitation, member};

use super::{
    super::{ask::Ask as _, enums::Role, loaders::UserKey, scalars::DateTime},
    User,
};

/// A person in a workspace.
pub(in crate::graphql) struct Member(pub(in crate::graphql) member::Model);

/// A link by which somebody may become a member.
pub(in crate::graphql) struct Invitation(pub(in crate::graphql) invitation::Model);

/// A person in a workspace.
#[Object]
impl Member {
    /// Who.
    async fn user(&self, ctx: &Context<'_>) -> Result<User> {
        user(ctx, self.0.user_id).await
    }

    /// As what.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Since when.
    async fn joined_at(&self) -> DateTime {
        self.0.joined_at.into()
    }
}

/// A link by which somebody may become a member.
#[Object]
impl Invitation {
    /// Its id.
    async fn id(&self) -> ID {
        self.0.id.into()
    }

    /// Whom it invites.
    async fn email(&self) -> &str {
        &self.0.email
    }

    /// As what.
    async fn role(&self) -> Role {
        self.0.role.into()
    }

    /// Who made it.
    async fn invited_by(&self, ctx: &Context<'_>) -> Result<User> {
        user(ctx, self.0.invited_by).await
    }

    /// Until when it can be accepted.
    async fn expires_at(&self) -> DateTime {
        self.0.expires_at.into()
    }
}

pub(super) async fn user(ctx: &Context<'_>, id: uuid::Uuid) -> Result<User> {
    let row = ctx.loader()?.load_one(UserKey(id)).await?;
    Ok(User(row.ok_or(Broken::Unreadable("a user's row"))?))
}

/// What whoever has the link may know before they accept.
#[derive(SimpleObject)]
pub(in crate::graphql) struct InvitationPreview {
    /// Into which workspace.
    workspace_name: String,
    /// Whom it invites.
    email: String,
    /// As what.
    role: Role,
    /// Whether somebody has the e-mail already: they log in and accept. Else a name and a password are chosen.
    user_exists: bool,
    /// Until when it can be accepted.
    expires_at: DateTime,
}

impl From<Preview> for InvitationPreview {
    fn from(preview: Preview) -> Self {
        Self {
            workspace_name: preview.workspace.name,
            email: preview.invitation.email,
            role: preview.invitation.role.into(),
            user_exists: preview.user_exists,
            expires_at: preview.invitation.expires_at.into(),
        }
    }
}

/// An invitation and its link. The secret stands on this type alone.
#[derive(SimpleObject)]
pub(in crate::graphql) struct CreatedInvitation {
    /// The link; shown here and never again.
    pub(in crate::graphql) url: String,
    /// Whether a mail server took it; if not, hand the link over yourself.
    pub(in crate::graphql) email_sent: bool,
    /// The invitation.
    pub(in crate::graphql) invitation: Invitation,
}
