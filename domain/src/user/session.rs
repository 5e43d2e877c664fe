//! Log-ins. An access token is only as alive as its session's row, which is read at every request.

use chrono::{DateTime, TimeDelta, Utc};
use nhip_entity::{session, spent_refresh_token, user};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, DbErr, EntityTrait, IntoActiveModel as _, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait,
    sea_query::{Expr, ExprTrait as _, LockType, SimpleExpr},
};
use uuid::Uuid;

use crate::{
    audit::{self, Change, Requester},
    authenticate::Caller,
    clock::rng,
    cx::Cx,
    database::Urgency,
    error::{Broken, Result},
    refusal::Refusal,
    sql::among,
    token::{Token, TokenKind},
};

/// How long somebody stays logged in who does not come back.
const LIFE: TimeDelta = TimeDelta::days(30);

/// A session that was just opened or renewed.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The session.
    pub session_id: Uuid,
    /// Who logged in.
    pub user: user::Model,
    /// Good for one renewal.
    pub refresh_token: Token,
    /// When the refresh token stops being good.
    pub expires_at: DateTime<Utc>,
}

/// Opens a session, in the transaction that found out who it is.
pub(crate) async fn open(
    cx: &Cx,
    txn: &impl ConnectionTrait,
    user: user::Model,
    requester: &Requester,
) -> Result<Opened, Broken> {
    let refresh_token = Token::draw(TokenKind::Refresh, &mut rng());
    let (session_id, now) = (cx.clock.new_id(), cx.now());
    let row = session::ActiveModel {
        id: Set(session_id),
        user_id: Set(user.id),
        refresh_hash: Set(refresh_token.hash().to_vec()),
        created_at: Set(now),
        last_used_at: Set(now),
        expires_at: Set(now + LIFE),
        ended_at: Set(None),
        remote_address: Set(requester.remote_address.clone()),
        user_agent: Set(requester.user_agent.clone()),
    };
    session::Entity::insert(row).exec_without_returning(txn).await?;
    Ok(Opened { session_id, user, refresh_token, expires_at: now + LIFE })
}

/// Whose session it is, if it is alive.
pub(crate) async fn alive(cx: &Cx, session_id: Uuid) -> Result<Option<user::Model>, Broken> {
    let session = session::Entity::find()
        .select_only()
        .column(session::Column::UserId)
        .filter(session::Column::Id.eq(session_id))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(cx.now()))
        .into_query();
    Ok(user::Entity::find().filter(user::Column::Id.in_subquery(session)).one(cx.db.read()).await?)
}

/// Those that are alive.
pub(crate) async fn alive_among(cx: &Cx, ids: Vec<Uuid>) -> Result<Vec<Uuid>, Broken> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let db = cx.db.read();
    let alive = session::Entity::find()
        .select_only()
        .column(session::Column::Id)
        .filter(among(db.get_database_backend(), session::Column::Id, ids))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(cx.now()));
    Ok(alive.into_tuple().all(db).await?)
}

/// A person's sessions that are alive, newest first.
pub async fn list(cx: &Cx, user_id: Uuid) -> Result<Vec<session::Model>, Broken> {
    let sessions = session::Entity::find()
        .filter(session::Column::UserId.eq(user_id))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(cx.now()))
        .order_by_desc(session::Column::CreatedAt);
    Ok(sessions.all(cx.db.read()).await?)
}

/// Takes a refresh token for a new one. A token seen twice was stolen from one of its two bearers, so it ends the session,
/// and with it every token that came of it.
pub async fn renew(cx: &Cx, token: &Token) -> Result<Opened> {
    let (now, next) = (cx.now(), Token::draw(TokenKind::Refresh, &mut rng()));
    let old = token.hash().to_vec();
    let txn = cx.db.write(Urgency::Normal).await?;
    let renewed = session::Entity::update_many()
        .col_expr(session::Column::RefreshHash, Expr::value(next.hash().to_vec()))
        .col_expr(session::Column::LastUsedAt, Expr::value(now))
        .col_expr(session::Column::ExpiresAt, Expr::value(now + LIFE))
        .filter(session::Column::RefreshHash.eq(old.clone()))
        .filter(session::Column::EndedAt.is_null())
        .filter(session::Column::ExpiresAt.gt(now))
        .exec_with_returning(&*txn)
        .await?;
    let Some(row) = renewed.into_iter().next() else {
        if let Some(spent) = spent_refresh_token::Entity::find_by_id(old).one(&*txn).await? {
            tracing::warn!(session.id = %spent.session_id, "a refresh token came twice; its session ends");
            end_where(cx, &*txn, session::Column::Id.eq(spent.session_id)).await?;
        }
        txn.commit().await?;
        return Err(Refusal::Unauthenticated.into());
    };
    spend(cx, &*txn, row.id, old).await?;
    let user = user::Entity::find_by_id(row.user_id).one(&*txn).await?.ok_or(Refusal::Unauthenticated)?;
    txn.commit().await?;
    Ok(Opened { session_id: row.id, user, refresh_token: next, expires_at: row.expires_at })
}

async fn spend(cx: &Cx, txn: &impl ConnectionTrait, session_id: Uuid, token_hash: Vec<u8>) -> Result<(), DbErr> {
    let spent = spent_refresh_token::Model { token_hash, session_id, spent_at: Some(cx.now()) };
    spent_refresh_token::Entity::insert(spent.into_active_model()).exec_without_returning(txn).await?;
    Ok(())
}

/// Gives a session that is alive another refresh token, without asking for the one it has; none if it has ended.
pub(super) async fn replace_token(
    cx: &Cx,
    txn: &impl ConnectionTrait,
    user: user::Model,
    session_id: Uuid,
) -> Result<Option<Opened>, Broken> {
    let (now, refresh_token) = (cx.now(), Token::draw(TokenKind::Refresh, &mut rng()));
    let own = session::Entity::find_by_id(session_id)
        .filter(session::Column::UserId.eq(user.id))
        .filter(session::Column::EndedAt.is_null());
    let Some(before) = own.lock(LockType::NoKeyUpdate).one(txn).await? else { return Ok(None) };
    spend(cx, txn, session_id, before.refresh_hash).await?;
    session::Entity::update_many()
        .col_expr(session::Column::RefreshHash, Expr::value(refresh_token.hash().to_vec()))
        .col_expr(session::Column::LastUsedAt, Expr::value(now))
        .col_expr(session::Column::ExpiresAt, Expr::value(now + LIFE))
        .filter(session::Column::Id.eq(session_id))
        .exec(txn)
        .await?;
    Ok(Some(Opened { session_id, user, refresh_token, expires_at: now + LIFE }))
}

/// Logs a person out of the session that they ask with: everywhere, at once.
pub async fn log_out(cx: &Cx, caller: &Caller) -> Result<()> {
    let user = caller.person()?;
    let session_id = caller.session_id().ok_or(Refusal::Unauthenticated)?;
    revoke_as(cx, caller, user.id, session_id, "session.log_out").await
}

/// Ends another session of the person's own: everywhere, at once.
///
/// Refused as [`Refusal::NotFound`] where they have no such session that is alive.
pub async fn revoke(cx: &Cx, caller: &Caller, session_id: Uuid) -> Result<()> {
    revoke_as(cx, caller, caller.person()?.id, session_id, "session.revoke").await
}

async fn revoke_as(cx: &Cx, caller: &Caller, user_id: Uuid, session_id: Uuid, action: &'static str) -> Result<()> {
    let txn = cx.db.write(Urgency::Normal).await?;
    let own = session::Column::Id.eq(session_id).and(session::Column::UserId.eq(user_id));
    if end_where(cx, &*txn, own).await? == 0 {
        return Err(Refusal::NotFound.into());
    }
    let change = Change::of_user(user_id, caller.requester(), action);
    audit::record(cx, &*txn, Change { target: Some(session_id.to_string()), ..change }).await?;
    txn.commit().await?;
    Ok(())
}

/// Ends a session that the program itself opened.
pub async fn end(cx: &Cx, session_id: Uuid) -> Result<()> {
    let txn = cx.db.write(Urgency::Normal).await?;
    end_where(cx, &*txn, session::Column::Id.eq(session_id)).await?;
    txn.commit().await?;
    Ok(())
}

/// Ends all sessions of a person but one.
pub(super) async fn end_all_but(
    cx: &Cx,
    txn: &impl ConnectionTrait,
    user_id: Uuid,
    kept: Option<Uuid>,
) -> Result<(), DbErr> {
    let all = session::Column::UserId.eq(user_id);
    let which = kept.map_or(all.clone(), |kept| all.and(session::Column::Id.ne(kept)));
    end_where(cx, txn, which).await.map(drop)
}

async fn end_where(cx: &Cx, txn: &impl ConnectionTrait, which: SimpleExpr) -> Result<u64, DbErr> {
    let ended = session::Entity::update_many()
        .col_expr(session::Column::EndedAt, Expr::value(cx.now()))
        .filter(which)
        .filter(session::Column::EndedAt.is_null())
        .exec(txn)
        .await?;
    Ok(ended.rows_affected)
}

/// Forgets sessions that ended a while ago, and tokens that were spent a while ago: until then, a stolen one is noticed.
pub(super) async fn forget(cx: &Cx, txn: &impl ConnectionTrait) -> Result<(), DbErr> {
    let before = cx.now() - LIFE;
    session::Entity::delete_many()
        .filter(session::Column::ExpiresAt.lt(before).or(session::Column::EndedAt.lt(before)))
        .exec(txn)
        .await?;
    let spent = spent_refresh_token::Column::SpentAt;
    spent_refresh_token::Entity::delete_many().filter(spent.lt(before)).exec(txn).await?;
    Ok(())
}
