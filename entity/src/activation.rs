//! The last calls of each webhook, four to a page. A ring: page n is the row of slot n mod 26, written over. Its calls are
//! rendered where they come in; the accept transaction appends them to their page.

use std::{borrow::Cow, fmt};

use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

crate::string_enum! {
    /// How a call ended.
    ActivationOutcome { Accepted = "ACCEPTED", Refused = "REFUSED" }
}

/// Call n stands on page n / 4.
pub const CALLS_PER_PAGE: i64 = 4;
/// As many as the last hundred calls can touch.
pub const PAGES: i64 = 26;

#[sea_orm::model]
#[derive(Clone, Debug, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "activation_pages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub workspace_id: Uuid,
    /// `page` mod 26.
    #[sea_orm(primary_key, auto_increment = false)]
    pub slot: i32,
    /// The number of the page.
    pub page: i64,
    /// [`Activation`]s as JSON, oldest first, with commas between them.
    #[sea_orm(column_type = "Text")]
    pub calls: String,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// The page's calls, oldest first.
    pub fn activations(&self) -> Result<Vec<Activation>, DbErr> {
        serde_json::from_str(&format!("[{}]", self.calls)).map_err(|err| DbErr::Json(err.to_string()))
    }
}

/// One call: what was heard, and what became of it. Fields are only ever added.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Activation(pub Heard, pub Told);

/// What came in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// First, so that SQL finds it: see [`Heard::AT`].
    pub at: DateTimeUtc,
    /// The call's `X-Request-Id`.
    pub id: Uuid,
    /// As received, cut at 8 KiB; empty once it was erased.
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub body: Body,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub request_body_truncated: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ignored_fields: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remote_address: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
}

/// What became of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Counts the webhook's calls from 1.
    pub sequence: i64,
    pub outcome: ActivationOutcome,
    pub http_status: i32,
    /// The refusal's public code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refusal: Option<String>,
    /// The refusal's sentence.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<i32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message_id: Option<String>,
    /// None where the answer was that the message is queued: its id says it all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub response_body: Option<String>,
    /// From the first byte of the head to the decision, in microseconds.
    pub duration_us: i64,
}

impl Heard {
    /// Where, in a page's calls, the time of its first one stands, to the second: at which character, and how many.
    pub const AT: (u32, u32) = (9, 19);
    /// What stands in a page's calls if a body does.
    pub const BODY: &str = "\"body\":";
}

macro_rules! shown_as_json {
    ($($shown:ty),+) => {$(
        impl fmt::Display for $shown {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                out.write_str(&serde_json::to_string(self).map_err(|_no_map_of_ours| fmt::Error)?)
            }
        }
    )+};
}

shown_as_json!(Activation, Heard, Told);

/// A body: text, unless it is none.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Body {
    Text(String),
    Other {
        #[serde(with = "hex::serde")]
        hex: Vec<u8>,
    },
}

impl Body {
    /// As it came.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Other { hex } => hex,
        }
    }

    /// Whether nothing came, or it was erased.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bytes().is_empty()
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Text(String::new())
    }
}

impl From<Cow<'_, [u8]>> for Body {
    fn from(bytes: Cow<'_, [u8]>) -> Self {
        String::from_utf8(bytes.into_owned()).map_or_else(|err| Self::Other { hex: err.into_bytes() }, Self::Text)
    }
}
