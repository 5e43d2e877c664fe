//! Where a request comes from. Headers are believed from trusted proxies only.

use std::net::IpAddr;

use ipnet::IpNet;
use poem::{Addr, Request, http::header};

/// The most characters of a `User-Agent` that are kept.
const MAX_USER_AGENT: usize = 512;

/// The peer's address; behind trusted proxies, the last hop that is not one of them.
#[must_use]
pub fn address(request: &Request, trusted: &[IpNet]) -> Option<String> {
    let Addr::SocketAddr(peer) = request.remote_addr().0 else { return None };
    let forwarded = request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    Some(last_hop(peer.ip(), forwarded, trusted).to_string())
}

/// The `User-Agent` header, as far as it is text.
#[must_use]
pub fn user_agent(request: &Request) -> Option<String> {
    let value = request.headers().get(header::USER_AGENT)?;
    Some(String::from_utf8_lossy(value.as_bytes()).chars().take(MAX_USER_AGENT).collect())
}

fn last_hop<'a>(peer: IpAddr, forwarded: impl Iterator<Item = &'a str>, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut last = peer.to_canonical();
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).collect();
    for hop in hops.into_iter().rev() {
        if !is_trusted(&last) {
            break;
        }
        // What is not an address was made up: what stands before it is worth nothing.
        let Ok(address) = hop.trim().parse::<IpAddr>() else { break };
        last = address.to_canonical();
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        last_hop(peer.parse().unwrap(), forwarded.iter().copied(), &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_claim_another_address() {
        assert_eq!(seen("203.0.113.7", &["198.51.100.1"], &[]), "203.0.113.7");
        assert_eq!(seen("203.0.113.7", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.7");
    }

    #[test]
    fn behind_proxies_it_is_the_last_hop_that_is_none_of_them() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(seen("10.0.0.1", &["198.51.100.1, 203.0.113.7, 10.0.0.2"], &trusted), "203.0.113.7");
        assert_eq!(seen("10.0.0.1", &["198.51.100.1", "203.0.113.7"], &trusted), "203.0.113.7");
        assert_eq!(seen("::ffff:10.0.0.1", &["203.0.113.7"], &trusted), "203.0.113.7");
        assert_eq!(seen("10.0.0.1", &[], &trusted), "10.0.0.1");
    }

    #[test]
    fn what_stands_before_garbage_is_not_believed() {
        assert_eq!(seen("10.0.0.1", &["203.0.113.7, unknown, 10.0.0.2"], &["10.0.0.0/8"]), "10.0.0.2");
    }
}
