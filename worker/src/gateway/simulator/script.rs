//! What this WhatsApp does with a message: one row for each recipient, and a pure function that reads it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use nhip_entity::{
    account::{AccountReason, AccountState},
    chat::ChatKind,
    message::FailureReason,
};

use super::table::{self, Acknowledges, Follow, Refuses, Row, What, Why};
use crate::gateway::{GatewayEvent, KnownChat, ReceiptKind, Taken, Unsent};

/// How long this WhatsApp takes to answer.
const LATENCY: Duration = Duration::from_millis(50);
/// How long a late acknowledgement takes.
const LATE: Duration = Duration::from_secs(30);
/// How long the lane waits after a rate limit.
const RATE_LIMIT: Duration = Duration::from_secs(5);
/// How long a lost connection is gone.
const OUTAGE: Duration = Duration::from_secs(2);
/// How long a ban, or a lock on new chats, lasts.
const PENALTY: Duration = Duration::from_mins(1);
/// A chat's name has at most so many characters.
const NAME_LENGTH: usize = 256;

/// A message as it arrives, once more or for the first time.
#[derive(Clone, Copy, Debug)]
pub(super) struct Arrival<'a> {
    /// The canonical JID.
    pub jid: &'a str,
    pub message_id: &'a str,
    pub text: &'a str,
    pub has_file: bool,
    /// How often it has come, with this time.
    pub times: i32,
    /// When it came first.
    pub first_at: DateTime<Utc>,
    pub now: DateTime<Utc>,
}

/// What happens to an arrival.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Script {
    pub reception: Reception,
    pub answer: Answer,
    /// What this WhatsApp will report on its own, and when.
    pub events: Vec<Due>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reception {
    /// It is in: logged as received.
    Taken,
    /// It was in already: logged as a repeat, and dropped.
    Repeated,
    /// It is not in, and not logged.
    Refused,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Answer {
    At(DateTime<Utc>, Result<Taken, Unsent>),
    Never,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Due {
    pub at: DateTime<Utc>,
    pub event: GatewayEvent,
}

/// What happens to an arrival.
pub(super) fn script(arrival: &Arrival<'_>) -> Script {
    let row = table::row(arrival.jid);
    match refusal(row.refuses, arrival) {
        Some(why) => refused(arrival, why),
        None if arrival.times == arrivals_refused(row.refuses) + 1 => taken(arrival, row),
        None => repeated(arrival, row),
    }
}

fn refusal(refuses: Refuses, arrival: &Arrival<'_>) -> Option<Why> {
    match refuses {
        Refuses::Nothing => None,
        Refuses::Files(why) => arrival.has_file.then_some(why),
        Refuses::First(times, why) => (arrival.times <= times).then_some(why),
        Refuses::Everything(why) => Some(why),
    }
}

fn arrivals_refused(refuses: Refuses) -> i32 {
    match refuses {
        Refuses::First(times, _) => times,
        Refuses::Nothing | Refuses::Files(_) | Refuses::Everything(_) => 0,
    }
}

fn taken(arrival: &Arrival<'_>, row: Row) -> Script {
    let ready = |at| Answer::At(at, Ok(taken_by(arrival.jid)));
    let prompt = arrival.now + LATENCY;
    let (answer, events) = match row.acknowledges {
        Acknowledges::Promptly => (ready(prompt), follows(arrival, prompt, row)),
        Acknowledges::Late => {
            let at = arrival.now + LATE;
            let mut events = vec![Due { at, event: receipt(arrival, ReceiptKind::Sent, at) }];
            events.extend(follows(arrival, at, row));
            (ready(at), events)
        }
        Acknowledges::OnlyRepeats => (Answer::Never, Vec::new()),
    };
    Script { reception: Reception::Taken, answer, events }
}

fn repeated(arrival: &Arrival<'_>, row: Row) -> Script {
    let prompt = arrival.now + LATENCY;
    let (at, events) = match row.acknowledges {
        Acknowledges::Late => (prompt.max(arrival.first_at + LATE), Vec::new()),
        Acknowledges::OnlyRepeats if arrival.times == 2 => (prompt, follows(arrival, prompt, row)),
        Acknowledges::Promptly | Acknowledges::OnlyRepeats => (prompt, Vec::new()),
    };
    Script { reception: Reception::Repeated, answer: Answer::At(at, Ok(taken_by(arrival.jid))), events }
}

fn refused(arrival: &Arrival<'_>, why: Why) -> Script {
    let answer = Answer::At(arrival.now + LATENCY, Err(unsent(why)));
    Script { reception: Reception::Refused, answer, events: states(arrival.now, why) }
}

fn taken_by(jid: &str) -> Taken {
    Taken { chat: known_chat(jid), gateway_ref: None }
}

/// A chat as this WhatsApp knows it.
fn known_chat(jid: &str) -> KnownChat {
    let kind = if jid.ends_with("@g.us") { ChatKind::Group } else { ChatKind::Contact };
    KnownChat { jid: jid.to_owned(), kind, name: table::name(jid).map(str::to_owned) }
}

fn follows(arrival: &Arrival<'_>, sent: DateTime<Utc>, row: Row) -> Vec<Due> {
    let after = |ms| sent + Duration::from_millis(ms);
    let due = |&Follow(comes, happened, what): &Follow| Due {
        at: after(comes),
        event: match what {
            What::Delivered => receipt(arrival, ReceiptKind::Delivered, after(happened)),
            What::Read => receipt(arrival, ReceiptKind::Read, after(happened)),
            What::Failed => receipt(arrival, undelivered(), after(happened)),
            What::Echo => echo(arrival, after(happened)),
        },
    };
    row.follows.iter().map(due).collect()
}

fn receipt(arrival: &Arrival<'_>, what: ReceiptKind, at: DateTime<Utc>) -> GatewayEvent {
    GatewayEvent::Receipt { message_id: arrival.message_id.to_owned(), what, at }
}

fn undelivered() -> ReceiptKind {
    ReceiptKind::Failed {
        reason: FailureReason::WhatsappError,
        detail: "WhatsApp took the message and then reported that it could not deliver it".to_owned(),
    }
}

/// The contact writes back. The text is not kept: it names the chat.
fn echo(arrival: &Arrival<'_>, at: DateTime<Utc>) -> GatewayEvent {
    let name: String = format!("echo: {}", arrival.text).chars().take(NAME_LENGTH).collect();
    let chat = KnownChat { name: Some(name.trim_end().to_owned()), ..known_chat(arrival.jid) };
    GatewayEvent::Incoming { chat, at }
}

fn unsent(why: Why) -> Unsent {
    let failed = |reason, detail: &str| Unsent::Failed { reason, detail: detail.to_owned() };
    match why {
        Why::NotOnWhatsapp => failed(FailureReason::NotOnWhatsapp, "This number is not on WhatsApp"),
        Why::ServerError => Unsent::Retry { detail: "WhatsApp answered with a server error (500)".to_owned() },
        Why::RateLimit => {
            Unsent::Later { wait: RATE_LIMIT, detail: "The account sends faster than WhatsApp lets it".to_owned() }
        }
        Why::NewChatsLocked => failed(
            FailureReason::NewChatsRestricted,
            "WhatsApp does not let this account start new chats for now (463)",
        ),
        Why::FileRejected => failed(FailureReason::FileRejected, "WhatsApp rejected the file"),
        Why::ConnectionLost | Why::LoggedOut | Why::Banned => Unsent::Disconnected,
        Why::NotMember => failed(FailureReason::GroupNotMember, "This account is not a member of the group"),
        Why::ReadOnly => failed(FailureReason::GroupReadOnly, "Only admins may write to this group"),
        Why::UnknownGroup => failed(FailureReason::InvalidRecipient, "WhatsApp knows no such group"),
    }
}

/// What a refusal does to the account.
fn states(now: DateTime<Utc>, why: Why) -> Vec<Due> {
    use AccountState::{Banned, Connected, LoggedOut, Reconnecting, Restricted};
    let state = |at, state, reason, detail: Option<&str>, until| Due {
        at,
        event: GatewayEvent::Account { state, reason, detail: detail.map(str::to_owned), until },
    };
    let back = |at| state(at, Connected, None, None, None);
    let until = now + PENALTY;
    match why {
        Why::ConnectionLost => vec![
            state(now, Reconnecting, Some(AccountReason::Network), Some("The connection to WhatsApp was lost"), None),
            back(now + OUTAGE),
        ],
        Why::LoggedOut => {
            let detail = Some("The account was logged out on the phone");
            vec![state(now, LoggedOut, Some(AccountReason::LoggedOutOnPhone), detail, None)]
        }
        Why::Banned => {
            let detail = Some("WhatsApp banned the account for a minute");
            vec![state(now, Banned, Some(AccountReason::TemporaryBan), detail, Some(until)), back(until)]
        }
        Why::NewChatsLocked => {
            let detail = Some("WhatsApp locks new chats for a minute");
            vec![state(now, Restricted, Some(AccountReason::NewChatsLocked), detail, Some(until)), back(until)]
        }
        Why::NotOnWhatsapp
        | Why::ServerError
        | Why::RateLimit
        | Why::FileRejected
        | Why::NotMember
        | Why::ReadOnly
        | Why::UnknownGroup => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
