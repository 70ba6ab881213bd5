//! Judge: one record read, told what the ledger knows of the licences it relies on and what accepted statements ask of it, and
//! assessed. For every door alike: the API, its streams and jobs, the desk, cases, and batches of the command line.
//!
//! Whoever assesses something that may be relied on goes this way, so that no door takes a spent licence for cover, or passes over
//! what people have accepted of reports. A replay
//! goes without a keeper: what was told then stands in the recorded transfer. Decides nothing and records nothing.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

use catchall_assess::{Assessor, FieldError, Room};
use catchall_ledger::case::FoldError;
use catchall_ledger::licence::Licence;
use catchall_ledger::policy::{Act, Policy};
use catchall_ledger::{Actor, Ask, Ledger, LedgerError};
use catchall_model::{Day, LicenceHeld, Outcome, Reject, Transfer};
use serde_json::Value;

use crate::batch::{Decoder, Raw, RawRecord, refused};
use crate::evidence::{self, flags};
use crate::{board, given};

/// Entries that are looked at in one go.
const PAGE: usize = 5_000;

/// What the ledger holds under the id of a licence.
#[derive(Clone, Debug)]
enum Kept {
    Whole(Arc<Licence>),
    /// Why its entries make no licence: they were erased, or a later release wrote them.
    Broken(String),
}

/// Licences as the ledger has them, folded once and brought up to date from it when somebody asks.
#[derive(Debug, Default)]
pub struct Shelf {
    held: RwLock<Held>,
}

#[derive(Clone, Debug, Default)]
struct Held {
    seen: u64,
    by_id: Arc<BTreeMap<String, Kept>>,
}

impl Shelf {
    /// The licences as of now.
    fn now(&self, ledger: &Ledger) -> Result<Arc<BTreeMap<String, Kept>>, LedgerError> {
        let head = ledger.head()?.map_or(0, |head| head.number);
        {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            if held.seen == head {
                return Ok(held.by_id.clone());
            }
        }
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        if held.seen < head {
            held.bring_up(ledger, head)?;
        }
        Ok(held.by_id.clone())
    }
}

impl Held {
    fn bring_up(&mut self, ledger: &Ledger, head: u64) -> Result<(), LedgerError> {
        let mut touched = std::collections::BTreeSet::new();
        let mut after = self.seen;
        loop {
            let page = ledger.entries(&Ask::all().kind("licence.").after(after).limit(PAGE))?;
            touched.extend(
                page.iter()
                    .filter_map(|entry| entry.stream.strip_prefix("licence/").map(str::to_owned)),
            );
            match page.last() {
                Some(last) if page.len() == PAGE => after = last.number,
                _ => break,
            }
        }
        if !touched.is_empty() {
            let by_id = Arc::make_mut(&mut self.by_id);
            for id in touched {
                let kept = match folded(ledger, &id)? {
                    Ok(Some(licence)) => Kept::Whole(Arc::new(licence)),
                    Ok(None) => continue,
                    Err(error) => Kept::Broken(error.to_string()),
                };
                by_id.insert(id, kept);
            }
        }
        self.seen = head;
        Ok(())
    }
}

fn folded(ledger: &Ledger, id: &str) -> Result<Result<Option<Licence>, FoldError>, LedgerError> {
    Ok(Licence::of(&board::whole(ledger, &Licence::stream(id))?))
}

/// What accepted statements ask of transfers.
#[derive(Clone, Copy)]
pub struct Reports<'a> {
    /// The statements.
    pub shelf: &'a crate::evidence::Shelf,
    /// What a question needs.
    pub rules: &'a crate::evidence::Rules,
    /// For transfers without a day.
    pub today: Day,
}

/// Who keeps the licences and the reports, for one asker.
#[derive(Clone, Copy)]
pub struct Keeper<'a> {
    /// The licences.
    pub shelf: &'a Shelf,
    /// The reports; none where it is known that nothing is accepted.
    pub reports: Option<Reports<'a>>,
    /// Where both stand.
    pub ledger: &'a Ledger,
    /// Who asks, and by which policy; none where the asker holds the ledger itself, and so may read all of it.
    pub asker: Option<(&'a Actor, &'a Policy)>,
}

impl Keeper<'_> {
    /// Tells a transfer what the ledger knows that bears on it: the questions that accepted statements raise, and how its licences
    /// stand. Gives whether anything was told.
    ///
    /// # Errors
    /// What the ledger says: then nobody can say what bears on it, and the transfer must not be assessed.
    pub fn tell(&self, transfer: &mut Transfer, as_of: Option<Day>) -> Result<bool, LedgerError> {
        let asked = match self.reports {
            None => false,
            Some(Reports {
                shelf,
                rules,
                today,
            }) => {
                let held = shelf.held(self.ledger)?;
                let on = as_of.or(transfer.date).unwrap_or(today);
                flags::tell(&held, transfer, rules, evidence::acts::date(on))
            }
        };
        Ok(self.tell_licences(transfer, as_of)? || asked)
    }

    /// Tells a transfer what the ledger knows of the licences that it relies on, by their id or by the paper they were registered
    /// from: authority and end where the transfer leaves them out, and why they do not cover it. A licence that the ledger does
    /// not know stays as stated.
    fn tell_licences(
        &self,
        transfer: &mut Transfer,
        as_of: Option<Day>,
    ) -> Result<bool, LedgerError> {
        if transfer.licences.is_empty() {
            return Ok(false);
        }
        let known = self.shelf.now(self.ledger)?;
        let on = as_of.or(transfer.date);
        let mut told = transfer.licences.clone();
        let mut any = false;
        for held in &mut told {
            any |= self.tell_one(&known, held, transfer, on);
        }
        transfer.licences = told;
        Ok(any)
    }

    fn tell_one(
        &self,
        known: &BTreeMap<String, Kept>,
        held: &mut LicenceHeld,
        transfer: &Transfer,
        on: Option<Day>,
    ) -> bool {
        let Some(name) = &held.id else {
            return false;
        };
        let found = named(known, name);
        let (id, kept) = match found.as_slice() {
            [] => return false,
            [one] => *one,
            several => {
                let ids: Vec<&str> = several.iter().map(|(id, _)| *id).collect();
                held.against = vec![format!(
                    "the ledger knows several licences of this name ({}); write the id of one",
                    ids.join(", ")
                )];
                return true;
            }
        };
        let licence = match kept {
            Kept::Whole(licence) => licence,
            Kept::Broken(why) => {
                held.against = vec![format!("what the ledger holds of it cannot be read: {why}")];
                return true;
            }
        };
        if !self.open_to_asker(licence) {
            held.against = vec![format!(
                "{id} belongs to another team, which must assess what relies on it"
            )];
            return true;
        }
        held.against = licence.against_transfer(transfer, on);
        held.authority
            .get_or_insert_with(|| licence.terms.authority.clone());
        held.expires = held.expires.or(licence.terms.until);
        true
    }

    /// Whether the asker may learn what is left of a licence: it is their team's or nobody's, or they may read it anyhow.
    fn open_to_asker(&self, licence: &Licence) -> bool {
        let Some((asker, policy)) = self.asker else {
            return true;
        };
        let place = licence.place();
        place.team.is_none()
            || place.team == asker.team.as_deref()
            || Act::find("licence.read").is_some_and(|act| policy.may(asker, act, place).is_ok())
    }
}

/// The licences that a name stands for: the one of that very id; else those of that id but for case; else those of that paper.
fn named<'k>(known: &'k BTreeMap<String, Kept>, name: &str) -> Vec<(&'k str, &'k Kept)> {
    let name = name.trim();
    if let Some((id, kept)) = known.get_key_value(name) {
        return vec![(id, kept)];
    }
    let same = |other: &str| other.trim().to_lowercase() == name.to_lowercase();
    let all = || known.iter().map(|(id, kept)| (id.as_str(), kept));
    let by_id: Vec<_> = all().filter(|(id, _)| same(id)).collect();
    if !by_id.is_empty() {
        return by_id;
    }
    let of_paper = |kept: &Kept| match kept {
        Kept::Whole(licence) => licence.terms.paper.as_deref().is_some_and(same),
        Kept::Broken(_) => false,
    };
    all().filter(|(_, kept)| of_paper(kept)).collect()
}

/// Why a record has no answer.
#[derive(Debug)]
pub enum Unfit {
    /// It cannot be taken: one reject for each fault.
    Rejects(Vec<Reject>),
    /// The ledger cannot be asked what bears on it.
    Ledger(LedgerError),
}

impl Unfit {
    /// As rejects of the record: for lists and batches, in which the others go on.
    pub fn rejects(self, decoder: &Decoder, raw: &Raw) -> Vec<Reject> {
        match self {
            Unfit::Rejects(rejects) => rejects,
            Unfit::Ledger(error) => vec![refused(decoder, raw, "", unasked(&error))],
        }
    }
}

impl std::fmt::Display for Unfit {
    fn fmt(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Unfit::Rejects(rejects) => {
                for (place, reject) in rejects.iter().enumerate() {
                    let between = if place == 0 { "" } else { "; " };
                    let field = reject.column.as_deref().unwrap_or("it");
                    write!(to, "{between}{field}: {}; {}", reject.problem, reject.cure)?;
                }
                Ok(())
            }
            Unfit::Ledger(error) => write!(
                to,
                "the ledger cannot say what bears on it, licences and accepted statements: {error}"
            ),
        }
    }
}

/// That the ledger could not be asked, as a fault of the field.
pub fn unasked(error: &LedgerError) -> FieldError {
    FieldError {
        path: "licences".to_owned(),
        found: String::new(),
        problem: format!("the ledger cannot say what bears on this: {error}"),
        cure: "ask again when the ledger can be read".to_owned(),
    }
}

/// What came of one record.
pub struct Judged {
    /// The transfer, told what the ledger knows.
    pub transfer: Transfer,
    /// Whether the ledger told it anything, so that what was sent is not what was assessed.
    pub told: bool,
    /// The overall answer.
    pub outcome: Outcome,
    /// The document, to the byte.
    pub document: String,
}

/// The question, but for the transfer.
#[derive(Clone, Copy)]
pub struct Judge<'a> {
    /// Law and lists.
    pub assessor: &'a Assessor,
    /// Reads records.
    pub decoder: &'a Decoder,
    /// The day asked about, where it is not each transfer's own.
    pub as_of: Option<Day>,
    /// Who keeps the licences and the reports; none for a replay.
    pub keeper: Option<Keeper<'a>>,
}

impl Judge<'_> {
    /// Reads and assesses one record; `id` stands in for the transfer's own.
    ///
    /// # Errors
    /// Why it has no answer.
    pub fn record(&self, raw: &Raw, id: Option<&str>, room: &mut Room) -> Result<Judged, Unfit> {
        let mut transfer = self.decoder.decode(raw).map_err(Unfit::Rejects)?;
        if let Some(id) = id {
            transfer.id = id.to_owned();
        }
        let told = match &self.keeper {
            None => false,
            Some(keeper) => keeper
                .tell(&mut transfer, self.as_of)
                .map_err(Unfit::Ledger)?,
        };
        let made = self.assessor.assess_to_json(&transfer, room);
        let (outcome, document) = made.map_err(|errors| {
            let reject = |error| refused(self.decoder, raw, &transfer.id, error);
            Unfit::Rejects(errors.into_iter().map(reject).collect())
        })?;
        Ok(Judged {
            transfer,
            told,
            outcome,
            document,
        })
    }

    /// Assesses a transfer in JSON. What the ledger told is put into it, so that a replay finds the same answer.
    ///
    /// # Errors
    /// As [`Judge::record`].
    pub fn json(&self, transfer: &mut Value, room: &mut Room) -> Result<String, Unfit> {
        let raw = Raw {
            row: 1,
            line: None,
            record: RawRecord::Json(transfer.to_string().into_bytes()),
        };
        let judged = self.record(&raw, None, room)?;
        if judged.told {
            *transfer = given::to_json(&judged.transfer);
        }
        Ok(judged.document)
    }
}
