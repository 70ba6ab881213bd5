//! Conclude: what the law comes to for each line, put together into one determination, in words.

mod asked;
mod finding;
mod line;
mod matches;
mod nearby;
mod unchecked;
mod words;

use std::collections::BTreeMap;
use std::mem::take;

use catchall_model::{
    Bounds, Determination, Effect, Flag, Hit, Jurisdiction, Outcome, SCHEMA, Transfer,
};

use crate::gather::Gathered;
use crate::{Assessor, Detail, Room};

pub(crate) use asked::question;
pub(crate) use line::LineAnswer;
pub(crate) use matches::stands;

/// Why an answer that would let the transfer go ahead is left to a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum LeftToAPerson {
    /// A red flag is open.
    RedFlag,
    /// A match of a party is not settled, and the answer turns on it.
    Match,
}

/// Puts the lines together, and takes their flags and hits out of them; the id is left for the caller to put in.
pub(crate) fn conclude(
    assessor: &Assessor,
    transfer: &Transfer,
    lines: &mut [Gathered],
    detail: Detail,
    room: &mut Room,
) -> Determination {
    let mut answers: Vec<LineAnswer> = lines
        .iter()
        .map(|line| match detail {
            Detail::Full => line::one_line(assessor, line, detail, room),
            Detail::Brief => line::brief(assessor, line, room),
        })
        .collect();
    let worst = worst(&answers);
    if transfer.lines.len() > 1 {
        number_findings(&mut answers, lines);
    }
    let bounds = join_bounds(&answers);
    let law_alone = if bounds.least == bounds.most {
        bounds.least.into()
    } else {
        answers[worst].outcome
    };
    let (flags, hits) = flags_and_hits(lines, &mut answers);
    let left = left_to_a_person(assessor, lines, law_alone, bounds.least, &flags, room);
    // Nothing fails open: without a list that was asked for there is no answer, save a bar that stands without it.
    let screened = assessor.screening.imported.problems.is_empty();
    let outcome = match (left, law_alone) {
        (_, outcome) if !screened && outcome != Outcome::Prohibited => Outcome::NotScreened,
        (Some(_), _) => Outcome::Refer,
        (None, outcome) => outcome,
    };
    let mut jurisdictions = join_jurisdictions(&mut answers);
    if has_open_red_flag(&flags) {
        leave_to_a_person(&mut jurisdictions);
    }
    let all = fold_into_worst(answers, worst);
    let mut made = Determination {
        schema: SCHEMA,
        transfer: transfer.id.clone(),
        asked: assessor.asked_of(transfer),
        outcome,
        summary: String::new(),
        jurisdictions,
        findings: all.findings,
        missing: all.missing,
        bounds,
        hits,
        flags,
        near: all.near,
        not_checked: all.not_checked,
        would_change: all.would_change,
        basis: assessor.basis.clone(),
        id: String::new(),
    };
    made.summary = words::summary(assessor, &made, left, detail);
    made
}

/// The line that is answered most strictly; of equals the first.
fn worst(answers: &[LineAnswer]) -> usize {
    (0..answers.len())
        .max_by_key(|place| {
            (
                strictness(answers[*place].outcome),
                std::cmp::Reverse(*place),
            )
        })
        .unwrap_or(0)
}

fn number_findings(answers: &mut [LineAnswer], lines: &[Gathered]) {
    for (answer, line) in answers.iter_mut().zip(lines) {
        for finding in &mut answer.findings {
            finding.line = Some(line.line + 1);
        }
    }
}

fn join_bounds(answers: &[LineAnswer]) -> Bounds {
    let strictest = |side: fn(&Bounds) -> Effect| {
        let all = answers.iter().map(|answer| side(&answer.bounds));
        all.max().unwrap_or(Effect::NoLicenceRequired)
    };
    Bounds {
        least: strictest(|bounds| bounds.least),
        most: strictest(|bounds| bounds.most),
    }
}

/// Flags and hits of all lines, each once: first what was gathered, then figures beside a claimed code.
fn flags_and_hits(lines: &mut [Gathered], answers: &mut [LineAnswer]) -> (Vec<Flag>, Vec<Hit>) {
    let mut flags: Vec<Flag> = Vec::new();
    let mut hits: Vec<Hit> = Vec::new();
    let gathered = lines.iter_mut().flat_map(|line| take(&mut line.flags));
    let beside = answers.iter_mut();
    let beside = beside.flat_map(|answer| take(&mut answer.beside));
    for flag in gathered.chain(beside) {
        if !flags.contains(&flag) {
            flags.push(flag);
        }
    }
    for hit in lines.iter_mut().flat_map(|line| take(&mut line.hits)) {
        if !hits.contains(&hit) {
            hits.push(hit);
        }
    }
    (flags, hits)
}

fn has_open_red_flag(flags: &[Flag]) -> bool {
    let red = |flag: &Flag| flag.open && flag.evidence == "knowledge.red_flags";
    flags.iter().any(red)
}

fn may_go_ahead(outcome: Outcome) -> bool {
    matches!(
        outcome,
        Outcome::NoLicenceRequired | Outcome::CoveredByLicence
    )
}

/// An open red flag stops what would otherwise go ahead: a person must resolve it. So does a match that nobody
/// has settled, where the answer would be stricter if it were true.
fn left_to_a_person(
    assessor: &Assessor,
    lines: &[Gathered],
    outcome: Outcome,
    least: Effect,
    flags: &[Flag],
    room: &mut Room,
) -> Option<LeftToAPerson> {
    if !may_go_ahead(outcome) {
        return None;
    }
    if has_open_red_flag(flags) {
        return Some(LeftToAPerson::RedFlag);
    }
    lines
        .iter()
        .any(|line| matches::turns_on_a_match(assessor, line, least, room))
        .then_some(LeftToAPerson::Match)
}

/// What an open red flag does to the whole answer it does to every law that would let the transfer go ahead.
fn leave_to_a_person(jurisdictions: &mut [Jurisdiction]) {
    for each in jurisdictions {
        if may_go_ahead(each.outcome) {
            each.outcome = Outcome::Refer;
        }
    }
}

/// How strict an answer is, for the worst of several lines.
fn strictness(outcome: Outcome) -> u8 {
    match outcome {
        Outcome::NoLicenceRequired => 0,
        Outcome::CoveredByLicence => 1,
        Outcome::Notify => 2,
        Outcome::LicenceRequired => 3,
        Outcome::PresumptionOfDenial => 4,
        Outcome::Refer => 5,
        Outcome::NotKnown => 6,
        Outcome::NotScreened => 7,
        Outcome::Prohibited => 8,
    }
}

fn join_jurisdictions(answers: &mut [LineAnswer]) -> Vec<Jurisdiction> {
    let mut all = answers
        .iter_mut()
        .map(|answer| take(&mut answer.jurisdictions));
    let mut joined = all.next().unwrap_or_default();
    for own in all.flatten() {
        let Some(known) = joined.iter_mut().find(|each| each.id == own.id) else {
            joined.push(own);
            continue;
        };
        known.bounds.least = known.bounds.least.max(own.bounds.least);
        known.bounds.most = known.bounds.most.max(own.bounds.most);
        if strictness(own.outcome) > strictness(known.outcome) {
            let bounds = known.bounds;
            *known = Jurisdiction { bounds, ..own };
        }
        if known.bounds.least == known.bounds.most {
            known.outcome = known.bounds.least.into();
        }
    }
    strictest_first(&mut joined);
    joined
}

/// Strictest first; of equals, what binds in law before what binds politically.
fn strictest_first(all: &mut [Jurisdiction]) {
    let political =
        |each: &Jurisdiction| !each.force.is_some_and(catchall_model::Force::binds_in_law);
    all.sort_by(|a, b| {
        let strict = (b.bounds.least, b.bounds.most).cmp(&(a.bounds.least, a.bounds.most));
        strict
            .then_with(|| political(a).cmp(&political(b)))
            .then_with(|| a.id.cmp(&b.id))
    });
}

/// What the other lines found and miss, put to the strictest line.
fn fold_into_worst(mut answers: Vec<LineAnswer>, worst: usize) -> LineAnswer {
    let mut all = answers.swap_remove(worst);
    let mut of_line: BTreeMap<_, Vec<usize>> = BTreeMap::new();
    for (place, finding) in all.findings.iter().enumerate() {
        of_line.entry(finding.line).or_default().push(place);
    }
    for mut answer in answers {
        for finding in take(&mut answer.findings) {
            // What is found alike of several recipients or end users of a line is said once.
            let same_line = of_line.entry(finding.line).or_default();
            if !same_line
                .iter()
                .any(|place| all.findings[*place] == finding)
            {
                same_line.push(all.findings.len());
                all.findings.push(finding);
            }
        }
        all.near.append(&mut answer.near);
        for row in answer.not_checked {
            if !all.not_checked.contains(&row) {
                all.not_checked.push(row);
            }
        }
        for question in answer.missing.essential {
            if !all.missing.essential.contains(&question) {
                all.missing.essential.push(question);
            }
        }
        all.missing.figures_follow |= answer.missing.figures_follow;
        all.missing.exact &= answer.missing.exact;
    }
    all
}
