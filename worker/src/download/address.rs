//! Which addresses may be connected to: those that are globally routable, and what the operator excepts.
//!
//! After IANA's registries of special-purpose addresses (RFC 6890), less strict nowhere and stricter where a form embeds
//! another address.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;

/// IPv4 networks that are not the public internet.
const PRIVATE_V4: &[(Ipv4Addr, u8)] = &[
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(192, 175, 48, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    // Multicast, reserved, broadcast.
    (Ipv4Addr::new(224, 0, 0, 0), 3),
];

/// Of IPv6, only `2000::/3` is the public internet; these are its exceptions (protocol assignments with Teredo, documentation,
/// 6to4, documentation).
const PRIVATE_V6: &[(Ipv6Addr, u8)] = &[
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

/// What the operator allows although it is private (`NHIP_FILE_ALLOW_HOSTS`).
#[derive(Clone, Debug, Default)]
pub struct Exceptions {
    hosts: Vec<String>,
    networks: Vec<IpNet>,
}

impl Exceptions {
    /// Takes hosts, addresses and networks as they are configured.
    #[must_use]
    pub fn of(items: &[String]) -> Self {
        let mut exceptions = Self::default();
        for item in items {
            match item.parse::<IpNet>().ok().or_else(|| item.parse::<IpAddr>().ok().map(IpNet::from)) {
                Some(network) => exceptions.networks.push(network),
                None => exceptions.hosts.push(item.trim_end_matches('.').to_ascii_lowercase()),
            }
        }
        exceptions
    }

    /// Whether a host is excepted by its name.
    pub(super) fn name(&self, host: &str) -> bool {
        let host = host.trim_end_matches('.').to_ascii_lowercase();
        self.hosts.contains(&host)
    }

    /// Whether an address may be connected to.
    pub(super) fn allow(&self, address: IpAddr) -> bool {
        is_public(address) || self.networks.iter().any(|network| network.contains(&address.to_canonical()))
    }
}

/// Whether an address is one of the public internet's.
pub(super) fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !PRIVATE_V4.iter().any(|(network, length)| is_in_v4(address, *network, *length)),
        // IPv4 in IPv6, loopback, link-local, unique local, multicast and NAT64 are all outside of 2000::/3.
        IpAddr::V6(address) => {
            is_in_v6(address, Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3)
                && !PRIVATE_V6.iter().any(|(network, length)| is_in_v6(address, *network, *length))
        }
    }
}

fn is_in_v4(address: Ipv4Addr, network: Ipv4Addr, length: u8) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= u32::from(length)
}

fn is_in_v6(address: Ipv6Addr, network: Ipv6Addr, length: u8) -> bool {
    (address.to_bits() ^ network.to_bits()).leading_zeros() >= u32::from(length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().unwrap())
    }

    #[test]
    fn private_networks_are_refused_to_their_edges() {
        for text in [
            "0.0.0.0",
            "0.255.255.255",
            "10.0.0.0",
            "10.255.255.255",
            "100.64.0.0",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.255",
            "168.63.129.16",
            "169.254.0.0",
            "169.254.169.254",
            "172.16.0.0",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.0",
            "192.168.255.255",
            "198.18.0.0",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "::127.0.0.1",
            "64:ff9b::7f00:1",
            "64:ff9b:1::1",
            "100::1",
            "2001::1",
            "2001:0:4136:e378:8000:63bf:3fff:fdd2",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!public(text), "{text}");
        }
    }

    #[test]
    fn their_neighbours_are_public() {
        for text in [
            "1.0.0.0",
            "8.8.8.8",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "126.255.255.255",
            "128.0.0.0",
            "168.63.129.15",
            "169.253.255.255",
            "169.255.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "192.167.255.255",
            "192.169.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "203.0.112.255",
            "203.0.114.0",
            "223.255.255.255",
            "2001:200::1",
            "2001:4860:4860::8888",
            "2400::1",
            "2606:4700::1111",
            "3ffe::1",
        ] {
            assert!(public(text), "{text}");
        }
    }

    #[test]
    fn the_operators_exceptions_hold_and_nothing_beside_them() {
        let exceptions =
            Exceptions::of(&["10.1.0.0/16".into(), "127.0.0.1".into(), "Files.Internal".into(), "::1".into()]);
        for allowed in ["10.1.2.3", "127.0.0.1", "::ffff:10.1.2.3", "::1", "8.8.8.8"] {
            assert!(exceptions.allow(allowed.parse().unwrap()), "{allowed}");
        }
        for refused in ["10.2.0.1", "127.0.0.2", "::2"] {
            assert!(!exceptions.allow(refused.parse().unwrap()), "{refused}");
        }
        assert!(exceptions.name("files.internal.") && !exceptions.name("other.internal"));
    }
}
