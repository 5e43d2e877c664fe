//! Whom a message goes to.

use nhip_domain::request::{JidKind, jid_of_phone, normal_jid};
use nhip_entity::message::FailureReason;

use crate::gateway::Unsent;

/// What the ids of groups that were made through the API begin with: `capi_group:` in base64.
const GROUP: &str = "Y2FwaV9ncm91cDo";

/// A recipient that Meta can reach.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in super::super) enum Address {
    /// A person, by the digits of their number.
    Phone(String),
    /// A group that was made through the API, by Meta's id of it.
    Group(String),
}

impl Address {
    /// The recipient as the caller gave it, or the JID of a chat.
    pub(in super::super) fn of(recipient: &str) -> Result<Self, Unsent> {
        let recipient = recipient.trim();
        if recipient.starts_with(GROUP)
            && recipient.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte))
        {
            return Ok(Self::Group(recipient.to_owned()));
        }
        let Some(jid) = normal_jid(recipient).or_else(|| jid_of_phone(recipient)) else {
            return Err(refuse("This is neither a phone number in international format nor a WhatsApp JID"));
        };
        match (jid.as_str().strip_suffix("@s.whatsapp.net"), jid.kind()) {
            (Some(digits), _) => Ok(Self::Phone(digits.to_owned())),
            (None, JidKind::Group) => Err(refuse(
                "Meta's Cloud API reaches no groups of phones, only those that were made through it: send from an account of \
                 another gateway, or give the id that Meta has for the group",
            )),
            (None, JidKind::Contact) => {
                Err(refuse("Meta's Cloud API reaches people by phone number, not by a hidden id (@lid)"))
            }
        }
    }

    /// Meta's `recipient_type` and `to`. To a number without a plus sign Meta may add the country of the one that sends.
    pub(in super::super) fn parts(&self) -> (&'static str, String) {
        match self {
            Self::Phone(digits) => ("individual", format!("+{digits}")),
            Self::Group(id) => ("group", id.clone()),
        }
    }

    /// What its chat is known by.
    pub(in super::super) fn jid(&self) -> String {
        match self {
            Self::Phone(digits) => format!("{digits}@s.whatsapp.net"),
            Self::Group(id) => id.clone(),
        }
    }

    /// Whether free texts may be sent only within 24 h of a reply.
    pub(in super::super) fn has_window(&self) -> bool {
        matches!(self, Self::Phone(_))
    }
}

fn refuse(detail: &str) -> Unsent {
    Unsent::Failed { reason: FailureReason::InvalidRecipient, detail: detail.to_owned() }
}
