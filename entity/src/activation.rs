//! The last 100 calls of each webhook. A ring: the row of sequence n is that of slot n mod 100, written over.

use sea_orm::entity::prelude::*;

crate::string_enum! {
    /// How a call ended.
    ActivationOutcome { Accepted = "ACCEPTED", Refused = "REFUSED" }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "activations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// `sequence` mod 100.
    #[sea_orm(primary_key, auto_increment = false)]
    pub slot: i32,
    /// The call's `X-Request-Id`.
    pub id: Uuid,
    /// Counts the webhook's calls from 1.
    pub sequence: i64,
    pub at: DateTimeUtc,
    pub outcome: ActivationOutcome,
    pub http_status: i32,
    /// The refusal's public code.
    pub refusal: Option<String>,
    /// The refusal's sentence.
    pub answer: Option<String>,
    pub field: Option<String>,
    pub line: Option<i32>,
    pub column: Option<i32>,
    pub message_id: Option<String>,
    /// As received, cut at 8 KiB.
    pub request_body: Vec<u8>,
    pub request_body_truncated: bool,
    pub response_body: String,
    /// A JSON array of names.
    #[sea_orm(column_type = "JsonBinary")]
    pub ignored_fields: Json,
    pub remote_address: Option<String>,
    pub user_agent: Option<String>,
    /// From the first byte of the head to the decision, in microseconds.
    pub duration_us: i64,
}

impl ActiveModelBehavior for ActiveModel {}
