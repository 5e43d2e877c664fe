//! Other credentials for an account of the Cloud API.

use nhip_entity::account::{self, AccountState, Gateway};
use serde_json::Value;
use uuid::Uuid;

use super::{
    change::{lock, store},
    cloud_api::{self, CloudApi},
    reconnect::connected,
};
use crate::{
    audit::{self, Change},
    cx::Cx,
    error::Result,
    refusal::Refusal,
    signal::Event,
    tenant::Admin,
};

/// Replaces what an account is known by at Meta; that Meta takes it was asked before. An account that was logged out, as by a
/// token that ran out, is connected by it.
///
/// Refused as [`Refusal::Conflict`] where the account is of another gateway, or another account has that number at Meta.
pub async fn update_credentials(cx: &Cx, admin: &Admin, account_id: Uuid, at_meta: CloudApi) -> Result<account::Model> {
    let at_meta = at_meta.checked()?;
    let (txn, account) = lock(cx, admin, account_id).await?;
    if account.gateway != Gateway::CloudApi {
        return Err(Refusal::Conflict("Only accounts of CLOUD_API have such credentials".to_owned()).into());
    }
    cloud_api::store(cx, &txn, account_id, &at_meta).await?;
    let after = match account.state {
        AccountState::LoggedOut => connected(&account, cx.now()),
        // What its lane waits for was perhaps just mended.
        _ => account::Model { held_until: None, ..account },
    };
    store(&txn, &after).await?;
    let change = admin.tenant().change("account.update_credentials", account_id.to_string());
    let detail = Value::Object(at_meta.ids().into_iter().collect());
    audit::record(cx, &*txn, Change { detail: Some(detail), ..change }).await?;
    txn.commit().await?;
    cx.signals.changed(Event::Account { workspace_id: after.workspace_id, id: account_id });
    cx.signals.nudge(account_id);
    Ok(after)
}
