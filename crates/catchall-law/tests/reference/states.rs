//! Complete states at random, and states with holes punched into them.

use catchall_law::{Claim, Curve, Domain, FactId, Facts, Law, Value};
use catchall_model::Number;

use super::domain::{Question, representatives};
use super::partial::Partial;
use super::random::Random;
use super::table::{Aim, asked};
use super::world::{Court, Exact, World};

/// Everything that may be asked of each fact, with values worth trying.
pub struct Palette<'a> {
    pub questions: Vec<Question<'a>>,
    /// Facts that some question mentions, each with values.
    pub facts: Vec<(FactId, Vec<Exact>)>,
    /// Payloads that some question asks.
    pub payloads: Vec<i128>,
}

impl<'a> Palette<'a> {
    pub fn of(law: &Law, questions: Vec<Question<'a>>) -> Palette<'a> {
        let mut mentioned: Vec<FactId> = questions
            .iter()
            .flat_map(|question| question.facts(law))
            .collect();
        mentioned.sort_unstable();
        mentioned.dedup();
        let facts = mentioned
            .into_iter()
            .map(|fact| {
                let nothing = Facts::default();
                let values = representatives(law, fact, None, &nothing, &questions, false)
                    .or_else(|| some_sets(law, fact, None, &mut Random::new(u64::from(fact.0))))
                    .unwrap_or_default();
                (fact, values)
            })
            .collect();
        let mut payloads: Vec<i128> = questions
            .iter()
            .filter_map(|question| match question {
                Question::Test(catchall_law::TestKind::Delivers(_, payload, _), _) => {
                    Some(payload.grid())
                }
                _ => None,
            })
            .collect();
        payloads.sort_unstable();
        payloads.dedup();
        Palette {
            questions,
            facts,
            payloads,
        }
    }

    /// Of everything that the law of a court may ask, claims included.
    pub fn of_court(court: &'a Court<'a>) -> Palette<'a> {
        let nothing = Facts::default();
        let partial = Partial::new(court, &nothing);
        let aim = Aim::Jurisdictions((0..court.law.nexus.len()).collect());
        let mut questions = asked(&partial, &aim, false).questions;
        for entry in court.law.lists.iter().flat_map(|list| &list.entries) {
            let periods = entry.editions.iter().map(|edition| &edition.period);
            questions.extend(periods.map(|period| Question::Period(period, court.date)));
        }
        Palette::of(court.law, questions)
    }

    /// A complete world.
    pub fn world(&self, random: &mut Random) -> World {
        let mut world = World {
            values: Vec::new(),
            reading: random.chance(1, 2),
        };
        for (fact, values) in &self.facts {
            world.set(*fact, random.pick(values));
        }
        world
    }

    /// A world as facts, all of them known.
    pub fn facts(&self, law: &Law, world: &World) -> Facts {
        let mut facts = Facts::default();
        for (fact, _) in &self.facts {
            facts.set(*fact, self.value(law, *fact, world.get(*fact)));
        }
        facts
    }

    /// Something true of a value that leaves more than it open.
    pub fn wide(&self, law: &Law, fact: FactId, exact: &Exact, random: &mut Random) -> Value {
        let values = self
            .facts
            .binary_search_by_key(&fact, |(own, _)| *own)
            .map_or(&[][..], |place| &self.facts[place].1);
        widen(law, self, fact, exact, values, random)
    }

    pub fn value(&self, law: &Law, fact: FactId, exact: &Exact) -> Value {
        match exact {
            Exact::YesNo(yes) => Value::YesNo(*yes),
            Exact::One(one) => Value::One(*one),
            Exact::Set(all) => Value::Set {
                sure: all.clone(),
                more: false,
            },
            Exact::Figure(figure) => {
                let _ = law.vocabulary.get(fact);
                Value::Between(Number::from_grid(*figure), Number::from_grid(*figure))
            }
            Exact::Curve(corners) => {
                let points = self
                    .payloads
                    .iter()
                    .map(|payload| point(corners, *payload, *payload, *payload))
                    .collect();
                Value::Curve(Curve { points })
            }
        }
    }
}

/// What a curve does at a payload, with the payload known to lie between two.
fn point(corners: &[(i128, i128)], payload: i128, least: i128, most: i128) -> [Number; 4] {
    let farthest = corners
        .iter()
        .filter(|(most, _)| *most >= payload)
        .map(|(_, farthest)| *farthest)
        .max();
    let (shortest, farthest) = match farthest {
        Some(range) => (Number::from_grid(range), Number::from_grid(range)),
        None => (Number::MIN, Number::from_grid(-1)),
    };
    [
        Number::from_grid(least),
        Number::from_grid(most),
        shortest,
        farthest,
    ]
}

/// Some hundred sets, where all of them are too many.
pub fn some_sets(
    law: &Law,
    fact: FactId,
    value: Option<&Value>,
    random: &mut Random,
) -> Option<Vec<Exact>> {
    let row = law.vocabulary.get(fact);
    if !row.many {
        return None;
    }
    let size = if row.domain == Domain::Parties {
        law.parties.len() as u32
    } else {
        law.vocabulary.size(row.domain)
    };
    let sure: Vec<u32> = match value {
        Some(Value::Set { sure, .. }) => sure.clone(),
        _ => Vec::new(),
    };
    let mut found = vec![Exact::Set(sure.clone())];
    for _ in 0..100 {
        let mut all = sure.clone();
        for _ in 0..1 + random.below(3) {
            all.push(random.below(size as usize) as u32);
        }
        all.sort_unstable();
        all.dedup();
        found.push(Exact::Set(all));
    }
    Some(found)
}

/// What to do to the facts of a world.
#[derive(Clone, Copy, Debug)]
pub struct Punch {
    /// The chance in a hundred that a fact is forgotten.
    pub forget: usize,
    /// The chance in a hundred that only something is known of it.
    pub widen: usize,
}

/// The world with holes: forgotten facts, ranges, one of several, inner kinds, sets that may hold more. Every
/// state so made allows the world it came from.
pub fn punch(
    law: &Law,
    palette: &Palette,
    world: &World,
    punch: Punch,
    random: &mut Random,
) -> Facts {
    let mut facts = Facts::default();
    for (fact, values) in &palette.facts {
        let dice = random.below(100);
        if dice < punch.forget {
            continue;
        }
        let exact = world.get(*fact);
        let value = if dice < punch.forget + punch.widen {
            widen(law, palette, *fact, exact, values, random)
        } else {
            palette.value(law, *fact, exact)
        };
        facts.set(*fact, value);
    }
    facts
}

fn widen(
    law: &Law,
    palette: &Palette,
    fact: FactId,
    exact: &Exact,
    values: &[Exact],
    random: &mut Random,
) -> Value {
    let row = law.vocabulary.get(fact);
    match exact {
        Exact::YesNo(yes) => Value::YesNo(*yes),
        Exact::One(one) if row.domain == Domain::Kinds && random.chance(2, 3) => {
            // A kind above it, which stands for everything below.
            let above: Vec<u32> = (0..=*one)
                .filter(|place| law.vocabulary.kinds[*place as usize].end > *one)
                .collect();
            let place = random.pick(&above);
            let end = law.vocabulary.kinds[place as usize].end;
            if end - place == 1 {
                Value::One(place)
            } else {
                Value::OneOf((place..end).collect())
            }
        }
        Exact::One(one) => {
            let size = law.vocabulary.size(row.domain) as usize;
            let mut several = vec![*one];
            for _ in 0..1 + random.below(2) {
                several.push(random.below(size) as u32);
            }
            several.sort_unstable();
            several.dedup();
            if several.len() == 1 {
                Value::One(*one)
            } else {
                Value::OneOf(several)
            }
        }
        Exact::Set(all) => {
            let sure = all
                .iter()
                .copied()
                .filter(|_| random.chance(1, 2))
                .collect();
            Value::Set { sure, more: true }
        }
        Exact::Figure(figure) => {
            let other = |random: &mut Random| match random.pick(values) {
                Exact::Figure(other) => other,
                _ => *figure,
            };
            let (low, high) = ((*figure).min(other(random)), (*figure).max(other(random)));
            let span = |low: i128, high: i128| (Number::from_grid(low), Number::from_grid(high));
            if random.chance(1, 4) {
                // One of two figures.
                let second = other(random);
                let mut spans = vec![span(*figure, *figure), span(second, second)];
                spans.sort_unstable();
                spans.dedup();
                if spans.len() > 1 && spans[1].0.grid() > spans[0].1.grid() + 1 {
                    return Value::Spans(spans);
                }
            }
            let (low, high) = span(low, high);
            Value::Between(low, high)
        }
        Exact::Curve(corners) => {
            let mut points = Vec::new();
            for _ in 0..1 + random.below(2) {
                let payload = match palette.payloads.len() {
                    0 => 0,
                    count => {
                        palette.payloads[random.below(count)]
                            + [-Number::ONE, -1, 0, 1, Number::ONE][random.below(5)]
                    }
                };
                let loose = [0, 0, Number::ONE, 300 * Number::ONE];
                let (under, over) = (loose[random.below(4)], loose[random.below(4)]);
                let [least, most, shortest, farthest] =
                    point(corners, payload, payload - under, payload + over);
                let more = [0, 0, 1, 100_000 * Number::ONE];
                let (less, more) = (more[random.below(4)], more[random.below(4)]);
                let shortest = if shortest == Number::MIN {
                    shortest
                } else {
                    Number::from_grid(shortest.grid() - less)
                };
                points.push([
                    least,
                    most,
                    shortest,
                    Number::from_grid(farthest.grid() + more),
                ]);
            }
            Value::Curve(Curve { points })
        }
    }
}

/// Claims at random: codes that a list holds, headings, codes below, codes that nobody knows, and none.
pub fn claims(law: &Law, random: &mut Random) -> Vec<Claim> {
    let mut claims = Vec::new();
    if law.lists.is_empty() || random.chance(1, 2) {
        return claims;
    }
    for list in 0..law.lists.len() {
        if random.chance(1, 2) {
            continue;
        }
        let entry = random.pick(&law.lists[list].entries).code.clone();
        let code = match random.below(6) {
            0 => None,
            1 => Some(entry.split('.').next().unwrap_or_default().to_owned()),
            2 => Some(format!("{entry}.z")),
            3 => Some("7.Q".to_owned()),
            4 => Some(entry.to_lowercase()),
            _ => Some(entry),
        };
        claims.push(Claim {
            list: Some(list),
            code,
        });
    }
    if random.chance(1, 6) {
        claims.push(Claim {
            list: None,
            code: None,
        });
    }
    claims
}
