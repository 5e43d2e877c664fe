//! The page `/docs`.

use nhip_domain::{
    Refusal,
    message::{Accepted, KEYS_LIVE_H},
    request::contract::MAX_KEY,
    webhook::{KEPT, answer::render},
};
use nhip_worker::download::{MAX_BYTES, MAX_REDIRECTS};

use super::{
    html::{escape, fill},
    language::{Language, Words},
    snippets::Snippets,
    tables,
};
use crate::http::{body, webhook};

/// The sections, by their anchors.
const CONTENTS: [(&str, Words); 8] = [
    ("start", Words { en: "Send a message", vi: "Gửi tin nhắn" }),
    ("tools", Words { en: "In your tool", vi: "Trong công cụ của bạn" }),
    ("fields", Words { en: "Fields and files", vi: "Các trường và tệp" }),
    ("accounts", Words { en: "Which account sends", vi: "Tài khoản nào gửi" }),
    ("repeat", Words { en: "Repeating safely", vi: "Gọi lại an toàn" }),
    ("pace", Words { en: "Pace and credits", vi: "Nhịp gửi và tín dụng" }),
    ("refusals", Words { en: "Refusals", vi: "Khi bị từ chối" }),
    ("log", Words { en: "When something is wrong", vi: "Khi có gì đó không ổn" }),
];

/// Writes it in a language, for an installation.
pub(super) fn write(language: Language, public_url: &str) -> String {
    let said = |en, vi| Words { en, vi }.said_in(language);
    let marks = [
        ("content", content(language, public_url)),
        ("contents", contents(language)),
        ("languages", languages(language)),
        ("lang", language.tag().to_owned()),
        ("public_url", escape(public_url)),
        ("title", said("Incoming webhook", "Webhook đến").to_owned()),
        ("copy", said("Copy", "Sao chép").to_owned()),
        ("copied", said("Copied", "Đã chép").to_owned()),
        ("skip", said("Skip to the content", "Đến nội dung").to_owned()),
        ("language", said("Language", "Ngôn ngữ").to_owned()),
        ("contents_label", said("Contents", "Mục lục").to_owned()),
    ];
    filled(include_str!("assets/page.html"), &marks)
}

fn content(language: Language, public_url: &str) -> String {
    let snippets = Snippets { language, public_url };
    let accepted = Accepted { message_id: "3EB09FCC85FE99662E46".to_owned(), replayed: false };
    let kib = |bytes: usize| language.number(bytes / 1_024);
    let marks = [
        ("snippets", snippets.tabs()),
        ("file", snippets.file()),
        ("key", snippets.key()),
        ("accepted", snippets.answer("accepted", &render(&Ok(accepted)).1)),
        ("refused", snippets.answer("refused", &spaced(&render(&Err(Refusal::WebhookNotFound)).1))),
        ("fields", tables::fields(language)),
        ("refusals", tables::refusals(language)),
        ("body_kib", kib(body::LIMIT)),
        ("logged_kib", kib(webhook::LOGGED)),
        ("file_mib", language.number(MAX_BYTES / 1_024 / 1_024)),
        ("file_bytes", language.number(MAX_BYTES)),
        ("hops", language.number(MAX_REDIRECTS)),
        ("max_key", language.number(MAX_KEY)),
        ("key_hours", KEYS_LIVE_H.to_string()),
        ("kept", KEPT.to_string()),
    ];
    let text = match language {
        Language::English => include_str!("assets/en.html"),
        Language::Vietnamese => include_str!("assets/vi.html"),
    };
    filled(text, &marks)
}

fn filled(template: &str, marks: &[(&str, String)]) -> String {
    let marks: Vec<(&str, &str)> = marks.iter().map(|(name, value)| (*name, value.as_str())).collect();
    fill(template, &marks)
}

/// JSON that is easy on the eye, on one line.
fn spaced(json: &str) -> String {
    json.replace("\":", "\": ").replace(",\"", ", \"")
}

fn contents(language: Language) -> String {
    let item =
        |(anchor, title): (&str, Words)| format!("<li><a href=\"#{anchor}\">{}</a></li>", title.said_in(language));
    format!("<ul>{}</ul>", CONTENTS.into_iter().map(item).collect::<String>())
}

fn languages(shown: Language) -> String {
    let link = |language: Language| {
        let (tag, name) = (language.tag(), language.own_name());
        let current = if language == shown { " aria-current=\"true\"" } else { "" };
        format!("<a href=\"/docs?lang={tag}\" lang=\"{tag}\" hreflang=\"{tag}\"{current}>{name}</a>")
    };
    Language::ALL.into_iter().map(link).collect()
}
