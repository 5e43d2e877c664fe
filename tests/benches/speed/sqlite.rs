//! How fast calls are accepted on SQLite: the group commit against one transaction per message, by the same code over the
//! same HTTP.

use nhip_domain::Database;
use tempfile::TempDir;

use crate::{
    child::Child,
    disk,
    figures::{median, ratio, ratios, rounds},
    furnish::furnish,
    wrk::{self, Measured},
};

const CONNECTIONS: [usize; 4] = [1, 16, 64, 256];
const SECONDS: u64 = 3;

struct Side {
    folder: TempDir,
    child: Child,
    paths: Vec<String>,
}

pub(crate) async fn run() {
    let sides = [Side::start("256").await, Side::start("1").await];
    println!("SQLite, synchronous=FULL; {} rounds of {SECONDS} s, interleaved\n", rounds());
    let mut probes = Vec::new();
    let mut results = vec![vec![Vec::new(); sides.len()]; CONNECTIONS.len()];
    for _round in 0..rounds() {
        for (row, connections) in results.iter_mut().zip(CONNECTIONS) {
            for (cell, side) in row.iter_mut().zip(&sides) {
                probes.push(disk::fdatasync_us(side.folder.path()));
                cell.push(wrk::load(&side.child.base, &side.paths, connections, SECONDS).await);
            }
        }
    }
    println!("fdatasync: {:.0} µs (median)\n", median(probes));
    ratios();
    for (row, connections) in results.iter().zip(CONNECTIONS) {
        let of = |side: usize, what: fn(&Measured) -> f64| median(row[side].iter().map(what).collect());
        let (gate, target) = if connections == 64 { ("2.5", "5") } else { ("", "") };
        let line = |what: &str| format!("{what}, {connections} clients : one by one");
        ratio(&line("calls/s"), of(0, |m| m.per_second), of(1, |m| m.per_second), gate, target);
        ratio(&line("p50 ms"), of(0, |m| m.p50_ms), of(1, |m| m.p50_ms), "", "");
        ratio(&line("p99 ms"), of(0, |m| m.p99_ms), of(1, |m| m.p99_ms), "", "");
    }
    println!();
}

impl Side {
    async fn start(batch: &str) -> Self {
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
        let file = folder.path().join("nhip.db");
        let paths = furnish(Database::sqlite(&file).await.unwrap(), 1).await;
        let child = Child::serve(&["sqlite", file.to_str().unwrap(), batch, "true"]);
        Self { folder, child, paths }
    }
}
