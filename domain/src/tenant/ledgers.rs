//! The ledgers that billing jobs read.

use nhip_entity::{credit_entry, workspace};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

use crate::{cx::Cx, error::Error, refusal::Refusal};

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
