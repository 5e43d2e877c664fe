//! Leaving a workspace.

use super::{Members, take_out};
use crate::{audit, cx::Cx, database::Urgency, error::Result, signal::Event, tenant::Tenant};

/// Takes whoever asks out of the workspace, at once; their API tokens and invitations end.
///
/// Refused to programs, and as [`crate::Refusal::Conflict`] to the last owner.
pub async fn leave(cx: &Cx, tenant: &Tenant) -> Result<()> {
    let (workspace_id, user_id) = (tenant.workspace_id(), tenant.person()?);
    let txn = cx.db.write(Urgency::Normal).await?;
    let members = Members::lock(&txn, workspace_id, user_id).await?;
    let member = members.get(user_id)?;
    members.check_not_last_owner(member)?;
    take_out(cx, &*txn, member).await?;
    audit::record(cx, &*txn, tenant.change("member.leave", user_id.to_string())).await?;
    txn.commit().await?;
    cx.signals.changed(Event::Members { workspace_id });
    Ok(())
}
