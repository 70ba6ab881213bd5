//! Rules: what a person may do to a statement, and why not. Rights come from the policy; the rest holds whatever it says.
//!
//! Nothing is edited: a correction is a statement of its own, in the place of the old one; a retraction, a relief and a reply are
//! statements that name the one they bear on. A reply of the party counts as soon as it is recorded, since a denial has full rank and
//! nobody may keep it back; everything else waits until a person accepts it. To add a rule: a variant of [`Refused`], a check here,
//! a line in `tests/statements.rs` that breaks it.

use catchall_model::Shows;
use serde_json::{Value, json};

use super::event::{Bearing, Identified, Made, Relation, RelationKind, StatementEvent, Told};
use super::{KINDS, REPORT_READ, Report, Standing, Statement};
use crate::case::event::EventError;
use crate::nearest::suggestion;
use crate::policy::{Act, NotAllowed, Place, Policy};
use crate::{Actor, Draft, Timestamp};

/// Who acts, when, and under which policy.
#[derive(Clone, Copy, Debug)]
pub struct Clerk<'a> {
    /// Roles and acts.
    pub policy: &'a Policy,
    /// Who acts.
    pub actor: &'a Actor,
    /// When.
    pub at: Timestamp,
}

/// What a person does to a statement.
#[derive(Clone, Debug, PartialEq)]
pub enum Command {
    /// Accept it.
    Accept {
        /// Parties identified beyond their name.
        identified: Vec<Identified>,
        /// Undertakings on which it bears.
        bears_on: Vec<Bearing>,
        /// Why.
        why: String,
    },
    /// Reject it.
    Reject {
        /// Why.
        why: String,
    },
    /// Take acceptance or rejection back.
    Reopen {
        /// Why.
        why: String,
    },
    /// Put another in its place, of the same words, and accept that one.
    Correct {
        /// Id of the new one.
        id: String,
        /// Who, when, what; where the words stand is taken from the old one.
        told: Told,
        /// Parties identified beyond their name.
        identified: Vec<Identified>,
        /// Undertakings on which it bears.
        bears_on: Vec<Bearing>,
        /// What was wrong.
        why: String,
    },
    /// Record a retraction, a relief or a reply.
    Answer {
        /// Id of the new one.
        id: String,
        /// Which.
        is: RelationKind,
        /// Who, when, what.
        told: Told,
        /// Where it comes from.
        source: String,
    },
}

/// A report that was read, to be recorded.
#[derive(Clone, Debug)]
pub struct Read {
    /// Name of the file.
    pub name: String,
    /// Digest of its bytes.
    pub sha256: String,
    /// `whole`, `excerpts` or `offsets`.
    pub keeps: &'static str,
    /// Its words, where they are kept.
    pub text: Option<String>,
    /// What was read.
    pub reading: Value,
    /// Its statements, with their ids within it.
    pub statements: Vec<(String, Told)>,
}

/// Why something is not done.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// The policy does not allow it.
    #[error(transparent)]
    NotAllowed(#[from] NotAllowed),
    /// It stands elsewhere.
    #[error("{id} is {standing}, so it cannot be {wanted}; {cure}")]
    Stands {
        /// The statement.
        id: String,
        /// Where it stands.
        standing: &'static str,
        /// What was wanted.
        wanted: &'static str,
        /// What can be done.
        cure: &'static str,
    },
    /// Something is missing.
    #[error("{what} is missing; {cure}")]
    LeftOut {
        /// What.
        what: &'static str,
        /// What would be right.
        cure: &'static str,
    },
    /// A word that is none of a closed list.
    #[error("`{found}` is no {what}{near}; write one of {known}")]
    Word {
        /// As stated.
        found: String,
        /// Of what.
        what: &'static str,
        /// A near one.
        near: String,
        /// All of them.
        known: String,
    },
    /// It cannot be written.
    #[error(transparent)]
    Event(#[from] EventError),
}

impl Clerk<'_> {
    fn may(&self, act: &str) -> Result<(), Refused> {
        match Act::find(act) {
            Some(act) => {
                let place = Place::of_team(self.actor.team.as_deref());
                Ok(self.policy.may(self.actor, act, place)?)
            }
            // A word that is no act gives no right.
            None => Err(NotAllowed::Act {
                name: self.actor.name.clone(),
                roles: self.actor.roles.join(", "),
                about: "do that",
                who: "nobody".to_owned(),
            }
            .into()),
        }
    }

    fn draft(&self, id: &str, event: &StatementEvent) -> Result<Draft, Refused> {
        let (kind, body) = event.write()?;
        let stream = Statement::stream(id);
        Ok(Draft::new(stream, kind, self.actor.clone(), self.at, body))
    }

    /// A report with its statements. Append after 0 of the report's stream: a stream that is there was read already.
    ///
    /// # Errors
    /// When the actor may not make statements, or a statement is of no kind.
    pub fn read(&self, read: &Read) -> Result<Vec<Draft>, Refused> {
        self.may("statement.make")?;
        let id = Report::id_of(&read.sha256);
        let body = json!({
            "name": read.name, "sha256": read.sha256, "keeps": read.keeps, "text": read.text, "reading": read.reading,
        });
        let mut drafts = vec![Draft::new(
            Report::stream(&id),
            REPORT_READ,
            self.actor.clone(),
            self.at,
            body,
        )];
        for (within, told) in &read.statements {
            check(told)?;
            let made = Made {
                report: id.clone(),
                within: within.clone(),
                told: told.clone(),
                ..Made::default()
            };
            drafts.push(self.draft(
                &format!("{id}.{within}"),
                &StatementEvent::Made(Box::new(made)),
            )?);
        }
        Ok(drafts)
    }

    /// What a command does, as drafts: those of the statement's own stream, and of a new one where it makes one.
    ///
    /// # Errors
    /// Why it cannot be done, and what could be.
    pub fn act(&self, statement: &Statement, command: Command) -> Result<Vec<Draft>, Refused> {
        let id = &statement.id;
        match command {
            Command::Accept {
                identified,
                bears_on,
                why,
            } => {
                self.may("statement.accept")?;
                shown(&bears_on)?;
                stands(statement, &[Standing::Waiting], "accepted")?;
                Ok(vec![self.draft(
                    id,
                    &StatementEvent::Accepted {
                        identified,
                        bears_on,
                        why,
                    },
                )?])
            }
            Command::Reject { why } => {
                self.may("statement.accept")?;
                stands(statement, &[Standing::Waiting], "rejected")?;
                said("the reason", &why, "say why it does not stand")?;
                Ok(vec![self.draft(id, &StatementEvent::Rejected { why })?])
            }
            Command::Reopen { why } => {
                self.may("statement.accept")?;
                let judged = [Standing::Accepted, Standing::Rejected];
                stands(statement, &judged, "taken back")?;
                said("the reason", &why, "say what changed")?;
                Ok(vec![self.draft(id, &StatementEvent::Reopened { why })?])
            }
            Command::Correct {
                id: new,
                told,
                identified,
                bears_on,
                why,
            } => self.correct(statement, new, told, (identified, bears_on), why),
            Command::Answer {
                id: new,
                is,
                told,
                source,
            } => self.answer(statement, &new, is, told, source),
        }
    }

    fn correct(
        &self,
        old: &Statement,
        new: String,
        told: Told,
        (identified, bears_on): (Vec<Identified>, Vec<Bearing>),
        why: String,
    ) -> Result<Vec<Draft>, Refused> {
        self.may("statement.make")?;
        self.may("statement.accept")?;
        let open = [Standing::Waiting, Standing::Accepted, Standing::Rejected];
        stands(old, &open, "corrected")?;
        said("what was wrong", &why, "say it in a few words")?;
        shown(&bears_on)?;
        let told = Told {
            span: old.made.told.span,
            bytes: old.made.told.bytes,
            ..told
        };
        check(&told)?;
        let made = Made {
            report: old.made.report.clone(),
            within: old.made.within.clone(),
            relation: Some(Relation {
                is: RelationKind::Correction,
                of: old.id.clone(),
            }),
            told,
            source: old.made.source.clone(),
        };
        Ok(vec![
            self.draft(&new, &StatementEvent::Made(Box::new(made)))?,
            self.draft(
                &new,
                &StatementEvent::Accepted {
                    identified,
                    bears_on,
                    why: why.clone(),
                },
            )?,
            self.draft(&old.id, &StatementEvent::Corrected { by: new, why })?,
        ])
    }

    fn answer(
        &self,
        of: &Statement,
        new: &str,
        is: RelationKind,
        told: Told,
        source: String,
    ) -> Result<Vec<Draft>, Refused> {
        self.may("statement.make")?;
        if is == RelationKind::Correction {
            return Err(Refused::LeftOut {
                what: "the corrected statement",
                cure: "a correction takes the place of what it corrects: use `correct`",
            });
        }
        said(
            "the source",
            &source,
            "name the letter, the issue or the notice",
        )?;
        if told.said.is_none() {
            return Err(Refused::LeftOut {
                what: "the day",
                cure: "it counts from a day, so write on which it was said",
            });
        }
        let about = if told.about.is_empty() {
            of.made.told.about.clone()
        } else {
            told.about.clone()
        };
        let kind = match is {
            // A party's reply is a denial, with full rank.
            RelationKind::Reply if told.kind.is_empty() => "denied".to_owned(),
            _ if told.kind.is_empty() => "said".to_owned(),
            _ => told.kind.clone(),
        };
        let told = Told {
            about,
            kind,
            span: [0, 0],
            bytes: [0, 0],
            ..told
        };
        check(&told)?;
        said("what was said", &told.content, "write it in a few words")?;
        let made = Made {
            report: of.made.report.clone(),
            within: String::new(),
            relation: Some(Relation {
                is,
                of: of.id.clone(),
            }),
            told,
            source,
        };
        let mut drafts = vec![self.draft(new, &StatementEvent::Made(Box::new(made)))?];
        if is == RelationKind::Reply {
            drafts.push(self.draft(
                new,
                &StatementEvent::Accepted {
                    identified: Vec::new(),
                    bears_on: Vec::new(),
                    why: "a reply counts as soon as it is recorded".to_owned(),
                },
            )?);
        }
        Ok(drafts)
    }
}

fn stands(statement: &Statement, among: &[Standing], wanted: &'static str) -> Result<(), Refused> {
    if among.contains(&statement.standing) {
        return Ok(());
    }
    Err(Refused::Stands {
        id: statement.id.clone(),
        standing: statement.standing.word(),
        wanted,
        cure: match statement.standing {
            Standing::Waiting => "accept, reject or correct it",
            Standing::Accepted | Standing::Rejected => "take that back first, and say why",
            Standing::Corrected => "act on the one that stands in its place",
        },
    })
}

fn said(what: &'static str, words: &str, cure: &'static str) -> Result<(), Refused> {
    if words.trim().is_empty() {
        return Err(Refused::LeftOut { what, cure });
    }
    Ok(())
}

fn shown(all: &[Bearing]) -> Result<(), Refused> {
    for word in all.iter().filter_map(|each| each.shows.as_deref()) {
        if word.parse::<Shows>().is_err() {
            let known = Shows::ALL.iter().map(|own| own.word());
            return Err(Refused::Word {
                found: word.to_owned(),
                what: "word for what it shows",
                near: suggestion(word, known.clone()),
                known: known.collect::<Vec<_>>().join(", "),
            });
        }
    }
    Ok(())
}

fn check(told: &Told) -> Result<(), Refused> {
    if KINDS.contains(&told.kind.as_str()) {
        return Ok(());
    }
    Err(Refused::Word {
        found: told.kind.clone(),
        what: "kind of statement",
        near: suggestion(&told.kind, KINDS),
        known: KINDS.join(", "),
    })
}
