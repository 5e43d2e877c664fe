//! WhatsApp addresses (JIDs), and how a phone or a JID as given becomes one. Digits decide, not the numbering plans of
//! libphonenumber, which refuse numbers that WhatsApp knows.

use std::fmt;

use sha2::{Digest as _, Sha256};

/// Digits of a phone number in international format (E.164, less the shortest that WhatsApp could have).
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=15;
/// Bytes of an order's key that is kept as given: PostgreSQL's indexes take no row above 2,704 bytes.
const LONGEST_KEY: usize = 256;

/// A sound JID of a contact or a group: `14151231234@s.whatsapp.net`, `120363012345678901@g.us`, `123456789012345@lid`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Jid(String);

/// What a JID addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JidKind {
    /// One person, by phone number or by hidden id.
    Contact,
    /// A group.
    Group,
}

impl Jid {
    /// What it addresses.
    #[must_use]
    pub fn kind(&self) -> JidKind {
        if self.0.ends_with("@g.us") { JidKind::Group } else { JidKind::Contact }
    }

    /// The JID as WhatsApp spells it.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Jid {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(&self.0)
    }
}

/// The JID of a phone number in international format: 7 to 15 digits after a leading `+` or `00`, whatever spaces, dashes,
/// dots, parentheses and invisible marks of direction stand between them. `None` for anything else.
#[must_use]
pub fn jid_of_phone(given: &str) -> Option<Jid> {
    let bare: String = given.chars().filter(|char| !is_between_digits(*char)).collect();
    let digits = bare.strip_prefix('+').or_else(|| bare.strip_prefix("00")).unwrap_or(&bare);
    // No country's code begins with 0: what does is a number within a country.
    let is_phone = is_digits(digits, PHONE_DIGITS) && !digits.starts_with('0');
    is_phone.then(|| Jid(format!("{digits}@s.whatsapp.net")))
}

/// A JID in WhatsApp's own spelling: the old server `c.us` made `s.whatsapp.net`, a device (`:12`, `.0:12`) removed, the
/// server in lower case. `None` for what is neither a contact nor a group: broadcasts, channels, the status, other text.
#[must_use]
pub fn normal_jid(given: &str) -> Option<Jid> {
    let (user, server) = given.trim().split_once('@')?;
    let server = server.to_ascii_lowercase();
    let (user, server) = match server.as_str() {
        "s.whatsapp.net" | "c.us" => {
            (without_device(user).filter(|user| is_digits(user, PHONE_DIGITS))?, "s.whatsapp.net")
        }
        "lid" => (without_device(user).filter(|user| is_digits(user, 7..=20))?, "lid"),
        "g.us" => (Some(user).filter(|user| is_group(user))?, "g.us"),
        _ => return None,
    };
    Some(Jid(format!("{user}@{server}")))
}

/// The key by which messages to one recipient keep their order: the JID that a phone or JID as given comes to, or else the
/// text itself, trimmed; of one that is too long for a key, its hash. For a recipient given as a chat, pass the chat's JID.
#[must_use]
pub fn order_key(given: &str) -> String {
    let given = given.trim();
    match normal_jid(given).or_else(|| jid_of_phone(given)) {
        Some(jid) => jid.0,
        None if given.len() > LONGEST_KEY => hex::encode(Sha256::digest(given)),
        None => given.to_owned(),
    }
}

/// A user without its device (`user:12`, or `user.0:12` of old); `None` if what follows is no device.
fn without_device(user: &str) -> Option<&str> {
    let Some((user, device)) = user.split_once(':') else { return Some(user) };
    let (user, agent) = user.split_once('.').unwrap_or((user, "0"));
    (is_digits(device, 1..=5) && is_digits(agent, 1..=3)).then_some(user)
}

/// A group's id: digits of now (`120363…`), or the creator's number and the time of creation of old.
fn is_group(user: &str) -> bool {
    let (id, created) = user.split_once('-').map_or((user, None), |(id, created)| (id, Some(created)));
    is_digits(id, 10..=20) && created.is_none_or(|created| is_digits(created, 9..=11))
}

fn is_digits(text: &str, length: std::ops::RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// What people and address books write between digits.
fn is_between_digits(char: char) -> bool {
    char.is_whitespace()
        || matches!(char, '-' | '.' | '(' | ')' | '\u{2010}'..='\u{2015}' | '\u{2212}')
        || matches!(char, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones_come_to_the_jid_of_their_digits() {
        for given in [
            "+14151231234",
            "14151231234",
            "0014151231234",
            " +1 (415) 123-1234 ",
            "+1.415.123.1234",
            "+1\u{a0}415\u{2011}123\u{2013}1234",
            "\u{202a}+1 415 123 1234\u{202c}",
        ] {
            assert_eq!(jid_of_phone(given).unwrap().as_str(), "14151231234@s.whatsapp.net", "{given}");
        }
    }

    #[test]
    fn phones_are_judged_by_their_digits_not_by_numbering_plans() {
        for given in ["+553188887777", "+5215512345678", "+9990000001", "1234567", "123456789012345"] {
            assert!(jid_of_phone(given).is_some(), "{given}");
        }
    }

    #[test]
    fn what_is_no_international_number_has_no_jid() {
        for given in [
            "",
            "+",
            "123456",
            "1234567890123456",
            "+1 415 CALL ME",
            "+3367a829916",
            "0912345678",
            "+0012345678",
            "++14151231234",
            "1415+1231234",
            "+1415123/1234",
            "+١٤١٥١٢٣١٢٣٤",
            "14151231234@s.whatsapp.net",
            "+14151231234;ext=5",
        ] {
            assert_eq!(jid_of_phone(given), None, "{given}");
        }
    }

    #[test]
    fn jids_come_to_whatsapps_own_spelling() {
        for (given, normal, kind) in [
            ("14151231234@s.whatsapp.net", "14151231234@s.whatsapp.net", JidKind::Contact),
            (" 14151231234@c.us ", "14151231234@s.whatsapp.net", JidKind::Contact),
            ("14151231234@S.WhatsApp.Net", "14151231234@s.whatsapp.net", JidKind::Contact),
            ("14151231234:12@s.whatsapp.net", "14151231234@s.whatsapp.net", JidKind::Contact),
            ("14151231234.0:12@s.whatsapp.net", "14151231234@s.whatsapp.net", JidKind::Contact),
            ("123456789012345@lid", "123456789012345@lid", JidKind::Contact),
            ("123456789012345:3@lid", "123456789012345@lid", JidKind::Contact),
            ("120363012345678901@g.us", "120363012345678901@g.us", JidKind::Group),
            ("14151231234-1400000000@g.us", "14151231234-1400000000@g.us", JidKind::Group),
        ] {
            let jid = normal_jid(given).unwrap();
            assert_eq!((jid.to_string().as_str(), jid.kind()), (normal, kind), "{given}");
        }
    }

    #[test]
    fn what_is_neither_a_contact_nor_a_group_has_no_jid() {
        for given in [
            "",
            "@",
            "@s.whatsapp.net",
            "abc@s.whatsapp.net",
            "+14151231234@s.whatsapp.net",
            "0@s.whatsapp.net",
            "123456@s.whatsapp.net",
            "14151231234:@s.whatsapp.net",
            "14151231234:x@s.whatsapp.net",
            "14151231234.0@s.whatsapp.net",
            "14151231234@s.whatsapp.net@g.us",
            "14151231234",
            "status@broadcast",
            "1400000000@broadcast",
            "120363012345678901@newsletter",
            "14151231234@hosted",
            "14151231234@example.com",
            "123456789@g.us",
            "123456789012345678901@g.us",
            "14151231234-12345678@g.us",
            "14151231234-123456789012@g.us",
            "14151231234-1400000000-1@g.us",
            "120363012345678901:2@g.us",
        ] {
            assert_eq!(normal_jid(given), None, "{given}");
        }
    }

    #[test]
    fn all_spellings_of_one_recipient_share_their_order() {
        for given in ["+1 415 123 1234", "0014151231234", "14151231234@c.us", "14151231234:7@s.whatsapp.net "] {
            assert_eq!(order_key(given), "14151231234@s.whatsapp.net", "{given}");
        }
        assert_eq!(order_key(" 120363012345678901@g.us"), "120363012345678901@g.us");
        assert_eq!(order_key(" nobody knows "), "nobody knows");
    }
}
