//! A chat is made or updated when WhatsApp takes a message to it, or one comes in from it.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Utc};
use nhip_entity::{
    account,
    chat::{self, ChatKind},
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, Condition, DatabaseTransaction, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use unicode_normalization::UnicodeNormalization;
use uuid::Uuid;

use crate::{
    cx::Cx,
    request::{JidKind, normal_jid},
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

/// Makes or updates chats, and returns their numbers by account and JID.
pub async fn seen<'a>(
    cx: &Cx,
    txn: &DatabaseTransaction,
    seen: impl Iterator<Item = (Uuid, &'a SeenChat)>,
) -> Result<HashMap<(Uuid, String), i64>, DbErr> {
    // In the order of account and JID, so that no two transactions wait for each other.
    let seen: BTreeMap<(Uuid, &str), &SeenChat> =
        seen.map(|(account_id, chat)| ((account_id, chat.jid.as_str()), chat)).collect();
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
    touch(cx, txn, &known, &seen).await?;
    Ok(known)
}

async fn numbers(
    txn: &DatabaseTransaction,
    seen: &BTreeMap<(Uuid, &str), &SeenChat>,
) -> Result<HashMap<(Uuid, String), i64>, DbErr> {
    use chat::Column;
    let any = seen.keys().fold(Condition::any(), |any, (account_id, jid)| {
        any.add(Column::AccountId.eq(*account_id).and(Column::Jid.eq(*jid)))
    });
    let rows: Vec<(i64, Uuid, String)> = chat::Entity::find()
        .select_only()
        .columns([Column::Id, Column::AccountId, Column::Jid])
        .filter(any)
        .into_tuple()
        .all(txn)
        .await?;
    Ok(rows.into_iter().map(|(id, account_id, jid)| ((account_id, jid), id)).collect())
}

async fn insert(
    cx: &Cx,
    txn: &DatabaseTransaction,
    chats: impl Iterator<Item = (Uuid, &SeenChat)>,
) -> Result<(), DbErr> {
    let chats: Vec<_> = chats.collect();
    let owners: Vec<(Uuid, Uuid)> = account::Entity::find()
        .select_only()
        .columns([account::Column::Id, account::Column::WorkspaceId])
        .filter(account::Column::Id.is_in(chats.iter().map(|(account_id, _)| *account_id)))
        .into_tuple()
        .all(txn)
        .await?;
    let owners: HashMap<Uuid, Uuid> = owners.into_iter().collect();
    let rows = chats.into_iter().filter_map(|(account_id, chat)| {
        Some(chat::ActiveModel {
            workspace_id: Set(*owners.get(&account_id)?),
            account_id: Set(account_id),
            kind: Set(chat.kind),
            name: Set(chat.first_name()),
            renamed: Set(false),
            jid: Set(chat.jid.clone()),
            phone: Set(chat.phone()),
            created_at: Set(cx.now()),
            ..Default::default()
        })
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return Ok(());
    }
    // Another process may have made it since we looked.
    let known = OnConflict::columns([chat::Column::AccountId, chat::Column::Jid]).do_nothing().to_owned();
    chat::Entity::insert_many(rows).on_conflict(known).exec_without_returning(txn).await?;
    Ok(())
}

/// Notes that chats were used now, and the names that WhatsApp gave, where no person chose one.
async fn touch(
    cx: &Cx,
    txn: &DatabaseTransaction,
    known: &HashMap<(Uuid, String), i64>,
    seen: &BTreeMap<(Uuid, &str), &SeenChat>,
) -> Result<(), DbErr> {
    use chat::Column;
    let used = chat::Entity::update_many()
        .col_expr(Column::LastMessageAt, Expr::value(cx.now()))
        .filter(Column::Id.is_in(known.values().copied()));
    used.exec(txn).await?;
    for ((account_id, jid), chat) in seen {
        let Some(id) = known.get(&(*account_id, (*jid).to_owned())) else { continue };
        if let Some(at) = chat.incoming_at {
            let incoming = chat::Entity::update_many().col_expr(Column::LastIncomingAt, Expr::value(at));
            incoming.filter(Column::Id.eq(*id)).exec(txn).await?;
        }
        if let Some(name) = chat.name.as_deref().map(clean_name).filter(|name| !name.is_empty()) {
            let named = chat::Entity::update_many().col_expr(Column::Name, Expr::value(name));
            named.filter(Column::Id.eq(*id)).filter(Column::Renamed.eq(false)).exec(txn).await?;
        }
    }
    Ok(())
}
