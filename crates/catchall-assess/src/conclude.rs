//! Conclude: what the law comes to for each line, put together into one determination, in words.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::gather::Gathered;
use crate::{Assessor, Detail, Room};
use catchall_law::{CoverageState, Depth, FactId, Facts, Open, Reached, RuleAnswer, Tri, Value};
use catchall_model::{
    Because, Bounds, DecidingSet, Determination, Effect, Finding, Flag, Hit, InForce, Jurisdiction,
    Missing, Near, Nexus, NotChecked, Outcome, Passed, Question, Reading, SCHEMA, SettledBy,
    Transfer, Verdict, WouldChange,
};

/// What one line comes to.
#[derive(Clone, Debug)]
pub(crate) struct LineAnswer {
    outcome: Outcome,
    bounds: Bounds,
    jurisdictions: Vec<Jurisdiction>,
    findings: Vec<Finding>,
    missing: Missing,
    near: Vec<Near>,
    would_change: Option<WouldChange>,
    not_checked: Vec<NotChecked>,
    /// Figures that contradict a claimed code.
    beside: Vec<Flag>,
}

/// Puts the lines together; the id is left for the caller to put in.
pub(crate) fn conclude(
    assessor: &Assessor,
    transfer: &Transfer,
    lines: &[Gathered],
    detail: Detail,
    room: &mut Room,
) -> Determination {
    let several = lines.len() > 1;
    let mut answers: Vec<LineAnswer> = lines
        .iter()
        .map(|line| match detail {
            Detail::Full => one_line(assessor, line, detail, room),
            Detail::Brief => brief(assessor, line, room),
        })
        .collect();
    let worst = (0..answers.len())
        .max_by_key(|place| {
            (
                strictness(answers[*place].outcome),
                std::cmp::Reverse(*place),
            )
        })
        .unwrap_or(0);
    if several {
        for (place, answer) in answers.iter_mut().enumerate() {
            for finding in &mut answer.findings {
                finding.line = Some(place + 1);
            }
        }
    }
    let bounds = Bounds {
        least: answers
            .iter()
            .map(|answer| answer.bounds.least)
            .max()
            .unwrap_or(Effect::NoLicenceRequired),
        most: answers
            .iter()
            .map(|answer| answer.bounds.most)
            .max()
            .unwrap_or(Effect::NoLicenceRequired),
    };
    let mut flags: Vec<Flag> = Vec::new();
    let mut hits = Vec::new();
    for line in lines {
        for flag in &line.flags {
            if !flags.contains(flag) {
                flags.push(flag.clone());
            }
        }
        for hit in &line.hits {
            if !hits.contains(hit) {
                hits.push(hit.clone());
            }
        }
    }
    let mut outcome = if bounds.least == bounds.most {
        bounds.least.into()
    } else {
        answers[worst].outcome
    };
    for answer in &answers {
        for flag in &answer.beside {
            if !flags.contains(flag) {
                flags.push(flag.clone());
            }
        }
    }
    // An open red flag stops what would otherwise go ahead: a person must resolve it.
    let red = flags
        .iter()
        .any(|flag| flag.open && flag.evidence == "knowledge.red_flags");
    if red
        && matches!(
            outcome,
            Outcome::NoLicenceRequired | Outcome::CoveredByLicence
        )
    {
        outcome = Outcome::Refer;
    }
    // So does a match that nobody has settled, where the answer would be stricter if it were true.
    let unsettled =
        !red && matches!(
            outcome,
            Outcome::NoLicenceRequired | Outcome::CoveredByLicence
        ) && lines
            .iter()
            .any(|line| turns_on_a_match(assessor, line, bounds.least, room));
    if unsettled {
        outcome = Outcome::Refer;
    }
    // Nothing fails open: without a list that was asked for there is no answer, save a bar that stands without it.
    let screened = assessor.screening.imported.problems.is_empty();
    if !screened && outcome != Outcome::Prohibited {
        outcome = Outcome::NotScreened;
    }
    let mut jurisdictions = join_jurisdictions(&answers);
    if red {
        leave_to_a_person(&mut jurisdictions);
    }
    let mut rest = answers.swap_remove(worst);
    let mut findings = std::mem::take(&mut rest.findings);
    for answer in &mut answers {
        findings.append(&mut answer.findings);
        for row in answer.not_checked.drain(..) {
            if !rest.not_checked.contains(&row) {
                rest.not_checked.push(row);
            }
        }
        rest.near.append(&mut answer.near);
        for question in answer.missing.essential.drain(..) {
            if !rest.missing.essential.contains(&question) {
                rest.missing.essential.push(question);
            }
        }
        rest.missing.figures_follow |= answer.missing.figures_follow;
        rest.missing.exact &= answer.missing.exact;
    }
    let mut made = Determination {
        schema: SCHEMA,
        transfer: transfer.id.clone(),
        asked: assessor.asked_of(transfer),
        outcome,
        summary: String::new(),
        jurisdictions,
        findings,
        missing: rest.missing,
        bounds,
        hits,
        flags,
        near: rest.near,
        not_checked: rest.not_checked,
        would_change: rest.would_change,
        basis: assessor.basis.clone(),
        id: String::new(),
    };
    made.summary = summary(assessor, &made, (red, unsettled), detail);
    made
}

/// What an open red flag does to the whole answer it does to every law that would let the transfer go ahead.
fn leave_to_a_person(jurisdictions: &mut [Jurisdiction]) {
    for each in jurisdictions {
        if matches!(
            each.outcome,
            Outcome::NoLicenceRequired | Outcome::CoveredByLicence
        ) {
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

fn join_jurisdictions(answers: &[LineAnswer]) -> Vec<Jurisdiction> {
    let mut joined: Vec<Jurisdiction> = Vec::new();
    for answer in answers {
        for own in &answer.jurisdictions {
            let Some(known) = joined.iter_mut().find(|each| each.id == own.id) else {
                joined.push(own.clone());
                continue;
            };
            known.bounds.least = known.bounds.least.max(own.bounds.least);
            known.bounds.most = known.bounds.most.max(own.bounds.most);
            if strictness(own.outcome) > strictness(known.outcome) {
                let bounds = known.bounds;
                *known = Jurisdiction {
                    bounds,
                    ..own.clone()
                };
            }
            if known.bounds.least == known.bounds.most {
                known.outcome = known.bounds.least.into();
            }
        }
    }
    sort_jurisdictions(&mut joined);
    joined
}

fn sort_jurisdictions(all: &mut [Jurisdiction]) {
    // Strictest first; of equals, what binds in law before what binds politically.
    let political =
        |each: &Jurisdiction| !each.force.is_some_and(catchall_model::Force::binds_in_law);
    all.sort_by(|a, b| {
        let strict = (b.bounds.least, b.bounds.most).cmp(&(a.bounds.least, a.bounds.most));
        strict
            .then_with(|| political(a).cmp(&political(b)))
            .then_with(|| a.id.cmp(&b.id))
    });
}

/// The answer that bounds and openness come to.
fn outcome_of(open: &Open) -> Outcome {
    if open.least == open.most {
        open.least.into()
    } else if open.exact && open.essential.is_empty() && open.reading {
        Outcome::Refer
    } else {
        Outcome::NotKnown
    }
}

/// The short answer to a line, worked out once for all lines that the law cannot tell apart.
fn brief(assessor: &Assessor, line: &Gathered, room: &mut Room) -> LineAnswer {
    assessor.sight.key(&line.facts, &mut room.key);
    if let Some(known) = room.brief.get(&room.key) {
        return LineAnswer::clone(&known);
    }
    let answer = one_line(assessor, line, Detail::Brief, room);
    assessor.sight.key(&line.facts, &mut room.key);
    room.brief.put(&room.key, Arc::new(answer.clone()));
    answer
}

/// Completes what is open in some jurisdictions together, once for all lines that the law cannot tell apart.
fn complete(
    assessor: &Assessor,
    facts: &Facts,
    jurisdictions: &[usize],
    depth: Depth,
    room: &mut Room,
) -> Arc<Open> {
    assessor.sight.key(facts, &mut room.key);
    room.key
        .extend([u64::MAX, u64::from(depth == Depth::Questions)]);
    room.key
        .extend(jurisdictions.iter().map(|place| *place as u64));
    if let Some(known) = room.open.get(&room.key) {
        return known;
    }
    let open = Arc::new(assessor.program.open(
        &assessor.law.vocabulary,
        facts,
        jurisdictions,
        depth,
        &mut room.scratch,
    ));
    room.open.put(&room.key, open.clone());
    open
}

fn one_line(assessor: &Assessor, line: &Gathered, detail: Detail, room: &mut Room) -> LineAnswer {
    let (law, program) = (&assessor.law, &assessor.program);
    let facts = &line.facts;
    match detail {
        Detail::Full => program.decide(facts, &mut room.scratch, &mut room.decision),
        Detail::Brief => program.reach(facts, &mut room.scratch, &mut room.decision.reached),
    }
    let reached = room.decision.reached.clone();
    // Asked before anything is completed: the room's candidates are those of this look only until then.
    let decided_by: Vec<Vec<usize>> = reached
        .iter()
        .enumerate()
        .map(|(place, stands)| {
            let asked = detail == Detail::Brief
                && stands.nexus == Tri::Yes
                && stands.sure == stands.most
                && stands.sure > Effect::NoLicenceRequired;
            if asked {
                program.deciding(facts, &mut room.scratch, place, stands.sure)
            } else {
                Vec::new()
            }
        })
        .collect();
    let (mut nexus_reasons, mut beside, mut unchecked) = (Vec::new(), Vec::new(), Vec::new());
    if detail == Detail::Full {
        for (place, stands) in reached.iter().enumerate() {
            let mut because = Vec::new();
            if bears(stands) {
                let tests = program.nexus_reasons(place, facts, &mut room.scratch);
                because.extend(tests.into_iter().map(|test| reason(assessor, line, test)));
            }
            nexus_reasons.push(because);
        }
        beside = beside_claims(assessor, facts, room);
        unchecked = not_checked(assessor, line, &reached, room);
    }
    let ids: Vec<&str> = program.jurisdictions().collect();
    let mut jurisdictions = Vec::new();
    let mut reaching: Vec<usize> = Vec::new();
    let mut all_decided = true;
    for (place, stands) in reached.iter().enumerate() {
        if !bears(stands) {
            continue;
        }
        reaching.push(place);
        let decided = stands.sure == stands.most;
        all_decided &= decided;
        let open = if decided {
            Arc::new(settled(stands.sure))
        } else {
            complete(assessor, facts, &[place], Depth::Essential, room)
        };
        let outcome = outcome_of(&open);
        let rules: Vec<&RuleAnswer> = room
            .decision
            .rules
            .iter()
            .filter(|answer| {
                detail == Detail::Full && program.jurisdiction_of(answer.rule) == place
            })
            .collect();
        let deciding: Vec<&&RuleAnswer> = rules
            .iter()
            .filter(|answer| match outcome {
                Outcome::NotKnown | Outcome::Refer => {
                    answer.applies >= Tri::Open
                        && program.effect(answer.rule) > open.least.min(stands.sure)
                }
                _ => {
                    answer.applies == Tri::Yes
                        && Outcome::from(program.effect(answer.rule)) == outcome
                }
            })
            .collect();
        let provision = |answer: &RuleAnswer| &law.provisions[program.rule(answer.rule).0];
        let mut ids_deciding: Vec<String> = deciding
            .iter()
            .map(|answer| provision(answer).id.clone())
            .collect();
        let mut force = deciding
            .first()
            .map(|answer| provision(answer).force)
            .or_else(|| rules.first().map(|answer| provision(answer).force));
        if !decided_by[place].is_empty() {
            let provisions = decided_by[place]
                .iter()
                .map(|rule| &law.provisions[program.rule(*rule).0]);
            ids_deciding = provisions
                .clone()
                .map(|provision| provision.id.clone())
                .collect();
            force = provisions.map(|provision| provision.force).next();
        }
        let readings = open.readings.map_or(Vec::new(), |(with, without)| {
            readings_of(assessor, &rules, facts, with, without)
        });
        ids_deciding.dedup();
        let because = nexus_reasons
            .get_mut(place)
            .map_or_else(Vec::new, std::mem::take);
        jurisdictions.push(Jurisdiction {
            id: ids[place].to_owned(),
            outcome,
            bounds: Bounds {
                least: open.least,
                most: open.most,
            },
            force,
            nexus: Nexus {
                verdict: if stands.nexus == Tri::Yes {
                    Verdict::Applies
                } else {
                    Verdict::NotKnown
                },
                because,
            },
            deciding: ids_deciding,
            missing: if open.least == open.most {
                Vec::new()
            } else {
                open.essential
                    .iter()
                    .map(|fact| law.vocabulary.get(*fact).key.clone())
                    .collect()
            },
            readings,
        });
    }
    sort_jurisdictions(&mut jurisdictions);
    let sure = reaching
        .iter()
        .filter(|place| reached[**place].nexus == Tri::Yes)
        .map(|place| reached[*place].sure)
        .max()
        .unwrap_or(Effect::NoLicenceRequired);
    let most = reaching
        .iter()
        .map(|place| reached[*place].most)
        .max()
        .unwrap_or(Effect::NoLicenceRequired);
    let open = if all_decided || sure == most {
        Arc::new(settled(sure.max(if all_decided { most } else { sure })))
    } else {
        let depth = if detail == Detail::Full {
            Depth::Questions
        } else {
            Depth::Essential
        };
        complete(assessor, facts, &reaching, depth, room)
    };
    let outcome = outcome_of(&open);
    let mut answer = LineAnswer {
        outcome,
        bounds: Bounds {
            least: open.least,
            most: open.most,
        },
        jurisdictions,
        findings: Vec::new(),
        missing: missing(assessor, &open),
        near: Vec::new(),
        would_change: None,
        not_checked: unchecked,
        beside,
    };
    if detail == Detail::Full {
        let rules = std::mem::take(&mut room.decision.rules);
        answer.findings = rules
            .iter()
            .map(|rule| finding(assessor, line, rule))
            .collect();
        answer.near = near(assessor, line, &rules);
        answer.would_change = would_change(assessor, line, &rules, outcome, room);
        room.decision.rules = rules;
    }
    answer
}

/// Whether a jurisdiction is worth a line: not one that may reach the transfer, but would do nothing.
fn bears(stands: &Reached) -> bool {
    match stands.nexus {
        Tri::No => false,
        Tri::Open => stands.most > Effect::NoLicenceRequired,
        Tri::Yes => true,
    }
}

/// Figures that surely meet an entry, though another code, or none, is claimed.
fn beside_claims(assessor: &Assessor, facts: &Facts, room: &mut Room) -> Vec<Flag> {
    let found = assessor.program.beside_claims(facts, &mut room.scratch);
    let flag = |entry: u32| {
        let (list, place) = assessor.program.entry_place(entry);
        let list = &assessor.law.lists[list];
        Flag {
            flag: format!(
                "the figures meet {} {}, though another code, or none, is claimed; the answer takes the stricter side",
                list.cite, list.entries[place].code
            ),
            question: "Which is right, the claimed code or the figures?".to_owned(),
            evidence: "lines[].item.codes".to_owned(),
            open: true,
        }
    };
    found.into_iter().map(flag).collect()
}

fn settled(effect: Effect) -> Open {
    Open {
        least: effect,
        most: effect,
        essential: Vec::new(),
        figures_follow: false,
        reading: false,
        readings: None,
        deciding: Vec::new(),
        next: None,
        exact: true,
    }
}

/// Both readings of what is disputed, each with the answer that follows.
fn readings_of(
    assessor: &Assessor,
    rules: &[&RuleAnswer],
    facts: &Facts,
    with: Effect,
    without: Effect,
) -> Vec<Reading> {
    let law = &assessor.law;
    let mut held: Vec<String> = Vec::new();
    for answer in rules.iter().filter(|answer| answer.applies == Tri::Open) {
        let (provision, version) = assessor.program.rule(answer.rule);
        for dispute in &law.provisions[provision].versions[version].disputed {
            let by: Vec<&str> = dispute
                .by
                .iter()
                .map(|place| law.vocabulary.country_names[*place as usize].as_str())
                .collect();
            let from = law.vocabulary.fact("from").and_then(|fact| facts.get(fact));
            if dispute
                .by
                .iter()
                .any(|place| from == Some(&Value::One(*place)))
            {
                held.push(format!("{}: {}", by.join(", "), dispute.reading));
            }
        }
    }
    held.dedup();
    let other = if held.is_empty() {
        "the law as held here does not fix the day".to_owned()
    } else {
        held.join("; ")
    };
    vec![
        Reading {
            held_by: "the text as it stands".to_owned(),
            outcome: with.into(),
        },
        Reading {
            held_by: other,
            outcome: without.into(),
        },
    ]
}

pub(crate) fn question(assessor: &Assessor, fact: FactId) -> Question {
    let known = assessor.law.vocabulary.get(fact);
    Question {
        fact: known.key.clone(),
        question: known.question.clone(),
        ask: known.ask.clone(),
        evidence: known.evidence.clone(),
    }
}

fn missing(assessor: &Assessor, open: &Open) -> Missing {
    if open.least == open.most {
        return Missing {
            exact: true,
            ..Missing::default()
        };
    }
    let mut essential: Vec<FactId> = open.essential.clone();
    // The one to ask first leads; the others follow by how hard they are to find out.
    essential.sort_by_key(|fact| {
        (
            Some(*fact) != open.next,
            assessor.law.vocabulary.get(*fact).cost,
            *fact,
        )
    });
    Missing {
        essential: essential
            .iter()
            .map(|fact| question(assessor, *fact))
            .collect(),
        deciding: open
            .deciding
            .iter()
            .map(|set| DecidingSet {
                given: set
                    .answers
                    .iter()
                    .map(|(fact, is)| SettledBy {
                        fact: assessor.law.vocabulary.get(*fact).key.clone(),
                        is: is.0.clone(),
                    })
                    .collect(),
                outcome: set.outcome.into(),
            })
            .collect(),
        next: open.next.map(|fact| question(assessor, fact)),
        figures_follow: open.figures_follow,
        exact: open.exact,
    }
}

fn reason(assessor: &Assessor, line: &Gathered, test: catchall_law::TestRef) -> Because {
    let mut because = assessor.program.because(&assessor.law, &line.facts, test);
    because.evidence = line.source(&because.fact);
    because
}

fn verdict(applies: Tri) -> Verdict {
    match applies {
        Tri::No => Verdict::DoesNotApply,
        Tri::Open => Verdict::NotKnown,
        Tri::Yes => Verdict::Applies,
    }
}

fn finding(assessor: &Assessor, line: &Gathered, answer: &RuleAnswer) -> Finding {
    let (law, program) = (&assessor.law, &assessor.program);
    let (place, version_place) = program.rule(answer.rule);
    let provision = &law.provisions[place];
    let version = &provision.versions[version_place];
    let mut notes = Vec::new();
    if !version.note.is_empty() {
        notes.push(version.note.clone());
    }
    for dispute in &version.disputed {
        let by: Vec<&str> = dispute
            .by
            .iter()
            .map(|place| law.vocabulary.countries[*place as usize].code())
            .collect();
        notes.push(format!(
            "disputed by {} on {}: {}",
            by.join(", "),
            dispute.interval.text,
            dispute.reading
        ));
    }
    if !provision.force.binds_in_law() && answer.applies != Tri::No {
        notes.push(
            "a political commitment: it binds the state, not the exporter directly".to_owned(),
        );
    }
    for entry in answer
        .because
        .iter()
        .filter_map(|test| test.entry)
        .collect::<BTreeSet<u32>>()
    {
        let (list, entry) = program.entry_place(entry);
        let entry = &law.lists[list].entries[entry];
        let day = law
            .vocabulary
            .fact("date")
            .and_then(|fact| match line.facts.get(fact) {
                Some(Value::Between(first, last)) if first == last => i64::try_from(first.grid())
                    .ok()
                    .map(catchall_model::Day::from_number),
                _ => None,
            });
        let edition = entry.editions.iter().find(|edition| {
            day.is_some_and(|day| edition.period.on(day) != catchall_law::Holds::No)
        });
        if let Some(edition) = edition {
            let read = if edition.read { "read" } else { "recalled" };
            let note = if edition.note.is_empty() {
                String::new()
            } else {
                format!("; {}", edition.note)
            };
            notes.push(format!(
                "{} {} ({}): {read}{note}",
                law.lists[list].cite, entry.code, entry.title
            ));
        }
    }
    let excepted_by = answer
        .exceptions
        .iter()
        .map(|(rule, applies, tests)| {
            let exception = &law.provisions[program.rule(*rule).0];
            Passed {
                provision: exception.id.clone(),
                cite: exception.cite.clone(),
                verdict: verdict(*applies),
                because: tests
                    .iter()
                    .map(|test| reason(assessor, line, *test))
                    .collect(),
            }
        })
        .collect();
    Finding {
        provision: provision.id.clone(),
        title: provision.title.clone(),
        cite: provision.cite.clone(),
        source: provision.source.clone(),
        jurisdiction: provision.jurisdiction.clone(),
        force: provision.force,
        effect: version.effect,
        catch_all: provision.catch_all,
        verdict: verdict(answer.applies),
        line: None,
        because: answer
            .because
            .iter()
            .map(|test| reason(assessor, line, *test))
            .collect(),
        excepted_by,
        in_force: InForce {
            interval: version.in_force.text.clone(),
            tested_on: law.vocabulary.get(version.tested_on).key.clone(),
        },
        confidence: if provision.read { "read" } else { "recalled" }.to_owned(),
        notes,
    }
}

/// Figures just on the permitted side of a threshold.
fn near(assessor: &Assessor, line: &Gathered, rules: &[RuleAnswer]) -> Vec<Near> {
    let mut found: Vec<Near> = Vec::new();
    for answer in rules.iter().filter(|answer| answer.applies == Tri::No) {
        let provision = &assessor.law.provisions[assessor.program.rule(answer.rule).0];
        for test in answer
            .because
            .iter()
            .filter(|test| test.answer == Tri::No && !test.negated)
        {
            let Some(flip) = assessor.program.flip(&assessor.law, &line.facts, *test) else {
                continue;
            };
            if flip.date || flip.off_ppm > provision.near_ppm {
                continue;
            }
            let because = reason(assessor, line, *test);
            let row = Near {
                provision: because
                    .entry
                    .clone()
                    .unwrap_or_else(|| provision.id.clone()),
                fact: because.fact,
                value: because.value,
                threshold: format!(
                    "{} {} {}",
                    because.operator, because.threshold, because.unit
                )
                .trim_end()
                .to_owned(),
                off_by: format!("{} %", share(flip.off_ppm)),
            };
            if !found.contains(&row) {
                found.push(row);
            }
        }
    }
    found
}

/// Parts per million as per cent, with one decimal.
fn share(ppm: i128) -> String {
    let tenths = (ppm + 500) / 1000;
    format!("{}.{}", tenths / 10, tenths % 10)
}

/// The nearest change of one known fact or date that gives another outcome: each is tried.
fn would_change(
    assessor: &Assessor,
    line: &Gathered,
    rules: &[RuleAnswer],
    outcome: Outcome,
    room: &mut Room,
) -> Option<WouldChange> {
    if matches!(
        outcome,
        Outcome::NotKnown | Outcome::Refer | Outcome::NotScreened
    ) {
        return None;
    }
    let (law, program) = (&assessor.law, &assessor.program);
    let mut tries: Vec<(i128, FactId, String, String, Value, usize)> = Vec::new();
    for answer in rules {
        for test in &answer.because {
            if let Some(flip) = program.flip(law, &line.facts, *test) {
                tries.push((
                    flip.off_ppm,
                    flip.fact,
                    flip.from,
                    flip.to,
                    flip.value,
                    answer.rule,
                ));
            } else if let Some(atom) = program.atom_of(*test)
                && let Some(fact) = atom.test.fact()
                && let Some(Value::YesNo(yes)) = line.facts.get(fact)
            {
                let words = |yes: bool| if yes { "yes" } else { "no" }.to_owned();
                tries.push((
                    10_000_000,
                    fact,
                    words(*yes),
                    words(!yes),
                    Value::YesNo(!yes),
                    answer.rule,
                ));
            }
        }
    }
    tries.sort_by(|a, b| (a.0, a.1, &a.3).cmp(&(b.0, b.1, &b.3)));
    tries.dedup_by(|a, b| a.1 == b.1 && a.4 == b.4);
    let mut facts = line.facts.clone();
    for (_, fact, from, to, value, rule) in tries.into_iter().take(12) {
        let own = facts.get(fact).cloned();
        facts.set(fact, value);
        let (sure, most) = stands(assessor, &facts, room);
        match own {
            Some(own) => facts.set(fact, own),
            None => facts.unset(fact),
        }
        if sure == most && Outcome::from(sure) != outcome {
            return Some(WouldChange {
                fact: law.vocabulary.get(fact).key.clone(),
                from,
                to,
                outcome: sure.into(),
                provision: law.provisions[program.rule(rule).0].id.clone(),
            });
        }
    }
    None
}

/// Whether the answer would be stricter if a weaker hit were true; a list for which no pack stands may mean anything.
fn turns_on_a_match(assessor: &Assessor, line: &Gathered, least: Effect, room: &mut Room) -> bool {
    if line.unplaced {
        return true;
    }
    let Some(parties) = assessor.law.vocabulary.fact("parties") else {
        return false;
    };
    if line.maybe.is_empty() {
        return false;
    }
    let mut facts = line.facts.clone();
    let (mut sure, more) = match facts.get(parties) {
        Some(Value::Set { sure, more }) => (sure.clone(), *more),
        _ => (Vec::new(), true),
    };
    sure.extend(&line.maybe);
    sure.sort_unstable();
    sure.dedup();
    facts.set(parties, Value::Set { sure, more });
    stands(assessor, &facts, room).0 > least
}

/// The strongest effect that surely applies anywhere, and the strongest that may.
fn stands(assessor: &Assessor, facts: &Facts, room: &mut Room) -> (Effect, Effect) {
    assessor.sight.key(facts, &mut room.key);
    if let Some(known) = room.stands.get(&room.key) {
        return known;
    }
    let reached = &mut room.reached;
    assessor.program.reach(facts, &mut room.scratch, reached);
    let strongest = |nexus: Tri, effect: fn(&Reached) -> Effect| {
        let reaching = reached.iter().filter(|each| each.nexus >= nexus);
        let strongest = reaching.map(effect).max();
        strongest.unwrap_or(Effect::NoLicenceRequired)
    };
    let found = (
        strongest(Tri::Yes, |each| each.sure),
        strongest(Tri::Open, |each| each.most),
    );
    room.stands.put(&room.key, found);
    found
}

/// Parts of instruments that the packs only point to, where they may bear on the transfer.
fn not_checked(
    assessor: &Assessor,
    line: &Gathered,
    reached: &[Reached],
    room: &mut Room,
) -> Vec<NotChecked> {
    let law = &assessor.law;
    let ids: Vec<&str> = assessor.program.jurisdictions().collect();
    let mut found = Vec::new();
    for (place, instrument) in law.instruments.iter().enumerate() {
        let reaches = ids
            .iter()
            .zip(reached)
            .any(|(id, stands)| *id == instrument.jurisdiction && bears(stands));
        if !reaches || !instrument.in_effect {
            continue;
        }
        for (row, part) in instrument.coverage.iter().enumerate() {
            if part.state == CoverageState::Modelled
                || assessor
                    .program
                    .scope(place, row, &line.facts, &mut room.scratch)
                    == Tri::No
            {
                continue;
            }
            let why = match part.state {
                CoverageState::Partial => format!("held in part{}", after(&part.note)),
                _ => format!("not held{}", after(&part.note)),
            };
            found.push(NotChecked {
                what: format!("{}: {}", instrument.title, part.part),
                why,
            });
        }
    }
    let imported = &assessor.screening.imported;
    found.push(NotChecked {
        what: "lists of parties".to_owned(),
        why: if imported.held.is_empty() {
            "parties were compared with the lists in the packs only; no list has been imported (`catchall lists import`)".to_owned()
        } else {
            let held = imported.held.iter().map(|held| match held.day {
                Some(day) => format!("{} of {day}", held.list),
                None => held.list.clone(),
            });
            let held: Vec<String> = held.collect();
            format!(
                "parties were compared with the lists in the packs and with {}; with no other",
                held.join(", ")
            )
        },
    });
    for problem in &imported.problems {
        found.push(NotChecked {
            what: "a list that was asked for".to_owned(),
            why: problem.clone(),
        });
    }
    found
}

fn after(note: &str) -> String {
    if note.is_empty() {
        String::new()
    } else {
        format!(": {note}")
    }
}

/// One plain sentence.
fn summary(
    assessor: &Assessor,
    made: &Determination,
    (red, unsettled): (bool, bool),
    detail: Detail,
) -> String {
    let lead = |outcome: Outcome| match outcome {
        Outcome::NoLicenceRequired => "May go ahead",
        Outcome::CoveredByLicence => "May go ahead under a licence or exception",
        Outcome::Notify => "Notify the authority first, and wait where the law says so",
        Outcome::LicenceRequired => "A licence is required",
        Outcome::PresumptionOfDenial => "A licence is required, and policy is to refuse it",
        Outcome::Prohibited => "Prohibited",
        Outcome::NotKnown => "Not known yet",
        Outcome::Refer => "A person must judge",
        Outcome::NotScreened => "Not screened",
    };
    let first = made
        .jurisdictions
        .first()
        .and_then(|first| first.deciding.first());
    let decides = first.and_then(|id| assessor.provision(id));
    let by = decides.map_or(String::new(), |provision| {
        let political = if provision.force.binds_in_law() {
            ""
        } else {
            ", a political commitment"
        };
        format!(" under {}{political}", provision.cite)
    });
    let lead = lead(made.outcome);
    match made.outcome {
        Outcome::NoLicenceRequired => {
            let rest = match (detail, made.not_checked.len()) {
                (Detail::Brief, _) => "; what was not checked stands in the full answer",
                (Detail::Full, 0 | 1) => "",
                (Detail::Full, _) => "; see what was not checked",
            };
            format!("{lead}: nothing that was checked stands in the way{rest}.")
        }
        Outcome::NotKnown => {
            let bounds = format!("{} to {}", made.bounds.least, made.bounds.most);
            match &made.missing.next {
                Some(next) => format!("{lead} ({bounds}): {}", next.question),
                None => match made.missing.essential.first() {
                    Some(first) => format!("{lead} ({bounds}): {}", first.question),
                    None => format!("{lead} ({bounds})."),
                },
            }
        }
        Outcome::Refer if red => format!("{lead}: a red flag is open."),
        Outcome::Refer if unsettled => {
            let open = |hit: &&Hit| !hit.dismissed();
            let weak = |hit: &&Hit| hit.band != "strong" && !hit.settled();
            let mut hits = made.hits.iter();
            let hit = hits.clone().find(weak).or_else(|| hits.find(open));
            let who = hit.map_or_else(String::new, |hit| {
                format!(
                    " `{}` may be `{}` of the list {}.",
                    hit.party, hit.listing.name, hit.listing.list
                )
            });
            format!("{lead}: a match of a party is not settled.{who}")
        }
        Outcome::NotScreened => {
            let problems = &assessor.screening.imported.problems;
            format!("{lead}: {}.", problems.join("; "))
        }
        Outcome::Refer => format!(
            "{lead}: the law itself is disputed or not fixed to the day{by}; from {} to {}.",
            made.bounds.least, made.bounds.most
        ),
        _ => format!("{lead}{by}."),
    }
}
