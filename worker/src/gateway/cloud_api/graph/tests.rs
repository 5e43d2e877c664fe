use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

use super::*;

fn answer(status: u16, body: &str) -> Result<Value, Failure> {
    understand(StatusCode::from_u16(status).unwrap(), Ok(Bytes::copy_from_slice(body.as_bytes())))
}

fn token(token: &str) -> Token {
    let (access_token, app_secret) = (token.to_owned(), "Jefe".to_owned());
    Token::of(&Credentials { access_token, app_secret, verify_token: String::new() })
}

/// A server that reads one request, answers with these bytes, and closes.
async fn server(answer: &'static str) -> Graph {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}/v23.0/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        let _ = socket.read(&mut [0; 4096]).await.unwrap();
        socket.write_all(answer.as_bytes()).await.unwrap();
    });
    Graph::new(&base).unwrap()
}

#[test]
fn a_refusal_is_read_by_its_code_whatever_the_status_says() {
    let body = json!({"error": {"message": "(#131026) Message undeliverable", "type": "OAuthException", "code": 131_026,
        "error_data": {"messaging_product": "whatsapp", "details": "Unable to deliver\u{0} message"}, "fbtrace_id": "A"}});
    for status in [200, 400, 500] {
        let Err(Failure::Refused(error)) = answer(status, &body.to_string()) else { panic!("{status}") };
        assert_eq!(error.code, Some(131_026));
        assert_eq!(
            error.to_string(),
            "Meta's error 131026: (#131026) Message undeliverable (Unable to deliver message)"
        );
    }
}

#[test]
fn of_an_answer_without_metas_own_error_nobody_knows_what_became_of_the_request() {
    let bodies = ["", "<html>", r#"{"error": "busy"}"#, r#"{"error": {"code": 4, "message": "upstream reset"}}"#];
    for status in [301, 400, 401, 404, 408, 413, 429, 500, 502, 503, 504] {
        for body in bodies {
            let answered = answer(status, body);
            assert!(matches!(answered, Err(Failure::Unknown(_))), "{status} {body}: {answered:?}");
        }
    }
    assert!(matches!(answer(200, "<html>"), Err(Failure::Unknown(_))));
}

#[test]
fn an_answer_that_names_a_message_beside_an_error_is_no_refusal() {
    let body = json!({"messages": [{"id": "wamid.A"}],
        "error": {"message": "(#131000) Something went wrong", "type": "OAuthException", "code": 131_000}});
    assert_eq!(answer(200, &body.to_string()), Ok(body.clone()));
    assert!(matches!(answer(500, &body.to_string()), Err(Failure::Unknown(_))));
}

#[tokio::test]
async fn what_could_not_connect_never_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let failure = Graph::new(&base).unwrap().get(&token("t"), "/me").await.unwrap_err();
    assert!(matches!(failure, Failure::NotSent(_)), "{failure:?}");
}

#[tokio::test]
async fn what_no_request_can_be_made_of_is_no_outage() {
    let graph = server("").await;
    for mime in ["application/x foo", "application/x-foo, application/x-foo", "application/pdf charset=utf-8"] {
        let failure = graph.upload(&token("t"), "/1/media", ("a.bin", mime), &Bytes::new(), ANSWER).await.unwrap_err();
        assert!(matches!(failure, Failure::Impossible(_)), "{mime}: {failure:?}");
    }
    let failure = graph.get(&token("two\nlines"), "/me").await.unwrap_err();
    assert!(matches!(failure, Failure::Impossible(_)), "{failure:?}");
    assert!(Graph::new("graph.facebook.com").is_err());
}

#[tokio::test]
async fn a_name_that_nobody_knows_and_a_handshake_that_fails_leave_nothing_behind() {
    let unknown = Graph::new("https://graph.invalid/v23.0").unwrap().get(&token("t"), "/me").await.unwrap_err();
    assert!(matches!(unknown, Failure::NotSent(_)), "{unknown:?}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("https://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut socket, _) = listener.accept().await.unwrap();
        socket.write_all(b"HTTP/1.1 503 Service Unavailable\r\n\r\n").await.unwrap();
    });
    let no_tls = Graph::new(&base).unwrap().get(&token("t"), "/me").await.unwrap_err();
    assert!(matches!(no_tls, Failure::NotSent(_)), "{no_tls:?}");
}

#[tokio::test]
async fn of_a_connection_that_was_cut_after_the_request_nobody_knows() {
    for cut in ["", "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\n{"] {
        let failure = server(cut).await.get(&token("t"), "/me").await.unwrap_err();
        assert!(matches!(failure, Failure::Unknown(_)), "{cut}: {failure:?}");
    }
}

#[tokio::test]
async fn the_hand_over_is_marked_when_the_answer_begins() {
    let graph = server("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}").await;
    let mut marked = false;
    graph.post(&token("t"), "/1/messages", &json!({}), ANSWER, || marked = true).await.unwrap();
    assert!(marked);
}

#[test]
fn every_call_proves_that_its_app_is_known() {
    let graph = Graph::new("https://graph.example/v23.0/").unwrap();
    // RFC 4231, test case 2.
    let proof = "appsecret_proof=5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
    let token = token("what do ya want for nothing?");
    assert_eq!(graph.url("1/messages", &token), format!("https://graph.example/v23.0/1/messages?{proof}"));
    assert_eq!(graph.url("/1?fields=id", &token), format!("https://graph.example/v23.0/1?fields=id&{proof}"));
}

#[test]
fn a_token_is_never_printed() {
    assert_eq!(format!("{:?}", token("EAAG-secret")), "Token(…)");
}
