//! What every resolver asks of its context.

use std::sync::Arc;

use async_graphql::{Context, ID, Result, dataloader::DataLoader};
use nhip_domain::{Broken, Cx, Refusal, audit::Requester, authenticate::Caller, tenant::Tenant};
use uuid::Uuid;

use super::{Deps, loaders::Loaders, rights, scalars};

/// Shorthands on the context.
pub(super) trait Ask {
    /// What resolvers work with.
    fn deps(&self) -> Result<&Deps>;
    /// What every operation needs.
    fn cx(&self) -> Result<&Cx>;
    /// Who asks; nobody is refused.
    fn caller(&self) -> Result<&Caller>;
    /// From where they ask.
    fn requester(&self) -> Requester;
    /// Reads rows by their keys, many at once.
    fn loader(&self) -> Result<&Arc<DataLoader<Loaders>>>;
    /// A workspace of the caller's, in which they may do what is being asked.
    async fn tenant(&self, id: &ID) -> Result<Tenant>;
    /// The workspace of an account of the caller's, and the account's id.
    async fn tenant_of_account(&self, id: &ID) -> Result<(Tenant, Uuid)>;
    /// The workspace of a chat of the caller's, and the chat's number.
    async fn tenant_of_chat(&self, id: &ID) -> Result<(Tenant, i64)>;
    /// The workspace of a message of the caller's, and the message's key.
    async fn tenant_of_message(&self, id: &ID) -> Result<(Tenant, String)>;
}

impl Ask for Context<'_> {
    fn deps(&self) -> Result<&Deps> {
        Ok(self.data_opt::<Deps>().ok_or(Broken::Stopped("the admin API"))?)
    }

    fn cx(&self) -> Result<&Cx> {
        Ok(&self.deps()?.cx)
    }

    fn caller(&self) -> Result<&Caller> {
        Ok(self.data_opt::<Caller>().ok_or(Refusal::Unauthenticated)?)
    }

    fn requester(&self) -> Requester {
        self.data_opt::<Requester>().cloned().unwrap_or_default()
    }

    fn loader(&self) -> Result<&Arc<DataLoader<Loaders>>> {
        Ok(self.data_opt::<Arc<DataLoader<Loaders>>>().ok_or(Broken::Stopped("the admin API's loader"))?)
    }

    async fn tenant(&self, id: &ID) -> Result<Tenant> {
        // Nobody learns by the order of refusals whether an id is well-formed.
        let caller = self.caller()?;
        allowed(self, caller.tenant(self.cx()?, scalars::uuid(id)?).await?)
    }

    async fn tenant_of_account(&self, id: &ID) -> Result<(Tenant, Uuid)> {
        let caller = self.caller()?;
        let id = scalars::uuid(id)?;
        Ok((allowed(self, caller.tenant_of_account(self.cx()?, id).await?)?, id))
    }

    async fn tenant_of_chat(&self, id: &ID) -> Result<(Tenant, i64)> {
        let caller = self.caller()?;
        let id = scalars::chat_number(id)?;
        Ok((allowed(self, caller.tenant_of_chat(self.cx()?, id).await?)?, id))
    }

    async fn tenant_of_message(&self, id: &ID) -> Result<(Tenant, String)> {
        let caller = self.caller()?;
        let key = scalars::message_key(id)?;
        Ok((allowed(self, caller.tenant_of_message(self.cx()?, &key).await?)?, key))
    }
}

fn allowed(ctx: &Context<'_>, tenant: Tenant) -> Result<Tenant> {
    rights::check(ctx, &tenant)?;
    Ok(tenant)
}
