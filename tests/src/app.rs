//! One running program with a data folder of its own, and the proof at its end that nothing was lost on the way.

use std::{
    collections::BTreeMap,
    net::TcpListener,
    path::PathBuf,
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::Duration,
};

use nhip_domain::clock::Clock;
use serde_json::{Value, json};
use sqlx::{ConnectOptions as _, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use tokio::sync::Mutex as Turn;

use crate::{Failure, Program, Query, Received, Shop, graphql, program::content, received, until, wait::eventually};

/// How long a start may take: on a busy machine, with every other test beside it.
const START: Duration = Duration::from_mins(1);
/// How long the queue may take to run dry.
const SETTLE: Duration = Duration::from_mins(2);

/// How the program is started.
#[derive(Clone, Debug)]
pub struct Options {
    settings: BTreeMap<String, String>,
    demo: bool,
}

impl Default for Options {
    /// A brisk pace, so that stories are short, and everything logged, so that secrets would show.
    fn default() -> Self {
        let settings = [("NHIP_PACE_FLOOR_MS", "20"), ("NHIP_PACE_MIN_MS", "40"), ("NHIP_PACE_MAX_MS", "80")];
        let settings = settings.into_iter().chain([("NHIP_LOG", "debug"), ("NHIP_SIGNUP_CREDITS", "1000")]);
        let settings = settings.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        Self { settings, demo: false }
    }
}

impl Options {
    /// What a new workspace has.
    #[must_use]
    pub fn credits(self, credits: u32) -> Self {
        self.set("NHIP_SIGNUP_CREDITS", &credits.to_string())
    }

    /// Any setting.
    #[must_use]
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// The pace that everyone has who sets none.
    #[must_use]
    pub fn default_pace(mut self) -> Self {
        self.settings.retain(|name, _| !name.starts_with("NHIP_PACE"));
        self
    }

    /// With the demo's workspace.
    #[must_use]
    pub fn demo(mut self) -> Self {
        self.demo = true;
        self
    }

    pub async fn start(self) -> TestApp {
        TestApp::start_with(self).await
    }
}

/// A running program. End every story with [`TestApp::finish`].
#[derive(Debug)]
pub struct TestApp {
    dir: TempDir,
    options: Options,
    url: String,
    program: Turn<Program>,
    http: reqwest::Client,
    clock: Clock,
    /// Workspaces, with a token for each.
    workspaces: Mutex<Vec<(String, String)>>,
    /// What no log may show, and what each is.
    secrets: Mutex<BTreeMap<String, &'static str>>,
    finished: AtomicBool,
}

impl TestApp {
    /// With the default options.
    pub async fn start() -> Self {
        Options::default().start().await
    }

    async fn start_with(mut options: Options) -> Self {
        let dir = TempDir::with_prefix("nhip-story-").unwrap();
        let listen = free_address();
        let path = |name: &str| dir.path().join(name).display().to_string();
        for (name, value) in
            [("NHIP_LISTEN", listen.clone()), ("NHIP_DATA_DIR", path("data")), ("NHIP_SIMULATOR_LOG", path("received"))]
        {
            options.settings.insert(name.to_owned(), value);
        }
        let program = Turn::new(Program::start(dir.path(), &options.settings, arguments(&options)));
        let app = Self {
            url: format!("http://{listen}"),
            http: http(),
            clock: Clock::system(),
            workspaces: Mutex::default(),
            secrets: Mutex::default(),
            finished: AtomicBool::new(false),
            dir,
            options,
            program,
        };
        app.ready().await;
        let key = content(&app.data_dir().join("secret.key"));
        app.keep_secret(key.trim(), "the secret key");
        app
    }

    /// Waits until it takes requests.
    async fn ready(&self) {
        until("the program is ready", START, async || {
            let ended = self.program.lock().await.ended();
            assert!(ended.is_none(), "the program ended with {ended:?}: {}", self.stderr());
            let answer = self.http.get(format!("{}/readyz", self.url)).send().await;
            answer.is_ok_and(|answer| answer.status().is_success())
        })
        .await;
    }

    pub fn url(&self) -> &str {
        &self.url
    }

    pub fn http(&self) -> &reqwest::Client {
        &self.http
    }

    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    pub fn data_dir(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    /// What it printed on the terminal.
    pub fn stdout(&self) -> String {
        content(&self.dir.path().join("stdout"))
    }

    /// What it logged.
    pub fn stderr(&self) -> String {
        content(&self.dir.path().join("stderr"))
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

    /// kill -9, and a new start on the same data and the same port.
    pub async fn kill_and_restart(&self) {
        self.kill().await;
        self.restart().await;
    }

    pub async fn kill(&self) {
        self.program.lock().await.kill().await;
    }

    pub async fn restart(&self) {
        *self.program.lock().await = Program::start(self.dir.path(), &self.options.settings, arguments(&self.options));
        self.ready().await;
    }

    /// A graceful end.
    pub async fn stop(&self) {
        let status = self.program.lock().await.stop().await;
        assert!(status.success(), "the program ended with {status}: {}", self.stderr());
    }

    /// Runs another command of the program on the same data.
    pub async fn command(&self, arguments: &[&str]) -> std::process::Output {
        Program::run(self.dir.path(), &self.options.settings, arguments).await
    }

    /// Waits until nothing is queued or on its way, and nothing that WhatsApp will report is due soon.
    pub async fn settle(&self) {
        until("everything has settled", SETTLE, async || self.has_settled().await).await;
    }

    async fn has_settled(&self) -> bool {
        let workspaces = self.workspaces.lock().unwrap().clone();
        let text = "query($id: ID!) { workspace(id: $id) { queue { queued sending } } }";
        for (id, token) in workspaces {
            let answer = self.ask(Some(&token), &Query::new(text, json!({ "id": id }))).await;
            if answer["workspace"]["queue"] != json!({"queued": 0, "sending": 0}) {
                return false;
            }
        }
        self.due_events().await == 0
    }

    /// What the built-in WhatsApp will report within some seconds.
    async fn due_events(&self) -> i64 {
        let soon = self.clock.now() + Duration::from_secs(8);
        let mut database = self.database(true).await;
        sqlx::query_scalar("SELECT count(*) FROM simulator_events WHERE due_at < ?")
            .bind(soon.to_rfc3339())
            .fetch_one(&mut database)
            .await
            .unwrap()
    }

    /// The program's own database, from the side.
    pub async fn database(&self, read_only: bool) -> sqlx::SqliteConnection {
        let options = SqliteConnectOptions::new().filename(self.data_dir().join("nhip.db")).read_only(read_only);
        eventually("the database opens", Duration::from_secs(10), async || options.connect().await.ok()).await
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
        let logs = self.stderr();
        for (secret, what) in self.secrets.lock().unwrap().iter() {
            let line = logs.lines().find(|line| line.contains(secret.as_str()));
            assert!(line.is_none(), "a log shows {what}: {line:?}");
        }
        let panic = logs.lines().find(|line| line.contains("panicked at"));
        assert!(panic.is_none(), "the program panicked: {panic:?}");
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if thread::panicking() {
            let logs = self.stderr();
            let lines: Vec<_> = logs.lines().filter(|line| !line.contains("DEBUG")).collect();
            eprintln!("The program's log ends:\n{}", lines[lines.len().saturating_sub(40)..].join("\n"));
        } else {
            assert!(self.finished.load(Ordering::Relaxed), "a story ends with app.finish()");
        }
    }
}

fn arguments(options: &Options) -> &'static [&'static str] {
    if options.demo { &["serve", "--demo"] } else { &["serve"] }
}

fn free_address() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().to_string()
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
