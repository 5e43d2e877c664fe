//! From text to values, each refused in one sentence that names the setting.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::{Path, PathBuf},
    time::Duration,
};

use ipnet::IpNet;
use nhip_domain::{settings::Rate, text};
use url::{Host, Url};

use super::{ConfigError, DatabaseChoice, list};

type Result<T> = std::result::Result<T, ConfigError>;

/// What was set; whatever is empty was not.
pub(super) struct Values<'a>(&'a BTreeMap<String, String>);

impl<'a> Values<'a> {
    pub(super) fn new(values: &'a BTreeMap<String, String>) -> Self {
        Self(values)
    }

    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    pub(super) fn is_given(&self, name: &str) -> bool {
        self.0.get(name).is_some_and(|value| !value.trim().is_empty())
    }

    pub(super) fn text(&self, name: &str) -> &str {
        let given = self.0.get(name).map(|value| value.trim());
        given.filter(|value| !value.is_empty()).unwrap_or_else(|| list::default_of(name))
    }

    pub(super) fn optional(&self, name: &str) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }

    pub(super) fn list(&self, name: &str) -> Vec<String> {
        self.text(name).split(',').map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
    }

    pub(super) fn address(&self, name: &str) -> Result<SocketAddr> {
        let text = self.text(name);
        let text = text.replacen("localhost:", "127.0.0.1:", 1);
        text.parse().map_err(|_shown| refuse(name, "must be an address and a port, such as 127.0.0.1:8080"))
    }

    pub(super) fn optional_address(&self, name: &str) -> Result<Option<SocketAddr>> {
        if self.text(name).is_empty() { Ok(None) } else { self.address(name).map(Some) }
    }

    pub(super) fn one_of(&self, name: &str, yes: &str, no: &str) -> Result<bool> {
        match self.text(name) {
            text if text == yes => Ok(true),
            text if text == no => Ok(false),
            _ => Err(refuse(name, &format!("must be {yes} or {no}"))),
        }
    }

    pub(super) fn switch(&self, name: &str) -> Result<Option<bool>> {
        match self.text(name) {
            "" => Ok(None),
            "on" | "true" | "1" => Ok(Some(true)),
            "off" | "false" | "0" => Ok(Some(false)),
            _ => Err(refuse(name, "must be on or off")),
        }
    }

    pub(super) fn number(&self, name: &str, range: RangeInclusive<i64>) -> Result<i64> {
        let number = self.text(name).parse().ok().filter(|number| range.contains(number));
        number.ok_or_else(|| refuse(name, &format!("must be a number from {} to {}", range.start(), range.end())))
    }

    pub(super) fn small_number(&self, name: &str, range: RangeInclusive<u32>) -> Result<u32> {
        let number = self.number(name, i64::from(*range.start())..=i64::from(*range.end()))?;
        Ok(u32::try_from(number).unwrap_or(*range.end()))
    }

    pub(super) fn millis(&self, name: &str) -> Result<Duration> {
        Ok(Duration::from_millis(self.number(name, 0..=3_600_000)?.unsigned_abs()))
    }

    /// None for 0.
    pub(super) fn duration(&self, name: &str) -> Result<Option<Duration>> {
        let time = duration(self.text(name))
            .ok_or_else(|| refuse(name, "must be a time such as 90s, 10m, 24h or 7d, or 0"))?;
        Ok(Some(time).filter(|time| !time.is_zero()))
    }

    pub(super) fn rate(&self, name: &str) -> Result<Option<Rate>> {
        match self.text(name) {
            "" => Ok(None),
            text => rate(text).map(Some).ok_or_else(|| refuse(name, "must be a rate such as 10/s, 600/m or 9000/h")),
        }
    }

    pub(super) fn networks(&self, name: &str) -> Result<Vec<IpNet>> {
        let network = |item: &String| item.parse().ok().or_else(|| item.parse::<IpAddr>().ok().map(IpNet::from));
        let networks: Option<Vec<IpNet>> = self.list(name).iter().map(network).collect();
        networks.ok_or_else(|| refuse(name, "must be addresses or networks such as 10.0.0.0/8, with commas between"))
    }

    /// Hosts by name, addresses and networks, as they were written.
    pub(super) fn hosts(&self, name: &str) -> Result<Vec<String>> {
        let items = self.list(name);
        let is_host = |item: &String| {
            item.parse::<IpNet>().is_ok()
                || item.parse::<IpAddr>().is_ok()
                || matches!(Host::parse(item), Ok(Host::Domain(_)))
        };
        if items.iter().all(is_host) {
            return Ok(items);
        }
        Err(refuse(
            name,
            "must be hosts, addresses or networks such as files.internal or 10.0.0.0/8, with commas between",
        ))
    }

    /// The URL of an API, to which paths are added.
    pub(super) fn api_url(&self, name: &str) -> Result<String> {
        let text = self.text(name).trim_end_matches('/');
        let is_base = |url: &Url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.query().is_none()
                && url.fragment().is_none()
        };
        match Url::parse(text).ok().filter(is_base) {
            Some(_) => Ok(text.to_owned()),
            None => Err(refuse(name, "must be an http or https URL such as https://graph.facebook.com/v23.0")),
        }
    }

    pub(super) fn mail_server(&self, name: &str) -> Result<Option<String>> {
        let Some(text) = self.optional(name) else { return Ok(None) };
        let is_server = |url: &Url| {
            let tls = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
            let is_known = match url.scheme() {
                "smtps" => true,
                "smtp" => matches!(tls.as_deref(), None | Some("required" | "opportunistic")),
                _ => false,
            };
            is_known && url.has_host()
        };
        match Url::parse(&text).ok().filter(is_server) {
            Some(_) => Ok(Some(text)),
            None => Err(refuse(name, "must be smtps://user:password@host or smtp://host?tls=required")),
        }
    }

    /// An address of somebody, with or without their name.
    pub(super) fn mailbox(&self, name: &str) -> Result<Option<String>> {
        let Some(given) = self.optional(name) else { return Ok(None) };
        let address = match given.split_once('<') {
            Some((_, rest)) => rest.strip_suffix('>'),
            None => Some(given.as_str()),
        };
        match address.map(text::email) {
            Some(Ok(_)) => Ok(Some(given)),
            _ => Err(refuse(name, "must be an address such as Nhip <nhip@example.com>")),
        }
    }

    pub(super) fn public_url(&self, name: &str) -> Result<Option<String>> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        let is_origin = |url: &Url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
        };
        let url = Url::parse(text).ok().filter(is_origin);
        let url = url.ok_or_else(|| refuse(name, "must be an http or https URL without a path"))?;
        Ok(Some(url.as_str().trim_end_matches('/').to_owned()))
    }

    /// The URL that traces are posted to: one without a path is the collector's, whose path the protocol has.
    pub(super) fn collector(&self, name: &str) -> Result<Option<String>> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(None);
        }
        let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
        let mut url = url.ok_or_else(|| refuse(name, "must be an http or https URL such as http://localhost:4318"))?;
        if url.path() == "/" {
            url.set_path("/v1/traces");
        }
        Ok(Some(url.into()))
    }

    pub(super) fn database(&self, name: &str, data_dir: &Path) -> Result<DatabaseChoice> {
        let text = self.text(name);
        if text.is_empty() {
            return Ok(DatabaseChoice::Sqlite(data_dir.join("nhip.db")));
        }
        if text.starts_with("postgres://") || text.starts_with("postgresql://") {
            return Ok(DatabaseChoice::Postgres(text.to_owned()));
        }
        let path = text.strip_prefix("sqlite://").or_else(|| text.strip_prefix("sqlite:"));
        match path.filter(|path| !path.is_empty() && !path.contains(":memory:")) {
            Some(path) => Ok(DatabaseChoice::Sqlite(PathBuf::from(path))),
            None => Err(refuse(name, "must be sqlite:PATH or postgres://…")),
        }
    }
}

pub(super) fn refuse(name: &str, problem: &str) -> ConfigError {
    ConfigError(format!("{}{} {problem}", list::PREFIX, name.to_ascii_uppercase()))
}

fn duration(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (number, unit) = text.split_at_checked(digits)?;
    let number: u64 = number.parse().ok()?;
    let seconds = match unit {
        "ms" => return Some(Duration::from_millis(number)),
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        "d" => 86_400,
        "" if number == 0 => 0,
        _ => return None,
    };
    let time = Duration::from_secs(number.checked_mul(seconds)?);
    // Longer than a century is a slip of the keyboard, and would overflow calendars.
    (time <= Duration::from_hours(24 * 36_525)).then_some(time)
}

fn rate(text: &str) -> Option<Rate> {
    let (calls, per) = text.split_once('/')?;
    let calls = calls.trim().parse().ok().filter(|calls| *calls > 0)?;
    let seconds = match per.trim() {
        "s" => 1,
        "m" => 60,
        "h" => 3_600,
        _ => return None,
    };
    Some(Rate { calls, per: Duration::from_secs(seconds) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_duration_has_a_unit_unless_it_is_nothing() {
        assert_eq!(duration("24h"), Some(Duration::from_hours(24)));
        assert_eq!(duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(duration("0"), Some(Duration::ZERO));
        for text in ["", "24", "h", "-1h", "1w", "1.5h", "999999999d"] {
            assert_eq!(duration(text), None, "{text}");
        }
    }

    #[test]
    fn a_rate_is_a_number_of_calls_in_a_time() {
        assert_eq!(rate("600/m"), Some(Rate { calls: 600, per: Duration::from_mins(1) }));
        for text in ["", "600", "0/s", "1/day", "x/s"] {
            assert_eq!(rate(text), None, "{text}");
        }
    }
}
