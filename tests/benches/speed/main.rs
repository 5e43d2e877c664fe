//! `make bench`: how fast it is, as ratios against what else could be there, measured in one run.
//!
//! Absolute figures swing many-fold between a busy and a quiet machine: so each is measured beside its baseline, the rounds
//! interleaved, with a probe of the disk. Nothing here fails for being slow.

mod accept;
mod beats;
mod child;
mod disk;
mod figures;
mod furnish;
mod lanes;
mod lateness;
mod log;
mod pgbench;
mod postgres;
mod servers;
mod six;
mod sqlite;
mod wrk;

use std::process::ExitCode;

const USAGE: &str = "one of: accept [alone] [hot] [spread] [many] (on PostgreSQL), beats, sqlite, log";

#[tokio::main]
async fn main() -> ExitCode {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    if let ["serve", what, rest @ ..] = arguments.as_slice() {
        servers::serve(what, rest).await;
        return ExitCode::SUCCESS;
    }
    if let Some(missing) = wrk::missing() {
        println!("{missing}");
        return ExitCode::FAILURE;
    }
    match arguments.as_slice() {
        [] => {
            accept::run(&[]).await;
            beats::run().await;
            sqlite::run().await;
            log::run().await;
        }
        ["beats"] => beats::run().await,
        ["accept", cases @ ..] => accept::run(cases).await,
        ["sqlite"] => sqlite::run().await,
        ["log"] => log::run().await,
        _ => {
            println!("{USAGE}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}
