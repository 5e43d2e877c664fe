//! A web server that does to each path what a test wants: also what no web server should do.

use std::{
    io,
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use futures::future::BoxFuture;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream},
};

/// What a server does with a connection once it has read a request's head.
pub type Act = fn(TcpStream, String) -> BoxFuture<'static, io::Result<()>>;

/// A server on this machine, for as long as the test lives.
#[derive(Debug)]
pub struct WebServer {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl WebServer {
    /// Starts one that gives each path to the first act whose path it begins with.
    pub async fn start(acts: &'static [(&'static str, Act)]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let paths = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, acts, Arc::clone(&paths)));
            }
        });
        Self { address, asked }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The URL of one of its paths.
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// How often it was asked for anything.
    pub fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }
}

async fn serve(mut stream: TcpStream, acts: &'static [(&'static str, Act)], paths: Arc<Mutex<Vec<String>>>) {
    let Ok(head) = read_head(&mut stream).await else { return };
    let path = head.split(' ').nth(1).unwrap_or_default().to_owned();
    paths.lock().unwrap().push(path.clone());
    let (_, act) = acts.iter().find(|(known, _)| path.starts_with(known)).expect("a path that the test knows");
    // Whoever hangs up in between is why these tests are here.
    let _gone = act(stream, head).await;
}

/// Reads a request's head, without which an answer may get lost.
pub async fn read_head(stream: &mut TcpStream) -> io::Result<String> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    Ok(String::from_utf8_lossy(&head).into_owned())
}

/// Answers as a web server should. `head` is the status, and headers after line breaks.
pub async fn answer(stream: &mut TcpStream, head: &str, body: &[u8]) -> io::Result<()> {
    let length = body.len();
    stream
        .write_all(format!("HTTP/1.1 {head}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n").as_bytes())
        .await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}
