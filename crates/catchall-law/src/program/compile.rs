//! Law to program: negation pushed down to the tests, equal tests and conditions shared.

use std::collections::HashMap;

use catchall_model::{Day, Span, Unit};

use super::atom::{Atom, AtomTest, SetProgram};
use super::index::{Index, guards};
use super::nodes::{CodeIndex, ListTest, Node, NodeId, Numbers, Tested};
use super::{EntryProgram, JurisdictionProgram, Program, Rule};
use crate::language::{Cond, Test, TestKind, code_within};
use crate::pack::{Law, Version};
use crate::period::{Period, bounds};
use crate::vocabulary::{Bits, Domain, FactId};

pub(super) fn compile(law: &Law, known_by: Day) -> Program {
    Workbench::new(law, known_by).compiler.program
}

/// A program with its compiler at hand, so that the checker can put another condition in a rule's place.
pub(crate) struct Workbench {
    compiler: Compiler,
}

impl Workbench {
    pub fn new(law: &Law, known_by: Day) -> Workbench {
        let (sets, sure_sets) = planes(law);
        let mut compiler = Compiler {
            program: Program {
                atoms: Vec::new(),
                nodes: Vec::new(),
                kids: Vec::new(),
                rules: Vec::new(),
                entries: Vec::new(),
                list_tests: Vec::new(),
                sets,
                jurisdictions: Vec::new(),
                scopes: Vec::new(),
                index: Index::default(),
                list_start: Vec::new(),
                tested: Vec::new(),
                codes: Vec::new(),
                code_index: Vec::new(),
                numbers: law.lists.iter().map(Numbers::of).collect(),
                narrowed: law.lists.iter().map(|list| list.narrowed.clone()).collect(),
                kind_fact: law.vocabulary.fact("item.kind"),
                item_facts: Vec::new(),
                date_fact: law.vocabulary.fact("date").unwrap_or(FactId(0)),
                reading: None,
            },
            date: law.vocabulary.fact("date").unwrap_or(FactId(0)),
            shared: HashMap::new(),
            atoms: HashMap::new(),
            sure_sets,
        };
        let reading = compiler.reading();
        if let Node::Atom { atom, .. } = compiler.program.nodes[reading.0 as usize] {
            compiler.program.reading = Some(atom);
        }
        compiler.entries(law);
        compiler.program.item_facts = item_facts(&compiler.program, law);
        compiler.jurisdictions(law);
        compiler.scopes(law);
        compiler.rules(law, known_by);
        let mut bench = Workbench { compiler };
        bench.index(law);
        bench
    }

    pub fn program(&self) -> &Program {
        &self.compiler.program
    }

    /// A condition tested on a date, as a node of the program.
    pub fn condition(&mut self, condition: &Cond, date: FactId, law: &Law) -> NodeId {
        self.compiler.condition(condition, false, date, law)
    }

    /// Puts another version in a rule's place and gives what stood there.
    pub fn put(&mut self, rule: usize, version: &Version, law: &Law) -> Rule {
        let (when, in_force, full) = self.compiler.version(version, law);
        let before = self.compiler.program.rules[rule].clone();
        self.compiler.program.rules[rule] = Rule {
            when,
            in_force,
            full,
            effect: version.effect,
            ..before.clone()
        };
        before
    }

    /// Puts back what [`Workbench::put`] gave.
    pub fn restore(&mut self, rule: usize, before: Rule) {
        self.compiler.program.rules[rule] = before;
    }

    /// Hangs the rules and the list tests on the tests they now need.
    pub fn index(&mut self, law: &Law) {
        let size = |fact: FactId| {
            let domain = law.vocabulary.get(fact).domain;
            match domain {
                crate::vocabulary::Domain::Parties => u32::try_from(law.parties.len())
                    .unwrap_or(u32::MAX)
                    .saturating_mul(4),
                _ => law.vocabulary.size(domain),
            }
        };
        let program = &mut self.compiler.program;
        index_lists(program, law.vocabulary.kinds.len());
        program.index = Index::build(program, size);
    }
}

struct Compiler {
    program: Program,
    date: FactId,
    shared: HashMap<(Node, Vec<NodeId>), NodeId>,
    atoms: HashMap<AtomTest, u32>,
    /// For each dated set whose packs leave days open, the set of what surely belongs to it.
    sure_sets: Vec<Option<usize>>,
}

/// Every dated set as it may be, in the order of the law; behind them, for those with days that the packs leave open,
/// what surely belongs to them, with the place of each.
fn planes(law: &Law) -> (Vec<SetProgram>, Vec<Option<usize>>) {
    let plane = |members: &[(u32, Period)], sure: bool| {
        let spans = |period: &Period| {
            if sure {
                period.sure.clone()
            } else {
                period.possible.clone()
            }
        };
        let of = |(member, period): &(u32, Period)| {
            (
                *member,
                Period {
                    sure: spans(period),
                    possible: spans(period),
                    text: period.text.clone(),
                },
            )
        };
        let kept: Vec<(u32, Period)> = members
            .iter()
            .map(of)
            .filter(|(_, period)| !period.possible.is_empty())
            .collect();
        SetProgram::of(&kept)
    };
    let mut sets: Vec<SetProgram> = law
        .sets
        .iter()
        .map(|set| plane(&set.members, false))
        .collect();
    let mut sure_sets = Vec::with_capacity(sets.len());
    for set in &law.sets {
        let open = set
            .members
            .iter()
            .any(|(_, period)| period.sure != period.possible);
        sure_sets.push(open.then_some(sets.len()));
        if open {
            sets.push(plane(&set.members, true));
        }
    }
    (sets, sure_sets)
}

impl Compiler {
    fn push(&mut self, node: Node, kids: Vec<NodeId>) -> NodeId {
        let key = (node, kids);
        if let Some(known) = self.shared.get(&key) {
            return *known;
        }
        let (node, kids) = key;
        let first = u32::try_from(self.program.kids.len()).unwrap_or(u32::MAX);
        let count = u32::try_from(kids.len()).unwrap_or(u32::MAX);
        let placed = match node {
            Node::All { .. } => Node::All { first, count },
            Node::Any { .. } => Node::Any { first, count },
            Node::AtLeast { needed, .. } => Node::AtLeast {
                needed,
                first,
                count,
            },
            other => other,
        };
        self.program.kids.extend(&kids);
        let id = NodeId(u32::try_from(self.program.nodes.len()).unwrap_or(u32::MAX));
        self.program.nodes.push(placed);
        self.shared.insert((node, kids), id);
        id
    }

    fn all(&mut self, kids: Vec<NodeId>) -> NodeId {
        let (yes, no) = (
            self.push(Node::Yes, Vec::new()),
            self.push(Node::No, Vec::new()),
        );
        let mut kept: Vec<NodeId> = Vec::new();
        for kid in kids {
            if kid == no {
                return no;
            }
            if kid != yes && !kept.contains(&kid) {
                kept.push(kid);
            }
        }
        match kept.as_slice() {
            [] => yes,
            [one] => *one,
            _ => self.push(Node::All { first: 0, count: 0 }, kept),
        }
    }

    fn any(&mut self, kids: Vec<NodeId>) -> NodeId {
        let (yes, no) = (
            self.push(Node::Yes, Vec::new()),
            self.push(Node::No, Vec::new()),
        );
        let mut kept: Vec<NodeId> = Vec::new();
        for kid in kids {
            if kid == yes {
                return yes;
            }
            if kid != no && !kept.contains(&kid) {
                kept.push(kid);
            }
        }
        match kept.as_slice() {
            [] => no,
            [one] => *one,
            _ => self.push(Node::Any { first: 0, count: 0 }, kept),
        }
    }

    fn atom(&mut self, atom: Atom, negated: bool) -> NodeId {
        let place = match self.atoms.get(&atom.test) {
            Some(known) => *known,
            None => {
                let place = u32::try_from(self.program.atoms.len()).unwrap_or(u32::MAX);
                self.atoms.insert(atom.test.clone(), place);
                self.program.atoms.push(atom);
                place
            }
        };
        self.push(
            Node::Atom {
                atom: place,
                negated,
            },
            Vec::new(),
        )
    }

    fn condition(&mut self, condition: &Cond, negated: bool, date: FactId, law: &Law) -> NodeId {
        match (condition, negated) {
            (Cond::Always, false) => self.push(Node::Yes, Vec::new()),
            (Cond::Always, true) => self.push(Node::No, Vec::new()),
            (Cond::Not(inner), _) => self.condition(inner, !negated, date, law),
            (Cond::All(parts), false) | (Cond::Any(parts), true) => {
                let kids = parts
                    .iter()
                    .map(|part| self.condition(part, negated, date, law))
                    .collect();
                self.all(kids)
            }
            (Cond::Any(parts), false) | (Cond::All(parts), true) => {
                let kids = parts
                    .iter()
                    .map(|part| self.condition(part, negated, date, law))
                    .collect();
                self.any(kids)
            }
            (Cond::AtLeast(needed, parts), _) => {
                let kids = parts
                    .iter()
                    .map(|part| self.condition(part, negated, date, law))
                    .collect();
                let needed = if negated {
                    parts.len() + 1 - needed
                } else {
                    *needed
                };
                let needed = u32::try_from(needed).unwrap_or(u32::MAX);
                self.push(
                    Node::AtLeast {
                        needed,
                        first: 0,
                        count: 0,
                    },
                    kids,
                )
            }
            (Cond::Test(test), _) => self.test(test, negated, date, law),
        }
    }

    fn test(&mut self, test: &Test, negated: bool, date: FactId, law: &Law) -> NodeId {
        if let TestKind::Listed { list, within, tag } = &test.kind {
            let start = self.program.list_start[*list];
            let fits = |entry: &crate::pack::Entry| {
                code_within(&entry.code, within)
                    && tag.as_ref().is_none_or(|tag| entry.tags.contains(tag))
            };
            let entries = (start..)
                .zip(&law.lists[*list].entries)
                .filter(|(_, entry)| fits(entry));
            let entries: Vec<u32> = entries
                .filter_map(|(place, _)| u32::try_from(place).ok())
                .collect();
            let made = ListTest {
                list: *list,
                within: within.clone(),
                tag: tag.clone(),
                asked: Bits::of(entries.iter().copied()),
                entries,
                tested: Tested::default(),
                operator: test.operator.clone(),
                threshold: test.threshold.clone(),
            };
            let known = self.program.list_tests.iter().position(|each| {
                each.list == made.list && each.within == made.within && each.tag == made.tag
            });
            let place = known.unwrap_or_else(|| {
                self.program.list_tests.push(made);
                self.program.list_tests.len() - 1
            });
            let test = u32::try_from(place).unwrap_or(u32::MAX);
            return self.push(Node::List { test, negated }, Vec::new());
        }
        let Some(kind) = AtomTest::of(&test.kind, date) else {
            return self.push(Node::No, Vec::new());
        };
        let atom = |test_of: AtomTest| Atom {
            test: test_of,
            operator: test.operator.clone(),
            threshold: test.threshold.clone(),
            unit: test.unit,
        };
        let sure = match &kind {
            AtomTest::InSet(fact, set, date) => {
                self.sure_sets[*set].map(|sure| AtomTest::InSet(*fact, sure, *date))
            }
            AtomTest::IncludesIn(fact, set, date) => {
                self.sure_sets[*set].map(|sure| AtomTest::IncludesIn(*fact, sure, *date))
            }
            AtomTest::PartyIn(fact, set, date) => {
                self.sure_sets[*set].map(|sure| AtomTest::PartyIn(*fact, sure, *date))
            }
            _ => None,
        };
        let Some(sure) = sure else {
            return self.atom(atom(kind), negated);
        };
        // A member that may or may not belong to a set on a day: as one reads it, like a version's own dates.
        let (sure, possible) = (
            self.atom(atom(sure), negated),
            self.atom(atom(kind), negated),
        );
        // Whatever is open is read for the condition it stands in, or against it: a test that is negated reads its day the
        // other way, since of two sets that are open on one day the item may be in one and not in the other.
        let reading = self.reading();
        if negated {
            let not_so = self.any(vec![possible, reading]);
            self.all(vec![sure, not_so])
        } else {
            let so = self.all(vec![possible, reading]);
            self.any(vec![sure, so])
        }
    }

    fn reading(&mut self) -> NodeId {
        let atom = Atom {
            test: AtomTest::Reading,
            operator: "is read so".to_owned(),
            threshold: String::new(),
            unit: Unit::NONE,
        };
        self.atom(atom, false)
    }

    /// That a date lies in one of these spans.
    fn spans(&mut self, spans: &[Span], date: FactId, negated: bool) -> NodeId {
        let kids: Vec<NodeId> = spans
            .iter()
            .map(|span| {
                if *span == Span::ALWAYS {
                    return self.push(if negated { Node::No } else { Node::Yes }, Vec::new());
                }
                let (low, high) = bounds(*span);
                let (operator, threshold) = match (span.first == Day::MIN, span.last == Day::MAX) {
                    (true, _) => ("on or before", span.last.to_string()),
                    (false, true) => ("on or after", span.first.to_string()),
                    (false, false) => ("between", format!("{} and {}", span.first, span.last)),
                };
                let atom = Atom {
                    test: AtomTest::Between(date, low, high),
                    operator: operator.to_owned(),
                    threshold,
                    unit: Unit::NONE,
                };
                self.atom(atom, negated)
            })
            .collect();
        if negated {
            self.all(kids)
        } else {
            self.any(kids)
        }
    }

    /// That a period holds on a date; on days that the pack leaves open, as one reads it.
    fn period(&mut self, period: &Period, date: FactId) -> NodeId {
        let sure = self.spans(&period.sure, date, false);
        if period.sure == period.possible {
            return sure;
        }
        let possible = self.spans(&period.possible, date, false);
        let reading = self.reading();
        let open = self.all(vec![possible, reading]);
        self.any(vec![sure, open])
    }

    fn entries(&mut self, law: &Law) {
        // Places first, since an entry's test may ask for another entry of any list.
        let mut start = 0;
        for list in &law.lists {
            self.program.list_start.push(start);
            let places = (start..).map_while(|place| u32::try_from(place).ok());
            let codes = list.entries.iter().map(|entry| entry.code.clone());
            self.program
                .code_index
                .push(CodeIndex::of(codes.zip(places)));
            start += list.entries.len();
            self.program
                .codes
                .extend(list.entries.iter().map(|entry| entry.code.clone()));
        }
        self.program.list_start.push(start);
        for (place, list) in law.lists.iter().enumerate() {
            for (entry_place, entry) in list.entries.iter().enumerate() {
                let editions = entry
                    .editions
                    .iter()
                    .map(|edition| self.period(&edition.period, self.date))
                    .collect();
                let in_force = self.any(editions);
                let when = match &entry.when {
                    None => self.push(Node::No, Vec::new()),
                    Some(when) => self.condition(when, false, self.date, law),
                };
                let full = self.all(vec![in_force, when]);
                let (kinds, rest) = self.by_kind(when);
                self.program.entries.push(EntryProgram {
                    list: place,
                    entry: entry_place,
                    in_force,
                    full,
                    kinds,
                    rest,
                });
            }
        }
    }

    /// The kinds that a condition names on top, and what it asks beside.
    fn by_kind(&mut self, when: NodeId) -> (Option<Bits>, NodeId) {
        let kinds =
            |compiler: &Compiler, node: NodeId| match compiler.program.nodes[node.0 as usize] {
                Node::Atom {
                    atom,
                    negated: false,
                } => match &compiler.program.atoms[atom as usize].test {
                    AtomTest::OneOf(fact, kinds) if Some(*fact) == compiler.program.kind_fact => {
                        Some(kinds.clone())
                    }
                    _ => None,
                },
                _ => None,
            };
        if let Some(kinds) = kinds(self, when) {
            return (Some(kinds), self.push(Node::Yes, Vec::new()));
        }
        let Node::All { first, count } = self.program.nodes[when.0 as usize] else {
            return (None, when);
        };
        let mut parts = self.program.kids(first, count).to_vec();
        let found = parts.iter().position(|part| kinds(self, *part).is_some());
        match found {
            Some(place) => {
                let named = kinds(self, parts.remove(place));
                (named, self.all(parts))
            }
            None => (None, when),
        }
    }

    fn jurisdictions(&mut self, law: &Law) {
        for nexus in &law.nexus {
            let node = self.condition(&nexus.when, false, self.date, law);
            self.program.jurisdictions.push(JurisdictionProgram {
                id: nexus.jurisdiction.clone(),
                nexus: node,
                rules: Vec::new(),
            });
        }
    }

    fn scopes(&mut self, law: &Law) {
        for instrument in &law.instruments {
            let rows = instrument.coverage.iter().map(|row| match &row.scope {
                Some(scope) => self.condition(scope, false, self.date, law),
                None => self.push(Node::Yes, Vec::new()),
            });
            let rows = rows.collect();
            self.program.scopes.push(rows);
        }
    }

    /// A version's condition, that it is in force, and all of it together.
    fn version(&mut self, version: &Version, law: &Law) -> (NodeId, NodeId, NodeId) {
        let from = law.vocabulary.fact("from");
        let when = self.condition(&version.when, false, version.tested_on, law);
        let in_force = self.period(&version.in_force, version.tested_on);
        let mut parts = vec![in_force];
        for dispute in &version.disputed {
            // Off the disputed days, or for somebody else, the provision stands; on them, as one reads it.
            let off = self.spans(&dispute.interval.possible, version.tested_on, true);
            let reading = self.reading();
            let mut ways = vec![off];
            if let Some(from) = from {
                let atom = Atom {
                    test: AtomTest::OneOf(from, Bits::of(dispute.by.iter().copied())),
                    operator: "is one of".to_owned(),
                    threshold: dispute
                        .by
                        .iter()
                        .map(|place| law.vocabulary.countries[*place as usize].code().to_owned())
                        .collect::<Vec<_>>()
                        .join(", "),
                    unit: Unit::NONE,
                };
                ways.push(self.atom(atom, true));
            }
            ways.push(reading);
            parts.push(self.any(ways));
        }
        parts.push(when);
        let full = self.all(parts);
        (when, in_force, full)
    }

    fn rules(&mut self, law: &Law, known_by: Day) {
        let mut of_provision: Vec<Vec<usize>> = vec![Vec::new(); law.provisions.len()];
        for (place, provision) in law.provisions.iter().enumerate() {
            let jurisdiction = self
                .program
                .jurisdictions
                .iter()
                .position(|each| each.id == provision.jurisdiction);
            let Some(jurisdiction) = jurisdiction else {
                continue;
            };
            if !law.instruments[provision.instrument].in_effect || !provision.force.has_effect() {
                continue;
            }
            for (version_place, version) in provision.versions.iter().enumerate() {
                let known = version.recorded <= known_by
                    && version.superseded.is_none_or(|day| day > known_by);
                if !known {
                    continue;
                }
                let (when, in_force, full) = self.version(version, law);
                let rule = self.program.rules.len();
                self.program.rules.push(Rule {
                    provision: place,
                    version: version_place,
                    jurisdiction,
                    effect: version.effect,
                    when,
                    in_force,
                    full,
                    exceptions: Vec::new(),
                    bases: Vec::new(),
                    exception: !provision.excepts.is_empty(),
                });
                self.program.jurisdictions[jurisdiction].rules.push(rule);
                of_provision[place].push(rule);
            }
        }
        for (place, provision) in law.provisions.iter().enumerate() {
            for base in &provision.excepts {
                for exception in &of_provision[place] {
                    for base in &of_provision[*base] {
                        self.program.rules[*base].exceptions.push(*exception);
                        self.program.rules[*exception].bases.push(*base);
                    }
                }
            }
        }
    }
}

/// For each fact whether it is the item's kind, or a figure of the item that entries ask for: a row of the packs'
/// vocabulary, not a fact of every transfer.
fn item_facts(program: &Program, law: &Law) -> Vec<bool> {
    let mut found = vec![false; law.vocabulary.facts.len()];
    let mut seen = vec![false; program.nodes.len()];
    let mut left: Vec<NodeId> = program.entries.iter().map(|entry| entry.rest).collect();
    while let Some(node) = left.pop() {
        if std::mem::replace(&mut seen[node.0 as usize], true) {
            continue;
        }
        match program.nodes[node.0 as usize] {
            Node::All { first, count }
            | Node::Any { first, count }
            | Node::AtLeast { first, count, .. } => left.extend(program.kids(first, count)),
            Node::Atom { atom, .. } => {
                let test = &program.atoms[atom as usize].test;
                if let (Some(fact), None) = (test.fact(), test.second()) {
                    let row = law.vocabulary.get(fact);
                    found[usize::from(fact.0)] |= row.at.is_some() || row.domain == Domain::Curve;
                }
            }
            Node::Yes | Node::No | Node::List { .. } => {}
        }
    }
    if let Some(kind) = program.kind_fact {
        found[usize::from(kind.0)] = true;
    }
    found
}

/// For each list and each list test, the entries that figures can meet, by the kind of item that their tests need.
fn index_lists(program: &mut Program, kinds: usize) {
    let mut needs: Vec<Option<Bits>> = Vec::with_capacity(program.entries.len());
    for entry in &program.entries {
        let mut own: Option<Bits> = None;
        guards(program, entry.full, &mut |fact, values| {
            if Some(fact) == program.kind_fact
                && own.as_ref().is_none_or(|known| values.len() < known.len())
            {
                own = Some(values);
            }
        });
        needs.push(own);
    }
    let by_kind = |entries: &mut dyn Iterator<Item = u32>| {
        let mut tested = Tested {
            by_kind: vec![Vec::new(); kinds],
            ..Tested::default()
        };
        for entry in entries {
            let place = entry as usize;
            if program.nodes[program.entries[place].full.0 as usize] == Node::No {
                continue;
            }
            tested.all.push(entry);
            match &needs[place] {
                None => tested.any_kind.push(entry),
                Some(values) => values
                    .iter()
                    .for_each(|value| tested.by_kind[value as usize].push(entry)),
            }
        }
        tested
    };
    let of_tests: Vec<Tested> = (program.list_tests.iter())
        .map(|test| by_kind(&mut test.entries.iter().copied()))
        .collect();
    let of_lists: Vec<Tested> = (program.list_start.windows(2))
        .map(|ends| by_kind(&mut (ends[0]..ends[1]).filter_map(|place| u32::try_from(place).ok())))
        .collect();
    for (test, tested) in program.list_tests.iter_mut().zip(of_tests) {
        test.tested = tested;
    }
    program.tested = of_lists;
}
