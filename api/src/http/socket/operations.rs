//! The operations of a socket, as graphql-transport-ws has them: an id stands for one at a time, what fails before it is
//! executed ends with an error, and whoever ends one is not told so.

use std::{borrow::Cow, collections::HashSet};

use serde::Deserialize;
use serde_json::{Value, json, value::RawValue};

/// The ids of operations that run.
#[derive(Debug, Default)]
pub(super) struct Operations(HashSet<String>);

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    errors: Vec<Value>,
}

impl Operations {
    /// Notes what the client says; returns the id that it subscribes under although an operation has it.
    pub(super) fn hear(&mut self, message: &[u8]) -> Option<String> {
        // What is no message of the protocol's is refused elsewhere.
        let Envelope { kind, id: Some(id), .. } = serde_json::from_slice(message).ok()? else { return None };
        match &*kind {
            "subscribe" if !self.0.insert(id.clone().into_owned()) => return Some(id.into_owned()),
            "complete" => drop(self.0.remove(&*id)),
            _ => {}
        }
        None
    }

    /// What the client is told of a message of the framework's.
    pub(super) fn say<'a>(&mut self, message: &'a str) -> Option<Cow<'a, str>> {
        let Ok(Envelope { kind, id: Some(id), payload }) = serde_json::from_str(message) else {
            return Some(message.into());
        };
        match &*kind {
            "next" => match payload.and_then(never_executed) {
                Some(errors) => {
                    self.0.remove(&*id);
                    Some(json!({"type": "error", "id": id, "payload": errors}).to_string().into())
                }
                None => Some(message.into()),
            },
            // The client ended it, or was told of its end by an error.
            "complete" if !self.0.remove(&*id) => None,
            _ => Some(message.into()),
        }
    }
}

/// The errors of an answer without data: what stands nowhere in it was wrong before anything was executed.
fn never_executed(answer: &RawValue) -> Option<Vec<Value>> {
    let Answer { errors } = serde_json::from_str(answer.get()).ok()?;
    (!errors.is_empty() && errors.iter().all(|err| err.get("path").is_none())).then_some(errors)
}
