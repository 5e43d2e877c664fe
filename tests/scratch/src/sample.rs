//! A row of each kind that tests start from, so that a new column is one line here: `account::Model { state, ..account() }`.

use chrono::DateTime;
use nhip_entity::{account, message, workspace};
use uuid::Uuid;

/// A workspace without credits.
pub fn workspace() -> workspace::Model {
    workspace::Model {
        id: Uuid::nil(),
        name: "Shop".to_owned(),
        created_at: DateTime::UNIX_EPOCH,
        deleted_at: None,
        balance: 0,
        last_entry: 0,
        verified_entry: 0,
        last_place: 0,
        last_activation: 0,
        version: 0,
    }
}

/// A connected account of the built-in WhatsApp, with the default pace.
pub fn account() -> account::Model {
    account::Model {
        id: Uuid::nil(),
        workspace_id: Uuid::nil(),
        phone: Some("15105566777".to_owned()),
        name: "Till".to_owned(),
        gateway: account::Gateway::Simulator,
        state: account::AccountState::Connected,
        reason: None,
        reason_detail: None,
        restricted_until: None,
        connected_at: Some(DateTime::UNIX_EPOCH),
        created_at: DateTime::UNIX_EPOCH,
        unable_since: None,
        pace_min_ms: 1_500,
        pace_max_ms: 2_500,
        daily_cap: None,
        capped_until: None,
        held_until: None,
        reported_at: None,
        template_name: None,
        template_language: None,
        lane_owner: None,
        lane_epoch: 0,
        lane_taken_over: false,
        next_send_at: None,
    }
}

/// A queued text message of one credit.
pub fn message() -> message::Model {
    message::Model {
        id: "3EB0".to_owned(),
        workspace_id: Uuid::nil(),
        account_id: Uuid::nil(),
        chat_id: None,
        place: 1,
        status: message::MessageStatus::Queued,
        source: message::MessageSource::Webhook,
        text: "lorem ipsum".to_owned(),
        file_url: None,
        file_name: None,
        file_size: None,
        file_mime: None,
        recipient: "+12025550100".to_owned(),
        recipient_kind: message::RecipientKind::Phone,
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
