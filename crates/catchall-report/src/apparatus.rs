//! The apparatus: source brackets, sources in running text, and references to earlier issues.
//!
//! A bracket is read group by group: outlets and a day make a citation, `see` and a day a back-reference. An outlet need not be
//! in the gazetteer to be cited in a bracket; in running text it must be.

use crate::dates::{Expr, Found};
use crate::gazetteer::words::Class;
use crate::gazetteer::{Gazetteers, Name};
use crate::page::Page;
use crate::segment::Parts;
use crate::tokens::{Shape, Stretch, Tokens};

/// A citation before its date is reckoned.
#[derive(Clone, Debug)]
pub struct Cited {
    /// Outlets as spelled.
    pub outlets: Vec<String>,
    /// Index of its date; none when the dateline's or the publication's holds.
    pub date: Option<usize>,
    /// Its tokens.
    pub at: Stretch,
    /// The bracket it stands in; its own tokens when in running text.
    pub bracket: Stretch,
    /// Whether it stands in running text.
    pub running: bool,
}

/// A back-reference before its date is reckoned.
#[derive(Clone, Debug)]
pub struct Referred {
    /// Title, if another than the publication's own is named.
    pub title: Option<String>,
    /// Index of its date; none when only a number is printed.
    pub date: Option<usize>,
    /// Volume and issue, where they are printed.
    pub number: (Option<u32>, Option<u32>),
    /// A year in force for a list, `from 1997:`.
    pub year: Option<i16>,
    /// Its tokens.
    pub at: Stretch,
}

/// All of the apparatus.
#[derive(Debug, Default)]
pub struct Apparatus {
    /// Citations in order.
    pub cited: Vec<Cited>,
    /// Back-references in order.
    pub referred: Vec<Referred>,
    /// Every bracket that holds apparatus.
    pub brackets: Vec<Stretch>,
    /// By token: whether a bracket holds it.
    held: Vec<bool>,
}

impl Apparatus {
    /// Whether a token stands in a bracket of sources.
    #[must_use]
    pub fn holds(&self, token: usize) -> bool {
        self.held.get(token).copied().unwrap_or(false)
    }
}

struct Reader<'a> {
    page: &'a Page,
    tokens: &'a Tokens,
    words: &'a Gazetteers,
    dates: &'a [Found],
    names: &'a [crate::gazetteer::Found<Name>],
    title: Option<&'a str>,
}

/// A bracket may be so long, in tokens.
const LONGEST: usize = 140;

/// Reads the apparatus of the page.
#[must_use]
pub fn read(
    page: &Page,
    tokens: &Tokens,
    words: &Gazetteers,
    dates: &[Found],
    names: &[crate::gazetteer::Found<Name>],
    parts: &Parts,
) -> Apparatus {
    let reader = Reader {
        page,
        tokens,
        words,
        dates,
        names,
        title: parts.header.title.as_deref(),
    };
    let mut apparatus = Apparatus::default();
    for bracket in reader.brackets() {
        if parts.is_body(bracket.from) {
            reader.bracket(bracket, &mut apparatus);
        }
    }
    reader.lines(parts, &mut apparatus);
    reader.running(parts, &mut apparatus);
    apparatus
        .cited
        .sort_by_key(|cited| (cited.at.from, cited.at.to));
    apparatus.referred.sort_by_key(|referred| referred.at.from);
    let mut seen = std::collections::BTreeSet::new();
    apparatus
        .referred
        .retain(|own| own.date.is_none_or(|date| seen.insert(date)));
    apparatus.brackets.sort_by_key(|bracket| bracket.from);
    apparatus.held = vec![false; tokens.all.len()];
    for bracket in &apparatus.brackets {
        if let Some(held) = apparatus.held.get_mut(bracket.from..bracket.to) {
            held.fill(true);
        }
    }
    apparatus
}

impl Reader<'_> {
    fn lower(&self, at: usize) -> &str {
        self.tokens.text(&self.page.lower, at)
    }

    fn text(&self, at: Stretch) -> &str {
        let (from, to) = self.tokens.bytes(at);
        self.page.folded.get(from..to).unwrap_or_default()
    }

    /// The outlet's name as spelled, without the marks of quotation around it.
    fn stored(&self, at: Stretch) -> String {
        let (from, to) = self.tokens.bytes(at);
        let words = if self.page.scanned() {
            self.page.folded.get(from..to).unwrap_or_default()
        } else {
            self.page.words(self.page.span(from, to))
        };
        words
            .trim_matches(|piece: char| matches!(piece, '"' | '«' | '»' | '“' | '”' | '„' | ' '))
            .to_owned()
    }

    /// Brackets, innermost for nested ones; an unclosed one ends with its paragraph.
    fn brackets(&self) -> Vec<Stretch> {
        let mut found = Vec::new();
        for paragraph in &self.tokens.paragraphs {
            let mut open: Option<usize> = None;
            for at in paragraph.from..paragraph.to {
                match self.lower(at) {
                    "(" | "[" | "{" => open = Some(at),
                    ")" | "]" | "}" => {
                        if let Some(from) = open.take()
                            && at - from <= LONGEST
                        {
                            found.push(Stretch { from, to: at + 1 });
                        }
                    }
                    _ => {}
                }
            }
            if let Some(from) = open
                && paragraph.to - from <= 40
            {
                found.push(Stretch {
                    from,
                    to: paragraph.to,
                });
            }
        }
        found
    }

    fn dates_in(&self, at: Stretch) -> impl Iterator<Item = (usize, &Found)> {
        let first = self.dates.partition_point(|date| date.from < at.from);
        self.dates
            .iter()
            .enumerate()
            .skip(first)
            .take_while(move |(_, date)| date.from < at.to)
    }

    fn bracket(&self, bracket: Stretch, apparatus: &mut Apparatus) {
        let closed = matches!(self.lower(bracket.to - 1), ")" | "]" | "}");
        let inside = Stretch {
            from: bracket.from + 1,
            to: bracket.to - usize::from(closed),
        };
        if inside.from >= inside.to {
            return;
        }
        let before = (apparatus.cited.len(), apparatus.referred.len());
        let mut back = None;
        if self.dates_only(inside) {
            self.dated_behind(inside, bracket, apparatus);
        } else {
            for group in self.groups(inside) {
                self.group(group, bracket, &mut back, apparatus);
            }
        }
        if before != (apparatus.cited.len(), apparatus.referred.len()) {
            apparatus.brackets.push(bracket);
        }
    }

    /// `Le Soir (13 April)`: the outlet before a bracket that holds its day.
    fn dated_behind(&self, inside: Stretch, bracket: Stretch, apparatus: &mut Apparatus) {
        let Some(last) = bracket.from.checked_sub(1) else {
            return;
        };
        let (_, byte) = self.tokens.bytes(Stretch {
            from: last,
            to: last + 1,
        });
        let first = self.names.partition_point(|name| name.to < byte);
        let Some(name) = self
            .names
            .get(first)
            .filter(|name| name.to == byte && matches!(name.what, Name::Outlet(_)))
        else {
            return;
        };
        let from = self.tokens.at_byte(name.from);
        let outlet = self.stored(Stretch {
            from,
            to: bracket.from,
        });
        for (index, date) in self.dates_in(inside) {
            if matches!(date.expr, Expr::Day { .. }) {
                apparatus.cited.push(Cited {
                    outlets: vec![outlet.clone()],
                    date: Some(index),
                    at: Stretch { from, to: date.to },
                    bracket,
                    running: false,
                });
            }
        }
    }

    /// Groups are parted by semicolons, and by a point or a `see` that begins a back-reference.
    fn groups(&self, inside: Stretch) -> Vec<Stretch> {
        let mut groups = Vec::new();
        let mut from = inside.from;
        for at in inside.from..inside.to {
            let parted = self.lower(at) == ";"
                || (self.lower(at) == "."
                    && self
                        .tokens
                        .all
                        .get(at + 1)
                        .is_some_and(|next| next.capital && next.spaced)
                    && !self.abbreviated(at));
            let sees = at > from && self.sees(at);
            if parted || sees {
                if at > from {
                    groups.push(Stretch { from, to: at });
                }
                from = if parted { at + 1 } else { at };
            }
        }
        if from < inside.to {
            groups.push(Stretch {
                from,
                to: inside.to,
            });
        }
        groups
    }

    fn abbreviated(&self, at: usize) -> bool {
        at > 0 && self.words.abbreviation(self.lower(at - 1))
    }

    fn sees(&self, at: usize) -> bool {
        self.tokens.is(self.words, at, "outlet", "sees") && !self.lower(at + 1).is_empty()
    }

    fn refers(&self, group: Stretch) -> bool {
        (group.from..group.to.min(group.from + 4))
            .any(|at| self.tokens.is(self.words, at, "outlet", "see"))
    }

    fn group(
        &self,
        group: Stretch,
        bracket: Stretch,
        back: &mut Option<(Option<String>, Option<i16>)>,
        apparatus: &mut Apparatus,
    ) {
        let own_title = self.names_title(group);
        let begins = self.refers(group) || (back.is_some() && self.names_serial(group));
        let dates_only = self.dates_only(group);
        if begins || own_title || (back.is_some() && dates_only) {
            let title = self.title_in(group);
            let carried = back.clone().unwrap_or((None, None));
            let year = self.list_year(group).or(carried.1);
            let title = title.or(carried.0);
            self.references(group, title.clone(), year, apparatus);
            *back = Some((title, year));
            return;
        }
        *back = None;
        self.citations(group, bracket, apparatus);
    }

    fn dates_only(&self, group: Stretch) -> bool {
        let mut at = group.from;
        let mut any = false;
        while at < group.to {
            if let Some((_, date)) = self
                .dates_in(Stretch {
                    from: at,
                    to: at + 1,
                })
                .next()
            {
                at = date.to;
                any = true;
            } else if matches!(self.lower(at), "," | "and" | ".") {
                at += 1;
            } else {
                return false;
            }
        }
        any
    }

    /// Whether the group names another serial that we know.
    fn names_serial(&self, group: Stretch) -> bool {
        let (from, to) = self.tokens.bytes(group);
        let text = self.page.lower.get(from..to).unwrap_or_default();
        let head = text.trim_start_matches("the ").trim_start_matches(' ');
        self.words.serials.iter().any(|serial| {
            std::iter::once(&serial.title)
                .chain(&serial.also)
                .any(|title| head.starts_with(&title.to_lowercase()))
        })
    }

    /// Whether the group names the publication itself.
    fn names_title(&self, group: Stretch) -> bool {
        let Some(title) = self.title else {
            return false;
        };
        let title = title.to_lowercase();
        let title = title.strip_prefix("the ").unwrap_or(&title);
        let (from, to) = self.tokens.bytes(group);
        let text = self.page.lower.get(from..to).unwrap_or_default();
        let plural = format!("{title}s");
        let head = text.strip_prefix("the ").unwrap_or(text);
        title.len() > 3
            && (head.starts_with(title) || head.starts_with(&plural))
            && self.dates_in(group).next().is_some()
            && !self.known_outlet_in(group)
    }

    fn known_outlet_in(&self, group: Stretch) -> bool {
        let (from, to) = self.tokens.bytes(group);
        self.names_between(from, to)
            .any(|name| matches!(name.what, Name::Outlet(_)))
    }

    fn names_between(
        &self,
        from: usize,
        to: usize,
    ) -> impl Iterator<Item = &crate::gazetteer::Found<Name>> {
        let first = self.names.partition_point(|name| name.from < from);
        self.names
            .iter()
            .skip(first)
            .take_while(move |name| name.from < to)
    }

    /// A title other than words of reference: capitalised words before the first date.
    fn title_in(&self, group: Stretch) -> Option<String> {
        let first = self
            .dates_in(group)
            .next()
            .map_or(group.to, |(_, date)| date.from);
        let mut words: Vec<&str> = Vec::new();
        for at in group.from..first {
            let token = self.tokens.all[at];
            let refers = self.tokens.is(self.words, at, "outlet", "see");
            let numeral = self.lower(at).len() <= 6
                && self.lower(at).chars().all(|piece| "ivxlc".contains(piece));
            let counts = self.tokens.is(self.words, at, "serial", "issue")
                || self.tokens.is(self.words, at, "serial", "volume");
            if token.shape == Shape::Word
                && token.capital
                && !refers
                && !numeral
                && !counts
                && self.lower(at) != "the"
                && self.lower(at) != "for"
            {
                words.push(self.tokens.text(&self.page.folded, at));
            } else if !words.is_empty()
                && !refers
                && !matches!(
                    token.class,
                    Class::None | Class::Preposition | Class::Article
                )
            {
                break;
            }
        }
        if words.is_empty() {
            return None;
        }
        let title = words.join(" ");
        if let Some(own) = self.title {
            let bare = own.strip_prefix("The ").unwrap_or(own);
            let one = title.strip_suffix('s').unwrap_or(&title);
            let (small, short) = (bare.to_lowercase(), one.to_lowercase());
            let part = small
                .strip_suffix(&short)
                .is_some_and(|head| head.is_empty() || head.ends_with(' '))
                || small
                    .strip_prefix(&short)
                    .is_some_and(|tail| tail.is_empty() || tail.starts_with(' '));
            if bare.eq_ignore_ascii_case(&title) || part {
                return Some(own.to_owned());
            }
        }
        Some(title)
    }

    /// `from 1997:` and `of 1997`: a year that holds for the list behind it.
    fn list_year(&self, group: Stretch) -> Option<i16> {
        self.dates_in(group).find_map(|(_, date)| match date.expr {
            Expr::Year { from, to, .. } if from == to => Some(from),
            _ => None,
        })
    }

    fn references(
        &self,
        group: Stretch,
        title: Option<String>,
        year: Option<i16>,
        apparatus: &mut Apparatus,
    ) {
        let dates: Vec<(usize, Found)> = self
            .dates_in(group)
            .filter(|(_, date)| {
                matches!(
                    date.expr,
                    Expr::Day { .. } | Expr::Offset(_) | Expr::Weekday { .. }
                )
            })
            .map(|(index, date)| (index, *date))
            .collect();
        let alone = dates.len() == 1;
        if dates.is_empty() {
            let (volume, issue) = self.number_before(group.from, group.to);
            let counted =
                (group.from..group.to).any(|at| self.tokens.is(self.words, at, "serial", "issue"));
            let plain = (group.from..group.to).all(|at| {
                !matches!(
                    self.tokens.all[at].class,
                    Class::Verb(..) | Class::Be | Class::Modal
                )
            });
            if issue.is_some() && counted && plain {
                apparatus.referred.push(Referred {
                    title,
                    date: None,
                    number: (volume, issue),
                    year,
                    at: group,
                });
            }
            return;
        }
        let from = (group.from..group.to)
            .find(|at| self.sees(*at))
            .unwrap_or(group.from);
        for (index, date) in dates {
            let behind = date.to.max(date.from + 1);
            let at = if alone && from < date.from {
                Stretch { from, to: behind }
            } else {
                Stretch {
                    from: date.from,
                    to: behind,
                }
            };
            apparatus.referred.push(Referred {
                title: title.clone(),
                date: Some(index),
                number: self.number_before(group.from, date.from),
                year,
                at,
            });
        }
    }

    /// Volume and issue printed before a date: `no. 11 (24 August)`, `IX, 6 (10 February)`, `Weekly 209, 6 Oct`.
    fn number_before(&self, from: usize, date: usize) -> (Option<u32>, Option<u32>) {
        let (mut volume, mut issue) = (None, None);
        let low = date.saturating_sub(8).max(from);
        for at in low..date {
            if matches!(self.lower(at), ";" | ")") {
                (volume, issue) = (None, None);
                continue;
            }
            let text = self.lower(at);
            let roman = crate::segment::roman(self.tokens.text(&self.page.folded, at));
            let value = text
                .parse::<u32>()
                .ok()
                .filter(|value| *value < 1900)
                .or(roman);
            let Some(value) = value else { continue };
            let before = at.checked_sub(1).map_or("", |before| {
                let point = usize::from(self.lower(before) == "." && before > 0);
                self.lower(before - point)
            });
            if self.words.is("serial", "volume", before) || roman.is_some() {
                volume = Some(value);
            } else {
                issue = Some(value);
            }
        }
        (volume, issue)
    }

    /// `AP, Russian agencies, January 16`; more than one day makes more than one citation.
    fn citations(&self, group: Stretch, bracket: Stretch, apparatus: &mut Apparatus) {
        let mut from = group.from;
        let mut outlets: Vec<String> = Vec::new();
        let mut last: Vec<String> = Vec::new();
        let mut first = group.from;
        // `(source: WAM, 10 March)`: the label is none of the outlets.
        let label = matches!(
            self.lower(from),
            "source" | "sources" | "via" | "quoting" | "citing" | "источник" | "источники"
        );
        if label && from + 1 < group.to {
            from += 1 + usize::from(self.lower(from + 1) == ":");
            first = from;
        }
        // `(more: Houston Ledger, Sept. 9)`: so is any small word before a colon.
        if !label
            && !self.tokens.all[from].capital
            && self.tokens.all[from].shape == Shape::Word
            && from + 2 < group.to
            && self.lower(from + 1) == ":"
        {
            from += 2;
            first = from;
        }
        while from < group.to {
            if let Some((index, date)) = self.dates_in(Stretch { from, to: from + 1 }).next() {
                let dated = matches!(
                    date.expr,
                    Expr::Day { .. } | Expr::Weekday { .. } | Expr::Month { year: Some(_), .. }
                );
                if dated {
                    let names = if outlets.is_empty() {
                        last.clone()
                    } else {
                        std::mem::take(&mut outlets)
                    };
                    if !names.is_empty() {
                        let whole = Stretch {
                            from: first,
                            to: date.to,
                        };
                        last.clone_from(&names);
                        apparatus.cited.push(Cited {
                            outlets: names,
                            date: Some(index),
                            at: whole,
                            bracket,
                            running: false,
                        });
                    }
                } else if !matches!(date.expr, Expr::Year { .. }) {
                    return;
                }
                from = date.to.max(from + 1);
                first = from;
                continue;
            }
            if matches!(self.lower(from), "," | "and" | "/" | "&" | "." | ":") {
                from += 1;
                if outlets.is_empty() {
                    first = from;
                }
                continue;
            }
            let Some(to) = self.outlet(from, group.to) else {
                // `Radio X, Sarajevo, in Serbo-Croat 1400 gmt 14 Sep`: behind a known outlet, its tongue and hour.
                let press = |at: usize| {
                    self.tokens.is(self.words, at, "outlet", "tail")
                        || self.tokens.is(self.words, at, "outlet", "press")
                };
                let known = !outlets.is_empty()
                    && (self.known_outlet_in(Stretch {
                        from: first,
                        to: from,
                    }) || (first..from).any(press));
                if known && self.tokens.is(self.words, from, "outlet", "broadcast") {
                    outlets.truncate(1);
                    from = self
                        .dates_in(Stretch { from, to: group.to })
                        .next()
                        .map_or(group.to, |(_, date)| date.from);
                    continue;
                }
                return;
            };
            outlets.push(self.stored(Stretch { from, to }));
            from = to;
        }
    }

    /// The token behind the outlet that begins here: a known one, or capitalised words up to the next comma or date.
    fn outlet(&self, from: usize, end: usize) -> Option<usize> {
        let (byte, _) = self.tokens.bytes(Stretch { from, to: from + 1 });
        let known = self
            .names_between(byte, byte + 1)
            .find(|name| matches!(name.what, Name::Outlet(_)))
            .map(|name| self.tokens.at_byte(name.to.saturating_sub(1)) + 1);
        let mut to = known.unwrap_or(from);
        while to < end {
            let token = self.tokens.all[to];
            let dated = self
                .dates_in(Stretch {
                    from: to,
                    to: to + 1,
                })
                .next()
                .is_some();
            if dated
                || matches!(self.lower(to), "," | ";" | "/" | ":")
                || (to > from && self.lower(to) == "and")
            {
                break;
            }
            let word = self.lower(to);
            // `The Frontier Times` is a name, `the file` is none.
            let named = word == "the"
                && token.capital
                && self.tokens.all.get(to + 1).is_some_and(|next| next.capital);
            if to == from && !named && self.words.is("outlet", "not", word) {
                return None;
            }
            let fits = token.capital
                || token.shape == Shape::Mark
                || token.shape == Shape::Number
                || matches!(
                    token.class,
                    Class::Preposition | Class::Article | Class::None | Class::Noun(_)
                );
            if !fits || to - from > 8 {
                return None;
            }
            to += 1;
        }
        let capital = (from..to).any(|at| self.tokens.all[at].capital);
        let small: usize = (from..to)
            .filter(|at| !self.tokens.all[*at].capital && self.tokens.all[*at].shape == Shape::Word)
            .count();
        let press = (from..to).any(|at| {
            self.tokens.is(self.words, at, "outlet", "press")
                || self.tokens.is(self.words, at, "outlet", "tail")
        });
        let plausible = known.is_some() || (capital && small <= 3) || press;
        (to > from && plausible).then_some(to)
    }

    /// Lines of sources without a bracket: `Source: Interfax, 12 March 1999`, `See the Monitor, March 16.`
    fn lines(&self, parts: &Parts, apparatus: &mut Apparatus) {
        for paragraph in &self.tokens.paragraphs {
            if !parts.is_body(paragraph.from) && parts.kind_at(paragraph.from) != "header" {
                continue;
            }
            let length = paragraph.to - paragraph.from;
            let word = self.lower(paragraph.from);
            let colon = (paragraph.from + 1..(paragraph.from + 4).min(paragraph.to))
                .find(|at| self.lower(*at) == ":");
            let refers = self.words.is("outlet", "see", word) || self.sees(paragraph.from);
            let sources = matches!(word, "source" | "sources" | "источник" | "источники") || refers;
            let labelled = sources && colon.is_some() && length < LONGEST;
            let dashed =
                matches!(word, "—" | "-") && length < 16 && self.known_outlet_in(*paragraph);
            if labelled || dashed {
                let from = match colon {
                    Some(colon) if labelled => colon + 1,
                    _ => paragraph.from + 1,
                };
                let mut to = paragraph.to;
                while to > from && self.lower(to - 1) == "." {
                    to -= 1;
                }
                let inside = Stretch { from, to };
                let mut back = (labelled && refers).then_some((None, None));
                let before = (apparatus.cited.len(), apparatus.referred.len());
                for group in self.groups(inside) {
                    if back.is_some() && !self.known_outlet_in(group) {
                        let title = self.title_in(group);
                        self.references(group, title, self.list_year(group), apparatus);
                    } else {
                        self.group(group, *paragraph, &mut back, apparatus);
                    }
                }
                if before != (apparatus.cited.len(), apparatus.referred.len()) {
                    apparatus.brackets.push(*paragraph);
                }
            }
        }
        self.sentences_that_see(parts, apparatus);
        self.bare_citations(parts, apparatus);
        self.own_issues(parts, apparatus);
    }

    /// Sentences that are nothing but sources: footnotes (`[1] AP, May 5.`) and entries of chronologies.
    fn bare_citations(&self, parts: &Parts, apparatus: &mut Apparatus) {
        let mut found = Apparatus::default();
        for sentence in &self.tokens.sentences {
            let mut from = sentence.at.from;
            if sentence.at.to - from > 30 || !parts.is_body(from) {
                continue;
            }
            let number = |at: usize| {
                self.tokens.all.get(at).is_some_and(|token| {
                    token.shape == Shape::Number && token.end - token.start <= 3
                })
            };
            let mut marked = match (self.lower(from), self.lower(from + 2)) {
                ("[" | "(", "]" | ")") => 3,
                _ if number(from) && self.lower(from + 1) == "." => 2,
                _ if number(from) => 1,
                _ => 0,
            };
            // `1.` may have been taken for a sentence of its own.
            let opens_line = self.tokens.paragraphs[sentence.paragraph].from + 2 == from;
            if marked == 0 && opens_line && self.lower(from - 1) == "." && number(from - 2) {
                marked = 1;
            } else {
                from += marked;
            }
            if from >= sentence.at.to {
                continue;
            }
            let mut to = sentence.at.to;
            while to > from && self.lower(to - 1) == "." {
                to -= 1;
            }
            let inside = Stretch { from, to };
            let starts = self.outlet_at(from).is_some() || marked > 0;
            let speaks = (from..to).any(|at| {
                !self.tokens.all[at].capital
                    && !self.sees(at)
                    && matches!(
                        self.tokens.all[at].class,
                        Class::Verb(..) | Class::Be | Class::Have | Class::Modal | Class::That
                    )
            });
            if !starts || speaks || self.covered(apparatus, from) || from >= to {
                continue;
            }
            let before = (found.cited.len(), found.referred.len());
            let mut back = None;
            for group in self.groups(inside) {
                self.group(group, sentence.at, &mut back, &mut found);
            }
            let whole = found.cited.last().is_some_and(|own| own.at.to + 2 >= to)
                || found.referred.len() > before.1;
            if whole && before != (found.cited.len(), found.referred.len()) {
                found.brackets.push(sentence.at);
            } else {
                found.cited.truncate(before.0);
                found.referred.truncate(before.1);
            }
        }
        apparatus.cited.extend(found.cited);
        apparatus.referred.extend(found.referred);
        apparatus.brackets.extend(found.brackets);
    }

    /// The token behind the known outlet that begins here.
    fn outlet_at(&self, at: usize) -> Option<usize> {
        let (byte, _) = self.tokens.bytes(Stretch {
            from: at,
            to: at + 1,
        });
        self.names_between(byte, byte + 1)
            .find(|name| matches!(name.what, Name::Outlet(_)))
            .map(|name| self.tokens.at_byte(name.to.saturating_sub(1)) + 1)
    }

    /// `yesterday's Monitor`, `the Monitor of March 16`, `our issue of 3 June`, in running text.
    fn own_issues(&self, parts: &Parts, apparatus: &mut Apparatus) {
        let Some(title) = self.title else { return };
        let lower = title.to_lowercase();
        let last = lower.rsplit(' ').next().unwrap_or(&lower);
        if last.len() < 4 {
            return;
        }
        let mut found = Vec::new();
        for at in 0..self.tokens.all.len() {
            let token = self.tokens.all[at];
            let length = (token.end - token.start) as usize;
            if length != 5 && length != 6 && length != last.len() && length != last.len() + 1 {
                continue;
            }
            let word = self.lower(at);
            let named = token.capital && (word == last || word.strip_suffix('s') == Some(last));
            let ours = matches!(word, "issue" | "issues") && at > 0 && self.lower(at - 1) == "our";
            if !(named || ours) || !parts.is_body(at) || self.covered(apparatus, at) {
                continue;
            }
            // `Circular 9/2021 of 2 March 2021`: the number stands between.
            let numbered = self.tokens.all.get(at + 1).is_some_and(|next| {
                next.shape == Shape::Number || matches!(self.lower(at + 1), "no" | "nos")
            }) && self
                .dates_in(Stretch {
                    from: at + 1,
                    to: at + 2,
                })
                .next()
                .is_none();
            let skips = |place: usize| {
                matches!(self.lower(place), "of" | "for" | "," | "on" | "'s")
                    || (numbered
                        && (matches!(self.lower(place), "/" | "no" | "." | "(")
                            || (self
                                .tokens
                                .all
                                .get(place)
                                .is_some_and(|own| own.shape == Shape::Number)
                                && self
                                    .dates_in(Stretch {
                                        from: place,
                                        to: place + 1,
                                    })
                                    .next()
                                    .is_none())))
            };
            let behind = (at + 1..at + 4 + 5 * usize::from(numbered)).find(|place| !skips(*place));
            let after = behind.and_then(|place| {
                self.dates_in(Stretch {
                    from: place,
                    to: place + 1,
                })
                .next()
            });
            let low = at.saturating_sub(6);
            let before = self
                .dates_in(Stretch { from: low, to: at })
                .filter(|(_, date)| {
                    date.to == at || (date.to + 1 == at && self.lower(date.to) == "'s")
                })
                .last();
            let Some((index, date)) = after.or(before) else {
                continue;
            };
            let day = matches!(
                date.expr,
                Expr::Day { .. } | Expr::Offset(_) | Expr::Weekday { .. }
            );
            if day {
                found.push(Referred {
                    title: Some(title.to_owned()),
                    date: Some(index),
                    number: (None, None),
                    year: None,
                    at: Stretch {
                        from: at.min(date.from),
                        to: date.to.max(at + 1),
                    },
                });
            }
        }
        for own in found {
            if !apparatus
                .referred
                .iter()
                .any(|other| other.date == own.date)
            {
                apparatus.referred.push(own);
            }
        }
    }

    /// `See the Bulletin, 3 June.` and `(...) see also our issue of 3 June` as sentences.
    fn sentences_that_see(&self, parts: &Parts, apparatus: &mut Apparatus) {
        for sentence in &self.tokens.sentences {
            let at = sentence.at;
            if at.to - at.from > 70 || !parts.is_body(at.from) || self.covered(apparatus, at.from) {
                continue;
            }
            let opens = self.sees(at.from)
                || (matches!(self.lower(at.from), "for" | "on")
                    && (at.from..at.to.min(at.from + 8)).any(|place| self.sees(place)))
                || (self.tokens.is(self.words, at.from, "outlet", "see")
                    && (at.from..at.to.min(at.from + 4)).any(|place| self.lower(place) == ":"));
            if !opens {
                continue;
            }
            if self.text(at).contains('(') {
                let title = self.title_in(at);
                self.references(at, title, self.list_year(at), apparatus);
                continue;
            }
            let mut back = Some((None, None));
            for group in self.groups(at) {
                if self.refers(group) || self.dates_only(group) || self.names_serial(group) {
                    self.group(group, at, &mut back, apparatus);
                } else {
                    let title = self.title_in(group);
                    let year = self.list_year(group);
                    self.references(group, title.clone(), year, apparatus);
                    back = Some((title, year));
                }
            }
        }
    }

    fn covered(&self, apparatus: &Apparatus, token: usize) -> bool {
        apparatus
            .brackets
            .iter()
            .rev()
            .take(64)
            .any(|bracket| bracket.from <= token && token < bracket.to)
    }

    /// `Kommersant daily reported on March 15`, `a March 15 report by Interfax`, `told Reuters on May 4`.
    fn running(&self, parts: &Parts, apparatus: &mut Apparatus) {
        let mut found = Vec::new();
        let mut brackets = apparatus.brackets.clone();
        brackets.sort_by_key(|bracket| bracket.from);
        for name in self.names {
            let Name::Outlet(_) = name.what else {
                continue;
            };
            let from = self.tokens.at_byte(name.from);
            let mut to = self.tokens.at_byte(name.to.saturating_sub(1)) + 1;
            let inside = brackets
                .get(brackets.partition_point(|bracket| bracket.to <= from))
                .is_some_and(|bracket| bracket.from <= from);
            let bracketed = self.lower(from.saturating_sub(1)) == "(" && self.lower(to) == ")";
            if inside || bracketed || !parts.is_body(from) {
                continue;
            }
            if self.tokens.is(self.words, to, "outlet", "tail") {
                to += 1;
            }
            let Some(sentence) = self.tokens.sentence_of(from) else {
                continue;
            };
            let sentence = self.tokens.sentences[sentence].at;
            let Some((date, span)) = self.report_date(from, to, sentence) else {
                continue;
            };
            found.push(Cited {
                outlets: vec![self.stored(Stretch { from, to })],
                date: Some(date),
                at: span,
                bracket: span,
                running: true,
            });
        }
        apparatus.cited.extend(found);
    }

    /// The date that goes with a report by the outlet: near it, with a verb or noun of report between or beside.
    fn report_date(&self, from: usize, to: usize, sentence: Stretch) -> Option<(usize, Stretch)> {
        let reach = Stretch {
            from: from.saturating_sub(6).max(sentence.from),
            to: (to + 8).min(sentence.to),
        };
        let verb = (reach.from..reach.to).find(|at| match self.tokens.all[*at].class {
            Class::Verb(index, _) => self
                .words
                .verbs
                .get(usize::from(index))
                .is_some_and(|verb| {
                    matches!(
                        verb.lemma.as_str(),
                        "report"
                            | "write"
                            | "quote"
                            | "say"
                            | "reveal"
                            | "tell"
                            | "cite"
                            | "disclose"
                            | "publish"
                            | "claim"
                    )
                }),
            _ => matches!(
                self.lower(*at),
                "report" | "according" | "interview" | "dispatch"
            ),
        })?;
        let date = self
            .dates_in(reach)
            .filter(|(_, date)| matches!(date.expr, Expr::Day { .. }))
            .min_by_key(|(_, date)| {
                if date.from >= to {
                    date.from - to
                } else {
                    (from + 1).saturating_sub(date.to) + 2
                }
            })?;
        let (index, found) = date;
        // The date must belong to the report, not to what is reported: next to verb or outlet.
        let near_verb = found.from.abs_diff(verb) <= 3
            || found.from.abs_diff(to) <= 2
            || from.abs_diff(found.to) <= 2;
        near_verb.then(|| {
            (
                index,
                Stretch {
                    from: from.min(found.from),
                    to: to.max(found.to),
                },
            )
        })
    }
}
