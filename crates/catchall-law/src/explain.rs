//! Reasons: which tests decided, for whom, and how far they were from deciding otherwise.
//!
//! Built on demand from the program's nodes, as references; words are put to them at the end, so that
//! a decision with its reasons costs little where nobody reads them.

use catchall_model::{Day, Effect, Number};

use crate::pack::Law;
use crate::program::{
    AtomTest, ClaimAnswer, ListPath, ListTest, Node, NodeId, Program, Reached, Scratch, Tri,
};
use crate::state::{Facts, Value};
use crate::vocabulary::{Domain, FactId};

/// One test that decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct TestRef {
    /// The test.
    pub test: WhichTest,
    /// Whether the condition asks for its opposite.
    pub negated: bool,
    /// Its answer, with the negation.
    pub answer: Tri,
    /// The control list entry whose test it is, by place in the program.
    pub entry: Option<u32>,
}

/// Which test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum WhichTest {
    /// An atom of the program.
    Atom(u32),
    /// A list test of the program.
    List(u32),
}

/// What one version of a provision comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleAnswer {
    /// The rule, by place in the program.
    pub rule: usize,
    /// Whether it brings its effect to bear.
    pub applies: Tri,
    /// Whether its own condition holds, exceptions apart.
    pub own: Tri,
    /// The tests that decided.
    pub because: Vec<TestRef>,
    /// Exceptions tried, each with its answer and the tests that decided.
    pub exceptions: Vec<(usize, Tri, Vec<TestRef>)>,
}

/// A decision with its reasons, as references.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decision {
    /// Where each jurisdiction stands.
    pub reached: Vec<Reached>,
    /// The rules that bear on it: strongest first, then in the order of the packs.
    pub rules: Vec<RuleAnswer>,
}

/// The most rules that nearly applied, shown for one jurisdiction.
const MOST_NEAR: usize = 6;
/// Rank of what fails by one test, behind everything that fails by its dates.
const ONE_TEST: u64 = 1_000_000;
/// The most entries shown for a list test that fails.
const MOST_ENTRIES: usize = 4;

impl Program {
    /// Decides, with reasons: every rule that applies, may apply, is lifted by an exception, or fails by one
    /// test alone.
    pub fn decide(&self, facts: &Facts, scratch: &mut Scratch, decision: &mut Decision) {
        self.reach(facts, scratch, &mut decision.reached);
        decision.rules.clear();
        let candidates = std::mem::take(&mut scratch.candidates);
        let mut near: Vec<(usize, u64, usize)> = Vec::new();
        for rule in &candidates {
            let rule = *rule as usize;
            let own = self.full(rule, facts, scratch);
            let applies = self.contributes(rule, facts, scratch);
            let jurisdiction = self.rules[rule].jurisdiction;
            let lone = !self.rules[rule].exception;
            match (applies, own) {
                (Tri::No, Tri::No) => {
                    if lone && let Some(distance) = self.nearly(rule, facts, scratch) {
                        near.push((jurisdiction, distance, rule));
                    }
                }
                // An exception that holds but finds nothing to lift says nothing.
                (Tri::No, _) if !lone => {}
                _ => {
                    let mut because = Vec::new();
                    self.justify(self.rules[rule].full, facts, scratch, None, &mut because);
                    let mut exceptions = Vec::new();
                    for exception in &self.rules[rule].exceptions {
                        let answer = self.effective(*exception, facts, scratch);
                        let mut reasons = Vec::new();
                        self.justify(
                            self.rules[*exception].full,
                            facts,
                            scratch,
                            None,
                            &mut reasons,
                        );
                        exceptions.push((*exception, answer, reasons));
                    }
                    decision.rules.push(RuleAnswer {
                        rule,
                        applies,
                        own,
                        because,
                        exceptions,
                    });
                }
            }
        }
        scratch.candidates = candidates;
        near.sort_unstable();
        let mut shown: Vec<(usize, usize)> = Vec::new();
        let speaking: Vec<usize> = decision
            .rules
            .iter()
            .map(|answer| self.rules[answer.rule].provision)
            .collect();
        for (jurisdiction, _, rule) in near {
            let provision = self.rules[rule].provision;
            if speaking.contains(&provision) {
                continue;
            }
            // The nearest version of a provision speaks for it, and the nearest provisions for a jurisdiction.
            if shown.contains(&(jurisdiction, provision))
                || shown
                    .iter()
                    .filter(|(each, _)| *each == jurisdiction)
                    .count()
                    >= MOST_NEAR
            {
                continue;
            }
            shown.push((jurisdiction, provision));
            let mut because = Vec::new();
            self.justify(self.rules[rule].full, facts, scratch, None, &mut because);
            decision.rules.push(RuleAnswer {
                rule,
                applies: Tri::No,
                own: Tri::No,
                because,
                exceptions: Vec::new(),
            });
        }
        decision.rules.sort_by(|a, b| {
            let key = |answer: &RuleAnswer| {
                (
                    std::cmp::Reverse(answer.applies),
                    std::cmp::Reverse(self.rules[answer.rule].effect),
                    answer.rule,
                )
            };
            key(a).cmp(&key(b))
        });
    }

    /// The rules that bring this effect to bear in a jurisdiction, after [`Program::reach`] on the same facts.
    pub fn deciding(
        &self,
        facts: &Facts,
        scratch: &mut Scratch,
        jurisdiction: usize,
        effect: Effect,
    ) -> Vec<usize> {
        let candidates = std::mem::take(&mut scratch.candidates);
        let mut found: Vec<usize> = Vec::new();
        for rule in candidates.iter().map(|rule| *rule as usize) {
            let own = &self.rules[rule];
            if own.jurisdiction == jurisdiction
                && own.effect == effect
                && self.contributes(rule, facts, scratch) == Tri::Yes
            {
                found.push(rule);
            }
        }
        scratch.candidates = candidates;
        found.sort_unstable();
        found
    }

    /// Entries that the figures surely meet although another code, or none, is claimed for their list. To be asked after
    /// [`Program::decide`] on the same facts.
    pub fn beside_claims(&self, facts: &Facts, scratch: &mut Scratch) -> Vec<u32> {
        let mut found = Vec::new();
        for list in 0..self.list_start.len().saturating_sub(1) {
            let Some(claim) = facts.claim(list) else {
                continue;
            };
            for entry in self.list_start[list]..self.list_start[list + 1] {
                let apart = claim.is_none_or(|code| {
                    let (code, own) = (code.to_lowercase(), self.codes[entry].to_lowercase());
                    crate::state::claim_fit(&code, &own) == crate::state::ClaimFit::Apart
                });
                let place = u32::try_from(entry).unwrap_or(u32::MAX);
                if apart && self.entry(place, facts, scratch) == Tri::Yes {
                    found.push(place);
                }
            }
        }
        found
    }

    /// The provision and version of a rule.
    pub fn rule(&self, rule: usize) -> (usize, usize) {
        (self.rules[rule].provision, self.rules[rule].version)
    }

    /// The effect of a rule.
    pub fn effect(&self, rule: usize) -> Effect {
        self.rules[rule].effect
    }

    /// The jurisdiction of a rule, by place.
    pub fn jurisdiction_of(&self, rule: usize) -> usize {
        self.rules[rule].jurisdiction
    }

    /// Why a jurisdiction reaches the transfer, or may.
    pub fn nexus_reasons(
        &self,
        jurisdiction: usize,
        facts: &Facts,
        scratch: &mut Scratch,
    ) -> Vec<TestRef> {
        let mut because = Vec::new();
        self.justify(
            self.jurisdictions[jurisdiction].nexus,
            facts,
            scratch,
            None,
            &mut because,
        );
        because
    }

    /// The place of an entry: its list and its place there.
    pub fn entry_place(&self, entry: u32) -> (usize, usize) {
        let entry = &self.entries[entry as usize];
        (entry.list, entry.entry)
    }

    /// An atom.
    pub fn atom_of(&self, test: TestRef) -> Option<&crate::program::Atom> {
        match test.test {
            WhichTest::Atom(atom) => self.atoms.get(atom as usize),
            WhichTest::List(_) => None,
        }
    }

    /// The conjuncts of a condition.
    fn conjuncts(&self, node: NodeId, into: &mut Vec<NodeId>) {
        match self.nodes[node.0 as usize] {
            Node::All { first, count } => {
                for kid in self.kids(first, count) {
                    self.conjuncts(*kid, into);
                }
            }
            _ => into.push(node),
        }
    }

    /// How nearly a rule applies, when it fails by dates alone (in days) or by one test alone; `None` when it
    /// is farther off.
    fn nearly(&self, rule: usize, facts: &Facts, scratch: &mut Scratch) -> Option<u64> {
        let mut parts = Vec::new();
        self.conjuncts(self.rules[rule].when, &mut parts);
        let dated_out = self.node(self.rules[rule].in_force, facts, scratch) == Tri::No;
        let (mut failing, mut by_date, mut holding, mut open) = (None, dated_out, 0, 0);
        for part in parts {
            match self.node(part, facts, scratch) {
                Tri::Yes => holding += 1,
                Tri::Open => open += 1,
                Tri::No => {
                    // Not on the list on this day, but on another: that is a matter of dates.
                    let other_day = match self.nodes[part.0 as usize] {
                        Node::Atom {
                            atom,
                            negated: false,
                        } => self.holds_some_day(&self.atoms[atom as usize].test, facts),
                        _ => false,
                    };
                    if other_day {
                        by_date = true;
                        holding += 1;
                    } else if failing.replace(part).is_some() {
                        return None;
                    }
                }
            }
        }
        match (failing, by_date) {
            _ if holding == 0 => None,
            (None, true) => Some(
                self.days_out(self.rules[rule].in_force, facts)
                    .min(ONE_TEST - 1)
                    + open * 400,
            ),
            (Some(part), false) => Some(self.far(part) * ONE_TEST + open),
            _ => None,
        }
    }

    /// How far off a test is that fails: a figure that was missed tells more than a list, a list more than a plain no, and that more than another
    /// word. Of several the nearest counts.
    fn far(&self, node: NodeId) -> u64 {
        match self.nodes[node.0 as usize] {
            Node::List { .. } => 2,
            Node::All { first, count } | Node::Any { first, count } => {
                let kids = self.kids(first, count).iter();
                kids.map(|kid| self.far(*kid)).min().unwrap_or(4)
            }
            Node::Atom { atom, .. } => match self.atoms[atom as usize].test {
                AtomTest::Between(..) => 1,
                AtomTest::Yes(_) => 3,
                _ => 4,
            },
            _ => 4,
        }
    }

    /// How many days the nearest edge of a period is away.
    fn days_out(&self, in_force: NodeId, facts: &Facts) -> u64 {
        let mut nearest = u64::from(u32::MAX);
        let mut left = vec![in_force];
        while let Some(node) = left.pop() {
            match self.nodes[node.0 as usize] {
                Node::All { first, count } | Node::Any { first, count } => {
                    left.extend(self.kids(first, count))
                }
                Node::Atom { atom, .. } => {
                    if let AtomTest::Between(fact, low, high) = &self.atoms[atom as usize].test
                        && let Some(Value::Between(day, _)) = facts.get(*fact)
                    {
                        for edge in [low, high] {
                            let gap =
                                u64::try_from(edge.grid().abs_diff(day.grid())).unwrap_or(u64::MAX);
                            nearest = nearest.min(gap);
                        }
                    }
                }
                _ => {}
            }
        }
        nearest
    }

    fn holds_some_day(&self, test: &AtomTest, facts: &Facts) -> bool {
        match test {
            AtomTest::InSet(fact, set, _) => {
                matches!(facts.get(*fact), Some(Value::One(one)) if self.sets[*set].ever.has(*one))
            }
            AtomTest::IncludesIn(fact, set, _) | AtomTest::PartyIn(fact, set, _) => {
                matches!(facts.get(*fact), Some(Value::Set { sure, .. }) if sure.iter().any(|one| self.sets[*set].ever.has(*one)))
            }
            _ => false,
        }
    }

    /// The tests that gave a condition its answer: for a yes those that made it so, for a no the first that
    /// barred it, for open those that are open.
    fn justify(
        &self,
        node: NodeId,
        facts: &Facts,
        scratch: &mut Scratch,
        entry: Option<u32>,
        into: &mut Vec<TestRef>,
    ) {
        let answer = self.node(node, facts, scratch);
        match self.nodes[node.0 as usize] {
            Node::Yes | Node::No => {}
            Node::Atom { atom, negated } => {
                let test = TestRef {
                    test: WhichTest::Atom(atom),
                    negated,
                    answer,
                    entry,
                };
                if !into.contains(&test) {
                    into.push(test);
                }
            }
            Node::List { test, negated } => {
                self.justify_list(test, negated, answer, facts, scratch, into)
            }
            Node::All { first, count } | Node::Any { first, count } => {
                let all = matches!(self.nodes[node.0 as usize], Node::All { .. });
                // One part settles it: an `and` that fails, an `or` that holds.
                let by_one = (all && answer == Tri::No) || (!all && answer == Tri::Yes);
                for kid in self.kids(first, count) {
                    if self.node(*kid, facts, scratch) == answer {
                        self.justify(*kid, facts, scratch, entry, into);
                        if by_one {
                            return;
                        }
                    }
                }
            }
            Node::AtLeast { first, count, .. } => {
                for kid in self.kids(first, count) {
                    if self.node(*kid, facts, scratch) == answer {
                        self.justify(*kid, facts, scratch, entry, into);
                    }
                }
            }
        }
    }

    fn justify_list(
        &self,
        test: u32,
        negated: bool,
        answer: Tri,
        facts: &Facts,
        scratch: &mut Scratch,
        into: &mut Vec<TestRef>,
    ) {
        let list_test = &self.list_tests[test as usize];
        let listed = if negated { answer.not() } else { answer };
        let path = self.list_path(list_test, facts);
        let (first, second) = self.possible_entries(list_test, facts);
        let entries: Vec<u32> = first.iter().chain(second).copied().collect();
        let header = |entry: Option<u32>| TestRef {
            test: WhichTest::List(test),
            negated,
            answer,
            entry,
        };
        if listed == Tri::Yes {
            // The entry that is met, by figures or by the code that is claimed.
            let met = entries
                .iter()
                .copied()
                .find(|entry| self.entry(*entry, facts, scratch) == Tri::Yes);
            if let Some(entry) = met {
                into.push(header(Some(entry)));
                return self.justify(
                    self.entries[entry as usize].full,
                    facts,
                    scratch,
                    Some(entry),
                    into,
                );
            }
            return into.push(header(claimed(&path)));
        }
        // Beside a claimed code the figures are looked at too: what they fail is worth showing.
        into.push(header(claimed(&path)));
        if listed == Tri::Open && path != ListPath::Figures {
            return;
        }
        let mut shown = 0;
        for entry in entries {
            if shown >= MOST_ENTRIES {
                return;
            }
            if self.entry(entry, facts, scratch) != listed {
                continue;
            }
            let before = into.len();
            self.justify(
                self.entries[entry as usize].full,
                facts,
                scratch,
                Some(entry),
                into,
            );
            // An entry for another kind of item altogether says nothing.
            let other_kind = listed == Tri::No
                && into[before..].iter().all(|test| {
                    self.atom_of(*test)
                        .is_some_and(|atom| atom.test.fact() == self.kind_fact)
                });
            if other_kind {
                into.truncate(before);
            } else {
                shown += 1;
            }
        }
    }

    /// A test in words.
    pub fn because(&self, law: &Law, facts: &Facts, test: TestRef) -> catchall_model::Because {
        let result = match test.answer {
            Tri::No => "fail",
            Tri::Open => "not_known",
            Tri::Yes => "pass",
        };
        let entry = test.entry.map(|entry| {
            let (list, place) = self.entry_place(entry);
            let list = &law.lists[list];
            format!("{} {}", list.cite, list.entries[place].code)
        });
        let not = |operator: &str| match (test.negated, operator) {
            (false, operator) => operator.to_owned(),
            (true, "is") => "is not".to_owned(),
            (true, operator) => match operator.strip_prefix("is ") {
                Some(rest) => format!("is not {rest}"),
                None => format!("not {operator}"),
            },
        };
        match test.test {
            WhichTest::List(list_test) => {
                let list_test = &self.list_tests[list_test as usize];
                catchall_model::Because {
                    fact: "item".to_owned(),
                    value: self.shown_item(
                        list_test,
                        facts,
                        test.entry.map(|entry| self.codes[entry as usize].as_str()),
                    ),
                    operator: not(&list_test.operator),
                    threshold: list_test.threshold.clone(),
                    unit: String::new(),
                    result,
                    entry,
                    evidence: None,
                }
            }
            WhichTest::Atom(atom) => {
                let atom = &self.atoms[atom as usize];
                let fact = atom.test.fact();
                catchall_model::Because {
                    fact: fact.map_or_else(
                        || "law".to_owned(),
                        |fact| law.vocabulary.get(fact).key.clone(),
                    ),
                    value: fact.map_or_else(
                        || "disputed, or not known to the pack".to_owned(),
                        |fact| law.show(facts, fact, atom.unit),
                    ),
                    operator: not(&atom.operator),
                    threshold: atom.threshold.clone(),
                    unit: atom.unit.name().to_owned(),
                    result,
                    entry,
                    evidence: None,
                }
            }
        }
    }

    fn shown_item(&self, test: &ListTest, facts: &Facts, entry: Option<&str>) -> String {
        match facts.claim(test.list) {
            Some(Some(code)) => format!("code {code} is claimed"),
            Some(None) => "claimed to be on no entry".to_owned(),
            None => match entry {
                Some(code) => format!("its figures meet {code}"),
                None => "by its kind and figures".to_owned(),
            },
        }
    }

    /// The rules at one effect or above that fail by figures or dates alone are where a small change tells:
    /// the nearest change of one known figure or date that makes this test answer otherwise, and how far off
    /// it is as a share (of the threshold; of a year for days), in parts per million.
    pub fn flip(&self, law: &Law, facts: &Facts, test: TestRef) -> Option<Flip> {
        let atom = self.atom_of(test)?;
        let AtomTest::Between(fact, low, high) = &atom.test else {
            return None;
        };
        let Some(Value::Between(least, most)) = facts.get(*fact) else {
            return None;
        };
        let date = law.vocabulary.get(*fact).domain == Domain::Date;
        let inside = least >= low && most <= high;
        let outside = most < low || least > high;
        let below = most < low;
        // To the nearer edge, just across it.
        let (to, edge) = if outside {
            if below { (*low, *low) } else { (*high, *high) }
        } else if inside {
            let down = (*low > Number::MIN).then(|| low.down());
            let up = (*high < Number::MAX).then(|| high.up());
            match (down, up) {
                (Some(down), Some(up)) if least.grid() - down.grid() <= up.grid() - most.grid() => {
                    (down, *low)
                }
                (_, Some(up)) => (up, *high),
                (Some(down), None) => (down, *low),
                (None, None) => return None,
            }
        } else {
            return None;
        };
        let from = if to < *least { *least } else { *most };
        let gap = (to.grid() - from.grid()).unsigned_abs();
        let off_ppm = if date {
            gap * 1_000_000 / 365
        } else {
            gap.saturating_mul(1_000_000) / edge.grid().unsigned_abs().max(1)
        };
        let show = |number: Number| {
            if date {
                return Day::from_number(i64::try_from(number.grid()).unwrap_or(i64::MAX))
                    .to_string();
            }
            let unit = atom.unit;
            let shown = unit.show(number);
            let near = if number.grid().rem_euclid(1000) == 0 {
                None
            } else {
                Some(number)
            };
            let name = unit.name();
            match near {
                // One step of the grid beyond a round edge: say it in words.
                Some(_) if number == edge.up() => format!("more than {} {name}", unit.show(edge)),
                Some(_) if number == edge.down() => format!("less than {} {name}", unit.show(edge)),
                Some(_) if number.up().grid().rem_euclid(1000) == 0 => {
                    format!("less than {} {name}", unit.show(number.up()))
                }
                Some(_) if number.down().grid().rem_euclid(1000) == 0 => {
                    format!("more than {} {name}", unit.show(number.down()))
                }
                _ => format!("{shown} {name}"),
            }
        };
        Some(Flip {
            fact: *fact,
            from: law.show(facts, *fact, atom.unit),
            to: show(to).trim_end().to_owned(),
            value: Value::Between(to, to),
            off_ppm: i128::try_from(off_ppm).unwrap_or(i128::MAX),
            date,
        })
    }
}

/// A change of one known figure or date.
#[derive(Clone, Debug, PartialEq)]
pub struct Flip {
    /// The fact.
    pub fact: FactId,
    /// Its value now, in words.
    pub from: String,
    /// The value that makes the test answer otherwise, in words.
    pub to: String,
    /// The same, to try.
    pub value: Value,
    /// How far, as parts per million of the threshold, or of a year.
    pub off_ppm: i128,
    /// Whether it is a day.
    pub date: bool,
}

fn claimed(path: &ListPath) -> Option<u32> {
    match path {
        ListPath::Claim(ClaimAnswer::Entries(entries)) => entries.first().map(|(entry, _)| *entry),
        _ => None,
    }
}

impl Law {
    /// What is known of a fact, in words; figures in `unit`, or in the fact's own.
    pub fn show(&self, facts: &Facts, fact: FactId, unit: catchall_model::Unit) -> String {
        let known = self.vocabulary.get(fact);
        let words = |several: &[u32]| -> String {
            match known.domain {
                Domain::Parties => {
                    // A party may stand on several lists under one name.
                    let mut names: Vec<&str> = several
                        .iter()
                        .map(|place| self.parties[*place as usize].name.as_str())
                        .collect();
                    names.dedup();
                    names.join(", ")
                }
                Domain::Kinds => self.kinds(several),
                domain => several
                    .iter()
                    .map(|place| self.vocabulary.name(domain, *place))
                    .collect::<Vec<_>>()
                    .join(", "),
            }
        };
        let Some(value) = facts.get(fact) else {
            return "not known".to_owned();
        };
        match value {
            Value::YesNo(yes) => if *yes { "yes" } else { "no" }.to_owned(),
            Value::One(one) => words(&[*one]),
            Value::OneOf(several) => words(several),
            Value::Set { sure, more } => match (sure.as_slice(), more, known.domain) {
                ([], false, Domain::Parties) => "no listed party".to_owned(),
                ([], false, _) => "none".to_owned(),
                ([], true, _) => "not known".to_owned(),
                (sure, false, _) => words(sure),
                (sure, true, _) => format!("{}, perhaps more", words(sure)),
            },
            Value::Between(..) | Value::Spans(_) => {
                let spans = match value {
                    Value::Spans(spans) => spans.clone(),
                    Value::Between(low, high) => vec![(*low, *high)],
                    _ => Vec::new(),
                };
                if known.domain == Domain::Date {
                    let day = |number: Number| {
                        Day::from_number(i64::try_from(number.grid()).unwrap_or(i64::MAX))
                            .to_string()
                    };
                    return spans
                        .iter()
                        .map(|(low, high)| {
                            if low == high {
                                day(*low)
                            } else {
                                format!("{}..{}", day(*low), day(*high))
                            }
                        })
                        .collect::<Vec<_>>()
                        .join(" or ");
                }
                let fits = matches!(known.domain, Domain::Quantity(dimension) if dimension == unit.dimension());
                let unit = if fits { unit } else { known.unit };
                catchall_model::Amount { spans, unit }.to_string()
            }
            Value::Curve(curve) => {
                let kg = catchall_model::Unit::find("kg").unwrap_or(catchall_model::Unit::NONE);
                let km = catchall_model::Unit::find("km").unwrap_or(catchall_model::Unit::NONE);
                let ends = |low: Number, high: Number, unit| {
                    catchall_model::Amount {
                        spans: vec![(low, high)],
                        unit,
                    }
                    .to_string()
                };
                let points: Vec<String> = curve
                    .points
                    .iter()
                    .filter(|[_, _, shortest, farthest]| {
                        *shortest > Number::MIN
                            && !(*shortest == Number::ZERO && *farthest >= Number::MAX)
                    })
                    .map(|[least, most, shortest, farthest]| {
                        let range = if *shortest == Number::ZERO {
                            format!("at most {}", ends(*farthest, *farthest, km))
                        } else {
                            ends(*shortest, *farthest, km)
                        };
                        if *least == Number::ZERO && *most >= Number::MAX {
                            format!("{range} with some payload")
                        } else {
                            format!("{range} with {}", ends(*least, *most, kg))
                        }
                    })
                    .collect();
                points.join("; ")
            }
        }
    }

    /// Kinds as the fewest nodes of the tree that cover them.
    fn kinds(&self, several: &[u32]) -> String {
        let mut left = several;
        let mut names = Vec::new();
        while let Some(first) = left.first() {
            let kind = &self.vocabulary.kinds[*first as usize];
            let whole = (*first..kind.end)
                .zip(left)
                .take_while(|(a, b)| a == *b)
                .count();
            let covers = whole == (kind.end - first) as usize;
            names.push(kind.word.clone());
            left = &left[if covers { whole } else { 1 }..];
        }
        names.join(", ")
    }
}
