//! The signals that end a process.

use std::io;

use tokio::signal;

/// Listens for whoever tells this process to stop: Ctrl-C, or SIGTERM.
#[cfg(unix)]
pub struct ToldToStop {
    terminated: signal::unix::Signal,
    interrupted: signal::unix::Signal,
}

#[cfg(unix)]
impl ToldToStop {
    /// Begins to listen: from now on, a signal ends the process in good order and no longer at once.
    pub fn listen() -> io::Result<Self> {
        use signal::unix::{SignalKind, signal};
        Ok(Self { terminated: signal(SignalKind::terminate())?, interrupted: signal(SignalKind::interrupt())? })
    }

    /// Returns once somebody says so.
    pub async fn told(mut self) {
        tokio::select! {
            _ = self.terminated.recv() => {}
            _ = self.interrupted.recv() => {}
        }
    }
}

/// Listens for Ctrl-C.
#[cfg(not(unix))]
pub struct ToldToStop;

#[cfg(not(unix))]
impl ToldToStop {
    /// Begins to listen.
    pub fn listen() -> io::Result<Self> {
        Ok(Self)
    }

    /// Returns once somebody says so.
    pub async fn told(self) {
        drop(signal::ctrl_c().await);
    }
}
