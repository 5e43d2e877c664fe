//! The program `nhip-worker`.

use std::process::ExitCode;

use tikv_jemallocator::Jemalloc;

/// Takes less processor time for our many small, short-lived rows than the C library's, and less memory.
#[global_allocator]
static ALLOCATOR: Jemalloc = Jemalloc;

fn main() -> ExitCode {
    nhip_worker::cli::main()
}
