//! GraphQL over HTTP: what is taken, and how it is answered.

use std::fmt::Write as _;

use nhip_domain::settings::Settings;
use poem::{
    Request,
    http::{Method, StatusCode, header},
};
use sea_orm::ConnectionTrait as _;
use serde_json::{Value, json};

use super::app::{TestApp, code, post, read};

const JSON: &str = "application/json";

#[tokio::test]
async fn only_a_post_of_json_is_taken() {
    let app = TestApp::start().await;
    let mutation = json!({"query": "mutation { logOut }"}).to_string();
    let get = app.call(Request::builder().uri_str("/graphql?query=mutation%7BlogOut%7D").finish()).await;
    assert_eq!((get.status(), get.header(header::ALLOW)), (StatusCode::METHOD_NOT_ALLOWED, Some("POST")));
    for kind in [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
    ] {
        let request = Request::builder().method(Method::POST).uri_str("/graphql").content_type(kind);
        assert_eq!(
            app.call(request.body(mutation.clone())).await.status(),
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "{kind}"
        );
    }
    let none = Request::builder().method(Method::POST).uri_str("/graphql").body(mutation.clone());
    assert_eq!(app.call(none).await.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    let good = post().uri_str("/graphql").content_type("Application/JSON; charset=UTF-8").body(mutation);
    assert_eq!(app.call(good).await.status(), StatusCode::OK);
}

#[tokio::test]
async fn bodies_that_are_no_single_operation_are_refused() {
    let app = TestApp::start().await;
    let large = json!({"query": "{ __typename }", "pad": "x".repeat(70_000)}).to_string();
    for (body, status) in [
        ("", 400),
        ("{", 400),
        ("7", 400),
        ("[{\"query\": \"{ __typename }\"}]", 400),
        ("{\"query\": 7}", 400),
        ("{\"query\": \"{ __typename }\", \"variables\": []}", 400),
        ("{\"query\": \"{ __typename }\", \"extensions\": 7}", 400),
        ("{\"query\": \"{ __typename }\", \"operationName\": 7}", 400),
        ("{\"query\": \"{ __typename }\"}", 200),
        ("{\"query\": \"{ __typename }\", \"variables\": null, \"operationName\": null, \"extensions\": null}", 200),
        ("{\"query\": \"{ __typename }\", \"extensions\": {\"tracing\": true}, \"more\": 1}", 200),
        (&*large, 413),
    ] {
        let response = app.call(post().uri_str("/graphql").body(body.to_owned())).await;
        assert_eq!(response.status().as_u16(), status, "{body:.60}");
        assert_eq!(response.header(header::CACHE_CONTROL), Some("no-store"));
    }
}

#[tokio::test]
async fn told_in_graphqls_own_type_the_status_says_whether_it_was_executed() {
    let app = TestApp::start().await;
    let status = async |accept: &str, query: &str| {
        let request = post().uri_str("/graphql").header(header::ACCEPT, accept);
        let response = app.call(request.body(json!({"query": query}).to_string())).await;
        let kind = response.content_type().unwrap().to_owned();
        let status = response.status().as_u16();
        (status, kind, read(response).await)
    };
    let own = "application/graphql-response+json";
    for query in ["{", "{ nothing }", "{ workspace { id } }", "{ workspace(id: 1.5) { id } }"] {
        let (code, kind, answer) = status(own, query).await;
        assert_eq!((code, kind.starts_with(own)), (400, true), "{query}");
        assert!(answer.get("data").is_none(), "{answer}");
        assert_eq!(status(JSON, query).await.0, 200);
    }
    let (code, _, answer) = status(own, "{ service { demo } me { id } }").await;
    assert_eq!((code, &answer["errors"][0]["path"]), (200, &json!(["me"])), "{answer}");
}

#[tokio::test]
async fn nothing_is_done_of_a_request_whose_variables_are_incomplete() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let ends = |kind: &str| {
        format!(
            "mutation M($s: {kind}) {{ updateMe(input: {{name: \"Changed\"}}) {{ name }} \
             revokeSession(input: {{sessionId: $s}}) {{ id }} }}"
        )
    };
    let token = |at: &str| {
        let variable = if at == "$at" { "($at: DateTime)" } else { "" };
        format!(
            "mutation{variable} {{ updateMe(input: {{name: \"Changed\"}}) {{ name }} createApiToken(input: \
             {{workspaceId: \"{}\", name: \"x\", scopes: [WORKSPACE_READ], expiresAt: {at}}}) {{ token }} }}",
            ada.id
        )
    };
    let pace = |ms: &str| {
        let variable = if ms == "$ms" { "($ms: Int!)" } else { "" };
        format!(
            "mutation{variable} {{ updateMe(input: {{name: \"Changed\"}}) {{ name }} \
             setAccountPace(input: {{accountId: \"x\", minMs: {ms}, maxMs: 1}}) {{ id }} }}"
        )
    };
    let paces = "mutation($i: SetAccountPaceInput!) { updateMe(input: {name: \"Changed\"}) { name } \
                   setAccountPace(input: $i) { id } }";
    let named = "mutation($n: String!) { updateMe(input: {name: \"Changed\"}) { name } other: updateMe(input: {name: $n}) { id } }";
    for (query, variables) in [
        (ends("ID!"), json!({})),
        (ends("ID!"), json!({"s": null})),
        (ends("ID"), json!({})),
        (ends("ID"), json!({"s": null})),
        (named.to_owned(), json!({"n": null})),
        (named.to_owned(), json!({"n": 7})),
        (token("$at"), json!({"at": "yesterday"})),
        (token("\"2026-11-22\""), json!({})),
        (pace("$ms"), json!({"ms": 3_000_000_000_i64})),
        (pace("3000000000"), json!({})),
        (paces.to_owned(), json!({"i": {"accountId": "x", "minMs": -3_000_000_000_i64, "maxMs": 1}})),
    ] {
        let body = json!({"query": query, "variables": variables}).to_string();
        let request = post().uri_str("/graphql").header(header::ACCEPT, "application/graphql-response+json");
        let request = request.header(header::AUTHORIZATION, format!("Bearer {}", ada.bearer)).body(body);
        let response = app.call(request).await;
        let status = response.status().as_u16();
        let answer = read(response).await;
        assert_eq!(
            (status, answer.get("data"), &*code(&answer)),
            (400, None, "BAD_INPUT"),
            "{query} {variables}: {answer}"
        );
    }
    assert_ne!(ada.ok("{ me { name } }", json!({})).await["me"]["name"], "Changed");
    let some =
        "query($w: ID!, $f: Int = 1, $s: String) { workspace(id: $w) { chats(first: $f, search: $s) { totalCount } } }";
    ada.ok(some, json!({"w": ada.id})).await;
}

#[tokio::test]
async fn whatever_cannot_be_taken_is_told_with_the_field_that_it_is_for() {
    let app = TestApp::start().await;
    let ada = app.shop("ada").await;
    let of =
        |arguments: &str| format!("{{ workspace(id: \"{}\") {{ messages({arguments}) {{ totalCount }} }} }}", ada.id);
    let with =
        |kind: &str, argument: &str| of(&format!("{argument}: $v")).replacen('{', &format!("query($v: {kind}) {{"), 1);
    for (query, variables, field) in [
        (of("search: \"\\u0000\""), json!({}), "search"),
        (with("String", "search"), json!({"v": "a\0b"}), "search"),
        (of("since: \"yesterday\""), json!({}), "since"),
        (with("DateTime", "since"), json!({"v": "2026-13-01T00:00:00Z"}), "since"),
        (of("first: 3000000000"), json!({}), "first"),
        (with("Int", "first"), json!({"v": 3_000_000_000_i64}), "first"),
        (of("statuses: [QUEUED, NOTHING]"), json!({}), "statuses"),
        (with("[MessageStatus!]", "statuses"), json!({"v": ["NOTHING"]}), "statuses"),
        (with("ID!", "accountId"), json!({}), "accountId"),
        (with("ID!", "accountId"), json!({"v": null}), "accountId"),
        (of(&format!("search: \"{}\"", "x".repeat(501))), json!({}), "search"),
        ("mutation($v: String!) { updateMe(input: {name: $v}) { name } }".to_owned(), json!({"v": "\0"}), "name"),
    ] {
        let answer = app.graphql(Some(&ada.bearer), &query, variables.clone()).await;
        let told = (code(&answer), &answer["errors"][0]["extensions"]["field"]);
        assert_eq!(told, ("BAD_INPUT".to_owned(), &json!(field)), "{query} {variables}: {answer}");
    }
}

#[tokio::test]
async fn cursors_that_somebody_made_up_are_refused() {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    for app in TestApp::everywhere().await {
        let ada = app.shop("ada").await;
        let query = "query($w: ID!, $a: String) { workspace(id: $w) { messages(after: $a) { totalCount } chats(after: $a) { totalCount } } }";
        for micros in [i64::MAX, 8_000_000_000_000_000_000, -8_000_000_000_000_000_000, -300_000_000_000_000_000] {
            let cursor = URL_SAFE_NO_PAD.encode(format!("{micros}|1"));
            assert_eq!(ada.refused(query, json!({"w": ada.id, "a": cursor})).await, "BAD_INPUT", "{micros}");
        }
    }
}

#[tokio::test]
async fn the_demo_answers_to_its_own_names_alone() {
    let (app, open) =
        (TestApp::start_with(Settings { demo: true, ..Settings::default() }).await, TestApp::start().await);
    let ask = async |app: &TestApp, host: &str| {
        let request = post().uri_str("/graphql").header(header::HOST, host);
        app.call(request.body(json!({"query": "{ service { demo } }"}).to_string())).await.status().as_u16()
    };
    let connect = async |app: &TestApp, host: &str| {
        let request = Request::builder().uri_str("/graphql/ws").header(header::HOST, host);
        app.call(request.header(header::ORIGIN, format!("http://{host}")).finish()).await.status().as_u16()
    };
    for host in ["127.0.0.1:8080", "localhost:5173", "[::1]:8080"] {
        // Let in as far as its protocol is asked for.
        assert_eq!((ask(&app, host).await, connect(&app, host).await), (200, 400), "{host}");
    }
    for host in ["evil.example", "evil.example:8080", "192.168.1.7:8080"] {
        assert_eq!((ask(&app, host).await, connect(&app, host).await), (421, 421), "{host}");
        assert_eq!(ask(&open, host).await, 200, "whoever is no demo may be called anything");
    }
}

#[tokio::test]
async fn graphqls_own_type_is_not_told_to_whoever_wants_it_not() {
    let app = TestApp::start().await;
    let kind = async |accept: &str| {
        let request = post().uri_str("/graphql").header(header::ACCEPT, accept);
        let response = app.call(request.body(json!({"query": "{ service { demo } }"}).to_string())).await;
        response.content_type().unwrap().to_owned()
    };
    assert!(kind("application/graphql-response+json;q=0.9, application/json").await.starts_with("application/graphql"));
    assert!(kind("application/json, application/graphql-response+json;Q=0").await.starts_with(JSON));
    assert!(kind("application/graphql-response+json; q=0.000, */*").await.starts_with(JSON));
}

#[tokio::test]
async fn a_bomb_of_fragments_goes_off_nowhere() {
    let app = TestApp::start().await;
    let mut query = "query { ...F0 }".to_owned();
    for i in 0..12 {
        let _ = write!(query, " fragment F{i} on Query {{ {}}}", format!("...F{} ", i + 1).repeat(10));
    }
    query.push_str(" fragment F12 on Query { __typename }");
    let answer = app.graphql(None, &query, json!({})).await;
    assert_eq!(code(&answer), "QUERY_TOO_COMPLEX");
}

#[tokio::test]
async fn connections_multiply_what_they_hold() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    let query = "query($w: ID!) { workspace(id: $w) { chats(first: 200) { nodes { messages(first: 200) { nodes { id } } } } } }";
    assert_eq!(shop.refused(query, json!({"w": shop.id})).await, "QUERY_TOO_COMPLEX");
    let query =
        "query($w: ID!) { workspace(id: $w) { chats { nodes { messages(first: 10) { nodes { id text } } } } } }";
    shop.ok(query, json!({"w": shop.id})).await;
}

#[tokio::test]
async fn strangers_learn_nothing_of_the_schema() {
    let app = TestApp::start().await;
    let answer = app.graphql(None, "{ __schema { types { name } } }", json!({})).await;
    assert!(answer["data"]["__schema"] == Value::Null, "{answer}");
    let answer = app.graphql(None, "{ servise { demo } }", json!({})).await;
    assert!(!answer.to_string().contains("service"), "{answer}");
    assert_eq!(code(&answer), "BAD_INPUT");
}

#[tokio::test]
async fn u0000_is_no_500() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    let query = "query($w: ID!, $s: String) { workspace(id: $w) { messages(search: $s) { totalCount } } }";
    assert_eq!(shop.refused(query, json!({"w": shop.id, "s": "\0"})).await, "BAD_INPUT");
    let query = "{ workspace(id: \"\\u0000\") { id } }";
    assert_eq!(shop.refused(query, json!({})).await, "BAD_INPUT");
}

#[tokio::test]
async fn credentials_that_are_none_make_nobody() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    let cut = &shop.bearer[..shop.bearer.len() - 4];
    for bearer in ["", "x", "nhip_at_x", "nhip_rt_x", "a.b.c", cut] {
        assert_eq!(code(&app.graphql(Some(bearer), "{ me { id } }", json!({})).await), "UNAUTHENTICATED", "{bearer}");
    }
}

#[tokio::test]
async fn every_answer_forbids_guessing_and_telling_on() {
    let app = TestApp::start().await;
    for (path, status) in
        [("/", 200), ("/healthz", 200), ("/readyz", 200), ("/nope", 404), ("/graphql", 405), ("/webhook/x", 404)]
    {
        let response = app.call(Request::builder().uri_str(path).finish()).await;
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert_eq!(response.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(response.header("referrer-policy"), Some("no-referrer"), "{path}");
    }
}

#[tokio::test]
async fn the_health_page_says_whether_the_ledger_adds_up_and_stays_in_service() {
    let app = TestApp::start().await;
    let page = async || {
        let response = app.call(Request::builder().uri_str("/readyz").finish()).await;
        (response.status().as_u16(), response.into_body().into_string().await.unwrap())
    };
    assert_eq!(page().await, (200, "ready\nthe ledger was not checked yet\n".to_owned()));
    app.shop("ada").await;
    nhip_domain::ledger::audit_new(app.cx()).await.unwrap();
    assert!(page().await.1.contains("the ledger adds up (checked 20"), "{:?}", page().await);
    let harm = "UPDATE workspaces SET balance = balance + 1, verified_entry = 0";
    app.cx().db.schema().execute_unprepared(harm).await.unwrap();
    nhip_domain::ledger::audit_new(app.cx()).await.unwrap();
    let (status, body) = page().await;
    assert_eq!(status, 200);
    assert!(body.contains("the ledger does not add up in 1 place"), "{body}");
}

#[tokio::test]
async fn while_the_database_is_broken_callers_are_told_in_graphqls_shape() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    app.cx().db.schema().execute_unprepared("ALTER TABLE sessions RENAME TO lost").await.unwrap();
    let request = post().uri_str("/graphql").header(header::AUTHORIZATION, format!("Bearer {}", shop.bearer));
    let response = app.call(request.body(json!({"query": "{ me { id } }"}).to_string())).await;
    assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    let answer = read(response).await;
    assert_eq!(code(&answer), "UNAVAILABLE");
    assert!(answer["errors"][0]["message"].is_string(), "{answer}");
}

#[tokio::test]
async fn no_other_sites_page_is_let_in() {
    let app = TestApp::start().await;
    let open = async |origin: Option<&str>| {
        let request = Request::builder().uri_str("/graphql/ws").header(header::HOST, "127.0.0.1:8080");
        let request = match origin {
            Some(origin) => request.header(header::ORIGIN, origin),
            None => request,
        };
        app.call(request.finish()).await.status()
    };
    for foreign in ["https://evil.example", "http://127.0.0.1:8081", "null", "x"] {
        assert_eq!(open(Some(foreign)).await, StatusCode::FORBIDDEN, "{foreign}");
    }
    // Let in as far as its protocol is asked for.
    for own in [None, Some("http://127.0.0.1:8080")] {
        assert_eq!(open(own).await, StatusCode::BAD_REQUEST, "{own:?}");
    }
    let preflight =
        Request::builder().method(Method::OPTIONS).uri_str("/graphql").header(header::ORIGIN, "https://evil.example");
    let preflight = preflight.header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST").finish();
    let query = post().uri_str("/graphql").header(header::ORIGIN, "https://evil.example");
    let query = query.body(json!({"query": "{ service { demo } }"}).to_string());
    for request in [preflight, query] {
        let response = app.call(request).await;
        let tells = response.headers().keys().any(|name| name.as_str().starts_with("access-control-"));
        assert!(!tells, "{response:?}");
    }
}

#[tokio::test]
async fn floods_are_refused_before_anything_is_asked_of_the_database() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    let many = |count: usize, item: &dyn Fn(usize) -> String| (0..count).map(item).collect::<String>();
    let workspace = format!("workspace(id: \"{}\")", shop.id);
    app.statements();
    for query in [
        format!(
            "{{ {workspace} {{ {} }} }}",
            many(40, &|i| format!("a{i}: messages(search: \"x\") {{ totalCount }} "))
        ),
        format!("{{ {} }}", many(40, &|i| format!("a{i}: {workspace} {{ queue {{ queued }} }} "))),
        format!("{{ {workspace} {{ name {} }} }}", "@skip(if: false) ".repeat(101)),
        format!("query({}) {{ {workspace} {{ name }} }}", many(60, &|i| format!("$v{i}: Int "))),
        format!(
            "{{ {workspace} {{ messages(first: 200) {{ nodes {{ chat {{ messages(first: 200) {{ nodes {{ id }} }} }} }} }} }} }}"
        ),
    ] {
        assert_eq!(shop.refused(&query, json!({})).await, "QUERY_TOO_COMPLEX", "{query:.90}");
    }
    // Who asks is looked up; nothing else is.
    assert!(app.statements().iter().all(|sql| sql.contains("sessions") || sql.contains("users")));
}

#[tokio::test]
async fn variables_of_any_shape_are_no_500() {
    let app = TestApp::start().await;
    let shop = app.shop("ada").await;
    let query = "query($w: ID!, $s: [MessageStatus!]) { workspace(id: $w) { messages(statuses: $s) { totalCount } } }";
    let ask =
        async |statuses: Value| app.graphql(Some(&shop.bearer), query, json!({"w": shop.id, "s": statuses})).await;
    for (statuses, count) in [(json!([]), 0), (json!(vec!["QUEUED"; 5_000]), 0), (Value::Null, 0), (json!("QUEUED"), 0)]
    {
        let answer = ask(statuses).await;
        assert_eq!(answer["data"]["workspace"]["messages"]["totalCount"], count, "{answer}");
    }
    let mut deep = json!("QUEUED");
    for _ in 0..100 {
        deep = json!([deep]);
    }
    for statuses in [json!(["NOTHING"]), json!([7]), json!({"a": 1}), deep] {
        assert_eq!(code(&ask(statuses).await), "BAD_INPUT");
    }
    // Deeper than JSON is read.
    let body = format!(
        "{{\"query\": \"{{ __typename }}\", \"variables\": {}1{}}}",
        "{\"a\":".repeat(5_000),
        "}".repeat(5_000)
    );
    assert_eq!(app.call(post().uri_str("/graphql").body(body)).await.status(), StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_small_query_has_no_large_list_of_errors() {
    let app = TestApp::start().await;
    let nothing = (0..900).fold(String::new(), |all, i| format!("{all} nothing{i}"));
    let answer = app.graphql(None, &format!("{{ service {{ {nothing} }} }}"), json!({})).await;
    assert_eq!(answer["errors"].as_array().unwrap().len(), 20);
}

#[tokio::test]
async fn a_page_to_try_it_on_is_there_only_where_the_schema_is_told() {
    let app = TestApp::start().await;
    let page = || Request::builder().uri_str("/graphql").header(header::ACCEPT, "text/html,*/*;q=0.8").finish();
    assert_eq!(app.call(page()).await.status(), StatusCode::METHOD_NOT_ALLOWED);
    let open = crate::http::App { admin: crate::graphql::build(app.app.deps.clone(), true), ..app.app.clone() };
    let response = poem::Endpoint::call(&open, page()).await.unwrap();
    assert_eq!((response.status(), response.content_type()), (StatusCode::OK, Some("text/html; charset=utf-8")));
    let request = Request::builder().uri_str("/graphql").header(header::ACCEPT, JSON).finish();
    assert_eq!(poem::Endpoint::call(&open, request).await.unwrap().status(), StatusCode::METHOD_NOT_ALLOWED);
    // Tools ask for it as graphql-js does.
    let query = include_str!("../graphql/guard/introspection.graphql");
    let request = post().uri_str("/graphql").body(json!({"query": query}).to_string());
    let answer = read(poem::Endpoint::call(&open, request).await.unwrap()).await;
    assert_eq!(answer["data"]["__schema"]["queryType"]["name"], "Query", "{answer:.200}");
}
