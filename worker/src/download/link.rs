//! What may be asked for: which URLs, before any name is looked up.

use nhip_entity::message::FailureReason;
use url::{Host, Url};

use super::{NoFile, address::Exceptions};

/// Ports that no browser connects to, since other protocols listen there ("bad port", Fetch standard §2.9, 2026-11).
const BAD_PORTS: &[u16] = &[
    0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
    110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
    532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
    5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080,
];

/// Takes a URL as the caller gave it.
pub(super) fn parse(text: &str) -> Result<Url, NoFile> {
    // The parser would drop the one and turn the other into a slash.
    if text.contains(|char: char| char.is_whitespace() || char.is_control() || char == '\\') {
        return Err(unreachable("The link contains white space, a control character or a backslash"));
    }
    Url::parse(text).map_err(|err| unreachable(format!("The link is not a sound URL: {err}")))
}

/// Whether a URL may be asked for; its address, if that is what its host is, included.
pub(super) fn check(url: &Url, exceptions: &Exceptions) -> Result<(), NoFile> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(unreachable("The link must begin with https:// or http://").at(url));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(unreachable("The link contains a user name or password; use one that needs none").at(url));
    }
    let address = match url.host() {
        None | Some(Host::Domain("" | ".")) => return Err(unreachable("The link has no host")),
        Some(Host::Domain(_)) => None,
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
    };
    let excepted = url.host_str().is_some_and(|host| exceptions.name(host));
    if address.is_some_and(|address| !excepted && !exceptions.allow(address)) {
        return Err(refused(url));
    }
    match url.port() {
        Some(port) if BAD_PORTS.contains(&port) => {
            let detail = format!("The link names port {port}, which is not one of the web's");
            Err(NoFile::new(FailureReason::FileAddressRefused, detail).at(url))
        }
        _ => Ok(()),
    }
}

/// An address inside of somebody's network.
pub(super) fn refused(url: &Url) -> NoFile {
    let host = url.host_str().unwrap_or_default();
    let detail = format!("{host} is not a public address; files are fetched from the public internet only");
    NoFile::new(FailureReason::FileAddressRefused, detail).at(url)
}

fn unreachable(detail: impl Into<String>) -> NoFile {
    NoFile::new(FailureReason::FileUnreachable, detail)
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    fn checked(text: &str) -> Result<(), FailureReason> {
        let url = parse(text).map_err(|no| no.reason)?;
        check(&url, &Exceptions::default()).map_err(|no| no.reason)
    }

    #[test]
    fn addresses_that_are_not_public_are_refused_however_they_are_spelled() {
        for text in [
            // 127.0.0.1 in whole, in parts, in octal and hexadecimal.
            "http://127.0.0.1/",
            "http://127.1/",
            "http://127.0.1/",
            "http://2130706433/",
            "http://0x7f000001/",
            "http://0x7f.0.0.1/",
            "http://0x7F.1/",
            "http://0177.0.0.1/",
            "http://017700000001/",
            "http://0177.0.0x1/",
            "http://127.0.0.1./",
            "http://127.0.0.1:8080/",
            "https://127.0.0.1/",
            "http://0/",
            "http://0.0.0.0/",
            "http://0x0/",
            // Full-width and circled digits, full-width and ideographic dots.
            "http://１２７.０.０.１/",
            "http://127。0。0。1/",
            "http://①②⑦.⓪.⓪.①/",
            "http://１２７．０．０．１/",
            "http://%31%32%37.0.0.1/",
            // Others.
            "http://10.0.0.1/",
            "http://169.254.169.254/latest/meta-data/",
            "http://2852039166/",
            "http://0xa9fea9fe/",
            "http://0251.0376.0251.0376/",
            "http://192.168.1.1/",
            "http://172.16.0.1/",
            "http://100.100.100.200/",
            "http://255.255.255.255/",
            "http://224.0.0.1/",
            "http://[::1]/",
            "http://[::]/",
            "http://[0:0:0:0:0:0:0:1]/",
            "http://[0000::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://[::ffff:7f00:1]/",
            "http://[0:0:0:0:0:ffff:127.0.0.1]/",
            "http://[::127.0.0.1]/",
            "http://[64:ff9b::127.0.0.1]/",
            "http://[2002:7f00:1::]/",
            "http://[2001:0:7f00:1::]/",
            "http://[fe80::1]/",
            "http://[fd00:ec2::254]/",
            "http://[ff02::1]/",
        ] {
            assert_eq!(checked(text), Err(FailureReason::FileAddressRefused), "{text}");
        }
    }

    /// What the notations of IPv4 that URLs know make of an address, and the addresses of IPv6 that contain it.
    fn spellings(address: Ipv4Addr) -> Vec<String> {
        let ([a, b, c, d], whole) = (address.octets(), address.to_bits());
        let (high, low) = (whole >> 16, whole & 0xffff);
        let dotted = address.to_string();
        let dots = |other: &str| dotted.replace('.', other);
        let digits = |other: fn(u32) -> String| {
            let digit = |char: char| char.to_digit(10).map_or(char.to_string(), other);
            dotted.chars().map(digit).collect::<String>()
        };
        vec![
            dotted.clone(),
            format!("{dotted}."),
            format!("{a}.{b}.{low}"),
            format!("{a}.{}", whole & 0xff_ffff),
            whole.to_string(),
            format!("{whole:#x}"),
            format!("0X{whole:X}"),
            format!("0x00000000{whole:08x}"),
            format!("0{whole:o}"),
            format!("{a:#x}.{b:#x}.{c:#x}.{d:#x}"),
            format!("0{a:o}.0{b:o}.0{c:o}.0{d:o}"),
            format!("{a}.{b:#x}.0{low:o}"),
            // Full-width digits; full-width, ideographic and half-width dots; something that is left out; percents.
            digits(|digit| char::from_u32(0xff10 + digit).unwrap().into()),
            digits(|digit| format!("%{:02x}", 0x30 + digit)),
            dots("．"),
            dots("。"),
            dots("｡"),
            dots("\u{ad}."),
            format!("[::ffff:{dotted}]"),
            format!("[::FFFF:{high:X}:{low:X}]"),
            format!("[0:0:0:0:0:ffff:{high:04x}:{low:04x}]"),
            format!("[::ffff:0:{dotted}]"),
            format!("[::{dotted}]"),
            format!("[64:ff9b::{dotted}]"),
            format!("[64:ff9b:1::{high:x}:{low:x}]"),
            format!("[2002:{high:x}:{low:x}::1]"),
            format!("[2001:0:{high:x}:{low:x}::]"),
            format!("[2001::{:x}:{:x}]", !high & 0xffff, !low & 0xffff),
            format!("[fe80::5efe:{dotted}]"),
        ]
    }

    #[test]
    fn every_private_address_is_refused_in_every_spelling() {
        let private = [
            [0, 0, 0, 0],
            [10, 0, 0, 1],
            [100, 64, 0, 1],
            [100, 100, 100, 200],
            [127, 0, 0, 1],
            [127, 255, 255, 254],
            [168, 63, 129, 16],
            [169, 254, 169, 254],
            [169, 254, 170, 2],
            [172, 16, 0, 1],
            [172, 31, 255, 255],
            [192, 0, 0, 192],
            [192, 0, 2, 1],
            [192, 88, 99, 1],
            [192, 168, 0, 1],
            [198, 18, 0, 1],
            [198, 51, 100, 1],
            [203, 0, 113, 1],
            [224, 0, 0, 1],
            [255, 255, 255, 255],
        ];
        let links: Vec<String> = private
            .into_iter()
            .flat_map(|octets| spellings(octets.into()))
            .flat_map(|host| [format!("http://{host}/logo.png"), format!("https://{host}:8443/")])
            .collect();
        assert!(links.len() > 1_000);
        for link in links {
            assert_eq!(checked(&link), Err(FailureReason::FileAddressRefused), "{link}");
        }
    }

    #[test]
    fn a_public_address_is_taken_in_every_spelling_of_its_own_and_hidden_in_no_other() {
        for host in spellings([8, 8, 4, 4].into()) {
            let expected = if host.starts_with('[') { Err(FailureReason::FileAddressRefused) } else { Ok(()) };
            assert_eq!(checked(&format!("http://{host}/")), expected, "{host}");
        }
    }

    #[test]
    fn what_is_no_link_to_a_file_is_refused() {
        for text in [
            "",
            "logo.png",
            "//example.com/logo.png",
            "ftp://example.com/logo.png",
            "file:///etc/passwd",
            "data:text/plain,hello",
            "gopher://example.com/",
            "javascript:alert(1)",
            "http://",
            "http:///",
            "http://user@example.com/",
            "http://user:password@example.com/",
            "http://:password@example.com/",
            "http://example.com\\@127.0.0.1/",
            "http:\\\\example.com/",
            "http://exa mple.com/",
            "http://example.com/a b",
            "http://example.com/\u{7}",
            "http://example.com/\u{a0}",
            "http://[fe80::1%25eth0]/",
            "http://[::1/",
            "http://1.2.3.4.5/",
            "http://256.256.256.256/",
            "http://example.com:99999/",
            "http://./",
        ] {
            assert_eq!(checked(text), Err(FailureReason::FileUnreachable), "{text}");
        }
    }

    #[test]
    fn ports_of_other_protocols_are_refused() {
        for port in [0, 21, 22, 23, 25, 53, 110, 143, 389, 465, 587, 636, 993, 2_049, 5_060, 6_000, 6_667, 10_080] {
            for text in [format!("http://example.com:{port}/"), format!("https://8.8.8.8:{port}/")] {
                assert_eq!(checked(&text), Err(FailureReason::FileAddressRefused), "{text}");
            }
        }
    }

    #[test]
    fn public_links_pass() {
        for text in [
            "https://example.com/logo.png",
            "http://example.com:8080/logo.png",
            "HTTPS://EXAMPLE.COM/LOGO.PNG",
            "https://8.8.8.8/",
            "https://[2606:4700::1111]/",
            "https://bücher.example/ä.png?x=ü",
            "https://example.com./logo.png",
            "http://134744072/",
        ] {
            assert_eq!(checked(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn an_excepted_host_may_be_an_address() {
        let exceptions = Exceptions::of(&["127.0.0.1".into()]);
        assert_eq!(
            check(&parse("http://127.0.0.1:9/").unwrap(), &exceptions).unwrap_err().reason,
            FailureReason::FileAddressRefused
        );
        assert_eq!(check(&parse("http://127.0.0.1:9999/").unwrap(), &exceptions), Ok(()));
    }
}
