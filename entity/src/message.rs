//! Messages, from acceptance to their end.

use sea_orm::entity::prelude::*;

crate::string_enum! {
    /// Where a message is in its life. Apart from the step back from `SENDING` to `QUEUED`, it only moves forward.
    MessageStatus {
        Queued = "QUEUED",
        Sending = "SENDING",
        Sent = "SENT",
        Delivered = "DELIVERED",
        Read = "READ",
        Failed = "FAILED",
        Canceled = "CANCELED",
    }
}

crate::string_enum! {
    /// Who asked for it.
    MessageSource { Webhook = "WEBHOOK", Dashboard = "DASHBOARD", Api = "API" }
}

crate::string_enum! {
    /// How the caller named the recipient.
    RecipientKind { Phone = "PHONE", Jid = "JID", ChatId = "CHAT_ID", ChatName = "CHAT_NAME" }
}

crate::string_enum! {
    /// Why a queued message waits on its own, while others to other recipients pass.
    HoldReason { File = "FILE", Retry = "RETRY", RecipientLimit = "RECIPIENT_LIMIT" }
}

crate::string_enum! {
    /// Why a message could not be sent.
    FailureReason {
        InvalidRecipient = "INVALID_RECIPIENT",
        NotOnWhatsapp = "NOT_ON_WHATSAPP",
        GroupNotMember = "GROUP_NOT_MEMBER",
        GroupReadOnly = "GROUP_READ_ONLY",
        NewChatsRestricted = "NEW_CHATS_RESTRICTED",
        OutsideReplyWindow = "OUTSIDE_REPLY_WINDOW",
        AccountUnavailable = "ACCOUNT_UNAVAILABLE",
        FileUnreachable = "FILE_UNREACHABLE",
        FileTooLarge = "FILE_TOO_LARGE",
        FileNotDirectLink = "FILE_NOT_DIRECT_LINK",
        FileAddressRefused = "FILE_ADDRESS_REFUSED",
        FileTypeUnsupported = "FILE_TYPE_UNSUPPORTED",
        FileRejected = "FILE_REJECTED",
        WhatsappError = "WHATSAPP_ERROR",
        RateLimited = "RATE_LIMITED",
        Unconfirmed = "UNCONFIRMED",
        Expired = "EXPIRED",
    }
}

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    /// `3EB0` and 16 upper-case hex digits: the id that WhatsApp carries.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: String,
    pub workspace_id: Uuid,
    pub account_id: Uuid,
    pub chat_id: Option<i64>,
    /// Its place among the workspace's messages: the order of acceptance.
    pub place: i64,
    pub status: MessageStatus,
    pub source: MessageSource,
    pub text: String,
    pub file_url: Option<String>,
    pub file_name: Option<String>,
    pub file_size: Option<i64>,
    pub file_mime: Option<String>,
    /// As the caller gave it.
    pub recipient: String,
    pub recipient_kind: RecipientKind,
    /// The JID it comes down to, or what was given where that is none: messages to one recipient keep their order by it.
    pub recipient_key: String,
    /// Whether rule 4 chose the account, so that rule 5 may move the message.
    pub by_default: bool,
    pub credits: i32,
    pub restored: bool,
    /// Definite, retryable refusals so far.
    pub attempts: i32,
    /// How often it was handed to the gateway.
    pub hand_overs: i32,
    /// It, and what follows it to the same recipient, waits until then.
    pub hold_until: Option<DateTimeUtc>,
    pub hold_reason: Option<HoldReason>,
    pub failure: Option<FailureReason>,
    pub failure_detail: Option<String>,
    /// The gateway's own id for it, where it has one.
    pub gateway_ref: Option<String>,
    pub created_at: DateTimeUtc,
    /// When it was last journaled as on its way.
    pub sending_at: Option<DateTimeUtc>,
    /// The hand-over of the attempt that went through.
    pub sent_at: Option<DateTimeUtc>,
    pub delivered_at: Option<DateTimeUtc>,
    pub read_at: Option<DateTimeUtc>,
    pub failed_at: Option<DateTimeUtc>,
    pub canceled_at: Option<DateTimeUtc>,
}

impl ActiveModelBehavior for ActiveModel {}
