//! By which name this server is asked for.
//!
//! The demo lets anyone in who reaches it, and it listens on its own machine alone. A page of another site reaches it too,
//! once that site's name leads here; but the browser says which name it asked for.

use std::net::{Ipv4Addr, Ipv6Addr};

use nhip_domain::settings::Settings;
use poem::{Request, http::header};
use url::{Host, Url};

/// To whoever asked for it by another name.
pub(super) const ADVICE: &str = "The demo is asked for as localhost, 127.0.0.1 or by NHIP_PUBLIC_URL alone";

/// Whether a request to the demo names this machine, or the public URL's host; elsewhere any name will do.
pub(super) fn is_ours(settings: &Settings, request: &Request) -> bool {
    // Browsers always say it.
    let said = request.header(header::HOST).or_else(|| request.uri().host());
    !settings.demo || said.is_none_or(|said| leads_here(said, &settings.public_url))
}

fn leads_here(said: &str, public_url: &str) -> bool {
    let host = |url: &str| Url::parse(url).ok().and_then(|url| url.host().map(|host| host.to_owned()));
    let Some(said) = host(&format!("http://{said}")) else { return false };
    let is_local = match &said {
        Host::Domain(name) => name == "localhost",
        Host::Ipv4(address) => Ipv4Addr::is_loopback(address),
        Host::Ipv6(address) => Ipv6Addr::is_loopback(address),
    };
    is_local || host(public_url).as_ref() == Some(&said)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_and_the_public_one_lead_here() {
        for said in
            ["127.0.0.1", "127.0.0.1:8080", "127.1.2.3", "localhost:5173", "LOCALHOST", "[::1]:8080", "demo.example"]
        {
            assert!(leads_here(said, "https://demo.example"), "{said}");
        }
        for said in ["evil.example", "evil.example:8080", "localhost.evil.example", "192.168.1.7", "[::2]", "", "x y"] {
            assert!(!leads_here(said, "http://127.0.0.1:8080"), "{said}");
        }
    }
}
