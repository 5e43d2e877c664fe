//! Workspaces that can be called: each with more credits than a benchmark can spend, one webhook, one account.

use std::sync::Arc;

use nhip_domain::{
    Cx, Database,
    clock::{self, Clock},
    database::Urgency,
    ledger::{Book, Note},
    lock,
    secret::SecretKey,
    settings::Settings,
    token::{Token, TokenKind},
};
use nhip_entity::{account, credit_entry::CreditKind, webhook, workspace};
use nhip_migration::{Migrator, MigratorTrait as _};
use nhip_scratch::sample;
use nhip_worker::bus::LocalBus;
use sea_orm::{EntityTrait as _, IntoActiveModel as _};
use uuid::Uuid;

/// What operations need; nobody listens to its nudges.
pub(crate) fn context(db: Database) -> (Cx, LocalBus) {
    let secret = SecretKey::new(&SecretKey::draw(&mut clock::rng())).unwrap();
    let bus = LocalBus::with_nudges(|_account_id| {});
    let signals = Arc::new(bus.clone());
    (Cx { db, clock: Clock::system(), settings: Arc::new(Settings::default()), secret, signals }, bus)
}

/// The schema, and `count` workspaces; the paths of their webhooks.
pub(crate) async fn furnish(db: Database, count: u128) -> Vec<String> {
    Migrator::up(db.schema(), None).await.unwrap();
    let (cx, _bus) = context(db);
    let mut paths = Vec::new();
    for n in 1..=count {
        paths.push(workspace(&cx, Uuid::from_u128(n)).await);
    }
    paths
}

async fn workspace(cx: &Cx, id: Uuid) -> String {
    let row = workspace::Model { id, created_at: cx.now(), ..sample::workspace() };
    workspace::Entity::insert(row.into_active_model()).exec_without_returning(cx.db.schema()).await.unwrap();
    let txn = cx.db.write(Urgency::Normal).await.unwrap();
    let mut book = Book::open(cx.now(), &lock::workspaces(&txn, [id]).await.unwrap());
    book.add(id, CreditKind::Grant, 1_000_000_000, Note::default()).unwrap();
    book.write(&txn).await.unwrap();
    txn.commit().await.unwrap();
    let account = account(cx, id);
    account::Entity::insert(account.into_active_model()).exec_without_returning(cx.db.schema()).await.unwrap();
    webhook(cx, id).await
}

/// A connected account of a workspace, with the default pace.
pub(crate) fn account(cx: &Cx, workspace_id: Uuid) -> account::Model {
    account::Model {
        id: Uuid::new_v4(),
        workspace_id,
        phone: None,
        name: "Shop".to_owned(),
        connected_at: Some(cx.now()),
        created_at: cx.now(),
        ..sample::account()
    }
}

async fn webhook(cx: &Cx, workspace_id: Uuid) -> String {
    let token = Token::draw(TokenKind::Webhook, &mut clock::rng());
    let row = webhook::Model {
        workspace_id,
        enabled: true,
        token_hash: Some(token.hash().to_vec()),
        token_sealed: None,
        url_hint: None,
        url_created_at: Some(cx.now()),
        full_again_at_us: 0,
    };
    webhook::Entity::insert(row.into_active_model()).exec_without_returning(cx.db.schema()).await.unwrap();
    format!("/webhook/{}", token.reveal())
}
