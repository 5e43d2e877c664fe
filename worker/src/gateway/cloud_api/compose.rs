//! What is sent, and as what: pure rules over a message and Meta's limits. Always one WhatsApp message.

mod address;
mod attachment;

use nhip_entity::message::FailureReason;
use serde_json::{Map, Value, json};

pub(super) use self::{address::Address, attachment::Attachment};
use super::sender::Template;
use crate::gateway::{File, Order, Unsent};

/// The longest text, and the longest under a file or in a template, in UTF-16 units: the strictest way to count.
const BODY: usize = 4_096;
const CAPTION: usize = 1_024;

/// A message as Meta takes it, but for whom it is to.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Draft {
    kind: &'static str,
    content: Value,
}

impl Draft {
    /// A text.
    pub(super) fn text(order: &Order) -> Result<Self, Unsent> {
        within(&order.text, BODY, "a text")?;
        Ok(Self { kind: "text", content: json!({"body": order.text}) })
    }

    /// A file that was uploaded, with the text as its caption.
    pub(super) fn file(order: &Order, file: &File, attachment: &Attachment, media_id: &str) -> Self {
        let mut content = Map::from_iter([("id".to_owned(), json!(media_id))]);
        if !order.text.is_empty() {
            content.insert("caption".to_owned(), json!(order.text));
        }
        if attachment.kind == "document" {
            content.insert("filename".to_owned(), json!(file.name));
        }
        Self { kind: attachment.kind, content: Value::Object(content) }
    }

    /// The account's template, with the text as its one parameter.
    pub(super) fn template(order: &Order, template: &Template) -> Result<Self, Unsent> {
        if order.file.is_some() {
            return Err(Unsent::Failed {
                reason: FailureReason::OutsideReplyWindow,
                detail:
                    "The recipient did not write within the last 24 h, and the account's template carries texts alone: \
                         wait for a reply, or send the file's link as text"
                        .to_owned(),
            });
        }
        let text = on_one_line(&order.text);
        within(&text, CAPTION, "the text in a template")?;
        let parameters = json!([{"type": "text", "text": text}]);
        let content = json!({
            "name": template.name,
            "language": {"code": template.language, "policy": "deterministic"},
            "components": [{"type": "body", "parameters": parameters}],
        });
        Ok(Self { kind: "template", content })
    }

    /// The request's body. Meta repeats our id in every status.
    pub(super) fn request(&self, address: &Address, message_id: &str) -> Value {
        let (recipient_type, to) = address.parts();
        json!({
            "messaging_product": "whatsapp",
            "recipient_type": recipient_type,
            "to": to,
            "type": self.kind,
            "biz_opaque_callback_data": message_id,
            (self.kind): self.content,
        })
    }
}

/// No reason of ours is about texts, so it is WhatsApp's error, known before it is made.
pub(super) fn within(text: &str, limit: usize, what: &str) -> Result<(), Unsent> {
    let length = text.encode_utf16().count();
    if length <= limit {
        return Ok(());
    }
    let detail =
        format!("Meta's Cloud API takes {what} of {limit} characters at most, and this one has {length}: shorten it");
    Err(Unsent::Failed { reason: FailureReason::WhatsappError, detail })
}

/// A template's parameter has no line breaks, no tabs and no more than three spaces in a row.
fn on_one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests;
