//! The processes of an app, by its shape.

use std::{collections::BTreeMap, path::Path};

use futures::future::join_all;

use crate::{Options, Shape, port::Port, process::Process, program::CommandLine};

/// Everything that runs.
#[derive(Debug)]
pub(crate) struct Fleet {
    /// They answer callers.
    pub(crate) apis: Vec<Process>,
    /// They send; none where the one api does.
    pub(crate) workers: Vec<Process>,
    /// Where the apis listen.
    _ports: Vec<Port>,
}

impl Fleet {
    pub(crate) fn start(options: &Options, settings: &BTreeMap<String, String>, dir: &Path) -> Self {
        match options.shape {
            Shape::Embedded => {
                let arguments: &[&str] = if options.demo { &["serve", "--demo"] } else { &["serve"] };
                let port = Port::reserve();
                Self {
                    apis: vec![api("nhip", arguments, &port, settings, dir)],
                    workers: Vec::new(),
                    _ports: vec![port],
                }
            }
            Shape::ScaledOut => {
                // All make URLs that begin alike, as behind a balancer.
                let mut settings = settings.clone();
                settings.insert("NHIP_PUBLIC_URL".to_owned(), "http://nhip.test".to_owned());
                let name = |what: &str, n: usize| format!("{what}-{}", n + 1);
                let ports: Vec<_> = (0..options.apis).map(|_| Port::reserve()).collect();
                let apis = ports.iter().enumerate();
                let apis = apis.map(|(n, port)| api(&name("api", n), &["serve", "--no-worker"], port, &settings, dir));
                let workers = (0..options.workers).map(|n| worker(&name("worker", n), &settings, dir));
                Self { apis: apis.collect(), workers: workers.collect(), _ports: ports }
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

fn api(
    name: &str,
    arguments: &'static [&'static str],
    port: &Port,
    settings: &BTreeMap<String, String>,
    dir: &Path,
) -> Process {
    let mut settings = settings.clone();
    settings.insert("NHIP_LISTEN".to_owned(), port.address());
    let line = CommandLine { program: "nhip", arguments };
    Process::start(name, line, dir, settings, Some(format!("http://{}", port.address())))
}

fn worker(name: &str, settings: &BTreeMap<String, String>, dir: &Path) -> Process {
    let line = CommandLine { program: "nhip-worker", arguments: &[] };
    Process::start(name, line, dir, settings.clone(), None)
}
