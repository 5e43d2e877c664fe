//! The tokens there are.

use nhip_entity::api_token;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder};

use super::good;
use crate::{cx::Cx, error::Result, tenant::Admin};

/// Every token of the installation, newest first.
pub async fn list(cx: &Cx) -> Result<Vec<api_token::Model>> {
    Ok(api_token::Entity::find().order_by_desc(api_token::Column::CreatedAt).all(cx.db.read()).await?)
}

/// A workspace's tokens that are good, newest first.
pub async fn list_in(cx: &Cx, admin: &Admin) -> Result<Vec<api_token::Model>> {
    let bound = api_token::Column::WorkspaceId.eq(admin.workspace_id());
    Ok(good(cx).filter(bound).order_by_desc(api_token::Column::CreatedAt).all(cx.db.read()).await?)
}
