//! How fast calls are accepted on PostgreSQL.

use nhip_domain::Database;

use crate::{
    child::Child,
    disk,
    figures::{median, ratio, ratios, rounds},
    furnish::furnish,
    pgbench,
    postgres::Postgres,
    wrk::{self, Measured},
};

const SECONDS: u64 = 3;
const WORKSPACES: usize = 100;

/// A server, its database, and the webhooks in it.
struct Side {
    child: Child,
    paths: Vec<String>,
}

/// Everybody who is measured, in one PostgreSQL.
struct Sides {
    server: Postgres,
    ours: Side,
    six: Side,
    echo: Child,
}

/// What one case measured, round by round.
#[derive(Default)]
struct Figures {
    hot: Vec<Measured>,
    hot_six: Vec<Measured>,
    hot_pgbench: Vec<f64>,
    spread: Vec<Measured>,
    spread_pgbench: Vec<f64>,
    alone: Vec<Measured>,
    alone_six: Vec<Measured>,
    many: Vec<Measured>,
    many_cpu: Vec<f64>,
    echo_cpu: Vec<f64>,
    disk: Vec<f64>,
}

const CASES: [&str; 4] = ["alone", "hot", "spread", "many"];

/// Measures the cases that are named; all, if none is.
pub(crate) async fn run(named: &[&str]) {
    let sides = Sides::start().await;
    println!("PostgreSQL, fsync=on, synchronous_commit=on; {} rounds of {SECONDS} s, interleaved\n", rounds());
    let mut figures = Figures::default();
    for round in 0..=rounds() {
        for case in CASES.iter().filter(|case| named.is_empty() || named.contains(case)) {
            figures.disk.push(disk::fdatasync_us(sides.server.folder()));
            figures.measure(&sides, case, round).await;
        }
        if round == 0 {
            // It warmed up: connections, plans, caches.
            figures = Figures::default();
        }
    }
    figures.print();
}

impl Sides {
    async fn start() -> Self {
        let server = Postgres::start();
        let ours = Side::start(&server, "ours", "postgres", &["true"]).await;
        let six = Side::start(&server, "six", "six", &[]).await;
        furnish(connect(&server.database("pgbench")).await, WORKSPACES as u128).await;
        Self { server, ours, six, echo: Child::serve(&["echo"]) }
    }

    fn pgbench(&self, workspaces: usize) -> f64 {
        pgbench::run(&self.server, "pgbench", workspaces, 64, SECONDS)
    }
}

impl Side {
    async fn start(server: &Postgres, database: &str, what: &str, options: &[&str]) -> Self {
        let url = server.database(database);
        let paths = furnish(connect(&url).await, WORKSPACES as u128).await;
        Self { child: Child::serve(&[&[what, &url], options].concat()), paths }
    }

    async fn load(&self, workspaces: usize, connections: usize) -> Measured {
        wrk::load(&self.child.base, &self.paths[..workspaces], connections, SECONDS).await
    }
}

impl Figures {
    /// One round of one case; who comes first changes from round to round.
    async fn measure(&mut self, sides: &Sides, case: &str, round: usize) {
        for turn in [round, round + 1] {
            match (case, turn % 2) {
                ("alone", 0) => self.alone.push(sides.ours.load(1, 1).await),
                ("alone", _) => self.alone_six.push(sides.six.load(1, 1).await),
                ("hot", 0) => self.hot.push(sides.ours.load(1, 64).await),
                ("hot", _) => {
                    self.hot_pgbench.push(sides.pgbench(1));
                    self.hot_six.push(sides.six.load(1, 64).await);
                }
                ("spread", 0) => self.spread.push(sides.ours.load(WORKSPACES, 64).await),
                ("spread", _) => self.spread_pgbench.push(sides.pgbench(WORKSPACES)),
                (_, 0) => {
                    let before = sides.ours.child.cpu_us();
                    let measured = sides.ours.load(1, 256).await;
                    self.many_cpu.push((sides.ours.child.cpu_us() - before) / measured.calls);
                    self.many.push(measured);
                }
                (_, _) => {
                    let before = sides.echo.cpu_us();
                    let measured = wrk::load(&sides.echo.base, &["/".to_owned()], 256, SECONDS).await;
                    self.echo_cpu.push((sides.echo.cpu_us() - before) / measured.calls);
                }
            }
        }
    }

    fn print(self) {
        let of = |measured: &[Measured], what: fn(&Measured) -> f64| median(measured.iter().map(what).collect());
        let per_second = |measured: &[Measured]| of(measured, |m| m.per_second);
        println!("fdatasync: {:.0} µs (median)\n", median(self.disk));
        ratios();
        let hot = per_second(&self.hot);
        ratio("calls/s, hot, 64 clients : pgbench's", hot, median(self.hot_pgbench), "8", "15");
        let spread = per_second(&self.spread);
        ratio("calls/s, spread, 64 clients : pgbench's", spread, median(self.spread_pgbench), "1.5", "2.5");
        let (p50, p99) = (|m: &Measured| m.p50_ms, |m: &Measured| m.p99_ms);
        ratio("p99 ms, hot, 64 clients : six statements'", of(&self.hot, p99), of(&self.hot_six, p99), "0.2", "0.067");
        ratio("p50 ms, 1 client : six statements'", of(&self.alone, p50), of(&self.alone_six, p50), "1.1", "0.9");
        ratio("CPU µs per call, 256 clients : echo's", median(self.many_cpu), median(self.echo_cpu), "6", "3.5");
        println!("\nbeside them, in calls/s: with 256 clients {:.0}", per_second(&self.many));
        println!("six statements, hot, 64 clients {:.0}\n", per_second(&self.hot_six));
    }
}

async fn connect(url: &str) -> Database {
    Database::postgres(url, 2).await.unwrap()
}
