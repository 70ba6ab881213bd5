//! What the readings tell on a question: tellings, one a statement, and what they become: claims, answers and changes.
//!
//! A telling needs a part for the party asked about: it speaks, it gives, receives or helps, it is bound, or the words are about it. A
//! mention alone is counted and gives no telling.

use std::collections::BTreeSet;

use jiff::civil::Date;
use serde::Serialize;

use super::{Question, Rung, days, name};
use crate::gazetteer::Gazetteers;
use crate::reading::{Reading, Span, Statement};

/// The part that the party asked about has in a telling.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// It gives.
    Giver,
    /// It receives.
    Receiver,
    /// It trains, helps or lends experts.
    Helper,
    /// It is bound.
    Bound,
    /// The words are about it.
    About,
    /// It speaks itself.
    Speaker,
    /// The question names no party.
    Subject,
}

/// Where a telling stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Place {
    /// The document.
    pub document: String,
    /// Digest of its file.
    pub sha256: String,
    /// The statement.
    pub statement: String,
    /// Its words, in scalar values.
    pub span: [usize; 2],
    /// The same in bytes.
    pub bytes: [usize; 2],
}

/// One statement that bears on the question.
#[derive(Clone, Debug)]
pub(super) struct Telling<'r> {
    pub(super) document: &'r Reading,
    pub(super) statement: &'r Statement,
    pub(super) said: Option<(Date, Date)>,
    pub(super) printed: Option<(Date, Date)>,
    pub(super) part: Part,
    /// Whether the speaker is the party asked about, or stands on its side.
    own_side: bool,
    relief: bool,
    technology: Vec<String>,
    /// Names that the words are about, as they are compared.
    about: BTreeSet<String>,
}

/// What a document tells.
pub(super) struct Told<'r> {
    pub(super) tellings: Vec<Telling<'r>>,
    pub(super) mentioned: usize,
}

/// One origin: all tellings that go back to it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Claim {
    /// `o1`, `o2`, in order.
    pub id: String,
    /// Its rung.
    pub rung: Rung,
    /// Who says so.
    pub speaker: Option<String>,
    /// Their country.
    pub country: Option<String>,
    /// Kind of statement.
    pub kind: &'static str,
    /// When it was said.
    pub said: Option<String>,
    /// When the first document that tells it appeared.
    pub printed: Option<String>,
    /// What, in a few words.
    pub content: String,
    /// Whether every telling keeps its distance.
    pub hedged: bool,
    /// The part of the party asked about.
    pub part: Part,
    /// Technology that the words name.
    pub technology: Vec<String>,
    /// Outlets that carried it.
    pub outlets: Vec<String>,
    /// Every telling.
    pub places: Vec<Place>,
}

/// A denial or a concession of those spoken of.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Answer {
    /// Who answers.
    pub speaker: Option<String>,
    /// Their country.
    pub country: Option<String>,
    /// `denied` or `conceded`.
    pub kind: &'static str,
    /// When.
    pub said: Option<String>,
    /// What, in a few words.
    pub content: String,
    /// Claims that it answers.
    pub answers: Vec<String>,
    /// Every telling.
    pub places: Vec<Place>,
}

/// What came after the claims.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Change {
    /// `relief`, `ordered` or `promised`.
    pub kind: &'static str,
    /// Who.
    pub speaker: Option<String>,
    /// When.
    pub said: Option<String>,
    /// What, in a few words.
    pub content: String,
    /// Where.
    pub places: Vec<Place>,
}

impl Telling<'_> {
    /// Order that no order of documents can change.
    pub(super) fn order(&self) -> (Option<(Date, Date)>, &str, &str, [usize; 2], &str) {
        (
            self.said.or(self.printed),
            &self.document.doc_id,
            &self.document.sha256,
            self.statement.at.bytes,
            &self.statement.id,
        )
    }

    /// Whether it answers for the accused side.
    pub(super) fn answers(&self) -> bool {
        self.statement.kind == "denied" || (self.statement.kind == "conceded" && self.own_side)
    }

    /// Whether it tells of a change, and of no fact charged.
    pub(super) fn changes(&self) -> bool {
        self.relief || (self.own_side && matches!(self.statement.kind, "promised" | "ordered"))
    }

    /// What it is about, for comparing topics.
    pub(super) fn topics(&self) -> BTreeSet<String> {
        self.technology
            .iter()
            .cloned()
            .chain(self.about.iter().cloned())
            .collect()
    }

    fn place(&self) -> Place {
        Place {
            document: self.document.doc_id.clone(),
            sha256: self.document.sha256.clone(),
            statement: self.statement.id.clone(),
            span: self.statement.at.span,
            bytes: self.statement.at.bytes,
        }
    }
}

/// What one document tells on the question.
pub(super) fn tellings<'r>(reading: &'r Reading, asked: &Question, words: &Gazetteers) -> Told<'r> {
    let mut told = Told {
        tellings: Vec::new(),
        mentioned: 0,
    };
    let scope = Scope::of(reading, asked, words);
    for statement in &reading.statements {
        let Some(part) = scope.part(statement) else {
            told.mentioned += usize::from(scope.mentions(statement));
            continue;
        };
        let speaker = &statement.speaker;
        let own_side = scope.party.is_some_and(|party| {
            speaker.party.as_deref() == Some(party.id.as_str())
                || (party.country.is_some() && speaker.country == party.country)
        });
        told.tellings.push(Telling {
            document: reading,
            statement,
            said: statement.said.as_deref().and_then(days::interval),
            printed: days::published(reading),
            part,
            own_side,
            relief: words.is("graph", "relief", &statement.cue),
            technology: technology_in(reading, &statement.at),
            about: about(reading, statement),
        });
    }
    told
}

/// Names that the words are about: parties, givers and receivers.
fn about(reading: &Reading, statement: &Statement) -> BTreeSet<String> {
    let parties = statement
        .about
        .iter()
        .filter_map(|id| reading.parties.iter().find(|party| party.id == *id))
        .map(|party| name::key(&party.name));
    let transfers = reading
        .transfers
        .iter()
        .filter(|transfer| transfer.statements.contains(&statement.id))
        .flat_map(|transfer| [name::key(&transfer.from), name::key(&transfer.to)]);
    parties.chain(transfers).collect()
}

fn technology_in(reading: &Reading, at: &Span) -> Vec<String> {
    reading
        .technology
        .iter()
        .filter(|own| {
            own.spans
                .iter()
                .any(|span| at.span[0] <= span[0] && span[1] <= at.span[1])
        })
        .map(|own| own.id.clone())
        .collect()
}

/// A question within one document.
struct Scope<'r> {
    reading: &'r Reading,
    asked: &'r Question,
    party: Option<&'r crate::reading::Party>,
    /// Statements that are told to bear on it, by a transfer or an undertaking.
    named: Vec<(&'r str, Part)>,
}

impl<'r> Scope<'r> {
    fn of(reading: &'r Reading, asked: &'r Question, words: &Gazetteers) -> Scope<'r> {
        let party = match asked {
            Question::Party(own) => name::party(reading, own),
            _ => None,
        };
        let mut named: Vec<(&str, Part)> = Vec::new();
        match asked {
            Question::Party(own) => {
                let bears = |words: &str| {
                    name::same(words, own)
                        || party.is_some_and(|party| {
                            name::same(words, &party.name)
                                || party.aliases.iter().any(|alias| name::same(words, alias))
                        })
                };
                for transfer in &reading.transfers {
                    let help = transfer
                        .technology
                        .iter()
                        .any(|id| id == "technical-assistance");
                    let part = match (bears(&transfer.from), bears(&transfer.to)) {
                        (true, _) if help => Some(Part::Helper),
                        (true, _) => Some(Part::Giver),
                        (_, true) => Some(Part::Receiver),
                        _ => None,
                    };
                    named.extend(part.into_iter().flat_map(|part| {
                        transfer
                            .statements
                            .iter()
                            .map(move |id| (id.as_str(), part))
                    }));
                }
                for commitment in reading.commitments.iter().filter(|own| bears(&own.who)) {
                    named.extend(commitment.statement.as_deref().map(|id| (id, Part::Bound)));
                }
            }
            Question::Transfer { from, to } => {
                let (from, to) = (name::state_or(words, from), name::state_or(words, to));
                for transfer in &reading.transfers {
                    if name::same(&transfer.from, &from) && name::same(&transfer.to, &to) {
                        named.extend(
                            transfer
                                .statements
                                .iter()
                                .map(|id| (id.as_str(), Part::Subject)),
                        );
                    }
                }
                clashing(reading, &mut named);
            }
            Question::Commitment(own) => {
                let who = name::state_or(words, own);
                let lower = own.to_lowercase();
                for commitment in &reading.commitments {
                    if name::same(&commitment.who, &who)
                        || commitment.what.to_lowercase().contains(&lower)
                    {
                        named.extend(
                            commitment
                                .statement
                                .as_deref()
                                .map(|id| (id, Part::Subject)),
                        );
                    }
                }
                clashing(reading, &mut named);
            }
            Question::Technology(_) => {}
        }
        Scope {
            reading,
            asked,
            party,
            named,
        }
    }

    /// The part of the question in a statement; none when it is only mentioned, or not at all.
    fn part(&self, statement: &Statement) -> Option<Part> {
        let named = self
            .named
            .iter()
            .filter(|(id, _)| *id == statement.id)
            .map(|(_, part)| *part)
            .min();
        if named.is_some() {
            return named;
        }
        match self.asked {
            Question::Technology(own) => {
                let hit = self.reading.technology.iter().any(|tech| {
                    let meant = tech.id == *own
                        || tech.terms.iter().any(|term| name::same(term, own))
                        || name::same(&tech.name, own);
                    meant
                        && tech.spans.iter().any(|span| {
                            statement.at.span[0] <= span[0] && span[1] <= statement.at.span[1]
                        })
                });
                hit.then_some(Part::Subject)
            }
            Question::Party(_) => {
                let party = self.party?;
                if statement.about.contains(&party.id) {
                    return Some(Part::About);
                }
                (statement.speaker.party.as_deref() == Some(party.id.as_str()))
                    .then_some(Part::Speaker)
            }
            _ => None,
        }
    }

    fn mentions(&self, statement: &Statement) -> bool {
        self.party.is_some_and(|party| {
            party
                .spans
                .iter()
                .any(|span| statement.at.span[0] <= span[0] && span[1] <= statement.at.span[1])
        })
    }
}

/// Statements that a text sets against one already named.
fn clashing<'r>(reading: &'r Reading, named: &mut Vec<(&'r str, Part)>) {
    let known: Vec<&str> = named.iter().map(|(id, _)| *id).collect();
    for clash in &reading.contradictions {
        if known.contains(&clash.a.as_str()) {
            named.push((&clash.b, Part::Subject));
        } else if known.contains(&clash.b.as_str()) {
            named.push((&clash.a, Part::Subject));
        }
    }
}

impl Claim {
    /// One claim of the tellings of one origin, in order; the best rung speaks for all.
    pub(super) fn of(group: &[&Telling<'_>]) -> Claim {
        let best = group
            .iter()
            .min_by_key(|own| (Rung::of(own.statement), own.statement.hedged, own.part));
        let mut outlets: Vec<String> = group
            .iter()
            .flat_map(|own| own.statement.outlets.clone())
            .collect();
        outlets.sort();
        outlets.dedup();
        let mut technology: Vec<String> = group
            .iter()
            .flat_map(|own| own.technology.clone())
            .collect();
        technology.sort();
        technology.dedup();
        let mut places: Vec<Place> = group.iter().map(|own| own.place()).collect();
        places.sort();
        let speaker = best.map(|own| &own.statement.speaker);
        Claim {
            id: String::new(),
            rung: best.map_or(Rung::Unattributed, |own| Rung::of(own.statement)),
            speaker: speaker.and_then(|own| own.name.clone()),
            country: speaker.and_then(|own| own.country.clone()),
            kind: best.map_or("said", |own| own.statement.kind),
            said: group
                .iter()
                .filter_map(|own| own.statement.said.clone())
                .min(),
            printed: group
                .iter()
                .filter_map(|own| own.printed)
                .map(|(from, _)| from.to_string())
                .min(),
            content: best.map_or_else(String::new, |own| own.statement.content.clone()),
            hedged: group.iter().all(|own| own.statement.hedged),
            part: group
                .iter()
                .map(|own| own.part)
                .min()
                .unwrap_or(Part::About),
            technology,
            outlets,
            places,
        }
    }
}

/// Denials and concessions, each with the claims that it answers: those that its own text sets it against, else those on the same
/// topic that came before it.
pub(super) fn answers(
    answering: &[Telling<'_>],
    claims: &[Claim],
    claiming: &[Telling<'_>],
) -> Vec<Answer> {
    let mut all: Vec<Answer> = Vec::new();
    for telling in answering {
        let statement = telling.statement;
        let answered = claims
            .iter()
            .filter(|claim| {
                claiming
                    .iter()
                    .filter(|other| claim.places.contains(&other.place()))
                    .any(|other| answered(telling, other))
            })
            .map(|claim| claim.id.clone())
            .collect();
        let known = all.iter_mut().find(|own| {
            own.speaker == statement.speaker.name
                && own.said == statement.said
                && own.content == statement.content
        });
        if let Some(known) = known {
            known.places.push(telling.place());
            continue;
        }
        all.push(Answer {
            speaker: statement.speaker.name.clone(),
            country: statement.speaker.country.clone(),
            kind: statement.kind,
            said: statement.said.clone(),
            content: statement.content.clone(),
            answers: answered,
            places: vec![telling.place()],
        });
    }
    all
}

fn answered(answer: &Telling<'_>, claim: &Telling<'_>) -> bool {
    if answer.document.sha256 == claim.document.sha256 {
        let (a, b) = (&answer.statement.id, &claim.statement.id);
        let clash = answer
            .document
            .contradictions
            .iter()
            .any(|own| (own.a == *a && own.b == *b) || (own.a == *b && own.b == *a));
        if clash {
            return true;
        }
    }
    let (a, b) = (answer.topics(), claim.topics());
    let shared = a.intersection(&b).next().is_some();
    let day = |own: &Telling<'_>| own.said.or(own.printed);
    let after = match (day(answer), day(claim)) {
        (Some(answer), Some(claim)) => answer.1 >= claim.0,
        _ => answer.document.sha256 == claim.document.sha256,
    };
    let speaker = |own: &Telling<'_>| own.statement.speaker.name.as_deref().map(name::key);
    let others = speaker(answer) != speaker(claim);
    shared
        && after
        && others
        && matches!(
            claim.statement.kind,
            "alleged" | "reported" | "said" | "conceded"
        )
}

/// What came after the first claim, by day.
pub(super) fn changes(changing: &[Telling<'_>], claiming: &[Telling<'_>]) -> Vec<Change> {
    let first = claiming
        .iter()
        .filter_map(|own| own.said.or(own.printed))
        .min();
    let mut all: Vec<Change> = Vec::new();
    for telling in changing {
        let late = match (telling.said.or(telling.printed), first) {
            (Some(own), Some(first)) => own.1 >= first.0,
            _ => true,
        };
        if !late {
            continue;
        }
        let statement = telling.statement;
        let known = all.iter_mut().find(|own| {
            own.said == statement.said
                && own.speaker == statement.speaker.name
                && own.content == statement.content
        });
        if let Some(known) = known {
            known.places.push(telling.place());
            continue;
        }
        all.push(Change {
            kind: if telling.relief {
                "relief"
            } else {
                statement.kind
            },
            speaker: statement.speaker.name.clone(),
            said: statement
                .said
                .clone()
                .or_else(|| telling.printed.map(|(from, _)| from.to_string())),
            content: statement.content.clone(),
            places: vec![telling.place()],
        });
    }
    all
}

/// The day of the last relief.
pub(super) fn closed(changes: &[Change]) -> Option<String> {
    changes
        .iter()
        .filter(|change| change.kind == "relief")
        .filter_map(|change| change.said.clone())
        .max()
}
