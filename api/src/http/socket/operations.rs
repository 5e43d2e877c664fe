//! The operations of a socket: graphql-transport-ws allows an id once at a time.

use std::{borrow::Cow, collections::HashSet};

use serde::Deserialize;

/// The ids of operations that run.
#[derive(Debug, Default)]
pub(super) struct Operations(HashSet<String>);

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow, rename = "type")]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    id: Option<Cow<'a, str>>,
}

impl Operations {
    /// Notes what the client says; returns the id that it subscribes under although an operation has it.
    pub(super) fn hear(&mut self, message: &[u8]) -> Option<String> {
        // What is no message of the protocol's is refused elsewhere.
        let Envelope { kind, id: Some(id) } = serde_json::from_slice(message).ok()? else { return None };
        match &*kind {
            "subscribe" if !self.0.insert(id.clone().into_owned()) => return Some(id.into_owned()),
            "complete" => drop(self.0.remove(&*id)),
            _ => {}
        }
        None
    }

    /// Notes what the client is told.
    pub(super) fn say(&mut self, message: &str) {
        if let Ok(Envelope { kind, id: Some(id) }) = serde_json::from_str(message)
            && matches!(&*kind, "complete" | "error")
        {
            self.0.remove(&*id);
        }
    }
}
