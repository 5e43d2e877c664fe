//! A connection to a caller: a request that starts must get on, or its connection is closed (the framework has no such
//! deadline: a client that sends a byte a minute would keep its connection for ever), and what the server refuses by itself is
//! refused in our shape.

use std::{
    future::Future as _,
    io,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Buf as _, Bytes};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use super::unreadable;

/// From a request's first byte to its answer's: more than any request of ours may take.
const REQUEST_DEADLINE: Duration = Duration::from_secs(20);

/// A connection whose requests must be answered in time.
#[derive(Debug)]
pub struct Connection<Io> {
    io: Io,
    state: State,
    /// What is still to be written of an answer that takes the place of the server's own.
    instead: Bytes,
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
    pub(super) fn new(io: Io) -> Self {
        Self { io, state: State::Idle, instead: Bytes::new() }
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

impl<Io: AsyncWrite + Unpin> Connection<Io> {
    /// Writes our refusal, where `bytes` are the server's own, as one would write them; nothing where they are not.
    fn poll_instead(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if self.instead.is_empty() {
            self.instead = unreadable::instead_of(bytes).unwrap_or_default();
        }
        while !self.instead.is_empty() {
            let written = ready!(Pin::new(&mut self.io).poll_write(cx, &self.instead))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.instead.advance(written);
            if self.instead.is_empty() {
                return Poll::Ready(Ok(bytes.len()));
            }
        }
        Poll::Ready(Ok(0))
    }
}

impl<Io: AsyncWrite + Unpin> AsyncWrite for Connection<Io> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.has_written(bytes);
        match ready!(self.poll_instead(cx, bytes))? {
            0 => Pin::new(&mut self.io).poll_write(cx, bytes),
            written => Poll::Ready(Ok(written)),
        }
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
        let first = slices.iter().find(|slice| !slice.is_empty()).map_or(&[][..], |slice| slice);
        self.has_written(first);
        match ready!(self.poll_instead(cx, first))? {
            0 => Pin::new(&mut self.io).poll_write_vectored(cx, slices),
            written => Poll::Ready(Ok(written)),
        }
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
    async fn what_the_server_refuses_by_itself_is_refused_in_our_shape_and_counts_as_written() {
        // Our answer goes through in pieces.
        let (mut client, server) = duplex(16);
        let mut server = Connection::new(server);
        let own = b"HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n";
        let writing = async {
            server.write_all(own).await.unwrap();
            drop(server);
        };
        let mut answer = String::new();
        let ((), read) = tokio::join!(writing, client.read_to_string(&mut answer));
        read.unwrap();
        assert!(answer.ends_with(r#""code":"BAD_REQUEST"}"#), "{answer}");
    }
}
