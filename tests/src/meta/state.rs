//! What Meta knows.

use std::{
    collections::{BTreeMap, HashMap, HashSet, VecDeque},
    sync::{
        Mutex, MutexGuard,
        atomic::{AtomicU64, Ordering},
    },
};

use nhip_domain::clock::Clock;
use serde_json::Value;

use super::{Arrived, Fault, Number, Report, Uploaded};

#[derive(Debug)]
pub(super) struct State {
    clock: Clock,
    /// Of every id that is made.
    ids: AtomicU64,
    slow_ms: AtomicU64,
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    numbers: BTreeMap<String, Number>,
    /// Business accounts whose app is told of them.
    subscribed: HashSet<String>,
    callbacks: HashMap<String, VecDeque<String>>,
    faults: HashMap<String, VecDeque<Fault>>,
    reports: HashMap<String, Report>,
    asked: HashMap<String, usize>,
    media: HashMap<String, Uploaded>,
    arrived: Vec<Arrived>,
    /// Numbers as given, and as Meta knows them.
    wa_ids: HashMap<String, String>,
    minds_windows: bool,
    takes_any_file: bool,
    /// Numbers, and who wrote to them.
    wrote: HashSet<(String, String)>,
}

impl Default for State {
    fn default() -> Self {
        Self { clock: Clock::system(), ids: AtomicU64::new(1), slow_ms: AtomicU64::new(0), known: Mutex::default() }
    }
}

pub(super) fn digits(phone: &str) -> String {
    if phone.starts_with('+') { phone.chars().filter(char::is_ascii_digit).collect() } else { phone.to_owned() }
}

impl State {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap()
    }

    pub(super) fn next_id(&self) -> u64 {
        self.ids.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn clock(&self) -> &Clock {
        &self.clock
    }

    pub(super) fn add_number(&self, phone: &str) -> Number {
        let id = self.next_id();
        let number = Number {
            id: format!("10654035224{id:04}"),
            business_id: format!("20654035224{id:04}"),
            phone: digits(phone),
            token: format!("EAAGm0PX4ZCpsBA{}", uuid::Uuid::new_v4().simple()),
            app_secret: uuid::Uuid::new_v4().simple().to_string(),
        };
        self.known().numbers.insert(number.id.clone(), number.clone());
        number
    }

    pub(super) fn renew_token(&self, number: &str) -> String {
        let token = format!("EAAGm0PX4ZCpsBA{}", uuid::Uuid::new_v4().simple());
        self.known().numbers.get_mut(number).unwrap().token.clone_from(&token);
        token
    }

    pub(super) fn renew_secret(&self, number: &str) -> String {
        let secret = uuid::Uuid::new_v4().simple().to_string();
        self.known().numbers.get_mut(number).unwrap().app_secret.clone_from(&secret);
        secret
    }

    pub(super) fn number(&self, id: &str) -> Option<Number> {
        self.known().numbers.get(id).cloned()
    }

    pub(super) fn numbers_of(&self, business: &str) -> Vec<Number> {
        self.known().numbers.values().filter(|number| number.business_id == business).cloned().collect()
    }

    pub(super) fn numbers(&self) -> Vec<Number> {
        self.known().numbers.values().cloned().collect()
    }

    pub(super) fn subscribe(&self, business: &str) {
        assert!(self.known().subscribed.insert(business.to_owned()), "a second time takes away what its owner set");
    }

    pub(super) fn is_subscribed(&self, business: &str) -> bool {
        self.known().subscribed.contains(business)
    }

    pub(super) fn set_callbacks(&self, number: &Number, urls: Vec<String>) {
        self.known().callbacks.insert(number.id.clone(), urls.into());
    }

    /// The next of the URLs that callbacks of a number go to.
    pub(super) fn callback_url(&self, number: &str) -> Option<String> {
        let mut known = self.known();
        let urls = known.callbacks.get_mut(number)?;
        urls.rotate_left(1);
        urls.front().cloned()
    }

    pub(super) fn add_faults(&self, phone: &str, faults: impl IntoIterator<Item = Fault>) {
        self.known().faults.entry(digits(phone)).or_default().extend(faults);
    }

    /// Counts a request to send, and says what happens to it.
    pub(super) fn next_fault(&self, to: &str) -> Option<Fault> {
        let mut known = self.known();
        *known.asked.entry(to.to_owned()).or_default() += 1;
        known.faults.get_mut(to)?.pop_front()
    }

    pub(super) fn asked(&self, phone: &str) -> usize {
        self.known().asked.get(&digits(phone)).copied().unwrap_or_default()
    }

    pub(super) fn set_report(&self, phone: &str, report: Report) {
        self.known().reports.insert(digits(phone), report);
    }

    pub(super) fn report(&self, to: &str) -> Report {
        self.known().reports.get(to).copied().unwrap_or_default()
    }

    pub(super) fn set_slow(&self, up_to_ms: u64) {
        self.slow_ms.store(up_to_ms, Ordering::Relaxed);
    }

    pub(super) fn slow_ms(&self) -> u64 {
        self.slow_ms.load(Ordering::Relaxed)
    }

    pub(super) fn know_as(&self, phone: &str, number: &str) {
        self.known().wa_ids.insert(digits(phone), digits(number));
    }

    /// What Meta knows a recipient by.
    pub(super) fn wa_id(&self, to: &str) -> String {
        self.known().wa_ids.get(to).cloned().unwrap_or_else(|| to.to_owned())
    }

    pub(super) fn mind_windows(&self) {
        self.known().minds_windows = true;
    }

    pub(super) fn take_any_file(&self) {
        self.known().takes_any_file = true;
    }

    pub(super) fn takes_any_file(&self) -> bool {
        self.known().takes_any_file
    }

    pub(super) fn open_window(&self, number: &str, from: &str) {
        self.known().wrote.insert((number.to_owned(), from.to_owned()));
    }

    /// Whether a message is free text to a person who never wrote.
    pub(super) fn is_past_window(&self, number: &str, to: &str, message: &Value) -> bool {
        let known = self.known();
        let free = message["type"] != "template" && message["recipient_type"] != "group";
        known.minds_windows && free && !known.wrote.contains(&(number.to_owned(), to.to_owned()))
    }

    pub(super) fn add_media(&self, file: Uploaded) -> String {
        let id = format!("44{:013}", self.next_id());
        self.known().media.insert(id.clone(), file);
        id
    }

    pub(super) fn forget_media(&self, message: &Value) {
        let kind = message["type"].as_str().unwrap_or_default();
        self.known().media.remove(message[kind]["id"].as_str().expect("a message with a file"));
    }

    pub(super) fn uploaded(&self, id: &str) -> Option<Uploaded> {
        self.known().media.get(id).cloned()
    }

    pub(super) fn uploads(&self) -> usize {
        self.known().media.len()
    }

    /// Takes a message.
    pub(super) fn take(&self, number: &str, to: &str, message: &Value) -> Arrived {
        let text = |field: &str| message[field].as_str().unwrap_or_default().to_owned();
        let kind = text("type");
        let arrived = Arrived {
            at: self.clock.now(),
            number: number.to_owned(),
            to: to.to_owned(),
            recipient_type: text("recipient_type"),
            content: message[&kind].clone(),
            kind,
            id: text("biz_opaque_callback_data"),
            wamid: format!("wamid.HBgLMTU1{:06}", self.next_id()),
        };
        self.known().arrived.push(arrived.clone());
        arrived
    }

    pub(super) fn arrived(&self) -> Vec<Arrived> {
        self.known().arrived.clone()
    }
}
