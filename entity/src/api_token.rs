//! Tokens for programs.

use sea_orm::entity::prelude::*;

crate::string_enum! {
    /// What an API token may do.
    Scope {
        WorkspaceRead = "WORKSPACE_READ",
        MessagesWrite = "MESSAGES_WRITE",
        BillingRead = "BILLING_READ",
        BillingWrite = "BILLING_WRITE",
    }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "api_tokens")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The one workspace it is bound to; none for an operator's token over all of them.
    pub workspace_id: Option<Uuid>,
    pub name: String,
    /// A JSON array of [`Scope`]s.
    #[sea_orm(column_type = "JsonBinary")]
    pub scopes: Json,
    /// SHA-256 of the token.
    #[sea_orm(unique)]
    pub token_hash: Vec<u8>,
    /// Its first characters, to recognise it by.
    pub hint: String,
    /// None for tokens made on the command line.
    pub created_by: Option<Uuid>,
    pub created_at: DateTimeUtc,
    pub last_used_at: Option<DateTimeUtc>,
    pub expires_at: Option<DateTimeUtc>,
    pub revoked_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
