//! A PostgreSQL server of a test's own: durable, as in production, and made to be crashed.

use std::{
    env, fs,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    process::Stdio,
    time::Duration,
};

use sqlx::{Connection as _, PgConnection};
use tempfile::TempDir;
use tokio::{
    process::{Child, Command},
    sync::Mutex as Turn,
    time::sleep,
};

use crate::{program::mortal, until};

/// How long a start may take, with a recovery and on a busy machine.
const START: Duration = Duration::from_mins(1);

/// A running server; killed when dropped.
#[derive(Debug)]
pub struct Postgres {
    server: Turn<Child>,
    programs: PathBuf,
    dir: TempDir,
}

impl Postgres {
    /// Starts an empty one that listens on a socket in a folder of its own.
    pub(crate) async fn start() -> Self {
        let (programs, dir) = (programs(), TempDir::with_prefix("nhip-pg-").unwrap());
        give_to_postgres(dir.path()).await;
        let mut initdb = as_postgres(&programs.join("initdb"), dir.path());
        initdb.args(["--username=nhip", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync", "--pgdata"]);
        let made = initdb.arg(dir.path().join("data")).output().await.expect("initdb runs");
        assert!(made.status.success(), "initdb: {}", String::from_utf8_lossy(&made.stderr));
        let server = Turn::new(launch(&programs, dir.path()));
        let postgres = Self { server, programs, dir };
        postgres.ready().await;
        postgres
    }

    /// Where it answers.
    pub(crate) fn url(&self) -> String {
        format!("postgres:///postgres?host={}&user=nhip", self.dir.path().display())
    }

    /// The socket that it listens on.
    pub(crate) fn socket(&self) -> PathBuf {
        self.dir.path().join(SOCKET)
    }

    async fn ready(&self) {
        let url = self.url();
        until("PostgreSQL takes connections", START, async || PgConnection::connect(&url).await.is_ok()).await;
    }

    /// What `pg_ctl stop -m immediate` does, and a start some time later: it dies as in a power cut, and recovers from
    /// its log. Whoever else wants something of it waits.
    pub async fn crash_for(&self, a_while: Duration) {
        self.crash_during(sleep(a_while)).await;
    }

    /// The same, until `meanwhile` is over.
    pub async fn crash_during(&self, meanwhile: impl Future<Output = ()>) {
        let mut server = self.server.lock().await;
        let pid = server.id().expect("it runs").to_string();
        Command::new("kill").args(["-QUIT", &pid]).status().await.unwrap();
        server.wait().await.unwrap();
        meanwhile.await;
        *server = launch(&self.programs, self.dir.path());
        self.ready().await;
    }

    /// Ends the connections of ours for which `which`, a condition of SQL, holds; how many.
    pub async fn cut_connections(&self, which: &'static str) -> i64 {
        let _it_is_there = self.server.lock().await;
        let mut connection = PgConnection::connect(&self.url()).await.expect("PostgreSQL answers");
        let cut = "SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM pg_stat_activity \
                   WHERE application_name LIKE 'nhip%' AND pid <> pg_backend_pid()";
        let cut = sqlx::AssertSqlSafe(format!("{cut} AND ({which})"));
        sqlx::query_scalar(cut).fetch_one(&mut connection).await.unwrap()
    }
}

/// The name of a server's socket in its folder.
pub(crate) const SOCKET: &str = ".s.PGSQL.5432";

fn launch(programs: &Path, dir: &Path) -> Child {
    let mut command = as_postgres(&programs.join("postgres"), dir);
    let log = fs::File::options().create(true).append(true).open(dir.join("log")).unwrap();
    command.arg("-D").arg(dir.join("data")).arg("-k").arg(dir);
    command.args(["-c", "listen_addresses=", "-c", "max_connections=300"]);
    command.stdout(Stdio::null()).stderr(log).spawn().expect("PostgreSQL starts")
}

/// The folder of the newest installed server's programs.
fn programs() -> PathBuf {
    let installed = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let bins = installed.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists());
    let in_path = || env::split_paths(&env::var_os("PATH")?).find(|folder| folder.join("initdb").exists());
    bins.max().or_else(in_path).expect("PostgreSQL is installed: `scripts/test` does it")
}

/// A command of PostgreSQL, which refuses to run as root.
fn as_postgres(program: &Path, dir: &Path) -> Command {
    let mut command = if is_root() {
        let mut command = mortal("setpriv");
        command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--pdeathsig=KILL", "--"]);
        command.arg(program);
        command
    } else {
        mortal(program)
    };
    command.current_dir(dir);
    command
}

async fn give_to_postgres(dir: &Path) {
    if is_root() {
        let given = Command::new("chown").arg("postgres:").arg(dir).status().await.unwrap();
        assert!(given.success(), "the user postgres is missing");
    }
}

fn is_root() -> bool {
    fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}
