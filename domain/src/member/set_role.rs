//! Giving a member another role.

use nhip_entity::member::{self, Role};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;
use uuid::Uuid;

use super::{Members, end_what_is_too_much};
use crate::{
    audit::{self, Change},
    cx::Cx,
    database::Urgency,
    error::Result,
    signal::Event,
    tenant::Admin,
};

/// Gives a member a role, at once, in every process. What they made and may no longer make ends.
///
/// Refused where the actor's role covers either role not, and as [`crate::Refusal::Conflict`] for the last owner.
pub async fn set_role(cx: &Cx, admin: &Admin, user_id: Uuid, role: Role) -> Result<member::Model> {
    let workspace_id = admin.workspace_id();
    let txn = cx.db.write(Urgency::Normal).await?;
    let members = Members::lock(&txn, workspace_id, admin.tenant().person()?).await?;
    let before = members.get(user_id)?.clone();
    members.check(before.role)?;
    members.check(role)?;
    if role != Role::Owner {
        members.check_not_last_owner(&before)?;
    }
    member::Entity::update_many()
        .col_expr(member::Column::Role, Expr::value(<&str>::from(role)))
        .filter(member::Column::WorkspaceId.eq(workspace_id))
        .filter(member::Column::UserId.eq(user_id))
        .exec(&*txn)
        .await?;
    end_what_is_too_much(cx, &*txn, &before, Some(role)).await?;
    let change = admin.tenant().change("member.set_role", user_id.to_string());
    let detail = json!({"before": before.role, "after": role});
    audit::record(cx, &*txn, Change { detail: Some(detail), ..change }).await?;
    txn.commit().await?;
    cx.signals.changed(Event::Members { workspace_id });
    Ok(member::Model { role, ..before })
}
