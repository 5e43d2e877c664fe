//! Calls from everywhere at once, each of which remembers what it was told.

use std::{sync::Mutex, time::Duration};

use futures::future::join_all;
use nhip_domain::clock;
use rand::{RngExt as _, SeedableRng as _, rngs::StdRng};
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    Answer, Shop, eventually,
    observer::{Call, Observer, Told},
    phone,
};

/// How long a keyed call is repeated for.
const PATIENCE: Duration = Duration::from_mins(2);

/// A tool that calls a shop's webhook from many places.
#[derive(Debug)]
pub struct Flood<'a> {
    shop: &'a Shop<'a>,
    observer: &'a Observer,
    /// The accounts that it names; none: whichever rule 4 picks.
    accounts: Mutex<Vec<String>>,
}

/// A seed to repeat a story by: that of `NHIP_TORTURE_SEED`, or a new one, printed.
pub fn seeded() -> StdRng {
    let given = std::env::var("NHIP_TORTURE_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = given.unwrap_or_else(|| clock::rng().random());
    println!("NHIP_TORTURE_SEED={seed}");
    StdRng::seed_from_u64(seed)
}

/// How many rounds of a story: as many as given, times `NHIP_TORTURE_ROUNDS`.
pub fn rounds(usual: usize) -> usize {
    let times = std::env::var("NHIP_TORTURE_ROUNDS").ok().and_then(|times| times.parse().ok()).unwrap_or(1);
    usual * times
}

impl<'a> Flood<'a> {
    pub fn new(shop: &'a Shop<'a>, observer: &'a Observer) -> Self {
        Self { shop, observer, accounts: Mutex::default() }
    }

    /// Connects more accounts and names one of them in most calls.
    pub async fn naming_accounts(self, count: usize) -> Self {
        let mut accounts = vec!["+15105566777".to_owned()];
        for n in 1..count {
            let phone = format!("+1510556{:04}", 6_777 + n);
            self.shop.connect(&phone).await;
            accounts.push(phone);
        }
        *self.accounts.lock().unwrap() = accounts;
        self
    }

    pub fn accounts(&self) -> Vec<String> {
        self.accounts.lock().unwrap().clone()
    }

    /// Names another account instead of that one.
    pub fn rename_account(&self, account: &str, other: &str) {
        let mut accounts = self.accounts.lock().unwrap();
        accounts.iter_mut().filter(|phone| *phone == account).for_each(|phone| other.clone_into(phone));
    }

    /// That many calls at random moments, the last of which ends when it is answered.
    pub async fn pour(&self, rng: &mut StdRng, count: usize, within: Duration) {
        let calls: Vec<StdRng> = (0..count).map(|_| StdRng::seed_from_u64(rng.random())).collect();
        join_all(calls.into_iter().map(|rng| self.call(rng, within))).await;
    }

    async fn call(&self, mut rng: StdRng, within: Duration) {
        let (text, keyed) = (format!("call-{:016x}", rng.random::<u64>()), rng.random());
        let body = self.body(&mut rng, &text).to_string();
        tokio::time::sleep(within.mul_f64(rng.random())).await;
        let told = if keyed { self.until_told(&text, &body).await } else { tell(self.post(None, &body).await) };
        self.observer.hear(Call { text, keyed, told });
    }

    fn body(&self, rng: &mut StdRng, text: &str) -> Value {
        // Half of them without receipts, which would settle what a kill left open before it has to be sent again.
        let usual = format!("+120255501{}", rng.random_range(60..66));
        let phone = if rng.random() { phone::NEVER_DELIVERED } else { &usual };
        let mut body = json!({"action": "send", "phone": phone, "text": text});
        let accounts = self.accounts.lock().unwrap();
        if !accounts.is_empty() && rng.random_ratio(9, 10) {
            body["whatsapp_account_phone"] = json!(accounts[rng.random_range(0..accounts.len())]);
        }
        body
    }

    /// Repeats a call under one key until somebody says what became of it.
    async fn until_told(&self, key: &str, body: &str) -> Told {
        let mut in_doubt = false;
        let told = eventually("a keyed call is answered", PATIENCE, async || {
            let told = tell(self.post(Some(key), body).await);
            match &told {
                Told::Nothing => in_doubt = true,
                // The first of them may have been accepted all the same.
                Told::Refused(_) if in_doubt => return Some(Told::Nothing),
                // It may be taken the next time.
                Told::Refused(why) if why.starts_with("503") => {}
                Told::Accepted(_) | Told::Refused(_) => return Some(told),
            }
            None
        });
        told.await
    }

    async fn post(&self, key: Option<&str>, body: &str) -> Option<Answer> {
        let with = |request: reqwest::RequestBuilder| match key {
            Some(key) => request.header("idempotency-key", key).body(body.to_owned()),
            None => request.body(body.to_owned()),
        };
        self.shop.try_call(Method::POST, with).await.ok()
    }
}

/// What an answer says; none came where the process or its connection died.
fn tell(answer: Option<Answer>) -> Told {
    let Some(answer) = answer else { return Told::Nothing };
    let status = answer.status.as_u16();
    let message = || answer.body()["message"].as_str().unwrap_or_default().to_owned();
    match status {
        200 => Told::Accepted(answer.accepted()),
        400..500 => Told::Refused(format!("{status} {}", message())),
        503 if message().contains("Nothing was charged") => Told::Refused(format!("503 {}", message())),
        503 => Told::Nothing,
        _ => panic!("{status} is no answer of the webhook: {}", answer.text),
    }
}
