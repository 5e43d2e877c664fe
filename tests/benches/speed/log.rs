//! What the activation log costs accept: the same servers twice, one of which logs nothing.

use nhip_domain::Database;
use tempfile::TempDir;

use crate::{
    child::Child,
    figures::{paired, ratios, rounds},
    furnish::furnish,
    postgres::Postgres,
    wrk,
};

/// Short, so that what a neighbour does to one half of a pair it does to the other.
const SECONDS: u64 = 1;
/// How many pairs of measurements a round has.
const PAIRS: usize = 6;
const CLIENTS: usize = 64;
const WORKSPACES: usize = 100;
/// How fast accept must stay, as a share of what it would be without the log.
const GATE: &str = "0.9";

/// A server and its webhooks.
struct Side {
    child: Child,
    paths: Vec<String>,
}

/// One way of being called, of both sides: with the log, and without.
struct Case {
    name: &'static str,
    sides: [Side; 2],
    workspaces: usize,
    per_second: Vec<[f64; 2]>,
}

pub(crate) async fn run() {
    let server = Postgres::start();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let mut cases = [
        Case::new("PostgreSQL, hot", 1, [postgres(&server, "logs").await, postgres(&server, "unlogged").await]),
        Case::new("PostgreSQL, spread", WORKSPACES, [postgres(&server, "all").await, postgres(&server, "none").await]),
        Case::new("SQLite, hot", 1, [sqlite(&folder, "logs").await, sqlite(&folder, "unlogged").await]),
    ];
    let pairs = PAIRS * rounds();
    println!("What the activation log costs; {pairs} pairs of {SECONDS} s each, {CLIENTS} clients, interleaved\n");
    for pair in 0..=pairs {
        for case in &mut cases {
            case.measure(pair).await;
        }
    }
    ratios();
    for case in cases {
        paired(&format!("calls/s with the log : without, {}", case.name), &case.per_second, GATE, "");
    }
    println!();
}

impl Case {
    fn new(name: &'static str, workspaces: usize, sides: [Side; 2]) -> Self {
        Self { name, sides, workspaces, per_second: Vec::new() }
    }

    /// Who comes first changes from pair to pair; the first pair only warms up.
    async fn measure(&mut self, pair: usize) {
        let mut per_second = [0.0; 2];
        for turn in [pair, pair + 1] {
            let side = &self.sides[turn % 2];
            let measured = wrk::load(&side.child.base, &side.paths[..self.workspaces], CLIENTS, SECONDS).await;
            per_second[turn % 2] = measured.per_second;
        }
        if pair > 0 {
            self.per_second.push(per_second);
        }
    }
}

/// Whether a side with that name logs.
fn logs(name: &str) -> &'static str {
    if matches!(name, "logs" | "all") { "true" } else { "false" }
}

async fn postgres(server: &Postgres, name: &str) -> Side {
    let url = server.database(name);
    let paths = furnish(Database::postgres(&url, 2).await.unwrap(), WORKSPACES as u128).await;
    Side { child: Child::serve(&["postgres", &url, logs(name)]), paths }
}

async fn sqlite(folder: &TempDir, name: &str) -> Side {
    let file = folder.path().join(format!("{name}.db"));
    let paths = furnish(Database::sqlite(&file).await.unwrap(), 1).await;
    Side { child: Child::serve(&["sqlite", file.to_str().unwrap(), "256", logs(name)]), paths }
}
