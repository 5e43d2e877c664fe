//! A message for tests of pure rules.

use chrono::DateTime;
use nhip_entity::message::{MessageSource, MessageStatus, Model, RecipientKind};
use uuid::Uuid;

/// A queued text message of one credit.
pub(crate) fn sample() -> Model {
    Model {
        id: "3EB0".to_owned(),
        workspace_id: Uuid::nil(),
        account_id: Uuid::nil(),
        chat_id: None,
        place: 1,
        status: MessageStatus::Queued,
        source: MessageSource::Webhook,
        text: "lorem ipsum".to_owned(),
        file_url: None,
        file_name: None,
        file_size: None,
        file_mime: None,
        recipient: "+12025550100".to_owned(),
        recipient_kind: RecipientKind::Phone,
        recipient_key: "12025550100@s.whatsapp.net".to_owned(),
        by_default: true,
        credits: 1,
        restored: false,
        attempts: 0,
        hand_overs: 0,
        hold_until: None,
        hold_reason: None,
        failure: None,
        failure_detail: None,
        gateway_ref: None,
        created_at: DateTime::UNIX_EPOCH,
        sending_at: None,
        sent_at: None,
        delivered_at: None,
        read_at: None,
        failed_at: None,
        canceled_at: None,
    }
}
