//! Rows that the nodes of a list reach for, read at once.

use std::{collections::HashMap, hash::Hash, iter, sync::Arc};

use async_graphql::dataloader::Loader;
use nhip_domain::{
    Broken, Cx,
    account::rank::{self, Candidate},
};
use nhip_entity::{
    account::{self, AccountState},
    api_token, chat, message, status_change, user, webhook, workspace,
};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait as _, DbErr, EntityTrait, QueryFilter, QueryOrder, QueryResult,
    QuerySelect as _, Statement, Value,
};
use uuid::Uuid;

use super::counts::{self, InQueue};

/// Reads by keys. Keys come out of rows that the caller was already given, so they need no further authority.
pub(super) struct Loaders {
    cx: Cx,
}

/// An account, by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct AccountKey(pub(super) Uuid);
/// A chat, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct ChatKey(pub(super) i64);
/// A person, by their id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct UserKey(pub(super) Uuid);
/// An API token, by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct TokenKey(pub(super) Uuid);
/// Whether an account has a chat with this JID, which is either of the two that WhatsApp may know it by.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct KnownKey(pub(super) Uuid, pub(super) String);
/// A message, by its id.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct MessageKey(pub(super) String);
/// How many messages an account has queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct QueuedKey(pub(super) Uuid);
/// The credits of the messages that an account has queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct QueuedCreditsKey(pub(super) Uuid);
/// Where a queued message stands in its account's queue.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct PositionKey(pub(super) String);
/// The steps of a message that its row does not hold.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct StepsKey(pub(super) String);
/// The account that rule 4 would pick in a workspace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct DefaultKey(pub(super) Uuid);

/// A workspace, by its id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct WorkspaceKey(pub(super) Uuid);
/// What a workspace has in its queues.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct QueueKey(pub(super) Uuid);

/// A workspace's webhook, by the workspace's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct WebhookKey(pub(super) Uuid);

type Loaded<K, V> = Result<HashMap<K, V>, Arc<Broken>>;

impl Loaders {
    pub(super) fn new(cx: Cx) -> Self {
        Self { cx }
    }

    /// Runs a statement whose one list of parameters stands at `{}`, as often as it does.
    async fn rows(&self, sql: &str, values: impl Iterator<Item = Value>) -> Result<Vec<QueryResult>, Arc<Broken>> {
        let db = self.cx.db.read();
        let values: Vec<Value> = values.collect();
        let list = (1..=values.len()).map(|n| format!("${n}")).collect::<Vec<_>>().join(", ");
        let statement = Statement::from_sql_and_values(db.get_database_backend(), sql.replace("{}", &list), values);
        db.query_all_raw(statement).await.map_err(broken)
    }
}

fn broken(err: DbErr) -> Arc<Broken> {
    Arc::new(err.into())
}

impl Loader<AccountKey> for Loaders {
    type Value = account::Model;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[AccountKey]) -> Loaded<AccountKey, account::Model> {
        let ids = keys.iter().map(|key| key.0);
        let rows = account::Entity::find().filter(account::Column::Id.is_in(ids)).all(self.cx.db.read());
        Ok(rows.await.map_err(broken)?.into_iter().map(|row| (AccountKey(row.id), row)).collect())
    }
}

impl Loader<ChatKey> for Loaders {
    type Value = chat::Model;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[ChatKey]) -> Loaded<ChatKey, chat::Model> {
        let ids = keys.iter().map(|key| key.0);
        let rows = chat::Entity::find().filter(chat::Column::Id.is_in(ids)).all(self.cx.db.read());
        Ok(rows.await.map_err(broken)?.into_iter().map(|row| (ChatKey(row.id), row)).collect())
    }
}

impl Loader<UserKey> for Loaders {
    type Value = user::Model;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[UserKey]) -> Loaded<UserKey, user::Model> {
        let ids = keys.iter().map(|key| key.0);
        let rows = user::Entity::find().filter(user::Column::Id.is_in(ids)).all(self.cx.db.read());
        Ok(rows.await.map_err(broken)?.into_iter().map(|row| (UserKey(row.id), row)).collect())
    }
}

impl Loader<TokenKey> for Loaders {
    type Value = api_token::Model;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[TokenKey]) -> Loaded<TokenKey, api_token::Model> {
        let ids = keys.iter().map(|key| key.0);
        let rows = api_token::Entity::find().filter(api_token::Column::Id.is_in(ids)).all(self.cx.db.read());
        Ok(rows.await.map_err(broken)?.into_iter().map(|row| (TokenKey(row.id), row)).collect())
    }
}

impl Loader<KnownKey> for Loaders {
    type Value = ();
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[KnownKey]) -> Loaded<KnownKey, ()> {
        // What is found beside the keys' own pairs is nobody's question.
        let asked = || keys.iter().map(|key| key.1.as_str());
        let known =
            Condition::any().add(chat::Column::Jid.is_in(asked())).add(chat::Column::AddressedAs.is_in(asked()));
        let rows = chat::Entity::find()
            .select_only()
            .columns([chat::Column::AccountId, chat::Column::Jid, chat::Column::AddressedAs])
            .filter(chat::Column::AccountId.is_in(keys.iter().map(|key| key.0)))
            .filter(known)
            .into_tuple::<(Uuid, String, Option<String>)>()
            .all(self.cx.db.read());
        let names = |(account, jid, other): (Uuid, String, Option<String>)| {
            iter::once(jid).chain(other).map(move |jid| (KnownKey(account, jid), ()))
        };
        Ok(rows.await.map_err(broken)?.into_iter().flat_map(names).collect())
    }
}

impl Loader<MessageKey> for Loaders {
    type Value = message::Model;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[MessageKey]) -> Loaded<MessageKey, message::Model> {
        let ids = keys.iter().map(|key| key.0.as_str());
        let rows = message::Entity::find().filter(message::Column::Id.is_in(ids)).all(self.cx.db.read());
        Ok(rows.await.map_err(broken)?.into_iter().map(|row| (MessageKey(row.id.clone()), row)).collect())
    }
}

impl Loader<QueuedKey> for Loaders {
    type Value = i64;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[QueuedKey]) -> Loaded<QueuedKey, i64> {
        let sql = "SELECT account_id, COUNT(*) AS many FROM messages \
                   WHERE status = 'QUEUED' AND account_id IN ({}) GROUP BY account_id";
        let rows = self.rows(sql, keys.iter().map(|key| key.0.into())).await?;
        let read = |row: &QueryResult| Ok((QueuedKey(row.try_get("", "account_id")?), row.try_get("", "many")?));
        rows.iter().map(read).collect::<Result<_, _>>().map_err(broken)
    }
}

/// Apart from how many they are: that is counted in the index alone.
impl Loader<QueuedCreditsKey> for Loaders {
    type Value = i64;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[QueuedCreditsKey]) -> Loaded<QueuedCreditsKey, i64> {
        let sql = "SELECT account_id, CAST(SUM(credits) AS BIGINT) AS credits FROM messages \
                   WHERE status = 'QUEUED' AND account_id IN ({}) GROUP BY account_id";
        let rows = self.rows(sql, keys.iter().map(|key| key.0.into())).await?;
        let read =
            |row: &QueryResult| Ok((QueuedCreditsKey(row.try_get("", "account_id")?), row.try_get("", "credits")?));
        rows.iter().map(read).collect::<Result<_, _>>().map_err(broken)
    }
}

impl Loader<PositionKey> for Loaders {
    type Value = i64;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[PositionKey]) -> Loaded<PositionKey, i64> {
        // Counted piece by piece, from each to the next, so that no part of a queue is counted twice.
        let sql = "WITH wanted AS (\
                     SELECT id, account_id, place, LAG(place) OVER (PARTITION BY account_id ORDER BY place) AS previous \
                     FROM messages WHERE status = 'QUEUED' AND id IN ({})\
                   ), pieces AS (\
                     SELECT w.id, w.account_id, w.place, (SELECT COUNT(*) FROM messages q WHERE q.status = 'QUEUED' \
                       AND q.account_id = w.account_id AND q.place <= w.place AND q.place > COALESCE(w.previous, -1)) AS many \
                     FROM wanted w\
                   ) SELECT id, CAST(SUM(many) OVER (PARTITION BY account_id ORDER BY place) AS BIGINT) AS position \
                   FROM pieces";
        let rows = self.rows(sql, keys.iter().map(|key| key.0.clone().into())).await?;
        let read = |row: &QueryResult| Ok((PositionKey(row.try_get("", "id")?), row.try_get("", "position")?));
        rows.iter().map(read).collect::<Result<_, _>>().map_err(broken)
    }
}

impl Loader<StepsKey> for Loaders {
    type Value = Vec<status_change::Model>;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[StepsKey]) -> Loaded<StepsKey, Vec<status_change::Model>> {
        let ids = keys.iter().map(|key| key.0.as_str());
        let rows = status_change::Entity::find()
            .filter(status_change::Column::MessageId.is_in(ids))
            .order_by_asc(status_change::Column::Id)
            .all(self.cx.db.read());
        Ok(grouped(rows.await.map_err(broken)?, |row| StepsKey(row.message_id.clone())))
    }
}

impl Loader<DefaultKey> for Loaders {
    type Value = Uuid;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[DefaultKey]) -> Loaded<DefaultKey, Uuid> {
        let rows = account::Entity::find()
            .filter(account::Column::WorkspaceId.is_in(keys.iter().map(|key| key.0)))
            .filter(account::Column::State.ne(AccountState::Removed))
            .into_model::<Candidate>()
            .all(self.cx.db.read());
        let by_workspace = grouped(rows.await.map_err(broken)?, |candidate| DefaultKey(candidate.workspace_id));
        Ok(by_workspace.into_iter().filter_map(|(key, all)| Some((key, rank::default(&all)?.id))).collect())
    }
}

impl Loader<WorkspaceKey> for Loaders {
    type Value = workspace::Model;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[WorkspaceKey]) -> Loaded<WorkspaceKey, workspace::Model> {
        let ids = keys.iter().map(|key| key.0);
        let rows = workspace::Entity::find().filter(workspace::Column::Id.is_in(ids)).all(self.cx.db.read());
        Ok(rows.await.map_err(broken)?.into_iter().map(|row| (WorkspaceKey(row.id), row)).collect())
    }
}

impl Loader<QueueKey> for Loaders {
    type Value = InQueue;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[QueueKey]) -> Loaded<QueueKey, InQueue> {
        let rows = self.rows(counts::SQL, keys.iter().map(|key| key.0.into())).await?;
        let mut queues: HashMap<QueueKey, InQueue> = HashMap::new();
        for row in &rows {
            let workspace_id = row.try_get("", "workspace_id").map_err(broken)?;
            queues.entry(QueueKey(workspace_id)).or_default().add(row).map_err(broken)?;
        }
        Ok(queues)
    }
}

impl Loader<WebhookKey> for Loaders {
    type Value = webhook::Model;
    type Error = Arc<Broken>;

    async fn load(&self, keys: &[WebhookKey]) -> Loaded<WebhookKey, webhook::Model> {
        let ids = keys.iter().map(|key| key.0);
        let rows = webhook::Entity::find().filter(webhook::Column::WorkspaceId.is_in(ids)).all(self.cx.db.read());
        Ok(rows.await.map_err(broken)?.into_iter().map(|row| (WebhookKey(row.workspace_id), row)).collect())
    }
}

fn grouped<K: Eq + Hash, V>(rows: impl IntoIterator<Item = V>, key: impl Fn(&V) -> K) -> HashMap<K, Vec<V>> {
    let mut groups: HashMap<K, Vec<V>> = HashMap::new();
    for row in rows {
        groups.entry(key(&row)).or_default().push(row);
    }
    groups
}
