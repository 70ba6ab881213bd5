//! Shelf: reports and their statements, folded from the ledger and kept up to date from it; and what of them is accepted, as readings
//! that the graph of evidence can be asked.
//!
//! The ledger is the truth, the shelf its shadow: it is asked for the entries behind the last one seen, so several processes over one
//! store agree. Knows no page and no right.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, OnceLock, PoisonError, RwLock};
use std::time::{Duration, Instant};

use catchall_ledger::statement::event::{RelationKind, Told};
use catchall_ledger::statement::{KINDS, REPORT_READ, Report, Standing, Statement};
use catchall_ledger::{Ask, Entry, Ledger, LedgerError};
use catchall_model::Day;
use catchall_report::Reading;
use catchall_report::graph::{interval, key};
use catchall_report::reading::{self, Party, Publication, Span, Speaker};
use jiff::civil::Date;

use crate::board::{known_by, whole_by};

/// A report with what was read of it.
#[derive(Clone, Debug)]
pub struct Paper {
    /// As it stands in the ledger.
    pub report: Report,
    /// What was read.
    pub reading: Reading,
}

/// Everything held.
#[derive(Debug, Default)]
pub struct Held {
    /// Reports by id.
    pub papers: BTreeMap<String, Arc<Paper>>,
    /// Statements by id.
    pub statements: BTreeMap<String, Arc<Statement>>,
    /// Streams that cannot be read, with why: erased, or of a later release.
    pub lost: BTreeMap<String, String>,
    /// What is accepted, made when somebody asks; for as long as nothing is retracted it is the same on every day.
    ready: OnceLock<Vec<Reading>>,
    /// The names that accepted statements may speak of, as names are compared; retracted or not.
    names: OnceLock<BTreeSet<String>>,
}

/// The shelf of one ledger.
#[derive(Debug, Default)]
pub struct Shelf {
    /// The last entry that was looked at, and what was held then.
    held: RwLock<(u64, Arc<Held>)>,
    /// The day of the past that was asked for last.
    past: Mutex<Option<(Day, Arc<Held>)>>,
    /// When the ledger was last asked, if nothing was accepted then.
    silent: Mutex<Option<Instant>>,
}

/// For so long it is believed that nothing has been accepted meanwhile by another process.
const SILENCE: Duration = Duration::from_secs(1);

/// Entries that are looked at in one go.
const PAGE: usize = 5_000;

impl Shelf {
    /// What is held as of now: what the ledger has got since the last call is folded first.
    ///
    /// # Errors
    /// What the ledger says.
    pub fn held(&self, ledger: &Ledger) -> Result<Arc<Held>, LedgerError> {
        let asked = Instant::now();
        let held = self.brought_up(ledger)?;
        let nothing = !held.has_accepted();
        *self.silent.lock().unwrap_or_else(PoisonError::into_inner) = nothing.then_some(asked);
        Ok(held)
    }

    /// Whether nothing was accepted a moment ago: then no transfer needs to be held against it, and the ledger need not be asked.
    pub fn is_silent(&self) -> bool {
        let silent = self.silent.lock().unwrap_or_else(PoisonError::into_inner);
        silent.is_some_and(|since| since.elapsed() < SILENCE)
    }

    fn brought_up(&self, ledger: &Ledger) -> Result<Arc<Held>, LedgerError> {
        let head = ledger.head()?.map_or(0, |head| head.number);
        {
            let (seen, held) = &*self.held.read().unwrap_or_else(PoisonError::into_inner);
            if *seen == head {
                return Ok(held.clone());
            }
        }
        let mut own = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let (seen, held) = &mut *own;
        if *seen < head {
            // Most of what is recorded is no statement: then what is held stays as it is.
            if let Some(new) = held.brought_up(ledger, *seen, None)? {
                *held = Arc::new(new);
            }
            *seen = head;
        }
        Ok(held.clone())
    }

    /// What was held at the end of a day that is over. Everything is folded for it; the day asked for last is kept, since a day that
    /// is over gets no more entries.
    ///
    /// # Errors
    /// What the ledger says.
    pub fn stood(&self, ledger: &Ledger, day: Day) -> Result<Arc<Held>, LedgerError> {
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, held)) = past.as_ref().filter(|(own, _)| *own == day) {
            return Ok(held.clone());
        }
        let held = Held::default().brought_up(ledger, 0, Some(day))?;
        let held = Arc::new(held.unwrap_or_default());
        *past = Some((day, held.clone()));
        Ok(held)
    }
}

/// The number within a report's id of statements: `s2` before `s10`.
fn place(id: &str) -> (String, u64, String) {
    let (report, own) = id.split_once('.').unwrap_or((id, ""));
    let digits = own.trim_start_matches(|letter: char| !letter.is_ascii_digit());
    let number = digits
        .split(|letter: char| !letter.is_ascii_digit())
        .next()
        .and_then(|digits| digits.parse().ok())
        .unwrap_or(0);
    (report.to_owned(), number, own.to_owned())
}

impl Held {
    /// The same with what the ledger has got behind an entry; none where that has nothing to do with statements.
    fn brought_up(
        &self,
        ledger: &Ledger,
        seen: u64,
        by: Option<Day>,
    ) -> Result<Option<Held>, LedgerError> {
        let mut streams = BTreeSet::new();
        let mut reports = Vec::new();
        let each = |kind: &str, take: &mut dyn FnMut(Entry)| -> Result<(), LedgerError> {
            let mut after = seen;
            loop {
                let page = ledger.entries(&Ask::all().kind(kind).after(after).limit(PAGE))?;
                let last = page.last().map(|entry| entry.number);
                let full = page.len() == PAGE;
                page.into_iter()
                    .filter(|entry| by.is_none_or(|day| known_by(entry, day)))
                    .for_each(&mut *take);
                match last {
                    Some(last) if full => after = last,
                    _ => return Ok(()),
                }
            }
        };
        each("statement.", &mut |entry| {
            streams.extend(entry.stream.strip_prefix("statement/").map(str::to_owned));
        })?;
        each(REPORT_READ, &mut |entry| reports.push(entry))?;
        if streams.is_empty() && reports.is_empty() {
            return Ok(None);
        }
        let mut new = Held {
            papers: self.papers.clone(),
            statements: self.statements.clone(),
            lost: self.lost.clone(),
            ready: OnceLock::new(),
            names: OnceLock::new(),
        };
        for id in streams {
            match Statement::of(&whole_by(ledger, &Statement::stream(&id), by)?) {
                Ok(Some(statement)) => {
                    new.statements.insert(id, Arc::new(statement));
                }
                Ok(None) => {}
                Err(error) => {
                    new.statements.remove(&id);
                    new.lost.insert(id, error.to_string());
                }
            }
        }
        for entry in &reports {
            match paper(entry) {
                Ok(paper) => {
                    new.papers.insert(paper.report.id.clone(), Arc::new(paper));
                }
                Err(why) => {
                    new.lost.insert(entry.stream.clone(), why);
                }
            }
        }
        Ok(Some(new))
    }

    /// Whether anything is accepted.
    pub fn has_accepted(&self) -> bool {
        let mut all = self.statements.values();
        all.any(|statement| statement.standing == Standing::Accepted)
    }

    /// The statements of a report, in the order of its text; what people wrote comes last.
    pub fn of_report(&self, report: &str) -> Vec<&Arc<Statement>> {
        let mut all: Vec<&Arc<Statement>> = self
            .statements
            .values()
            .filter(|statement| statement.made.report == report)
            .collect();
        all.sort_by_cached_key(|own| (own.made.within.is_empty(), place(&own.id)));
        all
    }

    /// How many statements of a report stand so.
    pub fn count(&self, report: &str, standing: Standing) -> usize {
        self.statements
            .values()
            .filter(|own| own.made.report == report && own.standing == standing)
            .count()
    }

    /// A name for a new statement beside another: `R-….s3.c1` for a correction, `R-….h2` for what a person wrote.
    pub fn fresh(&self, of: &Statement, is: RelationKind) -> String {
        let start = match is {
            RelationKind::Correction => format!("{}.c", of.id),
            _ => format!("{}.h", of.made.report),
        };
        let mut number = 1;
        while self.statements.contains_key(&format!("{start}{number}")) {
            number += 1;
        }
        format!("{start}{number}")
    }

    /// Statements that stood at a place of a document: the accepted one first.
    pub fn at(&self, sha256: &str, within: &str) -> Vec<&Arc<Statement>> {
        let report = Report::id_of(sha256);
        let mut all: Vec<&Arc<Statement>> = self
            .of_report(&report)
            .into_iter()
            .filter(|own| own.made.within == within || own.id == within)
            .collect();
        all.sort_by_key(|own| own.standing != Standing::Accepted);
        all
    }

    /// What is accepted, as readings: everything else is left out, corrections stand in the place of what they correct, and what a
    /// person wrote (a reply, a relief) is a document of its own. A retraction takes away what it names from its day on; with no day
    /// asked about, at once.
    pub fn accepted(&self, on: Option<Date>) -> Cow<'_, [Reading]> {
        let retracts = |own: &Arc<Statement>| {
            let relation = own.made.relation.as_ref();
            relation.is_some_and(|relation| relation.is == RelationKind::Retraction)
        };
        if self.statements.values().any(retracts) {
            return Cow::Owned(self.made(&self.retracted(on)));
        }
        Cow::Borrowed(self.ready.get_or_init(|| self.made(&self.retracted(None))))
    }

    /// Whether an accepted statement may speak of one of these names. Asked of every transfer, so it is no more than a look; what it
    /// says yes to is then weighed.
    pub fn may_speak_of<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> bool {
        let known = self.names.get_or_init(|| {
            let readings = self.made(&BTreeSet::new());
            let parties = readings.iter().flat_map(|reading| &reading.parties);
            let spelled =
                parties.flat_map(|party| std::iter::once(&party.name).chain(&party.aliases));
            spelled
                .map(|name| key(name))
                .filter(|key| !key.is_empty())
                .collect()
        });
        !known.is_empty() && names.any(|name| known.contains(&key(name)))
    }

    fn made(&self, retracted: &BTreeSet<String>) -> Vec<Reading> {
        let mut by_report: BTreeMap<&str, BTreeMap<&str, &Statement>> = BTreeMap::new();
        let mut own = Vec::new();
        for statement in self.statements.values() {
            if statement.standing != Standing::Accepted || retracted.contains(&statement.id) {
                continue;
            }
            if statement.made.within.is_empty() {
                own.extend(written(statement));
            } else {
                by_report
                    .entry(&statement.made.report)
                    .or_default()
                    .insert(&statement.made.within, statement);
            }
        }
        let mut readings: Vec<Reading> = by_report
            .into_iter()
            .filter_map(|(report, standing)| {
                let paper = self.papers.get(report)?;
                Some(cut(&paper.reading, &standing))
            })
            .collect();
        readings.extend(own);
        readings
    }

    fn retracted(&self, on: Option<Date>) -> BTreeSet<String> {
        self.statements
            .values()
            .filter(|own| own.standing == Standing::Accepted)
            .filter(|own| {
                let day = own.made.told.said.as_deref().and_then(interval);
                match (on, day) {
                    (Some(on), Some((from, _))) => from <= on,
                    _ => true,
                }
            })
            .filter_map(|own| own.made.relation.as_ref())
            .filter(|relation| relation.is == RelationKind::Retraction)
            .map(|relation| relation.of.clone())
            .collect()
    }
}

fn paper(entry: &Entry) -> Result<Paper, String> {
    let mut report = Report::of(entry).map_err(|error| error.to_string())?;
    let value = std::mem::take(&mut report.reading);
    // Words of the schema are read back from text, not from a value.
    let reading = serde_json::from_str(&value.to_string()).map_err(|error| error.to_string())?;
    Ok(Paper { report, reading })
}

/// The kind as the schema of readings has it.
fn kind(word: &str) -> &'static str {
    KINDS
        .iter()
        .find(|own| **own == word)
        .copied()
        .unwrap_or("said")
}

/// A reading with nothing in it but the statements that stand, as they stand.
fn cut(reading: &Reading, standing: &BTreeMap<&str, &Statement>) -> Reading {
    let mut made = reading.clone();
    made.statements
        .retain(|own| standing.contains_key(own.id.as_str()));
    for statement in &mut made.statements {
        let Some(own) = standing.get(statement.id.as_str()) else {
            continue;
        };
        if own.made.relation.is_some() {
            let told = &own.made.told;
            statement.kind = kind(&told.kind);
            statement.content.clone_from(&told.content);
            statement.said.clone_from(&told.said);
            statement.hedged = told.hedged;
            statement.speaker.name.clone_from(&told.speaker);
            statement.speaker.role.clone_from(&told.role);
            statement.speaker.country.clone_from(&told.country);
            statement.about = told
                .about
                .iter()
                .map(|name| party(&mut made.parties, name))
                .collect();
        }
    }
    let kept = |id: &String| standing.contains_key(id.as_str());
    for transfer in &mut made.transfers {
        transfer.statements.retain(kept);
    }
    made.transfers.retain(|own| !own.statements.is_empty());
    made.commitments
        .retain(|own| own.statement.as_ref().is_some_and(kept));
    made.contradictions
        .retain(|own| kept(&own.a) && kept(&own.b));
    made
}

/// The id of a party of this name; a new one where there is none.
fn party(parties: &mut Vec<Party>, name: &str) -> String {
    let known = parties
        .iter()
        .find(|own| catchall_report::graph::same(&own.name, name));
    if let Some(known) = known {
        return known.id.clone();
    }
    let id = format!("written-{}", parties.len() + 1);
    parties.push(Party {
        id: id.clone(),
        name: name.to_owned(),
        kind: "other".to_owned(),
        country: None,
        aliases: vec![name.to_owned()],
        role: None,
        spans: Vec::new(),
        bytes: Vec::new(),
    });
    id
}

/// A reply or a relief as a document of one statement. A retraction says nothing of its own.
fn written(statement: &Statement) -> Option<Reading> {
    let relation = statement.made.relation.as_ref()?;
    let cue = match relation.is {
        RelationKind::Relief => "lift",
        RelationKind::Reply | RelationKind::Correction => "reply",
        RelationKind::Retraction => return None,
    };
    let told: &Told = &statement.made.told;
    let mut parties = Vec::new();
    let about: Vec<String> = told
        .about
        .iter()
        .map(|name| party(&mut parties, name))
        .collect();
    Some(Reading {
        schema: "catchall.report/1",
        doc_id: statement.made.source.clone(),
        language: "en",
        sha256: String::new(),
        offsets: "stored",
        publication: Publication {
            date: told.said.clone(),
            earliest: told.said.clone(),
            latest: told.said.clone(),
            confidence: "exact",
            ..Publication::default()
        },
        parties,
        statements: vec![reading::Statement {
            id: statement.id.clone(),
            speaker: Speaker {
                name: told.speaker.clone(),
                role: told.role.clone(),
                country: told.country.clone(),
                party: None,
                anonymity: if told.speaker.is_some() {
                    "named"
                } else {
                    "unattributed"
                },
            },
            kind: kind(&told.kind),
            content: told.content.clone(),
            said: told.said.clone(),
            cites: Vec::new(),
            outlets: Vec::new(),
            quote: told.quote,
            hedged: told.hedged,
            act: "assertion",
            relayed_by: None,
            cue: cue.to_owned(),
            about,
            at: Span::default(),
        }],
        ..Reading::default()
    })
}
