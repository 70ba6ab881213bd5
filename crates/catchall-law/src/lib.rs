//! Law as data: packs to provisions, provisions and facts to verdicts, and what is missing to settle them.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod check;
mod claimed;
mod classify;
pub mod commitments;
mod crosswalk;
mod diagnostic;
mod explain;
pub mod facts;
mod language;
mod missing;
mod pack;
mod period;
mod program;
mod state;
mod table;
mod vocabulary;

pub use claimed::claimed_code;
pub use classify::EntryAnswer;
pub use crosswalk::{Carriers, Crosswalk, Neighbour, Relation};
pub use diagnostic::{At, Diagnostic, Severity, Source, nearest};
pub use explain::{Decision, Flip, RuleAnswer, TestRef, WhichTest};
pub use language::{Cond, Shift, Test, TestKind};
pub use missing::{CellAnswer, Deciding, Depth, NODE_CAP, Open};
pub use pack::*;
pub use period::{Holds, Period};
pub use program::{
    Atom, AtomTest, Columns, Program, Reached, Scratch, Sight, Sweep, Tri, exact_text,
};
pub use state::{Claim, Curve, Facts, Reach, Value, ValueError, read_value, read_word};
pub use vocabulary::{Bits, Domain, Fact, FactId, Kind, Vocabulary, Word, WordList, fold_word};

impl Law {
    /// Reads packs.
    ///
    /// # Errors
    /// Everything that is wrong with them, each with its place and what would be right.
    pub fn from_packs(
        files: &[PackFile],
        places: &catchall_model::Places,
    ) -> Result<Law, Vec<Diagnostic>> {
        pack::load(files, places, false)
    }

    /// Reads packs for answering alone: without the cases and samples that show them to be right, which takes a quarter less time.
    ///
    /// # Errors
    /// Everything that is wrong with them, but for cases and samples.
    pub fn to_answer(
        files: &[PackFile],
        places: &catchall_model::Places,
    ) -> Result<Law, Vec<Diagnostic>> {
        pack::load(files, places, true)
    }
}
