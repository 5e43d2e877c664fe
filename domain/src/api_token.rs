//! Tokens for programs.

mod create;
mod list;
mod revoke;

use chrono::TimeDelta;
use nhip_entity::api_token::{self, Scope};
use sea_orm::{ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QuerySelect, Select, sea_query::Expr};
use uuid::Uuid;

pub use self::{
    create::{NewToken, create, create_in},
    list::{list, list_in},
    revoke::{revoke, revoke_in},
};
use crate::{cx::Cx, database::Urgency, error::Broken, sql::among, token::Token};

/// How exactly it is known when a token was last used.
const NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

/// The token's row, if it is good.
pub(crate) async fn find(cx: &Cx, token: &Token) -> Result<Option<api_token::Model>, Broken> {
    Ok(good(cx).filter(api_token::Column::TokenHash.eq(token.hash().to_vec())).one(cx.db.read()).await?)
}

/// Notes that a token is being used; once a minute is enough to tell those that nobody needs.
pub(crate) async fn note_use(cx: &Cx, token: &api_token::Model) -> Result<(), DbErr> {
    let now = cx.now();
    if token.last_used_at.is_some_and(|at| now < at + NOTED_EVERY) {
        return Ok(());
    }
    let txn = cx.db.write(Urgency::Normal).await?;
    api_token::Entity::update_many()
        .col_expr(api_token::Column::LastUsedAt, Expr::value(now))
        .filter(api_token::Column::Id.eq(token.id))
        .exec(&*txn)
        .await?;
    txn.commit().await
}

/// Those that are still good.
pub(crate) async fn good_among(cx: &Cx, ids: Vec<Uuid>) -> Result<Vec<Uuid>, Broken> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let good = good(cx).select_only().column(api_token::Column::Id);
    Ok(good.filter(among(cx.db.backend(), api_token::Column::Id, ids)).into_tuple().all(cx.db.read()).await?)
}

/// What a token may do.
pub fn scopes(token: &api_token::Model) -> Result<Vec<Scope>, Broken> {
    serde_json::from_value(token.scopes.clone()).map_err(|_tells_nothing| Broken::Unreadable("scopes of an API token"))
}

/// Those that were not revoked, have not expired, and whose maker, unless that is the operator, may still make tokens.
fn good(cx: &Cx) -> Select<api_token::Entity> {
    let not_over =
        Condition::any().add(api_token::Column::ExpiresAt.is_null()).add(api_token::Column::ExpiresAt.gt(cx.now()));
    let of_operator = Condition::any().add(api_token::Column::CreatedBy.is_null());
    let of_admin = Expr::cust(
        "EXISTS (SELECT 1 FROM members WHERE members.workspace_id = api_tokens.workspace_id \
           AND members.user_id = api_tokens.created_by AND members.role IN ('ADMIN', 'OWNER'))",
    );
    api_token::Entity::find()
        .filter(api_token::Column::RevokedAt.is_null())
        .filter(not_over)
        .filter(of_operator.add(of_admin))
}
