//! Writing an account's credentials.

use nhip_entity::cloud_account::{self, Column};
use sea_orm::{
    ActiveValue::Set, ColumnTrait as _, DbErr, EntityTrait as _, QueryFilter as _, SqlErr, sea_query::OnConflict,
};
use uuid::Uuid;

use super::{CloudApi, credentials::seal};
use crate::{cx::Cx, database::Transaction, error::Result, refusal::Refusal};

/// Refused as [`Refusal::Taken`] where another account than this, anywhere in the installation, has that number at Meta:
/// asked before anything is changed there. Whoever stores first has it all the same.
pub async fn may_store(cx: &Cx, account_id: Option<Uuid>, at_meta: &CloudApi) -> Result<()> {
    let of_number = cloud_account::Entity::find().filter(Column::PhoneNumberId.eq(&at_meta.phone_number_id));
    match of_number.one(cx.db.read()).await? {
        Some(row) if Some(row.account_id) != account_id => Err(taken().into()),
        _ => Ok(()),
    }
}

/// Stores what was checked already, instead of what was there.
///
/// Refused as [`Refusal::Taken`] where another account, anywhere in the installation, has that number at Meta.
pub(crate) async fn store(cx: &Cx, txn: &Transaction, account_id: Uuid, at_meta: &CloudApi) -> Result<()> {
    let row = cloud_account::ActiveModel {
        account_id: Set(account_id),
        phone_number_id: Set(at_meta.phone_number_id.clone()),
        business_account_id: Set(at_meta.business_account_id.clone()),
        credentials: Set(seal(cx, account_id, &at_meta.credentials)?),
    };
    let replaced = [Column::PhoneNumberId, Column::BusinessAccountId, Column::Credentials];
    let instead = OnConflict::column(Column::AccountId).update_columns(replaced).to_owned();
    let stored = cloud_account::Entity::insert(row).on_conflict(instead).exec_without_returning(txn).await;
    stored.map(drop).map_err(|err| match err.sql_err() {
        Some(SqlErr::UniqueConstraintViolation(_)) => taken().into(),
        _ => err.into(),
    })
}

/// Erases what the account's owner gave.
pub(crate) async fn erase(txn: &Transaction, account_id: Uuid) -> Result<(), DbErr> {
    cloud_account::Entity::delete_by_id(account_id).exec(txn).await?;
    Ok(())
}

/// Whose it is, nobody learns.
fn taken() -> Refusal {
    let problem =
        "This `phoneNumberId` is connected to this installation already; disconnect it where it is connected first";
    Refusal::Taken { field: "phoneNumberId", problem: problem.to_owned() }
}
