//! Invitations that nobody has accepted yet.

use nhip_entity::invitation;
use sea_orm::QueryOrder;

use super::pending;
use crate::{cx::Cx, error::Broken, tenant::Admin};

/// A workspace's invitations that can still be accepted, newest first.
pub async fn list(cx: &Cx, admin: &Admin) -> Result<Vec<invitation::Model>, Broken> {
    let rows = pending(cx, admin.invitations()).order_by_desc(invitation::Column::CreatedAt);
    Ok(rows.all(cx.db.read()).await?)
}
