//! The command line.

mod secret;
mod token;

use std::process::ExitCode;

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};
use nhip_domain::{
    Cx, ledger,
    user::{login_link, reset_password},
};
use nhip_worker::{
    config::{self, Config},
    logging,
    open::{self, StartError},
};
use tokio::runtime::Runtime;

use crate::{graphql, http::reference, serve};

/// Webhook calls in, WhatsApp messages out, one beat at a time.
#[derive(Debug, Parser)]
#[command(name = "nhip", version, arg_required_else_help = true)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve the webhook and the admin API, and send
    Serve {
        /// Leave the sending to `nhip-worker`
        #[arg(long)]
        no_worker: bool,
        /// Make a workspace to try everything with, and print how
        #[arg(long)]
        demo: bool,
        /// Bring a database server's schema up to date first
        #[arg(long)]
        migrate: bool,
    },
    /// Bring the database's schema up to date
    Migrate,
    /// Print the GraphQL schema
    Schema,
    /// Print what programs need to call the webhook (`openapi.json`)
    Openapi,
    /// API tokens: make, list, revoke
    #[command(subcommand)]
    Token(token::Command),
    /// People
    #[command(subcommand)]
    User(UserCommand),
    /// The installation's secret key
    #[command(subcommand)]
    Secret(SecretCommand),
    /// Prove that the ledger adds up; exits non-zero if it does not
    Audit,
}

#[derive(Debug, Subcommand)]
enum UserCommand {
    /// Print a one-time link that logs a person in
    LoginLink {
        /// Whose
        email: String,
    },
    /// Print a one-time link to choose a new password by, which ends their sessions
    PasswordLink {
        /// Whose
        email: String,
    },
}

#[derive(Debug, Subcommand)]
enum SecretCommand {
    /// Seal everything by a new key; nobody is logged out
    Rotate,
}

/// Runs what the command line says. (Not `async`: the program would be compiled once more where it is awaited.)
#[must_use]
pub fn main() -> ExitCode {
    match Runtime::new() {
        Ok(runtime) => runtime.block_on(obey()),
        Err(err) => {
            eprintln!("nhip: no threads can be started: {err}");
            ExitCode::FAILURE
        }
    }
}

async fn obey() -> ExitCode {
    let matches = Cli::command().after_long_help(config::help()).after_help(config::help()).get_matches();
    let outcome = match Cli::from_arg_matches(&matches) {
        Ok(cli) => run(cli.command).await,
        Err(err) => err.exit(),
    };
    match outcome {
        Ok(code) => code,
        Err(err) => {
            eprintln!("nhip: {err}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode, StartError> {
    if let Command::Schema = command {
        print!("{}", graphql::sdl());
        return Ok(ExitCode::SUCCESS);
    }
    let config = Config::load()?;
    let _traces = logging::start(&config, "nhip")?;
    match command {
        Command::Serve { no_worker, demo, migrate } => {
            serve::serve(&config, serve::Options { no_worker, demo, migrate }).await?;
        }
        Command::Migrate => open::migrate(&config).await?,
        Command::Schema => {}
        Command::Openapi => {
            let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{}", config.listen));
            println!("{:#}", reference::document(&public_url));
        }
        Command::Token(command) => token::run(&open::for_command(&config).await?, command).await?,
        Command::User(command) => user(&open::for_command(&config).await?, command).await?,
        Command::Secret(SecretCommand::Rotate) => secret::rotate(&config).await?,
        Command::Audit => return audit(&config).await,
    }
    Ok(ExitCode::SUCCESS)
}

async fn user(cx: &Cx, command: UserCommand) -> Result<(), StartError> {
    match command {
        UserCommand::LoginLink { email } => {
            let link = login_link::make(cx, &email, login_link::LIFE).await?;
            println!("{}/login?link={}", cx.settings.public_url, link.reveal());
        }
        UserCommand::PasswordLink { email } => {
            let link = reset_password::make(cx, &email).await?;
            println!("{}", reset_password::url(&cx.settings, &link));
        }
    }
    Ok(())
}

async fn audit(config: &Config) -> Result<ExitCode, StartError> {
    let findings = ledger::audit(&open::for_command(config).await?).await?;
    println!("{} entries and {} messages looked at", findings.entries, findings.messages);
    for breach in &findings.breaches {
        println!("{breach}");
    }
    if findings.breaches.is_empty() {
        println!("the ledger adds up");
        return Ok(ExitCode::SUCCESS);
    }
    Ok(ExitCode::FAILURE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
