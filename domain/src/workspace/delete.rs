//! Deleting a workspace: it stops at once, and is erased later.

use nhip_entity::{
    account::{self, AccountReason, AccountState},
    api_token, cloud_account, invitation, workspace,
};
use sea_orm::{ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect, QueryTrait, sea_query::Expr};
use uuid::Uuid;

use crate::{
    audit,
    cx::Cx,
    database::{Transaction, Urgency},
    error::Result,
    lock,
    refusal::Refusal,
    signal::Event,
    tenant::Owner,
};

/// Deletes a workspace: from now on it is nobody's, its webhook's URL is unknown, and its accounts are removed, which stops
/// their lanes; reconcile fails and restores what they still had to send. Credentials are erased; its other rows stay until
/// [`super::erase`] comes by.
pub async fn delete(cx: &Cx, owner: &Owner) -> Result<()> {
    let workspace_id = owner.workspace_id();
    let txn = cx.db.write(Urgency::Normal).await?;
    let locked = lock::workspaces(&txn, [workspace_id]).await?;
    if !locked.iter().any(|row| row.deleted_at.is_none()) {
        return Err(Refusal::NotFound.into());
    }
    workspace::Entity::update_many()
        .col_expr(workspace::Column::DeletedAt, Expr::value(cx.now()))
        .filter(workspace::Column::Id.eq(workspace_id))
        .exec(&*txn)
        .await?;
    remove_accounts(&txn, workspace_id).await?;
    end_what_lets_in(cx, &txn, workspace_id).await?;
    audit::record(cx, &*txn, owner.tenant().change("workspace.delete", workspace_id.to_string())).await?;
    txn.commit().await?;
    cx.signals.changed(Event::Members { workspace_id });
    Ok(())
}

async fn remove_accounts(txn: &Transaction, workspace_id: Uuid) -> Result<(), DbErr> {
    let accounts = account::Entity::find().select_only().column(account::Column::Id);
    let accounts = accounts.filter(account::Column::WorkspaceId.eq(workspace_id));
    lock::accounts(txn, accounts.clone().into_tuple::<Uuid>().all(txn).await?).await?;
    account::Entity::update_many()
        .col_expr(account::Column::State, Expr::value(<&str>::from(AccountState::Removed)))
        .col_expr(account::Column::Reason, Expr::value(<&str>::from(AccountReason::ByUser)))
        .col_expr(account::Column::ReasonDetail, Expr::value(Option::<String>::None))
        .col_expr(account::Column::RestrictedUntil, Expr::value(Option::<chrono::DateTime<chrono::Utc>>::None))
        .col_expr(account::Column::UnableSince, Expr::value(Option::<chrono::DateTime<chrono::Utc>>::None))
        .filter(account::Column::WorkspaceId.eq(workspace_id))
        .filter(account::Column::State.ne(AccountState::Removed))
        .exec(txn)
        .await?;
    cloud_account::Entity::delete_many()
        .filter(cloud_account::Column::AccountId.in_subquery(accounts.into_query()))
        .exec(txn)
        .await?;
    Ok(())
}

async fn end_what_lets_in(cx: &Cx, txn: &Transaction, workspace_id: Uuid) -> Result<(), DbErr> {
    api_token::Entity::update_many()
        .col_expr(api_token::Column::RevokedAt, Expr::value(cx.now()))
        .filter(api_token::Column::WorkspaceId.eq(workspace_id))
        .filter(api_token::Column::RevokedAt.is_null())
        .exec(txn)
        .await?;
    invitation::Entity::delete_many()
        .filter(invitation::Column::WorkspaceId.eq(workspace_id))
        .filter(invitation::Column::AcceptedAt.is_null())
        .exec(txn)
        .await?;
    Ok(())
}
