//! Removing somebody from a workspace.

use serde_json::json;
use uuid::Uuid;

use super::{Members, take_out};
use crate::{
    audit::{self, Change},
    cx::Cx,
    database::Urgency,
    error::Result,
    signal::Event,
    tenant::Admin,
};

/// Takes a person out of the workspace, at once, in every process: membership is read at each request. Their API tokens and
/// invitations end. (They may have copied the webhook's URL; a new one is for the remover to generate.)
///
/// Refused where the actor's role does not cover theirs, and as [`crate::Refusal::Conflict`] for the last owner.
pub async fn remove(cx: &Cx, admin: &Admin, user_id: Uuid) -> Result<()> {
    let workspace_id = admin.workspace_id();
    let txn = cx.db.write(Urgency::Normal).await?;
    let members = Members::lock(&txn, workspace_id, admin.tenant().person()?).await?;
    let member = members.get(user_id)?;
    members.check(member.role)?;
    members.check_not_last_owner(member)?;
    take_out(cx, &*txn, member).await?;
    let change = admin.tenant().change("member.remove", user_id.to_string());
    audit::record(cx, &*txn, Change { detail: Some(json!({"role": member.role})), ..change }).await?;
    txn.commit().await?;
    cx.signals.changed(Event::Members { workspace_id });
    Ok(())
}
