//! Meta, as far as Nhip meets it: a Graph API of our own that checks what it is asked, does what a test wants, writes down
//! what it took, and calls back, signed, what became of it. It outlives the processes that talk to it.

mod callbacks;
mod connect;
mod graph;
mod media;
mod state;

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};

use poem::{Server, listener::TcpListener};
use serde_json::Value;
use tokio_util::sync::CancellationToken;

use crate::{Stamp, until};

pub use self::callbacks::Report;
use self::state::State;

/// A running Meta.
#[derive(Clone, Debug)]
pub struct Meta {
    address: SocketAddr,
    state: Arc<State>,
    line: Arc<Mutex<CancellationToken>>,
}

/// A business number, and what its owner copies from Meta's pages.
#[derive(Clone, Debug)]
pub struct Number {
    pub id: String,
    pub business_id: String,
    /// Digits alone.
    pub phone: String,
    pub token: String,
    pub app_secret: String,
}

/// A message that Meta took.
#[derive(Clone, Debug)]
pub struct Arrived {
    pub at: Stamp,
    /// The id of the number that sent it.
    pub number: String,
    pub to: String,
    pub recipient_type: String,
    pub kind: String,
    /// What stands under its kind.
    pub content: Value,
    /// Our id.
    pub id: String,
    /// Meta's.
    pub wamid: String,
}

/// A file that was uploaded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Uploaded {
    pub name: String,
    pub mime: String,
    pub size: usize,
}

/// What happens to a message instead of being taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Refused with this code.
    Error(i64),
    /// The same, after a while.
    LateError(i64),
    /// Meta does not have the file any more that the message names.
    FileForgotten,
    /// An answer of something before the API, with this status.
    Bare(u16),
    /// Taken, and then something before the API loses the answer, and says this status.
    TakenThenBare(u16),
    /// Taken, and then the connection is cut in the midst of the answer.
    TakenThenCut,
    /// Taken, and then nothing is said for longer than anybody waits.
    TakenThenSilent,
}

impl Meta {
    /// Starts one, for as long as the test lives.
    pub async fn start() -> Self {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = socket.local_addr().unwrap();
        drop(socket);
        let state = Arc::<State>::default();
        let meta = Self { address, state, line: Arc::default() };
        meta.pick_up().await;
        meta
    }

    /// Listens, from the start or again.
    pub async fn pick_up(&self) {
        let line = CancellationToken::new();
        *self.line.lock().unwrap() = line.clone();
        let app = graph::app(Arc::clone(&self.state));
        let server = Server::new(TcpListener::bind(self.address));
        tokio::spawn(server.run_with_graceful_shutdown(app, line.cancelled_owned(), Some(Duration::ZERO)));
        let listens = async || tokio::net::TcpStream::connect(self.address).await.is_ok();
        until("Meta listens", Duration::from_secs(10), listens).await;
    }

    /// Closes every connection and takes no other.
    pub async fn hang_up(&self) {
        self.line.lock().unwrap().cancel();
        let listens = async || tokio::net::TcpStream::connect(self.address).await.is_err();
        until("Meta is gone", Duration::from_secs(10), listens).await;
    }

    /// What `NHIP_GRAPH_API_URL` is set to.
    pub fn url(&self) -> String {
        format!("http://{}/v23.0", self.address)
    }

    /// A number that may be connected.
    pub fn number(&self, phone: &str) -> Number {
        self.state.add_number(phone)
    }

    /// Where the number's callbacks go, in turns.
    pub fn call_back(&self, number: &Number, urls: Vec<String>) {
        self.state.set_callbacks(number, urls);
    }

    /// What happens to the next messages to this phone, one after the other; later ones are taken.
    pub fn on(&self, phone: &str, faults: impl IntoIterator<Item = Fault>) {
        self.state.add_faults(phone, faults);
    }

    /// What is reported of messages to this phone.
    pub fn report_of(&self, phone: &str, report: Report) {
        self.state.set_report(phone, report);
    }

    /// The number's token has run out; the new one works.
    pub fn expire_token(&self, number: &mut Number) {
        number.token = self.state.renew_token(&number.id);
    }

    /// The app's secret was reset; the new one signs and proves.
    pub fn reset_secret(&self, number: &mut Number) {
        number.app_secret = self.state.renew_secret(&number.id);
    }

    /// From now on, whoever did not write to a number gets no free text of it.
    pub fn mind_windows(&self) {
        self.state.mind_windows();
    }

    /// From now on, it takes uploads of any type, as it may one day.
    pub fn take_any_file(&self) {
        self.state.take_any_file();
    }

    /// Meta knows the phone by another number's digits.
    pub fn knows_as(&self, phone: &str, number: &str) {
        self.state.know_as(phone, number);
    }

    /// Answers take this long, at random, in milliseconds.
    pub fn take_time(&self, up_to_ms: u64) {
        self.state.set_slow(up_to_ms);
    }

    /// Reports one status of a message now; returns once it was taken.
    pub async fn report(&self, message: &Arrived, status: &str) {
        callbacks::post_status(&self.state, message, status, None).await;
    }

    /// A person writes to the number.
    pub async fn writes(&self, from: &str, number: &Number, name: &str) {
        callbacks::post_incoming(&self.state, number, from, name).await;
    }

    /// The time, by this Meta's clock.
    pub fn now(&self) -> Stamp {
        self.state.clock().now()
    }

    /// Everything that was taken, in order.
    pub fn arrived(&self) -> Vec<Arrived> {
        self.state.arrived()
    }

    /// What was taken for this phone.
    pub fn arrived_at(&self, phone: &str) -> Vec<Arrived> {
        let to = state::digits(phone);
        self.arrived().into_iter().filter(|message| message.to == to).collect()
    }

    /// Requests to send, of whatever outcome, to this phone.
    pub fn asked(&self, phone: &str) -> usize {
        self.state.asked(phone)
    }

    /// The file that Meta knows by this id.
    pub fn uploaded(&self, media_id: &str) -> Option<Uploaded> {
        self.state.uploaded(media_id)
    }

    /// How many files were uploaded.
    pub fn uploads(&self) -> usize {
        self.state.uploads()
    }
}
