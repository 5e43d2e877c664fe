//! All tokens, for whoever sits at the machine.

use nhip_entity::api_token;
use sea_orm::{EntityTrait, QueryOrder};

use crate::{cx::Cx, error::Result};

/// Every token of the installation, newest first.
pub async fn list(cx: &Cx) -> Result<Vec<api_token::Model>> {
    Ok(api_token::Entity::find().order_by_desc(api_token::Column::CreatedAt).all(cx.db.read()).await?)
}
