//! The data folder: its lock, and the secret key that is made in it.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{ErrorKind, Read as _, Write as _},
    path::{Path, PathBuf},
};

use nhip_domain::{clock, secret::SecretKey};

use super::{Config, ConfigError};

const LOCK_FILE: &str = "nhip.lock";
const KEY_FILE: &str = "secret.key";

/// Held while this process is the folder's one server; the system releases it however the process ends.
#[derive(Debug)]
pub struct DataDirLock(#[expect(dead_code, reason = "held, never read")] File);

/// Makes the data folder where it is missing, and locks it.
pub fn lock_data_dir(data_dir: &Path) -> Result<DataDirLock, ConfigError> {
    make(data_dir)?;
    let path = data_dir.join(LOCK_FILE);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&path)
        .map_err(|err| ConfigError(format!("{} cannot be opened: {err}", path.display())))?;
    match file.try_lock() {
        Ok(()) => Ok(DataDirLock(file)),
        Err(TryLockError::WouldBlock) => {
            Err(ConfigError(format!("another nhip serve already uses {}", data_dir.display())))
        }
        Err(TryLockError::Error(err)) => Err(ConfigError(format!("{} cannot be locked: {err}", path.display()))),
    }
}

impl Config {
    /// The configured secret key, or the data folder's, which is made at first.
    pub fn secret_key(&self) -> Result<SecretKey, ConfigError> {
        let (text, name) = if let Some(text) = &self.secret_key {
            (text.clone(), "NHIP_SECRET_KEY".to_owned())
        } else {
            make(&self.data_dir)?;
            let path = self.data_dir.join(KEY_FILE);
            (read_or_make(&path)?, path.display().to_string())
        };
        SecretKey::new(&text).map_err(|err| ConfigError(format!("{name} is not taken: {err}")))
    }

    /// Whether the secret key is the data folder's, and not the operator's to keep.
    #[must_use]
    pub fn keeps_secret_key(&self) -> bool {
        self.secret_key.is_none()
    }

    /// Puts a new key in front of the data folder's; the newest of before stays behind it, older ones go. For whoever holds
    /// the folder's lock.
    pub fn replace_secret_key(&self, _held: &DataDirLock) -> Result<SecretKey, ConfigError> {
        let path = self.data_dir.join(KEY_FILE);
        let failed = |err: std::io::Error| ConfigError(format!("{} cannot be replaced: {err}", path.display()));
        let text = SecretKey::replaced(&read_or_make(&path)?, &mut clock::rng());
        let draft = draft_of(&path);
        write(&draft, &text).and_then(|()| fs::rename(&draft, &path)).map_err(failed)?;
        self.secret_key()
    }
}

fn make(data_dir: &Path) -> Result<(), ConfigError> {
    fs::create_dir_all(data_dir)
        .map_err(|err| ConfigError(format!("the data folder {} cannot be made: {err}", data_dir.display())))
}

fn read_or_make(path: &Path) -> Result<String, ConfigError> {
    let failed = |err: std::io::Error| ConfigError(format!("{} cannot be used: {err}", path.display()));
    match create(path) {
        Ok(text) => Ok(text),
        Err(err) if err.kind() == ErrorKind::AlreadyExists => {
            let mut text = String::new();
            File::open(path).and_then(|mut file| file.read_to_string(&mut text)).map_err(failed)?;
            Ok(text)
        }
        Err(err) => Err(failed(err)),
    }
}

/// Writes a new key that only its owner can read. It gets its name last, so that nobody ever reads half of one.
fn create(path: &Path) -> std::io::Result<String> {
    if path.exists() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let text = SecretKey::draw(&mut clock::rng());
    let draft = draft_of(path);
    write(&draft, &text)?;
    let named = fs::hard_link(&draft, path);
    fs::remove_file(&draft)?;
    named.map(|()| text)
}

fn draft_of(path: &Path) -> PathBuf {
    path.with_extension(format!("{}.tmp", std::process::id()))
}

/// Writes a file that only its owner can read.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_second_server_on_the_same_folder_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let _first = lock_data_dir(folder.path()).unwrap();
        let err = lock_data_dir(folder.path()).unwrap_err().to_string();
        assert!(err.starts_with("another nhip serve already uses"), "{err}");
    }

    #[test]
    fn the_folder_is_free_again_once_its_server_is_gone() {
        let folder = tempfile::tempdir().unwrap();
        drop(lock_data_dir(folder.path()).unwrap());
        lock_data_dir(folder.path()).unwrap();
    }

    #[test]
    fn the_key_is_made_once_replaced_with_the_one_before_behind_it_and_readable_by_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let values = BTreeMap::from([("data_dir".to_owned(), folder.path().display().to_string())]);
        let config = Config::from_values(&values).unwrap();
        let seeds = |key: SecretKey| key.signing_seeds().collect::<Vec<_>>();
        let first = seeds(config.secret_key().unwrap());
        assert_eq!(seeds(config.secret_key().unwrap()), first);
        let lock = lock_data_dir(folder.path()).unwrap();
        let second = seeds(config.replace_secret_key(&lock).unwrap());
        assert_eq!((second.len(), &second[1..]), (2, &*first));
        let third = seeds(config.replace_secret_key(&lock).unwrap());
        assert_eq!((third.len(), &third[1..]), (2, &second[..1]));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(folder.path().join(KEY_FILE)).unwrap().permissions().mode();
            assert_eq!(mode & 0o777, 0o600);
        }
    }
}
