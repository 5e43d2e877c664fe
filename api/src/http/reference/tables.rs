//! The tables of fields and of refusals.

use std::fmt::Write as _;

use nhip_domain::{
    request::contract::{FIELDS, Field, Need, Takes},
    webhook::answer,
};

use super::{
    explain,
    html::{escape, with_code},
    language::{Language, Words},
};

/// A row per field.
pub(super) fn fields(language: Language) -> String {
    let mut rows = String::new();
    for field in FIELDS {
        let (need, class) = need(field.need);
        let meaning = with_code(explain::field(field.name).said_in(language));
        // Writing to a String cannot fail.
        let _ = writeln!(
            rows,
            "<tr><td><span class=\"name\">{}</span> <span class=\"{class}\">{}</span></td><td>{meaning} {}</td></tr>",
            field.name,
            need.said_in(language),
            values(field, language),
        );
    }
    let head = Words { en: "<th>Field</th><th>Meaning</th>", vi: "<th>Trường</th><th>Ý nghĩa</th>" };
    table(head.said_in(language), &rows)
}

/// When a field has to be given, and how that looks.
fn need(need: Need) -> (Words, &'static str) {
    match need {
        Need::Always => (Words { en: "required", vi: "bắt buộc" }, "need must"),
        Need::WithoutFile => (Words { en: "required without a file", vi: "bắt buộc nếu không có tệp" }, "need must"),
        Need::WithFile => (Words { en: "required with file_url", vi: "bắt buộc khi có file_url" }, "need"),
        Need::OneRecipient => (Words { en: "exactly one of these four", vi: "đúng một trong bốn" }, "need must"),
        Need::Optional => (Words { en: "optional", vi: "không bắt buộc" }, "need"),
    }
}

/// What a field takes, as far as its meaning has not said so.
fn values(field: Field, language: Language) -> String {
    let longest = field.longest.map(|longest| language.number(longest));
    match (field.takes, longest, language) {
        (Takes::Send, ..) | (Takes::Text, None, _) => String::new(),
        (Takes::Text, Some(longest), Language::English) => format!("At most {longest} characters."),
        (Takes::Text, Some(longest), Language::Vietnamese) => format!("Tối đa {longest} ký tự."),
        (Takes::Digits, _, Language::English) => "Text or a whole number.".to_owned(),
        (Takes::Digits, _, Language::Vietnamese) => "Chuỗi hoặc số nguyên.".to_owned(),
    }
}

/// A row per refusal.
pub(super) fn refusals(language: Language) -> String {
    let mut rows = String::new();
    for explained in explain::refusals() {
        // Writing to a String cannot fail.
        let _ = writeln!(
            rows,
            "<tr><td><span class=\"status\">{}</span> <span class=\"name\">{}</span></td>\
             <td>{} <span class=\"said\" lang=\"en\">{}</span></td></tr>",
            answer::status(&explained.refusal),
            explained.refusal.code(),
            with_code(explained.meaning.said_in(language)),
            escape(&explained.refusal.to_string()),
        );
    }
    let head = Words {
        en: "<th>Answer</th><th>Meaning, and an example of its message</th>",
        vi: "<th>Trả lời</th><th>Ý nghĩa, và ví dụ về message</th>",
    };
    table(head.said_in(language), &rows)
}

fn table(head: &str, rows: &str) -> String {
    format!("<table>\n<thead><tr>{head}</tr></thead>\n<tbody>\n{rows}</tbody>\n</table>")
}
