//! Between a program and PostgreSQL: passes everything on, and cuts a connection around a COMMIT, where neither side can
//! know what the other saw.

use std::{
    io,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use nhip_domain::clock::Clock;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        UnixListener, UnixStream,
        unix::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::{Notify, watch},
    task::JoinHandle,
    time::timeout,
};

use crate::{Stamp, postgres::SOCKET};

/// How long the server's answer to a COMMIT is waited for before the cut.
const ANSWER: Duration = Duration::from_secs(2);
/// The protocol's version 3.0: after it, every message begins with its type.
const STARTUP: u32 = 196_608;

/// A socket that leads to the server; closed when dropped.
#[derive(Debug)]
pub struct Proxy {
    dir: TempDir,
    cutter: Arc<Cutter>,
    task: JoinHandle<()>,
}

/// Where a connection is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cut {
    /// The server never sees the COMMIT.
    BeforeCommit,
    /// The server has it, or is about to.
    AtCommit,
    /// The server has answered, and nobody hears it.
    AfterCommit,
}

/// Decides whether this is a COMMIT to cut at, and remembers.
#[derive(Debug)]
struct Cutter {
    server: PathBuf,
    clock: Clock,
    per_mille: AtomicU32,
    rng: Mutex<StdRng>,
    cuts: Mutex<Vec<(Cut, Stamp)>>,
    severs_next: AtomicBool,
    severed: watch::Sender<bool>,
    silent: AtomicBool,
}

/// What the two directions of a connection know of each other.
#[derive(Debug, Default)]
struct Line {
    /// Whether what the server says is swallowed.
    muted: AtomicBool,
    answered: Notify,
}

impl Proxy {
    /// Listens in a folder of its own for connections to the server's socket.
    pub(crate) fn start(server: &Path, seed: u64) -> Self {
        let dir = TempDir::with_prefix("nhip-proxy-").unwrap();
        let listener = UnixListener::bind(dir.path().join(SOCKET)).expect("the proxy's socket");
        let cutter = Arc::new(Cutter {
            server: server.to_owned(),
            clock: Clock::system(),
            per_mille: AtomicU32::new(0),
            rng: Mutex::new(StdRng::seed_from_u64(seed)),
            cuts: Mutex::default(),
            severs_next: AtomicBool::new(false),
            severed: watch::Sender::new(false),
            silent: AtomicBool::new(false),
        });
        let task = tokio::spawn(accept(listener, Arc::clone(&cutter)));
        Self { dir, cutter, task }
    }

    /// The folder of its socket: what a URL names as the host.
    pub(crate) fn dir(&self) -> &Path {
        self.dir.path()
    }

    /// From now on, cuts around that many of a thousand COMMITs.
    pub fn cut(&self, per_mille: u32) {
        self.cutter.per_mille.store(per_mille, Ordering::Relaxed);
    }

    /// At the next COMMIT, which the server gets and answers, takes all lines down: nobody hears anything, or gets through,
    /// until [`Proxy::mend`].
    pub fn sever_at_commit(&self) {
        self.cutter.severs_next.store(true, Ordering::Relaxed);
    }

    /// Swallows whatever is said, as a server that hangs or a network that has gone: no connection ends, and none that was
    /// used meanwhile ever works again. Until [`Proxy::mend`], for new ones.
    pub fn fall_silent(&self) {
        self.cutter.silent.store(true, Ordering::Relaxed);
    }

    /// Lets connections through again.
    pub fn mend(&self) {
        self.cutter.severed.send_replace(false);
        self.cutter.silent.store(false, Ordering::Relaxed);
    }

    /// Every cut so far.
    pub fn cuts(&self) -> Vec<(Cut, Stamp)> {
        self.cutter.cuts.lock().unwrap().clone()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Cutter {
    /// Never returns on a connection that is used while nothing gets through.
    async fn speak(&self) {
        if self.silent.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
    }

    fn decide(&self) -> Option<Cut> {
        if self.severs_next.swap(false, Ordering::Relaxed) {
            self.severed.send_replace(true);
            return Some(Cut::AfterCommit);
        }
        let mut rng = self.rng.lock().unwrap();
        if rng.random_range(0..1_000) >= self.per_mille.load(Ordering::Relaxed) {
            return None;
        }
        let kinds = [Cut::BeforeCommit, Cut::AtCommit, Cut::AfterCommit];
        let cut = kinds[rng.random_range(0..kinds.len())];
        self.cuts.lock().unwrap().push((cut, self.clock.now()));
        Some(cut)
    }
}

async fn accept(listener: UnixListener, cutter: Arc<Cutter>) {
    while let Ok((client, _)) = listener.accept().await {
        if *cutter.severed.borrow() {
            continue;
        }
        let cutter = Arc::clone(&cutter);
        tokio::spawn(async move {
            // A server that is down: the client sees its connection end.
            let Ok(server) = UnixStream::connect(&cutter.server).await else { return };
            let (line, (from_client, to_client), (from_server, to_server)) =
                (Line::default(), client.into_split(), server.into_split());
            // Whichever direction ends first takes the other one with it.
            let _ended = tokio::select! {
                ended = forward(from_client, to_server, &cutter, &line) => ended,
                ended = answer(from_server, to_client, &line, &cutter) => ended,
            };
        });
    }
}

/// From the client to the server, message by message.
async fn forward(
    mut client: OwnedReadHalf,
    mut server: OwnedWriteHalf,
    cutter: &Cutter,
    line: &Line,
) -> io::Result<()> {
    let mut has_started = false;
    loop {
        let message = read_message(&mut client, has_started).await?;
        cutter.speak().await;
        has_started = has_started || message.get(4..8) == Some(&STARTUP.to_be_bytes()[..]);
        let cut = if has_started && is_commit(&message) { cutter.decide() } else { None };
        match cut {
            None => server.write_all(&message).await?,
            Some(Cut::BeforeCommit) => return Ok(()),
            Some(Cut::AtCommit) => return server.write_all(&message).await,
            Some(Cut::AfterCommit) => {
                line.muted.store(true, Ordering::Relaxed);
                server.write_all(&message).await?;
                let _slow = timeout(ANSWER, line.answered.notified()).await;
                return Ok(());
            }
        }
    }
}

/// From the server to the client, as it comes.
async fn answer(mut server: OwnedReadHalf, mut client: OwnedWriteHalf, line: &Line, cutter: &Cutter) -> io::Result<()> {
    let mut bytes = vec![0; 16_384];
    loop {
        let count = server.read(&mut bytes).await?;
        cutter.speak().await;
        if line.muted.load(Ordering::Relaxed) {
            line.answered.notify_one();
        } else if count > 0 && !*cutter.severed.borrow() {
            client.write_all(&bytes[..count]).await?;
        }
        if count == 0 {
            return Ok(());
        }
    }
}

/// A whole message: its type, once the connection has started, its length, and the rest.
async fn read_message(client: &mut OwnedReadHalf, has_started: bool) -> io::Result<Vec<u8>> {
    let head = if has_started { 5 } else { 4 };
    let mut message = vec![0; head];
    client.read_exact(&mut message).await?;
    let length = message[head - 4..].try_into().map_or(0, u32::from_be_bytes);
    let rest = usize::try_from(length).unwrap_or_default().saturating_sub(4);
    message.resize(head + rest, 0);
    client.read_exact(&mut message[head..]).await?;
    Ok(message)
}

/// Whether it asks for a COMMIT, alone or together with other statements.
fn is_commit(message: &[u8]) -> bool {
    matches!(message.first(), Some(b'Q' | b'P')) && message.windows(6).any(|word| word.eq_ignore_ascii_case(b"COMMIT"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_commit_is_known_in_whatever_message_it_comes() {
        assert!(is_commit(b"Q\0\0\0\x0bCOMMIT\0"));
        assert!(is_commit(b"P\0\0\0\x0ename\0commit\0\0\0"));
        assert!(!is_commit(b"Q\0\0\0\x0dROLLBACK\0"));
        assert!(!is_commit(b"B\0\0\0\x0bCOMMIT\0"), "a parameter");
    }
}
