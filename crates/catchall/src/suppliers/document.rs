//! The answer for one person and one reported transfer, law by law.

use catchall_law::{Holds, Law, Sanction, fold_name};
use catchall_model::{
    Day, Determination, Effect, Finding, Places, Question, Sanctionable, Verdict,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

use super::report::Reported;

/// The schema of the document.
pub const SCHEMA: &str = "catchall.supplier/1";

/// One person and one reported transfer.
#[derive(Clone, Debug, Serialize)]
pub struct Supplier {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The row's key.
    pub report: String,
    /// Who.
    pub person: PersonRow,
    /// What.
    pub item: String,
    /// When.
    pub date: Option<Day>,
    /// Whither.
    pub to: Option<String>,
    /// Told by whom.
    pub source: String,
    /// How credible it was called.
    pub credibility: String,
    /// The day on which the question is put.
    pub determined: Day,
    /// As recorded by this day.
    pub known_by: Day,
    /// The strongest answer of all laws.
    pub sanctionable: Sanctionable,
    /// If every missing fact turns out well, or badly.
    pub bounds: [Sanctionable; 2],
    /// One plain sentence.
    pub summary: String,
    /// Each law that reaches it or may reach it, the strongest first.
    pub laws: Vec<LawRow>,
    /// What was found, with each test; the effect in the words of this scale.
    pub findings: Vec<serde_json::Value>,
    /// What to ask.
    pub missing: Vec<Question>,
    /// Digest of the packs.
    pub packs: String,
    /// Digest of all the above.
    pub id: String,
}

/// Who made the transfer.
#[derive(Clone, Debug, Serialize)]
pub struct PersonRow {
    /// Name.
    pub name: String,
    /// Country.
    pub country: Option<String>,
}

/// What one law says.
#[derive(Clone, Debug, Serialize)]
pub struct LawRow {
    /// Its pack.
    pub law: String,
    /// Its title.
    pub title: String,
    /// Its answer.
    pub sanctionable: Sanctionable,
    /// If every missing fact turns out well, or badly.
    pub bounds: [Sanctionable; 2],
    /// What decides, cited.
    pub cite: Vec<String>,
    /// The measures that follow, or may.
    pub measures: Vec<MeasureRow>,
    /// What lifts them, cited.
    pub lifted_by: Vec<String>,
    /// When a report is due.
    pub report: Option<CalendarRow>,
    /// Whether measures were put on this person.
    pub status: StatusRow,
    /// What is owed, and what was said, where no measures were taken.
    pub not_acting: Option<NotActing>,
    /// Keys of the facts that could still change its answer.
    pub missing: Vec<String>,
}

/// Measures.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureRow {
    /// `mandatory` or `discretionary`.
    pub duty: Sanctionable,
    /// In words.
    pub what: String,
    /// For how many months.
    pub months: Option<u32>,
    /// Citation.
    pub cite: String,
}

/// A report on the statutory calendar.
#[derive(Clone, Debug, Serialize)]
pub struct CalendarRow {
    /// To whom.
    pub to: String,
    /// By when.
    pub due: Day,
    /// Citation.
    pub cite: String,
}

/// Whether measures were put on the person.
#[derive(Clone, Debug, Serialize)]
pub struct StatusRow {
    /// `in_force`, `ended`, `not_yet`, `none_recorded`, or `not_known` where the days are not.
    pub state: &'static str,
    /// The days.
    pub interval: Option<String>,
    /// Citation.
    pub cite: Option<String>,
}

/// No measures were taken.
#[derive(Clone, Debug, Serialize)]
pub struct NotActing {
    /// What is owed then.
    pub owed: String,
    /// What was given as the reason.
    pub stated: String,
}

pub(super) fn document(
    law: &Law,
    places: &Places,
    reported: &Reported,
    determined: Day,
    made: Determination,
) -> Supplier {
    let transfer = &reported.transfer;
    let person = transfer
        .parties
        .iter()
        .flatten()
        .find(|party| party.name.as_ref() == Some(&reported.person));
    let country = person.and_then(|party| party.country);
    let mut laws: Vec<LawRow> = made
        .jurisdictions
        .iter()
        .map(|row| {
            let context = Context {
                law,
                reported,
                determined,
                findings: &made.findings,
            };
            context.row(row)
        })
        .collect();
    laws.sort_by(|a, b| {
        rank(b.sanctionable)
            .cmp(&rank(a.sanctionable))
            .then_with(|| a.law.cmp(&b.law))
    });
    let sanctionable = fired(made.outcome.word(), made.bounds.least);
    let mut supplier = Supplier {
        schema: SCHEMA,
        report: transfer.id.clone(),
        person: PersonRow {
            name: reported.person.clone(),
            country: country.map(|country| places.name(&country).to_owned()),
        },
        item: reported.item.clone(),
        date: transfer.date,
        to: transfer.to.map(|to| places.name(&to).to_owned()),
        source: reported.source.clone(),
        credibility: reported.credibility.clone(),
        determined,
        known_by: made.asked.known_by,
        sanctionable,
        bounds: [answer(made.bounds.least), answer(made.bounds.most)],
        summary: String::new(),
        laws,
        findings: made.findings.iter().map(found).collect(),
        missing: made.missing.essential,
        packs: law.digest.clone(),
        id: String::new(),
    };
    supplier.summary = summary(&supplier);
    let bytes = serde_json::to_vec(&supplier).unwrap_or_default();
    supplier.id = Sha256::digest(&bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    supplier
}

/// A finding, with its effect in the words of this scale.
fn found(finding: &Finding) -> serde_json::Value {
    let mut value = serde_json::to_value(finding).unwrap_or_default();
    if let Some(effect) = value.get_mut("effect") {
        *effect = answer(finding.effect).word().into();
    }
    value
}

/// What to read first: what follows surely, then what is open, then what was lifted.
fn rank(answer: Sanctionable) -> u8 {
    match answer {
        Sanctionable::Mandatory => 5,
        Sanctionable::Discretionary => 4,
        Sanctionable::NotKnown => 3,
        Sanctionable::Waived => 2,
        Sanctionable::Exempt => 1,
        Sanctionable::No => 0,
    }
}

/// The answer; where a gap leaves it open whether still more follows, what surely follows: a gap never hides that.
fn fired(outcome: &str, least: Effect) -> Sanctionable {
    let sure = answer(least);
    match Sanctionable::of_word(outcome) {
        Sanctionable::NotKnown if sure >= Sanctionable::Discretionary => sure,
        other => other,
    }
}

fn answer(effect: Effect) -> Sanctionable {
    Sanctionable::of_word(effect.word())
}

struct Context<'a> {
    law: &'a Law,
    reported: &'a Reported,
    determined: Day,
    findings: &'a [Finding],
}

impl Context<'_> {
    fn row(&self, row: &catchall_model::Jurisdiction) -> LawRow {
        let sanctionable = fired(row.outcome.word(), row.bounds.least);
        let own: Vec<(&Finding, &Sanction)> = self
            .findings
            .iter()
            .filter(|finding| finding.jurisdiction == row.id)
            .filter_map(|finding| {
                let sanction = self
                    .law
                    .sanctions
                    .iter()
                    .find(|each| each.provision.id == finding.provision)?;
                Some((finding, sanction))
            })
            .collect();
        let bites = matches!(
            sanctionable,
            Sanctionable::Mandatory | Sanctionable::Discretionary
        );
        let measures: Vec<MeasureRow> = own
            .iter()
            .filter(|(finding, _)| bites && finding.verdict == Verdict::Applies)
            .flat_map(|(finding, sanction)| {
                sanction.measures.iter().map(|what| MeasureRow {
                    duty: answer(finding.effect),
                    what: what.clone(),
                    months: sanction.months,
                    cite: finding.cite.clone(),
                })
            })
            .collect();
        let status = self.status(row);
        let owed = self
            .law
            .sanctions
            .iter()
            .filter(|each| row.deciding.contains(&each.provision.id))
            .map(|each| each.if_not_acted.as_str())
            .find(|words| !words.is_empty());
        let idle = matches!(status.state, "none_recorded" | "not_yet");
        let not_acting = (sanctionable == Sanctionable::Discretionary && idle).then(|| NotActing {
            owed: owed.unwrap_or_default().to_owned(),
            stated: self.reported.not_acting.clone(),
        });
        let cites = |lifts: bool| -> Vec<String> {
            let mut found: Vec<String> = self
                .law
                .sanctions
                .iter()
                .filter(|each| row.deciding.contains(&each.provision.id))
                .filter(|each| each.provision.excepts.is_empty() != lifts)
                .map(|each| each.provision.cite.clone())
                .collect();
            found.dedup();
            found
        };
        LawRow {
            law: row.id.clone(),
            title: self
                .law
                .instruments
                .iter()
                .find(|each| each.id == row.id)
                .map_or_else(String::new, |each| each.title.clone()),
            sanctionable,
            bounds: [answer(row.bounds.least), answer(row.bounds.most)],
            cite: cites(false),
            measures,
            lifted_by: cites(true),
            report: if sanctionable == Sanctionable::No {
                None
            } else {
                self.report(row)
            },
            status,
            not_acting,
            missing: row.missing.clone(),
        }
    }

    /// The next report after the information came, or after the transfer where that day is not told.
    fn report(&self, row: &catchall_model::Jurisdiction) -> Option<CalendarRow> {
        let calendar = self
            .law
            .sanctions
            .iter()
            .filter(|each| each.provision.jurisdiction == row.id)
            .find_map(|each| each.report.as_ref())?;
        let known = self.reported.reported.or(self.reported.transfer.date)?;
        Some(CalendarRow {
            to: calendar.to.clone(),
            due: calendar.due_on_or_after(known),
            cite: calendar.cite.clone(),
        })
    }

    fn status(&self, row: &catchall_model::Jurisdiction) -> StatusRow {
        // Under whichever of its names the person is named: the one asked about, or another that the transfer gives for it.
        let names: Vec<String> = std::iter::once(&self.reported.person)
            .chain(self.reported.other_names())
            .map(|name| fold_name(name))
            .collect();
        let lists: Vec<usize> = self
            .law
            .sanctions
            .iter()
            .filter(|each| each.provision.jurisdiction == row.id)
            .filter_map(|each| each.named_in)
            .collect();
        // Somebody may be named more than once: what holds on the day comes first, then what is over, the latest first.
        let found = self
            .law
            .parties
            .iter()
            .filter(|party| {
                lists.contains(&party.set) && names.iter().any(|name| party.folded.contains(name))
            })
            .map(|party| {
                let (first, _) = party.period.ends();
                let state = match party.period.on(self.determined) {
                    Holds::Yes => "in_force",
                    Holds::Open => "not_known",
                    Holds::No if self.determined < first => "not_yet",
                    Holds::No => "ended",
                };
                (state, first, party)
            })
            .max_by_key(|(state, first, _)| {
                let near = match *state {
                    "not_yet" => -first.number(),
                    _ => first.number(),
                };
                (weight(state), near)
            });
        match found {
            None => StatusRow {
                state: "none_recorded",
                interval: None,
                cite: None,
            },
            Some((state, _, party)) => StatusRow {
                state,
                interval: Some(party.period.text.clone()),
                cite: Some(party.cite.clone()),
            },
        }
    }
}

fn weight(state: &str) -> u8 {
    match state {
        "in_force" => 3,
        "not_known" => 2,
        "ended" => 1,
        _ => 0,
    }
}

fn summary(made: &Supplier) -> String {
    let name = &made.person.name;
    let first = made
        .laws
        .iter()
        .find(|law| law.sanctionable == made.sanctionable);
    let by = first.map_or(String::new(), |law| {
        law.cite
            .first()
            .map_or_else(|| law.title.clone(), Clone::clone)
    });
    match made.sanctionable {
        Sanctionable::No => {
            format!("No law on suppliers that is held reaches {name} for this transfer.")
        }
        Sanctionable::Exempt => format!("{name} is exempt by a finding: {}.", lifted(first)),
        Sanctionable::Waived => format!("Measures on {name} are waived: {}.", lifted(first)),
        Sanctionable::Discretionary if made.bounds[1] > made.sanctionable => {
            let ask = made
                .missing
                .first()
                .map_or("", |question| question.question.as_str());
            format!(
                "Measures on {name} may be taken: {by}. It may come to more ({}). Ask: {ask}",
                made.bounds[1]
            )
        }
        Sanctionable::Discretionary => format!("Measures on {name} may be taken: {by}."),
        Sanctionable::Mandatory => format!("Measures on {name} must be taken: {by}."),
        Sanctionable::NotKnown => {
            let ask = made.missing.first().map_or(String::new(), |question| {
                format!(" Ask: {}", question.question)
            });
            format!(
                "Between {} and {}: what is missing decides.{ask}",
                made.bounds[0], made.bounds[1]
            )
        }
    }
}

fn lifted(law: Option<&LawRow>) -> String {
    law.map_or(String::new(), |law| law.lifted_by.join("; "))
}
