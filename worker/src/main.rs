//! The program `nhip-worker`.

use std::process::ExitCode;

#[tokio::main]
async fn main() -> ExitCode {
    nhip_worker::cli::main().await
}
