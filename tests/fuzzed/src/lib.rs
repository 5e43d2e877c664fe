//! What must hold for whatever anybody sends. The fuzzer looks for bytes that break it (`make fuzz`); those that it once
//! found interesting are tried in every `make test`.

use std::net::IpAddr;

use nhip_domain::{
    Refusal,
    message::price,
    request::{
        Recipient, SendRequest,
        contract::{MAX_KEY, MAX_TEXT},
        jid_of_phone, normal_jid, order_key, parse,
    },
    webhook::answer::render,
};
use nhip_worker::download::{Exceptions, check};
use serde_json::Value;
use url::{Host, Url};

/// A body becomes a request within the contract's limits, or a refusal in its shape that points into the body.
pub fn request(body: &[u8]) {
    let parsed = parse(body, None, None);
    assert_eq!(parsed, parse(body, None, None), "it depends on the body alone");
    match &parsed.request {
        Ok(request) => check_request(request),
        Err(refusal) => check_refusal(refusal, body),
    }
    for name in &parsed.ignored {
        assert!(name.chars().count() <= 100 && !name.contains(char::is_control), "{name:?}");
    }
    // What it is labelled as matters only for what does not begin like JSON.
    let form = parse(body, Some("application/x-www-form-urlencoded"), None).request;
    assert!(form == parsed.request || form.is_err());
}

fn check_request(request: &SendRequest) {
    assert!(request.text.chars().count() <= MAX_TEXT, "{request:?} is too long");
    assert!(!request.text.contains('\0'), "{request:?} cannot be stored");
    assert!(!request.text.trim().is_empty() || request.file.is_some(), "{request:?} says nothing");
    if let Some(file) = &request.file {
        assert!(!file.url.contains(char::is_control) && !file.name.contains(char::is_control), "{file:?}");
        assert!(!file.name.is_empty(), "{file:?}");
    }
    match &request.recipient {
        Recipient::ChatId(number) => assert!(*number >= 0),
        Recipient::ChatName(given) | Recipient::Jid(given) | Recipient::Phone(given) => {
            assert!(!given.is_empty() && given.trim() == given && !given.contains('\0'), "{given:?}");
            assert!(order_key(given).len() <= 256, "{given:?} makes a key that no index takes");
        }
    }
    if let Some(key) = &request.idempotency_key {
        assert!((1..=MAX_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic()), "{key:?}");
    }
    assert!((1..=2).contains(&price(request)));
}

fn check_refusal(refusal: &Refusal, body: &[u8]) {
    let (status, answer) = render(&Err(refusal.clone()));
    let answer: Value = serde_json::from_str(&answer).expect("a refusal is JSON");
    assert_eq!((status, &answer["status"]), (400, &400.into()));
    let code = answer["code"].as_str().unwrap_or_default();
    let known = ["INVALID_JSON", "NOT_UTF8", "MISSING_FIELD", "BAD_FIELD", "CONFLICTING_FIELDS"];
    assert!(known.contains(&code), "{answer}");
    let message = answer["message"].as_str().unwrap_or_default();
    assert!(!message.is_empty() && message.len() < 4_096, "{message:?}");
    assert!(!message.contains(char::is_control), "{message:?}");
    if let Some(place) = refusal.place() {
        let text = String::from_utf8_lossy(body.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(body)).into_owned();
        let line = text.split('\n').nth(place.line as usize - 1).expect("the line is there");
        assert!((1..=line.chars().count() + 1).contains(&(place.column as usize)), "{place} is not in {text:?}");
    }
}

/// A phone or a JID comes to one address, in whatever spelling, or to none.
pub fn recipient(given: &[u8]) {
    let Ok(given) = str::from_utf8(given) else { return };
    let key = order_key(given);
    assert_eq!(order_key(&key), key, "of {given:?}");
    for jid in [jid_of_phone(given), normal_jid(given)].into_iter().flatten() {
        assert_eq!(normal_jid(jid.as_str()).as_ref(), Some(&jid), "of {given:?}");
        assert!(jid.as_str().bytes().all(|byte| byte.is_ascii_graphic()), "{jid} of {given:?}");
        assert_eq!(jid.as_str().matches('@').count(), 1, "{jid} of {given:?}");
    }
}

/// A link that may be asked for is one of the public web, and stays so however it is spelled.
pub fn link(given: &[u8]) {
    let Ok(given) = str::from_utf8(given) else { return };
    let Ok(url) = check(given, &Exceptions::default()) else { return };
    assert!(matches!(url.scheme(), "http" | "https"), "{url}");
    assert!(url.username().is_empty() && url.password().is_none(), "{url}");
    match url.host().expect("a link has a host") {
        Host::Domain(name) => assert!(!name.is_empty() && name.parse::<IpAddr>().is_err(), "{url}"),
        Host::Ipv4(address) => assert_public(address.into(), &url),
        Host::Ipv6(address) => assert_public(address.into(), &url),
    }
    assert_eq!(check(url.as_str(), &Exceptions::default()).as_ref(), Ok(&url), "of {given:?}");
}

/// By other means than the guard's own tables.
fn assert_public(address: IpAddr, url: &Url) {
    let is_public = match address {
        IpAddr::V4(v4) => {
            let is_shared = v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64;
            !(v4.is_private() || v4.is_loopback() || v4.is_link_local() || v4.is_broadcast() || v4.is_documentation())
                && !(v4.is_multicast()
                    || v4.is_unspecified()
                    || is_shared
                    || v4.octets()[0] == 0
                    || v4.octets()[0] >= 240)
        }
        IpAddr::V6(v6) => v6.to_ipv4().is_none() && v6.segments()[0] & 0xe000 == 0x2000 && v6.segments()[0] != 0x2002,
    };
    assert!(is_public, "{url} is inside of somebody's network");
}
