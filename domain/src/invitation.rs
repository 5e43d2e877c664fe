//! Invitations: links by which somebody else becomes a member.

mod accept;
mod invite;
mod list;
mod preview;
mod revoke;

use nhip_entity::invitation;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, Select};

pub use self::{
    accept::{Guest, accept},
    invite::{Invited, invite},
    list::list,
    preview::{Preview, preview},
    revoke::revoke,
};
use crate::{cx::Cx, settings::Settings, token::Token};

/// The page that an invitation's link leads to.
#[must_use]
pub fn url(settings: &Settings, token: &Token) -> String {
    format!("{}/invitation#token={}", settings.public_url, token.reveal())
}

/// Those that can still be accepted.
fn pending(cx: &Cx, all: Select<invitation::Entity>) -> Select<invitation::Entity> {
    all.filter(invitation::Column::AcceptedAt.is_null()).filter(invitation::Column::ExpiresAt.gt(cx.now()))
}

/// The one behind a link.
fn by_token(cx: &Cx, token: &Token) -> Select<invitation::Entity> {
    let hash = token.hash().to_vec();
    pending(cx, invitation::Entity::find().filter(invitation::Column::TokenHash.eq(hash)))
}
