//! Curve: whether some payload-range curve goes through all that is stated of it and gives these answers.
//!
//! A curve gives for each payload the farthest range, and never rises. A stated point may be loose: its payload lies
//! between two figures, and its range between two others. Two loose points may narrow each other, and what is answered
//! narrows both, so that they must be looked at together.

use catchall_model::Number;

/// The most loose points that are looked at together; beyond, the answers are taken as they come.
pub(super) const MOST_LOOSE: usize = 6;

/// What a curve must do: reach a range at a payload, or stay within one.
type Bound = (Number, Number);

/// A curve's points as they are stated: payload between, and range between.
pub(super) struct Stated<'a> {
    reach: Vec<Bound>,
    stay: Vec<Bound>,
    loose: Vec<&'a [Number; 4]>,
}

impl<'a> Stated<'a> {
    pub fn of(points: &'a [[Number; 4]]) -> Stated<'a> {
        let mut stated = Stated {
            reach: Vec::new(),
            stay: Vec::new(),
            loose: Vec::new(),
        };
        for point in points {
            let [least, most, shortest, farthest] = point;
            if least == most {
                // At one payload a range between two figures is two bounds.
                stated.reach.push((*least, *shortest));
                stated.stay.push((*least, *farthest));
            } else {
                stated.loose.push(point);
            }
        }
        stated
    }

    /// Whether all loose points are looked at together.
    pub fn exact(&self) -> bool {
        self.loose.len() <= MOST_LOOSE
    }

    /// Whether a curve can be so that gives these answers to whether it carries a payload to a range.
    pub fn fits(&self, asked: &[(Number, Number)], answers: &[bool]) -> bool {
        let (mut reach, mut stay) = (self.reach.clone(), self.stay.clone());
        for ((payload, range), yes) in asked.iter().zip(answers) {
            if *yes {
                reach.push((*payload, *range));
            } else {
                stay.push((*payload, range.down()));
            }
        }
        let clash = |(payload, range): &Bound| {
            stay.iter()
                .any(|(lighter, farthest)| payload >= lighter && range > farthest)
        };
        if reach.iter().any(clash) {
            return false;
        }
        let loose = if self.exact() { &self.loose[..] } else { &[] };
        let bounds = Bounds {
            reach: &reach,
            stay: &stay,
        };
        bounds.place(loose, 0, (Number::MAX, Number::MIN))
    }
}

struct Bounds<'a> {
    reach: &'a [Bound],
    stay: &'a [Bound],
}

impl Bounds<'_> {
    /// The range that must be reached with a payload, and the one that is not passed.
    fn at(&self, payload: Number) -> (Number, Number) {
        let reach = self.reach.iter().filter(|(other, _)| *other >= payload);
        let stay = self.stay.iter().filter(|(other, _)| *other <= payload);
        (
            reach.map(|(_, range)| *range).max().unwrap_or(Number::MIN),
            stay.map(|(_, range)| *range).min().unwrap_or(Number::MAX),
        )
    }

    /// Puts the points down one by one from the heaviest payload to the lightest, each as heavy and as near as it can
    /// be: a lighter one has no more room then, and a farther one less.
    fn place(&self, loose: &[&[Number; 4]], placed: u32, last: (Number, Number)) -> bool {
        if placed.count_ones() as usize == loose.len() {
            return true;
        }
        (0u32..).zip(loose).any(|(number, point)| {
            placed >> number & 1 == 0
                && self
                    .heaviest(point, last, placed > 0)
                    .is_some_and(|next| self.place(loose, placed | 1 << number, next))
        })
    }

    /// Where a point comes to lie: no heavier than the last, and at least as far; at the same payload as far.
    fn heaviest(
        &self,
        [least, most, shortest, farthest]: &[Number; 4],
        (heaviest, nearest): (Number, Number),
        after: bool,
    ) -> Option<(Number, Number)> {
        let range = |payload: Number| {
            let (reach, stay) = self.at(payload);
            let low = nearest.max(*shortest).max(reach);
            (low <= (*farthest).min(stay)).then_some(low)
        };
        let mut end = (*most).min(heaviest);
        if after && end == heaviest {
            if end >= *least && range(end) == Some(nearest) {
                return Some((end, nearest));
            }
            end = end.down();
        }
        let turns = self
            .reach
            .iter()
            .map(|(payload, _)| *payload)
            .chain(self.stay.iter().map(|(payload, _)| payload.down()));
        let mut tried: Vec<Number> = turns.chain([end]).collect();
        tried.retain(|payload| payload >= least && *payload <= end);
        tried.sort_unstable();
        let found = tried.into_iter().rev();
        found
            .filter_map(|payload| Some((payload, range(payload)?)))
            .next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(figure: i128) -> Number {
        Number::from_grid(figure)
    }

    /// Every falling step function over a small grid, tried one by one.
    fn slow(points: &[[Number; 4]], asked: &[(Number, Number)], answers: &[bool]) -> bool {
        let (payloads, ranges) = (6i128, 6i128);
        let mut farthest = [0i128; 6];
        loop {
            let falls = farthest.windows(2).all(|pair| pair[0] >= pair[1]);
            let through = points.iter().all(|[least, most, shortest, far]| {
                (0..payloads).any(|payload| {
                    let range = number(farthest[usize::try_from(payload).unwrap()]);
                    (*least..=*most).contains(&number(payload))
                        && (*shortest..=*far).contains(&range)
                })
            });
            let answered = asked.iter().zip(answers).all(|((payload, range), yes)| {
                let place = usize::try_from(payload.grid()).unwrap();
                (number(farthest[place]) >= *range) == *yes
            });
            if falls && through && answered {
                return true;
            }
            let Some(place) = farthest.iter().position(|range| *range + 1 < ranges) else {
                return false;
            };
            farthest[place] += 1;
            farthest[..place].fill(0);
        }
    }

    #[test]
    fn a_curve_fits_when_some_falling_step_function_does() {
        let mut state = 7u64;
        let mut roll = |sides: u64| {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            i128::from((state >> 33) % sides)
        };
        let (mut yes, mut no) = (0, 0);
        for _ in 0..1_500 {
            let points: Vec<[Number; 4]> = (0..roll(4))
                .map(|_| {
                    let (a, b, c, d) = (roll(6), roll(6), roll(6), roll(6));
                    [a.min(b), a.max(b), c.min(d), c.max(d)].map(number)
                })
                .collect();
            let asked: Vec<(Number, Number)> = (0..1 + roll(3))
                .map(|_| (number(roll(6)), number(roll(6))))
                .collect();
            let answers: Vec<bool> = asked.iter().map(|_| roll(2) == 1).collect();
            let found = Stated::of(&points).fits(&asked, &answers);
            // The grid ends at ranges of 0 and 5: ranges beyond stand for no curve of the slow way.
            let bounded: Vec<[Number; 4]> = points.clone();
            let slow = slow(&bounded, &asked, &answers);
            assert!(found || !slow, "{points:?} {asked:?} {answers:?}");
            if asked
                .iter()
                .zip(&answers)
                .all(|((_, range), yes)| *yes || range.grid() > 0)
            {
                assert_eq!(found, slow, "{points:?} {asked:?} {answers:?}");
            }
            yes += u32::from(found);
            no += u32::from(!found);
        }
        assert!(yes > 200 && no > 200, "too tame: {yes} and {no}");
    }
}
