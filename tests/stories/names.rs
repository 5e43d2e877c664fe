//! Names that change their mind, on the wire: a name server of ours, asked by this system's own resolver, in a network where
//! this machine has a public address.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, Ipv4Addr, SocketAddr},
    process::Output,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use nhip_entity::message::FailureReason;
use nhip_tests::web_server::{answer, read_head};
use nhip_worker::download::{Downloader, Exceptions};
use tokio::{
    net::{TcpListener, UdpSocket},
    process::Command,
};

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR and so on";
/// An address that the guard takes for public; it is this machine's, in there.
const OUTSIDE: Ipv4Addr = Ipv4Addr::new(203, 0, 114, 7);
const INSIDE: Ipv4Addr = Ipv4Addr::LOCALHOST;
const PORT: u16 = 8_080;
/// The type of an address record.
const A: [u8; 2] = [0, 1];

/// Runs a test of this binary in a network and with name servers of its own, if the system lets us make them.
async fn in_a_network_of_its_own(test: &str) -> Option<Output> {
    let own_user: &[&str] = if is_root().await { &[] } else { &["--user", "--map-root-user"] };
    let unshare = |script: &str| {
        let mut command = Command::new("unshare");
        command.args(own_user).args(["--net", "--mount", "--", "sh", "-c"]).arg(script).arg("sh");
        command
    };
    let furnish = format!(
        "set -e; ip link set lo up; ip addr add {OUTSIDE}/32 dev lo; f=$(mktemp); echo nameserver {INSIDE} > $f; \
         mount --bind $f /etc/resolv.conf; rm $f"
    );
    let may = unshare(&furnish).output().await.is_ok_and(|output| output.status.success());
    if !may {
        return None;
    }
    let binary = std::env::current_exe().unwrap();
    let run = format!("{furnish}; exec \"$@\"");
    Some(unshare(&run).arg(binary).args(["--exact", test, "--ignored", "--nocapture"]).output().await.unwrap())
}

async fn is_root() -> bool {
    Command::new("id").arg("-u").output().await.is_ok_and(|output| output.stdout == b"0\n")
}

#[tokio::test]
async fn a_name_that_changes_its_mind_never_leads_inside() {
    match in_a_network_of_its_own("names::inside_a_network_of_its_own").await {
        Some(output) => {
            let printed = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success() && printed.contains("1 passed"), "{output:?}");
        }
        None => {
            println!(
                "this system lets nobody make networks: `downloads` proves the same with names that are handed in"
            );
        }
    }
}

#[tokio::test]
#[ignore = "the test above runs it where it may take port 53"]
async fn inside_a_network_of_its_own() {
    let names = NameServer::start().await;
    let (outside, inside) = (web_server(OUTSIDE).await, web_server(INSIDE).await);
    let downloader = Downloader::new(Exceptions::default()).unwrap();
    let download = async |host: &str| {
        let link = format!("http://{host}:{PORT}/logo.png");
        downloader.download(&link, "logo.png").await.map(|file| file.bytes.to_vec()).map_err(|no_file| no_file.reason)
    };
    assert_eq!(download("public.test").await.as_deref(), Ok(PNG));
    for host in ["inside.test", "mixed.test"] {
        assert_eq!(download(host).await, Err(FailureReason::FileAddressRefused), "{host}");
    }
    // First public, from then on private: what was checked is what is connected to.
    assert_eq!(download("rebind.test").await.as_deref(), Ok(PNG));
    assert_eq!(names.asked("rebind.test"), 1, "a name is looked up once per download");
    assert_eq!(download("rebind.test").await, Err(FailureReason::FileAddressRefused));
    assert_eq!(names.asked("rebind.test"), 2);
    assert_eq!((outside.load(Ordering::Relaxed), inside.load(Ordering::Relaxed)), (2, 0), "nobody called inside");
}

/// A web server at an address; how often it was called.
async fn web_server(address: Ipv4Addr) -> Arc<AtomicUsize> {
    let listener = TcpListener::bind((address, PORT)).await.unwrap();
    let called = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&called);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            let _head = read_head(&mut stream).await;
            let _gone = answer(&mut stream, "200 OK", PNG).await;
        }
    });
    called
}

/// What the names of the tests lead to, at their `n`th look-up.
fn addresses(name: &str, n: usize) -> Vec<Ipv4Addr> {
    match (name, n) {
        ("public.test", _) | ("rebind.test", 1) => vec![OUTSIDE],
        ("mixed.test", _) => vec![OUTSIDE, INSIDE],
        ("inside.test" | "rebind.test", _) => vec![INSIDE],
        _ => Vec::new(),
    }
}

/// A name server that answers as long as the test lives.
struct NameServer(Arc<Mutex<HashMap<String, usize>>>);

impl NameServer {
    async fn start() -> Self {
        let socket = UdpSocket::bind(SocketAddr::new(IpAddr::V4(INSIDE), 53)).await.unwrap();
        let asked = Arc::new(Mutex::new(HashMap::new()));
        tokio::spawn(serve(socket, Arc::clone(&asked)));
        Self(asked)
    }

    /// How often a name's address was asked for.
    fn asked(&self, name: &str) -> usize {
        self.0.lock().unwrap().get(name).copied().unwrap_or_default()
    }
}

async fn serve(socket: UdpSocket, asked: Arc<Mutex<HashMap<String, usize>>>) -> io::Result<()> {
    let mut query = [0; 512];
    loop {
        let (length, peer) = socket.recv_from(&mut query).await?;
        let (name, end) = name_in(&query[..length]);
        let mut found = Vec::new();
        if query[end..end + 2] == A {
            let mut asked = asked.lock().unwrap();
            let n = asked.entry(name.clone()).or_default();
            *n += 1;
            found = addresses(&name, *n);
        }
        socket.send_to(&reply(&query[..end + 4], &found), peer).await?;
    }
}

/// The name that a query asks for, and where it ends. A name is labels, each after its length.
fn name_in(query: &[u8]) -> (String, usize) {
    let (mut labels, mut at) = (Vec::new(), 12);
    while query[at] > 0 {
        let end = at + 1 + usize::from(query[at]);
        labels.push(String::from_utf8_lossy(&query[at + 1..end]).to_ascii_lowercase());
        at = end;
    }
    (labels.join("."), at + 1)
}

/// The answer to a question, which stands in it once more. Its records may be kept for no time at all.
fn reply(question: &[u8], addresses: &[Ipv4Addr]) -> Vec<u8> {
    let mut reply = question.to_vec();
    // A response, recursion available; one question, so many answers, nothing else.
    reply[2..4].copy_from_slice(&[0x81, 0x80]);
    reply[4..12].copy_from_slice(&[0, 1, 0, u8::try_from(addresses.len()).unwrap(), 0, 0, 0, 0]);
    for address in addresses {
        reply.extend_from_slice(&[0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
        reply.extend_from_slice(&address.octets());
    }
    reply
}
