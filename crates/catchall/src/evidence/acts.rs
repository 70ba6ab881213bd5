//! Acts: what page, API and command line do with reports and statements: read one in, judge a statement, and assess the open cases
//! again that it may bear on. The engine checks every rule; here are only the steps.

use catchall_ledger::case::Case;
use catchall_ledger::policy::Policy;
use catchall_ledger::statement::rules::{Clerk, Command, Refused};
use catchall_ledger::statement::{FoldError, Report, Statement};
use catchall_ledger::{Actor, Ledger, LedgerError, Timestamp};
use catchall_model::Day;
use serde_json::Value;

use super::intake::{self, Incoming};
use super::{Held, Keep, Rules, flags};
use crate::app::App;
use crate::board::whole;
use crate::casework::{self, Assess};

/// Who works, where, and by which rules.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// The ledger.
    pub ledger: &'a Ledger,
    /// Roles and acts.
    pub policy: &'a Policy,
    /// What is kept, and what a flag needs.
    pub rules: &'a Rules,
    /// Who acts.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
}

/// Why something was not done. Nothing was recorded then.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is no such statement.
    #[error("there is no statement `{0}`")]
    NoStatement(String),
    /// Somebody was faster.
    #[error(
        "somebody else judged {id} since entry {seen}; look at what they did, then send yours again"
    )]
    Moved {
        /// The statement.
        id: String,
        /// The last entry that was seen.
        seen: u64,
    },
    /// The engine says no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The entries make no statement.
    #[error(transparent)]
    Fold(#[from] FoldError),
    /// The report has no reader.
    #[error(transparent)]
    Unread(#[from] catchall_report::ReadError),
    /// What the ledger says.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// A case that was assessed again.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Followed {
    /// The case.
    pub case: String,
    /// The answer before.
    pub before: String,
    /// The answer now.
    pub after: String,
    /// Why it was not done, where it was not.
    pub not_done: Option<String>,
}

impl Work<'_> {
    fn clerk(&self) -> Clerk<'_> {
        Clerk {
            policy: self.policy,
            actor: self.actor,
            at: self.at,
        }
    }

    /// Reads a report in; gives its id, and whether it was new. `text` are its words, kept as far as the house and `keep` allow.
    ///
    /// # Errors
    /// When the actor may not, or the report has no reader.
    pub fn read(
        &self,
        incoming: &Incoming<'_>,
        keep: Option<Keep>,
    ) -> Result<(String, bool), Trouble> {
        let reading = intake::read(incoming)?;
        let id = intake::id(&reading);
        let keep = keep.map_or(self.rules.keep, |keep| keep.min(self.rules.keep));
        // The page is kept where spans count in the file as it is; elsewhere they would point beside the words.
        let text = (reading.offsets == "stored")
            .then(|| std::str::from_utf8(incoming.bytes).ok().map(str::to_owned))
            .flatten();
        let read = intake::record(reading, text, keep);
        let drafts = self.clerk().read(&read)?;
        match self.ledger.append_after(&Report::stream(&id), 0, drafts) {
            Ok(_) => Ok((id, true)),
            Err(LedgerError::Moved { .. }) => Ok((id, false)),
            Err(error) => Err(error.into()),
        }
    }

    /// The statement as it stands now.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn statement(&self, id: &str) -> Result<Statement, Trouble> {
        let entries = whole(self.ledger, &Statement::stream(id))?;
        Statement::of(&entries)?.ok_or_else(|| Trouble::NoStatement(id.to_owned()))
    }

    /// Does something to a statement that was seen up to an entry.
    ///
    /// # Errors
    /// When the engine says no, or somebody was faster.
    pub fn act(&self, id: &str, seen: Option<u64>, command: Command) -> Result<(), Trouble> {
        let own = self.statement(id)?;
        let moved = |seen| Trouble::Moved {
            id: id.to_owned(),
            seen,
        };
        if let Some(seen) = seen.filter(|seen| *seen != own.seen) {
            return Err(moved(seen));
        }
        let drafts = self.clerk().act(&own, command)?;
        match self
            .ledger
            .append_after(&Statement::stream(id), own.seen, drafts)
        {
            Ok(_) => Ok(()),
            Err(LedgerError::Moved { .. }) => Err(moved(own.seen)),
            Err(error) => Err(error.into()),
        }
    }
}

/// Assesses the open cases again of which a transfer names a party that the statement is about, where that changes what is asked of
/// them. Says what changed, case by case; a case that the actor may not assess again is told as such by its number only when they may
/// read it, and is else left out.
///
/// # Errors
/// What the ledger says.
pub fn follow(
    app: &App,
    actor: &Actor,
    at: Timestamp,
    statement: &Statement,
    assess: Assess<'_>,
) -> Result<Vec<Followed>, Trouble> {
    let held = app.shelf.held(&app.ledger)?;
    let today = Day::from_number(at.as_millisecond().div_euclid(86_400_000));
    let lines = app.board.lines(&app.ledger, &app.calendar, today)?;
    let work = casework::Work {
        ledger: &app.ledger,
        policy: &app.policy,
        calendar: &app.calendar,
        actor,
        at,
    };
    let mut about = statement.made.told.about.clone();
    about.extend(parties_of(&held, statement));
    let mut done = Vec::new();
    for line in lines
        .all
        .iter()
        .filter(|line| line.summary.status.is_open())
    {
        let id = &line.summary.id;
        let Ok(case) = work.case(id) else { continue };
        let Ok(standing) = work.standing(&case) else {
            continue;
        };
        if !flags::names_any(&standing.transfer, &about) {
            continue;
        }
        let mut transfer = standing.transfer.clone();
        if !flags::raise(&held, &mut transfer, &app.evidence, date(today)) {
            continue;
        }
        done.extend(again(app, &work, &case, statement, assess));
    }
    done.sort_by(|a, b| a.case.cmp(&b.case));
    Ok(done)
}

/// The givers and receivers of the transfers that a statement tells of.
fn parties_of(held: &Held, statement: &Statement) -> Vec<String> {
    let Some(paper) = held.papers.get(&statement.made.report) else {
        return Vec::new();
    };
    let told = paper
        .reading
        .transfers
        .iter()
        .filter(|own| own.statements.contains(&statement.made.within));
    told.flat_map(|own| [own.from.clone(), own.to.clone()])
        .collect()
}

fn again(
    app: &App,
    work: &casework::Work<'_>,
    case: &Case,
    statement: &Statement,
    assess: Assess<'_>,
) -> Option<Followed> {
    let place = case.place();
    let reads = catchall_ledger::policy::Act::find("case.read")?;
    app.policy.may(work.actor, reads, place).ok()?;
    let outcome = |case: &Case| {
        case.answer()
            .map_or_else(String::new, |answer| answer.outcome.word().to_owned())
    };
    let before = outcome(case);
    let because = vec![format!(
        "statement {} is {}",
        statement.id,
        statement.standing.word()
    )];
    let result = work.reassess(&case.id, because, assess);
    let now = work.case(&case.id).ok();
    Some(Followed {
        case: case.id.clone(),
        after: now.as_ref().map_or_else(|| before.clone(), outcome),
        before,
        not_done: result.err().map(|trouble| trouble.to_string()),
    })
}

/// The day as the graph of evidence reckons.
pub fn date(day: Day) -> jiff::civil::Date {
    day.to_string().parse().unwrap_or(jiff::civil::Date::MIN)
}

/// Puts the questions of accepted statements on a transfer that is about to be assessed.
///
/// # Errors
/// What the ledger says.
pub fn raise(app: &App, transfer: &mut Value, today: Day) -> Result<(), LedgerError> {
    let held = app.shelf.held(&app.ledger)?;
    flags::raise(&held, transfer, &app.evidence, date(today));
    Ok(())
}
