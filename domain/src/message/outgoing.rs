//! A message on its way.

use nhip_entity::message::{Column, RecipientKind};
use sea_orm::FromQueryResult;
use uuid::Uuid;

/// What a lane needs of a message that it sends: its columns are as in `nhip_entity::message`.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct Outgoing {
    /// The id that WhatsApp carries.
    pub id: String,
    /// Whose.
    pub workspace_id: Uuid,
    /// Who sends it.
    pub account_id: Uuid,
    /// Empty only beside a file.
    pub text: String,
    /// Where its file is.
    pub file_url: Option<String>,
    /// What the caller calls it.
    pub file_name: Option<String>,
    /// As the caller gave it.
    pub recipient: String,
    /// What that is.
    pub recipient_kind: RecipientKind,
    /// The JID it comes down to.
    pub recipient_key: String,
    /// Definite, retryable refusals so far.
    pub attempts: i32,
    /// How often it was handed to the gateway, the time included that begins now.
    pub hand_overs: i32,
}

impl Outgoing {
    /// What is read of it.
    pub(super) const COLUMNS: [Column; 11] = [
        Column::Id,
        Column::WorkspaceId,
        Column::AccountId,
        Column::Text,
        Column::FileUrl,
        Column::FileName,
        Column::Recipient,
        Column::RecipientKind,
        Column::RecipientKey,
        Column::Attempts,
        Column::HandOvers,
    ];
}
