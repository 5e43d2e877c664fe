//! Reading an account's credentials.

use nhip_entity::cloud_account;
use sea_orm::EntityTrait as _;
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
