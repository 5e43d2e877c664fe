//! A name server whose answers a test decides, and which may change its mind.

use std::{
    collections::HashMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use hickory_resolver::proto::{
    op::{Message, ResponseCode},
    rr::{RData, Record, RecordType},
};
use tokio::net::UdpSocket;

/// What is said of a host: to the first question, to the second, and the last for ever. Each answer names addresses, with
/// spaces between. A host of no answers is kept silent about.
pub type Page = (&'static str, &'static [&'static str]);

/// A server on this machine, for as long as the test lives.
#[derive(Debug)]
pub struct DnsServer {
    address: SocketAddr,
    asked: Arc<Mutex<HashMap<String, usize>>>,
}

impl DnsServer {
    /// Starts one that knows these hosts and no other.
    pub async fn start(book: &'static [Page]) -> Self {
        let socket = UdpSocket::bind("127.0.0.1:0").await.unwrap();
        let address = socket.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(HashMap::new()));
        tokio::spawn(serve(socket, book, Arc::clone(&asked)));
        Self { address, asked }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How often it was asked for a host's addresses of IPv4.
    pub fn asked(&self, host: &str) -> usize {
        self.asked.lock().unwrap().get(host).copied().unwrap_or_default()
    }
}

async fn serve(socket: UdpSocket, book: &'static [Page], asked: Arc<Mutex<HashMap<String, usize>>>) {
    let mut bytes = [0; 1_500];
    while let Ok((length, from)) = socket.recv_from(&mut bytes).await {
        let question = Message::from_vec(&bytes[..length]).unwrap();
        if let Some(answer) = answer(question, book, &asked) {
            socket.send_to(&answer.to_vec().unwrap(), from).await.unwrap();
        }
    }
}

fn answer(question: Message, book: &[Page], asked: &Mutex<HashMap<String, usize>>) -> Option<Message> {
    let (name, kind) = (question.queries[0].name().clone(), question.queries[0].query_type());
    let host = name.to_ascii().trim_end_matches('.').to_owned();
    let mut answer = question.into_response();
    let Some((_, answers)) = book.iter().find(|(known, _)| *known == host) else {
        answer.metadata.response_code = ResponseCode::NXDomain;
        return Some(answer);
    };
    let before = count(asked, host, kind == RecordType::A);
    let addresses = answers.get(before).or(answers.last())?.split(' ').map(|text| text.parse().unwrap());
    for address in addresses.filter(|address: &IpAddr| address.is_ipv4() == (kind == RecordType::A)) {
        answer.add_answer(Record::from_rdata(name.clone(), 0, RData::from(address)));
    }
    Some(answer)
}

/// How often a host was asked for before.
fn count(asked: &Mutex<HashMap<String, usize>>, host: String, is_ipv4: bool) -> usize {
    let mut asked = asked.lock().unwrap();
    let times = asked.entry(host).or_default();
    let before = *times;
    *times += usize::from(is_ipv4);
    before
}
