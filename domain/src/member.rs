//! Who belongs to a workspace.

mod leave;
mod remove;
mod set_role;

use nhip_entity::{
    api_token, invitation,
    member::{self, Role},
};
use sea_orm::{ColumnTrait, Condition, ConnectionTrait, DbErr, EntityTrait, QueryFilter, sea_query::Expr};
use strum::IntoEnumIterator as _;
use uuid::Uuid;

pub use self::{leave::leave, remove::remove, set_role::set_role};
use crate::{cx::Cx, database::Transaction, error::Result, lock, refusal::Refusal};

/// Whether somebody in the role `actor` may give the role `other`, and take it away.
#[must_use]
pub fn may_manage(actor: Role, other: Role) -> bool {
    actor == Role::Owner || (actor == Role::Admin && other == Role::Member)
}

/// The members of a workspace, read under its lock, and what the one who acts is among them now.
pub(crate) struct Members {
    all: Vec<member::Model>,
    pub(crate) acting: Role,
}

impl Members {
    /// Locks the workspace, then reads: whoever lost their role a moment ago decides nothing any more.
    pub(crate) async fn lock(txn: &Transaction, workspace_id: Uuid, acting: Uuid) -> Result<Self> {
        lock::workspaces(txn, [workspace_id]).await?;
        let all = member::Entity::find().filter(member::Column::WorkspaceId.eq(workspace_id)).all(txn).await?;
        let acting = all.iter().find(|member| member.user_id == acting).map(|member| member.role);
        Ok(Self { acting: acting.ok_or(Refusal::NotFound)?, all })
    }

    /// One of them.
    pub(crate) fn get(&self, user_id: Uuid) -> Result<&member::Model, Refusal> {
        self.all.iter().find(|member| member.user_id == user_id).ok_or(Refusal::NotFound)
    }

    /// Refuses what the acting member's role does not cover.
    pub(crate) fn check(&self, role: Role) -> Result<(), Refusal> {
        if may_manage(self.acting, role) {
            return Ok(());
        }
        Err(Refusal::Forbidden("Only an owner may do this to admins and owners; ask one of them".to_owned()))
    }

    /// Refuses to leave the workspace without an owner.
    fn check_not_last_owner(&self, leaving: &member::Model) -> Result<(), Refusal> {
        let others = self.all.iter().any(|other| other.role == Role::Owner && other.user_id != leaving.user_id);
        if leaving.role != Role::Owner || others {
            return Ok(());
        }
        Err(Refusal::Conflict("A workspace keeps at least one owner; make somebody else an owner first".to_owned()))
    }
}

/// Ends what somebody made that is more than they may make in their new role, none if they are gone: pending invitations,
/// and API tokens, which only owners and admins make.
async fn end_what_is_too_much(
    cx: &Cx,
    txn: &impl ConnectionTrait,
    member: &member::Model,
    now: Option<Role>,
) -> Result<(), DbErr> {
    let too_much = Role::iter().filter(|role| !now.is_some_and(|now| may_manage(now, *role)));
    invitation::Entity::delete_many()
        .filter(invitation::Column::WorkspaceId.eq(member.workspace_id))
        .filter(invitation::Column::InvitedBy.eq(member.user_id))
        .filter(invitation::Column::AcceptedAt.is_null())
        .filter(invitation::Column::Role.is_in(too_much))
        .exec(txn)
        .await?;
    if now.is_some_and(|now| now >= Role::Admin) {
        return Ok(());
    }
    api_token::Entity::update_many()
        .col_expr(api_token::Column::RevokedAt, Expr::value(cx.now()))
        .filter(
            Condition::all()
                .add(api_token::Column::WorkspaceId.eq(member.workspace_id))
                .add(api_token::Column::CreatedBy.eq(member.user_id))
                .add(api_token::Column::RevokedAt.is_null()),
        )
        .exec(txn)
        .await?;
    Ok(())
}

/// Takes somebody out of a workspace, with what they made that is good only while they are in it.
async fn take_out(cx: &Cx, txn: &impl ConnectionTrait, member: &member::Model) -> Result<(), DbErr> {
    end_what_is_too_much(cx, txn, member, None).await?;
    member::Entity::delete_by_id((member.workspace_id, member.user_id)).exec(txn).await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admins_see_to_members_and_owners_to_all() {
        assert!(Role::iter().all(|role| may_manage(Role::Owner, role)));
        assert!(may_manage(Role::Admin, Role::Member));
        assert!(!may_manage(Role::Admin, Role::Admin) && !may_manage(Role::Admin, Role::Owner));
        assert!(!Role::iter().any(|role| may_manage(Role::Member, role)));
    }
}
