//! Licensing: what the roof does with licences, for page, API and command line alike.
//!
//! The engine checks every rule (`catchall_ledger::licence`); here are only the steps: read the stream, ask the engine for
//! drafts, append them behind what was seen, and ask again when somebody was faster. Nothing is decided here, and no clock
//! is read: the time is handed in with [`Work`].

use std::collections::BTreeSet;

use catchall_ledger::case::command::Office;
use catchall_ledger::case::{Case, FoldError};
use catchall_ledger::licence::Licence;
use catchall_ledger::licence::command::{Done, LicenceRefused, Movement};
use catchall_ledger::licence::cover::{Against, Take, Wanted, plan};
use catchall_ledger::licence::event::Terms;
use catchall_ledger::{Ask, Ledger, LedgerError};
use catchall_model::Day;

use crate::board;
use crate::casework::Work;

/// How often a movement is asked again when others are faster, before it is given up.
const TRIES: usize = 200;

/// Why something was not done.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is no such licence.
    #[error("there is no licence `{0}`")]
    NoLicence(String),
    /// The id is taken.
    #[error("there is a licence `{0}` already; give another id")]
    Taken(String),
    /// The engine says no. What the refusal leaves in the ledger is recorded.
    #[error(transparent)]
    Refused(#[from] LicenceRefused),
    /// No licence covers the movement.
    #[error("no licence covers this: {}", against(.0))]
    NotCovered(Against),
    /// Others were faster all the time.
    #[error("others act on licence {0} all the time; try again")]
    Crowded(String),
    /// The entries make no licence, or no case.
    #[error(transparent)]
    Fold(#[from] FoldError),
    /// What the ledger says.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

fn against(all: &Against) -> String {
    if all.is_empty() {
        return "the ledger knows none".to_owned();
    }
    let each = all
        .iter()
        .map(|(licence, reasons)| format!("{licence}: {}", reasons.join(", ")));
    each.collect::<Vec<_>>().join("; ")
}

/// Every licence that the ledger knows, by id.
///
/// # Errors
/// What the ledger says. Licences that cannot be folded (erased, of a later release) are told by their ids.
pub fn all(ledger: &Ledger) -> Result<(Vec<Licence>, Vec<(String, FoldError)>), LedgerError> {
    let mut ids = BTreeSet::new();
    let mut after = 0;
    loop {
        let page = ledger.entries(
            &Ask::all()
                .kind("licence.issued")
                .after(after)
                .limit(Ask::MOST),
        )?;
        let Some(last) = page.last() else { break };
        after = last.number;
        ids.extend(
            page.iter()
                .filter_map(|entry| entry.stream.strip_prefix("licence/").map(str::to_owned)),
        );
    }
    let (mut found, mut broken) = (Vec::new(), Vec::new());
    for id in ids {
        match Licence::of(&board::whole(ledger, &Licence::stream(&id))?) {
            Ok(Some(licence)) => found.push(licence),
            Ok(None) => {}
            Err(error) => broken.push((id, error)),
        }
    }
    Ok((found, broken))
}

/// One licence.
///
/// # Errors
/// When there is none, or its entries cannot be read.
pub fn one(ledger: &Ledger, id: &str) -> Result<Licence, Trouble> {
    let entries = board::whole(ledger, &Licence::stream(id))?;
    Licence::of(&entries)?.ok_or_else(|| Trouble::NoLicence(id.to_owned()))
}

/// The steps over one ledger.
#[derive(Clone, Copy)]
pub struct Licensing<'a>(pub Work<'a>);

impl Licensing<'_> {
    fn office(&self) -> Office<'_> {
        Office {
            policy: self.0.policy,
            calendar: self.0.calendar,
            actor: self.0.actor,
            at: self.0.at,
        }
    }

    /// Issues a licence under this id; under the next one of the year when it is left out. Gives the id.
    ///
    /// # Errors
    /// When the engine says no, or the id is taken.
    pub fn issue(&self, id: Option<&str>, terms: &Terms) -> Result<String, Trouble> {
        let case = match &terms.case {
            None => None,
            Some(case) => Case::of(&board::whole(self.0.ledger, &Case::stream(case))?)?,
        };
        let mut number = match id {
            Some(_) => 0,
            None => self.next_number()?,
        };
        loop {
            let own = match id {
                Some(id) => id.to_owned(),
                None => format!("L-{}-{number:04}", self.year()),
            };
            let done = self.office().issue(&own, terms.clone(), case.as_ref())?;
            match self
                .0
                .ledger
                .append_after(&Licence::stream(&own), 0, done.drafts)
            {
                Ok(_) => return Ok(own),
                Err(LedgerError::Moved { .. }) if id.is_some() => return Err(Trouble::Taken(own)),
                // Another process took the number.
                Err(LedgerError::Moved { .. }) => number += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn year(&self) -> String {
        let day = Day::from_number(self.0.at.as_millisecond().div_euclid(86_400_000));
        day.to_string().get(..4).unwrap_or("0000").to_owned()
    }

    /// One more than the greatest of the newest licences of this year.
    fn next_number(&self) -> Result<u64, Trouble> {
        let newest = self
            .0
            .ledger
            .entries(&Ask::all().kind("licence.issued").newest_first().limit(20))?;
        let own = format!("licence/L-{}-", self.year());
        let numbers = newest
            .iter()
            .filter_map(|entry| entry.stream.strip_prefix(&own)?.parse::<u64>().ok());
        Ok(numbers.max().unwrap_or(0) + 1)
    }

    /// Does something with a licence. Whoever is slower is checked anew against what the faster left.
    ///
    /// # Errors
    /// When the engine says no; the entry that tells of it is recorded.
    pub fn act(&self, id: &str, movement: &Movement) -> Result<Done, Trouble> {
        for _ in 0..TRIES {
            let licence = one(self.0.ledger, id)?;
            let answer = self.office().licence(&licence, movement.clone());
            let drafts = match &answer {
                Ok(done) => done.drafts.clone(),
                Err(stopped) => stopped.record.clone(),
            };
            if drafts.is_empty() {
                return answer.map_err(|stopped| stopped.why.into());
            }
            match self
                .0
                .ledger
                .append_after(&Licence::stream(id), licence.seen, drafts)
            {
                Ok(_) => return answer.map_err(|stopped| stopped.why.into()),
                Err(LedgerError::Moved { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Err(Trouble::Crowded(id.to_owned()))
    }

    /// Reserves of whichever licence covers the movement: the first that covers all of it, else of several in turn. When
    /// one of several cannot be reserved after all, what was reserved is released, and the plan is made anew.
    ///
    /// # Errors
    /// Why none covers it.
    pub fn reserve_of_any(&self, reservation: &str, wanted: &Wanted) -> Result<Vec<Take>, Trouble> {
        for _ in 0..TRIES {
            let (licences, _) = all(self.0.ledger)?;
            let known: Vec<&Licence> = licences.iter().collect();
            let takes = plan(&known, wanted, true).map_err(Trouble::NotCovered)?;
            if self.reserve_all(reservation, wanted, &takes)? {
                return Ok(takes);
            }
        }
        Err(Trouble::Crowded(reservation.to_owned()))
    }

    /// Whether all takes could be reserved; none is when one could not.
    fn reserve_all(
        &self,
        reservation: &str,
        wanted: &Wanted,
        takes: &[Take],
    ) -> Result<bool, Trouble> {
        for (place, take) in takes.iter().enumerate() {
            let movement = Movement::Reserve {
                reservation: reservation.to_owned(),
                line: take.line,
                amounts: take.amounts,
                purpose: wanted.purpose.clone(),
            };
            match self.act(&take.licence, &movement) {
                Ok(_) => {}
                Err(Trouble::Refused(LicenceRefused::Short { .. })) => {
                    for done in takes.iter().take(place) {
                        let release = Movement::Release {
                            reservation: reservation.to_owned(),
                            amounts: Default::default(),
                            why: format!(
                                "licence {} had too little left for the rest",
                                take.licence
                            ),
                        };
                        self.act(&done.licence, &release)?;
                    }
                    return Ok(false);
                }
                Err(other) => return Err(other),
            }
        }
        Ok(true)
    }
}
