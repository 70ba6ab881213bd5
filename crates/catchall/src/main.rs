//! Start.

use std::process::ExitCode;

fn main() -> ExitCode {
    catchall::cli::run()
}
