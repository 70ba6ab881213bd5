//! Evidence: what the page tells of its own day, gathered from header, apparatus, dates and offices.

use jiff::civil::Date;

use super::clock::clock;
use super::{Clues, Evidence, full};
use crate::dates::{Expr, Found};
use crate::gazetteer::{Name, Word};

pub(super) fn gather(clues: Clues<'_>) -> Evidence {
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
            // A reference that prints its year, among cited days that print none, goes back to another year.
            if evidence.cited.is_empty() {
                evidence.full.push(day);
            } else {
                evidence.since.push(day);
                evidence.apart = evidence.apart.max(Some(day.year()));
            }
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
pub(super) fn told(clues: Clues<'_>, date: &Found, evidence: &mut Evidence) {
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
            if let Expr::Month { month, .. } = date.expr
                && let Ok(first) = Date::new(to, i8::try_from(month).unwrap_or(1), 1)
            {
                evidence.since.push(first);
            }
        }
        Expr::Fraction {
            year: Some(year),
            month,
            length,
        } if !ahead && !date.deadline => {
            let last = year + (i16::from(month) + i16::from(length) - 2) / 12;
            evidence.bare &= Some(last) < evidence.year;
            evidence.year = evidence.year.max(Some(last));
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
        clues.tokens.is(clues.words, at, "calendar", "future")
            || (at + 2 >= date.from && clues.tokens.is(clues.words, at, "calendar", "soon"))
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
pub(super) fn terms(clues: Clues<'_>, evidence: &mut Evidence) {
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
        // Two presidents may share a surname: either may be meant.
        let held: Vec<(Date, Option<Date>)> = clues
            .words
            .surname(surname)
            .iter()
            .filter_map(|index| clues.words.people.get(usize::from(*index)))
            .filter_map(|person| person.terms.iter().find(|term| term.title == "President"))
            .map(|term| (term.from, term.to))
            .collect();
        if !held.is_empty() {
            evidence
                .terms
                .push((held, format!("a {surname} is President")));
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
        if !clues.tokens.marked(from, Word::OFFICE) {
            return None;
        }
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
