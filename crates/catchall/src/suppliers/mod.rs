//! Determinations on suppliers: a reported transfer and the person behind it in, what each law on suppliers says of them out.
//!
//! The law is data and is weighed by the same evaluator as every other (`catchall_assess`); here a row becomes a transfer
//! (`report.rs`) and the answer becomes a document (`document.rs`). One row never touches another: a disputed transfer holds up
//! nobody else's.

mod document;
mod persons;
mod report;

use std::sync::Arc;

use catchall_assess::{AskedFor, AssessError, Assessor, Detail, Digests, Imported, Room};
use catchall_law::Law;
use catchall_model::{Day, Given, Places, Reject};

pub use document::{
    CalendarRow, LawRow, MeasureRow, NotActing, PersonRow, SCHEMA, StatusRow, Supplier,
};
pub use report::Reported;

/// The fact that holds the day on which the question is put.
const DETERMINED: &str = "determination.date";

/// Answers for the laws on suppliers of some packs.
pub struct Suppliers {
    law: Law,
    assessor: Assessor,
    places: Arc<Places>,
    known_by: Day,
    on: Option<Day>,
}

/// Why there is nothing to ask.
#[derive(Debug, thiserror::Error)]
pub enum SuppliersError {
    /// No pack holds such a law.
    #[error(
        "the packs hold no law on suppliers (no `toml sanction` block); give a folder of packs that does"
    )]
    None,
    /// No such law is held.
    #[error("no law on suppliers goes by `{asked}`; the packs hold {held}")]
    NotHeld {
        /// What was asked for.
        asked: String,
        /// What there is.
        held: String,
    },
    /// The law cannot be asked as of that day.
    #[error(transparent)]
    Asked(#[from] AssessError),
}

impl Suppliers {
    /// Takes the laws on suppliers out of the packs, or the one named by its pack. `on` is the day on which the question is put; otherwise the day by which
    /// the packs were recorded.
    ///
    /// # Errors
    /// [`SuppliersError`].
    pub fn new(
        mut law: Law,
        only: Option<&str>,
        places: Arc<Places>,
        on: Option<Day>,
        known_by: Option<Day>,
        digests: &Digests,
    ) -> Result<Suppliers, SuppliersError> {
        if law.sanctions.is_empty() {
            return Err(SuppliersError::None);
        }
        if let Some(only) = only {
            law.keep_suppliers_of(only)
                .map_err(|held| SuppliersError::NotHeld {
                    asked: only.to_owned(),
                    held: held.join(", "),
                })?;
        }
        let asked = AskedFor {
            as_of: None,
            known_by,
        };
        let assessor = Assessor::new(law.on_suppliers(), Imported::default(), asked, digests)?;
        Ok(Suppliers {
            known_by: known_by.or(law.newest_recorded).unwrap_or(Day::MIN),
            law,
            assessor,
            places,
            on,
        })
    }

    /// Determines one reported transfer.
    ///
    /// # Errors
    /// What is wrong with the row; the others go on.
    pub fn determine(&self, reported: &Reported, room: &mut Room) -> Result<Supplier, Vec<Reject>> {
        let mut transfer = reported.transfer.clone();
        let determined = reported.determined.or(self.on).unwrap_or(self.known_by);
        let mut stated = |key: &str, value: Given, why: &str| {
            if !transfer.facts.iter().any(|(own, _)| own == key) {
                transfer.facts.push((key.to_owned(), value));
                transfer
                    .evidence
                    .push((format!("facts.{key}"), why.to_owned()));
            }
        };
        if self.law.vocabulary.fact(DETERMINED).is_some() {
            let day = Given::Text(determined.to_string());
            stated(DETERMINED, day, "the day on which the question is put");
        }
        for fact in &self.law.unstated_no {
            let key = &self.law.vocabulary.get(*fact).key;
            if reported.open.contains(key) {
                continue;
            }
            stated(key, Given::YesNo(false), "not stated, so not made");
        }
        let made = self
            .assessor
            .assess(&transfer, Detail::Full, room)
            .map_err(|errors| {
                errors
                    .into_iter()
                    .map(|error| {
                        reported.reject(&error.path, error.found, error.problem, error.cure)
                    })
                    .collect::<Vec<Reject>>()
            })?;
        Ok(document::document(
            &self.law,
            &self.places,
            reported,
            determined,
            made,
        ))
    }

    /// Reads a file of reported transfers: each row, or what is wrong with it.
    pub fn read(&self, file: &str, bytes: &[u8]) -> Vec<Result<Reported, Vec<Reject>>> {
        report::read(&self.law, &self.places, file, bytes)
    }
}
