//! The four fields that name a recipient, of which exactly one is given.

use unicode_normalization::UnicodeNormalization as _;

use super::{
    Recipient,
    contract::RECIPIENTS,
    document::{Document, Field, Value},
    hints::missing,
    number::whole_digits,
};
use crate::refusal::{Refusal, Spot};

/// The one recipient, and the field that names it. Neither a phone's nor a JID's format is checked: such a message fails later, with a reason.
pub(super) fn recipient(document: &Document<'_>) -> Result<(Recipient, Spot), Refusal> {
    let field = only_recipient(document)?;
    let recipient = match field.name.as_str() {
        "chat_id" => chat_id(document, field)?,
        "jid" => Recipient::Jid(text_of(document, field)?),
        "phone" => Recipient::Phone(text_or_digits(document, field)?),
        _ => Recipient::ChatName(text_of(document, field)?.nfc().collect()),
    };
    Ok((recipient, document.spot(field)))
}

fn only_recipient<'d, 'a>(document: &'d Document<'a>) -> Result<&'d Field<'a>, Refusal> {
    let given: Vec<_> =
        document.fields().filter(|field| RECIPIENTS.contains(&&*field.name) && field.is_given()).collect();
    match given[..] {
        [] => Err(no_recipient(document)),
        [only] => Ok(only),
        [_, second, ..] => {
            let names: Vec<_> = given.iter().map(|field| format!("`{}`", field.name)).collect();
            Err(document.conflict(second, format!("Give only one recipient, not {} together", names.join(" and "))))
        }
    }
}

fn no_recipient(document: &Document<'_>) -> Refusal {
    let advice = "give exactly one recipient: `chat_id`, `jid`, `phone` or `chat_name`";
    missing(document, "phone", &RECIPIENTS, advice)
}

fn chat_id(document: &Document<'_>, field: &Field<'_>) -> Result<Recipient, Refusal> {
    let digits = text_or_digits(document, field)?;
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(document.bad(field, "must be digits alone, as the chat page's URL shows them"));
    }
    Ok(Recipient::ChatId(digits.parse().unwrap_or(i64::MAX)))
}

/// A string, trimmed, or the digits of a whole number.
pub(super) fn text_or_digits(document: &Document<'_>, field: &Field<'_>) -> Result<String, Refusal> {
    match &field.value {
        Value::Number(raw) => whole_digits(raw).map_err(|problem| document.bad(field, problem)),
        Value::Text(_) => text_of(document, field),
        other => Err(document.bad(field, format!("must be a string or a whole number, not {}", other.name()))),
    }
}

/// A string, trimmed.
fn text_of(document: &Document<'_>, field: &Field<'_>) -> Result<String, Refusal> {
    Ok(document.string(field)?.trim().into())
}
