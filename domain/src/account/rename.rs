//! Giving an account another name.

use nhip_entity::account;
use serde_json::json;
use uuid::Uuid;

use super::change::{Decision, change};
use crate::{cx::Cx, error::Result, tenant::Admin, text};

/// Renames an account. The name is for people: nothing finds an account by it.
pub async fn rename(cx: &Cx, admin: &Admin, account_id: Uuid, name: &str) -> Result<account::Model> {
    let name = text::name("name", name)?;
    change(cx, admin, account_id, "account.rename", |account| {
        let detail = json!({"before": account.name, "after": name});
        Ok(Some(Decision { after: account::Model { name, ..account.clone() }, detail: Some(detail) }))
    })
    .await
}
