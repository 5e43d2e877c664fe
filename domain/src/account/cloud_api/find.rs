//! Reading an account's credentials.

use nhip_entity::{
    account::{self, AccountState},
    cloud_account::{self, Column},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use subtle::ConstantTimeEq as _;
use uuid::Uuid;

use super::{CloudApi, open};
use crate::{cx::Cx, error::Broken};

/// The account at Meta, with its credentials; none where it is of another gateway, or was removed.
///
/// Read anew each time, so that what an owner replaced or removed counts in every process from then on.
pub async fn find(cx: &Cx, account_id: Uuid) -> Result<Option<CloudApi>, Broken> {
    let row = cloud_account::Entity::find_by_id(account_id).one(cx.db.read()).await?;
    row.map(|row| open(cx, row)).transpose()
}

/// The account of a number, by Meta's id, that shares an account's app.
pub async fn of_number(cx: &Cx, account: &account::Model, id: &str) -> Result<Option<account::Model>, Broken> {
    Ok(of_app(cx, account, Column::PhoneNumberId, id).await?.pop())
}

/// All accounts of a business account, by Meta's id, that share an account's app.
pub async fn of_business(cx: &Cx, account: &account::Model, id: &str) -> Result<Vec<account::Model>, Broken> {
    of_app(cx, account, Column::BusinessAccountId, id).await
}

/// A Meta app has one callback URL for all of its numbers. Those are an account's own affair that are in the same workspace
/// and signed for by the same secret: whoever signs for one account must not report on another's.
async fn of_app(cx: &Cx, account: &account::Model, by: Column, id: &str) -> Result<Vec<account::Model>, Broken> {
    let Some(own) = find(cx, account.id).await? else { return Ok(Vec::new()) };
    let rows = cloud_account::Entity::find().filter(by.eq(id)).all(cx.db.read()).await?;
    let mut ids = Vec::new();
    for row in rows {
        let account_id = row.account_id;
        let (theirs, ours) = (open(cx, row)?.credentials.app_secret, &own.credentials.app_secret);
        if theirs.as_bytes().ct_eq(ours.as_bytes()).into() {
            ids.push(account_id);
        }
    }
    let accounts = account::Entity::find()
        .filter(account::Column::Id.is_in(ids))
        .filter(account::Column::WorkspaceId.eq(account.workspace_id))
        .filter(account::Column::State.ne(AccountState::Removed));
    Ok(accounts.all(cx.db.read()).await?)
}
