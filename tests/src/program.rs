//! The program itself: found beside the tests, started with settings of the test's own and none of the machine's.

use std::{
    collections::BTreeMap,
    env, fs,
    fs::File,
    path::{Path, PathBuf},
    process::{ExitStatus, Output, Stdio},
    time::Duration,
};

use tokio::{
    process::{Child, Command},
    time::timeout,
};

/// How long a graceful end may take.
const END: Duration = Duration::from_secs(20);

/// A running `nhip`; killed when dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
}

/// Where the built program is: `NHIP_TEST_BINARY`, or beside the tests.
fn binary() -> PathBuf {
    if let Some(path) = env::var_os("NHIP_TEST_BINARY") {
        return path.into();
    }
    let tests = env::current_exe().expect("a test knows where it is");
    let path = tests.ancestors().nth(2).expect("target/<profile>/deps/<test>").join("nhip");
    assert!(path.exists(), "{} is missing; build it with: cargo build --workspace", path.display());
    path
}

fn command(dir: &Path, settings: &BTreeMap<String, String>, arguments: &[&str]) -> Command {
    let mut command = Command::new(binary());
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("NHIP_")) {
        command.env_remove(name);
    }
    command.args(arguments).envs(settings).current_dir(dir).stdin(Stdio::null()).kill_on_drop(true);
    command
}

impl Program {
    /// Starts it in `dir`, appending what it prints to the files `stdout` and `stderr` there.
    pub fn start(dir: &Path, settings: &BTreeMap<String, String>, arguments: &[&str]) -> Self {
        let file = |name| File::options().create(true).append(true).open(dir.join(name)).unwrap();
        let child = command(dir, settings, arguments)
            .stdout(file("stdout"))
            .stderr(file("stderr"))
            .spawn()
            .expect("nhip starts");
        Self { child }
    }

    /// Runs a command of its to the end.
    pub async fn run(dir: &Path, settings: &BTreeMap<String, String>, arguments: &[&str]) -> Output {
        let run = command(dir, settings, arguments).output();
        timeout(Duration::from_mins(1), run).await.expect("the command ends").expect("the command runs")
    }

    /// How it ended, if it did.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().unwrap()
    }

    /// SIGKILL: what a power cut leaves.
    pub async fn kill(&mut self) {
        self.child.kill().await.expect("the program can be killed");
    }

    /// SIGTERM, and the wait for its end.
    pub async fn stop(&mut self) -> ExitStatus {
        self.signal("TERM").await;
        timeout(END, self.child.wait()).await.expect("the program stops when asked to").unwrap()
    }

    /// Sends a signal by its name.
    pub async fn signal(&self, name: &str) {
        let Some(pid) = self.child.id() else { return };
        let sent = Command::new("kill").arg(format!("-{name}")).arg(pid.to_string()).status().await.unwrap();
        assert!(sent.success(), "SIG{name} cannot be sent");
    }
}

/// What a file holds so far.
pub(crate) fn content(path: &Path) -> String {
    String::from_utf8_lossy(&fs::read(path).unwrap_or_default()).into_owned()
}
