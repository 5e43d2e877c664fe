//! The webhook's log.

use std::cmp::Reverse;

use nhip_entity::activation::{self, Activation};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{audit, cx::Cx, database::Urgency, error::Result, tenant::Tenant};

/// How many calls a webhook's log keeps.
pub const KEPT: usize = 100;

/// The last calls of a workspace's webhook, newest first: [`KEPT`] at most.
pub async fn activations(db: &impl ConnectionTrait, workspace_id: Uuid) -> Result<Vec<Activation>, DbErr> {
    let pages = activation::Entity::find().filter(activation::Column::WorkspaceId.eq(workspace_id)).all(db).await?;
    let mut calls = Vec::new();
    for page in pages {
        calls.extend(page.activations().map_err(|err| DbErr::Json(err.to_string()))?);
    }
    calls.sort_unstable_by_key(|Activation(_, told)| Reverse(told.sequence));
    calls.truncate(KEPT);
    Ok(calls)
}

/// The webhook's calls, newest first; that somebody took them away is written down before they are told.
pub async fn log(cx: &Cx, tenant: &Tenant) -> Result<Vec<Activation>> {
    tenant.reader()?;
    let calls = activations(cx.db.read(), tenant.workspace_id()).await?;
    let txn = cx.db.write(Urgency::Normal).await?;
    audit::record(cx, &*txn, tenant.change("webhook.download_log", tenant.workspace_id().to_string())).await?;
    txn.commit().await?;
    Ok(calls)
}
