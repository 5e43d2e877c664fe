//! Authority: who acts, in which workspace. The only door to a workspace's rows.

use nhip_entity::{api_token::Scope, member::Role};
use uuid::Uuid;

use crate::refusal::Refusal;

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
}

/// A tenant whose actor may change settings: an owner or an admin.
#[derive(Clone, Debug)]
pub struct Admin(Tenant);

impl Tenant {
    /// For authentication, which has just looked the membership up.
    pub(crate) fn new(workspace_id: Uuid, actor: Actor) -> Self {
        Self { workspace_id, actor }
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
}
