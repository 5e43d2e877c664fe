//! Redis, as far as Nhip needs it: wake-up calls and hints between processes. It may be flushed, or lost for an hour, at any
//! moment: then things are late, never wrong.

use std::{
    fmt,
    future::Future,
    io,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use futures::StreamExt as _;
use redis::{
    AsyncConnectionConfig, Client, ConnectionAddr, ConnectionInfo, InfoDict, IntoConnectionInfo as _, Msg, RedisError,
    RedisResult, Value,
    aio::{ConnectionManager, ConnectionManagerConfig, MultiplexedConnection, PubSub, PubSubSink, PubSubStream},
};
use tokio::time::timeout;

use crate::config::ConfigError;

/// How long a connection may take to open.
const CONNECT: Duration = Duration::from_secs(3);
/// How long an ordinary command may take.
const RESPOND: Duration = Duration::from_secs(2);
/// How long a channel may be silent before it is asked whether it is still there.
const SILENCE: Duration = Duration::from_secs(10);
/// Between two attempts, at most.
const BACK_OFF: Duration = Duration::from_secs(2);
/// The first major version that has every command that is used (`BZMPOP`).
const OLDEST: u32 = 7;

/// A Redis server that answered once. Cheap to clone.
#[derive(Clone)]
pub struct RedisServer {
    client: Client,
    lasting: ConnectionManager,
    address: String,
}

impl RedisServer {
    /// Finds the server of `NHIP_REDIS_URL` and looks whether it will do.
    ///
    /// # Errors
    /// One sentence that says what is wrong with it; never its password.
    pub async fn connect(url: &str) -> Result<Self, ConfigError> {
        let info = url.into_connection_info().map_err(|_may_show_the_password| {
            ConfigError(
                "NHIP_REDIS_URL must be such as redis://localhost:6379 or redis+unix:///run/redis.sock".to_owned(),
            )
        })?;
        let address = address(&info);
        let refuse = |what: &dyn fmt::Display| ConfigError(format!("Redis at {address} (NHIP_REDIS_URL) {what}"));
        let client = Client::open(info).map_err(|err| refuse(&format_args!("cannot be used: {err}")))?;
        let lasting = lasting_connection(&client).map_err(|err| refuse(&format_args!("cannot be used: {err}")))?;
        let server = Self { client, lasting, address: address.clone() };
        let version = server.version().await;
        let version = version.map_err(|err| refuse(&format_args!("does not answer: {err}; is it running?")))?;
        let major = version.split('.').next().and_then(|major| major.parse().ok());
        if major.is_none_or(|major: u32| major < OLDEST) {
            return Err(refuse(&format_args!("is version {version}, and {OLDEST} or newer is needed")));
        }
        Ok(server)
    }

    async fn version(&self) -> RedisResult<String> {
        let mut connection = self.connection(RESPOND).await?;
        let info: InfoDict = redis::cmd("INFO").arg("server").query_async(&mut connection).await?;
        Ok(info.get("redis_version").unwrap_or_else(|| "0".to_owned()))
    }

    /// A connection of one's own, on which a command may take as long as `patience`.
    pub(crate) async fn connection(&self, patience: Duration) -> RedisResult<MultiplexedConnection> {
        let config =
            AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT)).set_response_timeout(Some(patience));
        self.client.get_multiplexed_async_connection_with_config(&config).await
    }

    /// A connection that comes back by itself. A command fails rather than wait for that.
    pub(crate) fn lasting_connection(&self) -> ConnectionManager {
        self.lasting.clone()
    }

    /// A connection that listens to a channel.
    pub(crate) async fn listen(&self, channel: &str) -> RedisResult<PubSub> {
        let opening = async {
            let mut pubsub = self.client.get_async_pubsub().await?;
            pubsub.subscribe(channel).await?;
            Ok(pubsub)
        };
        timeout(CONNECT, opening).await.unwrap_or_else(|_elapsed| Err(silent()))
    }
}

impl fmt::Debug for RedisServer {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The client's own would show the password.
        out.debug_struct("RedisServer").field("address", &self.address).finish_non_exhaustive()
    }
}

fn silent() -> RedisError {
    io::Error::from(io::ErrorKind::TimedOut).into()
}

fn lasting_connection(client: &Client) -> RedisResult<ConnectionManager> {
    let config = ConnectionManagerConfig::new()
        .set_connection_timeout(Some(CONNECT))
        .set_response_timeout(Some(RESPOND))
        .set_number_of_retries(0);
    ConnectionManager::new_lazy_with_config(client.clone(), config)
}

/// Where a server is, for people: without its password.
fn address(info: &ConnectionInfo) -> String {
    match info.addr() {
        ConnectionAddr::Tcp(host, port) | ConnectionAddr::TcpTls { host, port, .. } => format!("{host}:{port}"),
        ConnectionAddr::Unix(path) => path.display().to_string(),
        other => other.to_string(),
    }
}

/// A time without Redis: logged when it begins, and when it is over.
#[derive(Debug)]
pub(crate) struct Outage {
    what: &'static str,
    failures: AtomicU32,
}

impl Outage {
    /// There is none yet of what `what` does.
    pub(crate) fn of(what: &'static str) -> Arc<Self> {
        Arc::new(Self { what, failures: AtomicU32::new(0) })
    }

    /// Redis answered.
    pub(crate) fn is_over(&self) {
        if self.failures.swap(0, Ordering::Relaxed) > 0 {
            tracing::info!("{}: Redis is back", self.what);
        }
    }

    /// Redis did not answer.
    pub(crate) fn goes_on(&self, err: &RedisError) {
        if self.failures.fetch_add(1, Ordering::Relaxed) == 0 {
            let error = err as &(dyn std::error::Error + 'static);
            tracing::warn!(error, "{}: Redis is gone; things are late until it is back", self.what);
        }
    }

    /// How long to wait before the next attempt: 50 ms, doubled by each failure, up to 2 s.
    fn back_off(&self) -> Duration {
        let failures = self.failures.load(Ordering::Relaxed).min(8);
        Duration::from_millis(25).saturating_mul(2_u32.saturating_pow(failures)).min(BACK_OFF)
    }
}

/// Attempts the same again and again, with a growing pause as long as Redis does not answer.
pub(crate) async fn for_ever<F>(what: &'static str, mut attempt: impl FnMut(Arc<Outage>) -> F)
where
    F: Future<Output = RedisError>,
{
    let outage = Outage::of(what);
    loop {
        let err = attempt(Arc::clone(&outage)).await;
        outage.goes_on(&err);
        tokio::time::sleep(outage.back_off()).await;
    }
}

/// The next message of a channel. A channel that is silent for long is asked whether it is still there.
pub(crate) async fn next_message(sink: &mut PubSubSink, messages: &mut PubSubStream) -> RedisResult<Msg> {
    loop {
        match timeout(SILENCE, messages.next()).await {
            Ok(Some(message)) => return Ok(message),
            Ok(None) => return Err(io::Error::from(io::ErrorKind::BrokenPipe).into()),
            Err(_silence) => timeout(RESPOND, sink.ping::<Value>()).await.unwrap_or_else(|_elapsed| Err(silent()))?,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_server_that_is_missing_is_named_and_its_password_is_not() {
        let err = RedisServer::connect("redis://user:hunter2@127.0.0.1:1/").await.unwrap_err().to_string();
        assert!(err.starts_with("Redis at 127.0.0.1:1 (NHIP_REDIS_URL) does not answer"), "{err}");
        assert!(!err.contains("hunter2"), "{err}");
    }

    #[tokio::test]
    async fn what_is_no_url_of_redis_is_refused() {
        let err = RedisServer::connect("http://user:hunter2@localhost").await.unwrap_err().to_string();
        assert!(err.starts_with("NHIP_REDIS_URL must be"), "{err}");
        assert!(!err.contains("hunter2"), "{err}");
    }
}
