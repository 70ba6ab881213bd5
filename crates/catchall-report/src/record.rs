//! From what was found to the records of a [`Reading`], layer by layer.

use jiff::civil::Date;

use crate::Work;
use crate::dates::{Anchor, Expr, Found, Value, reckon};
use crate::page::Page;
use crate::parties::{self, Parties};
use crate::reading::{
    Backref, Citation, DateRecord, Instrument, Party, Reading, Segment, Span, Technology, Unread,
};
use crate::statements::{self, Ground};
use crate::things::{self, Thing};
use crate::tokens::{Stretch, Tokens};
use crate::{clashes, lapse, transfers, undertakings};

/// All records of the page.
pub(crate) fn records(work: &Work<'_>) -> Reading {
    let values = reckoned(work);
    let (citations, cited) = citations(work, &values);
    let backrefs = backrefs(work, &values);
    let outside = |token: usize| work.apparatus.holds(token);
    let year = work.solved.day.map(Date::year);
    let found = parties::read(
        &work.page,
        &work.tokens,
        work.words,
        &work.names,
        &work.parts,
        &outside,
        year,
    );
    let instruments = things::instruments(
        &work.page,
        &work.tokens,
        work.words,
        &work.parts,
        &work.dates,
        &values,
        &work.acts,
    );
    let mut technology = things::technology(
        &work.page,
        &work.tokens,
        work.words,
        &work.parts,
        &instruments,
        &work.terms,
    );
    without_names(work, &found, &mut technology);
    let ground = Ground {
        work,
        parties: &found,
        values: &values,
        citations: &citations,
        cited: &cited,
    };
    let told = statements::read(&ground);
    let commitments = undertakings::commitments(&ground, &told);
    let transfers = transfers::transfers(&ground, &told, &technology);
    let contradictions = clashes::contradictions(&ground, &told, &technology, &transfers);
    Reading {
        schema: "catchall.report/1",
        language: language(&work.page.lower),
        chars: work.page.chars(),
        publication: work.solved.record.clone(),
        segments: segments(work),
        dates: dates(work, &values),
        backrefs,
        parties: party_records(work, &found),
        statements: told.into_iter().map(|own| own.record).collect(),
        instruments: instruments
            .into_iter()
            .map(|thing| instrument(work, thing))
            .collect(),
        technology: things::told(&work.page, work.words, technology)
            .into_iter()
            .map(|thing| heading(work, thing))
            .collect(),
        transfers,
        commitments,
        contradictions,
        unread: unread(work, &values),
        citations,
        ..Reading::default()
    }
}

/// Dates that were found and could not be reckoned.
fn unread(work: &Work<'_>, values: &[Option<Value>]) -> Vec<Unread> {
    work.dates
        .iter()
        .zip(values)
        .filter(|(_, value)| value.is_none())
        .take(1000)
        .map(|(date, _)| Unread {
            what: "a date that nothing on the page fixes".to_owned(),
            at: span(
                work,
                Stretch {
                    from: date.from,
                    to: date.to,
                },
            ),
        })
        .collect()
}

/// `Long March Trading` is a firm and no rocket: a term within the name of a body is no thing told of.
fn without_names(work: &Work<'_>, found: &Parties, technology: &mut Vec<Thing>) {
    let names: Vec<(usize, usize)> = found
        .mentions
        .iter()
        .filter(|mention| {
            matches!(
                found.entities[mention.entity].kind,
                "company" | "institute" | "organisation"
            ) && mention.at.to > mention.at.from + 1
        })
        .map(|mention| work.tokens.bytes(mention.at))
        .collect();
    for thing in technology.iter_mut() {
        thing.at.retain(|(from, to)| {
            let next = names.partition_point(|name| name.1 <= *from);
            !names
                .get(next)
                .is_some_and(|name| name.0 <= *from && *to <= name.1)
        });
    }
    technology.retain(|thing| !thing.at.is_empty());
}

fn party_records(work: &Work<'_>, found: &Parties) -> Vec<Party> {
    let mut records: Vec<Party> = found
        .entities
        .iter()
        .map(|entity| Party {
            id: entity.id.clone(),
            name: entity.name.clone(),
            kind: entity.kind.to_owned(),
            country: entity.country.clone(),
            aliases: Vec::new(),
            role: entity.role.clone(),
            spans: Vec::new(),
            bytes: Vec::new(),
        })
        .collect();
    for mention in &found.mentions {
        let at = span(work, mention.at);
        let Some(record) = records.get_mut(mention.entity) else {
            continue;
        };
        let words = work.page.words(at);
        if !record.aliases.iter().any(|own| own == words) {
            record.aliases.push(words.to_owned());
        }
        record.spans.push(at.span);
        record.bytes.push(at.bytes);
    }
    records.retain(|record| !record.spans.is_empty());
    records
}

/// Spellings, spans and bytes of byte ranges in the folded text.
fn mentions(
    work: &Work<'_>,
    at: &[(usize, usize)],
) -> (Vec<String>, Vec<[usize; 2]>, Vec<[usize; 2]>) {
    let mut terms: Vec<String> = Vec::new();
    let (mut spans, mut bytes) = (Vec::new(), Vec::new());
    for (from, to) in at {
        let place = work.page.span(*from, *to);
        let words = work.page.words(place);
        if !terms.iter().any(|own| own.eq_ignore_ascii_case(words)) {
            terms.push(words.to_owned());
        }
        spans.push(place.span);
        bytes.push(place.bytes);
    }
    (terms, spans, bytes)
}

fn instrument(work: &Work<'_>, thing: Thing) -> Instrument {
    let (terms, spans, bytes) = mentions(work, &thing.at);
    Instrument {
        id: thing.id,
        name: thing.name,
        terms,
        kind: thing.kind,
        date: thing.date,
        spans,
        bytes,
    }
}

fn heading(work: &Work<'_>, thing: Thing) -> Technology {
    let (terms, spans, bytes) = mentions(work, &thing.at);
    Technology {
        id: thing.id,
        name: thing.name,
        terms,
        headings: thing.headings,
        spans,
        bytes,
    }
}

/// The span of a stretch of tokens.
pub(crate) fn span(work: &Work<'_>, at: Stretch) -> Span {
    let (from, to) = work.tokens.bytes(at);
    work.page.span(from, to)
}

/// Russian when letters of its alphabet outnumber Latin ones.
fn language(lower: &str) -> &'static str {
    let sample = lower.chars().take(20_000);
    let (mut latin, mut cyrillic) = (0_usize, 0_usize);
    for piece in sample {
        latin += usize::from(piece.is_ascii_alphabetic());
        cyrillic += usize::from(('а'..='я').contains(&piece));
    }
    if cyrillic > latin { "ru" } else { "en" }
}

fn segments(work: &Work<'_>) -> Vec<Segment> {
    work.parts
        .all
        .iter()
        .map(|part| Segment {
            kind: part.kind,
            at: span(work, part.at),
        })
        .collect()
}

/// The value of every date found, in order; none where it cannot be reckoned.
fn reckoned(work: &Work<'_>) -> Vec<Option<Value>> {
    let mut values = Vec::with_capacity(work.dates.len());
    let mut event: Option<Date> = None;
    let mut quotes = Quotes::default();
    let published = work.solved.day;
    let mut paragraph = usize::MAX;
    for (index, date) in work.dates.iter().enumerate() {
        let own = work.tokens.paragraph_of(date.from);
        if own != paragraph {
            paragraph = own;
        }
        let quoted = quotes.inside(work, date.from);
        let anchor = Anchor {
            published: published.unwrap_or(crate::dates::reckon::dawn()),
            written: work
                .solved
                .written
                .or(published)
                .unwrap_or(crate::dates::reckon::dawn()),
            event,
            base: None,
            ahead: ahead(work, date),
            surely: date.deadline && surely_ahead(work, date),
            quoted,
        };
        let anchor = Anchor {
            base: lapse::base(work, index, &values, &anchor),
            ..anchor
        };
        let anchor = match undertaken_on(work, index, &values) {
            Some(day) => Anchor {
                published: day,
                surely: true,
                ..anchor
            },
            None => anchor,
        };
        let value = if published.is_some() || absolute(date) {
            reckon(date, &anchor)
        } else {
            None
        };
        if let Some(value) = value {
            let single = value.from == Some(value.to);
            let told =
                work.parts.is_body(date.from) && !work.apparatus.holds(date.from) && !date.deadline;
            if single
                && told
                && matches!(
                    date.expr,
                    Expr::Day { .. } | Expr::Offset(_) | Expr::Weekday { .. } | Expr::FromEvent(_)
                )
            {
                event = Some(value.to);
            }
        }
        values.push(value);
    }
    values
}

/// Whether the date needs no publication.
fn absolute(date: &Found) -> bool {
    matches!(
        date.expr,
        Expr::Day { year: Some(_), .. }
            | Expr::Month { year: Some(_), .. }
            | Expr::Year { .. }
            | Expr::Before(_)
            | Expr::Fraction { year: Some(_), .. }
    )
}

/// `officials will meet in May, she said on Tuesday`: a day right behind a verb of the past is past, whatever stands before.
pub(crate) fn told_on(tokens: &Tokens, page: &Page, date: &Found) -> bool {
    let Some(before) = date.from.checked_sub(1) else {
        return false;
    };
    let small = matches!(
        tokens.text(&page.lower, before),
        "on" | "in" | "late" | "early"
    );
    let verb = before.saturating_sub(usize::from(small));
    tokens.all.get(verb).is_some_and(|token| {
        matches!(
            token.class,
            crate::gazetteer::words::Class::Verb(_, crate::gazetteer::words::Form::Past)
        )
    })
}

/// Whether the clause looks ahead: a word of the future before the date in its sentence, with no clause of the past between.
pub(crate) fn ahead(work: &Work<'_>, date: &Found) -> bool {
    if work.apparatus.holds(date.from) || told_on(&work.tokens, &work.page, date) {
        return false;
    }
    let Some(sentence) = work.tokens.sentence_of(date.from) else {
        return false;
    };
    let from = work.tokens.sentences[sentence]
        .at
        .from
        .max(date.from.saturating_sub(25));
    (from..date.from)
        .rev()
        .take_while(|at| !matches!(work.tokens.text(&work.page.lower, *at), ";"))
        .any(|at| {
            let word = work.tokens.text(&work.page.lower, at);
            let due = word == "to"
                && at > from
                && matches!(
                    work.tokens.text(&work.page.lower, at - 1),
                    "is" | "are" | "due"
                );
            work.tokens.is(work.words, at, "calendar", "future")
                || due
                || (at + 2 >= date.from && work.tokens.is(work.words, at, "calendar", "soon"))
        })
}

/// `will ship the engines by March`: an act to come, told in the present, and the day by which it will be done.
fn surely_ahead(work: &Work<'_>, date: &Found) -> bool {
    let Some(sentence) = work.tokens.sentence_of(date.from) else {
        return false;
    };
    let low = work.tokens.sentences[sentence].at.from;
    let word = |at: usize| work.tokens.text(&work.page.lower, at);
    (low.max(date.from.saturating_sub(16))..date.from)
        .rev()
        .take_while(|at| !matches!(word(*at), ";" | ":" | "had" | "was" | "were" | "would"))
        .any(|at| {
            matches!(word(at), "will" | "shall" | "'ll")
                || matches!(word(at), "is" | "are" | "has")
                    && matches!(word(at + 1), "to" | "until")
        })
}

/// `promised in March that the transit would be halted by the end of June`: the day counts from the promise, and not from the paper.
fn undertaken_on(work: &Work<'_>, index: usize, values: &[Option<Value>]) -> Option<Date> {
    let date = work.dates.get(index).filter(|own| own.deadline)?;
    let before = work.dates.get(index.checked_sub(1)?)?;
    let made = values.get(index - 1).copied().flatten()?;
    let words = |at: usize| work.tokens.text(&work.page.lower, at);
    let promise = before.from.checked_sub(1).filter(|_| {
        !before.deadline
            && !work.apparatus.holds(before.from)
            && work.tokens.sentence_of(before.from) == work.tokens.sentence_of(date.from)
    })?;
    let verb = promise.saturating_sub(usize::from(matches!(words(promise), "in" | "on")));
    let promised = work.tokens.all.get(verb).is_some_and(|token| {
        matches!(
            token.class,
            crate::gazetteer::words::Class::Verb(number, crate::gazetteer::words::Form::Past)
                if work.words.verbs.get(usize::from(number)).is_some_and(|own| own.kind == "promised")
        )
    });
    let plain = (before.to..date.from).all(|at| !matches!(words(at), "will" | "shall" | ";"));
    (promised && plain).then_some(made.to)
}

/// Whether a token stands in a quotation; tokens are asked in order.
#[derive(Default)]
pub(crate) struct Quotes {
    at: usize,
    open: bool,
    paragraph: usize,
}

impl Quotes {
    pub(crate) fn inside(&mut self, work: &Work<'_>, token: usize) -> bool {
        while self.at < token {
            let ends = work
                .tokens
                .paragraphs
                .get(self.paragraph)
                .is_some_and(|own| own.to <= self.at);
            if ends {
                self.paragraph += 1;
                self.open = false;
            }
            if work.tokens.mark(self.at) == b'"' {
                self.open = !self.open;
            }
            self.at += 1;
        }
        let crossed = work
            .tokens
            .paragraphs
            .get(self.paragraph)
            .is_some_and(|own| own.to <= token);
        self.open && !crossed
    }
}

fn dates(work: &Work<'_>, reckoned: &[Option<Value>]) -> Vec<DateRecord> {
    let mut roles: Vec<&'static str> = vec!["event"; work.dates.len()];
    for cited in &work.apparatus.cited {
        if let Some(role) = cited.date.and_then(|index| roles.get_mut(index))
            && !cited.running
        {
            *role = "citation";
        }
    }
    for referred in &work.apparatus.referred {
        if let Some(role) = referred.date.and_then(|index| roles.get_mut(index)) {
            *role = "backref";
        }
    }
    let mut records = Vec::new();
    for (index, (date, value)) in work.dates.iter().zip(reckoned).enumerate() {
        let kind = work.parts.kind_at(date.from);
        let role = match kind {
            "boilerplate" => "boilerplate",
            "header" => "publication",
            _ if roles[index] == "event" && work.parts.header.dateline == Some(index) => "event",
            _ if roles[index] == "event" && date.deadline => "deadline",
            _ => roles[index],
        };
        let Some(value) = referred_value(work, index, *value) else {
            continue;
        };
        let year_of_list = matches!(date.expr, Expr::Year { .. })
            && work
                .apparatus
                .referred
                .get(
                    work.apparatus
                        .referred
                        .partition_point(|referred| referred.at.from < date.to),
                )
                .is_some_and(|referred| referred.year.is_some() && referred.at.from <= date.to + 3);
        if year_of_list {
            continue;
        }
        records.push(DateRecord {
            value: value.iso(),
            role,
            approx: date.approx,
            at: span(
                work,
                Stretch {
                    from: date.from,
                    to: date.to,
                },
            ),
        });
    }
    records
}

/// A back-reference of a list with a year in force takes that year.
fn referred_value(work: &Work<'_>, index: usize, value: Option<Value>) -> Option<Value> {
    let date = work.dates.get(index)?;
    let place = work
        .apparatus
        .referred
        .partition_point(|referred| referred.at.to <= date.from);
    let forced = work
        .apparatus
        .referred
        .get(place)
        .filter(|referred| referred.date == Some(index))
        .and_then(|referred| referred.year);
    match (forced, date.expr) {
        (
            Some(year),
            Expr::Day {
                year: None,
                month,
                day,
                to,
            },
        ) => {
            let told = Found {
                expr: Expr::Day {
                    year: Some(year),
                    month,
                    day,
                    to,
                },
                ..*date
            };
            let published = work.solved.day.unwrap_or(crate::dates::reckon::dawn());
            reckon(
                &told,
                &Anchor {
                    published,
                    written: published,
                    event: None,
                    base: None,
                    ahead: false,
                    surely: false,
                    quoted: false,
                },
            )
        }
        _ => value,
    }
}

fn citations(work: &Work<'_>, reckoned: &[Option<Value>]) -> (Vec<Citation>, Vec<usize>) {
    let mut records = Vec::new();
    let mut places = Vec::new();
    for (place, cited) in work.apparatus.cited.iter().enumerate() {
        let value = cited
            .date
            .and_then(|index| reckoned.get(index).copied().flatten());
        let Some(value) = value else { continue };
        let first = value.from.unwrap_or(value.to);
        let month = value.precision != crate::dates::reckon::Precision::Day;
        places.push(place);
        records.push(Citation {
            id: format!("c{}", records.len() + 1),
            outlets: cited.outlets.clone(),
            date: if month {
                value.iso()
            } else {
                first.to_string()
            },
            date_end: (!month && first != value.to).then(|| value.to.to_string()),
            at: span(work, cited.at),
        });
    }
    (records, places)
}

fn backrefs(work: &Work<'_>, reckoned: &[Option<Value>]) -> Vec<Backref> {
    let own = work.solved.record.title.clone();
    let mut records = Vec::new();
    for referred in &work.apparatus.referred {
        let value = referred.date.and_then(|index| {
            let value = reckoned.get(index).copied().flatten();
            referred_value(work, index, value)
        });
        let (volume, issue) = referred.number;
        if value.is_none() && issue.is_none() {
            continue;
        }
        records.push(Backref {
            id: format!("b{}", records.len() + 1),
            title: referred.title.clone().or_else(|| own.clone()),
            date: value.map(|value| value.iso()),
            volume,
            issue,
            at: span(work, referred.at),
        });
    }
    records
}
