//! Cells: the values of a fact that is not known, cut where some open test can tell them apart.

mod figures;
mod places;

use catchall_model::{Day, Number, Unit};

use super::formula::{Formulas, Literal};
use crate::program::{AtomTest, Program};
use crate::state::Facts;
use crate::vocabulary::{Bits, Domain, FactId, Vocabulary};

/// What a fact must turn out to be, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellAnswer(pub String);

/// One unknown: a fact; a class of values that a fact may hold; or a single test where two facts hang together.
#[derive(Clone, Debug)]
pub(super) struct Variable {
    pub facts: Vec<FactId>,
    /// The literals it answers, ascending.
    pub literals: Vec<u32>,
    /// Its values, cut.
    pub cells: Cells,
    /// How many cells.
    pub size: usize,
    /// Words of a mask over cells.
    pub words: usize,
    /// For each literal the cells in which it holds.
    masks: Vec<u64>,
    /// Whether its cells are all that can be and no more.
    pub exact: bool,
}

/// How a variable's values are cut.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cells {
    /// No, yes.
    YesNo,
    /// Words, kinds or countries: for each place of the domain its cell, if it is allowed.
    Words(Vec<Option<u32>>),
    /// What several words or countries hold: classes of values, and for each cell the classes that are in.
    Sets(Vec<Vec<u32>>, Vec<Vec<u32>>),
    /// Whether one of these is in.
    Class(Vec<u32>),
    /// Figures or days, one span a cell.
    Spans(Vec<(Number, Number)>),
    /// Reaches of a curve, by the atoms that ask.
    Reaches(Vec<u32>),
    /// What the item is, as far as the law tells it apart: for each group of kinds the cells that its figures may bring it to.
    Items(Vec<(Vec<u32>, Vec<usize>)>),
    /// The law's own openness: read against, read for.
    Reading,
    /// A single test.
    Test,
}

/// What answers are put into words with.
#[derive(Clone, Copy)]
pub(super) struct Words<'a> {
    pub program: &'a Program,
    pub vocabulary: &'a Vocabulary,
}

impl Variable {
    pub fn new(facts: Vec<FactId>, literals: Vec<u32>, cells: Cells, size: usize) -> Variable {
        let words = size.div_ceil(64).max(1);
        let masks = vec![0; literals.len() * words];
        Variable {
            facts,
            literals,
            cells,
            size,
            words,
            masks,
            exact: true,
        }
    }

    /// The fact to ask for; `None` for what the law leaves open.
    pub fn fact(&self) -> Option<FactId> {
        self.facts.first().copied()
    }

    /// Its place in the order of asking: what cuts most comes first, then what is cheap to find out.
    pub fn rank(&self, vocabulary: &Vocabulary) -> (u8, Option<FactId>) {
        let Some(fact) = self.fact() else {
            return (5, None);
        };
        let rank = match vocabulary.get(fact).domain {
            Domain::Kinds => 0,
            Domain::Countries | Domain::Words(_) => 1,
            Domain::Date => 2,
            Domain::YesNo => 3,
            _ => 4,
        };
        (rank, Some(fact))
    }

    pub fn mark(&mut self, literal: usize, cell: usize) {
        self.masks[literal * self.words + cell / 64] |= 1 << (cell % 64);
    }

    /// The cells in which its literal holds, by the literal's place in `literals`.
    pub fn mask(&self, literal: usize) -> &[u64] {
        &self.masks[literal * self.words..(literal + 1) * self.words]
    }

    /// Whether its literal holds in a cell.
    pub fn holds(&self, literal: usize, cell: usize) -> bool {
        self.masks[literal * self.words + cell / 64] >> (cell % 64) & 1 == 1
    }

    /// These answers in words: cells; of an item places among its kinds.
    pub fn answer(&self, cells: &[usize], words: Words) -> Option<(FactId, CellAnswer)> {
        let fact = self.fact()?;
        let row = words.vocabulary.get(fact);
        let shown: Vec<String> = match &self.cells {
            Cells::Spans(all) => {
                let mut runs: Vec<(usize, usize)> = Vec::new();
                for cell in cells {
                    match runs.last_mut() {
                        Some((_, last)) if *last + 1 == *cell => *last = *cell,
                        _ => runs.push((*cell, *cell)),
                    }
                }
                runs.iter()
                    .map(|(first, last)| {
                        span(all, *first, *last, row.domain == Domain::Date, row.unit)
                    })
                    .collect()
            }
            Cells::Items(kinds) => {
                let largest = kinds.iter().map(|(kinds, _)| kinds.len()).max();
                cells
                    .iter()
                    .map(|place| {
                        let group = &kinds[*place].0;
                        name_group(words.vocabulary, row.domain, group, largest.unwrap_or(0))
                    })
                    .collect()
            }
            Cells::Words(cell_of) => {
                let mut groups: Vec<Vec<u32>> = vec![Vec::new(); self.size];
                for (place, cell) in (0u32..).zip(cell_of) {
                    if let Some(cell) = cell {
                        groups[*cell as usize].push(place);
                    }
                }
                let largest = groups.iter().map(Vec::len).max().unwrap_or(0);
                cells
                    .iter()
                    .map(|cell| name_group(words.vocabulary, row.domain, &groups[*cell], largest))
                    .collect()
            }
            _ => cells
                .iter()
                .map(|cell| self.name(*cell, row.domain, words))
                .collect(),
        };
        Some((fact, CellAnswer(shown.join(" or "))))
    }

    fn name(&self, cell: usize, domain: Domain, words: Words) -> String {
        match &self.cells {
            Cells::YesNo => {
                if cell == 0 {
                    "no".to_owned()
                } else {
                    "yes".to_owned()
                }
            }
            Cells::Sets(classes, unions) => {
                let inside: Vec<String> = unions[cell]
                    .iter()
                    .map(|class| name_class(words.vocabulary, domain, &classes[*class as usize]))
                    .collect();
                if inside.is_empty() {
                    nothing(domain).to_owned()
                } else {
                    inside.join(" and ")
                }
            }
            Cells::Class(members) => {
                let shown = name_class(words.vocabulary, domain, members);
                if cell == 0 {
                    format!("not {shown}")
                } else {
                    shown
                }
            }
            Cells::Reaches(atoms) => {
                let parts: Vec<String> = atoms
                    .iter()
                    .enumerate()
                    .map(|(place, atom)| {
                        let verb = if self.holds(place, cell) {
                            "carries"
                        } else {
                            "does not carry"
                        };
                        format!("{verb} {}", words.program.atoms[*atom as usize].threshold)
                    })
                    .collect();
                parts.join(", ")
            }
            Cells::Test => ["such that the test fails", "such that the test holds"]
                .get(cell)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            Cells::Reading => ["read against", "read for"]
                .get(cell)
                .copied()
                .unwrap_or_default()
                .to_owned(),
            // Answered by kind, by group and by span, not by cell.
            Cells::Items(_) | Cells::Words(_) | Cells::Spans(_) => String::new(),
        }
    }

    /// The answers that can be given: each cell alone; of an item a kind, with all that its figures may bring it to.
    pub fn answers(&self) -> Vec<Vec<usize>> {
        match &self.cells {
            Cells::Items(kinds) => kinds.iter().map(|(_, cells)| cells.clone()).collect(),
            _ => (0..self.size).map(|cell| vec![cell]).collect(),
        }
    }
}

fn nothing(domain: Domain) -> &'static str {
    if domain == Domain::Parties {
        "none of the listed parties"
    } else {
        "none of these"
    }
}

fn span(all: &[(Number, Number)], first: usize, last: usize, day: bool, unit: Unit) -> String {
    let (low, high) = (all[first].0, all[last].1);
    let lowest = low == all[0].0;
    let highest = high == all[all.len() - 1].1;
    let show = |number: Number| {
        if day {
            Day::from_number(i64::try_from(number.grid()).unwrap_or(i64::MAX)).to_string()
        } else if unit.name().is_empty() {
            unit.show(number).to_string()
        } else {
            format!("{} {}", unit.show(number), unit.name())
        }
    };
    // A cell ends one step of the grid before the next begins: "less than" reads better than eleven nines.
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

fn name_group(vocabulary: &Vocabulary, domain: Domain, group: &[u32], largest: usize) -> String {
    if group.len() > 12 && group.len() == largest {
        return "any other".to_owned();
    }
    let shown = if group.len() > 12 { 8 } else { 12 };
    let names: Vec<&str> = group
        .iter()
        .take(shown)
        .map(|one| vocabulary.name(domain, *one))
        .collect();
    if group.len() > 12 {
        format!("one of {}, … ({} in all)", names.join(", "), group.len())
    } else {
        names.join(", ")
    }
}

fn name_class(vocabulary: &Vocabulary, domain: Domain, class: &[u32]) -> String {
    if domain == Domain::Parties {
        return "a listed party".to_owned();
    }
    let names: Vec<&str> = class
        .iter()
        .take(6)
        .map(|one| vocabulary.name(domain, *one))
        .collect();
    match class.len() {
        0..=1 => names.join(", "),
        2..=6 => format!("one of {}", names.join(", ")),
        _ => format!("one of {}, …", names.join(", ")),
    }
}

/// What is cut and with what.
#[derive(Clone, Copy)]
pub(super) struct Cutter<'a> {
    pub program: &'a Program,
    pub vocabulary: &'a Vocabulary,
    pub facts: &'a Facts,
}

impl Cutter<'_> {
    /// The variables behind the formulas, in the order in which a diagram asks them. The formulas are rewritten
    /// where a test of several values must be put as tests of classes of them.
    pub fn variables(self, formulas: &mut Formulas, roots: &mut [u32]) -> Vec<Variable> {
        let mut by_fact: Vec<(FactId, u32)> = Vec::new();
        let mut found: Vec<Variable> = Vec::new();
        let mut reading: Vec<u32> = Vec::new();
        for literal in formulas.support(roots) {
            match &formulas.literals[literal as usize] {
                Literal::Reading => reading.push(literal),
                Literal::Item(_) => {}
                Literal::Members(fact, _) | Literal::Days(fact, ..) => {
                    by_fact.push((*fact, literal))
                }
                Literal::Atom(atom) => match &self.program.atoms[*atom as usize].test {
                    AtomTest::Relative(fact, other, ..) => {
                        found.push(self.relative(*fact, *other, literal))
                    }
                    test => by_fact.extend(test.fact().map(|fact| (fact, literal))),
                },
            }
        }
        by_fact.sort_unstable();
        let mut substitutes: Vec<Option<u32>> = Vec::new();
        for run in by_fact.chunk_by(|a, b| a.0 == b.0) {
            let literals: Vec<u32> = run.iter().map(|(_, literal)| *literal).collect();
            self.fact(run[0].0, literals, formulas, &mut found, &mut substitutes);
        }
        if !substitutes.is_empty() {
            let mut known = Vec::new();
            for root in roots.iter_mut() {
                *root = formulas.substitute(*root, &substitutes, &mut known);
            }
        }
        // Facts that cut most come first: kinds and places split the law; then the cheap ones.
        found.sort_by_key(|variable| variable.rank(self.vocabulary));
        if !reading.is_empty() {
            let mut variable = Variable::new(Vec::new(), reading, Cells::Reading, 2);
            (0..variable.literals.len()).for_each(|literal| variable.mark(literal, 1));
            found.push(variable);
        }
        found
    }

    fn fact(
        self,
        fact: FactId,
        literals: Vec<u32>,
        formulas: &mut Formulas,
        found: &mut Vec<Variable>,
        substitutes: &mut Vec<Option<u32>>,
    ) {
        let row = self.vocabulary.get(fact);
        match row.domain {
            Domain::YesNo => {
                let mut variable = Variable::new(vec![fact], literals, Cells::YesNo, 2);
                (0..variable.literals.len()).for_each(|literal| variable.mark(literal, 1));
                found.push(variable);
            }
            Domain::Words(_) | Domain::Kinds | Domain::Countries if !row.many => {
                found.push(self.words(fact, literals, formulas))
            }
            Domain::Words(_) | Domain::Kinds | Domain::Countries | Domain::Parties => {
                self.sets(fact, literals, formulas, found, substitutes)
            }
            Domain::Quantity(_) | Domain::Date => found.push(self.spans(fact, literals, formulas)),
            Domain::Curve => self.reaches(fact, literals, formulas, found),
        }
    }
}

impl Bits {
    /// For each place of a domain whether it is a member, as the first cell.
    fn spread(&self, size: u32) -> Vec<Option<u32>> {
        let mut all = vec![None; size as usize];
        for member in self.iter() {
            if let Some(place) = all.get_mut(member as usize) {
                *place = Some(0);
            }
        }
        all
    }
}
