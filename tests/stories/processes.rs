//! Several processes on one database: how they start, and what keeps them from it.

use std::collections::BTreeMap;

use futures::future::join_all;
use nhip_scratch::Scratch;
use nhip_tests::Program;
use rstest::rstest;
use sea_orm::ConnectionTrait as _;
use tempfile::TempDir;

const KEY: &str = "q8vT3mZr1xWc5YpL0nKdJhGf7sAeUbOi2RtQwMzX";
const NOWHERE: &str = "redis://:hunter2@127.0.0.1:1";

fn settings<const N: usize>(settings: [(&str, &str); N]) -> BTreeMap<String, String> {
    let settings = settings.into_iter().chain([("NHIP_SECRET_KEY", KEY), ("NHIP_LISTEN", "127.0.0.1:0")]);
    settings.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn said(output: &std::process::Output) -> String {
    String::from_utf8_lossy(&output.stderr).trim().to_owned()
}

#[rstest]
#[case::worker("nhip-worker", &[])]
#[case::api("nhip", &["serve", "--no-worker"])]
#[tokio::test]
async fn a_program_that_cannot_work_says_why_in_one_sentence(
    #[case] program: &'static str,
    #[case] arguments: &'static [&'static str],
) {
    let dir = TempDir::new().unwrap();
    let refused = async |settings: BTreeMap<String, String>| {
        let output = Program::run_any(program, dir.path(), &settings, arguments).await;
        assert!(!output.status.success());
        let said = said(&output);
        let last = said.lines().last().unwrap_or_default().to_owned();
        assert!(last.starts_with(&format!("{program}: ")), "{said}");
        assert!(!said.contains("hunter2"), "{said}");
        last
    };
    let (migrated, empty) = (Scratch::migrated().await, Scratch::empty().await);
    let on = |database: &str| settings([("NHIP_DATABASE_URL", database)]);

    let embedded = refused(settings([])).await;
    assert!(embedded.contains("NHIP_DATABASE_URL"), "{embedded}");
    let missing = refused(on("postgres://nhip:hunter2@127.0.0.1:1/nhip")).await;
    assert!(missing.contains("PostgreSQL at 127.0.0.1:1/nhip (NHIP_DATABASE_URL) cannot be used"), "{missing}");
    let unknown = refused(on(&migrated.url().replace(migrated.name(), "no_such_database"))).await;
    assert!(unknown.contains(r#"database "no_such_database" does not exist"#), "{unknown}");
    let old = refused(on(&empty.url())).await;
    assert!(old.contains("migrations behind; run `nhip migrate`"), "{old}");
    let redis = refused(settings([("NHIP_DATABASE_URL", &migrated.url()), ("NHIP_REDIS_URL", NOWHERE)])).await;
    assert!(redis.contains("Redis at 127.0.0.1:1 (NHIP_REDIS_URL) does not answer"), "{redis}");
    let no_redis = refused(settings([("NHIP_DATABASE_URL", &migrated.url()), ("NHIP_REDIS_URL", "http://x")])).await;
    assert!(no_redis.contains("NHIP_REDIS_URL must be such as"), "{no_redis}");
}

#[tokio::test]
async fn processes_that_migrate_at_the_same_time_wait_for_each_other() {
    let (dir, database) = (TempDir::new().unwrap(), Scratch::empty().await);
    let settings = settings([("NHIP_DATABASE_URL", &database.url())]);
    for output in join_all((0..4).map(|_| Program::run(dir.path(), &settings, &["migrate"]))).await {
        assert!(output.status.success(), "{}", said(&output));
    }
    let audit = Program::run(dir.path(), &settings, &["audit"]).await;
    assert!(audit.status.success(), "{}", said(&audit));
}

#[tokio::test]
async fn a_program_runs_on_a_schema_that_is_newer_than_itself() {
    let (dir, database) = (TempDir::new().unwrap(), Scratch::migrated().await);
    let connection = sea_orm::Database::connect(database.url()).await.unwrap();
    let newer = "INSERT INTO seaql_migrations (version, applied_at) VALUES ('m20991231_000001_of_the_future', 0)";
    connection.execute_unprepared(newer).await.unwrap();
    connection.close().await.unwrap();
    let settings = settings([("NHIP_DATABASE_URL", &database.url())]);
    for command in ["audit", "migrate"] {
        let output = Program::run(dir.path(), &settings, &[command]).await;
        assert!(output.status.success(), "{command}: {}", said(&output));
    }
}
