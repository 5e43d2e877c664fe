//! The command line of `nhip-worker`: the sending half, for several processes on one database.

use std::{process::ExitCode, sync::Arc};

use clap::{CommandFactory as _, FromArgMatches as _, Parser};
use nhip_domain::{clock::Clock, signal::Signals};
use tokio::runtime::Builder;

use crate::{
    bus::{LocalBus, SharedBus},
    config::{self, Config, DatabaseChoice},
    jobs::JobQueue,
    logging, metrics,
    open::{self, StartError},
    redis_server::RedisServer,
    run::{Outside, Worker},
    told_to_stop::ToldToStop,
};

/// Sends what `nhip serve --no-worker` accepts. Any number of these share the work
#[derive(Debug, Parser)]
#[command(name = "nhip-worker", version)]
struct Cli {}

/// A worker mostly waits. Where it does something, handing it to other threads would cost more than it takes: where one is not
/// enough, another process shares the work.
const THREADS: usize = 1;

/// Runs what the command line says. (Not `async`: the program would be compiled once more where it is awaited.)
#[must_use]
pub fn main() -> ExitCode {
    match Builder::new_multi_thread().worker_threads(THREADS).enable_all().build() {
        Ok(runtime) => runtime.block_on(obey()),
        Err(err) => {
            eprintln!("nhip-worker: no threads can be started: {err}");
            ExitCode::FAILURE
        }
    }
}

async fn obey() -> ExitCode {
    let matches = Cli::command().after_help(config::help()).get_matches();
    if let Err(err) = Cli::from_arg_matches(&matches) {
        err.exit();
    }
    match work().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(err) => {
            eprintln!("nhip-worker: {err}");
            ExitCode::FAILURE
        }
    }
}

/// Works until the process is told to stop.
async fn work() -> Result<(), StartError> {
    let config = Config::load()?;
    let _traces = logging::start(&config, "nhip-worker")?;
    if let DatabaseChoice::Sqlite(_) = config.database {
        let problem = "workers share their work through PostgreSQL: set NHIP_DATABASE_URL; with SQLite, `nhip serve` does everything";
        return Err(StartError::Other(problem.to_owned()));
    }
    for warning in config.warnings.iter().map(String::as_str).chain(config.warning_of_slow_wake_ups()) {
        tracing::warn!("{warning}");
    }
    let stop = ToldToStop::listen()?;
    let db = open::database_and_schema(&config, false).await?;
    let redis = open::redis(&config).await?;
    let (queue, signals) = neighbours(redis.as_ref());
    let cx = open::context(&config, db, config.listen, false, signals)?;
    if let Some(address) = config.metrics_listen {
        metrics::serve(address)?;
    }
    let worker = Worker::start(
        &config,
        cx,
        queue,
        Outside { downloader: open::downloader(&config)?, graph: open::graph(&config)? },
    )
    .await?;
    tracing::info!(version = env!("CARGO_PKG_VERSION"), "working");
    stop.told().await;
    worker.stop().await;
    tracing::info!("stopped");
    Ok(())
}

/// Where nudges come from, and where hints go.
fn neighbours(redis: Option<&RedisServer>) -> (JobQueue, Arc<dyn Signals>) {
    if let Some(server) = redis {
        let queue = JobQueue::shared(server, Clock::system());
        let nudged = queue.clone();
        return (queue, Arc::new(SharedBus::start_telling(server, move |account_id| nudged.nudge(account_id))));
    }
    let queue = JobQueue::default();
    let nudged = queue.clone();
    (queue, Arc::new(LocalBus::with_nudges(move |account_id| nudged.nudge(account_id))))
}
