//! Board: a line for each case, folded from the ledger and kept up to date from it.
//!
//! The ledger is the truth, the board its shadow: it is asked for the entries behind the last one seen, and each case that they
//! touch is folded again. So several processes over one store agree. A page of a hundred thousand cases is a walk over lines in
//! order of urgency, never a fold. Knows no page and no right; the caller says which lines it may show.
//!
//! To show something more of a case: a field of the line, filled where it is folded.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use catchall_ledger::case::calendar::Calendar;
use catchall_ledger::case::clock::{self, Pause};
use catchall_ledger::case::{Case, Summary};
use catchall_ledger::{Ask, Entry, Ledger, LedgerError};
use catchall_model::Day;

/// One case.
#[derive(Clone, Debug)]
pub struct Line {
    /// What the engine says of it.
    pub summary: Summary,
    /// When not empty, only these teams beside its own see it.
    pub only: Vec<String>,
    /// Names of the parties with possible matches.
    pub parties: Vec<String>,
    /// The day of its last decision, or of its withdrawal.
    pub closed: Option<Day>,
    /// What a search looks through, in small letters: number, title, transfer, parties.
    pub words: String,
    pauses: Vec<Pause>,
    /// The days of its first and of its last entry.
    days: (String, String),
}

impl Line {
    /// Whether its parties could not be screened: that stands first, whatever its clock.
    pub fn unscreened(&self) -> bool {
        self.summary.outcome == "not_screened" && self.summary.status.is_open()
    }

    /// Share of its time that is used, in thousandths; what is closed or stands still comes last.
    pub fn urgency(&self) -> u32 {
        let own = &self.summary;
        if !own.status.is_open() {
            return 0;
        }
        let used = own.used.saturating_mul(1_000) / own.target.max(1);
        if own.paused { used / 4 + 1 } else { used + 2 }
    }
}

/// Every case: what could not be screened, then the others in order of urgency.
#[derive(Clone, Debug, Default)]
pub struct Lines {
    /// The lines; those not screened first, then the most urgent, equals by id.
    pub all: Arc<Vec<Arc<Line>>>,
    /// The last entry that is in them.
    pub seen: u64,
}

/// The board of one ledger.
#[derive(Debug, Default)]
pub struct Board {
    held: RwLock<Held>,
    /// The day of the past that was asked for last.
    past: Mutex<Option<(Day, Arc<Lines>)>>,
}

#[derive(Clone, Debug, Default)]
struct Held {
    cases: BTreeMap<String, Arc<Line>>,
    /// Cases that cannot be folded as they are: erased, or of a later release.
    lost: BTreeSet<String>,
    day: Option<Day>,
    lines: Arc<Lines>,
}

/// Entries that are looked at in one go.
const PAGE: usize = 5_000;

impl Board {
    /// The lines as of now: what the ledger has got since the last call is folded first.
    ///
    /// # Errors
    /// What the ledger says.
    pub fn lines(
        &self,
        ledger: &Ledger,
        calendar: &Calendar,
        today: Day,
    ) -> Result<Arc<Lines>, LedgerError> {
        let head = ledger.head()?.map_or(0, |head| head.number);
        {
            let held = self.held.read().unwrap_or_else(PoisonError::into_inner);
            if held.lines.seen == head && held.day == Some(today) {
                return Ok(held.lines.clone());
            }
        }
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        held.bring_up(ledger, calendar, today, head)?;
        Ok(held.lines.clone())
    }

    /// What is held, brought up to the head of the ledger under the clock that it has; under that of `day` where it has none yet.
    fn as_of_now(
        &self,
        ledger: &Ledger,
        calendar: &Calendar,
        day: Day,
    ) -> Result<Held, LedgerError> {
        let head = ledger.head()?.map_or(0, |head| head.number);
        let mut held = self.held.write().unwrap_or_else(PoisonError::into_inner);
        let today = held.day.unwrap_or(day);
        held.bring_up(ledger, calendar, today, head)?;
        Ok(held.clone())
    }

    /// The lines as they stood at the end of a day that is over: cases that nothing happened to since have the line of now with the
    /// clock of that day, and only the others are folded again. The day asked for last is kept, since a day that is over gets no more
    /// entries.
    ///
    /// # Errors
    /// What the ledger says.
    pub fn stood(
        &self,
        ledger: &Ledger,
        calendar: &Calendar,
        day: Day,
    ) -> Result<Arc<Lines>, LedgerError> {
        let mut past = self.past.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, lines)) = past.as_ref().filter(|(held, _)| *held == day) {
            return Ok(lines.clone());
        }
        let held = self.as_of_now(ledger, calendar, day)?;
        let lines = held.stood(ledger, calendar, day)?;
        *past = Some((day, lines.clone()));
        Ok(lines)
    }
}

impl Held {
    fn bring_up(
        &mut self,
        ledger: &Ledger,
        calendar: &Calendar,
        today: Day,
        head: u64,
    ) -> Result<(), LedgerError> {
        let mut after = self.lines.seen;
        let mut touched = BTreeSet::new();
        loop {
            let page = ledger.entries(&Ask::all().kind("case.").after(after).limit(PAGE))?;
            let streams = page.iter().map(|entry| &entry.stream);
            touched.extend(
                streams.filter_map(|stream| stream.strip_prefix("case/").map(str::to_owned)),
            );
            match page.last() {
                Some(last) if page.len() == PAGE => after = last.number,
                _ => break,
            }
        }
        if touched.is_empty() && self.day == Some(today) {
            // Something else was recorded: the lines stand as they are.
            self.lines = Arc::new(Lines {
                all: self.lines.all.clone(),
                seen: head.max(self.lines.seen),
            });
            return Ok(());
        }
        if self.day != Some(today) {
            self.turn(calendar, today);
        }
        for id in touched {
            let entries = whole(ledger, &Case::stream(&id))?;
            match folded(&entries, calendar, today) {
                Some(line) => {
                    self.lost.remove(&id);
                    self.cases.insert(id, Arc::new(line));
                }
                None => {
                    self.cases.remove(&id);
                    self.lost.insert(id);
                }
            }
        }
        self.day = Some(today);
        self.lines = most_urgent_first(self.cases.values().cloned().collect(), head);
        Ok(())
    }

    /// The lines at the end of a day that is over, from what is held now.
    fn stood(
        &self,
        ledger: &Ledger,
        calendar: &Calendar,
        day: Day,
    ) -> Result<Arc<Lines>, LedgerError> {
        let end = day.to_string();
        let mut all = Vec::new();
        let mut changed: Vec<&String> = self.lost.iter().collect();
        for (id, line) in &self.cases {
            let (first, last) = &line.days;
            if *last <= end {
                all.push(on_day(line, calendar, day));
            } else if *first <= end {
                changed.push(id);
            }
        }
        for id in changed {
            let entries = whole_by(ledger, &Case::stream(id), Some(day))?;
            all.extend(folded(&entries, calendar, day).map(Arc::new));
        }
        all.sort_by(|a, b| a.summary.id.cmp(&b.summary.id));
        Ok(most_urgent_first(all, self.lines.seen))
    }

    /// A new day: open cases are a day older.
    fn turn(&mut self, calendar: &Calendar, today: Day) {
        for line in self.cases.values_mut() {
            *line = on_day(line, calendar, today);
        }
    }
}

/// The same line under the clock of another day; what is closed has none.
fn on_day(line: &Arc<Line>, calendar: &Calendar, day: Day) -> Arc<Line> {
    if !line.summary.status.is_open() {
        return line.clone();
    }
    let own = &line.summary;
    let reading = clock::read(own.opened, None, &line.pauses, own.target, day, calendar);
    let mut new = Line::clone(line);
    new.summary.used = reading.used;
    new.summary.paused = reading.paused;
    new.summary.late = reading.late;
    Arc::new(new)
}

/// What could not be screened, then the most urgent, equals by id; the lines come in the order of their ids.
fn most_urgent_first(mut all: Vec<Arc<Line>>, seen: u64) -> Arc<Lines> {
    all.sort_by_cached_key(|line| (!line.unscreened(), std::cmp::Reverse(line.urgency())));
    Arc::new(Lines {
        all: Arc::new(all),
        seen,
    })
}

/// Every entry of a stream that was there at the end of a day; every one where no day is given.
///
/// # Errors
/// What the ledger says.
pub fn whole_by(ledger: &Ledger, stream: &str, by: Option<Day>) -> Result<Vec<Entry>, LedgerError> {
    let mut all = whole(ledger, stream)?;
    if let Some(day) = by {
        all.retain(|entry| known_by(entry, day));
    }
    Ok(all)
}

/// Whether an entry was there at the end of a day.
pub fn known_by(entry: &Entry, day: Day) -> bool {
    entry.at.day() <= day.to_string()
}

/// Every entry of a stream.
///
/// # Errors
/// What the ledger says.
pub fn whole(ledger: &Ledger, stream: &str) -> Result<Vec<Entry>, LedgerError> {
    let mut all = Vec::new();
    loop {
        let after = all.last().map_or(0, |last: &Entry| last.number);
        let page = ledger.entries(&Ask::stream(stream).after(after).limit(PAGE))?;
        let ended = page.len() < PAGE;
        all.extend(page);
        if ended {
            return Ok(all);
        }
    }
}

/// The line of a case; none where it cannot be folded (erased, of a later release): its page says why.
fn folded(entries: &[Entry], calendar: &Calendar, today: Day) -> Option<Line> {
    let case = Case::of(entries).ok().flatten()?;
    let days = || entries.iter().map(|entry| entry.at.day());
    let days = (days().min()?, days().max()?);
    Some(line(&case, calendar, today, days))
}

fn line(case: &Case, calendar: &Calendar, today: Day, days: (String, String)) -> Line {
    let pauses = case.requests.iter().filter(|request| request.pauses);
    let mut parties: Vec<String> = case
        .answer()
        .map(|answer| answer.hits.iter().map(|hit| hit.party.clone()).collect())
        .unwrap_or_default();
    parties.sort();
    parties.dedup();
    let ends = ["case.countersigned", "case.decided", "case.withdrawn"];
    let end = case
        .activity
        .iter()
        .rev()
        .find(|each| ends.contains(&each.kind.as_str()));
    let named = [&case.id, &case.title, &case.transfer];
    let words: Vec<String> = named
        .into_iter()
        .chain(&parties)
        .map(|text| text.to_lowercase())
        .collect();
    Line {
        summary: case.summary(today, calendar),
        only: case.only.clone(),
        words: words.join("\n"),
        parties,
        days,
        closed: end
            .filter(|_| !case.status().is_open())
            .map(|each| each.stamp.day()),
        pauses: pauses
            .map(|request| Pause {
                request: request.number,
                from: request.stamp.day(),
                to: request.closed.as_ref().map(|closed| closed.stamp.day()),
            })
            .collect(),
    }
}
