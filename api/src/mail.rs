//! Mail, where the operator named a server for it: invitations and password resets.

mod letter;

use std::time::Duration;

use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor,
    message::{Mailbox, header::ContentType},
};
use tokio::time::timeout;

pub use self::letter::{Invitation, Letter, PasswordReset};

/// How long a mail server may take for one letter; somebody may be waiting for the answer.
const DEADLINE: Duration = Duration::from_secs(6);

/// Hands letters to the operator's mail server; cheap to clone.
#[derive(Clone)]
pub struct PostOffice(Option<Counter>);

#[derive(Clone)]
struct Counter {
    server: AsyncSmtpTransport<Tokio1Executor>,
    from: Mailbox,
}

/// Why the settings name no mail server.
#[derive(Debug, thiserror::Error)]
pub enum PostError {
    /// The server's URL.
    #[error("NHIP_SMTP_URL must be smtps://user:password@host or smtp://host?tls=required: {0}")]
    Url(#[from] lettre::transport::smtp::Error),
    /// The sender's address.
    #[error("NHIP_SMTP_FROM must be an address such as Nhip <nhip@example.com>: {0}")]
    From(#[from] lettre::address::AddressError),
}

/// Why a letter was not sent.
#[derive(Debug, thiserror::Error)]
enum Unsent {
    #[error("the mail server did not take it in time")]
    TimedOut,
    #[error("an address")]
    Address(#[from] lettre::address::AddressError),
    #[error("the letter")]
    Letter(#[from] lettre::error::Error),
    #[error("the mail server")]
    Server(#[from] lettre::transport::smtp::Error),
}

impl PostOffice {
    /// Sends nothing.
    #[must_use]
    pub fn closed() -> Self {
        Self(None)
    }

    /// Sends by the server at `url`, in the name of `from`.
    pub fn open(url: &str, from: &str) -> Result<Self, PostError> {
        let server = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)?.timeout(Some(DEADLINE)).build();
        Ok(Self(Some(Counter { server, from: from.parse()? })))
    }

    /// Whether mail is sent at all.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.0.is_some()
    }

    /// Whether the mail server took a letter to `to`. Why it did not is logged; what it says is not.
    pub async fn send(&self, to: &str, letter: Letter) -> bool {
        let Some(counter) = &self.0 else { return false };
        let sent = timeout(DEADLINE, counter.send(to, letter)).await.unwrap_or(Err(Unsent::TimedOut));
        let outcome = if sent.is_ok() { "sent" } else { "failed" };
        metrics::counter!("nhip_mails_total", "outcome" => outcome).increment(1);
        if let Err(unsent) = &sent {
            tracing::warn!(error = unsent as &dyn std::error::Error, "a mail was not sent");
        }
        sent.is_ok()
    }
}

impl Counter {
    async fn send(&self, to: &str, letter: Letter) -> Result<(), Unsent> {
        let message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.parse::<Address>()?))
            .subject(letter.subject)
            .header(ContentType::TEXT_PLAIN)
            .body(letter.text)?;
        self.server.send(message).await?;
        Ok(())
    }
}

impl std::fmt::Debug for PostOffice {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The server's URL may carry a password.
        out.debug_struct("PostOffice").field("is_open", &self.is_open()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_and_senders_that_are_none_are_refused() {
        assert!(PostOffice::open("smtps://user:pass@mail.example.com", "Nhip <nhip@example.com>").unwrap().is_open());
        assert!(PostOffice::open("smtp://127.0.0.1:2525", "nhip@example.com").is_ok());
        for url in ["mail.example.com", "http://mail.example.com", ""] {
            assert!(PostOffice::open(url, "nhip@example.com").is_err(), "{url}");
        }
        assert!(PostOffice::open("smtp://localhost", "nobody").is_err());
    }
}
