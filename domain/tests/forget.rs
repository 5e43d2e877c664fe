//! What is kept for a while only, lest it pile up.

mod common;

use common::{
    House,
    On::{self, Postgres, Sqlite},
};
use nhip_domain::{
    Error, Refusal,
    audit::Requester,
    lane,
    user::{self, sign_up::Newcomer},
};
use nhip_entity::{spent_refresh_token, worker};
use rstest::rstest;
use sea_orm::{EntityTrait as _, PaginatorTrait as _};

#[rstest]
#[tokio::test]
async fn a_token_that_was_spent_a_month_ago_is_forgotten_and_its_session_lives(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let newcomer = Newcomer {
        email: "ada@example.com".to_owned(),
        password: Some("correct horse battery".to_owned()),
        name: "Ada".to_owned(),
        workspace_name: "Shop".to_owned(),
        locale: None,
    };
    let first = user::sign_up(&house.cx, newcomer, &Requester::default()).await.unwrap();
    let second = user::session::renew(&house.cx, &first.refresh_token).await.unwrap();
    house.run("UPDATE spent_refresh_tokens SET spent_at = '2020-01-01T00:00:00+00:00'").await;
    let third = user::session::renew(&house.cx, &second.refresh_token).await.unwrap();

    user::forget(&house.cx).await.unwrap();

    assert_eq!(spent_refresh_token::Entity::find().count(house.cx.db.read()).await.unwrap(), 1, "the young one stays");
    let forgotten = user::session::renew(&house.cx, &first.refresh_token).await.unwrap_err();
    assert!(matches!(forgotten, Error::Refused(Refusal::Unauthenticated)), "{forgotten:?}");
    let fourth = user::session::renew(&house.cx, &third.refresh_token).await.expect("the session lives");
    user::session::renew(&house.cx, &third.refresh_token).await.unwrap_err();
    user::session::renew(&house.cx, &fourth.refresh_token).await.expect_err("a young one that comes twice ends it");
}

#[rstest]
#[tokio::test]
async fn a_worker_that_was_not_heard_of_for_a_day_is_forgotten(#[values(Sqlite, Postgres)] on: On) {
    let house = House::with_credits(on, 9).await;
    let killed = lane::register(&house.cx, "host", "0").await.unwrap();
    house.run("UPDATE workers SET heartbeat_ms = heartbeat_ms - 86500000").await;
    let living = lane::register(&house.cx, "host", "0").await.unwrap();

    assert_eq!(lane::forget_workers(&house.cx).await.unwrap(), 1);

    let left: Vec<_> = worker::Entity::find().all(house.cx.db.read()).await.unwrap();
    assert_eq!(left.iter().map(|worker| worker.id).collect::<Vec<_>>(), [living]);
    assert!(!lane::heartbeat(&house.cx, killed).await.unwrap(), "it would have to begin anew");
}
