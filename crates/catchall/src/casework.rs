//! Casework: what the roof does with cases, for page, API and command line alike: open one from a transfer, act on it, put an
//! answer into the transfer and assess it again, old beside new.
//!
//! The engine checks every rule (`catchall_ledger::case`); here are only the steps: read the stream, ask the engine for drafts,
//! append them behind what was seen. Nothing is decided here, and no clock is read: `at` is handed in.

use catchall_ledger::case::answer::Answer;
use catchall_ledger::case::calendar::Calendar;
use catchall_ledger::case::command::{Command, Office, Opening, Refused, title};
use catchall_ledger::case::compare::compare;
use catchall_ledger::case::event::Said;
use catchall_ledger::case::{Case, FoldError, flow};
use catchall_ledger::policy::Policy;
use catchall_ledger::{Actor, Ask, Ledger, LedgerError, Receipt, Timestamp};
use catchall_model::Day;
use serde_json::{Value, json};

use crate::board;

/// The kind of entry of a determination.
pub const DETERMINED: &str = "determined";

/// Who works, where, and by which rules.
#[derive(Clone, Copy)]
pub struct Work<'a> {
    /// The ledger.
    pub ledger: &'a Ledger,
    /// Roles and acts.
    pub policy: &'a Policy,
    /// Working days.
    pub calendar: &'a Calendar,
    /// Who acts.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
}

/// Assesses a transfer in JSON; gives the determination document as text, or what is wrong with the transfer. What it adds to
/// the transfer (what the ledger knows of its licences) is recorded with it, so that a replay finds the same answer.
pub type Assess<'a> = &'a mut dyn FnMut(&mut Value) -> Result<String, String>;

/// Why something was not done. Nothing was recorded then.
#[derive(Debug, thiserror::Error)]
pub enum Trouble {
    /// There is no such case.
    #[error("there is no case `{0}`")]
    NoCase(String),
    /// Somebody was faster.
    #[error(
        "somebody else acted on {id} since entry {seen}; look at what they did, then send yours again"
    )]
    Moved {
        /// The case.
        id: String,
        /// The last entry that was seen.
        seen: u64,
    },
    /// The engine says no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// The entries make no case.
    #[error(transparent)]
    Fold(#[from] FoldError),
    /// An answer has no place in the transfer.
    #[error(transparent)]
    Flow(#[from] flow::FlowError),
    /// The transfer cannot be assessed as it is now.
    #[error("the transfer cannot be assessed: {0}")]
    Unassessed(String),
    /// What was determined can no longer be read.
    #[error(
        "what was determined of {0} cannot be read: it was erased, or a later release wrote it"
    )]
    Unreadable(String),
    /// What the ledger says.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
}

/// A determination as it stands in the ledger.
#[derive(Clone, Debug)]
pub struct Determined {
    /// Number of its entry.
    pub number: u64,
    /// Hash of its entry.
    pub hash: String,
    /// The stream it stands in.
    pub stream: String,
    /// The transfer as it was given.
    pub transfer: Value,
    /// The document.
    pub document: Value,
    /// The team that asked for it.
    pub team: Option<String>,
}

/// Reads a determination's entry; none when there is none of that number, or it was erased.
///
/// # Errors
/// What the ledger says.
pub fn determined(ledger: &Ledger, number: u64) -> Result<Option<Determined>, LedgerError> {
    let Some(entry) = ledger.entry(number)? else {
        return Ok(None);
    };
    if entry.kind != DETERMINED {
        return Ok(None);
    }
    let Some(body) = entry.body.value() else {
        return Ok(None);
    };
    // The document is kept to the byte, as text.
    let document = match body.get("determination") {
        Some(Value::String(text)) => serde_json::from_str(text).unwrap_or_default(),
        other => other.cloned().unwrap_or_default(),
    };
    Ok(Some(Determined {
        number,
        hash: entry.hash.to_string(),
        stream: entry.stream.clone(),
        transfer: body.get("transfer").cloned().unwrap_or_default(),
        document,
        team: entry.actor.team.clone(),
    }))
}

impl Work<'_> {
    fn office(&self) -> Office<'_> {
        Office {
            policy: self.policy,
            calendar: self.calendar,
            actor: self.actor,
            at: self.at,
        }
    }

    /// The case as it is now.
    ///
    /// # Errors
    /// When there is none, or its entries cannot be read.
    pub fn case(&self, id: &str) -> Result<Case, Trouble> {
        self.case_by(id, None)
    }

    /// The case as it stood at the end of a day; as it is now where none is given.
    ///
    /// # Errors
    /// When there was none, or its entries cannot be read.
    pub fn case_by(&self, id: &str, by: Option<Day>) -> Result<Case, Trouble> {
        let entries = board::whole_by(self.ledger, &Case::stream(id), by)?;
        Case::of(&entries)?.ok_or_else(|| Trouble::NoCase(id.to_owned()))
    }

    /// Records a determination. The same one again gives the first receipt.
    ///
    /// # Errors
    /// What the ledger says.
    pub fn record(&self, transfer: &Value, document: &str) -> Result<Receipt, Trouble> {
        let draft = crate::record::Determined {
            transfer: transfer.to_string(),
            document: document.to_owned(),
            as_of: None,
            known_by: None,
        }
        .draft(self.actor.clone(), self.at)
        .map_err(|error| Trouble::Unassessed(error.to_string()))?;
        let receipts = self.ledger.append(vec![draft])?;
        receipts
            .first()
            .copied()
            .ok_or_else(|| Trouble::Unreadable("the new entry".to_owned()))
    }

    /// Opens a case from a transfer and its determination; gives its id.
    ///
    /// # Errors
    /// When the actor may not, and what the ledger says.
    pub fn open(
        &self,
        transfer: &Value,
        document: &str,
        follows: Option<String>,
    ) -> Result<String, Trouble> {
        let parsed: Value = serde_json::from_str(document)
            .map_err(|error| Trouble::Unassessed(error.to_string()))?;
        // Rights first: whoever may not open a case records nothing either.
        let opening = |id: String, entry: u64| {
            let answer = Answer::of(&parsed, entry)
                .ok_or_else(|| Trouble::Unassessed("the answer is no determination".to_owned()))?;
            Ok::<Opening, Trouble>(Opening {
                id,
                transfer: parsed["transfer"].as_str().unwrap_or_default().to_owned(),
                title: title(transfer),
                answer,
                queue: None,
                team: None,
                target: None,
                follows: follows.clone(),
                subject: None,
            })
        };
        self.office().open(opening("C-0000-0000".to_owned(), 1)?)?;
        let entry = self.record(transfer, document)?.number;
        let mut number = self.next_number()?;
        loop {
            let id = format!("C-{}-{number:04}", self.year());
            let drafts = self.office().open(opening(id.clone(), entry)?)?;
            match self.ledger.append_after(&Case::stream(&id), 0, drafts) {
                Ok(_) => return Ok(id),
                // Another process took the number.
                Err(LedgerError::Moved { .. }) => number += 1,
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn year(&self) -> String {
        let day = Day::from_number(self.at.as_millisecond().div_euclid(86_400_000));
        day.to_string().get(..4).unwrap_or("0000").to_owned()
    }

    /// One more than the newest case of this year.
    fn next_number(&self) -> Result<u64, Trouble> {
        let newest = self
            .ledger
            .entries(&Ask::all().kind("case.opened").newest_first().limit(20))?;
        let own = format!("case/C-{}-", self.year());
        let numbers = newest
            .iter()
            .filter_map(|entry| entry.stream.strip_prefix(&own)?.parse::<u64>().ok());
        Ok(numbers.max().unwrap_or(0) + 1)
    }

    /// Does something to a case that was seen up to an entry.
    ///
    /// # Errors
    /// When the engine says no, or somebody was faster.
    pub fn act(&self, id: &str, seen: Option<u64>, command: Command) -> Result<(), Trouble> {
        let case = self.case(id)?;
        self.unmoved(&case, seen)?;
        let drafts = self.office().case(&case, command)?;
        self.append(&case, drafts)
    }

    fn unmoved(&self, case: &Case, seen: Option<u64>) -> Result<(), Trouble> {
        match seen {
            Some(seen) if seen != case.seen => Err(Trouble::Moved {
                id: case.id.clone(),
                seen,
            }),
            _ => Ok(()),
        }
    }

    fn append(&self, case: &Case, drafts: Vec<catchall_ledger::Draft>) -> Result<(), Trouble> {
        match self
            .ledger
            .append_after(&Case::stream(&case.id), case.seen, drafts)
        {
            Ok(_) => Ok(()),
            Err(LedgerError::Moved { .. }) => Err(Trouble::Moved {
                id: case.id.clone(),
                seen: case.seen,
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// What the case's answer rests on.
    ///
    /// # Errors
    /// When it was erased.
    pub fn standing(&self, case: &Case) -> Result<Determined, Trouble> {
        let entry = case.answer().map_or(0, |answer| answer.entry);
        determined(self.ledger, entry)?.ok_or_else(|| Trouble::Unreadable(case.id.clone()))
    }

    /// Records an answer to a request, puts it into the transfer, and assesses that again.
    ///
    /// # Errors
    /// When the engine says no, an answer cannot be read, or somebody was faster. Then nothing was recorded.
    pub fn answer(
        &self,
        id: &str,
        seen: Option<u64>,
        request: u32,
        by: &str,
        answers: Vec<Said>,
        assess: Assess<'_>,
    ) -> Result<(), Trouble> {
        let case = self.case(id)?;
        self.unmoved(&case, seen)?;
        let standing = self.standing(&case)?;
        let source = format!("case {id}, request {request}, answered by {by}");
        let mut transfer = flow::answered(&standing.transfer, &answers, &source)?;
        let document = assess(&mut transfer).map_err(Trouble::Unassessed)?;
        let command = Command::Answer {
            request,
            by: by.to_owned(),
            answers,
        };
        let drafts = self.office().case(&case, command)?;
        self.append(&case, drafts)?;
        self.put_beside(
            &self.case(id)?,
            &standing,
            &transfer,
            &document,
            vec![format!("answer to request {request}")],
        )
    }

    /// Assesses a case again by the law and lists of now.
    ///
    /// # Errors
    /// As [`Work::answer`].
    pub fn reassess(
        &self,
        id: &str,
        because: Vec<String>,
        assess: Assess<'_>,
    ) -> Result<(), Trouble> {
        let case = self.case(id)?;
        let standing = self.standing(&case)?;
        let mut transfer = standing.transfer.clone();
        let document = assess(&mut transfer).map_err(Trouble::Unassessed)?;
        self.put_beside(&case, &standing, &transfer, &document, because)
    }

    /// Records the new answer beside the old.
    fn put_beside(
        &self,
        case: &Case,
        old: &Determined,
        transfer: &Value,
        document: &str,
        because: Vec<String>,
    ) -> Result<(), Trouble> {
        let new: Value = serde_json::from_str(document)
            .map_err(|error| Trouble::Unassessed(error.to_string()))?;
        let changes = compare(&old.document, &new);
        let entry = self.record(transfer, document)?.number;
        let answer = Answer::of(&new, entry)
            .ok_or_else(|| Trouble::Unassessed("the answer is no determination".to_owned()))?;
        let command = Command::Reassess {
            because,
            answer: Some(Box::new(answer)),
            changes: Box::new(changes),
        };
        let drafts = self.office().case(case, command)?;
        self.append(case, drafts)
    }
}

/// A value that somebody typed, as a transfer would state it: `none`, yes and no, lists by `;`, else text.
pub fn typed(text: &str) -> Value {
    let text = text.trim();
    match text.to_lowercase().as_str() {
        "" => Value::Null,
        "yes" | "true" => json!(true),
        "no" | "false" => json!(false),
        "none" => json!([]),
        _ if text.contains(';') => text
            .split(';')
            .map(str::trim)
            .filter(|each| !each.is_empty())
            .map(|each| json!(each))
            .collect(),
        _ => json!(text),
    }
}
