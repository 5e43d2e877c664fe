//! Meta's Graph API, as far as connecting asks it. It knows the numbers that were told it, each in one business account, and
//! takes any token but those that say in their first word what is wrong with them, and any app secret but "wrong", whose
//! proof it demands with every call.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
};

use nhip_worker::gateway::cloud_api::{graph::Graph, signature};
use poem::{
    Request, Response, Server,
    endpoint::make_sync,
    http::{Method, StatusCode, header},
    listener::TcpAcceptor,
};
use serde_json::{Value, json};
use tokio::net::TcpListener;

/// A number that it knows from the start.
pub(super) const NUMBER: &str = "106540352242922";
/// Its phone.
pub(super) const PHONE: &str = "+12025550199";
/// The app that all tokens are of.
const APP: &str = "670843887433847";
/// Its business account.
pub(super) const BUSINESS: &str = "102290129340398";

pub(super) struct FakeGraph {
    url: String,
    meta: Arc<Mutex<Meta>>,
}

struct Meta {
    /// Phone and business account by the number's id.
    numbers: HashMap<String, (String, String)>,
    /// Business accounts that our app was subscribed to, as often as it was.
    subscribed: Vec<String>,
    /// The apps that are told of a business account.
    apps: HashMap<String, Vec<String>>,
}

impl FakeGraph {
    pub(super) async fn start() -> Self {
        let numbers = HashMap::from([(NUMBER.to_owned(), ("+1 202-555-0199".to_owned(), BUSINESS.to_owned()))]);
        let meta = Arc::new(Mutex::new(Meta { numbers, subscribed: Vec::new(), apps: HashMap::new() }));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/v23.0", listener.local_addr().unwrap());
        let answering = Arc::clone(&meta);
        let endpoint = make_sync(move |request| answer(&mut answering.lock().unwrap(), &request));
        let acceptor = TcpAcceptor::from_tokio(listener).unwrap();
        tokio::spawn(Server::new_with_acceptor(acceptor).run(endpoint));
        Self { url, meta }
    }

    pub(super) fn client(&self) -> Graph {
        Graph::new(&self.url).unwrap()
    }

    pub(super) fn knows(&self, number: &str, phone: &str, business: &str) {
        self.meta.lock().unwrap().numbers.insert(number.to_owned(), (phone.to_owned(), business.to_owned()));
    }

    /// From now on these apps, and no others, are told of a business account.
    pub(super) fn tells(&self, business: &str, apps: &[&str]) {
        let apps = apps.iter().map(|app| (*app).to_owned()).collect();
        self.meta.lock().unwrap().apps.insert(business.to_owned(), apps);
    }

    pub(super) fn subscribed(&self) -> Vec<String> {
        self.meta.lock().unwrap().subscribed.clone()
    }
}

fn answer(meta: &mut Meta, request: &Request) -> Response {
    let token =
        request.header(header::AUTHORIZATION).and_then(|value| value.strip_prefix("Bearer ")).unwrap_or_default();
    match token.split('-').next() {
        Some("expired" | "") => return error(StatusCode::UNAUTHORIZED, 190, Some(463), "Session has expired"),
        Some("poor") => return error(StatusCode::FORBIDDEN, 200, None, "Permissions error"),
        Some("down") => return Response::builder().status(StatusCode::BAD_GATEWAY).body("down"),
        _ => {}
    }
    let query = request.uri().query().unwrap_or_default();
    if !query.contains("appsecret_proof=") {
        let message = "API calls from the server require an appsecret_proof argument";
        return error(StatusCode::BAD_REQUEST, 100, None, message);
    }
    if query.contains(&format!("appsecret_proof={}", signature::sign("wrong", token.as_bytes()))) {
        return error(StatusCode::BAD_REQUEST, 100, None, "Invalid appsecret_proof provided in the API argument");
    }
    let path = request.uri().path().trim_start_matches("/v23.0/").to_owned();
    let businesses: Vec<String> = meta.numbers.values().map(|(_, business)| business.clone()).collect();
    match (request.method().clone(), path.split_once('/')) {
        (Method::GET, None) if path == "app" => json_of(&json!({"id": APP})),
        (Method::GET, None) => match meta.numbers.get(&path) {
            Some((phone, _)) => json_of(&json!({"id": path, "display_phone_number": phone})),
            None => error(StatusCode::BAD_REQUEST, 100, Some(33), "Unsupported get request. Object does not exist"),
        },
        (Method::GET, Some((business, "phone_numbers"))) if businesses.iter().any(|known| known == business) => {
            let numbers = meta.numbers.iter().filter(|(_, (_, of))| of == business);
            json_of(&json!({"data": numbers.map(|(id, _)| json!({"id": id})).collect::<Vec<_>>()}))
        }
        (Method::GET, Some((business, "subscribed_apps"))) if businesses.iter().any(|known| known == business) => {
            let apps = meta.apps.get(business).into_iter().flatten();
            let told = |id: &String| json!({"whatsapp_business_api_data": {"id": id, "name": "An app"}});
            json_of(&json!({"data": apps.map(told).collect::<Vec<_>>()}))
        }
        (Method::POST, Some((business, "subscribed_apps"))) if businesses.iter().any(|known| known == business) => {
            meta.subscribed.push(business.to_owned());
            meta.apps.entry(business.to_owned()).or_default().push(APP.to_owned());
            json_of(&json!({"success": true}))
        }
        _ => error(StatusCode::BAD_REQUEST, 100, Some(33), "Unsupported request"),
    }
}

fn error(status: StatusCode, code: i64, subcode: Option<i64>, message: &str) -> Response {
    let error =
        json!({"error": {"message": message, "type": "OAuthException", "code": code, "error_subcode": subcode}});
    Response::builder().status(status).content_type("application/json").body(error.to_string())
}

fn json_of(value: &Value) -> Response {
    Response::builder().content_type("application/json").body(value.to_string())
}
