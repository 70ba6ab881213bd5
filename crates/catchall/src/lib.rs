//! The roof: command line, batches, output. Everything outside comes in and goes out here; nothing is decided here.

#![cfg_attr(
    test,
    allow(
        clippy::unwrap_used,
        clippy::expect_used,
        clippy::panic,
        clippy::indexing_slicing
    )
)]
// Lines are said by `talk`: `println!` and `eprintln!` panic where nobody hears them.
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod access;
mod address;
mod answers;
pub mod app;
pub mod batch;
pub mod board;
pub mod bundle;
pub mod casework;
pub mod cli;
pub mod commitments;
pub mod desk;
mod diagnostics;
pub mod evidence;
pub mod explain;
pub mod given;
pub mod hooks;
pub mod http;
mod index_file;
pub mod jobs;
pub mod judge;
pub mod lawbook;
pub mod licensing;
pub mod load;
pub mod oidc;
pub mod orders;
pub mod outbound;
mod paper;
pub mod publishing;
pub mod record;
pub mod signing;
pub mod suppliers;
mod talk;
