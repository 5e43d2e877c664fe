//! Reading an account's credentials.

use nhip_entity::{
    account::{self, AccountState},
    cloud_account,
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

/// The account of another number of the same Meta app, which has one callback URL for all of its numbers: it must be in the
/// same workspace, and be signed for by the same secret, or whoever signs for one could report on another's.
pub async fn sibling(
    cx: &Cx,
    account: &account::Model,
    at_meta: &CloudApi,
    phone_number_id: &str,
) -> Result<Option<account::Model>, Broken> {
    let found = cloud_account::Entity::find()
        .filter(cloud_account::Column::PhoneNumberId.eq(phone_number_id))
        .one(cx.db.read())
        .await?;
    let Some(row) = found else { return Ok(None) };
    let other = account::Entity::find_by_id(row.account_id)
        .filter(account::Column::WorkspaceId.eq(account.workspace_id))
        .filter(account::Column::State.ne(AccountState::Removed))
        .one(cx.db.read())
        .await?;
    let Some(other) = other else { return Ok(None) };
    let (theirs, ours) = (open(cx, row)?.credentials.app_secret, &at_meta.credentials.app_secret);
    Ok(bool::from(theirs.as_bytes().ct_eq(ours.as_bytes())).then_some(other))
}
