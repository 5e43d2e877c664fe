//! What a person says of themselves.

use nhip_entity::user;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, sea_query::Expr};
use serde_json::json;

use crate::{
    audit::{self, Change},
    authenticate::Caller,
    cx::Cx,
    database::Urgency,
    error::Result,
    refusal::Refusal,
    text,
};

/// What shall be another; none stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Update {
    /// How others see them.
    pub name: Option<String>,
    /// The language they read.
    pub locale: Option<String>,
}

/// Changes a person's name and language.
pub async fn update(cx: &Cx, caller: &Caller, new: Update) -> Result<user::Model> {
    let before = caller.person()?;
    let name = new.name.map_or(Ok(before.name.clone()), |name| text::name("name", &name))?;
    let locale = new.locale.map_or(Ok(before.locale.clone()), |locale| text::locale(&locale))?;
    let txn = cx.db.write(Urgency::Normal).await?;
    let updated = user::Entity::update_many()
        .col_expr(user::Column::Name, Expr::value(name))
        .col_expr(user::Column::Locale, Expr::value(locale))
        .filter(user::Column::Id.eq(before.id))
        .exec_with_returning(&*txn)
        .await?;
    let after = updated.into_iter().next().ok_or(Refusal::Unauthenticated)?;
    let detail = json!({
        "before": {"name": before.name, "locale": before.locale},
        "after": {"name": after.name, "locale": after.locale},
    });
    let change = Change::of_user(after.id, caller.requester(), "user.update");
    audit::record(cx, &*txn, Change { detail: Some(detail), ..change }).await?;
    txn.commit().await?;
    Ok(after)
}
