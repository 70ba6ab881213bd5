//! The beam: one transfer in, one determination out. Pure: same input, same bytes.
//!
//! [`Assessor::assess`] fills the facts of each line from the transfer (`gather/`), evaluates the law,
//! completes what is open, and puts words to it (`conclude/`). It knows no file, clock or network.

#![cfg_attr(test, allow(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

mod classify;
mod conclude;
mod document;
mod gather;
mod otherwise;
mod ownership;
mod remember;
mod screening;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};

use catchall_law::{Crosswalk, Decision, Law, Open, Program, Reached, Scratch, Sight};
use catchall_model::{Asked, Basis, Day, Determination, Effect, Hit, Outcome, Party, Transfer};

pub use gather::FieldError;
use remember::Remembered;
pub use screening::{AnswerFault, Held, Imported, answer_document, hit_document, question_of};
use screening::{ScreenRoom, Screening};

/// How much to say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// The outcome, each jurisdiction's, what decides and what is missing.
    Brief,
    /// Everything of the contract: findings with reasons, deciding sets, what is near, what would change it.
    Full,
}

/// Digests that the roof hands in, for the basis of every determination.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Digests {
    /// Of the list of places.
    pub names: String,
    /// Of the program.
    pub program: String,
}

/// The dates asked about, where the caller chose them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AskedFor {
    /// The law as it stood on this day, instead of the transfer's own date.
    pub as_of: Option<Day>,
    /// As recorded by this day, instead of everything recorded.
    pub known_by: Option<Day>,
}

/// Why the law cannot be asked at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssessError {
    /// Nothing had been recorded by that day.
    #[error("nothing was recorded by {asked}; the packs begin on {first}, so ask with a later day")]
    BeforeRecords {
        /// The day asked.
        asked: Day,
        /// The first day on which something was recorded.
        first: Day,
    },
    /// The packs hold nothing.
    #[error("the packs hold no provision; give a folder of packs that does")]
    NoLaw,
}

/// Assesses transfers against one state of the law. A copy shares what was compiled.
#[derive(Clone)]
pub struct Assessor {
    law: Arc<Law>,
    program: Arc<Program>,
    asked: AskedFor,
    known_by: Day,
    basis: Basis,
    known: Arc<gather::Known>,
    screening: Arc<Screening>,
    sight: Arc<Sight>,
    /// Made when something is classified for the first time.
    words: Arc<OnceLock<classify::Words>>,
    /// Provisions by id.
    by_id: Arc<HashMap<String, usize>>,
    /// What stands behind the body of every document.
    end: Arc<str>,
    /// Tells assessors apart, so that a room never remembers another's answers.
    number: u64,
}

/// The most questions into which the lines, recipients and end users of one transfer are taken apart.
const MOST_ASKED: usize = 1_000;

/// How many assessors there have been.
static ASSESSORS: AtomicU64 = AtomicU64::new(1);

/// Room to work in: one a thread, kept from transfer to transfer.
#[derive(Default)]
pub struct Room {
    scratch: Scratch,
    decision: Decision,
    /// The assessor whose answers are remembered here.
    of: u64,
    key: Vec<u64>,
    brief: Remembered<Arc<conclude::LineAnswer>, 4_096>,
    open: Remembered<Arc<Open>, 4_096>,
    stands: Remembered<(Effect, Effect), 16_384>,
    reached: Vec<Reached>,
    /// Documents without their heads and ends, some 14 KB each.
    bodies: Remembered<(Outcome, Arc<str>), 1_024>,
    screening: ScreenRoom,
}

impl Assessor {
    /// Compiles the packs as recorded by the day asked for, and takes the lists of parties that the roof hands in.
    ///
    /// # Errors
    /// When nothing was recorded by then: an answer from no law would permit everything.
    pub fn new(
        mut law: Law,
        imported: Imported,
        asked: AskedFor,
        digests: &Digests,
    ) -> Result<Assessor, AssessError> {
        let (Some(first), Some(newest)) = (law.oldest_recorded, law.newest_recorded) else {
            return Err(AssessError::NoLaw);
        };
        // Without a day of its own the question is asked of everything recorded, so that no clock enters.
        let known_by = asked.known_by.unwrap_or(newest);
        if known_by < first {
            return Err(AssessError::BeforeRecords {
                asked: known_by,
                first,
            });
        }
        let held: Vec<&str> = imported
            .held
            .iter()
            .map(|held| held.list.as_str())
            .collect();
        law.keep_imported(&held);
        let program = Program::compile(&law, known_by);
        let known = gather::Known::of(&law);
        let sight = Sight::of(&program);
        let ids = law.provisions.iter().enumerate();
        let by_id = ids
            .map(|(place, provision)| (provision.id.clone(), place))
            .collect();
        let basis = Basis {
            packs: law.digest.clone(),
            lists: known.digest(&law, &imported),
            names: digests.names.clone(),
            program: digests.program.clone(),
        };
        Ok(Assessor {
            program: Arc::new(program),
            asked,
            known_by,
            known: Arc::new(known),
            screening: Arc::new(Screening::of(&law, imported)),
            sight: Arc::new(sight),
            words: Arc::default(),
            by_id: Arc::new(by_id),
            end: document::end(&basis).into(),
            basis,
            number: ASSESSORS.fetch_add(1, Ordering::Relaxed),
            law: Arc::new(law),
        })
    }

    /// The same law and lists, asked as they stood on another day; `None` asks each transfer's own date. Costs next to
    /// nothing: what was compiled is shared.
    pub fn as_of(&self, day: Option<Day>) -> Assessor {
        Assessor {
            asked: AskedFor {
                as_of: day,
                ..self.asked
            },
            number: ASSESSORS.fetch_add(1, Ordering::Relaxed),
            ..self.clone()
        }
    }

    /// The same law as it was recorded by another day; compiles it again.
    ///
    /// # Errors
    /// When nothing had been recorded by then.
    pub fn recorded_by(&self, day: Day) -> Result<Assessor, AssessError> {
        let first = self.law.oldest_recorded.ok_or(AssessError::NoLaw)?;
        if day < first {
            return Err(AssessError::BeforeRecords { asked: day, first });
        }
        let program = Program::compile(&self.law, day);
        Ok(Assessor {
            sight: Arc::new(Sight::of(&program)),
            program: Arc::new(program),
            asked: AskedFor {
                known_by: Some(day),
                ..self.asked
            },
            known_by: day,
            number: ASSESSORS.fetch_add(1, Ordering::Relaxed),
            ..self.clone()
        })
    }

    /// The day by which everything that is answered from was recorded.
    pub fn known_by(&self) -> Day {
        self.known_by
    }

    /// What every answer rests on.
    pub fn basis(&self) -> &Basis {
        &self.basis
    }

    /// The law it rests on.
    pub fn law(&self) -> &Law {
        &self.law
    }

    /// The numbers of its lists, side by side.
    pub fn crosswalk(&self) -> &Crosswalk {
        self.known.crosswalk(&self.law)
    }

    /// Judges one transfer.
    ///
    /// # Errors
    /// Every value that is none of its fact's, by field path; the transfer is then not judged at all.
    pub fn assess(
        &self,
        transfer: &Transfer,
        detail: Detail,
        room: &mut Room,
    ) -> Result<Determination, Vec<FieldError>> {
        let mut lines = self.gather(transfer, room)?;
        let mut made = conclude::conclude(self, transfer, &mut lines, detail, room);
        if detail == Detail::Full {
            made.id = document::sign(&made);
        }
        Ok(made)
    }

    /// Judges one transfer and writes the document of the contract, byte for byte what [`Assessor::assess`] gives as
    /// JSON in full detail. Transfers with the same facts share its text, which is why it is faster.
    ///
    /// # Errors
    /// As [`Assessor::assess`].
    pub fn assess_to_json(
        &self,
        transfer: &Transfer,
        room: &mut Room,
    ) -> Result<(Outcome, String), Vec<FieldError>> {
        let mut lines = self.gather(transfer, room)?;
        Ok(document::document(self, transfer, &mut lines, room))
    }

    /// Screens one party by itself, on a day, against the lists in the packs and the imported ones: at most so many hits, best
    /// first, each with what a person has said of it; `key` is the caller's own for the party. No hit means that nothing
    /// passed the review band, not that the party is cleared.
    pub fn screen(&self, party: &Party, key: &str, on: Day, room: &mut Room) -> Vec<Hit> {
        self.enter(room);
        let met = self
            .screening
            .answered(&self.law, (party, key), on, &mut room.screening);
        met.hits.clone()
    }

    /// Takes a person's answer to a hit of a party: `listing` is `LIST/KEY`, or the list and the listing's name. It is given
    /// back to be kept, and counts from the next assessor on.
    ///
    /// # Errors
    /// [`AnswerFault`] when the party has no such hit, or the answer is wanting.
    pub fn answer(
        &self,
        party: &Party,
        on: Day,
        listing: &str,
        given: &catchall_screen::Given<'_>,
        room: &mut Room,
    ) -> Result<catchall_screen::Answer, AnswerFault> {
        self.enter(room);
        let room = &mut room.screening;
        self.screening
            .answer(&self.law, party, on, listing, given, room)
    }

    /// The imported lists, and what is wrong with them.
    pub fn lists(&self) -> (&[Held], &[String]) {
        let imported = &self.screening.imported;
        (&imported.held, &imported.problems)
    }

    /// Every imported listing, read out of the index, in its order; those that have left a list stay, with their days.
    pub fn listings(&self) -> Vec<catchall_screen::Listing> {
        self.screening.listings(&self.law)
    }

    /// Forgets what another assessor left in a room.
    fn enter(&self, room: &mut Room) {
        if room.of != self.number {
            room.of = self.number;
            room.brief.clear();
            room.open.clear();
            room.stands.clear();
            room.bodies.clear();
            room.screening.clear();
        }
    }

    /// The dates that a transfer is asked about.
    fn asked_of(&self, transfer: &Transfer) -> Asked {
        Asked {
            as_of: self.asked.as_of.or(transfer.date),
            known_by: self.known_by,
        }
    }

    fn provision(&self, id: &str) -> Option<&catchall_law::Provision> {
        self.by_id
            .get(id)
            .and_then(|place| self.law.provisions.get(*place))
    }

    /// The facts of each line, of each person to whom it is released, and of each end user.
    fn gather(
        &self,
        transfer: &Transfer,
        room: &mut Room,
    ) -> Result<Vec<gather::Gathered>, Vec<FieldError>> {
        self.enter(room);
        let mut lines = Vec::with_capacity(transfer.lines.len().max(1));
        let mut errors = Vec::new();
        let empty = catchall_model::Line::default();
        let all = if transfer.lines.is_empty() {
            std::slice::from_ref(&empty)
        } else {
            &transfer.lines
        };
        let mut people: Vec<_> = gather::recipients(transfer).into_iter().map(Some).collect();
        if people.is_empty() {
            people.push(None);
        }
        let mut users: Vec<_> = gather::end_users(transfer).into_iter().map(Some).collect();
        // Beyond so many questions all end users are one, of whom it is open which counts.
        if users.is_empty() || all.len() * people.len() * users.len() > MOST_ASKED {
            users = vec![None];
        }
        let each = all.iter().enumerate();
        let each = each.flat_map(|line| people.iter().map(move |person| (line, *person)));
        let each = each.flat_map(|both| users.iter().map(move |user| (both, *user)));
        for (((place, line), recipient), end_user) in each {
            let asked = gather::Asked {
                line,
                place,
                recipient,
                end_user,
            };
            let screening = Some((&*self.screening, &mut room.screening));
            let as_of = self.asked.as_of;
            match gather::gather(&self.law, &self.known, screening, transfer, &asked, as_of) {
                Ok(gathered) => lines.push(gathered),
                Err(found) => errors.extend(found),
            }
        }
        if errors.is_empty() {
            otherwise::flag_other_days(self, transfer, &mut lines, room);
            return Ok(lines);
        }
        // What is wrong with the whole transfer is found with every line of it, and told once.
        let mut told: Vec<FieldError> = Vec::with_capacity(errors.len());
        for error in errors {
            if !told.contains(&error) {
                told.push(error);
            }
        }
        Err(told)
    }
}
