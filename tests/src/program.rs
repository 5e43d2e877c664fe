//! The programs themselves: found beside the tests, started with settings of the test's own and none of the machine's.

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
const END: Duration = Duration::from_secs(25);

/// A running program; killed when dropped.
#[derive(Debug)]
pub struct Program {
    child: Child,
}

/// What to run, and with which arguments.
#[derive(Clone, Debug)]
pub(crate) struct CommandLine {
    pub(crate) program: &'static str,
    pub(crate) arguments: &'static [&'static str],
}

/// Where a built program is: in the folder `NHIP_TEST_BINARIES`, or beside the tests.
fn binary(name: &str) -> PathBuf {
    let beside = || env::current_exe().expect("a test knows where it is").ancestors().nth(2).unwrap().to_owned();
    let path = env::var_os("NHIP_TEST_BINARIES").map_or_else(beside, PathBuf::from).join(name);
    assert!(path.exists(), "{} is missing; build it with: cargo build --workspace", path.display());
    path
}

/// A command that the kernel kills when the test's thread is gone, however that came.
pub(crate) fn mortal(program: impl AsRef<Path>) -> Command {
    let mut command = if cfg!(target_os = "linux") {
        let mut command = Command::new("setpriv");
        command.args(["--pdeathsig", "KILL", "--"]).arg(program.as_ref());
        command
    } else {
        Command::new(program.as_ref())
    };
    command.stdin(Stdio::null()).kill_on_drop(true);
    command
}

fn command(program: &str, dir: &Path, settings: &BTreeMap<String, String>, arguments: &[&str]) -> Command {
    let mut command = mortal(binary(program));
    for (name, _) in env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("NHIP_")) {
        command.env_remove(name);
    }
    command.args(arguments).envs(settings).current_dir(dir);
    command
}

impl Program {
    /// Starts `nhip` in `dir`, appending what it prints to the files `nhip.stdout` and `nhip.stderr` there.
    pub fn start(dir: &Path, settings: &BTreeMap<String, String>, arguments: &'static [&'static str]) -> Self {
        Self::start_as("nhip", &CommandLine { program: "nhip", arguments }, dir, settings)
    }

    /// Starts a program that prints under a name of its own.
    pub(crate) fn start_as(name: &str, line: &CommandLine, dir: &Path, settings: &BTreeMap<String, String>) -> Self {
        let file = |kind| File::options().create(true).append(true).open(dir.join(format!("{name}.{kind}"))).unwrap();
        let mut command = command(line.program, dir, settings, line.arguments);
        let child = command.stdout(file("stdout")).stderr(file("stderr")).spawn();
        Self { child: child.unwrap_or_else(|err| panic!("{name} does not start: {err}")) }
    }

    /// Runs a command of `nhip` to the end.
    pub async fn run(dir: &Path, settings: &BTreeMap<String, String>, arguments: &[&str]) -> Output {
        Self::run_any("nhip", dir, settings, arguments).await
    }

    /// Runs a program to the end.
    pub async fn run_any(program: &str, dir: &Path, settings: &BTreeMap<String, String>, arguments: &[&str]) -> Output {
        let run = command(program, dir, settings, arguments).output();
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

    /// Its process, while it runs.
    pub(crate) fn id(&self) -> Option<u32> {
        self.child.id()
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
