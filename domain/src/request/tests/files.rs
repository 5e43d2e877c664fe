//! `file_url` and `file_name`.

use super::{super::FileRef, *};

fn with_url(url: &str) -> Value {
    json!({"file_url": url, "file_name": "a.png"})
}

#[test]
fn a_file_is_a_http_or_https_url_kept_as_given() {
    for url in [
        "https://timelines.ai/logo.png",
        "http://files.example:8080/a%20b?c=d&e=%2F#f",
        "HTTPS://EXAMPLE.com",
        "https://[2001:db8::1]/a",
        "http://127.0.0.1/a",
        "https://ví-dụ.vn/tệp.png",
    ] {
        let file = accepted_with(with_url(&format!(" {url}\n"))).file;
        assert_eq!(file, Some(FileRef { url: url.into(), name: "a.png".into() }));
    }
}

#[test]
fn a_url_of_unsound_shape_is_told_what_is_wrong() {
    for (url, words) in [
        ("timelines.ai/logo.png", "must be a complete URL"),
        ("ftp://example.com/a", "must be a complete URL"),
        ("file:///etc/passwd", "must be a complete URL"),
        ("data:text/plain,a", "must be a complete URL"),
        ("javascript:alert(1)", "must be a complete URL"),
        ("https:/example.com/a", "must be a complete URL"),
        ("//example.com/a", "must be a complete URL"),
        ("https://", "is not a sound URL: empty host"),
        ("https://:80/", "is not a sound URL: empty host"),
        ("https://example.com:99999/", "is not a sound URL: invalid port"),
        ("https://[::1/", "is not a sound URL: invalid IPv6"),
        ("https://exa mple.com/", "white space"),
        ("https://example.com/a b", "write a space as `%20`"),
        ("https://example.com\\a", "backslash"),
        ("https://example.com/\u{7f}", "control character"),
        ("https://user:secret@example.com/", "contains a user name or password"),
        ("https://:secret@example.com/", "contains a user name or password"),
        ("https://user@example.com/", "contains a user name or password"),
    ] {
        let (code, field, place, message) = told(&refused_with(with_url(url)));
        assert_eq!((code, &*field), ("BAD_FIELD", "file_url"), "{url}");
        assert!(place.is_some());
        assert!(message.contains(words), "{message} for {url}");
        assert!(!message.contains("secret"), "{message}");
    }
}

#[test]
fn a_url_is_as_long_as_a_request_has_room_for() {
    let signed = format!("https://a.example/b.pdf?signature={}", "x".repeat(60_000));
    assert_eq!(accepted_with(with_url(&signed)).file.unwrap().url, signed);
}

#[test]
fn a_file_needs_a_name() {
    for name in [Value::Null, json!(""), json!(" ")] {
        let (code, field, _, message) =
            told(&refused_with(json!({"file_url": "https://a.example/b", "file_name": name})));
        assert_eq!((code, &*field), ("MISSING_FIELD", "file_name"));
        assert!(message.contains("`file_url` needs a name"), "{message}");
    }
}

#[test]
fn a_name_without_a_file_is_ignored_and_logged() {
    for (name, url) in [(json!("a.png"), json!("")), (json!("a/b"), Value::Null), (json!(5), json!(" "))] {
        let body = body_with(json!({"file_name": name, "file_url": url}));
        assert_eq!(accepted(&body).file, None);
        assert_eq!(parsed(&body).ignored, ["file_name"]);
    }
}

#[test]
fn a_files_name_is_taken_as_it_is_but_for_control_characters() {
    let with_name = |name: &str| json!({"file_url": "https://a.example/b", "file_name": name});
    for name in
        ["logo.png", "Báo giá (1).pdf", ".env", "a..b", "👍", "Offer 12/2026.pdf", "a\\b", "..", &"ả".repeat(3_000)]
    {
        assert_eq!(accepted_with(with_name(&format!(" {name} "))).file.unwrap().name, name);
    }
    for name in ["a\nb.png", "a\u{85}b.png"] {
        let (code, field, _, message) = told(&refused_with(with_name(name)));
        assert_eq!((code, &*field), ("BAD_FIELD", "file_name"), "{name}");
        assert!(message.contains("control character"), "{message}");
    }
}
