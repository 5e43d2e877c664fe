//! What acceptance reads: a handful of statements, whatever the batch's size.

use std::collections::{HashMap, HashSet};

use nhip_entity::{account, account::AccountState, chat, idempotency_key, workspace};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult as _, Iterable as _, QueryFilter, QueryResult,
    QuerySelect,
};
use uuid::Uuid;

use super::{
    admit::{KnownChat, Remembered, State, Webhook},
    call::{Call, Origin},
    keys::KEYS_LIVE_H,
};
use crate::{
    account::rank::{self, Candidate},
    cx::Cx,
    database::Transaction,
    ledger::Book,
    lock,
    request::{Recipient, SendRequest},
    sql::{Params, among, columns},
    token::TokenHash,
};

/// Locks the batch's workspaces, and reads all that [`State::admit`] decides on.
pub(super) async fn read(
    cx: &Cx,
    txn: &Transaction,
    calls: &[&Call],
    hints: HashMap<TokenHash, Uuid>,
) -> Result<State, DbErr> {
    let ids: HashSet<Uuid> = calls.iter().filter_map(|call| workspace_of(call, &hints)).collect();
    let locked = lock(txn, &ids.into_iter().collect::<Vec<_>>()).await?;
    let standing: Vec<Standing> = locked.into_iter().filter(|found| found.workspace.deleted_at.is_none()).collect();
    let ids: Vec<Uuid> = standing.iter().map(|found| found.workspace.id).collect();
    let now = cx.now();
    let mut state = State {
        now,
        rate: cx.settings.webhook_rate,
        book: Book::open(now, standing.iter().map(|found| &found.workspace)),
        webhooks: HashMap::new(),
        hints,
        accounts: HashMap::new(),
        chats: Vec::new(),
        keys: HashMap::new(),
    };
    if ids.is_empty() {
        return Ok(state);
    }
    for found in standing {
        state.webhooks.extend(found.webhook.map(|webhook| (found.workspace.id, webhook)));
        add_accounts(&mut state, found.account);
    }
    let wanted = Wanted::of(calls, &state.hints);
    state.keys = keys(txn, &ids, &wanted, now - chrono::TimeDelta::hours(KEYS_LIVE_H)).await?;
    state.chats = chats(txn, &ids, &wanted).await?;
    read_accounts(txn, &mut state, &ids, &wanted).await?;
    Ok(state)
}

fn workspace_of(call: &Call, hints: &HashMap<TokenHash, Uuid>) -> Option<Uuid> {
    match &call.origin {
        Origin::Webhook { token, .. } => hints.get(token).copied(),
        Origin::Workspace { workspace_id, .. } => Some(*workspace_id),
    }
}

/// A workspace that is locked, and what stands beside it.
struct Standing {
    workspace: workspace::Model,
    webhook: Option<Webhook>,
    /// The account that rule 4 picks.
    account: Option<Candidate>,
    /// Whether another transaction had the workspace when the statement began: what stands beside it is of before then.
    is_outdated: bool,
}

async fn lock(txn: &Transaction, ids: &[Uuid]) -> Result<Vec<Standing>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let standing = lock_once(txn, ids).await?;
    if standing.iter().any(|found| found.is_outdated) {
        // Nobody else changes them any more.
        return lock_once(txn, ids).await;
    }
    Ok(standing)
}

/// Locks workspaces in id order and reads what stands beside each, in one round trip. A statement sees what was committed when
/// it began; only the rows that it locks are the newest. Whoever may have changed what stands beside raised the
/// version, so one that is not as it was when the statement began tells that the rest may not be either.
///
/// Rule 4 is decided in the database, so that a workspace with ten thousand accounts costs no more than one with two.
async fn lock_once(txn: &Transaction, ids: &[Uuid]) -> Result<Vec<Standing>, DbErr> {
    let mut params = Params::new(txn.get_database_backend());
    let (among, pick) = (params.among(ids.iter().copied()), rank::default_sql("workspaces.id"));
    let (columns, locking) =
        (columns("w", workspace::Column::iter()), lock::workspaces_clause(txn.get_database_backend()));
    let sql = format!(
        "SELECT {columns}, s.version AS seen_version, h.enabled, h.token_hash, h.full_again_at_us, a.id AS account_id, \
         a.workspace_id AS account_workspace_id, a.phone AS account_phone, a.state AS account_state, \
         a.connected_at AS account_connected_at \
         FROM (SELECT workspaces.*, ({pick}) AS picked_id FROM workspaces WHERE id {among} ORDER BY id{locking}) AS w \
         JOIN workspaces s ON s.id = w.id \
         LEFT JOIN webhooks h ON h.workspace_id = w.id LEFT JOIN accounts a ON a.id = w.picked_id"
    );
    txn.query_all_raw(params.statement(sql)).await?.iter().map(standing).collect()
}

fn standing(row: &QueryResult) -> Result<Standing, DbErr> {
    let workspace = workspace::Model::from_query_result(row, "")?;
    let webhook = match row.try_get("", "enabled")? {
        Some(enabled) => {
            let hash: Option<Vec<u8>> = row.try_get("", "token_hash")?;
            let token = hash.and_then(|hash| hash.try_into().ok());
            Some(Webhook { token, enabled, full_again_at_us: row.try_get("", "full_again_at_us")? })
        }
        None => None,
    };
    let account = Option::<Candidate>::from_query_result(row, "account_")?;
    let is_outdated = workspace.version != row.try_get::<i64>("", "seen_version")?;
    Ok(Standing { workspace, webhook, account, is_outdated })
}

/// What the batch's requests ask for by name.
#[derive(Default)]
struct Wanted {
    phones: HashSet<String>,
    chat_ids: HashSet<i64>,
    chat_names: HashSet<String>,
    keys: HashSet<String>,
}

impl Wanted {
    fn of(calls: &[&Call], hints: &HashMap<TokenHash, Uuid>) -> Self {
        let mut wanted = Self::default();
        for call in calls {
            if let (Ok(request), Some(_)) = (&call.request, workspace_of(call, hints)) {
                wanted.add(request);
            }
        }
        wanted
    }

    fn add(&mut self, request: &SendRequest) {
        self.keys.extend(request.idempotency_key.clone());
        self.phones.extend(request.account_phone.as_ref().map(|phone| phone.digits.clone()));
        match &request.recipient {
            Recipient::ChatId(number) => drop(self.chat_ids.insert(*number)),
            Recipient::ChatName(name) => drop(self.chat_names.insert(name.clone())),
            Recipient::Jid(_) | Recipient::Phone(_) => {}
        }
    }
}

async fn keys(
    txn: &Transaction,
    ids: &[Uuid],
    wanted: &Wanted,
    since: chrono::DateTime<chrono::Utc>,
) -> Result<HashMap<(Uuid, String), Remembered>, DbErr> {
    use idempotency_key::Column;
    if wanted.keys.is_empty() {
        return Ok(HashMap::new());
    }
    let backend = txn.get_database_backend();
    let rows = idempotency_key::Entity::find()
        .filter(among(backend, Column::WorkspaceId, ids.to_vec()))
        .filter(among(backend, Column::Key, wanted.keys.iter().cloned().collect::<Vec<_>>()))
        .filter(Column::CreatedAt.gt(since))
        .all(txn)
        .await?;
    let known = |row: idempotency_key::Model| {
        let body_hash = row.body_hash.as_slice().try_into().unwrap_or_default();
        ((row.workspace_id, row.key), Remembered { body_hash, message_id: row.message_id })
    };
    Ok(rows.into_iter().map(known).collect())
}

async fn chats(txn: &Transaction, ids: &[Uuid], wanted: &Wanted) -> Result<Vec<KnownChat>, DbErr> {
    use chat::Column;
    let (mut rows, backend) = (Vec::new(), txn.get_database_backend());
    if !wanted.chat_ids.is_empty() {
        let by_id = chat::Entity::find().filter(among(
            backend,
            Column::Id,
            wanted.chat_ids.iter().copied().collect::<Vec<_>>(),
        ));
        rows.extend(by_id.all(txn).await?);
    }
    if !wanted.chat_names.is_empty() {
        let by_name = chat::Entity::find().filter(among(backend, Column::WorkspaceId, ids.to_vec())).filter(among(
            backend,
            Column::Name,
            wanted.chat_names.iter().cloned().collect::<Vec<_>>(),
        ));
        rows.extend(by_name.all(txn).await?);
    }
    let known = |row: chat::Model| KnownChat {
        id: row.id,
        workspace_id: row.workspace_id,
        account_id: row.account_id,
        name: row.name,
        renamed: row.renamed,
        jid: row.jid,
    };
    Ok(rows.into_iter().map(known).collect())
}

/// The accounts that were named, and those of the chats.
async fn read_accounts(txn: &Transaction, state: &mut State, ids: &[Uuid], wanted: &Wanted) -> Result<(), DbErr> {
    use account::Column;
    let backend = txn.get_database_backend();
    let columns = [Column::Id, Column::WorkspaceId, Column::Phone, Column::State, Column::ConnectedAt];
    let select = account::Entity::find().select_only().columns(columns);
    if !state.chats.is_empty() {
        let of_chats: Vec<Uuid> = state.chats.iter().map(|chat| chat.account_id).collect();
        let rows = select.clone().filter(among(backend, Column::Id, of_chats));
        add_accounts(state, rows.into_model().all(txn).await?);
    }
    if !wanted.phones.is_empty() {
        let named = select
            .filter(among(backend, Column::WorkspaceId, ids.to_vec()))
            .filter(among(backend, Column::Phone, wanted.phones.iter().cloned().collect::<Vec<_>>()))
            .filter(Column::State.ne(AccountState::Removed));
        add_accounts(state, named.into_model().all(txn).await?);
    }
    Ok(())
}

fn add_accounts(state: &mut State, accounts: impl IntoIterator<Item = Candidate>) {
    state.accounts.extend(accounts.into_iter().map(|account| (account.id, account)));
}
