//! `nhip token`.

use std::time::Duration;

use clap::{Subcommand, ValueEnum};
use nhip_domain::{
    Cx,
    api_token::{self, NewToken},
};
use nhip_entity::api_token::{Model, Scope};
use nhip_worker::open::StartError;
use uuid::Uuid;

const DAY: Duration = Duration::from_hours(24);

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make a token and print it, once
    Create {
        /// What it is for
        #[arg(long)]
        name: String,
        /// What it may do; several with commas between
        #[arg(long, value_delimiter = ',', required = true)]
        scopes: Vec<ScopeName>,
        /// The id of the one workspace it is bound to; billing tokens may go without
        #[arg(long)]
        workspace: Option<Uuid>,
        /// After how many days it ends, a year at most
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// List all tokens, newest first
    List,
    /// End a token, at once
    Revoke {
        /// Its id, as `list` shows it
        id: Uuid,
    },
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum ScopeName {
    #[value(name = "workspace:read")]
    WorkspaceRead,
    #[value(name = "messages:write")]
    MessagesWrite,
    #[value(name = "billing:read")]
    BillingRead,
    #[value(name = "billing:write")]
    BillingWrite,
}

impl From<ScopeName> for Scope {
    fn from(name: ScopeName) -> Self {
        match name {
            ScopeName::WorkspaceRead => Self::WorkspaceRead,
            ScopeName::MessagesWrite => Self::MessagesWrite,
            ScopeName::BillingRead => Self::BillingRead,
            ScopeName::BillingWrite => Self::BillingWrite,
        }
    }
}

pub(super) async fn run(cx: &Cx, command: Command) -> Result<(), StartError> {
    match command {
        Command::Create { name, scopes, workspace, days } => {
            let scopes = scopes.into_iter().map(Scope::from).collect();
            let new = NewToken { name, scopes, workspace_id: workspace, life: DAY.saturating_mul(days) };
            let (token, _) = api_token::create(cx, new).await?;
            println!("{}", token.reveal());
        }
        Command::List => {
            for token in api_token::list(cx).await? {
                println!("{}", line(&token)?);
            }
        }
        Command::Revoke { id } => {
            let token = api_token::revoke(cx, id).await?;
            println!("{} ({}) is revoked", token.id, token.name);
        }
    }
    Ok(())
}

fn line(token: &Model) -> Result<String, StartError> {
    let spelled = |scope: Scope| <&str>::from(scope).to_ascii_lowercase().replace('_', ":");
    let scopes: Vec<String> = api_token::scopes(token)?.into_iter().map(spelled).collect();
    let state = match (token.revoked_at, token.expires_at) {
        (Some(at), _) => format!("revoked {at}"),
        (None, Some(at)) => format!("until {at}"),
        (None, None) => "without end".to_owned(),
    };
    let workspace = token.workspace_id.map_or_else(|| "all workspaces".to_owned(), |id| id.to_string());
    Ok(format!("{}  {}  {}  {}  {workspace}  {state}", token.id, token.hint, token.name, scopes.join(",")))
}
