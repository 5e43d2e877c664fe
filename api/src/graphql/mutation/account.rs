//! Accounts.

use async_graphql::{Context, ID, InputObject, Object, Result};
use nhip_domain::{
    account::{self, NewAccount, cloud_api::CloudApi},
    tenant::{Admin, Tenant},
};
use uuid::Uuid;

use super::{
    super::{ask::Ask as _, enums::Gateway, types::Account},
    AccountInput,
    cloud_api::{self, CloudApiInput},
};

/// Accounts.
#[derive(Default)]
pub(super) struct AccountMutation;

/// `phone` is required but for WEB, whose phone comes with the pairing.
#[derive(InputObject)]
struct ConnectAccountInput {
    /// Whose account.
    workspace_id: ID,
    /// The way to WhatsApp.
    gateway: Gateway,
    /// The account's number, in international format.
    phone: Option<String>,
    /// What its people will call it; its number, if they do not say.
    name: Option<String>,
    /// What Meta's Cloud API needs.
    cloud_api: Option<CloudApiInput>,
    /// The phone to make a pairing code for, instead of a QR code (WEB).
    pairing_code_for: Option<String>,
}

/// Another name.
#[derive(InputObject)]
struct RenameAccountInput {
    /// Which account.
    account_id: ID,
    /// What its people will call it.
    name: String,
}

/// Another pace.
#[derive(InputObject)]
struct SetAccountPaceInput {
    /// Which account.
    account_id: ID,
    /// The shortest pause between two messages, in milliseconds.
    min_ms: i32,
    /// The longest pause between two messages, in milliseconds.
    max_ms: i32,
}

/// Another daily cap.
#[derive(InputObject)]
struct SetAccountDailyCapInput {
    /// Which account.
    account_id: ID,
    /// The most messages that it may send within 24 h; null: no limit.
    daily_cap: Option<i32>,
}

#[Object]
impl AccountMutation {
    /// Connects a WhatsApp number.
    async fn connect_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "`phone` is required but for WEB, whose phone comes with the pairing.")]
        input: ConnectAccountInput,
    ) -> Result<Account> {
        let tenant = ctx.tenant(&input.workspace_id).await?;
        let cloud_api = input.cloud_api.map(CloudApi::from);
        let new = NewAccount { gateway: input.gateway.into(), phone: input.phone, name: input.name, cloud_api };
        let (admin, new) = (tenant.clone().admin()?, new.checked()?);
        if let Some(at_meta) = &new.cloud_api {
            account::may_connect(ctx.cx()?, &admin, &new).await?;
            cloud_api::ask_meta(ctx, None, at_meta, new.phone.as_deref()).await?;
        }
        let row = account::connect(ctx.cx()?, &admin, new).await?;
        Ok(Account::new(tenant, row))
    }

    /// Connects an account again that was logged out or banned, whose pairing expired, or that Meta restricted without saying until when: from now on the one that was connected most recently. Its queue goes on.
    async fn reconnect_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] input: AccountInput,
    ) -> Result<Account> {
        let (tenant, admin, id) = admin_of(ctx, &input.account_id).await?;
        cloud_api::ask_meta_again(ctx, &tenant, id).await?;
        Ok(Account::new(tenant, account::reconnect(ctx.cx()?, &admin, id).await?))
    }

    /// Gives an account another name.
    async fn rename_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Another name.")] input: RenameAccountInput,
    ) -> Result<Account> {
        let (tenant, admin, id) = admin_of(ctx, &input.account_id).await?;
        Ok(Account::new(tenant, account::rename(ctx.cx()?, &admin, id, &input.name).await?))
    }

    /// Sets how close together an account's messages leave.
    async fn set_account_pace(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Another pace.")] input: SetAccountPaceInput,
    ) -> Result<Account> {
        let (tenant, admin, id) = admin_of(ctx, &input.account_id).await?;
        Ok(Account::new(tenant, account::set_pace(ctx.cx()?, &admin, id, input.min_ms, input.max_ms).await?))
    }

    /// Sets how many messages an account sends within 24 h, at most; what is over that waits.
    async fn set_account_daily_cap(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Another daily cap.")] input: SetAccountDailyCapInput,
    ) -> Result<Account> {
        let (tenant, admin, id) = admin_of(ctx, &input.account_id).await?;
        Ok(Account::new(tenant, account::set_daily_cap(ctx.cx()?, &admin, id, input.daily_cap).await?))
    }

    /// Keeps an account's queue and sends nothing until it is resumed.
    async fn pause_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] input: AccountInput,
    ) -> Result<Account> {
        let (tenant, admin, id) = admin_of(ctx, &input.account_id).await?;
        Ok(Account::new(tenant, account::pause(ctx.cx()?, &admin, id).await?))
    }

    /// Sends again after a pause.
    async fn resume_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] input: AccountInput,
    ) -> Result<Account> {
        let (tenant, admin, id) = admin_of(ctx, &input.account_id).await?;
        Ok(Account::new(tenant, account::resume(ctx.cx()?, &admin, id).await?))
    }

    /// Logs an account out and removes it; what is still queued for it fails and is restored.
    async fn disconnect_account(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Which account.")] input: AccountInput,
    ) -> Result<Account> {
        let (tenant, admin, id) = admin_of(ctx, &input.account_id).await?;
        Ok(Account::new(tenant, account::disconnect(ctx.cx()?, &admin, id).await?))
    }
}

pub(super) async fn admin_of(ctx: &Context<'_>, account_id: &ID) -> Result<(Tenant, Admin, Uuid)> {
    let (tenant, id) = ctx.tenant_of_account(account_id).await?;
    let admin = tenant.clone().admin()?;
    Ok((tenant, admin, id))
}
