//! The fields of a request, each by its type and then by its value.

use super::{
    AccountPhone, Recipient, SendRequest,
    contract::{ACCOUNT_PHONES, MAX_KEY, MAX_TEXT, is_known},
    document::{Document, Field, shown},
    file::file,
    hints::{is_near, missing, with_questions},
    recipient::{recipient, text_or_digits},
};
use crate::refusal::Refusal;

/// Names of ignored fields that are kept, at most; how many more there were is kept too.
const MAX_IGNORED: usize = 1_000;

/// Checks a document's fields in the order that the module `request` documents.
pub(super) fn request(document: &Document<'_>, header_key: Option<&[u8]>) -> Result<SendRequest, Refusal> {
    check_action(document)?;
    let file = file(document)?;
    let text = text(document, file.is_some())?;
    let (recipient, recipient_at) = recipient(document)?;
    let account_phone = match recipient {
        Recipient::ChatId(_) => None,
        _ => account_phone(document)?,
    };
    let idempotency_key = idempotency_key(document, header_key)?;
    Ok(SendRequest { text, file, recipient, recipient_at, account_phone, idempotency_key })
}

/// Names of the fields that play no part, in the body's order: unknown ones, `file_name` without a `file_url`, and the
/// account's phone beside a `chat_id`.
pub(super) fn ignored(document: &Document<'_>) -> Vec<String> {
    let idle = |field: &&Field<'_>| match field.name.as_str() {
        "file_name" => field.is_given() && document.optional("file_url").is_none(),
        name if ACCOUNT_PHONES.contains(&name) => field.is_given() && document.optional("chat_id").is_some(),
        name => !is_known(name),
    };
    let mut names: Vec<String> =
        document.fields().filter(idle).map(|field| shown(&field.name)).take(MAX_IGNORED).collect();
    let more = document.fields().filter(idle).count() - names.len();
    names.extend((more > 0).then(|| format!("… and {more} more")));
    names
}

fn check_action(document: &Document<'_>) -> Result<(), Refusal> {
    let Some(field) = document.required("action") else {
        return Err(missing(document, "action", &["action"], "give \"action\": \"send\""));
    };
    match document.string(field)? {
        "send" => Ok(()),
        other if is_near(other, "send") => {
            Err(document.bad(field, "is not `send`, the only action; did you mean `send`?"))
        }
        _ => Err(document.bad(field, "must be `send`, the only action")),
    }
}

fn text(document: &Document<'_>, has_file: bool) -> Result<String, Refusal> {
    let Some(field) = document.required("text") else {
        return if has_file { Ok(String::new()) } else { Err(no_text(document)) };
    };
    let text = document.string(field)?;
    if text.trim().is_empty() {
        let advice = "is empty; give a text, or a file by `file_url` and `file_name`";
        let problem = || with_questions(document, advice, &["file_url"]);
        return if has_file { Ok(String::new()) } else { Err(document.bad(field, problem())) };
    }
    let length = text.chars().count();
    if length > MAX_TEXT {
        return Err(document.bad(field, format!("has {length} characters, {MAX_TEXT} at most; split it")));
    }
    Ok(text.into())
}

fn no_text(document: &Document<'_>) -> Refusal {
    missing(document, "text", &["text", "file_url"], "give it, or a file by `file_url` and `file_name`")
}

/// The account's phone. Two spellings of it agree if their digits do.
fn account_phone(document: &Document<'_>) -> Result<Option<AccountPhone>, Refusal> {
    let [first, second] = ACCOUNT_PHONES.map(|name| document.optional(name));
    let (Some(first), Some(second)) = (first, second) else {
        return first.or(second).map(|field| phone_of(document, field)).transpose();
    };
    let phone = phone_of(document, first)?;
    if phone.digits != phone_of(document, second)?.digits {
        let problem = format!("`{}` and `{}` differ; give one of them", first.name, second.name);
        return Err(document.conflict(second, problem));
    }
    Ok(Some(phone))
}

fn phone_of(document: &Document<'_>, field: &Field<'_>) -> Result<AccountPhone, Refusal> {
    let given = text_or_digits(document, field)?;
    let digits: String = given.chars().filter(char::is_ascii_digit).collect();
    if digits.is_empty() {
        return Err(document.bad(field, "contains no digit; give a phone number such as +15105566777"));
    }
    Ok(AccountPhone { given: shown(&given), digits, at: document.spot(field) })
}

/// The key of the field or of the header, which are the same if both are given.
fn idempotency_key(document: &Document<'_>, header: Option<&[u8]>) -> Result<Option<String>, Refusal> {
    let header = header.map(header_key).transpose()?;
    let Some(field) = document.optional("idempotency_key") else { return Ok(header) };
    let key = sound_key(document.string(field)?.as_bytes()).map_err(|problem| document.bad(field, problem))?;
    if header.is_some_and(|header| header != key) {
        let problem = "`idempotency_key` and the header `Idempotency-Key` differ; send one of them";
        return Err(document.conflict(field, problem));
    }
    Ok(Some(key))
}

fn header_key(given: &[u8]) -> Result<String, Refusal> {
    let bad = |problem: String| Refusal::BadField { field: "Idempotency-Key".into(), place: None, problem };
    sound_key(given).map_err(bad)
}

fn sound_key(given: &[u8]) -> Result<String, String> {
    let is_sound = (1..=MAX_KEY).contains(&given.len()) && given.iter().all(u8::is_ascii_graphic);
    let key = str::from_utf8(given).ok().filter(|_| is_sound);
    key.map(Into::into).ok_or_else(|| format!("must be 1 to {MAX_KEY} visible ASCII characters, without spaces"))
}
