//! Who may move credits.

use uuid::Uuid;

use super::Actor;
use crate::audit::{self, Change, Requester};

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
