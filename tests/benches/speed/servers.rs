//! The servers that are measured, each in a process of its own.

use std::{path::Path, sync::Arc};

use nhip_api::{
    access_token::AccessTokens,
    graphql::{self, Deps},
    http::{App, body::Room, listener::Guarded, socket::crowd::Crowd},
    mail::PostOffice,
};
use nhip_domain::{
    Database,
    message::{Acceptor, Writing},
};
use nhip_worker::{
    download::{Downloader, Exceptions},
    gateway::cloud_api::graph::Graph,
};
use poem::{Body, Endpoint, Response, Server, endpoint::make, http::StatusCode};
use tokio::net::TcpListener;

use crate::{furnish::context, lanes, six};

/// As many as the program opens.
pub(crate) const CONNECTIONS: u32 = 20;

/// Serves until it is killed; prints where it listens.
pub(crate) async fn serve(what: &str, arguments: &[&str]) {
    match (what, arguments) {
        ("postgres", [url, logs]) => {
            let db = Database::postgres(url, CONNECTIONS).await.unwrap();
            listen(ours(db, Writing { logs: logs.parse().unwrap(), ..Writing::default() })).await;
        }
        ("sqlite", [file, batch, logs]) => {
            let db = Database::sqlite(Path::new(file)).await.unwrap();
            listen(ours(db, Writing { batch: batch.parse().unwrap(), logs: logs.parse().unwrap() })).await;
        }
        ("six", [url]) => listen(six::endpoint(url).await).await,
        ("echo", []) => listen(make(|request: poem::Request| async move { echo(request).await })).await,
        ("lanes", [url, seconds]) => lanes::lanes(url, seconds.parse().unwrap()).await,
        ("timers", [_, seconds]) => lanes::timers(10_000, seconds.parse().unwrap()).await,
        _ => panic!("there is no such server"),
    }
}

/// What `nhip serve --no-worker` puts together.
fn ours(db: Database, writing: Writing) -> App {
    let (cx, bus) = context(db);
    let tokens = AccessTokens::new(&cx.secret).unwrap();
    let acceptor = Acceptor::with(cx.clone(), writing);
    let downloader = Downloader::new(Exceptions::default()).unwrap();
    let graph = Graph::new("http://127.0.0.1:1").unwrap();
    let deps = Deps { cx, acceptor, bus: Arc::new(bus), downloader, graph, tokens, post: PostOffice::closed() };
    let (admin, crowd) = (graphql::build(deps.clone(), false), Crowd::new(deps.cx.clone()));
    App { admin, deps, trusted_proxies: Arc::new([]), room: Room::default(), crowd }
}

async fn listen(endpoint: impl Endpoint + 'static) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    println!("http://{}", listener.local_addr().unwrap());
    Server::new_with_acceptor(Guarded::new(listener)).run(endpoint).await.unwrap();
}

/// The least that an endpoint can do with such a call: read the JSON, and write it.
async fn echo(mut request: poem::Request) -> poem::Result<Response> {
    let value: serde_json::Value = request.take_body().into_json().await?;
    Ok(Response::builder().status(StatusCode::OK).content_type("application/json").body(Body::from(value.to_string())))
}
