//! Cells: the values of a fact that is not known, cut where some open test can tell them apart.

use std::collections::BTreeMap;

use catchall_model::{Day, Number, Unit};

use crate::program::{AtomTest, Program, Tri, day};
use crate::state::{Facts, Value};
use crate::vocabulary::{Domain, FactId, Vocabulary};

/// What a fact must turn out to be, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellAnswer(pub String);

/// One unknown of a diagram: a fact, or a single test where two facts hang together.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Variable {
    facts: Vec<FactId>,
    /// The atoms it answers.
    pub atoms: Vec<u32>,
    /// Its values, cut.
    pub cells: Cells,
    /// For each cell, the answer of each atom.
    pub answers: Vec<Vec<bool>>,
    /// Whether its cells are all that can be and no more.
    pub exact: bool,
    names: Vec<String>,
}

/// How a variable's values are cut.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cells {
    /// No, yes.
    YesNo,
    /// Words, kinds or countries, one group a cell.
    Words(Vec<Vec<u32>>),
    /// What several words or countries hold.
    Sets,
    /// Figures or days, one span (or several apart) a cell.
    Spans(Vec<(Number, Number)>),
    /// Reaches of a curve.
    Reaches,
    /// The law's own openness: read against, read for.
    Reading,
    /// A single test.
    Test,
}

impl Variable {
    /// The fact to ask for; `None` for what the law leaves open.
    pub fn fact(&self) -> Option<FactId> {
        self.facts.first().copied()
    }

    /// How many cells.
    pub fn size(&self) -> usize {
        self.answers.len()
    }

    /// These cells as an answer in words.
    pub fn answer(&self, cells: &[usize]) -> Option<(FactId, CellAnswer)> {
        let fact = self.fact()?;
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for cell in cells {
            match spans.last_mut() {
                Some((_, last)) if matches!(self.cells, Cells::Spans(_)) && *last + 1 == *cell => *last = *cell,
                _ => spans.push((*cell, *cell)),
            }
        }
        let words: Vec<String> = match &self.cells {
            Cells::Spans(all) => spans.iter().map(|(first, last)| self.span(all, *first, *last)).collect(),
            _ => cells.iter().map(|cell| self.names[*cell].clone()).collect(),
        };
        Some((fact, CellAnswer(words.join(" or "))))
    }

    fn span(&self, all: &[(Number, Number)], first: usize, last: usize) -> String {
        // The names of the two ends were written for whole cells: `names[0]` holds the form.
        let (low, high) = (all[first].0, all[last].1);
        let lowest = low == all[0].0;
        let highest = high == all[all.len() - 1].1;
        let form = self.names.first().map_or("", String::as_str);
        let show = |number: Number| {
            if form == "day" {
                Day::from_number(i64::try_from(number.grid()).unwrap_or(i64::MAX)).to_string()
            } else {
                let unit = Unit::find(form).unwrap_or(Unit::NONE);
                if form.is_empty() { unit.show(number).to_string() } else { format!("{} {form}", unit.show(number)) }
            }
        };
        // A cell ends one step of the grid before the next begins: "less than" reads better than eleven nines.
        let day = form == "day";
        let round = |number: Number| number.grid().rem_euclid(1000) == 0;
        let from = || match day {
            true => format!("on or after {}", show(low)),
            false if round(low) => format!("at least {}", show(low)),
            false => format!("more than {}", show(low.down())),
        };
        let to = || match day {
            true => format!("on or before {}", show(high)),
            false if round(high) => format!("at most {}", show(high)),
            false => format!("less than {}", show(high.up())),
        };
        match (lowest, highest) {
            (true, true) => "anything".to_owned(),
            (true, false) => to(),
            (false, true) => from(),
            (false, false) if low == high => show(low),
            (false, false) => format!("{} and {}", from(), to()),
        }
    }
}

/// The variables behind open atoms, in the order in which a diagram asks them.
pub(super) fn variables(program: &Program, vocabulary: &Vocabulary, facts: &Facts, atoms: &[u32]) -> Vec<Variable> {
    let mut by_fact: BTreeMap<FactId, Vec<u32>> = BTreeMap::new();
    let mut apart: Vec<(u32, Vec<FactId>)> = Vec::new();
    let mut reading: Vec<u32> = Vec::new();
    for atom in atoms {
        match &program.atoms[*atom as usize].test {
            AtomTest::Reading => reading.push(*atom),
            AtomTest::Relative(fact, other, ..) => {
                let open: Vec<FactId> = [*fact, *other].into_iter().filter(|fact| day(facts, *fact).is_none()).collect();
                apart.push((*atom, open));
            }
            AtomTest::InSet(fact, _, date) | AtomTest::IncludesIn(fact, _, date) | AtomTest::PartyIn(fact, _, date)
                if day(facts, *date).is_none() =>
            {
                apart.push((*atom, vec![*fact, *date]));
            }
            test => {
                if let Some(fact) = test.fact() {
                    by_fact.entry(fact).or_default().push(*atom);
                }
            }
        }
    }
    let mut found: Vec<Variable> = by_fact
        .into_iter()
        .map(|(fact, atoms)| fact_variable(program, vocabulary, facts, fact, atoms))
        .collect();
    for (atom, open) in apart {
        // Two facts in one test: the test itself is the unknown, and the answer is "at least these".
        found.push(Variable {
            facts: open,
            atoms: vec![atom],
            cells: Cells::Test,
            answers: vec![vec![false], vec![true]],
            exact: false,
            names: vec!["such that the test fails".to_owned(), "such that the test holds".to_owned()],
        });
    }
    // Facts that cut most come first: kinds and places split the law; then the cheap ones.
    found.sort_by_key(|variable| {
        let fact = variable.fact().map(|fact| vocabulary.get(fact));
        let rank = match fact.map(|fact| fact.domain) {
            Some(Domain::Kinds) => 0,
            Some(Domain::Countries | Domain::Words(_)) => 1,
            Some(Domain::Date) => 2,
            Some(Domain::YesNo) => 3,
            _ => 4,
        };
        (rank, variable.fact())
    });
    if !reading.is_empty() {
        let count = reading.len();
        found.push(Variable {
            facts: Vec::new(),
            atoms: reading,
            cells: Cells::Reading,
            answers: vec![vec![false; count], vec![true; count]],
            exact: true,
            names: vec!["read against".to_owned(), "read for".to_owned()],
        });
    }
    found
}

fn fact_variable(program: &Program, vocabulary: &Vocabulary, facts: &Facts, fact: FactId, atoms: Vec<u32>) -> Variable {
    let known = vocabulary.get(fact);
    let value = facts.get(fact);
    let test = |atom: &u32| &program.atoms[*atom as usize].test;
    let (cells, answers, names, exact) = match known.domain {
        Domain::YesNo => {
            let answers = [false, true].map(|yes| vec![yes; atoms.len()]).to_vec();
            (Cells::YesNo, answers, vec!["no".to_owned(), "yes".to_owned()], true)
        }
        Domain::Words(_) | Domain::Kinds | Domain::Countries if !known.many => {
            let allowed: Vec<u32> = match value {
                Some(Value::One(one)) => vec![*one],
                Some(Value::OneOf(several)) => several.clone(),
                _ => (0..vocabulary.size(known.domain)).collect(),
            };
            let mut groups: BTreeMap<Vec<bool>, Vec<u32>> = BTreeMap::new();
            let mut exact = true;
            for one in allowed {
                let mut signature = Vec::with_capacity(atoms.len());
                for atom in &atoms {
                    signature.push(match test(atom) {
                        AtomTest::OneOf(_, members) => members.has(one),
                        AtomTest::InSet(_, set, date) => match program.sets[*set].holds(one, day(facts, *date)) {
                            Tri::Open => {
                                exact = false;
                                true
                            }
                            known => known == Tri::Yes,
                        },
                        _ => false,
                    });
                }
                // A membership that the packs leave open counts both ways.
                if !exact {
                    let mut other = signature.clone();
                    for (place, atom) in atoms.iter().enumerate() {
                        if let AtomTest::InSet(_, set, date) = test(atom)
                            && program.sets[*set].holds(one, day(facts, *date)) == Tri::Open
                        {
                            other[place] = false;
                        }
                    }
                    groups.entry(other).or_default().push(one);
                }
                groups.entry(signature).or_default().push(one);
            }
            let names = groups.values().map(|group| name_group(vocabulary, known.domain, group, groups.values().map(Vec::len).max().unwrap_or(0))).collect();
            let (answers, groups): (Vec<_>, Vec<_>) = groups.into_iter().unzip();
            (Cells::Words(groups), answers, names, exact)
        }
        Domain::Words(_) | Domain::Kinds | Domain::Countries | Domain::Parties => sets(program, vocabulary, facts, fact, &atoms),
        Domain::Quantity(_) | Domain::Date => {
            let allowed: Vec<(Number, Number)> = match value {
                Some(Value::Between(low, high)) => vec![(*low, *high)],
                Some(Value::Spans(spans)) => spans.clone(),
                _ => vec![(Number::MIN, Number::MAX)],
            };
            let mut edges: Vec<Number> = Vec::new();
            for atom in &atoms {
                if let AtomTest::Between(_, low, high) = test(atom) {
                    edges.push(*low);
                    edges.push(high.up());
                }
            }
            edges.sort_unstable();
            edges.dedup();
            let mut spans = Vec::new();
            for (low, high) in allowed {
                let mut from = low;
                for edge in edges.iter().filter(|edge| **edge > low && **edge <= high) {
                    spans.push((from, edge.down()));
                    from = *edge;
                }
                spans.push((from, high));
            }
            let answers = spans
                .iter()
                .map(|(low, high)| {
                    atoms
                        .iter()
                        .map(|atom| matches!(test(atom), AtomTest::Between(_, from, to) if low >= from && high <= to))
                        .collect()
                })
                .collect();
            let form = if known.domain == Domain::Date { "day".to_owned() } else { known.unit.name().to_owned() };
            (Cells::Spans(spans), answers, vec![form], true)
        }
        Domain::Curve => {
            let (answers, names) = reaches(program, &atoms);
            (Cells::Reaches, answers, names, true)
        }
    };
    Variable { facts: vec![fact], atoms, cells, answers, exact, names }
}

fn name_group(vocabulary: &Vocabulary, domain: Domain, group: &[u32], largest: usize) -> String {
    if group.len() > 12 && group.len() == largest {
        return "any other".to_owned();
    }
    let names: Vec<&str> = group.iter().map(|one| vocabulary.name(domain, *one)).collect();
    if names.len() > 12 {
        format!("one of {}, … ({} in all)", names[..8].join(", "), names.len())
    } else {
        names.join(", ")
    }
}

/// The answers that a fact with several values can give: every union of what single values give.
fn sets(program: &Program, vocabulary: &Vocabulary, facts: &Facts, fact: FactId, atoms: &[u32]) -> (Cells, Vec<Vec<bool>>, Vec<String>, bool) {
    const MOST: usize = 256;
    let known = vocabulary.get(fact);
    let size = match known.domain {
        Domain::Parties => atoms
            .iter()
            .filter_map(|atom| match &program.atoms[*atom as usize].test {
                AtomTest::PartyIn(_, set, _) => program.sets[*set].ever.iter().max(),
                _ => None,
            })
            .max()
            .map_or(0, |last| last + 1),
        domain => vocabulary.size(domain),
    };
    let mut exact = true;
    let sure: &[u32] = match facts.get(fact) {
        Some(Value::Set { sure, .. }) => sure,
        _ => &[],
    };
    let signature = |one: u32, exact: &mut bool| -> Vec<bool> {
        atoms
            .iter()
            .map(|atom| match &program.atoms[*atom as usize].test {
                AtomTest::Includes(_, members) => members.has(one),
                AtomTest::IncludesIn(_, set, date) | AtomTest::PartyIn(_, set, date) => match program.sets[*set].holds(one, day(facts, *date)) {
                    Tri::Open => {
                        *exact = false;
                        true
                    }
                    known => known == Tri::Yes,
                },
                _ => false,
            })
            .collect()
    };
    // What is surely in answers its tests already: only tests that are still open stand here, so it adds nothing
    // (but where the packs leave a membership open).
    let mut singles: BTreeMap<Vec<bool>, Vec<u32>> = BTreeMap::new();
    for one in 0..size {
        let own = signature(one, &mut exact);
        if own.iter().any(|yes| *yes) && !sure.contains(&one) {
            singles.entry(own).or_default().push(one);
        }
    }
    for one in sure {
        let own = signature(*one, &mut exact);
        if own.iter().any(|yes| *yes) {
            singles.entry(own).or_default().push(*one);
        }
    }
    let more = !matches!(facts.get(fact), Some(Value::Set { more: false, .. }));
    let shown = |group: &[u32]| -> String {
        match known.domain {
            Domain::Parties => "a listed party".to_owned(),
            domain => {
                let names: Vec<&str> = group.iter().take(6).map(|one| vocabulary.name(domain, *one)).collect();
                if group.len() > 6 { format!("one of {}, …", names.join(", ")) } else if group.len() > 1 { format!("one of {}", names.join(", ")) } else { names.join(", ") }
            }
        }
    };
    let nothing = vec![false; atoms.len()];
    let mut unions: BTreeMap<Vec<bool>, Vec<String>> = BTreeMap::from([(nothing, Vec::new())]);
    for (own, group) in &singles {
        if !more && !group.iter().any(|one| sure.contains(one)) {
            continue;
        }
        let so_far: Vec<(Vec<bool>, Vec<String>)> = unions.iter().map(|(a, b)| (a.clone(), b.clone())).collect();
        for (answers, mut words) in so_far {
            let joined: Vec<bool> = answers.iter().zip(own).map(|(a, b)| *a || *b).collect();
            words.push(shown(group));
            unions.entry(joined).or_insert(words);
        }
        if unions.len() > MOST {
            exact = false;
            break;
        }
    }
    let none = match known.domain {
        Domain::Parties => "none of the listed parties",
        _ => "none of these",
    };
    let names = unions
        .values()
        .map(|words| if words.is_empty() { none.to_owned() } else { words.join(" and ") })
        .collect();
    (Cells::Sets, unions.into_keys().collect(), names, exact)
}

/// The answers that a curve can give: whoever carries more farther carries less nearer.
fn reaches(program: &Program, atoms: &[u32]) -> (Vec<Vec<bool>>, Vec<String>) {
    let asked: Vec<(Number, Number, String)> = atoms
        .iter()
        .map(|atom| {
            let atom = &program.atoms[*atom as usize];
            match &atom.test {
                AtomTest::Delivers(_, payload, range) => (*payload, *range, atom.threshold.clone()),
                _ => (Number::ZERO, Number::ZERO, String::new()),
            }
        })
        .collect();
    let mut answers = Vec::new();
    let mut names = Vec::new();
    let count = asked.len().min(10);
    for mask in 0u32..(1 << count) {
        let yes = |place: usize| place < count && mask >> place & 1 == 1;
        let consistent = (0..count).all(|a| {
            !yes(a) || (0..count).all(|b| yes(b) || asked[b].0 > asked[a].0 || asked[b].1 > asked[a].1)
        });
        if !consistent {
            continue;
        }
        answers.push((0..asked.len()).map(yes).collect::<Vec<bool>>());
        let words: Vec<String> = (0..count)
            .map(|place| format!("{} {}", if yes(place) { "carries" } else { "does not carry" }, asked[place].2))
            .collect();
        names.push(words.join(", "));
    }
    (answers, names)
}
