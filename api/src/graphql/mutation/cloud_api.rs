//! Accounts of Meta's Cloud API: their credentials go in, and never come out again.

use async_graphql::{Context, ID, InputObject, Object, Result};
use nhip_domain::{
    Refusal,
    account::{
        self,
        cloud_api::{self, CloudApi, Credentials},
    },
    tenant::Tenant,
};
use nhip_entity::account::{AccountState, Column, Gateway, Model};
use nhip_worker::gateway::cloud_api::{check::check, subscribe::subscribe};
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use uuid::Uuid;

use super::{
    super::{ask::Ask as _, types::Account},
    account::admin_of,
};

/// Accounts of Meta's Cloud API.
#[derive(Default)]
pub(super) struct CloudApiMutation;

/// What Meta's Cloud API needs.
#[derive(InputObject)]
pub(super) struct CloudApiInput {
    /// Meta's id of the number.
    phone_number_id: String,
    /// Meta's id of the business account.
    business_account_id: String,
    /// The token to call Meta with.
    #[graphql(secret)]
    access_token: String,
    /// What Meta signs its callbacks with.
    #[graphql(secret)]
    app_secret: String,
    /// What Meta proves itself with when it first calls back.
    #[graphql(secret)]
    verify_token: String,
}

/// Other credentials.
#[derive(InputObject)]
struct UpdateCloudApiCredentialsInput {
    /// Which account.
    account_id: ID,
    /// What Meta's Cloud API needs.
    cloud_api: CloudApiInput,
}

/// Another template.
#[derive(InputObject)]
struct SetAccountTemplateInput {
    /// Which account.
    account_id: ID,
    /// Its name at Meta; null: no template.
    name: Option<String>,
    /// Its language, as Meta spells it: `vi`, `en_US`; English if nobody says so.
    language: Option<String>,
}

impl From<CloudApiInput> for CloudApi {
    fn from(input: CloudApiInput) -> Self {
        let CloudApiInput { phone_number_id, business_account_id, access_token, app_secret, verify_token } = input;
        let credentials = Credentials { access_token, app_secret, verify_token };
        Self { phone_number_id, business_account_id, credentials }
    }
}

#[Object]
impl CloudApiMutation {
    /// Replaces what an account of `CLOUD_API` is known by at Meta, which is asked first. An account that was logged out, as by a token that ran out, is connected by it.
    async fn update_cloud_api_credentials(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Other credentials.")] input: UpdateCloudApiCredentialsInput,
    ) -> Result<Account> {
        let (tenant, admin, id) = admin_of(ctx, &input.account_id).await?;
        let at_meta = CloudApi::from(input.cloud_api).checked()?;
        let account = find(ctx, &tenant, id).await?;
        if account.gateway == Gateway::CloudApi {
            ask_meta(ctx, Some(id), &at_meta, account.phone.as_deref()).await?;
        }
        Ok(Account::new(tenant, account::update_credentials(ctx.cx()?, &admin, id, at_meta).await?))
    }

    /// Sets the template that carries texts to people who did not write within the last 24 h; its one parameter is the text. Without a name: none, and such messages fail.
    async fn set_account_template(
        &self,
        ctx: &Context<'_>,
        #[graphql(desc = "Another template.")] input: SetAccountTemplateInput,
    ) -> Result<Account> {
        let (tenant, admin, id) = admin_of(ctx, &input.account_id).await?;
        let (name, language) = (input.name.as_deref(), input.language.as_deref());
        Ok(Account::new(tenant, account::set_template(ctx.cx()?, &admin, id, name, language).await?))
    }
}

/// Asks Meta about an account's credentials, before anything is stored and outside of any transaction; where they can be
/// stored, has their app be told what happens to the business account.
pub(super) async fn ask_meta(
    ctx: &Context<'_>,
    account_id: Option<Uuid>,
    at_meta: &CloudApi,
    phone: Option<&str>,
) -> Result<()> {
    let graph = &ctx.deps()?.graph;
    check(graph, at_meta, phone.unwrap_or_default()).await?;
    cloud_api::may_store(ctx.cx()?, account_id, at_meta).await?;
    Ok(subscribe(graph, at_meta).await?)
}

/// Asks Meta about the credentials that an account has, where it is to be connected again; nothing for other gateways.
pub(super) async fn ask_meta_again(ctx: &Context<'_>, tenant: &Tenant, account_id: Uuid) -> Result<()> {
    let account = find(ctx, tenant, account_id).await?;
    account::may_reconnect(&account)?;
    match cloud_api::find(ctx.cx()?, account_id).await? {
        Some(at_meta) => ask_meta(ctx, Some(account_id), &at_meta, account.phone.as_deref()).await,
        None => Ok(()),
    }
}

async fn find(ctx: &Context<'_>, tenant: &Tenant, account_id: Uuid) -> Result<Model> {
    let live = tenant.accounts().filter(Column::Id.eq(account_id)).filter(Column::State.ne(AccountState::Removed));
    let found = live.one(ctx.cx()?.db.read()).await?;
    Ok(found.ok_or(Refusal::NotFound)?)
}
