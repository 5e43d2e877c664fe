//! Tokens for programs.

pub mod create;
pub mod list;
pub mod revoke;

use nhip_entity::{
    api_token::{self, Scope},
    member,
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter, Select};
use uuid::Uuid;

pub use self::{create::create, list::list, revoke::revoke};
use crate::{cx::Cx, error::Broken, token::Token};

/// The token's row, if it is good.
pub(crate) async fn find(cx: &Cx, token: &Token) -> Result<Option<api_token::Model>, Broken> {
    let row = good(cx).filter(api_token::Column::TokenHash.eq(token.hash().to_vec())).one(cx.db.read()).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(maker_belongs(cx, &row).await?.then_some(row))
}

/// Whether it is still good.
pub(crate) async fn is_good(cx: &Cx, id: Uuid) -> Result<bool, Broken> {
    match good(cx).filter(api_token::Column::Id.eq(id)).one(cx.db.read()).await? {
        Some(row) => maker_belongs(cx, &row).await,
        None => Ok(false),
    }
}

/// What a token may do.
pub fn scopes(token: &api_token::Model) -> Result<Vec<Scope>, Broken> {
    serde_json::from_value(token.scopes.clone()).map_err(|_tells_nothing| Broken::Unreadable("scopes of an API token"))
}

fn good(cx: &Cx) -> Select<api_token::Entity> {
    let not_over =
        Condition::any().add(api_token::Column::ExpiresAt.is_null()).add(api_token::Column::ExpiresAt.gt(cx.now()));
    api_token::Entity::find().filter(api_token::Column::RevokedAt.is_null()).filter(not_over)
}

/// A token ends when its maker leaves. (Those of the operator have none.)
async fn maker_belongs(cx: &Cx, token: &api_token::Model) -> Result<bool, Broken> {
    let (Some(workspace_id), Some(user_id)) = (token.workspace_id, token.created_by) else { return Ok(true) };
    Ok(member::Entity::find_by_id((workspace_id, user_id)).one(cx.db.read()).await?.is_some())
}
