//! Authority: who acts, in which workspace. The only door to a workspace's rows.

mod biller;
mod ledgers;
mod right;

use nhip_entity::{
    account, api_token, api_token::Scope, audit_entry, chat, credit_entry, invitation, member, member::Role, message,
    webhook, workspace,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

pub use self::{biller::Biller, ledgers::Ledgers, right::Right};
use crate::{
    audit::{self, Change, Requester},
    refusal::Refusal,
};

/// Who acts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Actor {
    /// A person, in a role.
    Member {
        /// Who.
        user_id: Uuid,
        /// As what.
        role: Role,
    },
    /// A program.
    ApiToken {
        /// Which token.
        token_id: Uuid,
        /// What it may do.
        scopes: Vec<Scope>,
    },
}

/// A workspace that the caller was found to belong to. Comes out of authentication only; every query for a workspace's
/// rows takes one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tenant {
    workspace_id: Uuid,
    actor: Actor,
    requester: Requester,
}

/// A tenant whose actor may change settings: an owner or an admin.
#[derive(Clone, Debug)]
pub struct Admin(Tenant);

/// An admin who may do what is the owners' own.
#[derive(Clone, Debug)]
pub struct Owner(Admin);

impl Tenant {
    /// For authentication, which has just looked the membership up.
    pub(crate) fn new(workspace_id: Uuid, actor: Actor) -> Self {
        Self { workspace_id, actor, requester: Requester::default() }
    }

    /// Notes from where the actor acts.
    pub(crate) fn asked_from(self, requester: Requester) -> Self {
        Self { requester, ..self }
    }

    /// The workspace.
    #[must_use]
    pub fn workspace_id(&self) -> Uuid {
        self.workspace_id
    }

    /// Who acts in it.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// From where they act.
    #[must_use]
    pub fn requester(&self) -> &Requester {
        &self.requester
    }

    /// The member's role; none for API tokens.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match self.actor {
            Actor::Member { role, .. } => Some(role),
            Actor::ApiToken { .. } => None,
        }
    }

    /// Whether the actor has a right; the refusal says who has.
    pub fn may(&self, right: Right) -> Result<(), Refusal> {
        right.check(&self.actor)
    }

    /// May read what belongs to the workspace.
    pub fn reader(&self) -> Result<(), Refusal> {
        self.may(Right::Read)
    }

    /// May send, cancel and rename chats.
    pub fn sender(&self) -> Result<(), Refusal> {
        self.may(Right::Send)
    }

    /// May read balance and entries: whoever reads the workspace, and billing jobs.
    pub fn ledger_reader(&self) -> Result<(), Refusal> {
        self.may(Right::ReadCredits)
    }

    /// May change settings and see to people.
    pub fn admin(self) -> Result<Admin, Refusal> {
        self.may(Right::Administer)?;
        Ok(Admin(self))
    }

    /// May do what is the owners' own.
    pub fn owner(self) -> Result<Owner, Refusal> {
        self.may(Right::Own)?;
        Ok(Owner(Admin(self)))
    }

    /// The person who acts; programs are refused.
    pub fn person(&self) -> Result<Uuid, Refusal> {
        match self.actor {
            Actor::Member { user_id, .. } => Ok(user_id),
            Actor::ApiToken { .. } => Err(Refusal::Forbidden("API tokens cannot do this; log in".to_owned())),
        }
    }

    /// The workspace's accounts, removed ones too.
    #[must_use]
    pub fn accounts(&self) -> Select<account::Entity> {
        account::Entity::find().filter(account::Column::WorkspaceId.eq(self.workspace_id))
    }

    /// The workspace's chats.
    #[must_use]
    pub fn chats(&self) -> Select<chat::Entity> {
        chat::Entity::find().filter(chat::Column::WorkspaceId.eq(self.workspace_id))
    }

    /// The workspace's messages.
    #[must_use]
    pub fn messages(&self) -> Select<message::Entity> {
        message::Entity::find().filter(message::Column::WorkspaceId.eq(self.workspace_id))
    }

    /// The workspace's ledger.
    #[must_use]
    pub fn entries(&self) -> Select<credit_entry::Entity> {
        credit_entry::Entity::find().filter(credit_entry::Column::WorkspaceId.eq(self.workspace_id))
    }

    /// The workspace's one webhook.
    #[must_use]
    pub fn webhook(&self) -> Select<webhook::Entity> {
        webhook::Entity::find_by_id(self.workspace_id)
    }

    /// The workspace's own row.
    #[must_use]
    pub fn workspace(&self) -> Select<workspace::Entity> {
        workspace::Entity::find_by_id(self.workspace_id)
    }

    /// The workspace's people.
    #[must_use]
    pub fn members(&self) -> Select<member::Entity> {
        member::Entity::find().filter(member::Column::WorkspaceId.eq(self.workspace_id))
    }

    /// One change of theirs, for the audit trail.
    pub(crate) fn change(&self, action: &'static str, target: String) -> Change<'_> {
        Change {
            workspace_id: Some(self.workspace_id),
            actor: audit::name_of(&self.actor),
            requester: &self.requester,
            action,
            target: Some(target),
            detail: None,
        }
    }
}

impl Admin {
    /// The workspace.
    #[must_use]
    pub fn workspace_id(&self) -> Uuid {
        self.0.workspace_id
    }

    /// Who acts in it.
    #[must_use]
    pub fn actor(&self) -> &Actor {
        &self.0.actor
    }

    /// The same, with no more rights than to look.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.0
    }

    /// The API tokens bound to the workspace, revoked ones too.
    #[must_use]
    pub fn api_tokens(&self) -> Select<api_token::Entity> {
        api_token::Entity::find().filter(api_token::Column::WorkspaceId.eq(self.0.workspace_id))
    }

    /// The workspace's invitations, accepted ones too.
    #[must_use]
    pub fn invitations(&self) -> Select<invitation::Entity> {
        invitation::Entity::find().filter(invitation::Column::WorkspaceId.eq(self.0.workspace_id))
    }

    /// What was changed in the workspace.
    #[must_use]
    pub fn audit_log(&self) -> Select<audit_entry::Entity> {
        audit_entry::Entity::find().filter(audit_entry::Column::WorkspaceId.eq(self.0.workspace_id))
    }
}

impl Owner {
    /// The workspace.
    #[must_use]
    pub fn workspace_id(&self) -> Uuid {
        self.0.workspace_id()
    }

    /// The same, with no more rights than to look.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        self.0.tenant()
    }
}
