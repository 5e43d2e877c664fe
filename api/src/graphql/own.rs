//! What a caller names beside a workspace: whatever is not that workspace's own does not exist.

use async_graphql::{Context, ID, Result};
use nhip_domain::{Refusal, tenant::Tenant};
use uuid::Uuid;

use super::{
    ask::Ask as _,
    loaders::{AccountKey, ChatKey, MessageKey},
    scalars,
};

/// The id of an account of the workspace's; a removed one's too.
pub(super) async fn account(ctx: &Context<'_>, tenant: &Tenant, id: &ID) -> Result<Uuid> {
    let id = scalars::uuid(id)?;
    let row = ctx.loader()?.load_one(AccountKey(id)).await?;
    row.filter(|row| row.workspace_id == tenant.workspace_id()).ok_or(Refusal::NotFound)?;
    Ok(id)
}

/// The number of a chat of the workspace's.
pub(super) async fn chat(ctx: &Context<'_>, tenant: &Tenant, id: &ID) -> Result<i64> {
    let id = scalars::chat_number(id)?;
    let row = ctx.loader()?.load_one(ChatKey(id)).await?;
    row.filter(|row| row.workspace_id == tenant.workspace_id()).ok_or(Refusal::NotFound)?;
    Ok(id)
}

/// The keys of messages of the workspace's, each once.
pub(super) async fn messages(ctx: &Context<'_>, tenant: &Tenant, ids: &[ID]) -> Result<Vec<String>> {
    let mut keys = ids.iter().map(scalars::message_key).collect::<Result<Vec<_>, _>>()?;
    keys.sort_unstable();
    keys.dedup();
    let rows = ctx.loader()?.load_many(keys.iter().cloned().map(MessageKey)).await?;
    let are_theirs = rows.values().filter(|row| row.workspace_id == tenant.workspace_id()).count() == keys.len();
    if are_theirs { Ok(keys) } else { Err(Refusal::NotFound.into()) }
}
