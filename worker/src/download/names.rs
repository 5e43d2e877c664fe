//! From names to addresses: looked up once, every answer checked, and only what was checked is connected to.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use hickory_resolver::{
    ResolverBuilder, TokioResolver,
    config::{ConnectionConfig, LookupIpStrategy, NameServerConfig, ResolverConfig},
    net::{NetError, runtime::TokioRuntimeProvider},
};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::{task::spawn_blocking, time::timeout};

use super::address::Exceptions;

/// How long one name server may take, repetitions of lost packets included; within a look-up there is time for two.
const ONE_SERVER: Duration = Duration::from_millis(1_500);
/// Where name servers listen.
const PORT: u16 = 53;

/// Who is asked for the addresses of names.
#[derive(Clone, Copy, Debug, Default)]
pub enum NameServers {
    /// This machine's, and its hosts file, as they are configured when they are asked: they change with its network.
    #[default]
    OfThisMachine,
    /// This one alone.
    At(SocketAddr),
}

impl NameServers {
    /// All addresses of a host.
    async fn addresses(self, host: &str) -> Result<Vec<IpAddr>, NameError> {
        // The configuration is read from files.
        let resolver = spawn_blocking(move || self.resolver()).await.map_err(|_died| NameError::Silent)?;
        let found = resolver?.lookup_ip(host).await?;
        Ok(found.iter().collect())
    }

    fn resolver(self) -> Result<TokioResolver, NetError> {
        let mut builder = match self {
            Self::At(address) => alone(address),
            Self::OfThisMachine => TokioResolver::builder_tokio().unwrap_or_else(|err| {
                tracing::debug!(%err, "no name servers are configured; this machine's own is asked, as resolv.conf(5) has it");
                alone((Ipv4Addr::LOCALHOST, PORT).into())
            }),
        };
        let options = builder.options_mut();
        options.timeout = options.timeout.min(ONE_SERVER);
        options.attempts = options.attempts.min(1);
        // Many a machine has an address of IPv6 that leads nowhere.
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        builder.build()
    }
}

fn alone(address: SocketAddr) -> ResolverBuilder<TokioRuntimeProvider> {
    let connections = [ConnectionConfig::udp(), ConnectionConfig::tcp()].map(|mut connection| {
        connection.port = address.port();
        connection
    });
    let server = NameServerConfig::new(address.ip(), true, connections.into());
    TokioResolver::builder_with_config(ResolverConfig::from_name_servers(vec![server]), TokioRuntimeProvider::default())
}

/// What connections ask for addresses: it gives out none that was not checked.
pub(super) struct Guard {
    pub(super) servers: NameServers,
    pub(super) exceptions: Arc<Exceptions>,
    pub(super) patience: Duration,
}

/// Why a name has no address that may be connected to.
#[derive(Debug, thiserror::Error)]
pub(super) enum NameError {
    #[error("the name is not known")]
    Unknown,
    #[error("the name servers do not answer")]
    Silent,
    #[error("the name leads into somebody's private network")]
    Private,
}

impl From<NetError> for NameError {
    fn from(err: NetError) -> Self {
        if err.is_no_records_found() { Self::Unknown } else { Self::Silent }
    }
}

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (servers, exceptions, patience) = (self.servers, Arc::clone(&self.exceptions), self.patience);
        Box::pin(async move {
            let found = timeout(patience, servers.addresses(name.as_str())).await;
            let found = found.map_err(|_elapsed| NameError::Silent)??;
            let addresses = checked(found, &exceptions, name.as_str())?;
            Ok(Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

fn checked(found: Vec<IpAddr>, exceptions: &Exceptions, host: &str) -> Result<Vec<IpAddr>, NameError> {
    if found.is_empty() {
        return Err(NameError::Unknown);
    }
    // One private answer among public ones is an attack, or a mistake that would work now and then.
    let may_all = exceptions.name(host) || found.iter().all(|address| exceptions.allow(*address));
    if may_all { Ok(found) } else { Err(NameError::Private) }
}
