//! The processes of an app, by its shape.

use std::{collections::BTreeMap, net::TcpListener, path::Path};

use futures::future::join_all;
use nhip_domain::clock;
use rand::RngExt as _;

use crate::{Options, Shape, process::Process, program::CommandLine};

/// Below the ports that the kernel gives to whoever calls out: one that is free while its process is dead stays free.
const PORTS: std::ops::Range<u16> = 10_000..32_000;

/// Everything that runs.
#[derive(Debug)]
pub(crate) struct Fleet {
    /// They answer callers.
    pub(crate) apis: Vec<Process>,
    /// They send; none where the one api does.
    pub(crate) workers: Vec<Process>,
}

impl Fleet {
    pub(crate) fn start(options: &Options, settings: &BTreeMap<String, String>, dir: &Path) -> Self {
        match options.shape {
            Shape::Embedded => {
                let arguments: &[&str] = if options.demo { &["serve", "--demo"] } else { &["serve"] };
                Self { apis: vec![api("nhip", arguments, settings, dir)], workers: Vec::new() }
            }
            Shape::ScaledOut => {
                // All make URLs that begin alike, as behind a balancer.
                let mut settings = settings.clone();
                settings.insert("NHIP_PUBLIC_URL".to_owned(), "http://nhip.test".to_owned());
                let name = |what: &str, n: usize| format!("{what}-{}", n + 1);
                let apis = (0..options.apis).map(|n| api(&name("api", n), &["serve", "--no-worker"], &settings, dir));
                let workers = (0..options.workers).map(|n| worker(&name("worker", n), &settings, dir));
                Self { apis: apis.collect(), workers: workers.collect() }
            }
        }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Process> {
        self.apis.iter().chain(&self.workers)
    }

    /// A graceful end of whatever runs.
    pub(crate) async fn stop(&self) {
        join_all(self.all().filter(|process| process.is_up()).map(Process::stop)).await;
    }

    pub(crate) async fn kill(&self) {
        join_all(self.all().map(Process::kill)).await;
    }

    pub(crate) async fn restart(&self) {
        join_all(self.all().map(Process::restart)).await;
    }
}

fn api(name: &str, arguments: &'static [&'static str], settings: &BTreeMap<String, String>, dir: &Path) -> Process {
    let listen = free_address();
    let mut settings = settings.clone();
    settings.insert("NHIP_LISTEN".to_owned(), listen.clone());
    let line = CommandLine { program: "nhip", arguments };
    Process::start(name, line, dir, settings, Some(format!("http://{listen}")))
}

fn worker(name: &str, settings: &BTreeMap<String, String>, dir: &Path) -> Process {
    let line = CommandLine { program: "nhip-worker", arguments: &[] };
    Process::start(name, line, dir, settings.clone(), None)
}

fn free_address() -> String {
    let mut rng = clock::rng();
    loop {
        let address = format!("127.0.0.1:{}", rng.random_range(PORTS));
        if TcpListener::bind(&address).is_ok() {
            return address;
        }
    }
}
