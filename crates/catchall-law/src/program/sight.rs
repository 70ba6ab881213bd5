//! Sight: what of a transfer's facts the law can tell apart.
//!
//! No test reads a figure or a day but by comparing it with constants of the packs. Between two neighbouring constants
//! every figure gives every test the same answer, so that two transfers whose facts lie in the same gaps get the same
//! answer from every provision, complete or not. [`Sight::key`] writes a transfer's facts down as the law sees them: equal
//! keys, equal answers. It is what an assessor remembers answers by. Values that leave room (spans, several words, curves)
//! are written as they are, since what is still possible shows in the answers' words.

use catchall_model::Number;

use super::{AtomTest, Program};
use crate::state::{Facts, Value};
use crate::vocabulary::FactId;

/// How the law sees each fact.
#[derive(Clone, Debug)]
pub struct Sight(Vec<Eye>);

#[derive(Clone, Debug, PartialEq)]
enum Eye {
    /// Nothing asks for it.
    Blind,
    /// Compared with these constants only, ascending: a value's place among them says all.
    Gaps(Vec<i128>),
    /// Its very value counts.
    Sharp,
}

impl Sight {
    /// How a program sees the facts.
    pub fn of(program: &Program) -> Sight {
        let mut sight = Sight(Vec::new());
        for atom in &program.atoms {
            sight.atom(program, &atom.test);
        }
        if let Some(fact) = program.kind_fact {
            *sight.eye(fact) = Eye::Sharp;
        }
        for eye in &mut sight.0 {
            if let Eye::Gaps(edges) = eye {
                edges.sort_unstable();
                edges.dedup();
            }
        }
        sight
    }

    fn eye(&mut self, fact: FactId) -> &mut Eye {
        let place = usize::from(fact.0);
        if self.0.len() <= place {
            self.0.resize(place + 1, Eye::Blind);
        }
        &mut self.0[place]
    }

    fn edges(&mut self, fact: FactId, edges: impl IntoIterator<Item = i128>) {
        let eye = self.eye(fact);
        match eye {
            Eye::Sharp => {}
            Eye::Gaps(known) => known.extend(edges),
            Eye::Blind => *eye = Eye::Gaps(edges.into_iter().collect()),
        }
    }

    fn atom(&mut self, program: &Program, test: &AtomTest) {
        match test {
            AtomTest::Reading => {}
            // A figure lies below, between or above: it changes sides at `low` and just beyond `high`.
            AtomTest::Between(fact, low, high) => {
                self.edges(*fact, [low.grid(), high.grid().saturating_add(1)]);
            }
            AtomTest::InSet(fact, set, date)
            | AtomTest::IncludesIn(fact, set, date)
            | AtomTest::PartyIn(fact, set, date) => {
                *self.eye(*fact) = Eye::Sharp;
                let periods = program.sets[*set].dated.iter().map(|(_, period)| period);
                let spans = periods.flat_map(|period| period.sure.iter().chain(&period.possible));
                let edges: Vec<i128> = spans
                    .flat_map(|span| {
                        [
                            i128::from(span.first.number()),
                            i128::from(span.last.number()) + 1,
                        ]
                    })
                    .collect();
                self.edges(*date, edges);
            }
            AtomTest::Relative(fact, other, ..) => {
                *self.eye(*fact) = Eye::Sharp;
                *self.eye(*other) = Eye::Sharp;
            }
            AtomTest::Yes(fact)
            | AtomTest::OneOf(fact, _)
            | AtomTest::Includes(fact, _)
            | AtomTest::Delivers(fact, ..) => *self.eye(*fact) = Eye::Sharp,
        }
    }

    /// Writes down what the law sees of these facts. Equal keys have equal answers, though their figures may differ.
    pub fn key(&self, facts: &Facts, into: &mut Vec<u64>) {
        into.clear();
        for (fact, value) in facts.stated() {
            match (self.0.get(usize::from(fact.0)), value) {
                (None | Some(Eye::Blind), _) => {}
                (Some(Eye::Gaps(edges)), Value::Between(low, high)) if low == high => {
                    let place = edges.partition_point(|edge| *edge <= low.grid());
                    head(fact, 0, place, into);
                }
                _ => exactly(fact, value, into),
            }
        }
        beside(facts, into);
    }

    /// The same with every value as it is: equal keys, equal facts as far as any test asks for them.
    pub fn exact_key(&self, facts: &Facts, into: &mut Vec<u64>) {
        into.clear();
        for (fact, value) in facts.stated() {
            if !matches!(self.0.get(usize::from(fact.0)), None | Some(Eye::Blind)) {
                exactly(fact, value, into);
            }
        }
        beside(facts, into);
    }
}

/// Fact, shape and a count or place, in a word.
fn head(fact: FactId, shape: u64, count: usize, into: &mut Vec<u64>) {
    into.push(u64::from(fact.0) << 48 | shape << 40 | count as u64);
}

fn number(number: Number, into: &mut Vec<u64>) {
    let bytes = number.grid().to_le_bytes();
    for half in bytes.chunks_exact(8) {
        into.push(
            half.iter()
                .rev()
                .fold(0, |word, byte| word << 8 | u64::from(*byte)),
        );
    }
}

fn exactly(fact: FactId, value: &Value, into: &mut Vec<u64>) {
    match value {
        Value::YesNo(yes) => head(fact, 1, usize::from(*yes), into),
        Value::One(one) => head(fact, 2, *one as usize, into),
        Value::OneOf(several) => {
            head(fact, 3, several.len(), into);
            into.extend(several.iter().map(|one| u64::from(*one)));
        }
        Value::Set { sure, more } => {
            head(fact, if *more { 4 } else { 5 }, sure.len(), into);
            into.extend(sure.iter().map(|one| u64::from(*one)));
        }
        Value::Between(low, high) => {
            head(fact, 6, 0, into);
            number(*low, into);
            number(*high, into);
        }
        Value::Spans(spans) => {
            head(fact, 7, spans.len(), into);
            for (low, high) in spans {
                number(*low, into);
                number(*high, into);
            }
        }
        Value::Curve(curve) => {
            head(fact, 8, curve.points.len(), into);
            for each in curve.points.iter().flatten() {
                number(*each, into);
            }
        }
    }
}

/// Claims, and what was put in by hand.
fn beside(facts: &Facts, into: &mut Vec<u64>) {
    into.push(u64::MAX);
    for claim in &facts.claims {
        into.push(claim.list.map_or(u64::MAX, |list| list as u64));
        match &claim.code {
            None => into.push(u64::MAX),
            Some(code) => exact_text(code, into),
        }
    }
    into.push(u64::MAX);
    for (id, put_in) in &facts.by_hand {
        into.push(u64::from(*put_in));
        exact_text(id, into);
    }
}

/// Writes a text down as words of a key, its length before it.
pub fn exact_text(text: &str, into: &mut Vec<u64>) {
    into.push(text.len() as u64);
    for eight in text.as_bytes().chunks(8) {
        into.push(
            eight
                .iter()
                .fold(0, |word, byte| word << 8 | u64::from(*byte)),
        );
    }
}
