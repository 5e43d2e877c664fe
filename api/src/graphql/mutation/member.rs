//! Who belongs to a workspace.

use async_graphql::{Context, ID, InputObject, Object, Result};
use nhip_domain::{
    invitation::{self, Guest, Invited},
    member,
    tenant::Tenant,
};

use super::{
    super::{
        Deps,
        ask::Ask as _,
        enums::Role,
        scalars,
        types::{CreatedInvitation, Invitation, Member, Session, Workspace},
    },
    session::hand_out,
};
use crate::mail;

/// Who belongs to a workspace.
#[derive(Default)]
pub(super) struct MemberMutation;

/// Who shall come.
#[derive(InputObject)]
struct InviteMemberInput {
    /// Into which workspace.
    workspace_id: ID,
    /// Whom.
    email: String,
    /// As what.
    role: Role,
}

/// Which invitation.
#[derive(InputObject)]
struct RevokeInvitationInput {
    /// Of which workspace.
    workspace_id: ID,
    /// Its id.
    invitation_id: ID,
}

/// Name and password only for someone who has no user yet.
#[derive(InputObject)]
struct AcceptInvitationInput {
    /// What follows `token=` in the link.
    #[graphql(secret)]
    token: String,
    /// How others will see them.
    name: Option<String>,
    /// At least 8 characters.
    #[graphql(secret)]
    password: Option<String>,
    /// The language they read, such as `en` or `vi`.
    locale: Option<String>,
    /// Whether the refresh token goes into an `HttpOnly` cookie.
    #[graphql(default_with = "Some(false)")]
    use_cookie: Option<bool>,
}

/// Another role.
#[derive(InputObject)]
struct SetMemberRoleInput {
    /// In which workspace.
    workspace_id: ID,
    /// Whose.
    user_id: ID,
    /// Which.
    role: Role,
}

/// Who shall go.
#[derive(InputObject)]
struct RemoveMemberInput {
    /// Out of which workspace.
    workspace_id: ID,
    /// Who.
    user_id: ID,
}

#[Object]
impl MemberMutation {
    /// Makes a link by which somebody becomes a member, and mails it where mail is sent. It works once, for 7 days; another
    /// one for the same e-mail replaces it.
    async fn invite_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who shall come.")] input: InviteMemberInput,
    ) -> Result<CreatedInvitation> {
        let admin = ctx.tenant(&input.workspace_id).await?.admin()?;
        let invited = invitation::invite(ctx.cx()?, &admin, &input.email, input.role.into()).await?;
        let deps = ctx.deps()?;
        let url = invitation::url(&deps.cx.settings, &invited.token);
        let email_sent = mail_invitation(deps, &invited, &url).await;
        Ok(CreatedInvitation { url, email_sent, invitation: Invitation(invited.invitation) })
    }

    /// Ends an invitation that nobody has accepted.
    async fn revoke_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which invitation.")] input: RevokeInvitationInput,
    ) -> Result<Workspace> {
        let admin = ctx.tenant(&input.workspace_id).await?.admin()?;
        invitation::revoke(ctx.cx()?, &admin, scalars::uuid(&input.invitation_id)?).await?;
        workspace_of(ctx, admin.tenant()).await
    }

    /// Makes the caller a member by a link, once. Who has a user already must be logged in; somebody new chooses a name and a
    /// password.
    async fn accept_invitation(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Name and password only for someone who has no user yet.")] input: AcceptInvitationInput,
    ) -> Result<Session> {
        let guest = Guest { token: input.token, name: input.name, password: input.password, locale: input.locale };
        let opened = invitation::accept(ctx.cx()?, ctx.caller().ok(), guest, &ctx.requester()).await?;
        hand_out(ctx, opened, input.use_cookie == Some(true))
    }

    /// Gives a member another role, at once. API tokens end whose maker is an admin no more.
    async fn set_member_role(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Another role.")] input: SetMemberRoleInput,
    ) -> Result<Member> {
        let admin = ctx.tenant(&input.workspace_id).await?.admin()?;
        let row = member::set_role(ctx.cx()?, &admin, scalars::uuid(&input.user_id)?, input.role.into()).await?;
        Ok(Member(row))
    }

    /// Takes a member out of a workspace, at once; their API tokens end. Who was an owner or admin may know the webhook's
    /// URL: generate a new one.
    async fn remove_member(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Who shall go.")] input: RemoveMemberInput,
    ) -> Result<Workspace> {
        let admin = ctx.tenant(&input.workspace_id).await?.admin()?;
        member::remove(ctx.cx()?, &admin, scalars::uuid(&input.user_id)?).await?;
        workspace_of(ctx, admin.tenant()).await
    }
}

/// In the reader's language; the inviter's, where the reader is new.
async fn mail_invitation(deps: &Deps, invited: &Invited, url: &str) -> bool {
    let letter = mail::Invitation {
        locale: invited.user.as_ref().map_or(&invited.by.locale, |user| &user.locale),
        workspace: &invited.workspace.name,
        by: &invited.by.name,
        role: invited.invitation.role,
        url,
    };
    deps.post.send(&invited.invitation.email, letter.write()).await
}

/// The workspace as it is now.
pub(super) async fn workspace_of(ctx: &Context<'_>, tenant: &Tenant) -> Result<Workspace> {
    let row = tenant.workspace().one(ctx.cx()?.db.read()).await?.ok_or(nhip_domain::Refusal::NotFound)?;
    Ok(Workspace::new(tenant.clone(), row)?)
}
