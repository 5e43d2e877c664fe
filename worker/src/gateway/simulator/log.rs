//! The outside view: a line of JSON for everything that this WhatsApp receives.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use chrono::{DateTime, SecondsFormat, Utc};
use nhip_domain::Broken;
use serde::{Deserialize, Serialize};

use super::envelope::{Attachment, Envelope};

/// The file of `NHIP_SIMULATOR_LOG`, open for appending.
#[derive(Debug)]
pub(super) struct Log {
    path: PathBuf,
    file: Mutex<File>,
}

// The order of the fields is that of the document.
#[derive(Serialize)]
struct Line<'a> {
    at: String,
    account: String,
    id: &'a str,
    to: &'a str,
    kind: &'a str,
    text: &'a str,
    file: Option<&'a Attachment>,
    repeat: bool,
}

impl Log {
    pub(super) fn open(path: &Path) -> Result<Self, Broken> {
        let file =
            OpenOptions::new().create(true).read(true).append(true).open(path).map_err(|source| Broken::Io {
                what: format!("open {} (NHIP_SIMULATOR_LOG)", path.display()),
                source,
            })?;
        Ok(Self { path: path.to_owned(), file: Mutex::new(file) })
    }

    /// Appends a line, in one write: whole even if several processes share the file, and flushed when this returns. What a full
    /// disk left of another line before it stays a line of its own.
    pub(super) fn append(&self, line: &str) -> io::Result<()> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let end = if is_torn(&mut file)? { "\n" } else { "" };
        file.write_all(format!("{end}{line}\n").as_bytes())
    }

    /// Appends those of the lines whose messages have none, while no other process does.
    pub(super) fn complete(&self, lines: &[String]) -> io::Result<()> {
        if lines.is_empty() {
            return Ok(());
        }
        let file = File::open(&self.path)?;
        file.lock()?;
        let known = self.known()?;
        let missing = lines.iter().filter(|line| about(line.as_bytes()).is_some_and(|about| !known.contains(&about)));
        // The lock ends with the file.
        missing.map(String::as_str).try_for_each(|line| self.append(line))
    }

    /// The messages that it has lines of.
    fn known(&self) -> io::Result<HashSet<About>> {
        let text = fs::read(&self.path)?;
        Ok(text.split(|byte| *byte == b'\n').filter_map(about).collect())
    }
}

/// Whether the last line has no end.
fn is_torn(file: &mut File) -> io::Result<bool> {
    let about = file.metadata()?;
    if !about.is_file() || about.len() == 0 {
        return Ok(false);
    }
    let mut last = [0];
    // It moves where is read, not where is appended.
    file.seek(SeekFrom::End(-1))?;
    file.read_exact(&mut last)?;
    Ok(last != *b"\n")
}

/// What tells one message's lines from another's.
#[derive(Debug, PartialEq, Eq, Hash, Deserialize)]
struct About {
    account: String,
    id: String,
    to: String,
}

/// Which message a line is about; none for what is no line.
fn about(line: &[u8]) -> Option<About> {
    serde_json::from_slice(line).ok()
}

/// The line of a message.
pub(super) fn render(at: DateTime<Utc>, envelope: &Envelope, repeat: bool) -> serde_json::Result<String> {
    serde_json::to_string(&Line {
        at: at.to_rfc3339_opts(SecondsFormat::Micros, true),
        account: format!("+{}", envelope.account_phone),
        id: &envelope.id,
        to: &envelope.jid,
        kind: envelope.kind,
        text: &envelope.text,
        file: envelope.file.as_ref(),
        repeat,
    })
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    #[test]
    fn what_a_full_disk_left_of_a_line_spoils_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let log = Log::open(&path).unwrap();
        log.append("{\"a\":1}").unwrap();
        fs::write(&path, "{\"a\":1}\n{\"b\"").unwrap();
        log.append("{\"c\":3}").unwrap();
        log.append("{\"d\":4}").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "{\"a\":1}\n{\"b\"\n{\"c\":3}\n{\"d\":4}\n");
    }

    #[test]
    fn a_line_reads_as_the_document_has_it() {
        let mut envelope = Envelope {
            account_id: Uuid::nil(),
            account_phone: "15105566777".to_owned(),
            jid: "12025550100@s.whatsapp.net".to_owned(),
            id: "3EB09FCC85FE99662E46".to_owned(),
            kind: "text",
            text: "lorem ipsum".to_owned(),
            file: None,
        };
        let at = "2026-11-22T12:00:00.123456Z".parse().unwrap();
        insta::assert_snapshot!(render(at, &envelope, false).unwrap(), @r#"{"at":"2026-11-22T12:00:00.123456Z","account":"+15105566777","id":"3EB09FCC85FE99662E46","to":"12025550100@s.whatsapp.net","kind":"text","text":"lorem ipsum","file":null,"repeat":false}"#);
        envelope.kind = "image";
        envelope.file = Some(Attachment {
            name: "logo.png".to_owned(),
            mime: "image/png".to_owned(),
            size: 3,
            sha256: "ab".to_owned(),
        });
        insta::assert_snapshot!(render(at, &envelope, true).unwrap(), @r#"{"at":"2026-11-22T12:00:00.123456Z","account":"+15105566777","id":"3EB09FCC85FE99662E46","to":"12025550100@s.whatsapp.net","kind":"image","text":"lorem ipsum","file":{"name":"logo.png","mime":"image/png","size":3,"sha256":"ab"},"repeat":true}"#);
    }
}
