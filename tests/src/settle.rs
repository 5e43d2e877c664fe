//! Waiting until everything that was accepted has come to its end.

use std::time::Duration;

use serde_json::json;

use crate::{Query, TestApp, graphql};

/// How long nothing may happen while something is left to do: longer than any hold of the built-in WhatsApp.
const SETTLE: Duration = Duration::from_secs(90);

impl TestApp {
    /// Waits until nothing is queued or on its way, and nothing that WhatsApp will report is due soon: as long as it takes,
    /// while there is progress.
    pub async fn settle(&self) {
        let (mut left, mut since) = (None, self.clock().instant());
        while left != Some(0) {
            tokio::time::sleep(Duration::from_millis(25)).await;
            let (now, was) = (self.clock().instant(), left);
            left = self.left_to_do().await;
            if left != was {
                since = now;
            }
            assert!(now - since < SETTLE, "no progress within {SETTLE:?}: {left:?} are left");
        }
    }

    /// How much is still to come; none while whoever was hit a moment ago cannot answer.
    async fn left_to_do(&self) -> Option<u64> {
        let workspaces = self.workspaces();
        let text = "query($id: ID!) { workspace(id: $id) { queue { queued sending } } }";
        let mut left = 0;
        for (id, token) in workspaces {
            let answer = graphql::attempt(self, Some(&token), &Query::new(text, json!({ "id": id }))).await;
            let queue = answer.ok()?.ok()?["workspace"]["queue"].clone();
            left += queue["queued"].as_u64()? + queue["sending"].as_u64()?;
        }
        // Events are only worth counting once there is nothing else: they come one by one.
        if left == 0 { Some(self.due_events().await) } else { Some(left) }
    }
}
