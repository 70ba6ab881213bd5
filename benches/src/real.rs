//! The real packs: loading them, and transfers with every fact known that their law can ask.

use std::path::Path;

use catchall::load::Loaded;
use catchall_law::{
    Claim, Depth, Domain, Fact, FactId, Facts, Law, Program, Scratch, Value, read_value,
};
use catchall_model::{Country, Day, Given, Number};

use crate::random::Random;

/// The packs of a folder, compiled.
pub struct Real {
    pub loaded: Loaded,
    pub law: Law,
    pub program: Program,
}

impl Real {
    pub fn load(folder: &Path) -> Result<Real, String> {
        let loaded = catchall::load::load(Some(folder)).map_err(|error| format!("{error:#}"))?;
        let law = catchall::load::law(&loaded).map_err(|problems| {
            let first = problems
                .first()
                .map_or(String::new(), |problem| format!("; the first: {problem:?}"));
            format!("the packs do not load: {} problems{first}", problems.len())
        })?;
        let newest = law.newest_recorded.ok_or("the packs hold no provision")?;
        let program = Program::compile(&law, newest);
        Ok(Real {
            loaded,
            law,
            program,
        })
    }

    pub fn jurisdictions(&self) -> Vec<usize> {
        (0..self.program.jurisdictions().count()).collect()
    }

    /// Facts of a transfer with everything known that still matters to any jurisdiction; `None` when the law
    /// itself leaves it open, or asks on and on.
    pub fn complete(&self, random: &mut Random, scratch: &mut Scratch) -> Option<Facts> {
        let all = self.jurisdictions();
        let mut facts = Facts::default();
        for (place, fact) in (0u16..).zip(&self.law.vocabulary.facts) {
            // The facts of every transfer; figures of the item follow as they are asked for.
            if fact.at.is_none() && fact.domain != Domain::Curve {
                self.state(FactId(place), fact, &mut facts, random);
            }
        }
        self.places(&mut facts, random);
        if random.chance(1, 3) {
            facts.claims.push(Claim {
                list: None,
                code: None,
            });
        }
        for _ in 0..12 {
            let open = self.program.open(
                &self.law.vocabulary,
                &facts,
                &all,
                Depth::Essential,
                scratch,
            );
            if open.least == open.most {
                return Some(facts);
            }
            if open.essential.is_empty() {
                return None;
            }
            for fact in open.essential {
                self.state(fact, self.law.vocabulary.get(fact), &mut facts, random);
            }
        }
        None
    }

    /// The same with every other fact of the vocabulary stated too, which changes nothing: it did not matter.
    pub fn with_everything(&self, facts: &Facts, random: &mut Random) -> Facts {
        let mut more = facts.clone();
        for (place, fact) in (0u16..).zip(&self.law.vocabulary.facts) {
            if facts.get(FactId(place)).is_none() {
                self.state(FactId(place), fact, &mut more, random);
            }
        }
        more
    }

    /// Places and parties that go together, between countries that the packs speak of.
    fn places(&self, facts: &mut Facts, random: &mut Random) {
        let vocabulary = &self.law.vocabulary;
        let country =
            |code: &str| Country::from_code(code).and_then(|country| vocabulary.country(country));
        let from = country(random.pick(&[
            "RU", "RU", "RU", "US", "US", "DE", "FR", "CN", "IN", "GB", "KR",
        ]));
        let to = country(random.pick(&[
            "IR", "IR", "IR", "IQ", "RU", "CN", "IN", "KP", "SY", "PK", "BR", "DE", "AE",
        ]));
        let mut set = |key: &str, value: Option<Value>| {
            if let (Some(fact), Some(value)) = (vocabulary.fact(key), value) {
                facts.set(fact, value);
            }
        };
        for key in ["from", "exporter.country", "item.origin"] {
            set(key, from.map(Value::One));
        }
        for key in ["to", "consignee.country", "end_user.country"] {
            set(key, to.map(Value::One));
        }
        set(
            "exporter.jurisdiction",
            from.map(|from| Value::Set {
                sure: vec![from],
                more: false,
            }),
        );
        set(
            "via",
            Some(Value::Set {
                sure: Vec::new(),
                more: false,
            }),
        );
        set(
            "licence.authorities",
            Some(Value::Set {
                sure: Vec::new(),
                more: false,
            }),
        );
    }

    fn state(&self, id: FactId, fact: &Fact, facts: &mut Facts, random: &mut Random) {
        let vocabulary = &self.law.vocabulary;
        let value = match fact.domain {
            Domain::YesNo => Value::YesNo(random.chance(1, 4)),
            Domain::Words(_) | Domain::Countries if fact.many => {
                let size = vocabulary.size(fact.domain) as usize;
                let mut sure: Vec<u32> = (0..random.below(3))
                    .map(|_| random.below(size) as u32)
                    .collect();
                sure.sort_unstable();
                sure.dedup();
                Value::Set { sure, more: false }
            }
            Domain::Words(_) | Domain::Countries => {
                Value::One(random.below(vocabulary.size(fact.domain) as usize) as u32)
            }
            Domain::Kinds => loop {
                let place = random.below(vocabulary.kinds.len()) as u32;
                if vocabulary.kinds[place as usize].end == place + 1 {
                    break Value::One(place);
                }
            },
            Domain::Quantity(_) => {
                let figure = [
                    0.01, 0.1, 0.5, 1.0, 5.0, 20.0, 100.0, 300.0, 500.0, 1500.0, 10_000.0,
                ][random.below(11)];
                let given = Given::Text(format!("{figure} {}", fact.unit.name()));
                match read_value(vocabulary, id, &given) {
                    Ok(value) => value,
                    Err(_) => return,
                }
            }
            Domain::Date => {
                // Any day of 1992 to 2026.
                let day = Number::from_grid(i128::from(
                    Day::from_number(8035 + random.below(12_784) as i64).number(),
                ));
                Value::Between(day, day)
            }
            Domain::Curve => {
                let text = |figure: usize, unit: &str| Given::Text(format!("{figure} {unit}"));
                let reach = [50, 299, 300, 1000][random.below(4)];
                let points = [
                    (0, reach + 200),
                    (300, reach + 50),
                    (500, reach),
                    (1000, reach / 2),
                ];
                let points = points.map(|(payload, range)| {
                    Given::List(vec![text(payload, "kg"), text(range, "km")])
                });
                match read_value(vocabulary, id, &Given::List(points.into())) {
                    Ok(value) => value,
                    Err(_) => return,
                }
            }
            Domain::Parties => Value::Set {
                sure: Vec::new(),
                more: false,
            },
        };
        facts.set(id, value);
    }
}
