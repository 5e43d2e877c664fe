//! Links that open a web page instead of a file: what people copy from where they share files.

use std::borrow::Cow;

use nhip_entity::message::FailureReason;
use url::Url;

use super::NoFile;

/// A place where people share files: its name, the hosts it is known by (and all that end in `.host`), and how a link to
/// the file itself is made of one to its page.
struct Service {
    name: &'static str,
    hosts: &'static [&'static str],
    direct: fn(&Url) -> Option<Url>,
}

const SERVICES: &[Service] = &[
    Service { name: "Google Drive", hosts: &["drive.google.com"], direct: google_drive },
    Service { name: "Google Docs", hosts: &["docs.google.com"], direct: google_docs },
    Service { name: "Google Photos", hosts: &["photos.google.com", "photos.app.goo.gl"], direct: none },
    Service { name: "Dropbox", hosts: &["dropbox.com", "db.tt"], direct: |url| Some(with(url, "dl", "1")) },
    Service {
        name: "OneDrive",
        hosts: &["onedrive.live.com", "1drv.ms"],
        direct: |url| Some(with(url, "download", "1")),
    },
    Service { name: "SharePoint", hosts: &["sharepoint.com"], direct: |url| Some(with(url, "download", "1")) },
    Service { name: "Box", hosts: &["box.com"], direct: box_com },
    Service { name: "WeTransfer", hosts: &["wetransfer.com", "we.tl"], direct: none },
    Service { name: "iCloud", hosts: &["icloud.com"], direct: none },
    Service { name: "MEGA", hosts: &["mega.nz", "mega.io"], direct: none },
    Service { name: "MediaFire", hosts: &["mediafire.com"], direct: none },
    Service { name: "pCloud", hosts: &["pcloud.com", "pcloud.link"], direct: none },
    Service { name: "Yandex Disk", hosts: &["disk.yandex.com", "disk.yandex.ru", "yadi.sk"], direct: none },
    Service { name: "TeraBox", hosts: &["terabox.com", "1024tera.com"], direct: none },
    Service { name: "Fshare", hosts: &["fshare.vn"], direct: none },
    Service { name: "Gofile", hosts: &["gofile.io"], direct: none },
    Service { name: "Pixeldrain", hosts: &["pixeldrain.com"], direct: pixeldrain },
    Service { name: "Smash", hosts: &["fromsmash.com"], direct: none },
    Service { name: "GitHub", hosts: &["github.com"], direct: github },
    Service { name: "GitLab", hosts: &["gitlab.com"], direct: gitlab },
    Service { name: "Imgur", hosts: &["imgur.com"], direct: none },
    Service { name: "Canva", hosts: &["canva.com", "canva.site"], direct: none },
    Service { name: "Notion", hosts: &["notion.so", "notion.site"], direct: none },
    Service { name: "Figma", hosts: &["figma.com"], direct: none },
];

/// The link to the file itself, where one can be made of a link to its page.
#[must_use]
pub fn direct_link(link: &str) -> Option<String> {
    direct(&Url::parse(link.trim()).ok()?).map(String::from)
}

fn direct(url: &Url) -> Option<Url> {
    service_of(url).and_then(|service| (service.direct)(url)).filter(|direct| direct != url)
}

/// The failure of a link that opened a page: which host, and the direct link where there is one.
pub(super) fn page(asked: &Url, answered: &Url) -> NoFile {
    let host = asked.host_str().unwrap_or_default();
    let service = service_of(asked).or_else(|| service_of(answered));
    let direct_url = service.and_then(|service| (service.direct)(asked)).filter(|direct| direct != asked);
    let at = match service {
        Some(service) => format!("{} ({host})", service.name),
        None => host.to_owned(),
    };
    let cure: Cow<'_, str> = match &direct_url {
        Some(direct) => format!("try {direct}").into(),
        None => "give a link that downloads the file by itself".into(),
    };
    NoFile {
        reason: FailureReason::FileNotDirectLink,
        detail: format!("The link opens a web page of {at} instead of the file; {cure}"),
        host: Some(host.to_owned()),
        direct_url: direct_url.map(String::from),
        may_pass: false,
    }
}

/// Adds the direct link to another failure of a place where people share files, which often hide what is behind a log-in.
pub(super) fn advise(no_file: NoFile, asked: &Url) -> NoFile {
    let unreachable = no_file.reason == FailureReason::FileUnreachable && !no_file.may_pass;
    match direct(asked).filter(|_| unreachable) {
        Some(direct) => {
            NoFile { detail: format!("{}; try {direct}", no_file.detail), direct_url: Some(direct.into()), ..no_file }
        }
        None => no_file,
    }
}

fn service_of(url: &Url) -> Option<&'static Service> {
    let host = url.host_str()?.trim_end_matches('.');
    let is = |known: &&str| host == *known || host.strip_suffix(*known).is_some_and(|rest| rest.ends_with('.'));
    SERVICES.iter().find(|service| service.hosts.iter().any(&is))
}

fn none(_url: &Url) -> Option<Url> {
    None
}

/// The same link with one parameter set.
fn with(url: &Url, name: &str, value: &str) -> Url {
    let kept: Vec<(String, String)> =
        url.query_pairs().filter(|(key, _)| key != name).map(|(key, value)| (key.into(), value.into())).collect();
    let mut url = url.clone();
    url.query_pairs_mut().clear().extend_pairs(kept).append_pair(name, value);
    url
}

/// The path's parts after `before`.
fn after<'a>(url: &'a Url, before: &[&'a str]) -> Option<Vec<&'a str>> {
    let parts: Vec<&str> = url.path_segments()?.filter(|part| !part.is_empty()).collect();
    parts.strip_prefix(before).map(<[&str]>::to_vec)
}

fn google_drive(url: &Url) -> Option<Url> {
    let by_path = after(url, &["file", "d"]).and_then(|rest| rest.first().map(|id| (*id).to_owned()));
    let id = by_path.or_else(|| url.query_pairs().find(|(key, _)| key == "id").map(|(_, id)| id.into_owned()))?;
    let mut direct = Url::parse("https://drive.google.com/uc?export=download").ok()?;
    direct.query_pairs_mut().append_pair("id", &id);
    Some(direct)
}

fn google_docs(url: &Url) -> Option<Url> {
    let parts: Vec<&str> = url.path_segments()?.collect();
    let (kind, format) = match parts.as_slice() {
        ["document", "d", ..] => ("document", "pdf"),
        ["spreadsheets", "d", ..] => ("spreadsheets", "xlsx"),
        ["presentation", "d", ..] => ("presentation", "pdf"),
        _ => return None,
    };
    let id = parts.get(2).filter(|id| !id.is_empty() && **id != "e")?;
    let end = if kind == "presentation" { "export/pdf".to_owned() } else { format!("export?format={format}") };
    Url::parse(&format!("https://docs.google.com/{kind}/d/{id}/{end}")).ok()
}

fn box_com(url: &Url) -> Option<Url> {
    let id = after(url, &["s"])?.first().copied()?.to_owned();
    url.join(&format!("/shared/static/{id}")).ok()
}

fn pixeldrain(url: &Url) -> Option<Url> {
    let id = after(url, &["u"])?.first().copied()?.to_owned();
    url.join(&format!("/api/file/{id}?download")).ok()
}

fn github(url: &Url) -> Option<Url> {
    match url.path_segments()?.collect::<Vec<_>>().as_slice() {
        [owner, repository, "blob", rest @ ..] if !rest.is_empty() => {
            Url::parse(&format!("https://raw.githubusercontent.com/{owner}/{repository}/{}", rest.join("/"))).ok()
        }
        _ => None,
    }
}

fn gitlab(url: &Url) -> Option<Url> {
    let path = url.path();
    path.contains("/-/blob/").then(|| url.join(&path.replacen("/-/blob/", "/-/raw/", 1)).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> NoFile {
        let url = Url::parse(text).unwrap();
        page(&url, &url)
    }

    #[test]
    fn a_direct_link_is_shown_where_there_is_one() {
        for (page, direct) in [
            (
                "https://drive.google.com/file/d/1AbC/view?usp=sharing",
                "https://drive.google.com/uc?export=download&id=1AbC",
            ),
            ("https://drive.google.com/open?id=1AbC", "https://drive.google.com/uc?export=download&id=1AbC"),
            (
                "https://docs.google.com/document/d/1AbC/edit",
                "https://docs.google.com/document/d/1AbC/export?format=pdf",
            ),
            (
                "https://docs.google.com/spreadsheets/d/1AbC/edit#gid=0",
                "https://docs.google.com/spreadsheets/d/1AbC/export?format=xlsx",
            ),
            (
                "https://docs.google.com/presentation/d/1AbC/edit",
                "https://docs.google.com/presentation/d/1AbC/export/pdf",
            ),
            (
                "https://www.dropbox.com/scl/fi/x/logo.png?rlkey=y&dl=0",
                "https://www.dropbox.com/scl/fi/x/logo.png?rlkey=y&dl=1",
            ),
            (
                "https://contoso-my.sharepoint.com/:b:/g/x?e=1",
                "https://contoso-my.sharepoint.com/:b:/g/x?e=1&download=1",
            ),
            ("https://app.box.com/s/abc123", "https://app.box.com/shared/static/abc123"),
            ("https://pixeldrain.com/u/abc", "https://pixeldrain.com/api/file/abc?download"),
            (
                "https://github.com/nhip/nhip/blob/main/docs/logo.png",
                "https://raw.githubusercontent.com/nhip/nhip/main/docs/logo.png",
            ),
            ("https://gitlab.com/a/b/-/blob/main/logo.png", "https://gitlab.com/a/b/-/raw/main/logo.png"),
        ] {
            let no_file = of(page);
            assert_eq!(no_file.direct_url.as_deref(), Some(direct), "{page}");
            assert!(no_file.detail.contains(direct), "{}", no_file.detail);
        }
    }

    #[test]
    fn the_place_is_named() {
        for (page, name) in [
            ("https://we.tl/t-abc", "WeTransfer"),
            ("https://www.icloud.com/iclouddrive/0a", "iCloud"),
            ("https://1drv.ms/u/s!abc", "OneDrive"),
            ("https://mega.nz/file/x#y", "MEGA"),
            ("https://www.fshare.vn/file/X", "Fshare"),
        ] {
            let no_file = of(page);
            assert_eq!(no_file.reason, FailureReason::FileNotDirectLink);
            assert!(no_file.detail.contains(name), "{}", no_file.detail);
        }
        let unknown = of("https://notdropbox.com/x");
        assert!(!unknown.detail.contains("Dropbox") && unknown.detail.contains("notdropbox.com"), "{}", unknown.detail);
    }

    #[test]
    fn a_direct_link_that_opened_a_page_is_not_given_again() {
        assert_eq!(of("https://www.dropbox.com/s/x/logo.png?dl=1").direct_url, None);
        assert_eq!(direct_link("https://www.dropbox.com/s/x/logo.png?dl=1"), None);
    }
}
