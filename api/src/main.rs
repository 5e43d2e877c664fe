//! The program `nhip`.

use std::process::ExitCode;

fn main() -> ExitCode {
    nhip_api::cli::main()
}
