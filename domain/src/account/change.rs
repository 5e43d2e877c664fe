//! What all changes of one account have in common.

use nhip_entity::account::{self, AccountState};
use sea_orm::{
    ActiveValue::{Set, Unchanged},
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::LockType,
};
use serde_json::Value;
use uuid::Uuid;

use crate::{
    audit::{self, Change},
    cx::Cx,
    database::{Urgency, WriteTransaction},
    error::Result,
    lock,
    refusal::Refusal,
    signal::Event,
    tenant::Admin,
};

/// What a decision about an account comes to: its row as it shall be, and what the audit trail keeps of that.
pub(super) struct Decision {
    pub(super) after: account::Model,
    pub(super) detail: Option<Value>,
}

/// Locks the workspace, then the account, and reads it: lanes write holds under the account's lock alone. One that was
/// removed does not exist.
pub(super) async fn lock(cx: &Cx, admin: &Admin, account_id: Uuid) -> Result<(WriteTransaction, account::Model)> {
    let txn = cx.db.write(Urgency::Normal).await?;
    lock::workspaces(&txn, [admin.workspace_id()]).await?;
    let account = admin
        .tenant()
        .accounts()
        .filter(account::Column::Id.eq(account_id))
        .filter(account::Column::State.ne(AccountState::Removed))
        .lock(LockType::NoKeyUpdate)
        .one(&*txn)
        .await?
        .ok_or(Refusal::NotFound)?;
    Ok((txn, account))
}

/// Changes one account by a pure decision and writes it down; a decision of none leaves all as it is.
pub(super) async fn change(
    cx: &Cx,
    admin: &Admin,
    account_id: Uuid,
    action: &'static str,
    decide: impl FnOnce(&account::Model) -> Result<Option<Decision>, Refusal>,
) -> Result<account::Model> {
    let (txn, account) = lock(cx, admin, account_id).await?;
    let Some(Decision { after, detail }) = decide(&account)? else { return Ok(account) };
    store(&txn, &after).await?;
    let change = admin.tenant().change(action, account_id.to_string());
    audit::record(cx, &*txn, Change { detail, ..change }).await?;
    txn.commit().await?;
    cx.signals.changed(Event::Account { workspace_id: after.workspace_id, id: after.id });
    Ok(after)
}

/// Writes the columns that the workspace's lock guards; those of the lane are not ours to touch.
pub(super) async fn store(txn: &WriteTransaction, after: &account::Model) -> Result<(), DbErr> {
    let after = after.clone();
    let row = account::ActiveModel {
        id: Unchanged(after.id),
        name: Set(after.name),
        state: Set(after.state),
        reason: Set(after.reason),
        reason_detail: Set(after.reason_detail),
        restricted_until: Set(after.restricted_until),
        connected_at: Set(after.connected_at),
        unable_since: Set(after.unable_since),
        pace_min_ms: Set(after.pace_min_ms),
        pace_max_ms: Set(after.pace_max_ms),
        daily_cap: Set(after.daily_cap),
        capped_until: Set(after.capped_until),
        held_until: Set(after.held_until),
        template_name: Set(after.template_name),
        template_language: Set(after.template_language),
        ..account::ActiveModel::default()
    };
    account::Entity::update(row).exec_without_returning(&**txn).await?;
    Ok(())
}
