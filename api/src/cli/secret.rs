//! `nhip secret`.

use nhip_domain::{Cx, secret::reseal_all};
use nhip_worker::{
    config::{Config, lock_data_dir},
    open::{self, StartError},
};

/// Replaces the secret key: the data folder's by a new one; the operator's by the one that they put in front.
pub(super) async fn rotate(config: &Config) -> Result<(), StartError> {
    if config.keeps_secret_key() {
        return rotate_own(config).await;
    }
    let cx = open::for_command(config).await?;
    if !cx.secret.has_older() {
        let advice = "NHIP_SECRET_KEY holds one key: put a new one in front of it, with a comma between, let every process \
                      start with both, then run this again (`openssl rand -base64 32` makes one)";
        return Err(StartError::Other(advice.to_owned()));
    }
    let resealed = reseal_all(&cx).await?;
    println!("{resealed} secrets were sealed anew, by the first key of NHIP_SECRET_KEY.");
    println!(
        "The older keys can go a quarter of an hour after the last process began to run with the first one in front."
    );
    Ok(())
}

async fn rotate_own(config: &Config) -> Result<(), StartError> {
    let lock = lock_data_dir(&config.data_dir).map_err(|err| StartError::Other(format!("{err}; stop it first")))?;
    let cx = open::for_command(config).await?;
    // Whatever the oldest key sealed, and a rotation that was cut short left behind: that key goes now.
    reseal_all(&cx).await?;
    let cx = Cx { secret: config.replace_secret_key(&lock)?, ..cx };
    let resealed = reseal_all(&cx).await?;
    println!("{resealed} secrets were sealed anew, by a new key in {}.", config.data_dir.display());
    println!("The key before it still verifies log-ins; the next rotation drops it.");
    Ok(())
}
