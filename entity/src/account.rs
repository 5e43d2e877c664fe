//! Connected WhatsApp numbers, and the lane of each.

use sea_orm::entity::prelude::*;

crate::string_enum! {
    /// A way to reach WhatsApp.
    Gateway { Simulator = "SIMULATOR", CloudApi = "CLOUD_API", Web = "WEB" }
}

crate::string_enum! {
    /// Whether an account can send.
    AccountState {
        Pairing = "PAIRING",
        PasskeyRequired = "PASSKEY_REQUIRED",
        Connected = "CONNECTED",
        Reconnecting = "RECONNECTING",
        Restricted = "RESTRICTED",
        Paused = "PAUSED",
        LoggedOut = "LOGGED_OUT",
        Banned = "BANNED",
        Removed = "REMOVED",
    }
}

crate::string_enum! {
    /// Why it is in that state.
    AccountReason {
        ByUser = "BY_USER",
        LoggedOutOnPhone = "LOGGED_OUT_ON_PHONE",
        Replaced = "REPLACED",
        TokenExpired = "TOKEN_EXPIRED",
        TokenRefused = "TOKEN_REFUSED",
        NewChatsLocked = "NEW_CHATS_LOCKED",
        NewChatsCapped = "NEW_CHATS_CAPPED",
        TemporaryBan = "TEMPORARY_BAN",
        Locked = "LOCKED",
        Network = "NETWORK",
        PairingExpired = "PAIRING_EXPIRED",
    }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "accounts")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub workspace_id: Uuid,
    /// Digits alone; unique among the workspace's accounts that are not removed.
    pub phone: Option<String>,
    pub name: String,
    pub gateway: Gateway,
    pub state: AccountState,
    pub reason: Option<AccountReason>,
    pub reason_detail: Option<String>,
    pub restricted_until: Option<DateTimeUtc>,
    /// When a person last connected it.
    pub connected_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    /// Since when it could not send, without a break and not by a pause: what expiry counts from.
    pub unable_since: Option<DateTimeUtc>,
    pub pace_min_ms: i32,
    pub pace_max_ms: i32,
    /// The most messages that it sends within 24 h; none = no limit.
    pub daily_cap: Option<i32>,
    /// Until when it sends nothing, because of that.
    pub capped_until: Option<DateTimeUtc>,
    /// Until when it sends nothing, because WhatsApp asked it to wait or cannot be reached; written by its lane.
    pub held_until: Option<DateTimeUtc>,
    /// When that happened which its gateway last told of its state, where it tells that (`CLOUD_API`).
    pub reported_at: Option<DateTimeUtc>,
    /// The template that carries texts to people who did not write within 24 h (`CLOUD_API`); none = they get nothing.
    pub template_name: Option<String>,
    /// In which language; there where there is a name.
    pub template_language: Option<String>,
    /// The worker that drains this account's queue.
    pub lane_owner: Option<Uuid>,
    /// Raised by every claim: a decision of an older epoch is not written.
    pub lane_epoch: i64,
    /// Whether the last claim took the lane from an owner that had not released it.
    pub lane_taken_over: bool,
    /// For display only.
    pub next_send_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
