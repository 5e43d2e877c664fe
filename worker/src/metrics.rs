//! Prometheus metrics, on an address of their own: they are nobody's business but the operator's.

use std::net::SocketAddr;

use metrics_exporter_prometheus::PrometheusBuilder;

use crate::config::ConfigError;

/// Serves `/metrics`, and a bare `/health`, at `address` for as long as the process lives.
pub fn serve(address: SocketAddr) -> Result<(), ConfigError> {
    PrometheusBuilder::new()
        .with_http_listener(address)
        .install()
        .map_err(|err| ConfigError(format!("NHIP_METRICS_LISTEN {address} is not usable: {err}")))
}
