//! People who log in.

pub mod log_in;
pub mod login_link;
pub mod password;
pub mod session;
pub mod sign_up;

use nhip_entity::user;
use sea_orm::{ColumnTrait, ConnectionTrait, DbErr, EntityTrait, QueryFilter};

pub use self::{log_in::log_in, session::Opened, sign_up::sign_up};

/// Finds a person by an address in the form that [`crate::text::email`] makes.
pub(crate) async fn by_email(db: &impl ConnectionTrait, email: &str) -> Result<Option<user::Model>, DbErr> {
    user::Entity::find().filter(user::Column::Email.eq(email)).one(db).await
}
