//! The refresh token's cookie: out of scripts' reach, and sent to the admin API of this very site alone.

use nhip_domain::settings::Settings;
use poem::{Request, http::header};

const NAME: &str = "nhip_refresh";
const LIFE_S: u32 = 30 * 24 * 3_600;

/// The refresh token that a browser sent.
#[derive(Clone)]
pub struct RefreshCookie(pub String);

/// Sets the cookie.
pub(crate) fn set(settings: &Settings, token: &str) -> String {
    format!("{NAME}={token}; Max-Age={LIFE_S}; {}", attributes(settings))
}

/// Removes the cookie.
pub(crate) fn clear(settings: &Settings) -> String {
    format!("{NAME}=; Max-Age=0; {}", attributes(settings))
}

/// The cookie in a request.
pub(super) fn read(request: &Request) -> Option<RefreshCookie> {
    let cookies = request.headers().get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|value| value.split(';')).filter_map(|pair| pair.trim().split_once('='));
    pairs.find(|(name, _)| *name == NAME).map(|(_, token)| RefreshCookie(token.to_owned()))
}

fn attributes(settings: &Settings) -> &'static str {
    if settings.public_url.starts_with("https://") {
        "Path=/graphql; HttpOnly; SameSite=Strict; Secure"
    } else {
        "Path=/graphql; HttpOnly; SameSite=Strict"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_brings_back_what_was_set() {
        let set = set(&Settings::default(), "nhip_rt_x");
        assert!(set.contains("HttpOnly; SameSite=Strict") && !set.contains("Secure"), "{set}");
        let pair = set.split(';').next().unwrap();
        let request = Request::builder().header(header::COOKIE, format!("theme=dark; {pair}")).finish();
        assert_eq!(read(&request).unwrap().0, "nhip_rt_x");
    }

    #[test]
    fn over_https_it_never_travels_in_the_clear() {
        let settings = Settings { public_url: "https://nhip.example".to_owned(), ..Settings::default() };
        assert!(set(&settings, "x").ends_with("; Secure"));
    }
}
