//! The document of one undertaking on a day: as made, what bears on it, how it stands, and both sides' words.

use catchall_law::Law;
use catchall_law::commitments::{Act, Due, PartyAnswer, Record, Undertaking, When};
use catchall_model::{ActKind, Day, InForceOn, Places, Shows, Standing, UndertakingSort};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::{Asked, name_of};

/// The schema of the document.
pub const SCHEMA: &str = "catchall.commitment/1";

/// One undertaking on a day.
#[derive(Clone, Debug, Serialize)]
pub struct Commitment {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The undertaking.
    pub undertaking: String,
    /// Title.
    pub title: String,
    /// The instrument in which it stands, by title.
    pub instrument: Option<String>,
    /// Citation.
    pub cite: String,
    /// Where it was read.
    pub source: String,
    /// `read` or `recalled`.
    pub confidence: &'static str,
    /// How it binds.
    pub force: &'static str,
    /// Who is bound.
    pub by: Vec<String>,
    /// To whom.
    pub to: Vec<String>,
    /// What was undertaken.
    pub what: String,
    /// To do, not to do, or a figure.
    pub sort: &'static str,
    /// Since when.
    pub from: Option<String>,
    /// The last day by its own terms.
    pub until: Option<String>,
    /// By when; `not published` where there is a day that nobody has told.
    pub due: Option<String>,
    /// How it is measured.
    pub measured: String,
    /// The figure that may not be exceeded.
    pub ceiling: Option<CeilingRow>,
    /// The right to leave.
    pub leave: Option<String>,
    /// Undertakings on which it depends.
    pub needs: Vec<String>,
    /// How.
    pub link: String,
    /// Words for the reader.
    pub note: String,
    /// How it stands: of all who are bound, the gravest.
    pub standing: Standing,
    /// Whether it binds.
    pub in_force: InForceOn,
    /// Since when it stands so.
    pub since: Option<Day>,
    /// One plain sentence.
    pub summary: String,
    /// How it stands with each who is bound.
    pub parties: Vec<PartyRow>,
    /// Both sides' words up to the day: of the bound, then of everybody else.
    pub words: Words,
    /// What bears on it, in the order of days; what comes after the day asked says so.
    pub acts: Vec<ActRow>,
    /// How it stood over time.
    pub history: Vec<HistoryRow>,
    /// What was asked.
    pub asked: AskedRow,
    /// What the answer rests on.
    pub basis: Basis,
    /// Digest of all the above.
    pub id: String,
}

/// A ceiling.
#[derive(Clone, Debug, Serialize)]
pub struct CeilingRow {
    /// The most.
    pub most: String,
    /// Of what.
    pub of: String,
    /// Its unit; empty for a count.
    pub unit: String,
}

/// How it stands with one who is bound.
#[derive(Clone, Debug, Serialize)]
pub struct PartyRow {
    /// Code or name.
    pub party: String,
    /// Name.
    pub name: String,
    /// How it stands.
    pub standing: Standing,
    /// Whether it binds.
    pub in_force: InForceOn,
    /// What it may be, where that is not known.
    pub possible: Vec<Standing>,
    /// Why.
    pub because: Vec<ReasonRow>,
    /// What to ask.
    pub missing: Vec<String>,
    /// How it stood over time.
    pub history: Vec<HistoryRow>,
}

/// Why something stands so.
#[derive(Clone, Debug, Serialize)]
pub struct ReasonRow {
    /// The rule of docs/commitments.md; 0 for what is noted and moves nothing.
    pub rule: u8,
    /// The act.
    pub act: Option<String>,
    /// In words.
    pub words: String,
}

/// Both sides' words.
#[derive(Clone, Debug, Serialize)]
pub struct Words {
    /// Ids of acts that are words of those who are bound.
    pub bound: Vec<String>,
    /// Ids of acts that are words of others.
    pub others: Vec<String>,
}

/// What happened.
#[derive(Clone, Debug, Serialize)]
pub struct ActRow {
    /// Its key.
    pub id: String,
    /// When.
    pub date: String,
    /// The first day that it may have been.
    #[serde(skip)]
    pub first: Day,
    /// Who.
    pub by: String,
    /// Who, by name.
    pub name: String,
    /// Person, office or outlet.
    pub who: String,
    /// What it is.
    pub kind: ActKind,
    /// `said` or `done`: above the line of a lane, or below.
    pub side: &'static str,
    /// Whether one side alone tells of it.
    pub one_side: bool,
    /// What it shows.
    pub shows: Option<Shows>,
    /// In words.
    pub what: String,
    /// Who says that it happened, where it is not plain to all.
    pub said_by: Vec<String>,
    /// From when it takes effect.
    pub effective: Option<String>,
    /// A figure.
    pub value: Option<String>,
    /// What it answers, closes, corrects or takes back.
    pub of: Vec<String>,
    /// Citation.
    pub cite: String,
    /// Where it was read.
    pub source: String,
    /// `read` or `recalled`.
    pub confidence: &'static str,
    /// Whether it comes after the day asked, and so counts for nothing.
    pub later: bool,
}

/// A stretch of days.
#[derive(Clone, Debug, Serialize)]
pub struct HistoryRow {
    /// The first.
    pub from: Day,
    /// The last.
    pub to: Day,
    /// How it stood.
    pub standing: Standing,
    /// Whether it bound.
    pub in_force: InForceOn,
}

/// A standing with its days, short.
pub type Stood = HistoryRow;

/// What was asked.
#[derive(Clone, Debug, Serialize)]
pub struct AskedRow {
    /// The day.
    pub on: Day,
    /// The record as of this day.
    pub known_by: Day,
}

/// What the answer rests on.
#[derive(Clone, Debug, Serialize)]
pub struct Basis {
    /// Digest of the packs.
    pub packs: String,
    /// Digest of the user's files; empty where there were none.
    pub further: String,
}

/// Makes the document. `record` is that of the packs, with what a user's file adds; `further` its digest.
pub fn document(
    law: &Law,
    record: &Record,
    further: &str,
    places: &Places,
    undertaking: &Undertaking,
    asked: Asked,
) -> Commitment {
    let name = |party: &str| name_of(places, party);
    let answer = record.standing(undertaking, asked.on, Some(asked.known_by), &name);
    let history = |party: Option<&str>, last: Day| -> Vec<HistoryRow> {
        let rows = record.history(undertaking, party, last, Some(asked.known_by));
        rows.into_iter()
            .map(|row| HistoryRow {
                from: row.first,
                to: row.last,
                standing: row.standing,
                in_force: row.in_force,
            })
            .collect()
    };
    let acts: Vec<ActRow> = record
        .acts_of(undertaking)
        .filter(|act| act.recorded.is_none_or(|day| day <= asked.known_by))
        .filter(|act| act.date.first <= asked.through)
        .map(|act| row(act, undertaking, places, asked.on))
        .collect();
    let words = |bound: bool| -> Vec<String> {
        acts.iter()
            .filter(|act| {
                act.side == "said" && !act.later && undertaking.by.contains(&act.by) == bound
            })
            .map(|act| act.id.clone())
            .collect()
    };
    let parties: Vec<PartyRow> = answer
        .parties
        .iter()
        .map(|each| party(each, &name, history(Some(&each.party), asked.on)))
        .collect();
    let up_to = history(None, asked.on);
    let mut made = Commitment {
        schema: SCHEMA,
        undertaking: undertaking.id.clone(),
        title: undertaking.title.clone(),
        instrument: undertaking
            .instrument
            .and_then(|place| law.instruments.get(place))
            .map(|instrument| instrument.title.clone()),
        cite: undertaking.cite.clone(),
        source: undertaking.source.clone(),
        confidence: confidence(undertaking.read),
        force: undertaking.force.word(),
        by: undertaking.by.clone(),
        to: undertaking.to.clone(),
        what: undertaking.what.clone(),
        sort: undertaking.sort.word(),
        from: when(undertaking.from),
        until: when(undertaking.until),
        due: match undertaking.due {
            Due::None => None,
            Due::NotPublished => Some("not published".to_owned()),
            Due::By(day) => when(day),
        },
        measured: undertaking.measured.clone(),
        ceiling: undertaking.ceiling.as_ref().map(|ceiling| CeilingRow {
            most: ceiling.most.to_string(),
            of: ceiling.of.clone(),
            unit: ceiling.unit.clone(),
        }),
        leave: undertaking.leave.as_ref().map(|leave| leave.text.clone()),
        needs: undertaking.needs.clone(),
        link: undertaking.link.clone(),
        note: undertaking.note.clone(),
        standing: answer.standing,
        in_force: answer.in_force,
        since: up_to.last().map(|row| row.from),
        summary: String::new(),
        words: Words {
            bound: words(true),
            others: words(false),
        },
        parties,
        acts,
        history: if asked.through > asked.on {
            history(None, asked.through)
        } else {
            up_to
        },
        asked: AskedRow {
            on: asked.on,
            known_by: asked.known_by,
        },
        basis: Basis {
            packs: law.digest.clone(),
            further: further.to_owned(),
        },
        id: String::new(),
    };
    made.summary = summary(&made, undertaking);
    let bytes = serde_json::to_vec(&made).unwrap_or_default();
    made.id = hex(&bytes);
    made
}

pub(super) fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

fn confidence(read: bool) -> &'static str {
    if read { "read" } else { "recalled" }
}

fn party(
    answer: &PartyAnswer,
    name: &dyn Fn(&str) -> String,
    history: Vec<HistoryRow>,
) -> PartyRow {
    PartyRow {
        party: answer.party.clone(),
        name: name(&answer.party),
        standing: answer.standing,
        in_force: answer.in_force,
        possible: answer.possible.clone(),
        because: answer
            .because
            .iter()
            .map(|reason| ReasonRow {
                rule: reason.rule,
                act: reason.act.clone(),
                words: reason.words.clone(),
            })
            .collect(),
        missing: answer.missing.clone(),
        history,
    }
}

fn row(act: &Act, undertaking: &Undertaking, places: &Places, on: Day) -> ActRow {
    let said = act.kind.is_words()
        || matches!(
            act.kind,
            ActKind::Relief | ActKind::Correction | ActKind::Retraction
        );
    ActRow {
        id: act.id.clone(),
        date: when(act.date).unwrap_or_default(),
        first: act.date.first,
        by: act.by.clone(),
        name: name_of(places, &act.by),
        who: act.who.clone(),
        kind: act.kind,
        side: if said { "said" } else { "done" },
        one_side: !act.said_by.is_empty()
            && !act.said_by.iter().any(|teller| {
                let bound = undertaking.by.contains(teller);
                // Told against one's interest by the one who acted, it is no longer one side's word.
                bound && act.by == *teller && act.shows != Some(Shows::Kept)
            }),
        shows: act.shows,
        what: act.what.clone(),
        said_by: act.said_by.clone(),
        effective: act.effective.and_then(when),
        value: act.value.map(|value| value.to_string()),
        of: act.of.clone(),
        cite: act.cite.clone(),
        source: act.source.clone(),
        confidence: confidence(act.read),
        later: act.date.first > on,
    }
}

/// A day, month, year or span as packs write it; `None` for no bound at all.
pub(super) fn when(span: When) -> Option<String> {
    if span.first == Day::MIN || span.last == Day::MAX {
        return None;
    }
    if span.first == span.last {
        return Some(span.first.to_string());
    }
    let (first, last) = (span.first.to_string(), span.last.to_string());
    let month = first.ends_with("-01") && span.first.plus_months(1).previous() == span.last;
    let year = first.ends_with("-01-01") && span.first.plus_months(12).previous() == span.last;
    Some(if year {
        first.chars().take(4).collect()
    } else if month {
        first.chars().take(7).collect()
    } else {
        format!("[{first}..{last}]")
    })
}

/// One sentence: how it stands and why.
fn summary(made: &Commitment, undertaking: &Undertaking) -> String {
    let gravest = made
        .parties
        .iter()
        .find(|party| party.standing == made.standing);
    let why = gravest
        .and_then(|party| {
            party
                .because
                .iter()
                .find(|reason| reason.rule > 0)
                .or(party.because.first())
        })
        .map_or(String::new(), |reason| {
            format!(": {}", reason.words.trim_end_matches('.'))
        });
    let whose = match gravest {
        Some(party) if made.parties.len() > 1 => format!(" ({})", party.name),
        _ => String::new(),
    };
    let figure = undertaking
        .ceiling
        .as_ref()
        .filter(|_| undertaking.sort == UndertakingSort::Ceiling)
        .map_or(String::new(), |ceiling| {
            format!(
                " (at most {} {} {})",
                ceiling.most, ceiling.unit, ceiling.of
            )
            .replace("  ", " ")
        });
    format!(
        "On {} {}{whose}{figure}{why}.",
        made.asked.on,
        made.standing.word().replace('_', " ")
    )
}
