//! One-time links to log in by: printed by the command line and the demo.

use std::time::Duration;

use chrono::TimeDelta;
use nhip_entity::{
    login_link::{self, LinkPurpose},
    user,
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, PaginatorTrait as _, QueryFilter, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    audit::{self, Change, Requester},
    clock::rng,
    cx::Cx,
    database::{Transaction, Urgency},
    error::Result,
    refusal::Refusal,
    text,
    token::{Token, TokenKind},
    user::{by_email, session, session::Opened},
};

/// How long a link is good unless somebody says otherwise.
pub const LIFE: Duration = Duration::from_mins(15);

/// Makes a link for a person. Only whoever sits at the machine may: it needs no password.
///
/// Refused as [`Refusal::NotFound`] where nobody has the e-mail.
pub async fn make(cx: &Cx, email: &str, life: Duration) -> Result<Token> {
    let user = by_email(cx.db.read(), &text::email(email)?).await?.ok_or(Refusal::NotFound)?;
    let txn = cx.db.write(Urgency::Normal).await?;
    let token = insert(cx, &txn, user.id, LinkPurpose::LogIn, life).await?;
    let requester = Requester::default();
    audit::record(cx, &*txn, Change::of_operator(user.id, &requester, "user.make_login_link")).await?;
    txn.commit().await?;
    Ok(token)
}

/// Stores a new link.
pub(super) async fn insert(
    cx: &Cx,
    txn: &Transaction,
    user_id: Uuid,
    purpose: LinkPurpose,
    life: Duration,
) -> Result<Token, DbErr> {
    let token = Token::draw(TokenKind::Link, &mut rng());
    let now = cx.now();
    let link = login_link::ActiveModel {
        token_hash: Set(token.hash().to_vec()),
        user_id: Set(user_id),
        purpose: Set(purpose),
        created_at: Set(now),
        expires_at: Set(now + TimeDelta::from_std(life).unwrap_or(TimeDelta::minutes(15))),
        used_at: Set(None),
    };
    login_link::Entity::insert(link).exec_without_returning(txn).await?;
    Ok(token)
}

/// Opens a session for the first who brings the link in time.
pub async fn redeem(cx: &Cx, token: &str, requester: &Requester) -> Result<Opened> {
    let txn = cx.db.write(Urgency::Normal).await?;
    let user = spend(cx, &txn, token, LinkPurpose::LogIn).await?;
    audit::record(cx, &*txn, Change::of_user(user.id, requester, "session.redeem_link")).await?;
    let opened = session::open(cx, &*txn, user, requester).await?;
    txn.commit().await?;
    Ok(opened)
}

/// Refuses a link that nobody could [`spend`] now.
pub(super) async fn check(cx: &Cx, token: &str, purpose: LinkPurpose) -> Result<()> {
    let token = Token::parse(TokenKind::Link, token.trim()).ok_or_else(spent)?;
    let links = login_link::Entity::find().filter(good(cx, &token, purpose));
    if links.count(cx.db.read()).await? == 0 {
        return Err(spent().into());
    }
    Ok(())
}

/// Uses a link up; only one can win the update. Whose it is.
pub(super) async fn spend(cx: &Cx, txn: &Transaction, token: &str, purpose: LinkPurpose) -> Result<user::Model> {
    let token = Token::parse(TokenKind::Link, token.trim()).ok_or_else(spent)?;
    let won = login_link::Entity::update_many()
        .col_expr(login_link::Column::UsedAt, Expr::value(cx.now()))
        .filter(good(cx, &token, purpose))
        .exec_with_returning(txn)
        .await?;
    let link = won.into_iter().next().ok_or_else(spent)?;
    Ok(user::Entity::find_by_id(link.user_id).one(txn).await?.ok_or_else(spent)?)
}

fn good(cx: &Cx, token: &Token, purpose: LinkPurpose) -> Condition {
    Condition::all()
        .add(login_link::Column::TokenHash.eq(token.hash().to_vec()))
        .add(login_link::Column::Purpose.eq(purpose))
        .add(login_link::Column::UsedAt.is_null())
        .add(login_link::Column::ExpiresAt.gt(cx.now()))
}

fn spent() -> Refusal {
    Refusal::BadInput {
        field: "token",
        problem: "This link was used already or has expired; ask for a new one".to_owned(),
    }
}
