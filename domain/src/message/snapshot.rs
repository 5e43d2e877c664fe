//! What acceptance reads: a handful of statements, whatever the batch's size.

use std::collections::{HashMap, HashSet};

use nhip_entity::{account, account::AccountState, chat, idempotency_key, workspace};
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, FromQueryResult as _, QueryFilter, QuerySelect};
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
    sql::{Params, among},
    token::TokenHash,
};

/// Locks the batch's workspaces, then reads all that [`State::admit`] decides on.
pub(super) async fn read(
    cx: &Cx,
    txn: &Transaction,
    calls: &[&Call],
    hints: HashMap<TokenHash, Uuid>,
) -> Result<State, DbErr> {
    let ids: HashSet<Uuid> = calls.iter().filter_map(|call| workspace_of(call, &hints)).collect();
    let locked: Vec<_> = lock(txn, &ids).await?.into_iter().filter(|row| row.deleted_at.is_none()).collect();
    let ids: Vec<Uuid> = locked.iter().map(|row| row.id).collect();
    let now = cx.now();
    let mut state = State {
        now,
        rate: cx.settings.webhook_rate,
        book: Book::open(now, &locked),
        webhooks: HashMap::new(),
        hints,
        accounts: HashMap::new(),
        chats: Vec::new(),
        keys: HashMap::new(),
    };
    if ids.is_empty() {
        return Ok(state);
    }
    read_standing(txn, &mut state, &ids).await?;
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

async fn lock(txn: &Transaction, ids: &HashSet<Uuid>) -> Result<Vec<workspace::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    lock::workspaces(txn, ids.iter().copied()).await
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

/// What stands beside every workspace, in one statement: its webhook, and the account that rule 4 picks. Rule 4 is decided
/// in the database, so that a workspace with ten thousand accounts costs no more than one with two.
async fn read_standing(txn: &Transaction, state: &mut State, ids: &[Uuid]) -> Result<(), DbErr> {
    let mut params = Params::new(txn.get_database_backend());
    let (among, pick) = (params.among(ids.iter().copied()), rank::default_sql("workspaces.id"));
    let sql = format!(
        "SELECT w.id AS in_workspace, h.enabled, h.token_hash, h.full_again_at_us, \
         a.id, a.workspace_id, a.phone, a.state, a.connected_at \
         FROM (SELECT id, ({pick}) AS account_id FROM workspaces WHERE id {among}) AS w \
         LEFT JOIN webhooks h ON h.workspace_id = w.id LEFT JOIN accounts a ON a.id = w.account_id"
    );
    for row in txn.query_all_raw(params.statement(sql)).await? {
        if let Some(enabled) = row.try_get("", "enabled")? {
            let hash: Option<Vec<u8>> = row.try_get("", "token_hash")?;
            let webhook = Webhook {
                token: hash.and_then(|hash| hash.try_into().ok()),
                enabled,
                full_again_at_us: row.try_get("", "full_again_at_us")?,
            };
            state.webhooks.insert(row.try_get("", "in_workspace")?, webhook);
        }
        if row.try_get::<Option<Uuid>>("", "id")?.is_some() {
            add_accounts(state, vec![Candidate::from_query_result(&row, "")?]);
        }
    }
    Ok(())
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

fn add_accounts(state: &mut State, accounts: Vec<Candidate>) {
    state.accounts.extend(accounts.into_iter().map(|account| (account.id, account)));
}
