//! One process of an app, which keeps its name, its settings and its log through every kill.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::ExitStatus,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use tokio::sync::Mutex as Turn;

use crate::{
    eventually,
    program::{CommandLine, Program, content},
    until,
};

/// How long it may take to come up again.
const REVIVAL: Duration = Duration::from_mins(1);

/// A process that can be killed and started again.
#[derive(Debug)]
pub struct Process {
    name: String,
    line: CommandLine,
    dir: PathBuf,
    settings: Mutex<BTreeMap<String, String>>,
    /// Where it answers callers, if it does.
    url: Option<String>,
    program: Turn<Program>,
    is_up: AtomicBool,
}

impl Process {
    /// Starts it.
    pub(crate) fn start(
        name: &str,
        line: CommandLine,
        dir: &Path,
        settings: BTreeMap<String, String>,
        url: Option<String>,
    ) -> Self {
        let program = Turn::new(Program::start_as(name, &line, dir, &settings));
        let (name, dir, settings) = (name.to_owned(), dir.to_owned(), Mutex::new(settings));
        Self { name, line, dir, settings, url, program, is_up: AtomicBool::new(true) }
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Where it answers callers.
    pub fn url(&self) -> Option<&str> {
        self.url.as_deref()
    }

    /// Whether it runs, as far as the test is concerned: a balancer would know no more.
    pub fn is_up(&self) -> bool {
        self.is_up.load(Ordering::Relaxed)
    }

    /// The memory that it has, in KiB; 0 while it is down.
    pub async fn resident_kib(&self) -> u64 {
        let Some(id) = self.program.lock().await.id() else { return 0 };
        let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.split_whitespace().next().and_then(|kib| kib.parse().ok()).unwrap_or_default()
    }

    /// The processor time that it has used; none while it is down.
    pub async fn cpu_time(&self) -> Duration {
        let Some(id) = self.program.lock().await.id() else { return Duration::ZERO };
        let stat = std::fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
        // Behind the name, which may hold anything: the 12th and 13th are ticks of 10 ms in its code and in the kernel.
        let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace().skip(11).take(2);
        Duration::from_millis(fields.filter_map(|ticks| ticks.parse::<u64>().ok()).sum::<u64>() * 10)
    }

    /// How it ended by itself, if it did.
    pub(crate) async fn ended(&self) -> Option<ExitStatus> {
        self.program.lock().await.ended()
    }

    /// kill -9.
    pub async fn kill(&self) {
        self.is_up.store(false, Ordering::Relaxed);
        self.program.lock().await.kill().await;
    }

    /// Has another setting from its next start on.
    pub(crate) fn set(&self, name: &str, value: &str) {
        self.settings.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// Starts it again, on the same port.
    pub async fn restart(&self) {
        let settings = self.settings.lock().unwrap().clone();
        *self.program.lock().await = Program::start_as(&self.name, &self.line, &self.dir, &settings);
        self.is_up.store(true, Ordering::Relaxed);
    }

    /// Starts it again and again, as a supervisor does, until it has come up: it ends where what it needs is not there.
    pub async fn revive(&self) {
        until(&format!("{} stays", self.name), REVIVAL, async || {
            let before = self.ups();
            self.restart().await;
            eventually("it is up or has ended", REVIVAL, async || {
                if self.ended().await.is_some() { Some(false) } else { (self.ups() > before).then_some(true) }
            })
            .await
        })
        .await;
    }

    /// How often it has said that it is up.
    fn ups(&self) -> usize {
        let log = self.stderr();
        log.matches("nhip_api::serve: listening ").count() + log.matches("nhip_worker::cli: working ").count()
    }

    /// Freezes it, as a machine that is out of memory does.
    pub async fn freeze(&self) {
        self.is_up.store(false, Ordering::Relaxed);
        self.program.lock().await.signal("STOP").await;
    }

    /// Lets it go on where it was.
    pub async fn thaw(&self) {
        self.program.lock().await.signal("CONT").await;
        self.is_up.store(true, Ordering::Relaxed);
    }

    /// A graceful end.
    pub async fn stop(&self) {
        self.is_up.store(false, Ordering::Relaxed);
        let status = self.program.lock().await.stop().await;
        assert!(status.success(), "{} ended with {status}: {}", self.name, self.stderr());
    }

    /// What it printed on the terminal.
    pub fn stdout(&self) -> String {
        content(&self.dir.join(format!("{}.stdout", self.name)))
    }

    /// What it logged.
    pub fn stderr(&self) -> String {
        content(&self.dir.join(format!("{}.stderr", self.name)))
    }
}
