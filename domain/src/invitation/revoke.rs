//! Taking an invitation back.

use nhip_entity::invitation;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use serde_json::json;
use uuid::Uuid;

use super::pending;
use crate::{
    audit::{self, Change},
    cx::Cx,
    database::Urgency,
    error::Result,
    member::Members,
    refusal::Refusal,
    tenant::Admin,
};

/// Ends an invitation that nobody has accepted, at once.
///
/// Refused where the actor's role does not cover the role it gives.
pub async fn revoke(cx: &Cx, admin: &Admin, id: Uuid) -> Result<()> {
    let txn = cx.db.write(Urgency::Normal).await?;
    let members = Members::lock(&txn, admin.workspace_id(), admin.tenant().person()?).await?;
    let one = pending(cx, admin.invitations()).filter(invitation::Column::Id.eq(id)).one(&*txn).await?;
    let invitation = one.ok_or(Refusal::NotFound)?;
    members.check(invitation.role)?;
    invitation::Entity::delete_by_id(id).exec(&*txn).await?;
    let change = admin.tenant().change("invitation.revoke", id.to_string());
    let detail = json!({"email": invitation.email, "role": invitation.role});
    audit::record(cx, &*txn, Change { detail: Some(detail), ..change }).await?;
    txn.commit().await?;
    Ok(())
}
