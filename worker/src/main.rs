//! The program `nhip-worker`.

use std::process::ExitCode;

fn main() -> ExitCode {
    nhip_worker::cli::main()
}
