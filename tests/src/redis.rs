//! A Redis server of a test's own: hints know no database numbers, so tests cannot share one.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{net::UnixStream, process::Child, sync::Mutex as Turn, time::sleep};

use crate::{program::mortal, until};

/// How long a start may take, on a busy machine.
const START: Duration = Duration::from_secs(30);

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Redis {
    dir: PathBuf,
    password: String,
    server: Turn<Child>,
}

impl Redis {
    /// Starts one that keeps nothing and listens on a socket in `dir`.
    pub async fn start(dir: &Path) -> Self {
        let password = format!("redis-{}", uuid::Uuid::new_v4().simple());
        let redis = Self { server: Turn::new(launch(dir, &password)), dir: dir.to_owned(), password };
        redis.ready().await;
        redis
    }

    /// What nobody may log.
    pub(crate) fn password(&self) -> &str {
        &self.password
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("redis+unix://{}?pass={}", self.socket().display(), self.password)
    }

    fn socket(&self) -> PathBuf {
        self.dir.join("redis.sock")
    }

    async fn ready(&self) {
        let socket = self.socket();
        until("Redis takes connections", START, async || UnixStream::connect(&socket).await.is_ok()).await;
    }

    /// Kills it; what it knew is gone.
    pub async fn kill(&self) {
        self.server.lock().await.kill().await.expect("Redis can be killed");
    }

    /// Starts it again, empty.
    pub async fn restart(&self) {
        self.relaunch(&mut *self.server.lock().await).await;
    }

    /// Kills it and starts it again later. Whoever else wants something of it waits.
    pub async fn go_away_for(&self, a_while: Duration) {
        let mut server = self.server.lock().await;
        server.kill().await.expect("Redis can be killed");
        sleep(a_while).await;
        self.relaunch(&mut server).await;
    }

    async fn relaunch(&self, server: &mut Child) {
        *server = launch(&self.dir, &self.password);
        self.ready().await;
    }

    /// Forgets everything.
    pub async fn flush(&self) {
        self.command(&["FLUSHALL"]).await;
    }

    /// Cuts all connections of a kind: `normal` or `pubsub`.
    pub async fn cut_connections(&self, kind: &str) {
        self.command(&["CLIENT", "KILL", "TYPE", kind]).await;
    }

    async fn command(&self, words: &[&str]) {
        let _it_is_there = self.server.lock().await;
        let client = redis::Client::open(self.url()).unwrap();
        let mut connection = client.get_multiplexed_async_connection().await.expect("Redis takes a connection");
        let (name, rest) = words.split_first().expect("a command has a name");
        redis::cmd(name).arg(rest).exec_async(&mut connection).await.unwrap_or_else(|err| panic!("{words:?}: {err}"));
    }
}

fn launch(dir: &Path, password: &str) -> Child {
    let mut command = mortal("redis-server");
    command.current_dir(dir).args(["--port", "0", "--unixsocket", "redis.sock", "--requirepass", password]);
    command.args(["--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", "redis.log"]);
    command.spawn().expect("redis-server starts: `scripts/test` installs it")
}
