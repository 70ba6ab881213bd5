//! One line: what each law that reaches it comes to, and all of them together.

use std::sync::Arc;

use catchall_law::{Depth, Facts, Open, Reached, RuleAnswer, Tri, Value};
use catchall_model::{
    Because, Bounds, Day, Effect, Finding, Flag, Jurisdiction, Missing, Near, Nexus, NotChecked,
    Outcome, WouldChange,
};

use super::asked::{missing, readings_of};
use super::finding::{finding, reason, verdict};
use super::nearby::{near, would_change};
use super::strictest_first;
use super::unchecked::not_checked;
use crate::gather::Gathered;
use crate::{Assessor, Detail, Room};

/// What one line comes to.
#[derive(Clone, Debug)]
pub(crate) struct LineAnswer {
    pub(super) outcome: Outcome,
    pub(super) bounds: Bounds,
    pub(super) jurisdictions: Vec<Jurisdiction>,
    pub(super) findings: Vec<Finding>,
    pub(super) missing: Missing,
    pub(super) near: Vec<Near>,
    pub(super) would_change: Option<WouldChange>,
    pub(super) not_checked: Vec<NotChecked>,
    /// Figures that contradict a claimed code.
    pub(super) beside: Vec<Flag>,
}

/// The short answer to a line, worked out once for all lines that the law cannot tell apart.
pub(super) fn brief(assessor: &Assessor, line: &Gathered, room: &mut Room) -> LineAnswer {
    assessor.sight.key(&line.facts, &mut room.key);
    if let Some(known) = room.brief.get(&room.key) {
        return LineAnswer::clone(&known);
    }
    let answer = one_line(assessor, line, Detail::Brief, room);
    assessor.sight.key(&line.facts, &mut room.key);
    room.brief.put(&room.key, Arc::new(answer.clone()));
    answer
}

/// Completes what is open in some jurisdictions together, once for all lines that the law cannot tell apart. The room's last
/// look at the law was at these facts.
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
    let open = Arc::new(assessor.program.open_further(
        &assessor.law.vocabulary,
        facts,
        jurisdictions,
        depth,
        &mut room.scratch,
    ));
    room.open.put(&room.key, open.clone());
    open
}

/// The answer to one line. What the room holds of a look at the law is asked before anything is completed: it
/// is of this look only until then.
pub(super) fn one_line(
    assessor: &Assessor,
    line: &Gathered,
    detail: Detail,
    room: &mut Room,
) -> LineAnswer {
    let (program, facts) = (&assessor.program, &line.facts);
    match detail {
        Detail::Full => program.decide(facts, &mut room.scratch, &mut room.decision),
        Detail::Brief => program.reach(facts, &mut room.scratch, &mut room.decision.reached),
    }
    let reached = room.decision.reached.clone();
    let full = detail == Detail::Full;
    let bearing = (0..reached.len()).filter(|place| bears(&reached[*place]));
    let laws: Vec<Law> = bearing
        .map(|place| Law {
            place,
            stands: reached[place],
            grounds: if full {
                let tests = program.nexus_reasons(place, facts, &mut room.scratch);
                let reasons = tests.into_iter().map(|test| reason(assessor, line, test));
                Grounds::Nexus(reasons.collect())
            } else {
                Grounds::Deciding(deciding(assessor, facts, place, &reached[place], room))
            },
        })
        .collect();
    let (mut beside, mut unchecked) = (Vec::new(), Vec::new());
    if full {
        beside = beside_claims(assessor, facts, room);
        unchecked = not_checked(assessor, line, &reached, room);
    }
    let open = together(assessor, facts, &laws, detail, room);
    let whole = speaks_for_the_open_one(&laws, &open).then_some(&open);
    let mut jurisdictions: Vec<Jurisdiction> = laws
        .into_iter()
        .map(|law| law.answer(assessor, line, whole, room))
        .collect();
    strictest_first(&mut jurisdictions);
    let mut answer = LineAnswer {
        outcome: outcome_of(&open),
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
    if full {
        let rules = std::mem::take(&mut room.decision.rules);
        answer.findings = rules
            .iter()
            .map(|rule| finding(assessor, line, rule))
            .collect();
        answer.near = near(assessor, line, &rules);
        answer.would_change = would_change(assessor, line, &rules, answer.outcome, room);
        room.decision.rules = rules;
    }
    answer
}

/// One law that bears on the line.
struct Law {
    /// Its place among the jurisdictions.
    place: usize,
    /// How far it reaches.
    stands: Reached,
    grounds: Grounds,
}

/// What was asked of a law before anything was completed.
enum Grounds {
    /// In full: why it reaches the transfer.
    Nexus(Vec<Because>),
    /// In brief: the rules that decide, where it is decided.
    Deciding(Vec<usize>),
}

impl Law {
    fn decided(&self) -> bool {
        self.stands.sure == self.stands.most
    }

    /// What it comes to; `whole` is what is open of all laws together, where that is what is open of this one.
    fn answer(
        self,
        assessor: &Assessor,
        line: &Gathered,
        whole: Option<&Arc<Open>>,
        room: &mut Room,
    ) -> Jurisdiction {
        let (law, program) = (&assessor.law, &assessor.program);
        let open = match whole {
            _ if self.decided() => Arc::new(Open::settled(self.stands.sure)),
            Some(whole) => whole.clone(),
            None => complete(assessor, &line.facts, &[self.place], Depth::Essential, room),
        };
        let outcome = outcome_of(&open);
        let rules: Vec<&RuleAnswer> = match self.grounds {
            Grounds::Nexus(_) => {
                let all = room.decision.rules.iter();
                all.filter(|answer| program.jurisdiction_of(answer.rule) == self.place)
                    .collect()
            }
            Grounds::Deciding(_) => Vec::new(),
        };
        let readings = open.readings.map_or(Vec::new(), |(with, without)| {
            readings_of(assessor, &rules, &line.facts, with, without)
        });
        let provision = |rule: usize| &law.provisions[program.rule(rule).0];
        let (deciding, because) = match self.grounds {
            Grounds::Nexus(because) => {
                let least = open.least.min(self.stands.sure);
                let decides = |answer: &&&RuleAnswer| {
                    let effect = program.effect(answer.rule);
                    match outcome {
                        Outcome::NotKnown | Outcome::Refer => {
                            answer.applies >= Tri::Open && effect > least
                        }
                        _ => answer.applies == Tri::Yes && Outcome::from(effect) == outcome,
                    }
                };
                let rules = rules.iter().filter(decides).map(|answer| answer.rule);
                (rules.collect(), because)
            }
            Grounds::Deciding(rules) => (rules, Vec::new()),
        };
        let mut ids: Vec<String> = deciding
            .iter()
            .map(|rule| provision(*rule).id.clone())
            .collect();
        ids.dedup();
        let leading = deciding
            .first()
            .copied()
            .or_else(|| nearest_in_time(assessor, &rules, &line.facts));
        Jurisdiction {
            id: program
                .jurisdictions()
                .nth(self.place)
                .unwrap_or_default()
                .to_owned(),
            outcome,
            bounds: Bounds {
                least: open.least,
                most: open.most,
            },
            force: leading.map(|rule| provision(rule).force),
            nexus: Nexus {
                verdict: verdict(self.stands.nexus),
                because,
            },
            deciding: ids,
            missing: if open.least == open.most {
                Vec::new()
            } else {
                open.essential
                    .iter()
                    .map(|fact| law.vocabulary.get(*fact).key.clone())
                    .collect()
            },
            readings,
        }
    }
}

/// Of the rules that were asked and decide nothing, one that stands on the day, or whose days lie nearest to it: law that is to come decades later
/// does not speak for a law.
fn nearest_in_time(assessor: &Assessor, rules: &[&RuleAnswer], facts: &Facts) -> Option<usize> {
    let date = assessor.law.vocabulary.fact("date")?;
    let on = match facts.get(date) {
        Some(Value::Between(low, high)) if low == high => {
            i64::try_from(low.grid()).ok().map(Day::from_number)
        }
        _ => None,
    };
    let away = |rule: usize| {
        let (provision, version) = assessor.program.rule(rule);
        let (first, last) = assessor.law.provisions[provision].versions[version]
            .in_force
            .ends();
        on.map_or(0, |on| {
            let (on, first, last) = (on.number(), first.number(), last.number());
            (first - on).max(on - last).max(0)
        })
    };
    let all = rules.iter().map(|answer| answer.rule);
    all.min_by_key(|rule| away(*rule))
}

/// The rules that decide what a law surely comes to; none where it is open or asks nothing.
fn deciding(
    assessor: &Assessor,
    facts: &Facts,
    place: usize,
    stands: &Reached,
    room: &mut Room,
) -> Vec<usize> {
    let asked = stands.nexus == Tri::Yes
        && stands.sure == stands.most
        && stands.sure > Effect::NoLicenceRequired;
    if asked {
        let program = &assessor.program;
        program.deciding(facts, &mut room.scratch, place, stands.sure)
    } else {
        Vec::new()
    }
}

/// Whether what is open of all laws together is what is open of the only one that is: the others never come to more than it does.
fn speaks_for_the_open_one(laws: &[Law], open: &Open) -> bool {
    let others = laws
        .iter()
        .filter(|law| law.decided() && law.stands.nexus == Tri::Yes)
        .map(|law| law.stands.sure)
        .max()
        .unwrap_or(Effect::NoLicenceRequired);
    let one = laws.iter().filter(|law| !law.decided()).count() == 1;
    one && (others == Effect::NoLicenceRequired || open.least > others)
}

/// What all laws come to together.
fn together(
    assessor: &Assessor,
    facts: &Facts,
    laws: &[Law],
    detail: Detail,
    room: &mut Room,
) -> Arc<Open> {
    let surely = laws.iter().filter(|law| law.stands.nexus == Tri::Yes);
    let sure = surely
        .map(|law| law.stands.sure)
        .max()
        .unwrap_or(Effect::NoLicenceRequired);
    let most = laws
        .iter()
        .map(|law| law.stands.most)
        .max()
        .unwrap_or(Effect::NoLicenceRequired);
    if laws.iter().all(Law::decided) {
        return Arc::new(Open::settled(sure.max(most)));
    }
    if sure == most {
        return Arc::new(Open::settled(sure));
    }
    let depth = match detail {
        Detail::Full => Depth::Questions,
        Detail::Brief => Depth::Essential,
    };
    let places: Vec<usize> = laws.iter().map(|law| law.place).collect();
    complete(assessor, facts, &places, depth, room)
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

/// Whether a jurisdiction is worth a line: not one that may reach the transfer, but would do nothing.
pub(super) fn bears(stands: &Reached) -> bool {
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
