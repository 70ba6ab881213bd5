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

pub mod batch;
pub mod cli;
pub mod commitments;
pub mod explain;
pub mod load;
pub mod suppliers;
