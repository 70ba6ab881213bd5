//! Where the words of a lane's cut-offs stand: beside their rules, below the marks, none over another.
//!
//! Not which days are cut-offs, and not how they are drawn (`picture.rs`).

use catchall_model::Day;

use crate::explain::measure::{Face, units};

/// The height of a row of words.
pub(super) const ROW: f64 = 14.0;

/// A day that matters: its rule, and its words to the left of it, in a row below the marks.
pub(super) struct Cut {
    /// Where the rule stands.
    pub(super) x: f64,
    /// The row of its words, from 0 at the top; the rule ends there.
    pub(super) row: u32,
    /// The words.
    pub(super) words: String,
    /// Whether it is the day asked.
    pub(super) asked: bool,
}

/// The days in their order, each once, so placed that no words meet and no rule runs through the words of another.
pub(super) fn placed(mut days: Vec<(Day, String, bool)>, x: impl Fn(Day) -> f64) -> Vec<Cut> {
    days.sort();
    days.dedup();
    let mut placed: Vec<Cut> = Vec::new();
    for (day, words, asked) in days {
        let x = x(day);
        let left = left(x, &words);
        // Words stand to the left of their rule, so whatever rule stands within them must have ended above.
        let row = placed
            .iter()
            .filter(|other| other.x > left)
            .map(|other| other.row + 1)
            .max()
            .unwrap_or(0);
        placed.push(Cut {
            x,
            row,
            words,
            asked,
        });
    }
    placed
}

/// The height that the words take.
pub(super) fn height(cuts: &[Cut]) -> f64 {
    let rows = cuts.iter().map(|cut| cut.row + 1).max().unwrap_or(0);
    f64::from(rows) * ROW
}

/// Where words begin that end beside a rule at `x`, with some air before them.
fn left(x: f64, words: &str) -> f64 {
    x - 10.0 - units(words, 11.0, Face::Plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(number: usize) -> (Day, String, bool) {
        let first = Day::parse("2000-01-01").unwrap();
        let mut days = std::iter::successors(Some(first), |day| Some(day.next()));
        let day = days.nth(number).unwrap();
        (day, format!("effective {day}"), false)
    }

    #[test]
    fn no_words_meet_and_no_rule_runs_through_them() {
        let first = day(0).0.number();
        let mut several = 0;
        for step in [0, 1, 7, 40, 90, 400] {
            let days = (0..6).map(|place| day(place * step)).collect();
            let cuts = placed(days, |day| {
                300.0 + f64::from(i32::try_from(day.number() - first).unwrap()) / 2.0
            });
            for (place, cut) in cuts.iter().enumerate() {
                for before in &cuts[..place] {
                    let within = before.x > left(cut.x, &cut.words) && before.x <= cut.x;
                    assert!(
                        !within || before.row < cut.row,
                        "{} {}",
                        before.words,
                        cut.words
                    );
                    several += u32::from(within);
                }
            }
        }
        assert!(several > 10);
    }

    #[test]
    fn a_day_told_by_two_acts_is_written_once_and_days_apart_share_a_row() {
        let cuts = placed(vec![day(0), day(0)], |_| 300.0);
        assert_eq!(cuts.len(), 1);
        let apart = placed(vec![day(0), day(900)], |each| {
            if each == day(0).0 { 300.0 } else { 900.0 }
        });
        assert!(apart.iter().all(|cut| cut.row == 0));
        assert!((height(&apart) - ROW).abs() < f64::EPSILON);
        assert!(height(&[]).abs() < f64::EPSILON);
    }
}
