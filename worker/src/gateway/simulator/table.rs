//! The table: how this WhatsApp treats each recipient. The numbers are from the range that is reserved for fiction.

use Acknowledges::{Late, OnlyRepeats, Promptly};
use Refuses::{Everything, Files, First, Nothing};
use What::{Delivered, Echo, Failed, Read};

/// How this WhatsApp treats one recipient.
#[derive(Clone, Copy)]
pub(super) struct Row {
    pub(super) refuses: Refuses,
    pub(super) acknowledges: Acknowledges,
    /// What follows the acknowledgement.
    pub(super) follows: &'static [Follow],
}

#[derive(Clone, Copy)]
pub(super) enum Refuses {
    Nothing,
    Files(Why),
    /// The first so many arrivals of each message.
    First(i32, Why),
    Everything(Why),
}

#[derive(Clone, Copy)]
pub(super) enum Acknowledges {
    Promptly,
    Late,
    /// Not the first arrival, but its repeat.
    OnlyRepeats,
}

/// Something that follows, in milliseconds after the acknowledgement: when it comes, when it happened, and what.
#[derive(Clone, Copy)]
pub(super) struct Follow(pub(super) u64, pub(super) u64, pub(super) What);

#[derive(Clone, Copy)]
pub(super) enum What {
    Delivered,
    Read,
    Failed,
    Echo,
}

#[derive(Clone, Copy)]
pub(super) enum Why {
    NotOnWhatsapp,
    ServerError,
    RateLimit,
    NewChatsLocked,
    FileRejected,
    ConnectionLost,
    LoggedOut,
    Banned,
    NotMember,
    ReadOnly,
    UnknownGroup,
}

const DELIVERED: Follow = Follow(200, 200, Delivered);
const READ: Follow = Follow(1_200, 1_200, Read);

const USUAL: Row = Row { refuses: Nothing, acknowledges: Promptly, follows: &[DELIVERED, READ] };

const fn refusing(refuses: Refuses) -> Row {
    Row { refuses, ..USUAL }
}

const fn acknowledging(acknowledges: Acknowledges) -> Row {
    Row { acknowledges, ..USUAL }
}

const fn following(follows: &'static [Follow]) -> Row {
    Row { follows, ..USUAL }
}

/// The row of a canonical JID. A refusal that mends itself is given once for each message, so that none is caught in it for
/// ever.
pub(super) fn row(jid: &str) -> Row {
    if let Some(phone) = jid.strip_suffix("@s.whatsapp.net") {
        return contact(phone);
    }
    jid.strip_suffix("@g.us").map_or(USUAL, group)
}

fn contact(phone: &str) -> Row {
    match phone {
        "12025550101" => refusing(Everything(Why::NotOnWhatsapp)),
        "12025550102" => refusing(Everything(Why::ServerError)),
        "12025550103" => refusing(First(2, Why::ServerError)),
        "12025550104" => following(&[]),
        "12025550105" => following(&[DELIVERED]),
        "12025550106" => following(&[READ]),
        "12025550107" => following(&[READ, Follow(1_400, 200, Delivered)]),
        "12025550108" => following(&[DELIVERED, DELIVERED, DELIVERED, READ, READ, READ]),
        "12025550109" => acknowledging(OnlyRepeats),
        "12025550110" => acknowledging(Late),
        "12025550111" => following(&[Follow(5_000, 5_000, Failed)]),
        "12025550112" => following(&[DELIVERED, Follow(1_200, 1_200, Failed)]),
        "12025550113" => refusing(First(1, Why::RateLimit)),
        "12025550114" => refusing(Everything(Why::NewChatsLocked)),
        "12025550115" => refusing(Files(Why::FileRejected)),
        "12025550117" => refusing(First(1, Why::ConnectionLost)),
        "12025550118" => refusing(First(1, Why::LoggedOut)),
        "12025550119" => refusing(First(1, Why::Banned)),
        "12025550121" => following(&[DELIVERED, Follow(500, 500, Echo), READ]),
        _ => USUAL,
    }
}

fn group(id: &str) -> Row {
    match id {
        "120363000000000001" => USUAL,
        "120363000000000002" => refusing(Everything(Why::NotMember)),
        "120363000000000003" => refusing(Everything(Why::ReadOnly)),
        // …005 is the one that is documented as unknown; so is every other.
        _ => refusing(Everything(Why::UnknownGroup)),
    }
}

/// The JID under which this WhatsApp knows a recipient.
pub(super) fn canonical(jid: &str) -> &str {
    match jid {
        "12025550116@s.whatsapp.net" => "12025550100@s.whatsapp.net",
        other => other,
    }
}

/// The name that this WhatsApp has for a chat.
pub(super) fn name(jid: &str) -> Option<&'static str> {
    match jid {
        "120363000000000001@g.us" => Some("Team"),
        "12025550100@s.whatsapp.net" => Some("Ada Example"),
        _ => None,
    }
}
