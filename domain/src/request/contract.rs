//! The fields of a request and their limits: what the parser goes by, and what the reference is printed from.

/// Characters (Unicode code points) of a text, at most.
pub const MAX_TEXT: usize = 4_096;
/// Visible ASCII characters of an idempotency key, at most.
pub const MAX_KEY: usize = 255;

/// The fields that name a recipient.
pub const RECIPIENTS: [&str; 4] = ["chat_id", "jid", "phone", "chat_name"];
/// Both spellings of the account's phone.
pub const ACCOUNT_PHONES: [&str; 2] = ["whatsapp_account_phone", "whatsapp account phone"];

/// When a field has to be given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Need {
    /// In every request.
    Always,
    /// Unless there is a file.
    WithoutFile,
    /// Beside `file_url`.
    WithFile,
    /// One of [`RECIPIENTS`], exactly.
    OneRecipient,
    /// It need not be.
    Optional,
}

/// What a field's value may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// `"send"`, and nothing else.
    Send,
    /// A string.
    Text,
    /// A string, or a whole number, which is taken as its digits.
    Digits,
}

/// One field of a request.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name.
    pub name: &'static str,
    /// When it has to be given.
    pub need: Need,
    /// What its value may be.
    pub takes: Takes,
    /// How many characters its value may have, where it is not the body's size that bounds it.
    pub longest: Option<usize>,
}

/// All fields, in the order in which they are explained. Those of [`ACCOUNT_PHONES`] are one.
pub const FIELDS: [Field; 10] = [
    Field { name: "action", need: Need::Always, takes: Takes::Send, longest: None },
    Field { name: "text", need: Need::WithoutFile, takes: Takes::Text, longest: Some(MAX_TEXT) },
    Field { name: "chat_id", need: Need::OneRecipient, takes: Takes::Digits, longest: None },
    Field { name: "phone", need: Need::OneRecipient, takes: Takes::Digits, longest: None },
    Field { name: "jid", need: Need::OneRecipient, takes: Takes::Text, longest: None },
    Field { name: "chat_name", need: Need::OneRecipient, takes: Takes::Text, longest: None },
    Field { name: "file_url", need: Need::Optional, takes: Takes::Text, longest: None },
    Field { name: "file_name", need: Need::WithFile, takes: Takes::Text, longest: None },
    Field { name: "whatsapp_account_phone", need: Need::Optional, takes: Takes::Digits, longest: None },
    Field { name: "idempotency_key", need: Need::Optional, takes: Takes::Text, longest: Some(MAX_KEY) },
];

/// Every name that a field may be given by.
pub(super) fn names() -> impl Iterator<Item = &'static str> {
    let other = ACCOUNT_PHONES.into_iter().skip(1);
    FIELDS.into_iter().map(|field| field.name).chain(other)
}

/// Whether the contract has a field of exactly this name.
pub(super) fn is_known(name: &str) -> bool {
    names().any(|known| known == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_recipients_are_the_fields_of_which_one_is_needed() {
        for field in FIELDS {
            assert_eq!(field.need == Need::OneRecipient, RECIPIENTS.contains(&field.name), "{}", field.name);
        }
        assert!(ACCOUNT_PHONES.into_iter().all(is_known));
    }
}
