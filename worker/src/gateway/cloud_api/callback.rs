//! What stands in a callback of Meta's, as far as it matters to us. Pure, and patient: what is unknown, newer than this
//! program or broken is left out, the rest is read.

mod escapes;

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::{
    account::{AccountReason, AccountState},
    chat::ChatKind,
};
use serde_json::Value;

use super::graph::{self, GraphError};
use crate::gateway::KnownChat;

/// The longest name of a chat that is kept.
const LONGEST_NAME: usize = 200;

/// One thing that a callback says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Notice {
    /// Of what it is.
    pub about: About,
    /// When it happened, by Meta; none where that is unreadable.
    pub at: Option<DateTime<Utc>>,
    /// What.
    pub what: What,
}

/// Of what a notice is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum About {
    /// A number, by Meta's id.
    Number(String),
    /// All numbers of a business account, by Meta's id.
    Business(String),
}

/// What a notice says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// Something became of a message.
    Status {
        /// Our id for it, which Meta repeats.
        message_id: Option<String>,
        /// Meta's id for it.
        wamid: Option<String>,
        /// What became of it.
        became: Became,
        /// The JID that it went to.
        chat: Option<String>,
    },
    /// Somebody wrote.
    Incoming(KnownChat),
    /// The account's state changed.
    State {
        /// Its state now.
        state: AccountState,
        /// Why.
        reason: Option<AccountReason>,
        /// In Meta's words.
        detail: String,
        /// Until when, where that is known.
        until: Option<DateTime<Utc>>,
    },
    /// Something is wrong that is no message's.
    Trouble(GraphError),
}

/// What became of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Became {
    Sent,
    Delivered,
    Read,
    Failed(GraphError),
    /// One participant of the group that it went to did not get it; the others may have.
    FailedForOne(GraphError),
}

/// Reads a callback; none where it is not one.
pub(super) fn read(body: &[u8]) -> Option<Vec<Notice>> {
    // Meta cuts texts between the halves of a character: what else is told beside them counts all the same.
    let callback: Value =
        serde_json::from_slice(body).or_else(|_broken| serde_json::from_slice(&escapes::mend(body))).ok()?;
    let entries = callback.get("entry")?.as_array()?;
    Some(entries.iter().flat_map(read_entry).collect())
}

fn read_entry(entry: &Value) -> Vec<Notice> {
    let mut notices = Vec::new();
    for change in list(entry, "changes") {
        let Some(value) = change.get("value") else { continue };
        match text(change, "field") {
            Some("account_update") => notices.extend(read_account_update(entry, value)),
            _ => notices.extend(read_value(entry, value)),
        }
    }
    notices
}

/// What happened to a number's messages.
fn read_value(entry: &Value, value: &Value) -> Vec<Notice> {
    let Some(number) = value.pointer("/metadata/phone_number_id").and_then(Value::as_str) else { return Vec::new() };
    let about = || About::Number(number.to_owned());
    let statuses = list(value, "statuses").iter().filter_map(|status| {
        Some(Notice { about: about(), at: time(status.get("timestamp")), what: read_status(status)? })
    });
    let incoming = list(value, "messages").iter().filter_map(|message| {
        let what = What::Incoming(read_chat(value, message)?);
        Some(Notice { about: about(), at: time(message.get("timestamp")), what })
    });
    let troubles = list(value, "errors").iter().filter_map(|error| {
        Some(Notice { about: about(), at: time(entry.get("time")), what: What::Trouble(GraphError::parse(error)?) })
    });
    statuses.chain(incoming).chain(troubles).collect()
}

fn read_status(status: &Value) -> Option<What> {
    let became = match text(status, "status")? {
        "sent" => Became::Sent,
        "delivered" => Became::Delivered,
        // A voice message that was played was opened.
        "read" | "played" => Became::Read,
        "failed" => {
            let error = list(status, "errors").first().and_then(GraphError::parse);
            let unexplained = || GraphError { message: "it did not say why".to_owned(), ..GraphError::default() };
            let error = error.unwrap_or_else(unexplained);
            match text(status, "recipient_participant_id") {
                Some(_) => Became::FailedForOne(error),
                None => Became::Failed(error),
            }
        }
        _ => return None,
    };
    let ours = text(status, "biz_opaque_callback_data").map(|id| id.strip_prefix("wa_backend:").unwrap_or(id));
    let group = text(status, "recipient_type") == Some("group");
    Some(What::Status {
        message_id: ours.filter(|id| is_ours(id)).map(str::to_owned),
        wamid: text(status, "id").map(graph::clean),
        became,
        chat: text(status, "recipient_id").filter(|_| !group).and_then(jid_of),
    })
}

/// The form of our messages' ids; other tools may send over the same number.
fn is_ours(id: &str) -> bool {
    id.strip_prefix("3EB0").is_some_and(|rest| rest.len() == 16 && rest.bytes().all(|b| b.is_ascii_hexdigit()))
}

/// What stands among a number's messages, and nobody wrote: that somebody changed their number (told in the name of the old
/// one), and that somebody opened the chat. It opens no window.
const NOT_WRITTEN: [&str; 2] = ["system", "request_welcome"];

/// The chat that somebody wrote in. Those who hide their number, and are known by a newer kind of id alone, cannot be written
/// to by it, so they make no chat.
fn read_chat(value: &Value, message: &Value) -> Option<KnownChat> {
    // A person's messages in a group do not make a chat with them.
    if message.get("group_id").is_some() || text(message, "type").is_some_and(|kind| NOT_WRITTEN.contains(&kind)) {
        return None;
    }
    let from = text(message, "from")?;
    let jid = jid_of(from)?;
    let contact = list(value, "contacts").iter().find(|contact| text(contact, "wa_id") == Some(from));
    let name = contact.and_then(|contact| contact.pointer("/profile/name")).and_then(Value::as_str).map(clean);
    Some(KnownChat { jid, kind: ChatKind::Contact, name: name.filter(|name| !name.trim().is_empty()) })
}

fn jid_of(wa_id: &str) -> Option<String> {
    nhip_domain::request::jid_of_phone(wa_id).map(|jid| jid.as_str().to_owned())
}

/// What Meta did to a business account, as far as it concerns sending.
fn read_account_update(entry: &Value, value: &Value) -> Option<Notice> {
    let (state, reason, detail, until) = match text(value, "event")? {
        "ACCOUNT_RESTRICTION" => read_restriction(value)?,
        "DISABLED_UPDATE" => read_ban(value)?,
        "ACCOUNT_DELETED" => {
            let detail = "The business account was deleted at Meta".to_owned();
            (AccountState::LoggedOut, Some(AccountReason::TokenRefused), detail, None)
        }
        _ => return None,
    };
    let about = About::Business(text(entry, "id")?.to_owned());
    Some(Notice { about, at: time(entry.get("time")), what: What::State { state, reason, detail, until } })
}

type State = (AccountState, Option<AccountReason>, String, Option<DateTime<Utc>>);

fn read_restriction(value: &Value) -> Option<State> {
    let of =
        |kind: &str| list(value, "restriction_info").iter().find(|one| text(one, "restriction_type") == Some(kind));
    let until = |restriction: &Value| time(restriction.get("expiration"));
    if let Some(restriction) = of("RESTRICTED_CUSTOMER_INITIATED_MESSAGING") {
        let detail = "Meta does not let the business account answer its customers".to_owned();
        return Some((AccountState::Banned, Some(AccountReason::TemporaryBan), detail, until(restriction)));
    }
    let restriction = of("RESTRICTED_BIZ_INITIATED_MESSAGING")?;
    let detail = "Meta does not let the business account write to people who did not write first".to_owned();
    Some((AccountState::Restricted, Some(AccountReason::NewChatsLocked), detail, until(restriction)))
}

fn read_ban(value: &Value) -> Option<State> {
    match value.pointer("/ban_info/waba_ban_state")?.as_str()? {
        "DISABLE" => {
            let detail =
                "Meta disabled the business account; see its quality page in Meta's Business Manager".to_owned();
            Some((AccountState::Banned, Some(AccountReason::Locked), detail, None))
        }
        "REINSTATE" => Some((AccountState::Connected, None, String::new(), None)),
        _ => None,
    }
}

fn list<'a>(value: &'a Value, field: &str) -> &'a [Value] {
    value.get(field).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'a>(value: &'a Value, field: &str) -> Option<&'a str> {
    value.get(field).and_then(Value::as_str)
}

/// Seconds since 1970, as a number or as text; milliseconds where they are too many for seconds. Or a date and a time, whose
/// offset Meta writes without a colon.
fn time(value: Option<&Value>) -> Option<DateTime<Utc>> {
    const LATEST_S: i64 = 100_000_000_000;
    let value = value?;
    if let Some(at) = value.as_str().and_then(date_time) {
        return Some(at);
    }
    let count = value.as_i64().or_else(|| value.as_str()?.trim().parse().ok()).filter(|count| *count > 0)?;
    let since = if count < LATEST_S { TimeDelta::try_seconds(count) } else { TimeDelta::try_milliseconds(count) };
    DateTime::UNIX_EPOCH.checked_add_signed(since?)
}

fn date_time(text: &str) -> Option<DateTime<Utc>> {
    let with_colon = DateTime::parse_from_rfc3339(text);
    with_colon.or_else(|_none| DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%z")).ok().map(Into::into)
}

/// Meta's words, fit for the database.
fn clean(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect()
}

#[cfg(test)]
mod tests;
