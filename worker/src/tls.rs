//! The one implementation of TLS that every client of this process uses.

/// Installs it; any number of times.
pub(crate) fn be_ready() {
    // An error says only that somebody else installed it.
    let _already = rustls::crypto::ring::default_provider().install_default();
}
