//! Giving a workspace another name.

use nhip_entity::workspace;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use crate::{
    audit::{self, Change},
    cx::Cx,
    database::Urgency,
    error::Result,
    lock,
    refusal::Refusal,
    tenant::Owner,
    text,
};

/// Renames a workspace. The name is for people: nothing finds a workspace by it.
pub async fn rename(cx: &Cx, owner: &Owner, name: &str) -> Result<workspace::Model> {
    let (name, workspace_id) = (text::name("name", name)?, owner.workspace_id());
    let txn = cx.db.write(Urgency::Normal).await?;
    let before = lock::workspaces(&txn, [workspace_id]).await?.into_iter().next().ok_or(Refusal::NotFound)?;
    workspace::Entity::update_many()
        .col_expr(workspace::Column::Name, Expr::value(name.as_str()))
        .filter(workspace::Column::Id.eq(workspace_id))
        .exec(&*txn)
        .await?;
    let change = owner.tenant().change("workspace.rename", workspace_id.to_string());
    let detail = json!({"before": before.name, "after": name});
    audit::record(cx, &*txn, Change { detail: Some(detail), ..change }).await?;
    txn.commit().await?;
    Ok(workspace::Model { name, ..before })
}
