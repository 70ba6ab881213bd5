//! Start.

use std::process::ExitCode;

/// Rows are many small texts; this allocator hands them out faster than the system's.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    catchall::cli::run()
}
