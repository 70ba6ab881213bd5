//! The publication date, solved from constraints: the header, cited days, "yesterday", days of the week, terms of office,
//! the count of issues. Every candidate day is scored by every constraint; the answer keeps the interval that is left and says
//! which constraints were used. Never a day without them.

use jiff::ToSpan as _;
use jiff::civil::Date;

use crate::apparatus::Apparatus;
use crate::dates::reckon::{back, weekday, working, working_days};
use crate::dates::{Expr, Found};
use crate::gazetteer::{Gazetteers, Name, Serial};
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
    let mut evidence = gather(clues);
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

fn gather(clues: Clues<'_>) -> Evidence {
    let mut evidence = Evidence {
        wire: clues.parts.header.wire,
        clock: clock(clues),
        ..Evidence::default()
    };
    let mut owned: Vec<usize> = Vec::new();
    for cited in &clues.apparatus.cited {
        let Some(index) = cited.date else { continue };
        owned.push(index);
        let Some(date) = clues.dates.get(index) else {
            continue;
        };
        if let Some(day) = full(date) {
            evidence.full.push(day);
        } else if let Expr::Day { month, day, to, .. } = date.expr {
            evidence.cited.push(to.unwrap_or((month, day)));
        }
    }
    let cited = owned.len();
    owned.extend(
        clues
            .apparatus
            .referred
            .iter()
            .filter_map(|referred| referred.date),
    );
    for index in owned.iter().skip(cited) {
        if let Some(day) = clues.dates.get(*index).and_then(full) {
            evidence.full.push(day);
        }
    }
    owned.sort_unstable();
    for (index, date) in clues.dates.iter().enumerate() {
        if clues.parts.is_body(date.from) && owned.binary_search(&index).is_err() {
            told(clues, date, &mut evidence);
        }
    }
    terms(clues, &mut evidence);
    // Beyond so many, further days of the same kind tell nothing new.
    evidence.cited.sort_unstable();
    evidence.cited.dedup();
    for list in [
        &mut evidence.yesterday,
        &mut evidence.past,
        &mut evidence.coming,
    ] {
        list.sort_unstable();
        list.dedup();
        list.truncate(200);
    }
    evidence.named.truncate(200);
    evidence
}

/// What one date of the text tells.
fn told(clues: Clues<'_>, date: &Found, evidence: &mut Evidence) {
    let ahead = looks_ahead(clues, date);
    match date.expr {
        Expr::Day { year: Some(_), .. } => {
            if let (Some(day), false) = (full(date), ahead || date.deadline) {
                evidence.full.push(day);
            }
        }
        Expr::Day { month, day, .. } => {
            if let (Some(name), false) = (date.weekday, date.deadline) {
                evidence.paired.push((name, (month, day), ahead));
            }
            if ahead || date.deadline {
                evidence.coming.push((month, day));
            } else {
                evidence.past.push((month, day));
            }
        }
        Expr::Year { to, .. } | Expr::Month { year: Some(to), .. } if !ahead && !date.deadline => {
            if Some(to) >= evidence.year {
                evidence.bare = matches!(date.expr, Expr::Year { .. });
            }
            evidence.year = evidence.year.max(Some(to));
        }
        Expr::Weekend(0) => evidence.weekend = true,
        Expr::Offset(-1) => {
            if let Some(cited) = citation_behind(clues, date.from) {
                evidence.yesterday.push(cited);
            }
        }
        Expr::Weekday {
            day,
            to: None,
            shift: None,
        } if !ahead => match citation_behind(clues, date.from) {
            Some(cited) => evidence.named.push((day, cited)),
            None => evidence.weekdays.push(day),
        },
        _ => {}
    }
}

/// Whether the sentence looks ahead before the date.
fn looks_ahead(clues: Clues<'_>, date: &Found) -> bool {
    let Some(sentence) = clues.tokens.sentence_of(date.from) else {
        return false;
    };
    let from = clues.tokens.sentences[sentence]
        .at
        .from
        .max(date.from.saturating_sub(25));
    if crate::record::told_on(clues.tokens, clues.page, date) {
        return false;
    }
    (from..date.from).any(|at| {
        let word = clues.tokens.text(&clues.page.lower, at);
        clues.words.is("calendar", "future", word)
            || (at + 2 >= date.from && clues.words.is("calendar", "soon", word))
    })
}

/// The single day of the next bracket of the paragraph.
fn citation_behind(clues: Clues<'_>, token: usize) -> Option<(u8, u8)> {
    let paragraph = clues
        .tokens
        .paragraphs
        .get(clues.tokens.paragraph_of(token))?;
    let place = clues
        .apparatus
        .cited
        .partition_point(|cited| cited.at.from <= token);
    let first = clues
        .apparatus
        .cited
        .iter()
        .skip(place)
        .take(20)
        .find(|cited| cited.at.from > token && cited.at.from < paragraph.to && !cited.running)?;
    let same = clues
        .apparatus
        .cited
        .iter()
        .skip(place)
        .take(40)
        .filter(|cited| cited.bracket == first.bracket)
        .filter_map(|cited| clues.dates.get(cited.date?))
        .filter_map(|date| match date.expr {
            Expr::Day { month, day, to, .. } => Some(to.unwrap_or((month, day))),
            _ => None,
        });
    let days: Vec<(u8, u8)> = same.collect();
    match days.as_slice() {
        [one] => Some(*one),
        _ => None,
    }
}

/// Terms of office that the text speaks of as running, or as over.
fn terms(clues: Clues<'_>, evidence: &mut Evidence) {
    for name in clues.names {
        let Name::Person(index) = name.what else {
            continue;
        };
        let at = clues.tokens.at_byte(name.from);
        let Some(person) = clues.words.people.get(usize::from(index)) else {
            continue;
        };
        if !clues.parts.is_body(at) {
            continue;
        }
        let title = title_before(clues, at);
        let Some(title) = title else { continue };
        let over = matches!(
            word(clues, at.saturating_sub(title.1 + 1)),
            "then" | "former" | "ex" | "late"
        ) || matches!(
            word(clues, at.saturating_sub(title.1 + 2)),
            "then" | "former" | "ex"
        );
        let acting = word(clues, at.saturating_sub(title.1 + 1)) == "acting"
            && !title.0.starts_with("acting");
        let office = if acting {
            format!("acting {}", title.0)
        } else {
            title.0.clone()
        };
        let held: Vec<(Date, Option<Date>)> = person
            .terms
            .iter()
            .filter(|term| same_office(&term.title, &office))
            .map(|term| (term.from, term.to))
            .collect();
        if held.is_empty() {
            continue;
        }
        if over {
            let behind = held
                .iter()
                .map(|(from, to)| (to.unwrap_or(*from), None))
                .collect();
            evidence.terms.push((
                behind,
                format!("{} is called a former {office}", person.name),
            ));
        } else {
            evidence
                .terms
                .push((held, format!("{} is {office}", person.name)));
        }
    }
    administrations(clues, evidence);
    evidence.terms.sort();
    evidence.terms.dedup();
    evidence.terms.truncate(64);
}

/// "the Clinton administration": the president of that surname is in office.
fn administrations(clues: Clues<'_>, evidence: &mut Evidence) {
    for (at, token) in clues.tokens.all.iter().enumerate().skip(1) {
        if token.end - token.start != 14 || word(clues, at) != "administration" {
            continue;
        }
        let surname = clues.tokens.text(&clues.page.folded, at - 1);
        let incoming = at > 1
            && matches!(
                word(clues, at - 2),
                "incoming" | "former" | "previous" | "future" | "old"
            );
        if incoming || !clues.parts.is_body(at) {
            continue;
        }
        let mut terms = clues.words.surname(surname).iter().filter_map(|index| {
            let person = clues.words.people.get(usize::from(*index))?;
            let term = person.terms.iter().find(|term| term.title == "President")?;
            Some((
                vec![(term.from, term.to)],
                format!("{} is President", person.name),
            ))
        });
        if let (Some(term), None) = (terms.next(), terms.next()) {
            evidence.terms.push(term);
        }
    }
}

fn word<'a>(clues: Clues<'a>, at: usize) -> &'a str {
    clues.tokens.text(&clues.page.lower, at)
}

/// The office named right before a name: its words, and how many.
fn title_before(clues: Clues<'_>, at: usize) -> Option<(String, usize)> {
    (1..=4).rev().find_map(|length| {
        let from = at.checked_sub(length)?;
        let own = |place: usize| word(clues, from + place);
        let taken = clues.words.office(own);
        (taken == length).then(|| {
            let words: Vec<&str> = (0..length).map(own).collect();
            (words.join(" "), length)
        })
    })
}

/// Titles are the same when one says the other: `Defence Minister` is `Defense Minister`, `minister` says too little.
fn same_office(held: &str, said: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace("defence", "defense");
    plain(held) == plain(said)
}

/// What the count of issues gives.
fn clock(clues: Clues<'_>) -> Option<(Date, i32, String)> {
    let header = &clues.parts.header;
    let title = header.title.as_deref()?;
    let (volume, issue) = (header.volume?, header.issue?);
    let (day, slack) = day_of_issue(clues.words, title, volume, issue)?;
    Some((
        day,
        slack,
        format!("the count of issues of {title} gives {day} within {slack} working days"),
    ))
}

/// The day that the count of issues gives for an issue of a serial that we know, and its slack in working days.
#[must_use]
pub fn day_of_issue(
    words: &Gazetteers,
    title: &str,
    volume: u32,
    issue: u32,
) -> Option<(Date, i32)> {
    let bare = |text: &str| {
        let lower = text.to_lowercase();
        lower.strip_prefix("the ").unwrap_or(&lower).to_owned()
    };
    let serial = words.serials.iter().find(|serial| {
        std::iter::once(&serial.title)
            .chain(&serial.also)
            .any(|own| bare(own) == bare(title))
    })?;
    if serial.last_volume.is_some_and(|last| volume > last) {
        return None;
    }
    count(serial, volume, issue)
}

/// Working days from the nearest anchors of the volume.
fn count(serial: &Serial, volume: u32, issue: u32) -> Option<(Date, i32)> {
    let step = match serial.rhythm.as_str() {
        "weekly" => 5,
        "fortnightly" => 10,
        _ => 1,
    };
    let anchors: Vec<(u32, Date, i32)> = serial
        .anchors
        .iter()
        .filter(|(own, ..)| *own == volume)
        .filter_map(|(_, issue, day, slack)| Some((*issue, day.parse().ok()?, *slack)))
        .collect();
    let number = i32::try_from(issue).ok().filter(|issue| *issue < 1000)?;
    let from = |(anchor, day, slack): &(u32, Date, i32)| {
        let distance = number - i32::try_from(*anchor).unwrap_or(0);
        working_days(*day, distance * step).map(|found| (found, *slack))
    };
    if anchors.is_empty() {
        let year = serial.year_of_volume_0 + i16::try_from(volume).ok()?;
        let first = Date::new(year, 1, 2).ok()?;
        return working_days(first, number.saturating_sub(1) * step).map(|day| (day, 20));
    }
    let before = anchors
        .iter()
        .filter(|(own, ..)| *own <= issue)
        .max_by_key(|(own, ..)| *own);
    let after = anchors
        .iter()
        .filter(|(own, ..)| *own >= issue)
        .min_by_key(|(own, ..)| *own);
    match (before, after) {
        (Some(low), Some(high)) => {
            let (first, slack) = from(low)?;
            let (second, other) = from(high)?;
            let drift = working_between(first, second);
            let share = if high.0 == low.0 {
                0
            } else {
                drift * (number - i32::try_from(low.0).ok()?)
                    / i32::try_from(high.0 - low.0).ok()?
            };
            let day = working_days(first, share)?;
            Some((day, slack.min(other).max(drift.abs().min(8) / 2)))
        }
        (Some(one), None) | (None, Some(one)) => {
            let (day, slack) = from(one)?;
            let far = (number - i32::try_from(one.0).ok()?).abs();
            Some((day, slack + far / 12))
        }
        (None, None) => None,
    }
}

/// Working days from one day to another.
fn working_between(from: Date, to: Date) -> i32 {
    let days = from.until(to).map_or(0, |span| span.get_days());
    if days >= 0 {
        (days * 5 + 6) / 7
    } else {
        (days * 5 - 6) / 7
    }
}

/// Every day that may be it, with its score.
fn candidates(evidence: &Evidence) -> Vec<(Date, i32)> {
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
            for (month, day) in evidence.cited.iter().chain(&evidence.past).take(60) {
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
fn years(evidence: &Evidence) -> Vec<i16> {
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
    let full = evidence.full.iter().max().map(|day| day.year());
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

fn score(day: Date, evidence: &Evidence) -> i32 {
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
