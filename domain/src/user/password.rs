//! Passwords: hashed slowly, on threads that may be slow, a few at a time.

use std::sync::{Arc, LazyLock};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use nhip_entity::{
    login_link::{self, LinkPurpose},
    user,
};
use rand::Rng as _;
use sea_orm::{
    ColumnTrait, DbErr, EntityTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockType},
};
use tokio::sync::Semaphore;
use uuid::Uuid;

use crate::{
    clock::rng,
    database::Transaction,
    error::{Broken, Result},
    refusal::Refusal,
};

const MIN_CHARS: usize = 8;
const MAX_CHARS: usize = 128;
const SALT_BYTES: usize = 16;

/// A password that takes no more guesses is refused: those of the 3,000 most common ones (NIST SP 800-63B, ASVS 6.2.4), and
/// words, keys beside each other and repeated characters that are guessed as soon.
const MOST_COMMON: u64 = 3_000;
/// More that are tried first where Nhip is used, one a line, in lower case: the library knows English ones best.
const COMMON_HERE: &str = include_str!("common_passwords.txt");

/// Each hash takes 19 MiB and a core: more at once than cores would only wait in memory.
static AT_ONCE: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Arc::new(Semaphore::new(cores))
});

/// The hash of a password that nobody has: an unknown e-mail is given the same work as a known one.
static NOBODYS: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody's", [7; SALT_BYTES]).ok());

/// Takes a new password, or says what is wrong with it.
pub fn check(field: &'static str, password: &str) -> Result<(), Refusal> {
    let problem = match password.chars().count() {
        ..MIN_CHARS => "must have at least 8 characters",
        MIN_CHARS..=MAX_CHARS if password.contains('\0') => "must not contain U+0000",
        MIN_CHARS..=MAX_CHARS if is_common(password) => "is among the most common ones; choose another",
        MIN_CHARS..=MAX_CHARS => return Ok(()),
        _ => "must have at most 128 characters",
    };
    Err(Refusal::BadInput { field, problem: format!("`{field}` {problem}") })
}

/// Hashes a password, as a PHC string.
pub async fn hash(password: &str) -> Result<String, Broken> {
    let mut salt = [0; SALT_BYTES];
    rng().fill_bytes(&mut salt);
    let password = password.to_owned();
    on_a_slow_thread(move || hash_now(&password, salt)).await?
}

/// Whether `password` is the one that was hashed. Without a hash it takes as long, and is not.
pub async fn verify(password: &str, hash: Option<&str>) -> Result<bool, Broken> {
    // No password is longer, so nothing longer is worth the work.
    if password.chars().count() > MAX_CHARS {
        return Ok(false);
    }
    let (password, known) = (password.to_owned(), hash.map(str::to_owned));
    on_a_slow_thread(move || {
        let is_known = known.is_some();
        let Some(hash) = known.or_else(|| NOBODYS.clone()) else { return Ok(false) };
        let hash = PasswordHash::new(&hash).map_err(|_tells_nothing| Broken::Unreadable("password hash"))?;
        Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok() && is_known)
    })
    .await?
}

/// Another hash of a password that was just [verified](verify), where its own is not made as they are made today.
pub(super) async fn hash_anew(password: &str, hash: Option<&str>) -> Result<Option<String>, Broken> {
    let is_dated = hash.is_some_and(|hash| !hash.starts_with(MADE));
    if is_dated { self::hash(password).await.map(Some) } else { Ok(None) }
}

/// Whether somebody's password is still the one that was looked at; if so, it stays so until the transaction ends. Looking
/// takes long: who replaces a password meanwhile, and ends all sessions, must not find another one opened afterwards.
pub(super) async fn hold(txn: &Transaction, seen: &user::Model) -> Result<bool, DbErr> {
    let now = user::Entity::find_by_id(seen.id).lock(LockType::NoKeyUpdate).one(txn).await?;
    Ok(now.is_some_and(|now| now.password_hash == seen.password_hash))
}

/// Stores another hash of the same password.
pub(super) async fn replace(txn: &Transaction, user_id: Uuid, hash: String) -> Result<(), DbErr> {
    user::Entity::update_many()
        .col_expr(user::Column::PasswordHash, Expr::value(hash))
        .filter(user::Column::Id.eq(user_id))
        .exec(txn)
        .await
        .map(drop)
}

/// Stores a person's new hash. Links that would set yet another one are good no longer.
pub(super) async fn store(txn: &Transaction, user_id: Uuid, hash: String) -> Result<(), DbErr> {
    login_link::Entity::delete_many()
        .filter(login_link::Column::UserId.eq(user_id))
        .filter(login_link::Column::Purpose.eq(LinkPurpose::ResetPassword))
        .exec(txn)
        .await?;
    replace(txn, user_id, hash).await
}

fn is_common(password: &str) -> bool {
    let lower = password.to_lowercase();
    COMMON_HERE.lines().any(|common| common == lower) || zxcvbn::zxcvbn(password, &[]).guesses() <= MOST_COMMON
}

fn hash_now(password: &str, salt: [u8; SALT_BYTES]) -> Result<String, Broken> {
    let hash: PasswordHash = argon2()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map_err(|_tells_nothing| Broken::Unreadable("password to hash"))?;
    Ok(hash.to_string())
}

/// What a hash begins with that [`argon2`] made.
const MADE: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// OWASP's least: argon2id, 19 MiB, two passes, one lane.
fn argon2() -> Result<Argon2<'static>, Broken> {
    let params = Params::new(19_456, 2, 1, None).map_err(|_tells_nothing| Broken::Unreadable("argon2's parameters"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

async fn on_a_slow_thread<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Broken> {
    const STOPPED: Broken = Broken::Stopped("password hashing");
    let permit = AT_ONCE.clone().acquire_owned().await.map_err(|_closed| STOPPED)?;
    let task = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        work()
    });
    task.await.map_err(|_panicked| STOPPED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_verified_by_its_own_hash_only() {
        let hash = hash("correct horse").await.unwrap();
        assert!(hash.starts_with(MADE), "{hash}");
        assert!(verify("correct horse", Some(&hash)).await.unwrap());
        assert!(!verify("correct horsE", Some(&hash)).await.unwrap());
    }

    #[tokio::test]
    async fn nobody_has_a_password() {
        assert!(!verify("nobody's", None).await.unwrap());
    }

    #[test]
    fn short_long_and_common_passwords_are_refused() {
        for given in ["", "1234567", &"x".repeat(129), "password1", "PASSWORD1", "aaaaaaaaaa", "passw\0rd-long"] {
            assert!(check("password", given).is_err(), "{given:?}");
        }
        for common in [
            "butterfly",
            "chocolate",
            "Alexander",
            "metallica",
            "qwertyuiop",
            "87654321",
            "matkhau123",
            &"€".repeat(128),
        ] {
            assert!(check("password", common).is_err(), "{common:?}");
        }
        for given in [
            "ein Pferd frisst keinen Gurkensalat",
            "mật khẩu của tôi",
            &"ein Pferd, kein Gurkensalat, ".repeat(5)[..128],
        ] {
            assert!(check("password", given).is_ok(), "{given:?}");
        }
    }
}
