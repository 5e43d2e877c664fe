//! Accepting connections: a request that starts must get on, or its connection is closed. (The framework has no such
//! deadline: a client that sends a byte a minute would keep its connection for ever.)

use std::{
    future::Future as _,
    io,
    net::SocketAddr,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use poem::{
    http::uri::Scheme,
    listener::Acceptor,
    web::{LocalAddr, RemoteAddr},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
    time::{Sleep, sleep},
};

/// From a request's first byte to its answer's: more than any request of ours may take.
const REQUEST_DEADLINE: Duration = Duration::from_secs(20);
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

/// A connection whose requests must be answered in time.
#[derive(Debug)]
pub struct Connection<Io> {
    io: Io,
    state: State,
}

#[derive(Debug)]
enum State {
    /// Between requests: the server's own idle timeout applies.
    Idle,
    /// A request has begun.
    Reading(Pin<Box<Sleep>>),
    /// No longer requests and answers (a WebSocket, HTTP/2): these have limits of their own.
    Open,
}

impl<Io> Connection<Io> {
    fn new(io: Io) -> Self {
        Self { io, state: State::Idle }
    }

    fn has_read(&mut self, bytes: &[u8]) {
        if bytes.starts_with(b"PRI * HTTP/2") {
            self.state = State::Open;
        } else if matches!(self.state, State::Idle) && !bytes.is_empty() {
            self.state = State::Reading(Box::pin(sleep(REQUEST_DEADLINE)));
        }
    }

    fn has_written(&mut self, bytes: &[u8]) {
        if bytes.starts_with(b"HTTP/1.1 101") {
            self.state = State::Open;
        } else if matches!(self.state, State::Reading(_)) && !bytes.starts_with(b"HTTP/1.1 100") {
            self.state = State::Idle;
        }
    }
}

impl<Io: AsyncRead + Unpin> AsyncRead for Connection<Io> {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        match Pin::new(&mut self.io).poll_read(cx, buf) {
            Poll::Ready(done) => {
                self.has_read(buf.filled().get(before..).unwrap_or_default());
                Poll::Ready(done)
            }
            Poll::Pending => {
                let State::Reading(deadline) = &mut self.state else { return Poll::Pending };
                ready!(deadline.as_mut().poll(cx));
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Connection<Io> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.has_written(bytes);
        Pin::new(&mut self.io).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.io).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.has_written(slices.iter().find(|slice| !slice.is_empty()).map_or(&[], |slice| slice));
        Pin::new(&mut self.io).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_request_that_does_not_get_on_is_cut() {
        let (mut client, server) = duplex(1_024);
        let mut server = Connection::new(server);
        client.write_all(b"POST /").await.unwrap();
        let mut bytes = [0; 64];
        assert_eq!(server.read(&mut bytes).await.unwrap(), 6);
        assert_eq!(server.read(&mut bytes).await.unwrap_err().kind(), io::ErrorKind::TimedOut);
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_is_left_alone_and_so_is_an_upgraded_one() {
        for answer in [&b"HTTP/1.1 200 OK\r\n\r\n"[..], b"HTTP/1.1 101 Switching Protocols\r\n\r\n"] {
            let (mut client, server) = duplex(1_024);
            let mut server = Connection::new(server);
            client.write_all(b"GET / HTTP/1.1\r\n\r\n").await.unwrap();
            let mut bytes = [0; 64];
            assert_eq!(server.read(&mut bytes).await.unwrap(), 18);
            server.write_all(answer).await.unwrap();
            let waiting = tokio::time::timeout(REQUEST_DEADLINE * 3, server.read(&mut bytes)).await;
            assert!(waiting.is_err(), "{waiting:?}");
        }
    }

    #[tokio::test]
    async fn a_taken_port_is_passed_over_where_that_is_allowed() {
        let taken = bind("127.0.0.1:0".parse().unwrap(), false).await.unwrap();
        let address = taken.local_addr().unwrap();
        assert!(bind(address, false).await.is_err());
        let next = bind(address, true).await.unwrap();
        assert!(next.local_addr().unwrap().port() > address.port());
    }
}
