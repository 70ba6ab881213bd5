//! Law.
pub mod facts;
