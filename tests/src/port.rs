//! Ports of this machine that no two of the test's processes take.

use std::{
    fs::{self, File},
    net::TcpListener,
};

use nhip_domain::clock;
use rand::RngExt as _;

/// Below the ports that the kernel gives to whoever calls out: one that is free while its process is dead stays free.
const PORTS: std::ops::Range<u16> = 10_000..32_000;

/// A port of 127.0.0.1, ours for as long as this lives, also while nobody listens there.
#[derive(Debug)]
pub(crate) struct Port {
    number: u16,
    /// Locked; the kernel lets go of it when this process ends, however it ends.
    _lock: File,
}

impl Port {
    pub(crate) fn reserve() -> Self {
        let locks = std::env::temp_dir().join("nhip-ports");
        fs::create_dir_all(&locks).unwrap();
        let mut rng = clock::rng();
        loop {
            let number = rng.random_range(PORTS);
            let lock = File::create(locks.join(number.to_string())).unwrap();
            // Locked by another story, or taken by a stranger.
            if lock.try_lock().is_ok() && TcpListener::bind(("127.0.0.1", number)).is_ok() {
                return Self { number, _lock: lock };
            }
        }
    }

    pub(crate) fn address(&self) -> String {
        format!("127.0.0.1:{}", self.number)
    }
}
