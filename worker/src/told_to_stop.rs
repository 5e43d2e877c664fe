//! The signals that end a process.

use tokio::signal;

/// Returns once the process is told to stop: Ctrl-C, or SIGTERM.
pub async fn told_to_stop() {
    let interrupted = signal::ctrl_c();
    #[cfg(unix)]
    {
        match signal::unix::signal(signal::unix::SignalKind::terminate()) {
            Ok(mut terminated) => {
                tokio::select! {
                    _ = interrupted => {}
                    _ = terminated.recv() => {}
                }
            }
            Err(_) => drop(interrupted.await),
        }
    }
    #[cfg(not(unix))]
    drop(interrupted.await);
}
