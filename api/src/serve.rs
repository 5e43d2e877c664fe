//! `nhip serve`: everything in one process, or the callers' half of it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use nhip_domain::{Database, clock::Clock, message::Acceptor, signal::Signals};
use nhip_worker::{
    bus::{Bus, LocalBus, SharedBus},
    config::{Config, DataDirLock, DatabaseChoice, lock_data_dir},
    jobs::JobQueue,
    metrics,
    open::{self, StartError},
    run::{Outside, Worker},
    told_to_stop::ToldToStop,
};
use poem::Server;
use tokio::net::TcpListener;
use url::Url;

use crate::{
    access_token::AccessTokens,
    demo,
    graphql::{self, Deps},
    http::{
        App,
        body::Room,
        listener::{self, Guarded},
        socket::crowd::Crowd,
    },
    mail::PostOffice,
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
    refuse_what_nobody_would_send(config, options)?;
    let slow = config.warning_of_slow_wake_ups().filter(|_| options.no_worker);
    for warning in config.warnings.iter().map(String::as_str).chain(slow) {
        tracing::warn!("{warning}");
    }
    // What the settings cannot mean stops the start before anything is done.
    let (downloader, graph, post) = (open::downloader(config)?, open::graph(config)?, post_office(config)?);
    let stop = ToldToStop::listen()?;
    let (db, _lock) = open_database(config, options).await?;
    let listener = bind(config, options).await?;
    let address = listener.local_addr().map_err(|err| StartError::Other(err.to_string()))?;
    let (queue, bus) = neighbours(config, &Clock::system(), options).await?;
    let cx = open::context(config, db, address, options.demo, Arc::clone(&bus) as Arc<dyn Signals>)?;
    if let Some(address) = config.metrics_listen {
        metrics::serve(address)?;
    }
    let worker = if options.no_worker {
        None
    } else {
        let outside = Outside { downloader: downloader.clone(), graph: graph.clone() };
        Some(Worker::start(config, cx.clone(), queue, outside).await?)
    };
    let tokens = AccessTokens::new(&cx.secret)?;
    let deps = Deps { cx: cx.clone(), acceptor: Acceptor::start(cx.clone()), bus, downloader, graph, tokens, post };
    let app = App {
        admin: graphql::build(deps.clone(), config.introspection.unwrap_or(options.demo)),
        deps,
        trusted_proxies: config.trusted_proxies.clone().into(),
        room: Room::default(),
        crowd: Crowd::new(cx.clone()),
    };
    if options.demo {
        demo::prepare(&cx, config.demo_credits).await?;
    }
    tracing::info!(address = %address, version = env!("CARGO_PKG_VERSION"), "listening");
    let server = Server::new_with_acceptor(Guarded::new(listener)).idle_timeout(IDLE);
    let outcome = server.run_with_graceful_shutdown(app, stop.told(), Some(GRACE)).await;
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
    let db = open::database_and_schema(config, options.migrate).await?;
    Ok((db, lock))
}

fn refuse_what_nobody_would_send(config: &Config, options: Options) -> Result<(), StartError> {
    match config.database {
        DatabaseChoice::Sqlite(_) if options.no_worker => Err(StartError::Other(
            "--no-worker needs a database server (NHIP_DATABASE_URL): no other process can send what is in SQLite"
                .to_owned(),
        )),
        DatabaseChoice::Sqlite(_) | DatabaseChoice::Postgres(_) => Ok(()),
    }
}

/// Where mail goes, if anywhere.
fn post_office(config: &Config) -> Result<PostOffice, StartError> {
    let Some(url) = &config.smtp_url else { return Ok(PostOffice::closed()) };
    let public_url = config.public_url.as_deref().and_then(|url| Url::parse(url).ok());
    let host = public_url.as_ref().and_then(Url::domain).unwrap_or("localhost");
    let from = config.smtp_from.clone().unwrap_or_else(|| format!("Nhip <nhip@{host}>"));
    PostOffice::open(url, &from).map_err(|err| StartError::Other(err.to_string()))
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

/// The job queue, and where hints go: over Redis if there is one, else within the process.
async fn neighbours(config: &Config, clock: &Clock, options: Options) -> Result<(JobQueue, Arc<dyn Bus>), StartError> {
    let Some(server) = open::redis(config).await? else {
        let queue = JobQueue::default();
        let nudged = queue.clone();
        // Without a worker here, the sweep of one elsewhere finds what is queued.
        let nudge = move |account_id| {
            if !options.no_worker {
                nudged.nudge(account_id);
            }
        };
        return Ok((queue, Arc::new(LocalBus::with_nudges(nudge))));
    };
    let queue = JobQueue::shared(&server, clock.clone());
    let nudged = queue.clone();
    Ok((queue, Arc::new(SharedBus::start(&server, move |account_id| nudged.nudge(account_id)))))
}
