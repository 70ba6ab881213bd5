//! Figures: a day, a figure or a curve out of a cell, close to the threshold that bounds it and short to write.

use catchall_model::{Day, Given, Number, Unit};

use super::stated::{digits, unit_text};
use crate::pack::Law;
use crate::vocabulary::FactId;

/// A curve that just reaches one point.
pub(in crate::check) fn point(payload: Number, range: Number) -> Given {
    curve(&[(payload, range)], 1)
}

/// The first day of a cell, or the last where it has no first.
pub(super) fn date_in(span: (Number, Number)) -> Day {
    let day = |number: Number| Day::from_number(i64::try_from(number.grid()).unwrap_or(0));
    match (span.0 > Number::MIN, span.1 < Number::MAX) {
        (true, _) => day(span.0),
        (false, true) => day(span.1),
        (false, false) => Day::from_number(10_592),
    }
}

/// A figure in a cell, close to the threshold that bounds it and short to write: in the fact's unit, or in another where
/// that one has no exact figure.
pub(super) fn figure_in(law: &Law, fact: FactId, (low, high): (Number, Number)) -> Option<Given> {
    let own = law.vocabulary.get(fact).unit;
    let (anchor, up) = match (low > Number::MIN, high < Number::MAX) {
        (false, false) => (Number::ZERO, true),
        (true, _) => (low, true),
        (false, true) => (high, false),
    };
    let inside = |unit: Unit, amount: Number| {
        unit.to_base(amount)
            .is_some_and(|(from, to)| from >= low && to <= high)
    };
    std::iter::once(own)
        .chain(own.dimension().units())
        .find_map(|unit| {
            let exact = |base: Number| {
                Some(unit.show(base)).filter(|shown| {
                    digits(*shown) <= 6 && unit.to_base(*shown) == Some((base, base))
                })
            };
            // The threshold itself may lie one step of the grid outside: go on by one of its last digit, or finer, and not
            // through nothing to the other side of it.
            let beside = exact(if up { anchor.down() } else { anchor.up() }).and_then(|edge| {
                (digits(edge)..=11).find_map(|place| {
                    let step = Number::ONE / 10i128.pow(u32::try_from(place).ok()?);
                    let next = Number::from_grid(edge.grid() + if up { step } else { -step });
                    let through =
                        edge != Number::ZERO && next.grid().signum() != edge.grid().signum();
                    (inside(unit, next) && !through).then_some(next)
                })
            });
            let shortest = exact(anchor)
                .into_iter()
                .chain(beside)
                .min_by_key(|amount| digits(*amount));
            shortest.map(|amount| Given::Text(unit_text(unit, amount)))
        })
}

/// Points that reach what the mask says and nothing more.
pub(super) fn curve(points: &[(Number, Number)], mask: u32) -> Given {
    let has = |place: usize| mask >> place & 1 == 1;
    let (kg, km) = (
        Unit::find("kg").unwrap_or(Unit::NONE),
        Unit::find("km").unwrap_or(Unit::NONE),
    );
    let given = points.iter().enumerate().map(|(place, (payload, range))| {
        let range = if has(place) {
            *range
        } else {
            let reached = points
                .iter()
                .enumerate()
                .filter(|(other, point)| has(*other) && point.0 >= *payload)
                .map(|(_, point)| point.1);
            reached
                .max()
                .unwrap_or(Number::MIN)
                .max(Number::from_grid(range.grid() - 1000 * Number::ONE))
                .max(Number::ZERO)
        };
        Given::List(vec![
            Given::Text(unit_text(kg, kg.show(*payload))),
            Given::Text(unit_text(km, km.show(range))),
        ])
    });
    let mut curve: Vec<Given> = Vec::new();
    for point in given {
        if !curve.contains(&point) {
            curve.push(point);
        }
    }
    Given::List(curve)
}
