//! What acceptance reads: a handful of statements, whatever the batch's size.

use std::collections::{HashMap, HashSet};

use nhip_entity::{account, account::AccountState, chat, idempotency_key, webhook, workspace};
use sea_orm::{
    ColumnTrait, ConnectionTrait, DatabaseTransaction, DbErr, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    Statement,
};
use uuid::Uuid;

use super::{
    admit::{KnownChat, Remembered, State, Webhook},
    call::{Call, Origin},
};
use crate::{
    account::rank::{self, Candidate},
    cx::Cx,
    ledger::{Book, lock_workspaces},
    request::{Recipient, SendRequest},
    sql::Values,
    token::TokenHash,
};

/// How long an idempotency key is remembered.
pub(super) const KEYS_LIVE_H: i64 = 24;

/// Locks the batch's workspaces, then reads all that [`State::admit`] decides on.
pub(super) async fn read(
    cx: &Cx,
    txn: &DatabaseTransaction,
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
    state.webhooks = webhooks(txn, &ids).await?;
    let wanted = Wanted::of(calls, &state.hints);
    state.keys = keys(txn, &ids, &wanted, now - chrono::TimeDelta::hours(KEYS_LIVE_H)).await?;
    state.chats = chats(txn, &ids, &wanted).await?;
    state.accounts = accounts(txn, &ids, &wanted, &state.chats).await?;
    Ok(state)
}

fn workspace_of(call: &Call, hints: &HashMap<TokenHash, Uuid>) -> Option<Uuid> {
    match &call.origin {
        Origin::Webhook { token, .. } => hints.get(token).copied(),
        Origin::Workspace { workspace_id, .. } => Some(*workspace_id),
    }
}

async fn lock(txn: &DatabaseTransaction, ids: &HashSet<Uuid>) -> Result<Vec<workspace::Model>, DbErr> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    lock_workspaces(txn, ids.iter().copied()).await
}

/// What the batch's requests ask for by name.
#[derive(Default)]
struct Wanted {
    phones: HashSet<String>,
    chat_ids: HashSet<i64>,
    chat_names: HashSet<String>,
    keys: HashSet<String>,
    by_default: HashSet<Uuid>,
}

impl Wanted {
    fn of(calls: &[&Call], hints: &HashMap<TokenHash, Uuid>) -> Self {
        let mut wanted = Self::default();
        for call in calls {
            if let (Ok(request), Some(workspace_id)) = (&call.request, workspace_of(call, hints)) {
                wanted.add(request, workspace_id);
            }
        }
        wanted
    }

    fn add(&mut self, request: &SendRequest, workspace_id: Uuid) {
        self.keys.extend(request.idempotency_key.clone());
        self.phones.extend(request.account_phone.as_ref().map(|phone| phone.digits.clone()));
        match &request.recipient {
            Recipient::ChatId(number) => drop(self.chat_ids.insert(*number)),
            Recipient::ChatName(name) => drop(self.chat_names.insert(name.clone())),
            Recipient::Jid(_) | Recipient::Phone(_) if request.account_phone.is_none() => {
                self.by_default.insert(workspace_id);
            }
            Recipient::Jid(_) | Recipient::Phone(_) => {}
        }
    }
}

async fn webhooks(txn: &DatabaseTransaction, ids: &[Uuid]) -> Result<HashMap<Uuid, Webhook>, DbErr> {
    #[derive(FromQueryResult)]
    struct Row {
        workspace_id: Uuid,
        enabled: bool,
        token_hash: Option<Vec<u8>>,
        full_again_at_us: i64,
    }
    use webhook::Column;
    let rows: Vec<Row> = webhook::Entity::find()
        .select_only()
        .columns([Column::WorkspaceId, Column::Enabled, Column::TokenHash, Column::FullAgainAtUs])
        .filter(Column::WorkspaceId.is_in(ids.iter().copied()))
        .into_model()
        .all(txn)
        .await?;
    let webhook = |row: &Row| Webhook {
        token: row.token_hash.as_deref().and_then(|hash| hash.try_into().ok()),
        enabled: row.enabled,
        full_again_at_us: row.full_again_at_us,
    };
    Ok(rows.iter().map(|row| (row.workspace_id, webhook(row))).collect())
}

async fn keys(
    txn: &DatabaseTransaction,
    ids: &[Uuid],
    wanted: &Wanted,
    since: chrono::DateTime<chrono::Utc>,
) -> Result<HashMap<(Uuid, String), Remembered>, DbErr> {
    use idempotency_key::Column;
    if wanted.keys.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = idempotency_key::Entity::find()
        .filter(Column::WorkspaceId.is_in(ids.iter().copied()))
        .filter(Column::Key.is_in(&wanted.keys))
        .filter(Column::CreatedAt.gt(since))
        .all(txn)
        .await?;
    let known = |row: idempotency_key::Model| {
        let body_hash = row.body_hash.as_slice().try_into().unwrap_or_default();
        ((row.workspace_id, row.key), Remembered { body_hash, message_id: row.message_id })
    };
    Ok(rows.into_iter().map(known).collect())
}

async fn chats(txn: &DatabaseTransaction, ids: &[Uuid], wanted: &Wanted) -> Result<Vec<KnownChat>, DbErr> {
    use chat::Column;
    let mut rows = Vec::new();
    if !wanted.chat_ids.is_empty() {
        let by_id = chat::Entity::find().filter(Column::Id.is_in(wanted.chat_ids.iter().copied()));
        rows.extend(by_id.all(txn).await?);
    }
    if !wanted.chat_names.is_empty() {
        let by_name = chat::Entity::find()
            .filter(Column::WorkspaceId.is_in(ids.iter().copied()))
            .filter(Column::Name.is_in(&wanted.chat_names));
        rows.extend(by_name.all(txn).await?);
    }
    let known = |row: chat::Model| KnownChat {
        id: row.id,
        workspace_id: row.workspace_id,
        account_id: row.account_id,
        name: row.name,
        jid: row.jid,
    };
    Ok(rows.into_iter().map(known).collect())
}

#[derive(FromQueryResult)]
struct AccountRow {
    id: Uuid,
    workspace_id: Uuid,
    phone: Option<String>,
    state: AccountState,
    connected_at: Option<chrono::DateTime<chrono::Utc>>,
}

async fn accounts(
    txn: &DatabaseTransaction,
    ids: &[Uuid],
    wanted: &Wanted,
    chats: &[KnownChat],
) -> Result<HashMap<Uuid, Candidate>, DbErr> {
    use account::Column;
    let columns = [Column::Id, Column::WorkspaceId, Column::Phone, Column::State, Column::ConnectedAt];
    let select = account::Entity::find().select_only().columns(columns);
    let mut rows: Vec<AccountRow> = Vec::new();
    if !chats.is_empty() {
        let of_chats = select.clone().filter(Column::Id.is_in(chats.iter().map(|chat| chat.account_id)));
        rows.extend(of_chats.into_model().all(txn).await?);
    }
    if !wanted.phones.is_empty() {
        let named = select
            .filter(Column::WorkspaceId.is_in(ids.iter().copied()))
            .filter(Column::Phone.is_in(&wanted.phones))
            .filter(Column::State.ne(AccountState::Removed));
        rows.extend(named.into_model().all(txn).await?);
    }
    if !wanted.by_default.is_empty() {
        rows.extend(AccountRow::find_by_statement(defaults(txn, &wanted.by_default)).all(txn).await?);
    }
    let candidate = |row: AccountRow| Candidate {
        id: row.id,
        workspace_id: row.workspace_id,
        phone: row.phone,
        state: row.state,
        connected_at: row.connected_at,
    };
    Ok(rows.into_iter().map(|row| (row.id, candidate(row))).collect())
}

/// Rule 4's pick of each workspace, so that one with ten thousand accounts costs no more than one with two.
fn defaults(txn: &DatabaseTransaction, workspaces: &HashSet<Uuid>) -> Statement {
    let mut ids = Values::default();
    workspaces.iter().for_each(|id| ids.row([(*id).into()]));
    let (list, values) = ids.list();
    let pick = rank::default_sql("w.id");
    let sql = format!(
        "SELECT id, workspace_id, phone, state, connected_at FROM accounts WHERE id IN (\
           SELECT ({pick}) FROM workspaces w WHERE w.id IN ({list}))"
    );
    Statement::from_sql_and_values(txn.get_database_backend(), sql, values)
}
