//! A Redis server of a test's own: hints know no database numbers, so tests cannot share one.

use std::{
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{net::UnixStream, process::Child, sync::Mutex as Turn};

use crate::{program::mortal, until};

/// How long a start may take, on a busy machine.
const START: Duration = Duration::from_secs(30);

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Redis {
    dir: PathBuf,
    password: String,
    _server: Turn<Child>,
}

impl Redis {
    /// Starts one that keeps nothing and listens on a socket in `dir`.
    pub(crate) async fn start(dir: &Path) -> Self {
        let password = format!("redis-{}", uuid::Uuid::new_v4().simple());
        let redis = Self { _server: Turn::new(launch(dir, &password)), dir: dir.to_owned(), password };
        redis.ready().await;
        redis
    }

    /// What nobody may log.
    pub(crate) fn password(&self) -> &str {
        &self.password
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> String {
        format!("redis+unix://{}?pass={}", self.socket().display(), self.password)
    }

    fn socket(&self) -> PathBuf {
        self.dir.join("redis.sock")
    }

    async fn ready(&self) {
        let socket = self.socket();
        until("Redis takes connections", START, async || UnixStream::connect(&socket).await.is_ok()).await;
    }
}

fn launch(dir: &Path, password: &str) -> Child {
    let mut command = mortal("redis-server");
    command.current_dir(dir).args(["--port", "0", "--unixsocket", "redis.sock", "--requirepass", password]);
    command.args(["--save", "", "--appendonly", "no", "--daemonize", "no", "--logfile", "redis.log"]);
    command.spawn().expect("redis-server starts: `scripts/test` installs it")
}
