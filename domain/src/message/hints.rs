//! Which workspace a webhook's token led to when it was last looked up. Only a hint: the webhook's own row decides, once its
//! workspace is locked.

use std::collections::HashMap;

use nhip_entity::webhook;
use sea_orm::{DbErr, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::call::Origin;
use crate::{Database, sql::among, token::TokenHash};

/// How many tokens are remembered.
const REMEMBERED: u64 = 100_000;

pub(super) struct Hints(moka::sync::Cache<TokenHash, Uuid>);

impl Default for Hints {
    fn default() -> Self {
        Self(moka::sync::Cache::new(REMEMBERED))
    }
}

impl Hints {
    /// The workspace that a call is for, if that is known.
    pub(super) fn workspace(&self, origin: &Origin) -> Option<Uuid> {
        match origin {
            Origin::Webhook { token, .. } => self.0.get(token),
            Origin::Workspace { workspace_id, .. } => Some(*workspace_id),
        }
    }

    /// The workspaces of all tokens; those that nobody knows yet are looked up. A token that leads nowhere is absent.
    pub(super) async fn look_up(
        &self,
        db: &Database,
        origins: impl Iterator<Item = &Origin>,
    ) -> Result<HashMap<TokenHash, Uuid>, DbErr> {
        let (mut known, mut unknown) = (HashMap::new(), Vec::new());
        for origin in origins {
            if let Origin::Webhook { token, .. } = origin {
                match self.0.get(token) {
                    Some(workspace_id) => drop(known.insert(*token, workspace_id)),
                    None => unknown.push(token.to_vec()),
                }
            }
        }
        if unknown.is_empty() {
            return Ok(known);
        }
        let found: Vec<(Option<Vec<u8>>, Uuid)> = webhook::Entity::find()
            .select_only()
            .columns([webhook::Column::TokenHash, webhook::Column::WorkspaceId])
            .filter(among(db.backend(), webhook::Column::TokenHash, unknown))
            .into_tuple()
            .all(db.read())
            .await?;
        for (hash, workspace_id) in found {
            if let Some(hash) = hash.and_then(|hash| TokenHash::try_from(hash).ok()) {
                self.0.insert(hash, workspace_id);
                known.insert(hash, workspace_id);
            }
        }
        Ok(known)
    }
}
