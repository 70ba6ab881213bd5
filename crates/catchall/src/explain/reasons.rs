//! Reasons: one determination document read for showing, whatever it holds.
//!
//! A saved file, a fresh answer, a cut file and one of a later version all give something to show: the fields
//! here are texts, empty where the document says nothing. It decides nothing: which provision decides is what
//! the document says; here it is only put beside its jurisdiction, and the path to the overall answer marked.
//!
//! A new key of the document: a field here, a line in `read.rs`, and a line in each rendering.

mod read;

use super::words;

/// The label of what is certain though the whole is open.
pub(super) const SURE: &str = "already sure";

/// The document, as far as it could be read.
#[derive(Clone, Debug, Default)]
pub(super) struct Reasons {
    pub(super) schema: String,
    pub(super) transfer: String,
    pub(super) id: String,
    pub(super) as_of: String,
    pub(super) known_by: String,
    pub(super) outcome: String,
    pub(super) summary: String,
    pub(super) least: String,
    pub(super) most: String,
    pub(super) branches: Vec<Branch>,
    /// Findings of jurisdictions that have no row of their own.
    pub(super) elsewhere: Vec<Finding>,
    pub(super) missing: Missing,
    pub(super) hits: Option<Vec<Hit>>,
    pub(super) flags: Vec<Flag>,
    pub(super) near: Vec<Near>,
    pub(super) not_checked: Vec<NotChecked>,
    pub(super) would_change: Option<WouldChange>,
    pub(super) basis: Vec<(String, String)>,
    pub(super) further: Vec<(String, String)>,
}

/// One jurisdiction with its findings, by where they stand.
#[derive(Clone, Debug, Default)]
pub(super) struct Branch {
    pub(super) id: String,
    pub(super) outcome: String,
    pub(super) least: String,
    pub(super) most: String,
    pub(super) force: String,
    pub(super) nexus: String,
    pub(super) nexus_tests: Vec<Test>,
    pub(super) missing: Vec<String>,
    pub(super) readings: Vec<(String, String)>,
    /// Whether the overall answer comes from here.
    pub(super) decides: bool,
    /// Whether a weaker part of the answer is certain from here, though the whole is open.
    pub(super) sure: bool,
    pub(super) deciding: Vec<Finding>,
    /// Named as deciding, but the document holds no finding of them.
    pub(super) absent: Vec<String>,
    pub(super) applying: Vec<Finding>,
    pub(super) open: Vec<Finding>,
    pub(super) lifted: Vec<Finding>,
    pub(super) nearly: Vec<Finding>,
    pub(super) further: Vec<(String, String)>,
}

/// What one provision says.
#[derive(Clone, Debug, Default)]
pub(super) struct Finding {
    pub(super) jurisdiction: String,
    pub(super) provision: String,
    pub(super) title: String,
    pub(super) cite: String,
    pub(super) source: String,
    pub(super) force: String,
    pub(super) effect: String,
    pub(super) catch_all: bool,
    pub(super) verdict: String,
    pub(super) line: String,
    pub(super) tests: Vec<Test>,
    pub(super) exceptions: Vec<Exception>,
    pub(super) interval: String,
    pub(super) tested_on: String,
    pub(super) confidence: String,
    pub(super) notes: Vec<String>,
    pub(super) further: Vec<(String, String)>,
}

/// An exception that was tried.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Exception {
    pub(super) provision: String,
    pub(super) cite: String,
    pub(super) verdict: String,
    pub(super) tests: Vec<Test>,
}

/// One test.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Test {
    pub(super) fact: String,
    pub(super) value: String,
    /// Operator, threshold and unit.
    pub(super) asks: String,
    pub(super) result: String,
    pub(super) entry: String,
    pub(super) evidence: String,
}

/// What is missing.
#[derive(Clone, Debug, Default)]
pub(super) struct Missing {
    pub(super) next: Option<Question>,
    pub(super) others: Vec<Question>,
    pub(super) deciding: Vec<DecidingSet>,
    /// Whether the lists are said to be short of something.
    pub(super) at_least: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Question {
    pub(super) fact: String,
    pub(super) question: String,
    pub(super) ask: String,
    pub(super) evidence: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct DecidingSet {
    pub(super) given: Vec<(String, String)>,
    pub(super) outcome: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Hit {
    pub(super) party: String,
    pub(super) role: String,
    pub(super) list: String,
    pub(super) name: String,
    pub(super) basis: String,
    pub(super) listed: String,
    pub(super) cite: String,
    pub(super) further: Vec<(String, String)>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Flag {
    pub(super) flag: String,
    pub(super) question: String,
    pub(super) evidence: String,
    pub(super) open: bool,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Near {
    pub(super) provision: String,
    pub(super) fact: String,
    pub(super) value: String,
    pub(super) threshold: String,
    pub(super) off_by: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct NotChecked {
    pub(super) what: String,
    pub(super) why: String,
}

#[derive(Clone, Debug, Default)]
pub(super) struct WouldChange {
    pub(super) fact: String,
    pub(super) from: String,
    pub(super) to: String,
    pub(super) outcome: String,
    pub(super) provision: String,
}

impl Reasons {
    /// Which jurisdictions the overall answer comes from: those that give it, or that keep it open.
    fn mark_what_decides(&mut self) {
        let (outcome, least) = (self.outcome.clone(), words::level(&self.least));
        let open = matches!(outcome.as_str(), "not_known" | "refer");
        let alike = self.branches.iter().any(|branch| branch.outcome == outcome);
        for branch in &mut self.branches {
            let raises = match (words::level(&branch.most), least) {
                (Some(most), Some(least)) => most > least,
                _ => true,
            };
            branch.decides = match outcome.as_str() {
                "not_known" => matches!(branch.outcome.as_str(), "not_known" | "refer") && raises,
                // Nothing decides but what says so itself.
                "no_licence_required" => branch.outcome == outcome && !branch.deciding.is_empty(),
                _ if alike => branch.outcome == outcome,
                _ => !open && branch.most == outcome,
            };
            branch.sure = open
                && !branch.decides
                && words::level(&branch.least) == least
                && least.is_some_and(|least| least > 0);
        }
    }

    /// What lies on the deciding path does: it decides, or it keeps the answer open.
    pub(super) fn label(&self) -> &'static str {
        match self.outcome.as_str() {
            "not_known" => "keeps it open",
            "refer" => "to be judged",
            _ => "decides",
        }
    }

    /// What a deciding provision of a jurisdiction does to the overall answer; empty when the jurisdiction
    /// does not bear on it. What applies already, under a law that is sure to reach the transfer, keeps nothing
    /// open.
    pub(super) fn label_of(&self, branch: &Branch, finding: &Finding) -> &'static str {
        let open = matches!(self.outcome.as_str(), "not_known" | "refer");
        let sure = finding.verdict == "applies" && branch.nexus != "not_known";
        match (branch.decides || branch.sure, open && sure) {
            (true, true) => SURE,
            (true, false) if branch.decides => self.label(),
            _ => "",
        }
    }

    /// The same after `what`.
    pub(super) fn label_clause(&self) -> &'static str {
        if self.outcome == "refer" {
            "is to be judged"
        } else {
            self.label()
        }
    }

    /// Whether a person must judge because of an open question, not because of the law.
    pub(super) fn flags_decide(&self) -> bool {
        self.outcome == "refer" && !self.branches.iter().any(|branch| branch.decides)
    }

    /// What the bounds say, in words; empty when they are not stated.
    pub(super) fn bounds_words(&self) -> String {
        if self.least.is_empty() && self.most.is_empty() {
            return String::new();
        }
        if self.least == self.most {
            return format!(
                "{}, whatever else comes out",
                words::outcome(&self.least).words
            );
        }
        format!(
            "at best {}, at worst {}",
            words::outcome(&self.least).words,
            words::outcome(&self.most).words
        )
    }

    /// What nearly applied, in the order of the jurisdictions.
    pub(super) fn nearly(&self) -> Vec<&Finding> {
        let apart = self
            .elsewhere
            .iter()
            .filter(|finding| finding.verdict == "does_not_apply");
        self.branches
            .iter()
            .flat_map(|branch| &branch.nearly)
            .chain(apart)
            .collect()
    }

    /// What was not checked, by instrument: rows that begin alike, up to a colon, stand together.
    pub(super) fn not_checked_by_instrument(&self) -> Vec<(&str, Vec<(&str, &str)>)> {
        let lead = |row: &NotChecked| {
            row.what
                .split_once(": ")
                .map_or(row.what.as_str(), |(lead, _)| lead)
                .to_owned()
        };
        let mut made = Vec::new();
        for group in self.not_checked.chunk_by(|a, b| lead(a) == lead(b)) {
            let whats: Vec<&str> = group.iter().map(|row| row.what.as_str()).collect();
            let shared = shared_lead(&whats);
            let (what, parts) = group.split_first().map_or(("", Vec::new()), |(first, _)| {
                let cut = |row: &'_ NotChecked| row.what.len().min(shared);
                let parts = group
                    .iter()
                    .map(|row| (row.what.get(cut(row)..).unwrap_or(""), row.why.as_str()))
                    .collect();
                (
                    first
                        .what
                        .get(..shared)
                        .unwrap_or(&first.what)
                        .trim_end_matches(": "),
                    parts,
                )
            });
            made.push((what, parts));
        }
        made
    }

    /// Whether this version may not know all of the document.
    pub(super) fn other_schema(&self) -> bool {
        !self.schema.is_empty() && self.schema != catchall_model::SCHEMA
    }
}

impl Finding {
    /// Its title, else its citation, else its id.
    pub(super) fn name(&self) -> &str {
        [&self.title, &self.cite, &self.provision]
            .into_iter()
            .find(|each| !each.is_empty())
            .map_or("a provision without a name", String::as_str)
    }

    /// The day it was tested on, where a test shows it.
    pub(super) fn tested_day(&self) -> &str {
        let by_its_date = |test: &&Test| !self.tested_on.is_empty() && test.fact == self.tested_on;
        self.tests
            .iter()
            .find(by_its_date)
            .map_or("", |test| test.value.as_str())
    }

    /// What the tests listed are to the verdict.
    pub(super) fn because(&self) -> &'static str {
        match self.verdict.as_str() {
            "applies" if self.tests.iter().all(|test| test.result == "pass") => {
                "because all of these hold"
            }
            // An entry that is not met can be what makes a provision apply.
            "applies" | "does_not_apply" => "because of these",
            "not_known" if self.tests.iter().all(|test| test.result == "pass") => {
                "its own conditions hold; open on whether the law reaches the transfer, or an exception lifts it"
            }
            "not_known" => "open on these",
            _ => "tests",
        }
    }

    /// Whether it fails on its date alone: the law of another day.
    pub(super) fn passed_over_by_date(&self) -> bool {
        let mut failing = self
            .tests
            .iter()
            .filter(|test| test.result == "fail")
            .peekable();
        failing.peek().is_some() && failing.all(|test| test.fact == self.tested_on)
    }

    /// The tests, those of one control list entry together, in their order.
    pub(super) fn groups(&self) -> Vec<(&str, &[Test])> {
        self.tests
            .chunk_by(|a, b| a.entry == b.entry)
            .map(|group| (group.first().map_or("", |test| test.entry.as_str()), group))
            .collect()
    }

    /// The title of an entry, where a note gives it as `MTCR Annex 1.A.1 (complete rocket systems): read`.
    pub(super) fn entry_title(&self, entry: &str) -> Option<&str> {
        let inside = |note: &'_ str| {
            note.strip_prefix(entry)?
                .strip_prefix(" (")?
                .split_once("): ")
                .map(|(title, _)| title.len())
        };
        self.notes.iter().find_map(|note| {
            inside(note).and_then(|length| note.get(entry.len() + 2..entry.len() + 2 + length))
        })
    }

    /// Catch-all, force and effect in one line.
    pub(super) fn nature(&self) -> String {
        let mut parts = Vec::new();
        if self.catch_all {
            parts.push("catch-all".to_owned());
        }
        if !self.force.is_empty() {
            parts.push(words::force(&self.force));
        }
        if !self.effect.is_empty() {
            parts.push(format!(
                "where it applies: {}",
                words::outcome(&self.effect).words
            ));
        }
        parts.join(", ")
    }

    /// When it is in force, and on which date that was tested.
    pub(super) fn dates(&self) -> String {
        let mut said = if self.interval.is_empty() {
            String::new()
        } else {
            words::interval(&self.interval)
        };
        if !self.tested_on.is_empty() {
            let gap = if said.is_empty() { "" } else { "; " };
            let day = self.tested_day();
            let day = if day.is_empty() {
                String::new()
            } else {
                format!(" {day}")
            };
            said.push_str(&format!("{gap}tested on {}{day}", self.tested_on));
        }
        said
    }
}

impl Exception {
    /// What the verdict means for the requirement.
    pub(super) fn standing(&self) -> String {
        match self.verdict.as_str() {
            "applies" => "lifts it".to_owned(),
            "does_not_apply" => "not met".to_owned(),
            other => words::verdict(other).words,
        }
    }

    /// The first condition that stands in its way; for one that lifts, the last that had to hold.
    pub(super) fn turns_on(&self) -> Option<&Test> {
        let wanted = match self.verdict.as_str() {
            "applies" => return self.tests.last(),
            "does_not_apply" => "fail",
            other => other,
        };
        self.tests
            .iter()
            .find(|test| test.result == wanted)
            .or(self.tests.first())
    }
}

impl Test {
    /// In one clause: `licence.authorities is none; asked: includes ru`.
    pub(super) fn clause(&self) -> String {
        let value = if self.value.is_empty() {
            "not stated"
        } else {
            &self.value
        };
        let asks = if self.asks.is_empty() {
            String::new()
        } else {
            format!("; asked: {}", self.asks)
        };
        format!("{}: {value}{asks}", self.fact)
    }
}

impl Missing {
    pub(super) fn is_empty(&self) -> bool {
        self.next.is_none() && self.others.is_empty() && self.deciding.is_empty()
    }
}

impl Question {
    /// The question, or at least the fact that is asked for.
    pub(super) fn asked(&self) -> String {
        if self.question.is_empty() {
            format!("What is {}?", self.fact)
        } else {
            self.question.clone()
        }
    }
}

/// The length of the longest beginning, closed by a colon, that all have in common and none consists of.
fn shared_lead(all: &[&str]) -> usize {
    let Some(first) = all.first() else { return 0 };
    let ends = first
        .match_indices(": ")
        .map(|(place, colon)| place + colon.len());
    let shared = ends.filter(|end| {
        all.iter()
            .all(|each| each.get(..*end) == first.get(..*end) && each.len() > *end)
    });
    // One row alone is cut behind its instrument, not as far as it goes.
    if all.len() == 1 {
        shared.min()
    } else {
        shared.max()
    }
    .unwrap_or(first.len())
}
