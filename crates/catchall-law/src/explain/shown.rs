//! What is known of a fact, in words.

use catchall_model::{Day, Number};

use crate::pack::Law;
use crate::state::{Facts, Value};
use crate::vocabulary::{Domain, FactId};

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
