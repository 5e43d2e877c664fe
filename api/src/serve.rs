//! `nhip serve`: everything in one process, or the callers' half of it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use nhip_domain::{Cx, Database, message::Acceptor};
use nhip_worker::{
    bus::LocalBus,
    config::{Config, DataDirLock, DatabaseChoice, lock_data_dir},
    gateway::simulator::Simulator,
    jobs::JobQueue,
    run::Worker,
};
use poem::Server;
use tokio::{net::TcpListener, signal};
use tokio_util::sync::CancellationToken;

use crate::{
    access_token::AccessTokens,
    demo,
    graphql::{self, Deps},
    http::{
        App,
        listener::{self, Guarded},
    },
    metrics,
    open::{self, StartError},
};

/// How long requests in flight may take to end once the process is told to.
const GRACE: Duration = Duration::from_secs(10);
/// How long a connection may say nothing between two requests.
const IDLE: Duration = Duration::from_secs(75);

/// What the command line says.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Whether others send.
    pub no_worker: bool,
    /// Whether this is the demo.
    pub demo: bool,
    /// Whether a server's schema is brought up to date.
    pub migrate: bool,
}

/// Serves until the process is told to stop.
pub async fn serve(config: &Config, options: Options) -> Result<(), StartError> {
    for warning in &config.warnings {
        tracing::warn!("{warning}");
    }
    let (db, _lock) = open_database(config, options).await?;
    let listener = bind(config, options).await?;
    let address = listener.local_addr().map_err(|err| StartError::Other(err.to_string()))?;
    let queue = JobQueue::default();
    let bus = bus(&queue, options);
    let cx = open::context(config, db, address, options.demo, Arc::new(bus.clone()))?;
    let stop = CancellationToken::new();
    if let Some(address) = config.metrics_listen {
        metrics::serve(address, stop.clone()).await?;
    }
    let worker = if options.no_worker { None } else { Some(start_worker(config, &cx, queue).await?) };
    let tokens = AccessTokens::new(&cx.secret);
    let deps = Deps { cx: cx.clone(), acceptor: Acceptor::start(cx.clone()), bus: Arc::new(bus), tokens };
    let app = App {
        admin: graphql::build(deps.clone(), config.introspection.unwrap_or(options.demo)),
        deps,
        trusted_proxies: config.trusted_proxies.clone().into(),
    };
    if options.demo {
        demo::prepare(&cx).await?;
    }
    tracing::info!(address = %address, version = env!("CARGO_PKG_VERSION"), "listening");
    let server = Server::new_with_acceptor(Guarded::new(listener)).idle_timeout(IDLE);
    let outcome = server.run_with_graceful_shutdown(app, told_to_stop(), Some(GRACE)).await;
    stop.cancel();
    if let Some(worker) = worker {
        worker.stop().await;
    }
    tracing::info!("stopped");
    outcome.map_err(|err| StartError::Other(format!("the server ended: {err}")))
}

async fn open_database(config: &Config, options: Options) -> Result<(Database, Option<DataDirLock>), StartError> {
    let lock = match config.database {
        DatabaseChoice::Sqlite(_) => Some(lock_data_dir(&config.data_dir)?),
        DatabaseChoice::Postgres(_) => None,
    };
    let db = open::database(config).await?;
    open::schema(&db, options.migrate).await?;
    Ok((db, lock))
}

async fn bind(config: &Config, options: Options) -> Result<TcpListener, StartError> {
    if options.demo && !config.listen.ip().is_loopback() {
        let problem =
            "the demo listens on this machine alone; set NHIP_LISTEN to 127.0.0.1 and a port, or leave it out";
        return Err(StartError::Other(problem.to_owned()));
    }
    let or_next = options.demo && !config.listen_given;
    listener::bind(config.listen, or_next).await.map_err(|err| cannot_listen(config.listen, &err))
}

fn cannot_listen(address: SocketAddr, err: &std::io::Error) -> StartError {
    let advice = if err.kind() == std::io::ErrorKind::AddrInUse { "; set NHIP_LISTEN to another port" } else { "" };
    StartError::Other(format!("cannot listen at {address}: {err}{advice}"))
}

fn bus(queue: &JobQueue, options: Options) -> LocalBus {
    if options.no_worker {
        // The sweep of a process that has a worker finds what is queued.
        return LocalBus::with_nudges(|_account_id| {});
    }
    let queue = queue.clone();
    LocalBus::with_nudges(move |account_id| queue.nudge(account_id))
}

async fn start_worker(config: &Config, cx: &Cx, queue: JobQueue) -> Result<Worker, StartError> {
    let simulator = Simulator::start(cx.db.clone(), cx.clock.clone(), config.simulator_log.as_deref())?;
    Ok(Worker::start(cx.clone(), queue, simulator).await?)
}

async fn told_to_stop() {
    let interrupted = signal::ctrl_c();
    #[cfg(unix)]
    {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminated.recv() => {}
                }
            }
            Err(_) => drop(interrupted.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}
