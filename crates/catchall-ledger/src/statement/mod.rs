//! Statements: what reports say, and what people made of it. A statement is a claim until a person accepts it.
//!
//! [`Statement::of`] folds the entries of one `statement/<id>` stream; [`Report::of`] takes the entry of a `report/<id>` stream, which
//! holds what was read of a file and, as far as the operator allows, its words. Commands stand in `rules.rs` and give drafts; the caller
//! appends them behind what it saw. What a statement means for a transfer is asked by the roof, never here.
//!
//! To add something that can happen: a variant in `event.rs`, a line here in `Statement::apply`, a command in `rules.rs`, a golden line.

pub mod event;
pub mod rules;

use serde::Serialize;
use serde_json::Value;

use crate::case::Stamp;
use crate::{Body, Entry};

use event::{Bearing, Identified, Made, StatementEvent};

/// What a statement may be.
pub const KINDS: [&str; 7] = [
    "said", "promised", "denied", "alleged", "ordered", "conceded", "reported",
];

/// Where a statement stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Nobody has judged it.
    Waiting,
    /// Accepted: it may bear on transfers, as a question.
    Accepted,
    /// Rejected.
    Rejected,
    /// Another stands in its place.
    Corrected,
}

impl Standing {
    /// All of them.
    pub const ALL: [Standing; 4] = [
        Standing::Waiting,
        Standing::Accepted,
        Standing::Rejected,
        Standing::Corrected,
    ];

    /// Its word.
    pub fn word(self) -> &'static str {
        match self {
            Standing::Waiting => "waiting",
            Standing::Accepted => "accepted",
            Standing::Rejected => "rejected",
            Standing::Corrected => "corrected",
        }
    }
}

/// One statement with what people did to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Statement {
    /// Its id: the report's, a point, and its own within it.
    pub id: String,
    /// As it was made.
    pub made: Made,
    /// When and by whom it was made.
    pub stamp: Stamp,
    /// Where it stands.
    pub standing: Standing,
    /// Parties that a person has identified, while it is accepted.
    pub identified: Vec<Identified>,
    /// Undertakings on which it bears, while it is accepted.
    pub bears_on: Vec<Bearing>,
    /// The statement in its place.
    pub corrected_by: Option<String>,
    /// What was done to it, in order.
    pub activity: Vec<Done>,
    /// Number of its last entry.
    pub seen: u64,
}

/// Something that was done to a statement.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Done {
    /// When and by whom.
    pub stamp: Stamp,
    /// The kind of the entry.
    pub kind: String,
    /// Why; empty where nothing was said.
    pub why: String,
}

/// A report that was read.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Report {
    /// Its id.
    pub id: String,
    /// Name of the file.
    pub name: String,
    /// Digest of its bytes.
    pub sha256: String,
    /// `whole`, `excerpts` or `offsets`: how much of its words is kept.
    pub keeps: String,
    /// Its words, where they are kept.
    pub text: Option<String>,
    /// What was read: `catchall.report/1`.
    pub reading: Value,
    /// When and by whom.
    pub stamp: Stamp,
}

/// Why entries make no statement.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FoldError {
    /// The first entry makes none.
    #[error("entry {number}: the stream begins with `{kind}`, not with what makes it")]
    NotMade {
        /// The entry.
        number: u64,
        /// Its kind.
        kind: String,
    },
    /// It was erased.
    #[error("entry {number}: its body was erased by order of law")]
    Erased {
        /// The entry.
        number: u64,
    },
    /// It cannot be read.
    #[error("entry {number}: {why}")]
    Unreadable {
        /// The entry.
        number: u64,
        /// Why.
        why: String,
    },
}

fn stamp(entry: &Entry) -> Stamp {
    Stamp {
        number: entry.number,
        at: entry.at,
        by: entry.actor.clone(),
        hash: entry.hash,
    }
}

impl Statement {
    /// The stream of a statement.
    pub fn stream(id: &str) -> String {
        format!("statement/{id}")
    }

    /// Folds the entries of one statement, in order; `None` for none.
    ///
    /// # Errors
    /// When the first entry makes no statement, or an entry cannot be read.
    pub fn of(entries: &[Entry]) -> Result<Option<Statement>, FoldError> {
        let Some((first, rest)) = entries.split_first() else {
            return Ok(None);
        };
        let made = match read(first)? {
            StatementEvent::Made(made) => *made,
            _ => {
                return Err(FoldError::NotMade {
                    number: first.number,
                    kind: first.kind.clone(),
                });
            }
        };
        let id = first.stream.strip_prefix("statement/");
        let mut statement = Statement {
            id: id.unwrap_or(&first.stream).to_owned(),
            made,
            stamp: stamp(first),
            standing: Standing::Waiting,
            identified: Vec::new(),
            bears_on: Vec::new(),
            corrected_by: None,
            activity: Vec::new(),
            seen: first.number,
        };
        for entry in rest {
            let event = read(entry)?;
            statement.apply(entry, event);
        }
        Ok(Some(statement))
    }

    /// One entry more. What makes no sense where it stands has no effect, and is listed with the rest.
    fn apply(&mut self, entry: &Entry, event: StatementEvent) {
        self.seen = entry.number;
        let waiting = self.standing == Standing::Waiting;
        let judged = matches!(self.standing, Standing::Accepted | Standing::Rejected);
        let why = match event {
            StatementEvent::Accepted {
                identified,
                bears_on,
                why,
            } if waiting => {
                self.standing = Standing::Accepted;
                self.identified = identified;
                self.bears_on = bears_on;
                why
            }
            StatementEvent::Rejected { why } if waiting => {
                self.standing = Standing::Rejected;
                why
            }
            StatementEvent::Reopened { why } if judged => {
                self.standing = Standing::Waiting;
                self.identified.clear();
                self.bears_on.clear();
                why
            }
            StatementEvent::Corrected { by, why } if self.standing != Standing::Corrected => {
                self.standing = Standing::Corrected;
                self.identified.clear();
                self.bears_on.clear();
                self.corrected_by = Some(by);
                why
            }
            _ => "of no effect where it stands".to_owned(),
        };
        self.activity.push(Done {
            stamp: stamp(entry),
            kind: entry.kind.clone(),
            why,
        });
    }

    /// Who judged it last, and when.
    pub fn judged(&self) -> Option<&Done> {
        self.activity.last()
    }
}

fn read(entry: &Entry) -> Result<StatementEvent, FoldError> {
    match &entry.body {
        Body::Shredded => Err(FoldError::Erased {
            number: entry.number,
        }),
        Body::Open(body) => {
            StatementEvent::read(&entry.kind, body).map_err(|error| FoldError::Unreadable {
                number: entry.number,
                why: error.to_string(),
            })
        }
    }
}

/// The kind of the entry of a report.
pub const REPORT_READ: &str = "report.read";

impl Report {
    /// The stream of a report.
    pub fn stream(id: &str) -> String {
        format!("report/{id}")
    }

    /// The id of a report, from the digest of its bytes.
    pub fn id_of(sha256: &str) -> String {
        format!("R-{}", sha256.chars().take(12).collect::<String>())
    }

    /// The report of its entry.
    ///
    /// # Errors
    /// When the entry is none of a report, or was erased.
    pub fn of(entry: &Entry) -> Result<Report, FoldError> {
        let number = entry.number;
        let Body::Open(body) = &entry.body else {
            return Err(FoldError::Erased { number });
        };
        if entry.kind != REPORT_READ {
            return Err(FoldError::NotMade {
                number,
                kind: entry.kind.clone(),
            });
        }
        let word = |field: &str| {
            body.get(field)
                .and_then(Value::as_str)
                .map(str::to_owned)
                .ok_or_else(|| FoldError::Unreadable {
                    number,
                    why: format!("the report has no `{field}`"),
                })
        };
        let id = entry.stream.strip_prefix("report/");
        Ok(Report {
            id: id.unwrap_or(&entry.stream).to_owned(),
            name: word("name")?,
            sha256: word("sha256")?,
            keeps: word("keeps")?,
            text: body.get("text").and_then(Value::as_str).map(str::to_owned),
            reading: body.get("reading").cloned().unwrap_or_default(),
            stamp: stamp(entry),
        })
    }
}
