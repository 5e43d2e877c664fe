//! Authority: who acts, in which workspace. The only door to a workspace's rows.

use nhip_entity::{
    account, activation, api_token, api_token::Scope, chat, credit_entry, member::Role, message, webhook, workspace,
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use crate::{
    audit::{self, Change, Requester},
    cx::Cx,
    error::Error,
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

    /// May read what belongs to the workspace.
    pub fn reader(&self) -> Result<(), Refusal> {
        self.allow(Role::Member, Some(Scope::WorkspaceRead))
    }

    /// May send, cancel and rename chats.
    pub fn sender(&self) -> Result<(), Refusal> {
        self.allow(Role::Member, Some(Scope::MessagesWrite))
    }

    /// May change settings.
    pub fn admin(self) -> Result<Admin, Refusal> {
        self.allow(Role::Admin, None)?;
        Ok(Admin(self))
    }

    /// May read balance and entries: whoever reads the workspace, and billing jobs.
    pub fn ledger_reader(&self) -> Result<(), Refusal> {
        match &self.actor {
            Actor::ApiToken { scopes, .. } if scopes.contains(&Scope::BillingRead) => Ok(()),
            _ => self.reader(),
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

    /// The webhook's log.
    #[must_use]
    pub fn activations(&self) -> Select<activation::Entity> {
        activation::Entity::find().filter(activation::Column::WorkspaceId.eq(self.workspace_id))
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

    fn allow(&self, least: Role, scope: Option<Scope>) -> Result<(), Refusal> {
        let allowed = match &self.actor {
            Actor::Member { role, .. } => *role >= least,
            Actor::ApiToken { scopes, .. } => scope.is_some_and(|scope| scopes.contains(&scope)),
        };
        if allowed {
            return Ok(());
        }
        Err(Refusal::Forbidden(match (&self.actor, scope) {
            (Actor::ApiToken { .. }, Some(scope)) => format!("This token lacks the scope {}", <&str>::from(scope)),
            (Actor::ApiToken { .. }, None) => "API tokens cannot do this; log in as an owner or admin".to_owned(),
            (Actor::Member { .. }, _) => "Only an owner or admin may do this; ask one of them".to_owned(),
        }))
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
}

/// The ledgers that a billing job may read: every workspace's, or the one that its token is bound to.
#[derive(Clone, Debug)]
pub struct Ledgers {
    only: Option<Uuid>,
}

impl Ledgers {
    /// For authentication, which has just looked at the token's scopes.
    pub(crate) fn new(only: Option<Uuid>) -> Self {
        Self { only }
    }

    /// The billing stream: entries that have their position.
    #[must_use]
    pub fn stream(&self) -> Select<credit_entry::Entity> {
        let placed = credit_entry::Entity::find().filter(credit_entry::Column::Position.is_not_null());
        match self.only {
            Some(id) => placed.filter(credit_entry::Column::WorkspaceId.eq(id)),
            None => placed,
        }
    }

    /// The workspaces that are not deleted.
    #[must_use]
    pub fn workspaces(&self) -> Select<workspace::Entity> {
        let living = workspace::Entity::find().filter(workspace::Column::DeletedAt.is_null());
        match self.only {
            Some(id) => living.filter(workspace::Column::Id.eq(id)),
            None => living,
        }
    }

    /// The same for one workspace, deleted or not; any other than those above does not exist.
    pub async fn of(&self, cx: &Cx, workspace_id: Uuid) -> Result<Self, Error> {
        let is_theirs = self.only.is_none_or(|only| only == workspace_id);
        if !is_theirs || workspace::Entity::find_by_id(workspace_id).one(cx.db.read()).await?.is_none() {
            return Err(Refusal::NotFound.into());
        }
        Ok(Self { only: Some(workspace_id) })
    }
}

/// Whoever may move a workspace's credits: a billing job, or the operator.
#[derive(Clone, Debug)]
pub struct Biller {
    workspace_id: Uuid,
    actor: String,
    requester: Requester,
}

impl Biller {
    /// For authentication, which has just looked at the token's scopes.
    pub(crate) fn new(workspace_id: Uuid, actor: &Actor, requester: Requester) -> Self {
        Self { workspace_id, actor: audit::name_of(actor), requester }
    }

    /// Whoever sits at the machine.
    #[must_use]
    pub fn operator(workspace_id: Uuid) -> Self {
        Self { workspace_id, actor: audit::OPERATOR.to_owned(), requester: Requester::default() }
    }

    /// Whose credits.
    #[must_use]
    pub fn workspace_id(&self) -> Uuid {
        self.workspace_id
    }

    /// One change of theirs, for the audit trail.
    pub(crate) fn change(&self, action: &'static str, target: Option<String>) -> Change<'_> {
        Change {
            workspace_id: Some(self.workspace_id),
            actor: self.actor.clone(),
            requester: &self.requester,
            action,
            target,
            detail: None,
        }
    }
}
