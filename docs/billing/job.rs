//! The same job in Rust: grants the credits that were paid for, then adds up what was used.
//!
//! `NHIP_URL=http://127.0.0.1:8080 NHIP_TOKEN=nhip_at_... billing-job FOLDER`, with the files of `job.py`.

use std::{
    collections::BTreeMap,
    env,
    error::Error,
    fs,
    io::{ErrorKind, Write as _},
    path::Path,
    time::Duration,
};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

const GRANT: &str = "mutation($input: GrantCreditsInput!) {
  grantCredits(input: $input) { repeated entry { balanceAfter } }
}";
const ENTRIES: &str = "query($after: String) {
  creditEntries(first: 200, after: $after) {
    nodes { workspaceId kind amount }
    pageInfo { hasNextPage endCursor }
  }
}";

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// What was paid for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    #[serde(rename = "order")]
    number: String,
    workspace_id: String,
    credits: i32,
}

/// How far the stream was read, and what each workspace used until there.
#[derive(Default, Deserialize, Serialize)]
struct State {
    cursor: Option<String>,
    used: BTreeMap<String, i64>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Page {
    nodes: Vec<Entry>,
    page_info: PageInfo,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Entry {
    workspace_id: String,
    kind: String,
    amount: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PageInfo {
    has_next_page: bool,
    end_cursor: Option<String>,
}

struct Nhip {
    http: reqwest::Client,
    url: String,
    token: String,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<()> {
    let folder = env::args().nth(1).ok_or("usage: billing-job FOLDER")?;
    let (orders, state) = (Path::new(&folder).join("orders.json"), Path::new(&folder).join("state.json"));
    let nhip = Nhip::from_environment()?;
    for order in read::<Vec<Order>>(&orders)? {
        nhip.grant(&order).await?;
    }
    write(&state, &nhip.add_up(read(&state)?).await?)
}

impl Nhip {
    fn from_environment() -> Result<Self> {
        // The client is built without a TLS library of its own choice.
        let _already = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().timeout(Duration::from_secs(30)).build()?;
        Ok(Self { http, url: env::var("NHIP_URL")?, token: env::var("NHIP_TOKEN")? })
    }

    /// The order's number is the key: for ever, however often this runs.
    async fn grant(&self, order: &Order) -> Result<()> {
        let input = json!({
            "workspaceId": order.workspace_id,
            "amount": order.credits,
            "reason": format!("Order {}", order.number),
            "idempotencyKey": order.number,
        });
        let granted = self.ask(GRANT, json!({ "input": input })).await?["grantCredits"].take();
        if granted["repeated"] == false {
            println!("{}: granted, {} left", order.number, granted["entry"]["balanceAfter"]);
        }
        Ok(())
    }

    /// Reads the stream from where the last run stopped. The cursor and the sums are stored together or not at all.
    async fn add_up(&self, mut state: State) -> Result<State> {
        loop {
            let page = self.ask(ENTRIES, json!({ "after": state.cursor })).await?["creditEntries"].take();
            let page: Page = serde_json::from_value(page)?;
            for entry in page.nodes.iter().filter(|entry| matches!(&*entry.kind, "CHARGE" | "RESTORE")) {
                *state.used.entry(entry.workspace_id.clone()).or_default() -= entry.amount;
            }
            // Of an empty page too: then it is the cursor that was sent.
            state.cursor = page.page_info.end_cursor;
            if !page.page_info.has_next_page {
                return Ok(state);
            }
        }
    }

    /// One operation. Repeating it is harmless: grants go by their keys, reads change nothing.
    async fn ask(&self, query: &str, variables: Value) -> Result<Value> {
        let body = json!({"query": query, "variables": variables});
        for attempt in 0..6_u32 {
            if attempt > 0 {
                tokio::time::sleep(Duration::from_millis(250) * 2_u32.pow(attempt)).await;
            }
            let request = self.http.post(format!("{}/graphql", self.url)).bearer_auth(&self.token).json(&body);
            let Ok(answered) = request.send().await else { continue };
            if answered.status().is_server_error() {
                continue;
            }
            let mut answer: Value = answered.error_for_status()?.json().await?;
            let Some(error) = answer["errors"].get(0) else { return Ok(answer["data"].take()) };
            let code = error["extensions"]["code"].as_str().unwrap_or_default();
            if !matches!(code, "UNAVAILABLE" | "INTERNAL" | "RATE_LIMITED") {
                return Err(format!("refused: {} ({code})", error["message"]).into());
            }
        }
        Err("the service does not answer; the next run goes on from here".into())
    }
}

fn read<T: Default + DeserializeOwned>(path: &Path) -> Result<T> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes)?),
        Err(err) if err.kind() == ErrorKind::NotFound => Ok(T::default()),
        Err(err) => Err(err.into()),
    }
}

/// Another file first: whoever is killed half-way leaves the old one.
fn write(path: &Path, state: &State) -> Result<()> {
    let new = path.with_extension("new");
    let mut file = fs::File::create(&new)?;
    file.write_all(&serde_json::to_vec_pretty(state)?)?;
    file.sync_all()?;
    Ok(fs::rename(new, path)?)
}
