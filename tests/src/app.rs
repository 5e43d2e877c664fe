//! A running app with a database of its own, and the proof at its end that nothing was lost on the way.

use std::{
    collections::BTreeMap,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use nhip_domain::clock::Clock;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    Failure, Options, Postgres, Process, Program, Proxy, Query, Received, Redis, Shape, Shop, fleet::Fleet, graphql,
    program::content, received, servers::Servers, until,
};

/// How long a start may take: on a busy machine, with every other test beside it.
const START: Duration = Duration::from_mins(1);
/// A running app. End every story with [`TestApp::finish`].
#[derive(Debug)]
pub struct TestApp {
    settings: Mutex<BTreeMap<String, String>>,
    fleet: Fleet,
    /// Whose turn it is to be called.
    turn: AtomicUsize,
    http: reqwest::Client,
    clock: Clock,
    /// Workspaces, with a token for each.
    workspaces: Mutex<Vec<(String, String)>>,
    /// What no log may show, and what each is.
    secrets: Mutex<BTreeMap<String, &'static str>>,
    finished: AtomicBool,
    // After the processes: they go down before what they stand on.
    servers: Option<Servers>,
    dir: TempDir,
}

impl TestApp {
    /// With the usual options.
    pub async fn start(shape: Shape) -> Self {
        Options::new(shape).start().await
    }

    pub(crate) async fn start_with(options: Options) -> Self {
        let dir = TempDir::with_prefix("nhip-story-").unwrap();
        let servers = match options.shape {
            Shape::Embedded => None,
            Shape::ScaledOut => Some(Servers::start(&options, dir.path()).await),
        };
        let mut settings = servers.as_ref().map(Servers::settings).unwrap_or_default();
        settings.extend(options.settings.clone());
        let path = |name: &str| dir.path().join(name).display().to_string();
        settings.insert("NHIP_SIMULATOR_LOG".to_owned(), path("received"));
        settings.insert("NHIP_DATA_DIR".to_owned(), path("data"));
        let app = Self {
            fleet: Fleet::start(&options, &settings, dir.path()),
            settings: Mutex::new(settings),
            turn: AtomicUsize::new(0),
            http: http(),
            clock: Clock::system(),
            workspaces: Mutex::default(),
            secrets: Mutex::default(),
            finished: AtomicBool::new(false),
            servers,
            dir,
        };
        app.ready().await;
        app.keep_own_secrets();
        app
    }

    /// The installation's secret key, as text.
    pub fn secret_key(&self) -> String {
        let kept = || content(&self.data_dir().join("secret.key")).trim().to_owned();
        self.settings.lock().unwrap().get("NHIP_SECRET_KEY").cloned().unwrap_or_else(kept)
    }

    fn keep_own_secrets(&self) {
        self.keep_secret(&self.secret_key(), "the secret key");
        if let Some(servers) = &self.servers {
            self.keep_secret(&servers.database_password(), "the database's password");
            self.keep_secret(servers.redis.password(), "the password of Redis");
        }
    }

    /// Waits until it takes requests.
    pub async fn ready(&self) {
        for api in self.apis() {
            until(&format!("{} is ready", api.name()), START, async || self.is_ready(api).await).await;
        }
    }

    async fn is_ready(&self, api: &Process) -> bool {
        let ended = api.ended().await;
        assert!(ended.is_none(), "{} ended with {ended:?}: {}", api.name(), api.stderr());
        let answer = self.http.get(format!("{}/readyz", api.url().unwrap_or_default())).send().await;
        answer.is_ok_and(|answer| answer.status().is_success())
    }

    /// The processes that answer callers.
    pub fn apis(&self) -> &[Process] {
        &self.fleet.apis
    }

    /// The processes that send, where they are others.
    pub fn workers(&self) -> &[Process] {
        &self.fleet.workers
    }

    fn servers(&self) -> &Servers {
        self.servers.as_ref().expect("a scaled out app")
    }

    pub fn redis(&self) -> &Redis {
        &self.servers().redis
    }

    /// The PostgreSQL of [`Options::own_postgres`].
    pub fn postgres(&self) -> &Postgres {
        self.servers().postgres()
    }

    /// What stands before it, with [`Options::proxied`].
    pub fn proxy(&self) -> &Proxy {
        self.servers().proxy()
    }

    /// Where to call now: the next process that is up, as a balancer would have it.
    pub fn url(&self) -> &str {
        let up: Vec<_> = self.apis().iter().filter(|api| api.is_up()).collect();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        let api = if up.is_empty() { &self.apis()[0] } else { up[turn % up.len()] };
        api.url().unwrap_or_default()
    }

    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// What all of it printed on the terminal.
    pub fn stdout(&self) -> String {
        self.fleet.all().map(Process::stdout).collect()
    }

    /// What all of it logged.
    pub fn stderr(&self) -> String {
        self.fleet.all().map(Process::stderr).collect()
    }

    /// What the built-in WhatsApp wrote down.
    pub fn received(&self) -> Vec<Received> {
        received::read(&self.dir.path().join("received"))
    }

    /// Notes what must not stand in a log.
    pub fn keep_secret(&self, secret: &str, what: &'static str) {
        assert!(secret.len() > 7, "{what} is too short to look for: {secret}");
        self.secrets.lock().unwrap().insert(secret.to_owned(), what);
    }

    /// A new workspace with an owner, the account +1 510 556-6777 and a webhook URL.
    pub async fn shop(&self) -> Shop<'_> {
        Shop::open(self).await
    }

    pub(crate) fn watch(&self, workspace_id: &str, token: &str) {
        self.workspaces.lock().unwrap().push((workspace_id.to_owned(), token.to_owned()));
    }

    /// Asks about a workspace with another token from now on: the one before has ended.
    pub fn watch_as(&self, workspace_id: &str, token: &str) {
        self.keep_secret(token, "an access token");
        let mut workspaces = self.workspaces.lock().unwrap();
        workspaces.retain(|(id, _)| id != workspace_id);
        workspaces.push((workspace_id.to_owned(), token.to_owned()));
    }

    pub(crate) fn workspaces(&self) -> Vec<(String, String)> {
        self.workspaces.lock().unwrap().clone()
    }

    /// Asks GraphQL, expecting an answer.
    pub async fn ask(&self, token: Option<&str>, query: &Query) -> Value {
        graphql::ask(self, token, query).await.unwrap_or_else(|failure| panic!("{failure:?} for {query:?}"))
    }

    /// Asks GraphQL, expecting an error.
    pub async fn ask_in_vain(&self, token: Option<&str>, query: &Query) -> Failure {
        match graphql::ask(self, token, query).await {
            Ok(answer) => panic!("{answer} for {query:?}"),
            Err(failure) => failure,
        }
    }

    /// kill -9 of every process, and a new start on the same data and the same ports.
    pub async fn kill_and_restart(&self) {
        self.kill().await;
        self.restart().await;
    }

    pub async fn kill(&self) {
        self.fleet.kill().await;
    }

    pub async fn restart(&self) {
        self.fleet.restart().await;
        self.ready().await;
    }

    /// A graceful end.
    pub async fn stop(&self) {
        self.fleet.stop().await;
    }

    /// Runs another command of the program on the same data.
    pub async fn command(&self, arguments: &[&str]) -> std::process::Output {
        let settings = self.settings.lock().unwrap().clone();
        Program::run(self.dir.path(), &settings, arguments).await
    }

    /// Gives every process another setting, one after the other, while the others go on.
    pub async fn roll_out(&self, name: &str, value: &str) {
        self.settings.lock().unwrap().insert(name.to_owned(), value.to_owned());
        for process in self.fleet.all() {
            process.set(name, value);
            process.stop().await;
            process.restart().await;
            self.ready().await;
        }
    }

    /// The database's URL.
    pub(crate) fn database_url(&self) -> String {
        let file = || format!("sqlite:{}", self.data_dir().join("nhip.db").display());
        self.servers.as_ref().map_or_else(file, Servers::database_url)
    }

    /// Ends the story: everything settles, the program stops, the ledger adds up, and no log knows a secret.
    pub async fn finish(self) {
        self.settle().await;
        self.stop().await;
        self.audit().await;
        self.check_logs();
        self.finished.store(true, Ordering::Relaxed);
    }

    /// Proves the ledger.
    pub async fn audit(&self) {
        let audit = self.command(&["audit"]).await;
        let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(audit.status.success(), "nhip audit: {}{}", said(&audit.stdout), said(&audit.stderr));
    }

    fn check_logs(&self) {
        for process in self.fleet.all() {
            let (name, log) = (process.name(), process.stderr());
            for (secret, what) in self.secrets.lock().unwrap().iter() {
                let line = log.lines().find(|line| line.contains(secret.as_str()));
                assert!(line.is_none(), "the log of {name} shows {what}: {line:?}");
            }
            let panic = log.lines().find(|line| line.contains("panicked at"));
            assert!(panic.is_none(), "{name} panicked: {panic:?}");
        }
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if !thread::panicking() {
            assert!(self.finished.load(Ordering::Relaxed), "a story ends with app.finish()");
            return;
        }
        self.dir.disable_cleanup(true);
        eprintln!("What it left is in {}", self.dir.path().display());
        for process in self.fleet.all() {
            let log = process.stderr();
            let lines: Vec<_> = log.lines().filter(|line| !line.contains("DEBUG")).collect();
            let last = lines[lines.len().saturating_sub(40)..].join("\n");
            eprintln!("The log of {} ends:\n{last}", process.name());
        }
    }
}

fn http() -> reqwest::Client {
    // There is no TLS here, but the client insists on knowing how it would.
    let _already = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder()
        .no_proxy()
        .timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap()
}
