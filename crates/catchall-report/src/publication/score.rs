//! Candidate days, and how well each agrees with the evidence.

use jiff::ToSpan as _;
use jiff::civil::Date;

use super::clock::working_between;
use super::{Evidence, lag};
use crate::dates::reckon::{back, weekday, working};

/// Every day that may be it, with its score.
pub(super) fn candidates(evidence: &Evidence) -> Vec<(Date, i32)> {
    let mut days: Vec<Date> = Vec::new();
    let mut around = |day: Date, before: i64, after: i64| {
        for step in -before..=after {
            if let Ok(found) = day.checked_add(step.days()) {
                days.push(found);
            }
        }
    };
    if let Some((day, slack, _)) = evidence.clock {
        let width = i64::from(slack) * 7 / 5 + 6;
        around(day, width, width);
    } else {
        if let Some(latest) = evidence.full.iter().max() {
            around(*latest, 0, 40);
        }
        for year in years(evidence) {
            for (month, day) in evidence
                .head
                .iter()
                .chain(&evidence.cited)
                .chain(&evidence.past)
                .take(60)
            {
                if let Ok(found) = Date::new(
                    year,
                    i8::try_from(*month).unwrap_or(1),
                    i8::try_from(*day).unwrap_or(1),
                ) {
                    around(found, 0, if evidence.cited.is_empty() { 16 } else { 6 });
                }
            }
            if days_empty(evidence)
                && let Ok(found) = Date::new(year, 7, 1)
            {
                around(found, 0, 0);
            }
        }
    }
    days.sort_unstable();
    days.dedup();
    days.into_iter()
        .map(|day| (day, score(day, evidence)))
        .collect()
}

fn days_empty(evidence: &Evidence) -> bool {
    evidence.cited.is_empty() && evidence.past.is_empty() && evidence.full.is_empty()
}

/// The years that the text leaves open.
pub(super) fn years(evidence: &Evidence) -> Vec<i16> {
    let first = |held: &[(Date, Option<Date>)]| held.iter().map(|(from, _)| from.year()).min();
    let last = |held: &[(Date, Option<Date>)]| {
        held.iter().map(|(_, to)| to.map_or(2100, Date::year)).max()
    };
    let from_terms = evidence
        .terms
        .iter()
        .filter_map(|(held, _)| first(held))
        .max();
    let to_terms = evidence
        .terms
        .iter()
        .filter_map(|(held, _)| last(held))
        .filter(|year| *year < 2100)
        .min();
    let behind = evidence.full.iter().chain(&evidence.since);
    let full = behind.max().map(|day| day.year());
    let least = [from_terms, evidence.year, full]
        .into_iter()
        .flatten()
        .max();
    match (least, to_terms) {
        (Some(least), Some(most)) if most >= least => (least..=most.min(least + 12)).collect(),
        (Some(least), _) => (least
            ..=least
                + if evidence.year == Some(least) || full == Some(least) {
                    1
                } else {
                    12
                })
            .collect(),
        (None, Some(most)) => (most - 8..=most).collect(),
        (None, None) => Vec::new(),
    }
}

pub(super) fn score(day: Date, evidence: &Evidence) -> i32 {
    let mut score = 0;
    let daily = evidence.clock.is_some() || evidence.cited.len() > 1;
    score += match (working(day), daily) {
        (true, _) => 3,
        (false, true) => -4,
        (false, false) => 0,
    };
    if (day.month(), day.day()) == (1, 1) || (day.month(), day.day()) == (12, 25) {
        score -= 4;
    }
    if let Some((month, number)) = evidence.head {
        let own = u8::try_from(day.month()) == Ok(month) && u8::try_from(day.day()) == Ok(number);
        score += if own { 20 } else { -20 };
    }
    score += score_cited(day, evidence);
    for cited in &evidence.yesterday {
        score += if lag(day, *cited) == Some(1) { 10 } else { -6 };
    }
    for (name, cited) in &evidence.named {
        let told = back(day, cited.0, cited.1);
        let fits = told.is_some_and(|told| (weekday(told) + 7 - name) % 7 <= 1);
        let exact = told.is_some_and(|told| weekday(told) == *name);
        score += if exact {
            5
        } else if fits {
            2
        } else {
            -4
        };
    }
    for (name, (month, number), ahead) in evidence.paired.iter().take(40) {
        let told = if *ahead {
            crate::dates::reckon::ahead(day, *month, *number)
        } else {
            back(day, *month, *number)
        };
        let exact = told.is_some_and(|told| weekday(told) == *name);
        score += if exact { 8 } else { -12 };
    }
    if evidence.weekend {
        score += match weekday(day) {
            1 => 5,
            2 => 2,
            3 => -1,
            _ => -2,
        };
    }
    score += score_told(day, evidence);
    score += score_dateline(day, evidence);
    for (held, _) in &evidence.terms {
        let outside = !held
            .iter()
            .any(|(from, to)| day >= *from && to.is_none_or(|to| day <= to));
        score += if outside { -12 } else { 1 };
    }
    if evidence.year.is_some_and(|year| day.year() < year) {
        score -= 20;
    }
    if let Some(year) = evidence.year {
        score -= i32::from((day.year() - year).clamp(0, 20)) / 2;
        if evidence.bare && day.year() == year {
            score -= 3;
        }
    }
    if let Some(full) = evidence.full.iter().max() {
        score -= 6 * i32::from((day.year() - full.year()).clamp(0, 9));
    }
    if evidence.full.iter().any(|full| *full > day) {
        score -= 15;
    }
    if evidence.since.iter().any(|since| *since > day) {
        score -= 15;
    }
    if evidence.apart == Some(day.year()) {
        score -= 4;
    }
    if let Some((clock, slack, _)) = evidence.clock {
        let off = working_between(clock.min(day), clock.max(day)).abs();
        score += if off <= slack {
            8 - off.min(4)
        } else {
            4 - 2 * (off - slack).min(12)
        };
    }
    score
}

/// Cited days lie a day or so back, none ahead.
fn score_cited(day: Date, evidence: &Evidence) -> i32 {
    let lags: Vec<i32> = evidence
        .cited
        .iter()
        .filter_map(|cited| lag(day, *cited))
        .collect();
    let full = evidence
        .full
        .iter()
        .max()
        .and_then(|full| full.until(day).ok())
        .map(|span| span.get_days());
    let ahead = lags.iter().filter(|lag| **lag > 330).count();
    let mut score = -20 * i32::try_from(ahead.min(5)).unwrap_or(5);
    let latest = lags
        .iter()
        .copied()
        .chain(full.filter(|lag| *lag >= 0))
        .min();
    score += match latest {
        Some(1) => 6,
        Some(0) => 1,
        Some(2) => 4,
        // A Monday's paper cites Friday.
        Some(3) => {
            if weekday(day) == 1 {
                4
            } else {
                2
            }
        }
        Some(4) => 1,
        Some(5..=7) => -1,
        Some(_) => -8,
        None => 0,
    };
    score
}

/// A day of the week in agency copy is the day of its dateline, or the day before.
fn score_dateline(day: Date, evidence: &Evidence) -> i32 {
    let Some(told) = evidence
        .dateline
        .and_then(|(month, number)| back(day, month, number))
    else {
        return 0;
    };
    let own = weekday(told);
    evidence
        .weekdays
        .iter()
        .take(4)
        .map(|name| match (own + 7 - name) % 7 {
            0 => 3,
            1 => 2,
            _ => -1,
        })
        .sum()
}

/// Days told without a citation: past ones lie behind, and in a text that names days of the week, a week or more behind.
fn score_told(day: Date, evidence: &Evidence) -> i32 {
    let mut score = 0;
    let by_name = !evidence.weekdays.is_empty();
    let mut nearest = None;
    for past in evidence.past.iter().take(40) {
        let Some(lag) = lag(day, *past) else { continue };
        if lag > 330 {
            score -= 4;
        }
        if by_name && lag < 7 && evidence.cited.is_empty() {
            score -= 4;
        }
        nearest = Some(nearest.map_or(lag, |least: i32| least.min(lag)));
    }
    if let (Some(nearest), true) = (
        nearest,
        evidence.cited.is_empty() && evidence.clock.is_none(),
    ) {
        let floor = if by_name { 7 } else { 1 };
        score -= ((nearest - floor).max(0) / 2).min(30);
    }
    for coming in evidence.coming.iter().take(20) {
        if lag(day, *coming).is_some_and(|lag| lag < 20 && lag > 0) {
            score -= 4;
        }
    }
    if by_name && evidence.cited.is_empty() {
        // Written on the day named last, or the day after it.
        let named = evidence.weekdays.iter().any(|name| *name == weekday(day));
        score += if named { 3 } else { 0 };
    }
    score
}
