//! Downloads from servers that are slow, lie, lead astray, or mean harm.

use std::{io, sync::LazyLock, time::Duration};

use nhip_entity::message::FailureReason;
use nhip_tests::{DnsServer, WebServer, web_server::answer};
use nhip_worker::{
    download::{Downloader, Exceptions, Limits, MAX_BYTES, NameServers, NoFile},
    gateway::File,
};
use tokio::{io::AsyncWriteExt as _, time::sleep};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on";
/// For those who make one wait: nobody else may be cut off because this machine is busy.
const SHORT: Limits = Limits {
    look_up: Duration::from_millis(400),
    connect: Duration::from_secs(2),
    answer: Duration::from_millis(800),
    total: Duration::from_secs(2),
};

macro_rules! act {
    (|$stream:ident, $head:ident| $body:expr) => {
        |mut $stream, $head| {
            Box::pin(async move {
                let _unused = &$head;
                $body
            })
        }
    };
}

/// A downloader that may connect to this machine, where the servers of these tests are.
fn downloader(limits: Limits) -> Downloader {
    Downloader::with(Exceptions::of(&["127.0.0.1".to_owned()]), NameServers::OfThisMachine, limits).unwrap()
}

/// One that asks a name server of the test's, and may connect to nobody but `excepted`.
fn asking(server: &DnsServer, excepted: &str, limits: Limits) -> Downloader {
    Downloader::with(Exceptions::of(&[excepted.to_owned()]), NameServers::At(server.address()), limits).unwrap()
}

async fn download(url: &str, name: &str) -> Result<File, NoFile> {
    downloader(Limits::default()).download(url, name).await
}

async fn reason(url: &str) -> FailureReason {
    download(url, "file.bin").await.expect_err(url).reason
}

#[tokio::test]
async fn a_file_comes_as_it_is_with_the_name_that_fits() {
    let server = WebServer::start(&[("/", act!(|stream, head| answer(&mut stream, "200 OK", PNG).await))]).await;
    let file = download(&server.url("/logo"), "logo.jpg").await.unwrap();
    assert_eq!((file.name.as_str(), file.mime.as_str(), &file.bytes[..]), ("logo.png", "image/png", PNG));
}

#[tokio::test]
async fn two_mebibytes_pass_and_one_byte_more_does_not_whatever_its_length_claims() {
    let server = WebServer::start(&[
        ("/full", act!(|stream, head| answer(&mut stream, "200 OK", &vec![7; MAX_BYTES]).await)),
        ("/over", act!(|stream, head| answer(&mut stream, "200 OK", &vec![7; MAX_BYTES + 1]).await)),
        (
            "/endless",
            act!(|stream, head| {
                stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
                loop {
                    stream.write_all(b"10000\r\n").await?;
                    stream.write_all(&vec![7; 0x10000]).await?;
                    stream.write_all(b"\r\n").await?;
                }
            }),
        ),
    ])
    .await;
    assert_eq!(download(&server.url("/full"), "a.bin").await.unwrap().bytes.len(), MAX_BYTES);
    assert_eq!(reason(&server.url("/over")).await, FailureReason::FileTooLarge);
    assert_eq!(reason(&server.url("/endless")).await, FailureReason::FileTooLarge);
}

#[tokio::test]
async fn a_bomb_is_counted_as_it_unpacks() {
    static BOMB: LazyLock<Vec<u8>> = LazyLock::new(gzip_of_zeros);
    // Before anybody waits for it.
    assert!(BOMB.len() < 64 * 1_024);
    let server = WebServer::start(&[(
        "/",
        act!(|stream, head| {
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\n").await?;
            stream.write_all(format!("content-length: {}\r\n\r\n", BOMB.len()).as_bytes()).await?;
            stream.write_all(&BOMB).await
        }),
    )])
    .await;
    assert_eq!(reason(&server.url("/bomb")).await, FailureReason::FileTooLarge);
}

/// 16 MiB of zeros in a few KiB: a gzip member whose one deflate block says so with back references.
fn gzip_of_zeros() -> Vec<u8> {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    io::Write::write_all(&mut packed, &vec![0; 16 * 1_024 * 1_024]).unwrap();
    packed.finish().unwrap()
}

#[tokio::test]
async fn an_encoding_that_was_not_asked_for_is_refused() {
    let server = WebServer::start(&[(
        "/",
        act!(|stream, head| answer(&mut stream, "200 OK\r\ncontent-encoding: br", PNG).await),
    )])
    .await;
    assert_eq!(reason(&server.url("/")).await, FailureReason::FileUnreachable);
}

#[tokio::test]
async fn a_link_that_is_too_long_for_http_is_refused() {
    let server = WebServer::start(&[("/", act!(|stream, head| answer(&mut stream, "200 OK", PNG).await))]).await;
    assert_eq!(reason(&server.url(&format!("/{}", "ả".repeat(20_000)))).await, FailureReason::FileUnreachable);
}

#[tokio::test]
async fn servers_that_hang_drip_or_break_off_are_given_up() {
    let server = WebServer::start(&[
        (
            "/hang",
            act!(|stream, head| {
                sleep(Duration::from_mins(1)).await;
                stream.shutdown().await
            }),
        ),
        (
            "/drip",
            act!(|stream, head| {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n").await?;
                loop {
                    stream.write_all(b"x").await?;
                    sleep(Duration::from_millis(100)).await;
                }
            }),
        ),
        (
            "/stall",
            act!(|stream, head| {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nsome").await?;
                sleep(Duration::from_mins(1)).await;
                stream.shutdown().await
            }),
        ),
        (
            "/short",
            act!(|stream, head| {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\nsome").await?;
                stream.shutdown().await
            }),
        ),
        (
            "/twice",
            act!(|stream, head| {
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\ncontent-length: 5\r\n\r\nsome!").await?;
                stream.shutdown().await
            }),
        ),
        (
            "/nonsense",
            act!(|stream, head| {
                stream.write_all(b"SSH-2.0-OpenSSH_9.2\r\n\r\n").await?;
                stream.shutdown().await
            }),
        ),
    ])
    .await;
    let all = Limits::default();
    let cases = [("/hang", SHORT), ("/drip", SHORT), ("/stall", SHORT)];
    for (path, limits) in cases.into_iter().chain([("/short", all), ("/twice", all), ("/nonsense", all)]) {
        let no_file = downloader(limits).download(&server.url(path), "a.bin").await.expect_err(path);
        assert_eq!(
            (no_file.reason, no_file.may_pass),
            (FailureReason::FileUnreachable, true),
            "{path}: {}",
            no_file.detail
        );
        assert_eq!(no_file.host.as_deref(), Some("127.0.0.1"), "{path}");
    }
}

#[tokio::test]
async fn statuses_that_are_no_success_are_told() {
    let server = WebServer::start(&[
        ("/404", act!(|stream, head| answer(&mut stream, "404 Not Found", b"no").await)),
        ("/403", act!(|stream, head| answer(&mut stream, "403 Forbidden", b"no").await)),
        ("/500", act!(|stream, head| answer(&mut stream, "500 Internal Server Error", b"no").await)),
        ("/204", act!(|stream, head| answer(&mut stream, "204 No Content", b"").await)),
        ("/empty", act!(|stream, head| answer(&mut stream, "200 OK", b"").await)),
    ])
    .await;
    for (path, said, may_pass) in [
        ("/404", "there is no such file", false),
        ("/403", "logged in", false),
        ("/500", "500", true),
        ("/204", "empty", false),
        ("/empty", "empty", false),
    ] {
        let no_file = download(&server.url(path), "a.bin").await.expect_err(path);
        assert!(no_file.detail.contains(said), "{path}: {}", no_file.detail);
        assert_eq!((no_file.reason, no_file.may_pass), (FailureReason::FileUnreachable, may_pass), "{path}");
    }
}

#[tokio::test]
async fn five_hops_are_followed_and_no_sixth() {
    let server = WebServer::start(&[
        ("/hop/0", act!(|stream, head| answer(&mut stream, "200 OK", PNG).await)),
        (
            "/hop/",
            act!(|stream, head| {
                let left: u32 = head.split(['/', ' ']).nth(3).unwrap().parse().unwrap();
                answer(&mut stream, &format!("302 Found\r\nlocation: ../hop/{}", left - 1), b"").await
            }),
        ),
        ("/nowhere", act!(|stream, head| answer(&mut stream, "302 Found", b"").await)),
        ("/loop", act!(|stream, head| answer(&mut stream, "301 Moved Permanently\r\nlocation: /loop", b"").await)),
    ])
    .await;
    assert_eq!(download(&server.url("/hop/5"), "a.png").await.unwrap().mime, "image/png");
    for path in ["/hop/6", "/nowhere", "/loop"] {
        assert_eq!(reason(&server.url(path)).await, FailureReason::FileUnreachable, "{path}");
    }
}

#[tokio::test]
async fn a_hop_into_a_private_network_is_refused_before_anybody_is_connected_to() {
    let inner = WebServer::start(&[("/", act!(|stream, head| answer(&mut stream, "200 OK", b"secret").await))]).await;
    // The outer server is excepted by its name; the inner one is not.
    let outer = WebServer::start(&[(
        "/to/",
        act!(|stream, head| {
            let target = head.split(' ').nth(1).unwrap().strip_prefix("/to/").unwrap().to_owned();
            answer(&mut stream, &format!("307 Temporary Redirect\r\nlocation: {target}"), b"").await
        }),
    )])
    .await;
    let port = inner.address().port();
    let names = DnsServer::start(&[
        ("outer.test", &["127.0.0.1"]),
        ("inner.test", &["127.0.0.1"]),
        ("mixed.test", &["8.8.8.8 127.0.0.1"]),
        ("loopback.test", &["::1"]),
        ("mapped.test", &["::ffff:127.0.0.1"]),
        ("embedded.test", &["8.8.8.8 64:ff9b::127.0.0.1"]),
        ("metadata.test", &["169.254.169.254"]),
    ])
    .await;
    let downloader = asking(&names, "outer.test", Limits::default());
    for target in [
        format!("http://127.0.0.1:{port}/"),
        format!("http://2130706433:{port}/"),
        format!("http://[::ffff:127.0.0.1]:{port}/"),
        format!("http://inner.test:{port}/"),
        format!("http://mixed.test:{port}/"),
        format!("http://INNER.test.:{port}/"),
        format!("http://loopback.test:{port}/"),
        format!("http://mapped.test:{port}/"),
        format!("http://embedded.test:{port}/"),
        "http://metadata.test/latest/meta-data/".to_owned(),
        format!("//inner.test:{port}/"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
    ] {
        let link = format!("http://outer.test:{}/to/{target}", outer.address().port());
        let no_file = downloader.download(&link, "a.bin").await.expect_err(&target);
        assert_eq!(no_file.reason, FailureReason::FileAddressRefused, "{target}: {}", no_file.detail);
    }
    for target in ["file:///etc/passwd", "ftp://example.com/", "gopher://127.0.0.1/", "http://user:password@8.8.8.8/"] {
        let link = format!("http://outer.test:{}/to/{target}", outer.address().port());
        let no_file = downloader.download(&link, "a.bin").await.expect_err(target);
        assert_eq!(no_file.reason, FailureReason::FileUnreachable, "{target}: {}", no_file.detail);
    }
    assert_eq!(inner.asked(), 0);
}

#[tokio::test]
async fn a_name_that_changes_its_mind_is_looked_up_once_and_never_again() {
    let server = WebServer::start(&[("/", act!(|stream, head| answer(&mut stream, "200 OK", PNG).await))]).await;
    // First an address that is allowed, where nobody listens, then the server's: whoever looks twice connects to the second.
    let names = DnsServer::start(&[("rebinding.test", &["127.0.0.2", "127.0.0.1"])]).await;
    let downloader = asking(&names, "127.0.0.2", Limits::default());
    let link = format!("http://rebinding.test:{}/", server.address().port());
    let no_file = downloader.download(&link, "a.bin").await.unwrap_err();
    assert_eq!(no_file.reason, FailureReason::FileUnreachable, "{}", no_file.detail);
    assert_eq!((names.asked("rebinding.test"), server.asked()), (1, 0));
    // Now it says 127.0.0.1 at once.
    let no_file = downloader.download(&link, "a.bin").await.unwrap_err();
    assert_eq!(no_file.reason, FailureReason::FileAddressRefused);
    assert_eq!((names.asked("rebinding.test"), server.asked()), (2, 0));
}

#[tokio::test]
async fn a_name_that_changes_between_two_hops_is_checked_on_each() {
    let server = WebServer::start(&[
        ("/file", act!(|stream, head| answer(&mut stream, "200 OK", PNG).await)),
        ("/", act!(|stream, head| answer(&mut stream, "302 Found\r\nlocation: /file", b"").await)),
    ])
    .await;
    let names =
        DnsServer::start(&[("steady.test", &["127.0.0.1"]), ("moving.test", &["127.0.0.1", "127.0.0.2"])]).await;
    let downloader = asking(&names, "127.0.0.1", Limits::default());
    let link = |host| format!("http://{host}:{}/", server.address().port());
    assert_eq!(downloader.download(&link("steady.test"), "a.png").await.unwrap().bytes, PNG);
    let no_file = downloader.download(&link("moving.test"), "a.png").await.unwrap_err();
    assert_eq!(no_file.reason, FailureReason::FileAddressRefused, "{}", no_file.detail);
    assert_eq!((names.asked("moving.test"), server.asked()), (2, 3));
}

#[tokio::test]
async fn this_machines_own_name_is_refused() {
    let server = WebServer::start(&[("/", act!(|stream, head| answer(&mut stream, "200 OK", PNG).await))]).await;
    let downloader = Downloader::new(Exceptions::default()).unwrap();
    for host in ["localhost", "LOCALHOST", "localhost."] {
        let link = format!("http://{host}:{}/", server.address().port());
        let no_file = downloader.download(&link, "a.png").await.unwrap_err();
        assert_eq!(no_file.reason, FailureReason::FileAddressRefused, "{host}: {}", no_file.detail);
    }
    assert_eq!(server.asked(), 0);
}

#[tokio::test]
async fn pages_are_told_from_files() {
    const PAGE: &[u8] = b"<!doctype html><title>Sign in</title>";
    let server = WebServer::start(&[
        ("/page", act!(|stream, head| answer(&mut stream, "200 OK\r\ncontent-type: text/html", PAGE).await)),
        ("/lying", act!(|stream, head| answer(&mut stream, "200 OK\r\ncontent-type: image/png", PAGE).await)),
        (
            "/attached",
            act!(|stream, head| {
                answer(&mut stream, "200 OK\r\ncontent-disposition: attachment; filename=\"a.html\"", PAGE).await
            }),
        ),
    ])
    .await;
    for (path, name) in [("/page", "a.pdf"), ("/lying", "a.png"), ("/page", "a.html"), ("/attached", "a.pdf")] {
        let no_file = download(&server.url(path), name).await.expect_err(path);
        assert_eq!(no_file.reason, FailureReason::FileNotDirectLink, "{path}");
        assert!(no_file.detail.contains("web page") && no_file.detail.contains("127.0.0.1"), "{}", no_file.detail);
    }
    assert_eq!(download(&server.url("/attached"), "a.html").await.unwrap().bytes, PAGE);
}

#[tokio::test]
async fn a_name_that_nobody_knows_or_says_anything_about_is_told() {
    let names = DnsServer::start(&[("silent.test", &[])]).await;
    let downloader = asking(&names, "nobody.test", SHORT);
    for (host, said) in [
        ("nobody.test", "There is no server named nobody.test"),
        ("silent.test", "The name silent.test could not be looked up: its name servers do not answer"),
    ] {
        let no_file = downloader.download(&format!("http://{host}/a.png"), "a.png").await.unwrap_err();
        assert_eq!((no_file.detail.as_str(), no_file.may_pass), (said, true));
        assert_eq!(no_file.reason, FailureReason::FileUnreachable);
    }
}
