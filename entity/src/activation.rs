//! The last 100 calls of each webhook. A ring: the row of sequence n is that of slot n mod 100, written over.

use std::{fmt, str::FromStr};

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

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
    /// Counts the webhook's calls from 1.
    pub sequence: i64,
    /// As received, cut at 8 KiB.
    pub request_body: Vec<u8>,
    #[sea_orm(column_type = "Text")]
    pub record: Record,
}

impl ActiveModelBehavior for ActiveModel {}

/// What else is kept of a call; stored as one JSON text, because every column costs every call. Fields are only ever added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, DeriveValueType)]
#[sea_orm(value_type = "String")]
pub struct Record {
    /// The call's `X-Request-Id`.
    pub id: Uuid,
    pub at: DateTimeUtc,
    pub outcome: ActivationOutcome,
    pub http_status: i32,
    /// The refusal's public code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// The refusal's sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub request_body_truncated: bool,
    /// None where the answer was that the message is queued: its id says it all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_body: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored_fields: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// From the first byte of the head to the decision, in microseconds.
    pub duration_us: i64,
}

impl fmt::Display for Record {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&serde_json::to_string(self).map_err(|_no_map_of_ours| fmt::Error)?)
    }
}

impl FromStr for Record {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}
