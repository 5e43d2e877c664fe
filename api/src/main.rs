//! The program `nhip`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    nhip_api::cli::main().await
}
