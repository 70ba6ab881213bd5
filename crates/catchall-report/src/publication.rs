//! The publication date, solved from constraints: the header, cited days, "yesterday", days of the week, terms of office,
//! the count of issues. Every candidate day is scored by every constraint; the answer keeps the interval that is left and says
//! which constraints were used. Never a day without them.

mod clock;
mod gather;
mod score;

pub use clock::day_of_issue;
use gather::gather;
use score::candidates;

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::apparatus::Apparatus;
use crate::dates::reckon::back;
use crate::dates::{Expr, Found};
use crate::gazetteer::{Gazetteers, Name};
use crate::page::Page;
use crate::reading::Publication;
use crate::segment::Parts;
use crate::tokens::Tokens;

/// What the text tells of its own day.
#[derive(Debug, Default)]
struct Evidence {
    /// Cited days without a year: month and day.
    cited: Vec<(u8, u8)>,
    /// Full days that the text looks back on.
    full: Vec<Date>,
    /// Days that "yesterday" is cited to.
    yesterday: Vec<(u8, u8)>,
    /// Days of the week with the day they are cited to.
    named: Vec<(u8, (u8, u8))>,
    /// Days of the week printed beside their own day, and whether that is told as to come.
    paired: Vec<(u8, (u8, u8), bool)>,
    /// Days of the week without a citation.
    weekdays: Vec<u8>,
    /// Days without a year told as past, and as to come.
    past: Vec<(u8, u8)>,
    /// Days told as to come.
    coming: Vec<(u8, u8)>,
    /// Whether the text says "over the weekend".
    weekend: bool,
    /// Days that lie behind for certain, and tell no more: first days of months told with their year, days of back-references.
    since: Vec<Date>,
    /// Whether a back-reference prints its year where the cited days print none: then it is another year's.
    apart: Option<i16>,
    /// The latest year told, not ahead.
    year: Option<i16>,
    /// Whether that year was told bare, as one does of years that are over.
    bare: bool,
    /// Terms of office: the day must lie within, or behind.
    terms: Vec<(Vec<(Date, Option<Date>)>, String)>,
    /// What the count of issues gives, and its slack in working days.
    clock: Option<(Date, i32, String)>,
    /// Whether the text was written on a day of its own before it was printed.
    wire: bool,
    /// The day that the header prints without a year.
    head: Option<(u8, u8)>,
    /// The day of the dateline, where it has no year.
    dateline: Option<(u8, u8)>,
}

/// The solution, as days.
#[derive(Clone, Debug)]
pub struct Solved {
    /// What goes into the reading.
    pub record: Publication,
    /// The publication's day, if any could be found.
    pub day: Option<Date>,
    /// The day the words were written.
    pub written: Option<Date>,
}

/// All that the solver may look at.
#[derive(Clone, Copy)]
pub struct Clues<'a> {
    /// The page.
    pub page: &'a Page,
    /// Its tokens.
    pub tokens: &'a Tokens,
    /// The gazetteers.
    pub words: &'a Gazetteers,
    /// Dates found.
    pub dates: &'a [Found],
    /// Names found.
    pub names: &'a [crate::gazetteer::Found<Name>],
    /// Parts of the page.
    pub parts: &'a Parts,
    /// The apparatus.
    pub apparatus: &'a Apparatus,
    /// A day from outside the text: a mail's header, or the caller's.
    pub told: Option<(Date, &'static str)>,
}

/// Solves the publication date.
#[must_use]
pub fn solve(clues: Clues<'_>) -> Solved {
    let header = &clues.parts.header;
    let mut record = Publication {
        title: header.title.clone(),
        volume: header.volume,
        issue: header.issue,
        confidence: "low",
        ..Publication::default()
    };
    let stamp = header.date.and_then(|index| clues.dates.get(index));
    if let Some((from, to)) = stamp.and_then(range) {
        // A week's paper comes out when the week is over.
        record.confidence = "medium";
        record.basis = format!("the header covers {from} to {to}");
        let latest = to.checked_add(2.days()).unwrap_or(to);
        return finish(record, to, from, latest, to);
    }
    let printed = stamp.and_then(full);
    let exact = printed
        .map(|day| (day, "the day stands in the header"))
        .or(clues.told);
    let dateline = header.dateline.and_then(|index| clues.dates.get(index));
    if let Some((day, basis)) = exact {
        record.confidence = "exact";
        basis.clone_into(&mut record.basis);
        let written = dateline.and_then(|date| near(date, day)).unwrap_or(day);
        if written != day {
            record.dateline = Some(written.to_string());
        }
        return finish(record, day, day, day, written);
    }
    if let Some(day) = dateline.and_then(full) {
        record.confidence = "high";
        "the day stands in the dateline".clone_into(&mut record.basis);
        let latest = day.checked_add(1.days()).unwrap_or(day);
        return finish(record, day, day, latest, day);
    }
    let rough = header.rough.and_then(|index| clues.dates.get(index));
    if let Some(Expr::Month {
        year: Some(year),
        month,
        ..
    }) = rough.map(|date| date.expr)
        && let Ok(first) = Date::new(year, i8::try_from(month).unwrap_or(1), 1)
    {
        // A month's paper: the days it tells are those of the month, so they are reckoned from its end.
        let last = first.last_of_month();
        record.confidence = "medium";
        "the month stands in the header".clone_into(&mut record.basis);
        let mut solved = finish(record, last, first, last, last);
        solved.record.date = Some(format!("{year:04}-{month:02}"));
        return solved;
    }
    let mut evidence = gather(clues);
    if let Some(date) = rough
        && let Expr::Day { month, day, .. } = date.expr
    {
        evidence.head = Some((month, day));
        if let Some(name) = date.weekday {
            evidence.paired.push((name, (month, day), false));
        }
    }
    if let Some(date) = dateline
        && let Expr::Day { month, day, .. } = date.expr
    {
        evidence.cited.push((month, day));
        evidence.dateline = Some((month, day));
    }
    let scored = candidates(&evidence);
    let Some((best, top)) = choose(&scored) else {
        record.basis = "nothing in the text tells its day".to_owned();
        return Solved {
            record,
            day: None,
            written: None,
        };
    };
    let close: Vec<Date> = scored
        .iter()
        .filter(|(_, score)| *score + 3 > top)
        .map(|(day, _)| *day)
        .collect();
    let earliest = close.iter().min().copied().unwrap_or(best);
    let latest = close.iter().max().copied().unwrap_or(best);
    let width = earliest.until(latest).map_or(0, |span| span.get_days());
    record.confidence = match width {
        0..=1 if top >= 9 && year_is_fixed(&evidence, best) => "high",
        0..=4 => "medium",
        _ => "low",
    };
    record.basis = basis(&evidence, best);
    if evidence.wire && evidence.cited.is_empty() {
        let printed = best.checked_add(1.days()).unwrap_or(best);
        let latest = best.checked_add(2.days()).unwrap_or(printed);
        record.confidence = "medium";
        record.dateline = Some(best.to_string());
        return finish(record, printed, earliest.min(best), latest, best);
    }
    finish(record, best, earliest, latest, best)
}

/// The best day. Where years tie, nothing tells them apart, and the one in the middle errs least; within it, the first day.
fn choose(scored: &[(Date, i32)]) -> Option<(Date, i32)> {
    let top = scored.iter().map(|(_, score)| *score).max()?;
    let mut best: Vec<Date> = scored
        .iter()
        .filter(|(_, score)| *score == top)
        .map(|(day, _)| *day)
        .collect();
    best.sort_unstable();
    let mut years: Vec<i16> = best.iter().map(|day| day.year()).collect();
    years.dedup();
    let middle = years.get(years.len().saturating_sub(1) / 2)?;
    best.into_iter()
        .find(|day| day.year() == *middle)
        .map(|day| (day, top))
}

fn finish(
    mut record: Publication,
    day: Date,
    earliest: Date,
    latest: Date,
    written: Date,
) -> Solved {
    record.date = Some(day.to_string());
    record.earliest = Some(earliest.to_string());
    record.latest = Some(latest.to_string());
    Solved {
        record,
        day: Some(day),
        written: Some(written),
    }
}

fn full(date: &Found) -> Option<Date> {
    match date.expr {
        Expr::Day {
            year: Some(year),
            month,
            day,
            ..
        } => Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok(),
        _ => None,
    }
}

/// Whether more than a year told in passing fixes the year: a full day, a day of the week, the count of issues, a term of office.
fn year_is_fixed(evidence: &Evidence, best: Date) -> bool {
    let other = |years: i16| {
        let day = best.checked_add(i64::from(years).years()).unwrap_or(best);
        evidence.terms.iter().any(|(held, _)| {
            !held
                .iter()
                .any(|(from, to)| day >= *from && to.is_none_or(|to| day <= to))
        })
    };
    evidence.clock.is_some()
        || !evidence.full.is_empty()
        || !evidence.paired.is_empty()
        || !evidence.named.is_empty()
        || (evidence.weekend && evidence.year.is_some())
        || (other(1) && other(-1))
        || (other(1) && evidence.year == Some(best.year()))
}

/// The two ends of `3-9 November 1997`.
fn range(date: &Found) -> Option<(Date, Date)> {
    let Expr::Day {
        year: Some(year),
        to: Some((month, day)),
        ..
    } = date.expr
    else {
        return None;
    };
    let from = full(date)?;
    let day = i8::try_from(day).ok()?;
    let to = Date::new(year, i8::try_from(month).ok()?, day).ok()?;
    (from < to).then_some((from, to))
}

fn near(date: &Found, day: Date) -> Option<Date> {
    full(date).or(match date.expr {
        Expr::Day {
            month, day: number, ..
        } => back(day, month, number),
        _ => None,
    })
}

fn basis(evidence: &Evidence, best: Date) -> String {
    let mut used: Vec<String> = Vec::new();
    if let Some((_, _, clock)) = &evidence.clock {
        used.push(clock.clone());
    }
    if let Some(lag) = evidence
        .cited
        .iter()
        .filter_map(|cited| lag(best, *cited))
        .min()
    {
        used.push(format!("the latest cited day is {lag} days before"));
    }
    if evidence
        .yesterday
        .iter()
        .any(|cited| lag(best, *cited) == Some(1))
    {
        used.push("\"yesterday\" is cited to the day before".to_owned());
    }
    if evidence.weekend {
        used.push("the text says \"over the weekend\"".to_owned());
    }
    if !evidence.paired.is_empty() {
        used.push("a day of the week stands beside its day".to_owned());
    }
    if !evidence.named.is_empty() {
        used.push("days of the week go with cited days".to_owned());
    }
    for (_, term) in evidence.terms.iter().take(3) {
        used.push(term.clone());
    }
    if let Some(year) = evidence.year {
        used.push(format!("the latest year told is {year}"));
    }
    if used.is_empty() {
        "days told in the text".to_owned()
    } else {
        used.join("; ")
    }
}

/// Days from the latest such day to the candidate.
fn lag(candidate: Date, (month, day): (u8, u8)) -> Option<i32> {
    let past = back(candidate, month, day)?;
    past.until(candidate).ok().map(|span| span.get_days())
}
