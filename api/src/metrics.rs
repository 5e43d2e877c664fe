//! Prometheus metrics, on an address of their own: they are nobody's business but the operator's.

use std::{net::SocketAddr, time::Duration};

use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use nhip_worker::config::ConfigError;
use poem::{Request, Response, Server, endpoint::make_sync, http::StatusCode, listener::TcpAcceptor};
use tokio::{net::TcpListener, time::interval};
use tokio_util::sync::CancellationToken;

/// How often histograms are tidied.
const UPKEEP: Duration = Duration::from_secs(5);

/// Serves `/metrics` at `address` until `stop`.
pub async fn serve(address: SocketAddr, stop: CancellationToken) -> Result<(), ConfigError> {
    let refuse =
        |err: &dyn std::error::Error| ConfigError(format!("NHIP_METRICS_LISTEN {address} is not usable: {err}"));
    let handle = PrometheusBuilder::new().install_recorder().map_err(|err| refuse(&err))?;
    let listener = TcpListener::bind(address).await.map_err(|err| refuse(&err))?;
    let acceptor = TcpAcceptor::from_tokio(listener).map_err(|err| refuse(&err))?;
    tokio::spawn(keep_up(handle.clone(), stop.clone()));
    tokio::spawn(async move {
        let page = make_sync(move |request| answer(&handle, &request));
        let server = Server::new_with_acceptor(acceptor).idle_timeout(Duration::from_mins(1));
        let stopped = server.run_with_graceful_shutdown(page, stop.cancelled_owned(), Some(Duration::from_secs(1)));
        if let Err(err) = stopped.await {
            tracing::error!(error = &err as &dyn std::error::Error, "metrics are no longer served");
        }
    });
    Ok(())
}

fn answer(handle: &PrometheusHandle, request: &Request) -> Response {
    if request.uri().path() == "/metrics" {
        return Response::builder().content_type("text/plain; version=0.0.4").body(handle.render());
    }
    Response::builder().status(StatusCode::NOT_FOUND).finish()
}

async fn keep_up(handle: PrometheusHandle, stop: CancellationToken) {
    let mut ticks = interval(UPKEEP);
    loop {
        tokio::select! {
            _ = ticks.tick() => handle.run_upkeep(),
            () = stop.cancelled() => return,
        }
    }
}
