//! A chat is made or updated when WhatsApp takes a message to it, or one comes in from it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use nhip_entity::chat::ChatKind;
use sea_orm::{ConnectionTrait, DbBackend, DbErr};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::{
    cx::Cx,
    database::Transaction,
    request::{JidKind, normal_jid},
    sql::{Params, Together, Values},
};

/// A chat as WhatsApp reports it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeenChat {
    /// Its canonical JID.
    pub jid: String,
    /// One person, or several.
    pub kind: ChatKind,
    /// Its name, where WhatsApp has one.
    pub name: Option<String>,
    /// When somebody wrote in it to us, if that is how it was seen.
    pub incoming_at: Option<DateTime<Utc>>,
}

impl SeenChat {
    /// The chat that a JID addresses; none for what is no JID.
    #[must_use]
    pub fn addressed(jid: &str) -> Option<Self> {
        let kind = match normal_jid(jid)?.kind() {
            JidKind::Contact => ChatKind::Contact,
            JidKind::Group => ChatKind::Group,
        };
        Some(Self { jid: jid.to_owned(), kind, name: None, incoming_at: None })
    }

    /// Digits of a contact's number, where its JID carries one.
    fn phone(&self) -> Option<String> {
        self.jid.strip_suffix("@s.whatsapp.net").map(str::to_owned)
    }

    /// What to call it while nobody has a better name.
    fn first_name(&self) -> String {
        let name = self.name.as_deref().map(clean_name).filter(|name| !name.is_empty());
        name.or_else(|| self.phone().map(|digits| format!("+{digits}"))).unwrap_or_else(|| self.jid.clone())
    }
}

/// A name as it is stored and compared: NFC, trimmed.
#[must_use]
pub fn clean_name(name: &str) -> String {
    name.trim().nfc().collect()
}

/// What was seen, in the order of account and JID, so that no two transactions wait for each other.
type Seen<'a> = BTreeMap<(Uuid, &'a str), &'a SeenChat>;

/// Makes or updates chats, and returns their numbers by account and JID.
pub async fn seen<'a>(
    cx: &Cx,
    txn: &Transaction,
    seen: impl Iterator<Item = (Uuid, &'a SeenChat)>,
) -> Result<HashMap<(Uuid, String), i64>, DbErr> {
    let mut writes = Together::new(txn.get_database_backend());
    let known = seen_together(cx, txn, seen, &mut writes).await?;
    writes.run(txn).await?;
    Ok(known)
}

/// The same; what it updates of known chats is written together with what else is.
pub(crate) async fn seen_together<'a>(
    cx: &Cx,
    txn: &Transaction,
    seen: impl Iterator<Item = (Uuid, &'a SeenChat)>,
    writes: &mut Together,
) -> Result<HashMap<(Uuid, String), i64>, DbErr> {
    let seen: Seen<'a> = seen.map(|(account_id, chat)| ((account_id, chat.jid.as_str()), chat)).collect();
    if seen.is_empty() {
        return Ok(HashMap::new());
    }
    let mut known = numbers(txn, &seen).await?;
    let missing: BTreeMap<_, _> =
        seen.iter().filter(|((id, jid), _)| !known.contains_key(&(*id, (*jid).to_owned()))).collect();
    if !missing.is_empty() {
        insert(cx, txn, missing.iter().map(|((account_id, _), chat)| (*account_id, **chat))).await?;
        known = numbers(txn, &seen).await?;
    }
    let used = used(&known, &seen);
    if !used.is_empty() {
        writes.add(|params| touch(params, used, cx.now()));
    }
    Ok(known)
}

/// Finds chats and locks them, in their order: what is written later of several, and together with other rows, would take
/// them in whichever order PostgreSQL likes.
async fn numbers(txn: &Transaction, seen: &Seen<'_>) -> Result<HashMap<(Uuid, String), i64>, DbErr> {
    let mut rows = Values::default();
    seen.keys().for_each(|(account_id, jid)| rows.row([(*account_id).into(), (*jid).into()]));
    let mut params = Params::new(txn.get_database_backend());
    let table = params.table(rows);
    let lock = match txn.get_database_backend() {
        DbBackend::Sqlite => "",
        _ => "ORDER BY c.account_id, c.jid FOR NO KEY UPDATE OF c",
    };
    let sql = format!(
        "SELECT c.id, c.account_id, c.jid FROM {table} JOIN chats c ON c.account_id = v.column1 AND c.jid = v.column2 {lock}"
    );
    let rows = txn.query_all_raw(params.statement(sql)).await?;
    rows.iter()
        .map(|row| Ok(((row.try_get("", "account_id")?, row.try_get("", "jid")?), row.try_get("", "id")?)))
        .collect()
}

async fn insert(cx: &Cx, txn: &Transaction, chats: impl Iterator<Item = (Uuid, &SeenChat)>) -> Result<(), DbErr> {
    let mut rows = Values::default();
    for (account_id, chat) in chats {
        rows.row([
            account_id.into(),
            <&str>::from(chat.kind).into(),
            chat.first_name().into(),
            (&chat.jid).into(),
            chat.phone().into(),
        ]);
    }
    let mut params = Params::new(txn.get_database_backend());
    let (now, table) = (params.value(cx.now()), params.table(rows));
    // Another process may have made it since we looked.
    let sql = format!(
        "INSERT INTO chats (workspace_id, account_id, kind, name, renamed, jid, phone, created_at) \
         SELECT a.workspace_id, v.column1, v.column2, v.column3, FALSE, v.column4, v.column5, {now} \
         FROM {table} JOIN accounts a ON a.id = v.column1 WHERE TRUE ORDER BY v.column1, v.column4 \
         ON CONFLICT (account_id, jid) DO NOTHING"
    );
    txn.execute_raw(params.statement(sql)).await.map(drop)
}

/// Of each chat: its number, when somebody wrote in it, and the name that WhatsApp gave.
fn used(known: &HashMap<(Uuid, String), i64>, seen: &Seen<'_>) -> Values {
    let mut rows = Values::default();
    for ((account_id, jid), chat) in seen {
        if let Some(id) = known.get(&(*account_id, (*jid).to_owned())) {
            let name = chat.name.as_deref().map(clean_name).filter(|name| !name.is_empty());
            rows.row([(*id).into(), chat.incoming_at.into(), name.into()]);
        }
    }
    rows
}

/// Notes when chats were used: now, or when somebody wrote in them, which may be told late, twice and out of order. And the
/// names that WhatsApp gave, where no person chose one.
fn touch(params: &mut Params, used: Values, now: DateTime<Utc>) -> String {
    let (now, table) = (params.value(now), params.table(used));
    format!(
        "UPDATE chats SET last_message_at = CASE WHEN last_message_at > COALESCE(v.column2, {now}) THEN last_message_at \
           ELSE COALESCE(v.column2, {now}) END, \
         last_incoming_at = CASE WHEN v.column2 > last_incoming_at THEN v.column2 \
           ELSE COALESCE(last_incoming_at, v.column2) END, \
         name = CASE WHEN renamed THEN name ELSE COALESCE(v.column3, name) END \
         FROM {table} WHERE chats.id = v.column1"
    )
}
