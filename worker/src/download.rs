//! Downloading the files that messages carry.
//!
//! A tenant's tool names a URL, and we fetch it from inside the operator's network: so every address is checked, on every
//! hop, and the very address that was checked is connected to (`address`, `names`); everything is bounded (`fetch`); and
//! what comes back is looked at before anybody receives it (`sniff`, `sharing`).

mod address;
mod fetch;
mod link;
mod names;
mod shares;
mod sharing;
mod sniff;

pub(crate) use self::shares::{Share, Shares};
pub use self::{
    address::Exceptions,
    fetch::{Downloader, Limits, MAX_REDIRECTS},
    names::NameServers,
    sharing::direct_link,
};
use nhip_entity::message::FailureReason;
use url::Url;

/// The name of a file that has none but its link: the path's last part.
#[must_use]
pub fn name_in_link(link: &str) -> String {
    let url = Url::parse(link.trim()).ok();
    let last = url.as_ref().and_then(|url| url.path_segments()?.rfind(|part| !part.is_empty()));
    last.map_or_else(|| "file".to_owned(), str::to_owned)
}

/// The URL of a link that may be asked for, as far as that can be told before its host's name is looked up.
pub fn check(link: &str, exceptions: &Exceptions) -> Result<Url, NoFile> {
    let url = link::parse(link)?;
    link::check(&url, exceptions)?;
    Ok(url)
}

/// The largest file, in bytes, counted after decoding.
pub const MAX_BYTES: usize = 2 * 1_024 * 1_024;

/// Why there is no file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoFile {
    /// The failure that the message gets.
    pub reason: FailureReason,
    /// What happened, and what to do about it, for the owner to read.
    pub detail: String,
    /// The host that was asked last.
    pub host: Option<String>,
    /// A link that should work, where one can be derived.
    pub direct_url: Option<String>,
    /// Whether asking again may help.
    pub may_pass: bool,
}

impl NoFile {
    fn new(reason: FailureReason, detail: impl Into<String>) -> Self {
        Self { reason, detail: detail.into(), host: None, direct_url: None, may_pass: false }
    }

    /// For a trouble that may be over soon.
    pub(crate) fn for_now(detail: impl Into<String>) -> Self {
        Self { may_pass: true, ..Self::new(FailureReason::FileUnreachable, detail) }
    }

    fn at(self, url: &Url) -> Self {
        Self { host: url.host_str().map(str::to_owned), ..self }
    }
}
