//! What Meta's error codes mean to us: one row per code. The code decides, never the HTTP status or the title (as Meta
//! advises).

use nhip_entity::{
    account::{AccountReason, AccountState},
    message::FailureReason,
};

use super::graph::GraphError;

/// What an error does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The message fails, and is restored.
    Fail(FailureReason),
    /// The message is tried again, a bounded number of times.
    Retry,
    /// Messages to this recipient wait: 4^n s, n refusals in a row.
    HoldRecipient,
    /// The account's queue waits: that many seconds the first time, twice as long each time in a row, an hour at most.
    HoldLane(u64),
    /// The account cannot send until a person does something; it keeps its queue.
    Stop(AccountState, AccountReason),
}

/// A code's row.
#[derive(Clone, Copy, Debug)]
struct Row {
    code: i64,
    verdict: Verdict,
    /// What the owner can do about it.
    advice: &'static str,
}

use AccountReason::{Locked, TemporaryBan, TokenExpired, TokenRefused};
use AccountState::{Banned, LoggedOut};
use FailureReason::{
    FileRejected, FileTypeUnsupported, GroupReadOnly, InvalidRecipient, NotOnWhatsapp, OutsideReplyWindow, RateLimited,
    WhatsappError,
};
use Verdict::{Fail, HoldLane, HoldRecipient, Retry, Stop};

const fn row(code: i64, verdict: Verdict, advice: &'static str) -> Row {
    Row { code, verdict, advice }
}

const NEW_TOKEN: &str = "make a new access token in Meta's app and update the account's credentials with it";
const PERMISSIONS: &str =
    "give the token the permission whatsapp_business_messaging for this number, then reconnect the account";
const APPEAL: &str = "see the account's quality page in Meta's Business Manager, then reconnect the account";
const SECRET: &str =
    "the app secret is not the app's, or was reset at Meta: update the account's credentials with the right one";
const REGISTER: &str = "register the number, which only the API can: POST /{phoneNumberId}/register with a pin (docs/cloud-api.md, What you need), then reconnect the account";
const PAYMENT: &str = "mend the payment method in Meta's Business Manager, then reconnect the account";
const WINDOW: &str =
    "the recipient did not write within the last 24 h: wait for a reply, or set a template for the account";
const CHECK_TEMPLATE: &str =
    "check the account's template (name, language, exactly one parameter) in Meta's WhatsApp Manager";
const NOTHING: &str = "";

/// A minute and a quarter of an hour, in seconds.
const MINUTE: u64 = 60;
const QUARTER: u64 = 15 * MINUTE;

#[rustfmt::skip]
const TABLE: &[Row] = &[
    row(0, Stop(LoggedOut, TokenRefused), NEW_TOKEN),
    row(1, Retry, NOTHING),
    row(2, Retry, NOTHING),
    row(3, Stop(LoggedOut, TokenRefused), PERMISSIONS),
    row(4, HoldLane(MINUTE), "the Meta app made too many calls"),
    row(10, Stop(LoggedOut, TokenRefused), PERMISSIONS),
    row(17, HoldLane(MINUTE), "the token's user made too many calls"),
    row(33, Stop(LoggedOut, TokenRefused), "the number was deleted at Meta: connect it anew"),
    row(100, Fail(WhatsappError), NOTHING),
    row(102, Stop(LoggedOut, TokenRefused), NEW_TOKEN),
    row(104, Stop(LoggedOut, TokenRefused), NEW_TOKEN),
    row(190, Stop(LoggedOut, TokenExpired), NEW_TOKEN),
    row(341, HoldLane(MINUTE), "the Meta app made too many calls"),
    row(368, Stop(Banned, TemporaryBan), APPEAL),
    row(613, HoldLane(MINUTE), "the Meta app made too many calls"),
    row(80_007, HoldLane(MINUTE), "the business account made too many calls"),
    row(80_008, HoldLane(MINUTE), "the business account made too many calls"),
    row(130_403, Fail(WhatsappError), "this business has blocked the recipient: unblock them first"),
    row(130_429, HoldLane(5), "the number sends faster than Meta lets it"),
    row(130_472, Fail(WhatsappError), "Meta withheld it, as part of an experiment with this recipient; a template of the category utility is exempt"),
    row(130_497, Fail(WhatsappError), "Meta does not let this business write to the recipient's country"),
    row(131_000, Retry, NOTHING),
    row(131_005, Stop(LoggedOut, TokenRefused), PERMISSIONS),
    row(131_008, Fail(WhatsappError), NOTHING),
    row(131_009, Fail(WhatsappError), NOTHING),
    row(131_016, Retry, NOTHING),
    row(131_020, Fail(InvalidRecipient), "the group has no other member"),
    row(131_021, Fail(InvalidRecipient), "an account cannot write to itself"),
    row(131_026, Fail(NotOnWhatsapp), "the number has no WhatsApp, or its app is too old to be written to by businesses"),
    row(131_030, Fail(InvalidRecipient), "a test number writes only to the numbers on its list in Meta's app"),
    row(131_031, Stop(Banned, Locked), APPEAL),
    row(131_037, Stop(LoggedOut, TokenRefused), "let Meta approve the number's display name, then reconnect the account"),
    row(131_041, Fail(InvalidRecipient), "Meta knows no such group of this number; only groups made through the Cloud API can be written to"),
    row(131_042, Stop(LoggedOut, TokenRefused), PAYMENT),
    row(131_044, Stop(LoggedOut, TokenRefused), PAYMENT),
    row(131_045, Stop(LoggedOut, TokenRefused), REGISTER),
    row(131_047, Fail(OutsideReplyWindow), WINDOW),
    row(131_048, HoldLane(QUARTER), "recipients blocked or reported the number, so Meta slows it down"),
    row(131_049, Fail(WhatsappError), "Meta withheld it, to keep this recipient from getting too many; trying again at once is useless"),
    row(131_050, Fail(WhatsappError), "the recipient stopped marketing messages of this business"),
    row(131_051, Fail(FileTypeUnsupported), NOTHING),
    row(131_052, Fail(FileRejected), NOTHING),
    row(131_053, Fail(FileRejected), "see that the file opens, and is what its name says"),
    row(131_056, HoldRecipient, NOTHING),
    row(131_057, HoldLane(MINUTE), "Meta is upgrading the number"),
    row(131_063, Fail(OutsideReplyWindow), "Meta takes no marketing templates of this business here: have one of the category utility approved"),
    row(131_064, Fail(OutsideReplyWindow), "Meta limits this business's templates for a while, because some were put into a wrong category: see WhatsApp Manager; answers still go out freely"),
    row(131_204, Fail(WhatsappError), "the group has too many members"),
    row(131_207, Fail(GroupReadOnly), "Meta suspended this group"),
    row(131_208, HoldRecipient, NOTHING),
    row(132_000, Fail(OutsideReplyWindow), CHECK_TEMPLATE),
    row(132_001, Fail(OutsideReplyWindow), CHECK_TEMPLATE),
    row(132_005, Fail(OutsideReplyWindow), "the text is too long for the account's template"),
    row(132_007, Fail(OutsideReplyWindow), CHECK_TEMPLATE),
    row(132_008, Fail(OutsideReplyWindow), CHECK_TEMPLATE),
    row(132_012, Fail(OutsideReplyWindow), CHECK_TEMPLATE),
    row(132_015, Fail(OutsideReplyWindow), "Meta paused the account's template for its quality"),
    row(132_016, Fail(OutsideReplyWindow), "Meta disabled the account's template for its quality"),
    row(132_018, Fail(OutsideReplyWindow), CHECK_TEMPLATE),
    row(132_068, Fail(OutsideReplyWindow), CHECK_TEMPLATE),
    row(132_069, Fail(OutsideReplyWindow), CHECK_TEMPLATE),
    row(133_004, Retry, NOTHING),
    row(133_010, Stop(LoggedOut, TokenRefused), REGISTER),
    row(133_016, HoldLane(QUARTER), "the number was registered too often lately"),
    row(135_000, Fail(WhatsappError), NOTHING),
];

/// Kinds of error 190 in which the token did not just run out: the app was removed, the password changed, the user was
/// logged out or never confirmed.
const REFUSED_TOKENS: [i64; 5] = [458, 459, 460, 464, 467];
/// The kind of error 100 that means that an object is not there for this token: the one in the URL, which is the number; of
/// a message, perhaps its file.
const NO_SUCH_OBJECT: i64 = 33;
/// The type of error 100 that means the same, where it has no kind.
const NO_SUCH_METHOD: &str = "GraphMethodException";
/// How Meta's sentence ends about a file that a message names, and that it does not have.
const LOST_FILE: &str = "is not a valid whatsapp business account media attachment ID";
/// How Meta calls the recipient among the parameters of a message.
const RECIPIENT: [&str; 6] = ["Param to ", "param to ", "parameter to ", "'to'", "\"to\"", "recipient"];

impl GraphError {
    /// Whether it is about an object that Meta does not have, or not for this token.
    #[must_use]
    pub fn is_no_such_object(&self) -> bool {
        let is_one = self.subcode == Some(NO_SUCH_OBJECT) || self.kind.as_deref() == Some(NO_SUCH_METHOD);
        self.code == Some(100) && is_one && !self.is_wrong_proof()
    }

    /// Whether a message names a file that Meta does not have any more.
    #[must_use]
    pub fn is_lost_file(&self) -> bool {
        self.code == Some(100) && self.message.ends_with(LOST_FILE)
    }

    /// Whether the proof was not taken that goes along with every call.
    #[must_use]
    pub fn is_wrong_proof(&self) -> bool {
        self.code == Some(100) && self.message.contains("appsecret_proof")
    }

    /// Whether a parameter was not taken, and it is the recipient.
    fn is_of_recipient(&self) -> bool {
        let names_it = |text: &str| RECIPIENT.iter().any(|name| text.contains(name));
        self.code == Some(100) && (names_it(&self.message) || self.details.as_deref().is_some_and(names_it))
    }

    /// What this error does.
    #[must_use]
    pub fn verdict(&self) -> Verdict {
        match (self.code, self.subcode) {
            _ if self.is_wrong_proof() || self.is_no_such_object() => Stop(LoggedOut, TokenRefused),
            _ if self.is_lost_file() => Fail(FileRejected),
            _ if self.is_of_recipient() => Fail(InvalidRecipient),
            // All of Graph's permissions.
            (Some(200..=299), _) => Stop(LoggedOut, TokenRefused),
            (Some(190), Some(kind)) if REFUSED_TOKENS.contains(&kind) => Stop(LoggedOut, TokenRefused),
            (Some(code), _) => find(code).map_or(Fail(WhatsappError), |row| row.verdict),
            (None, _) => Fail(WhatsappError),
        }
    }

    /// Why a message that ends by this error has failed: one that Meta took before it reported the error, for instance.
    #[must_use]
    pub fn failure(&self) -> FailureReason {
        match self.verdict() {
            Fail(reason) => reason,
            HoldLane(_) | HoldRecipient => RateLimited,
            Retry | Stop(..) => WhatsappError,
        }
    }

    /// For the owner to read: what Meta said, and what to do about it.
    #[must_use]
    pub fn explain(&self) -> String {
        let advice = match (self.code, self.subcode) {
            _ if self.is_wrong_proof() => SECRET,
            _ if self.is_no_such_object() => "check the account's phoneNumberId, and that the token may use the number",
            _ if self.is_lost_file() => "Meta does not have the file any more: send it again",
            _ if self.is_of_recipient() => "the recipient is no WhatsApp number",
            (Some(200..=299), _) => PERMISSIONS,
            (Some(code), _) => find(code).map_or(NOTHING, |row| row.advice),
            (None, _) => NOTHING,
        };
        if advice.is_empty() { self.to_string() } else { format!("{self}; {advice}") }
    }
}

fn find(code: i64) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.code == code)
}

/// The codes that have a row.
#[cfg(test)]
pub(super) fn codes() -> impl Iterator<Item = i64> {
    TABLE.iter().map(|row| row.code)
}

#[cfg(test)]
mod tests;
