//! The download itself: bounded in time, bytes and hops.

use std::{error::Error as _, io::Read as _, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use flate2::read::MultiGzDecoder;
use nhip_domain::clock::Clock;
use nhip_entity::message::FailureReason;
use reqwest::{
    Client, Response, StatusCode,
    header::{
        ACCEPT, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, LOCATION,
        TRANSFER_ENCODING, USER_AGENT,
    },
    redirect,
};
use tokio::time::{Instant, timeout, timeout_at};
use url::Url;

use super::{
    MAX_BYTES, NoFile,
    address::Exceptions,
    link,
    names::{Guard, NameError, NameServers},
    sharing, sniff,
};
use crate::{gateway::File, tls};

/// How often a link may lead on.
pub const MAX_REDIRECTS: usize = 5;
/// Who asks, for whoever reads their server's log.
const AGENT: &str = concat!("Nhip/", env!("CARGO_PKG_VERSION"), " (file of a WhatsApp message)");

/// How long things may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// To look a name up.
    pub look_up: Duration,
    /// To connect, the name's look-up and TLS included.
    pub connect: Duration,
    /// Until an answer begins, on each hop.
    pub answer: Duration,
    /// All together.
    pub total: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            look_up: Duration::from_secs(4),
            connect: Duration::from_secs(5),
            answer: Duration::from_secs(10),
            total: Duration::from_secs(30),
        }
    }
}

/// Downloads files; cheap to clone.
#[derive(Clone)]
pub struct Downloader {
    client: Client,
    exceptions: Arc<Exceptions>,
    limits: Limits,
    clock: Clock,
}

/// What a server sent.
struct Download {
    url: Url,
    headers: HeaderMap,
    bytes: Bytes,
}

impl Downloader {
    /// With this machine's name servers.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn new(exceptions: Exceptions) -> Result<Self, reqwest::Error> {
        Self::with(exceptions, NameServers::default(), Limits::default())
    }

    /// With name servers and limits of one's own.
    ///
    /// # Errors
    /// Where TLS cannot be set up.
    pub fn with(exceptions: Exceptions, servers: NameServers, limits: Limits) -> Result<Self, reqwest::Error> {
        tls::be_ready();
        let exceptions = Arc::new(exceptions);
        let guard = Guard { servers, exceptions: Arc::clone(&exceptions), patience: limits.look_up };
        let client = Client::builder()
            // A proxy would connect for us, to wherever it likes.
            .no_proxy()
            .redirect(redirect::Policy::none())
            .dns_resolver(Arc::new(guard))
            // What comes over the wire is counted, too.
            .gzip(false)
            .connect_timeout(limits.connect)
            .pool_max_idle_per_host(0)
            .referer(false)
            .build()?;
        Ok(Self { client, exceptions, limits, clock: Clock::system() })
    }

    /// Downloads the file that a message names; `name` is what the recipient shall see.
    ///
    /// # Errors
    /// Why there is none, for the owner to read.
    pub async fn download(&self, link: &str, name: &str) -> Result<File, NoFile> {
        let asked = link::parse(link)?;
        let download = match timeout(self.limits.total, self.follow(asked.clone())).await {
            Ok(download) => download.map_err(|no_file| sharing::advise(no_file, &asked))?,
            Err(_elapsed) => {
                let detail = format!("The file did not arrive within {} s", self.limits.total.as_secs());
                return Err(NoFile::for_now(detail).at(&asked));
            }
        };
        let disposition = header(&download.headers, &CONTENT_DISPOSITION).to_ascii_lowercase();
        let kind = header(&download.headers, &CONTENT_TYPE);
        if sniff::is_page(&download.bytes, kind) && !sniff::is_meant(name, &disposition) {
            return Err(sharing::page(&asked, &download.url));
        }
        if download.bytes.is_empty() {
            return Err(
                NoFile::new(FailureReason::FileUnreachable, "The link leads to an empty file").at(&download.url)
            );
        }
        let mime = sniff::mime(&download.bytes, kind);
        Ok(File { name: sniff::fitting_name(name, &mime), mime, bytes: download.bytes })
    }

    /// Asks, and goes where the answer leads, each hop checked like the first.
    async fn follow(&self, mut url: Url) -> Result<Download, NoFile> {
        for _hop in 0..=MAX_REDIRECTS {
            link::check(&url, &self.exceptions)?;
            let response = self.ask(&url).await?;
            if !response.status().is_redirection() {
                return self.read(url, response).await;
            }
            url = next(&url, &response)?;
        }
        let detail = format!("The link leads on more than {MAX_REDIRECTS} times");
        Err(NoFile::new(FailureReason::FileUnreachable, detail).at(&url))
    }

    async fn ask(&self, url: &Url) -> Result<Response, NoFile> {
        let request = self.client.get(url.clone()).header(USER_AGENT, AGENT).header(ACCEPT, "*/*").send();
        let response = timeout(self.limits.answer, request).await;
        let response =
            response.map_err(|_elapsed| NoFile::for_now(format!("{} did not answer in time", host(url))).at(url))?;
        response.map_err(|err| failed(url, &err))
    }

    async fn read(&self, url: Url, mut response: Response) -> Result<Download, NoFile> {
        if !response.status().is_success() {
            return Err(no_success(&url, response.status()));
        }
        let headers = response.headers().clone();
        if headers.contains_key(CONTENT_LENGTH) && headers.contains_key(TRANSFER_ENCODING) {
            let detail = format!("{} says in two ways where the file ends", host(&url));
            return Err(NoFile::new(FailureReason::FileUnreachable, detail).at(&url));
        }
        let mut bytes = BytesMut::new();
        let mut silent_at = self.clock.instant() + self.limits.answer;
        while let Some(chunk) = self.chunk(&url, &mut response, silent_at).await? {
            if bytes.len() + chunk.len() > MAX_BYTES {
                return Err(too_large(&url));
            }
            bytes.extend_from_slice(&chunk);
            silent_at = self.clock.instant() + self.limits.answer;
        }
        let bytes = decoded(&url, &headers, bytes.freeze())?;
        Ok(Download { url, headers, bytes })
    }

    async fn chunk(&self, url: &Url, response: &mut Response, silent_at: Instant) -> Result<Option<Bytes>, NoFile> {
        let chunk = timeout_at(silent_at, response.chunk()).await;
        let chunk = chunk.map_err(|_elapsed| NoFile::for_now(format!("{} stopped sending", host(url))).at(url))?;
        chunk.map_err(|err| failed(url, &err))
    }
}

/// What the server encoded although it was not asked to: with gzip, as some do with whatever they send.
fn decoded(url: &Url, headers: &HeaderMap, bytes: Bytes) -> Result<Bytes, NoFile> {
    let encoding = header(headers, &CONTENT_ENCODING).trim().to_ascii_lowercase();
    let unreadable = |detail| NoFile::new(FailureReason::FileUnreachable, detail).at(url);
    match encoding.as_str() {
        "" | "identity" => Ok(bytes),
        "gzip" | "x-gzip" => {
            let (mut decoded, most) = (Vec::new(), MAX_BYTES as u64 + 1);
            let read = MultiGzDecoder::new(&*bytes).take(most).read_to_end(&mut decoded);
            read.map_err(|err| unreadable(format!("{} sent a file that is broken: {err}", host(url))))?;
            if decoded.len() > MAX_BYTES { Err(too_large(url)) } else { Ok(decoded.into()) }
        }
        _ => Err(unreadable(format!(
            "{} sent the file in the encoding {encoding}, which it was not asked for",
            host(url)
        ))),
    }
}

fn next(url: &Url, response: &Response) -> Result<Url, NoFile> {
    let nowhere = || {
        let detail = format!("{} answered {} without saying where the file is", host(url), response.status());
        NoFile::new(FailureReason::FileUnreachable, detail).at(url)
    };
    let location = response.headers().get(LOCATION).ok_or_else(nowhere)?;
    let location = std::str::from_utf8(location.as_bytes()).map_err(|_not_utf8| nowhere())?;
    url.join(location).map_err(|_no_url| nowhere())
}

fn no_success(url: &Url, status: StatusCode) -> NoFile {
    let detail = match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => {
            format!("{} answered {status}: the link works only for people who are logged in there", host(url))
        }
        StatusCode::NOT_FOUND | StatusCode::GONE => format!("{} answered {status}: there is no such file", host(url)),
        _ => format!("{} answered {status}", host(url)),
    };
    let may_pass = status.is_server_error() || status == StatusCode::TOO_MANY_REQUESTS;
    NoFile { may_pass, ..NoFile::new(FailureReason::FileUnreachable, detail).at(url) }
}

fn too_large(url: &Url) -> NoFile {
    NoFile::new(FailureReason::FileTooLarge, "The file is larger than 2 MiB (2,097,152 bytes)").at(url)
}

/// What a failed request means.
fn failed(url: &Url, err: &reqwest::Error) -> NoFile {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = err.source();
    let mut last = err.to_string();
    while let Some(err) = cause {
        match err.downcast_ref::<NameError>() {
            Some(NameError::Private) => return link::refused(url),
            Some(NameError::Unknown) => {
                let detail = format!("There is no server named {}", host(url));
                return NoFile { may_pass: true, ..NoFile::new(FailureReason::FileUnreachable, detail).at(url) };
            }
            Some(NameError::Silent) => {
                return NoFile::for_now(format!(
                    "The name {} could not be looked up: its name servers do not answer",
                    host(url)
                ))
                .at(url);
            }
            None => {}
        }
        last = err.to_string();
        cause = err.source();
    }
    let what = if err.is_connect() { "could not be connected to" } else { "broke the download off" };
    NoFile::for_now(format!("{} {what}: {last}", host(url))).at(url)
}

fn host(url: &Url) -> &str {
    url.host_str().unwrap_or_default()
}

fn header<'a>(headers: &'a HeaderMap, name: &HeaderName) -> &'a str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}
