//! An outside observer. It knows what callers were told, what was done to the app and when, what WhatsApp received and what
//! the database holds, and says where these do not agree.

mod checks;

use std::{
    collections::{BTreeMap, HashMap},
    env, fs,
    io::Write as _,
    sync::Mutex,
    time::Duration,
};

use nhip_entity::{account, credit_entry, message, message::MessageStatus};
use sea_orm::EntityTrait as _;
use serde_json::json;

use crate::{Received, Stamp, TestApp};

/// One call of the webhook, and what its caller knows of it. No two calls have the same text.
#[derive(Clone, Debug)]
pub struct Call {
    pub text: String,
    /// Whether it was repeated under one key until somebody answered.
    pub keyed: bool,
    pub told: Told,
}

/// What a caller was told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Told {
    /// 200, with this id.
    Accepted(String),
    /// That it was not taken and nothing was charged: by any 4xx, or by the 503 that promises it.
    Refused(String),
    /// Nothing that can be relied on.
    Nothing,
}

/// Something that was done to the app.
#[derive(Clone, Debug)]
pub struct Blow {
    pub kind: &'static str,
    /// It had not begun yet.
    pub from: Stamp,
    /// It was over.
    pub to: Stamp,
    pub excuse: Excuse,
}

/// What a blow may cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Excuse {
    /// Nothing but time.
    Nothing,
    /// A message that was on its way is sent again under its id.
    Repeat,
    /// The same, and a worker that was frozen in mid-send finishes it whenever it wakes.
    Late,
}

/// What is written down while a story runs.
#[derive(Debug)]
pub struct Observer {
    story: &'static str,
    /// The shortest gap between two messages of one account.
    shortest: Duration,
    /// Whether each account sends in the order of acceptance: not where messages move between accounts.
    in_order: bool,
    calls: Mutex<Vec<Call>>,
    blows: Mutex<Vec<Blow>>,
}

/// Everything there is to judge by.
#[derive(Debug, Default)]
struct Evidence {
    shortest: Duration,
    in_order: bool,
    calls: Vec<Call>,
    blows: Vec<Blow>,
    messages: Vec<Stored>,
    received: Vec<Received>,
    credits: Credits,
}

/// A message in the database.
#[derive(Clone, Debug)]
struct Stored {
    id: String,
    text: String,
    status: MessageStatus,
    failure: Option<message::FailureReason>,
    hand_overs: i32,
    /// What it cost, less what came back.
    paid: i64,
}

#[derive(Clone, Copy, Debug, Default)]
struct Credits {
    granted: i64,
    /// The sum of all entries.
    left: i64,
}

impl Observer {
    pub fn of(story: &'static str, shortest: Duration) -> Self {
        Self { story, shortest, in_order: true, calls: Mutex::default(), blows: Mutex::default() }
    }

    /// For stories in which messages move from one account to another.
    #[must_use]
    pub fn in_any_order(mut self) -> Self {
        self.in_order = false;
        self
    }

    pub fn hear(&self, call: Call) {
        self.calls.lock().unwrap().push(call);
    }

    pub fn note(&self, blow: Blow) {
        self.blows.lock().unwrap().push(blow);
    }

    /// Does something to the app and notes when.
    pub async fn blow<T>(
        &self,
        app: &TestApp,
        kind: &'static str,
        excuse: Excuse,
        strike: impl AsyncFnOnce() -> T,
    ) -> T {
        let from = app.clock().now();
        let done = strike().await;
        self.note(Blow { kind, from, to: app.clock().now(), excuse });
        done
    }

    /// Judges an app that has settled.
    pub async fn judge(self, app: &TestApp) {
        let evidence = self.collect(app).await;
        let findings = checks::all(&evidence);
        report(self.story, &evidence, &findings);
        assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
    }

    async fn collect(&self, app: &TestApp) -> Evidence {
        let database = app.database().await;
        let mut rows = message::Entity::find().all(&database).await.unwrap();
        rows.sort_by_key(|row| (row.workspace_id, row.place));
        let entries = credit_entry::Entity::find().all(&database).await.unwrap();
        let granted = entries.iter().filter(|entry| entry.kind == credit_entry::CreditKind::Grant);
        let credits = Credits {
            granted: granted.map(|entry| entry.amount).sum(),
            left: entries.iter().map(|entry| entry.amount).sum(),
        };
        let accounts = account::Entity::find().all(&database).await.unwrap();
        assert!(!accounts.is_empty(), "there is nothing to judge");
        Evidence {
            shortest: self.shortest,
            in_order: self.in_order,
            calls: self.calls.lock().unwrap().clone(),
            blows: self.blows.lock().unwrap().clone(),
            messages: rows.into_iter().map(Stored::from).collect(),
            received: app.received(),
            credits,
        }
    }
}

impl From<message::Model> for Stored {
    fn from(row: message::Model) -> Self {
        let paid = if row.restored { 0 } else { i64::from(row.credits) };
        let message::Model { id, text, status, failure, hand_overs, .. } = row;
        Self { id, text, status, failure, hand_overs, paid }
    }
}

/// Says what was seen, and appends it to the file of `NHIP_TORTURE_REPORT`, if there is one.
fn report(story: &str, evidence: &Evidence, findings: &[String]) {
    let mut blows: BTreeMap<&str, usize> = BTreeMap::new();
    for blow in &evidence.blows {
        *blows.entry(blow.kind).or_default() += 1;
    }
    let mut told: HashMap<&str, usize> = HashMap::new();
    for call in &evidence.calls {
        let kind = match call.told {
            Told::Accepted(_) => "accepted",
            Told::Refused(_) => "refused",
            Told::Nothing => "unknown",
        };
        *told.entry(kind).or_default() += 1;
    }
    let mut ends: BTreeMap<String, usize> = BTreeMap::new();
    for message in &evidence.messages {
        let why = message.failure.map(|reason| format!(": {reason:?}")).unwrap_or_default();
        *ends.entry(format!("{:?}{why}", message.status)).or_default() += 1;
    }
    let line = json!({
        "story": story,
        "blows": blows,
        "calls": evidence.calls.len(),
        "told": told,
        "messages": evidence.messages.len(),
        "ends": ends,
        "received": evidence.received.len(),
        "repeats": evidence.received.iter().filter(|line| line.repeat).count(),
        "findings": findings.len(),
    });
    println!("{line}");
    if let Some(path) = env::var_os("NHIP_TORTURE_REPORT") {
        let mut file = fs::File::options().create(true).append(true).open(path).expect("the report's file");
        file.write_all(format!("{line}\n").as_bytes()).expect("the report is written");
    }
}
