//! Until the domain's own functions land.

pub(super) fn jid_of_phone(given: &str) -> Option<String> {
    let bare: String = given.chars().filter(|char| !matches!(char, ' ' | '-' | '.' | '(' | ')')).collect();
    let digits = bare.strip_prefix('+').unwrap_or(&bare);
    is_digits(digits).then(|| format!("{digits}@s.whatsapp.net"))
}

pub(super) fn normal_jid(given: &str) -> Option<String> {
    let (user, server) = given.trim().split_once('@')?;
    let server = if server == "c.us" { "s.whatsapp.net" } else { server };
    let known = match server {
        "s.whatsapp.net" | "lid" => is_digits(user),
        "g.us" => user.len() >= 10,
        _ => false,
    };
    known.then(|| format!("{user}@{server}"))
}

fn is_digits(text: &str) -> bool {
    (7..=15).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit())
}
