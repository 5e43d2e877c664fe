//! What a new version's migrations make of what the version before left.

mod common;

use common::{
    House,
    On::{self, Postgres, Sqlite},
};
use nhip_domain::message::Acceptor;
use nhip_entity::activation::Activation;
use nhip_migration::{Migrator, MigratorTrait as _};
use rstest::rstest;
use sea_orm::{ConnectionTrait as _, Statement};

/// The newest calls of the version before, bodies in hex: an empty one, one with quotes, one that is no text.
const BEFORE: &[(i64, &str)] = &[(98, ""), (99, "7b2261223a2022c3a9227d"), (100, "ff00"), (101, "2c"), (102, "5d5b")];

#[rstest]
#[tokio::test]
async fn the_log_of_the_version_before_is_taken_over_and_goes_on(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    house.run("DROP TABLE activation_pages").await;
    house.run("DELETE FROM seaql_migrations WHERE version LIKE '%activation_pages'").await;
    let id = house.workspace_id.simple();
    for (sequence, body) in BEFORE {
        let record = format!(
            r#"{{"id":"00000000-0000-0000-0000-{sequence:012}","at":"2026-11-30T09:{:02}:00.5Z","outcome":"REFUSED","http_status":400,"refusal":"INVALID_JSON","answer":"It''s \"no\" JSON","line":1,"column":2,"request_body_truncated":true,"ignored_fields":["a\u0000"],"duration_us":1250}}"#,
            sequence % 60
        );
        let insert = "INSERT INTO activations (workspace_id, slot, sequence, request_body, record) VALUES";
        house
            .run_sql(
                &format!("{insert} (x'{id}', {}, {sequence}, x'{body}', '{record}')", sequence % 100),
                &format!("{insert} ('{id}', {}, {sequence}, '\\x{body}', '{record}')", sequence % 100),
            )
            .await;
    }
    house.run("UPDATE workspaces SET last_activation = 102").await;

    Migrator::up(house.cx.db.schema(), None).await.unwrap();

    let left = Statement::from_string(house.cx.db.backend(), "SELECT 1 FROM activations");
    assert!(house.cx.db.read().query_all_raw(left).await.unwrap().is_empty(), "nothing stays that is never erased");
    house.accepts(&Acceptor::start(house.cx.clone()), "hi", "+12025550100").await;
    let log = house.log().await;
    let calls: Vec<(i64, String)> =
        log.iter().rev().map(|Activation(heard, told)| (told.sequence, hex::encode(heard.body.bytes()))).collect();
    let mut expected: Vec<(i64, String)> =
        BEFORE.iter().map(|(sequence, body)| (*sequence, (*body).to_owned())).collect();
    expected.push((103, hex::encode("{}")));
    assert_eq!(calls, expected);
    let Activation(heard, told) = log.last().unwrap();
    assert_eq!(heard.id.to_string(), "00000000-0000-0000-0000-000000000098");
    assert_eq!(heard.at.to_rfc3339(), "2026-11-30T09:38:00.500+00:00");
    assert!(heard.request_body_truncated);
    assert_eq!(heard.ignored_fields, ["a\0"]);
    assert_eq!((told.refusal.as_deref(), told.answer.as_deref()), (Some("INVALID_JSON"), Some("It's \"no\" JSON")));
    assert_eq!((told.line, told.column, told.duration_us), (Some(1), Some(2), 1_250));
}
