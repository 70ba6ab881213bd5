//! Importers of lists: against small samples, which are always there, against whole published files, where those are at
//! hand, and against what is broken.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

mod broken;
mod door;
mod history;
mod samples;
mod whole;
