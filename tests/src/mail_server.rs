//! A mail server that keeps what it is given.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufStream},
    net::{TcpListener, TcpStream},
};

use crate::eventually;

/// How long a letter may take to come.
const SOON: Duration = Duration::from_secs(30);

/// A letter, readable.
#[derive(Clone, Debug)]
pub struct Letter {
    pub to: String,
    pub text: String,
}

/// A server on this machine, for as long as the test lives.
#[derive(Debug)]
pub struct MailServer {
    address: SocketAddr,
    letters: Arc<Mutex<Vec<Letter>>>,
}

impl MailServer {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let letters = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&letters);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&kept)));
            }
        });
        Self { address, letters }
    }

    /// What `NHIP_SMTP_URL` says.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The letter to somebody, once it has come.
    pub async fn letter_to(&self, address: &str) -> Letter {
        let find = async || self.letters.lock().unwrap().iter().rev().find(|letter| letter.to == address).cloned();
        eventually(&format!("a letter to {address}"), SOON, find).await
    }
}

impl Letter {
    /// What follows `token=` in its link.
    pub fn token(&self) -> String {
        let (_, rest) = self.text.split_once("token=").unwrap_or_else(|| panic!("no link: {}", self.text));
        rest.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-')).collect()
    }
}

/// As much of RFC 5321 as one client needs.
async fn serve(stream: TcpStream, letters: Arc<Mutex<Vec<Letter>>>) -> std::io::Result<()> {
    let mut stream = BufStream::new(stream);
    let mut to = String::new();
    say(&mut stream, "220 test").await?;
    loop {
        let line = hear(&mut stream).await?;
        let answer = match line.get(..4).unwrap_or_default().to_ascii_uppercase().as_str() {
            "RCPT" => {
                to = line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
                "250 ok"
            }
            "DATA" => {
                say(&mut stream, "354 go on").await?;
                let text = letter(&mut stream).await?;
                letters.lock().unwrap().push(Letter { to: to.clone(), text });
                "250 taken"
            }
            "QUIT" | "" => return say(&mut stream, "221 bye").await,
            _ => "250 ok",
        };
        say(&mut stream, answer).await?;
    }
}

async fn letter(stream: &mut BufStream<TcpStream>) -> std::io::Result<String> {
    let (mut head, mut body, mut in_body) = (String::new(), Vec::new(), false);
    loop {
        let line = hear(stream).await?;
        match line.as_str() {
            "." => return Ok(readable(&head, &body)),
            "" if !in_body => in_body = true,
            _ if in_body => body.push(line),
            _ => head.push_str(&line.to_ascii_lowercase()),
        }
    }
}

fn readable(head: &str, body: &[String]) -> String {
    if head.contains("base64") {
        let bytes = STANDARD.decode(body.concat()).expect("base64");
        return String::from_utf8(bytes).expect("UTF-8");
    }
    if !head.contains("quoted-printable") {
        return body.join("\n");
    }
    let joined: String =
        body.iter().map(|line| line.strip_suffix('=').map_or(format!("{line}\n"), str::to_owned)).collect();
    let mut parts = joined.split('=');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (code, rest) = part.split_at(2);
        bytes.push(u8::from_str_radix(code, 16).expect("quoted-printable"));
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8(bytes).expect("UTF-8")
}

async fn say(stream: &mut BufStream<TcpStream>, line: &str) -> std::io::Result<()> {
    stream.write_all(format!("{line}\r\n").as_bytes()).await?;
    stream.flush().await
}

async fn hear(stream: &mut BufStream<TcpStream>) -> std::io::Result<String> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
