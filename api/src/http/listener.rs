//! Accepting connections, each guarded by a deadline.

mod connection;
pub mod unreadable;

use std::{io, net::SocketAddr, time::Duration};

use poem::{
    http::uri::Scheme,
    listener::Acceptor,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    net::{TcpListener, TcpStream},
    time::sleep,
};

pub use self::connection::Connection;

/// After an error to accept, such as too many open files: trying again at once would only burn the processor.
const PAUSE: Duration = Duration::from_millis(100);
/// How many ports after the taken one are tried.
const NEXT_PORTS: u16 = 100;

/// Listens at `address`; if that is taken and `or_next`, at the next free port.
pub async fn bind(address: SocketAddr, or_next: bool) -> io::Result<TcpListener> {
    let first = TcpListener::bind(address).await;
    match first {
        Err(err) if or_next && err.kind() == io::ErrorKind::AddrInUse => {
            for port in (address.port()..).skip(1).take(usize::from(NEXT_PORTS)) {
                if let Ok(listener) = TcpListener::bind((address.ip(), port)).await {
                    return Ok(listener);
                }
            }
            Err(err)
        }
        other => other,
    }
}

/// Accepts connections from a listener, each guarded by the deadline.
#[derive(Debug)]
pub struct Guarded(TcpListener);

impl Guarded {
    /// Guards a listener's connections.
    #[must_use]
    pub fn new(listener: TcpListener) -> Self {
        Self(listener)
    }
}

impl Acceptor for Guarded {
    type Io = Connection<TcpStream>;

    fn local_addr(&self) -> Vec<LocalAddr> {
        self.0.local_addr().map(|address| LocalAddr(address.into())).into_iter().collect()
    }

    async fn accept(&mut self) -> io::Result<(Self::Io, LocalAddr, RemoteAddr, Scheme)> {
        let (stream, peer) = match self.0.accept().await {
            Ok(accepted) => accepted,
            Err(err) => {
                sleep(PAUSE).await;
                return Err(err);
            }
        };
        // Answers are small: waiting for more to send with them only delays them.
        let _not_worth_closing = stream.set_nodelay(true);
        let local = LocalAddr(stream.local_addr()?.into());
        Ok((Connection::new(stream), local, RemoteAddr(peer.into()), Scheme::HTTP))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_passed_over_where_that_is_allowed() {
        let taken = bind("127.0.0.1:0".parse().unwrap(), false).await.unwrap();
        let address = taken.local_addr().unwrap();
        assert!(bind(address, false).await.is_err());
        let next = bind(address, true).await.unwrap();
        assert!(next.local_addr().unwrap().port() > address.port());
    }
}
