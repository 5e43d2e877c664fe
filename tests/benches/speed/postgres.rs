//! A PostgreSQL of the benchmark's own, durable as one in production: `fsync` and `synchronous_commit` are on.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

/// A server that ends with this value; nobody else reaches its socket.
pub(crate) struct Postgres {
    bin: PathBuf,
    folder: TempDir,
}

impl Postgres {
    /// Starts one beside the build, so on a disk: the temporary folder may be memory.
    pub(crate) fn start() -> Self {
        let folder = tempfile::Builder::new().prefix("bench").tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let server = Self { bin: bin(), folder };
        if is_root() {
            assert!(Command::new("chown").arg("postgres:").arg(server.folder.path()).status().unwrap().success());
        }
        let data = server.folder.path().join("data");
        let data = data.to_str().unwrap();
        let locale = ["--username=nhip", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
        server.run("initdb", &[&["--pgdata", data], &locale[..]].concat());
        let log = server.folder.path().join("log");
        let options = format!(
            "-c listen_addresses='' -c unix_socket_directories='{}' -c max_connections=200 -c max_wal_size=8GB \
             -c min_wal_size=2GB -c shared_buffers=512MB -c fsync=on -c synchronous_commit=on",
            server.folder.path().display()
        );
        let started = ["start", "--wait", "--silent", "--pgdata", data, "--options", &options, "--log"];
        server.run("pg_ctl", &[&started[..], &[log.to_str().unwrap()]].concat());
        server.write_wal();
        server
    }

    /// Has it write as much WAL as the benchmark will, and recycle it, as a server does that has run for a while: a new one
    /// makes its files as it goes, and every 16 MB everybody waits some 50 ms.
    fn write_wal(&self) {
        let wal =
            "SELECT count(pg_logical_emit_message(false, 'nhip', repeat('x', 1000000))) FROM generate_series(1, 1500)";
        self.run(
            "psql",
            &["--host", self.host(), "--username=nhip", "--command", wal, "--command=CHECKPOINT", "postgres"],
        );
    }

    /// A fresh database; its URL.
    pub(crate) fn database(&self, name: &str) -> String {
        self.run("createdb", &["--host", self.host(), "--username=nhip", name]);
        format!("postgres:///{name}?host={}&user=nhip", self.host())
    }

    /// Where its socket is.
    pub(crate) fn host(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }

    /// On the disk that is written to.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Runs one of PostgreSQL's programs, which refuse to run as root; what it printed.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> String {
        let output = self.command(program).args(arguments).output().unwrap();
        let said = [output.stdout, output.stderr].map(|said| String::from_utf8_lossy(&said).into_owned()).concat();
        assert!(output.status.success(), "{program}: {said}");
        said
    }

    fn command(&self, program: &str) -> Command {
        let program = self.bin.join(program);
        let mut command = if is_root() {
            let mut command = Command::new("setpriv");
            command.args(["--reuid=postgres", "--regid=postgres", "--clear-groups", "--reset-env", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.current_dir(self.folder.path());
        command
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        let data = self.folder.path().join("data");
        // Whatever comes of it, the folder goes.
        let _stopped = self
            .command("pg_ctl")
            .args(["stop", "--wait", "--silent", "--mode=immediate", "--pgdata"])
            .arg(data)
            .status();
    }
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    id.stdout.trim_ascii() == b"0"
}

/// The folder of the newest PostgreSQL's programs.
fn bin() -> PathBuf {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let newest = versions.map(|version| version.path().join("bin")).filter(|bin| bin.join("initdb").exists()).max();
    newest.unwrap_or_else(|| PathBuf::from("/usr/bin"))
}
