//! From names to addresses: looked up once, every answer checked, and only what was checked is connected to.

use std::{
    io,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::time::timeout;

use super::address::Exceptions;

/// How long a look-up may take.
const LOOK_UP: Duration = Duration::from_secs(5);

/// Looks names up.
#[async_trait]
pub trait Names: Send + Sync {
    /// All addresses of a host.
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// As everything else on this machine does.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct SystemNames;

#[async_trait]
impl Names for SystemNames {
    async fn addresses(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let found = tokio::net::lookup_host((host, 0)).await?;
        Ok(found.map(|address| address.ip()).collect())
    }
}

/// What connections ask for addresses: it gives out none that was not checked.
pub(super) struct Guard {
    pub(super) names: Arc<dyn Names>,
    pub(super) exceptions: Arc<Exceptions>,
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

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let (names, exceptions) = (Arc::clone(&self.names), Arc::clone(&self.exceptions));
        Box::pin(async move {
            let addresses = checked(&*names, &exceptions, name.as_str()).await?;
            Ok(Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0))) as Addrs)
        })
    }
}

async fn checked(names: &dyn Names, exceptions: &Exceptions, host: &str) -> Result<Vec<IpAddr>, NameError> {
    let found = match timeout(LOOK_UP, names.addresses(host)).await {
        Ok(Ok(found)) if !found.is_empty() => found,
        Ok(Ok(_) | Err(_)) => return Err(NameError::Unknown),
        Err(_elapsed) => return Err(NameError::Silent),
    };
    // One private answer among public ones is an attack, or a mistake that would work now and then.
    let may_all = exceptions.name(host) || found.iter().all(|address| exceptions.allow(*address));
    if may_all { Ok(found) } else { Err(NameError::Private) }
}
