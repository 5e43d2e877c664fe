//! What accounts of Meta's Cloud API are known there by, and their sealed credentials. The row goes when the account is
//! removed.

use sea_orm_migration::{prelude::*, schema::*};

use crate::references;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        manager
            .create_table(
                Table::create()
                    .table("cloud_accounts")
                    .col(uuid("account_id").primary_key())
                    .col(text("phone_number_id").unique_key())
                    .col(text("business_account_id"))
                    .col(blob("credentials"))
                    .foreign_key(&mut references("cloud_accounts", "account_id", "accounts"))
                    .take(),
            )
            .await
    }
}
