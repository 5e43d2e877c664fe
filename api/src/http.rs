//! Everything over HTTP: one table of routes, one place that logs, counts and catches panics.

pub mod body;
mod caller;
mod cloud_callback;
pub mod cookie;
mod dashboard;
pub mod graphql;
pub mod health;
mod host;
pub mod listener;
pub mod pages;
pub mod reference;
pub mod remote;
pub mod route;
pub mod socket;
pub mod webhook;

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures::{FutureExt as _, future::BoxFuture};
use ipnet::IpNet;
use nhip_domain::{audit::Requester, span::SPAN};
use poem::{
    Endpoint, Request, Response,
    http::{Method, StatusCode, Version},
};
use tokio::time::Instant;
use tracing::Instrument as _;

use self::{body::Room, route::Route, socket::crowd::Crowd};
use crate::graphql::{Admin, Deps};

/// What every request may need; cheap to clone.
#[derive(Clone)]
pub struct App {
    /// What resolvers work with too.
    pub deps: Deps,
    /// The admin API.
    pub admin: Admin,
    /// Whose `X-Forwarded-For` is believed.
    pub trusted_proxies: Arc<[IpNet]>,
    /// For bodies larger than a webhook's.
    pub room: Room,
    /// What sockets share.
    pub crowd: Crowd,
}

impl App {
    /// From where a request came.
    pub(crate) fn requester(&self, request: &Request) -> Requester {
        Requester {
            remote_address: remote::address(request, &self.trusted_proxies),
            user_agent: remote::user_agent(request),
        }
    }

    /// (Boxed, so that it is compiled here and not once more by whoever serves it.)
    fn answer<'a>(&'a self, route: &'a Route, request: Request, since: Instant) -> BoxFuture<'a, Response> {
        Box::pin(async move {
            match route {
                Route::Webhook { token } => webhook::answer(self, token, request, since).await,
                Route::CloudCallback { account } => cloud_callback::answer(self, account, request).await,
                Route::Graphql => graphql::answer(self, request).await,
                Route::GraphqlSocket => socket::answer(self, request).await,
                Route::Health => health::alive(),
                Route::Ready => health::ready(&self.deps.cx).await,
                Route::Reference(part) => reference::answer(*part, &request, &self.deps.cx.settings.public_url),
                Route::Page => dashboard::page(&request, StatusCode::OK),
                Route::File { path } => dashboard::file(&request, path),
                Route::Unknown => dashboard::unknown(&request),
            }
        })
    }
}

impl Endpoint for App {
    type Output = Response;

    async fn call(&self, request: Request) -> poem::Result<Response> {
        let since = self.deps.cx.clock.instant();
        let route = Route::of(request.uri().path());
        let (method, version) = (request.method().clone(), request.version());
        let span = tracing::info_span!(
            target: SPAN,
            "http.request",
            otel.kind = "server",
            http.route = route.name(),
            http.request.method = method.as_str(),
            http.response.status_code = tracing::field::Empty
        );
        let answer = AssertUnwindSafe(self.answer(&route, request, since)).catch_unwind();
        let answered = answer.instrument(span.clone()).await;
        let mut response = answered.unwrap_or_else(|_panic| {
            tracing::error!(route = route.name(), "a handler panicked");
            match route {
                Route::Webhook { .. } => webhook::unavailable(&self.deps.cx),
                _ => pages::broken(),
            }
        });
        span.record("http.response.status_code", response.status().as_u16());
        if method == Method::HEAD && version == Version::HTTP_2 {
            // Before HTTP/2, the server leaves it out by itself.
            response.set_body(());
        }
        pages::add_security_headers(&mut response);
        observe(&route, method.as_str(), &response, self.deps.cx.clock.instant() - since);
        Ok(response)
    }
}

/// One line and one measurement per request. The route's name, never the URI: that holds secrets.
fn observe(route: &Route, method: &str, response: &Response, took: std::time::Duration) {
    let status = response.status().as_u16();
    metrics::counter!("nhip_http_requests_total", "route" => route.name(), "status" => status.to_string()).increment(1);
    metrics::histogram!("nhip_http_request_seconds", "route" => route.name()).record(took.as_secs_f64());
    let ms = took.as_secs_f64() * 1_000.0;
    tracing::debug!(route = route.name(), method, status, ms, "answered");
}
