//! The reference interpreter: slow, obvious, and sharing no code with `program/` and `missing/`.
//!
//! [`world`] walks the law's own tree over a complete assignment of facts, with one boolean for what the
//! law itself leaves open. [`partial`] is Kleene over a partial state, for claims ("figures surely meet")
//! and to leave out what is decided. [`domain`] derives representative values of a fact from the questions
//! put to it. [`table`] puts them together: every completion of a state, each with its outcome.
//! [`random`], [`pack_text`], [`states`] and [`real`] make something to ask.
//!
//! A change of meaning in the language is made here by hand, from the page on writing packs, never by
//! looking at what the evaluator answers.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    clippy::manual_contains,
    clippy::if_same_then_else,
    clippy::needless_range_loop,
    clippy::collapsible_match
)]
#![allow(dead_code)] // Several test targets share this tree; none uses all of it.

pub mod answers;
pub mod domain;
pub mod hunt;
pub mod left;
pub mod pack_text;
pub mod partial;
pub mod random;
pub mod real;
pub mod states;
pub mod table;
pub mod transfers;
pub mod world;
