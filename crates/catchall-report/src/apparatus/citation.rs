//! Citations in brackets, notes and source lines: outlets with their day.

use super::{Apparatus, Cited, LONGEST, Reader};
use crate::dates::Expr;
use crate::gazetteer::Name;
use crate::gazetteer::words::Class;
use crate::segment::Parts;
use crate::tokens::{Shape, Stretch};

impl Reader<'_> {
    /// `AP, Russian agencies, January 16`; more than one day makes more than one citation.
    pub(super) fn citations(&self, group: Stretch, bracket: Stretch, apparatus: &mut Apparatus) {
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
        if let Some(behind) = self.text_label(group) {
            from = behind;
            first = behind;
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
            if matches!(
                self.lower(from),
                "," | "and" | "/" | "&" | "." | ":" | "on" | "of"
            ) {
                from += 1;
                if outlets.is_empty() {
                    first = from;
                }
                continue;
            }
            // `ITAR-TASS, 0830 gmt, 3 May`.
            if self.tokens.all[from].shape == Shape::Number
                && matches!(self.lower(from + 1), "gmt" | "utc" | "est" | "msk")
            {
                from += 2;
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

    /// `[3] Text of report in English by Radio X`: the token behind what says what kind of text it is.
    fn text_label(&self, group: Stretch) -> Option<usize> {
        let mut from = group.from;
        if matches!(self.lower(from), "[" | "(")
            && self.tokens.all.get(from + 1)?.shape == Shape::Number
            && matches!(self.lower(from + 2), "]" | ")")
        {
            from += 3;
        }
        let text = matches!(
            self.lower(from),
            "text" | "excerpts" | "excerpt" | "summary" | "report" | "article" | "interview"
        );
        if !text {
            return (from > group.from).then_some(from);
        }
        (from + 1..group.to.min(from + 10))
            .find(|at| self.lower(*at) == "by")
            .map(|at| at + 1)
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
            let day_behind = matches!(self.lower(to), "on" | "of")
                && self
                    .dates_in(Stretch {
                        from: to + 1,
                        to: to + 2,
                    })
                    .next()
                    .is_some();
            if dated
                || (to > from && day_behind)
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
            if to == from && !named && self.tokens.is(self.words, to, "outlet", "not") {
                return None;
            }
            let fits = token.capital
                || self.tokens.is(self.words, to, "outlet", "particles")
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
    pub(super) fn lines(&self, parts: &Parts, apparatus: &mut Apparatus) {
        for paragraph in &self.tokens.paragraphs {
            if !parts.is_body(paragraph.from) && parts.kind_at(paragraph.from) != "header" {
                continue;
            }
            let length = paragraph.to - paragraph.from;
            let word = self.lower(paragraph.from);
            let colon = (paragraph.from + 1..(paragraph.from + 4).min(paragraph.to))
                .find(|at| self.lower(*at) == ":");
            let refers = self.tokens.is(self.words, paragraph.from, "outlet", "see")
                || self.sees(paragraph.from);
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
        self.closing_dashes(parts, apparatus);
        self.sentences_that_see(parts, apparatus);
        self.bare_citations(parts, apparatus);
        self.own_issues(parts, apparatus);
        self.source_lines(parts, apparatus);
    }

    /// `... the firm denied it. -- Interfax, May 3`: the source behind a dash at the end of a paragraph.
    fn closing_dashes(&self, parts: &Parts, apparatus: &mut Apparatus) {
        for paragraph in &self.tokens.paragraphs {
            let mut to = paragraph.to;
            while to > paragraph.from && self.lower(to - 1) == "." {
                to -= 1;
            }
            let low = to.saturating_sub(14).max(paragraph.from + 1);
            let dash = (low..to).rev().find(|at| self.lower(*at) == "—");
            let Some(dash) = dash.filter(|at| parts.is_body(*at)) else {
                continue;
            };
            let inside = Stretch { from: dash + 1, to };
            let ends = self
                .dates_in(inside)
                .last()
                .is_some_and(|(_, date)| date.to + 1 >= to);
            if !ends || self.outlet_at(dash + 1).is_none() || self.covered(apparatus, dash + 1) {
                continue;
            }
            let bracket = Stretch {
                from: dash,
                to: paragraph.to,
            };
            let before = apparatus.cited.len();
            let mut back = None;
            for group in self.groups(inside) {
                self.group(group, bracket, &mut back, apparatus);
            }
            if apparatus.cited.len() > before {
                apparatus.brackets.push(bracket);
            }
        }
    }

    /// `Moscow INTERFAX in English 1058 GMT 3 Mar 93`: the line above a monitored text.
    fn source_lines(&self, parts: &Parts, apparatus: &mut Apparatus) {
        let mut found = Vec::new();
        let read: std::collections::BTreeSet<usize> =
            apparatus.cited.iter().filter_map(|own| own.date).collect();
        for line in &self.tokens.paragraphs {
            if line.to - line.from > 24 || parts.kind_at(line.from) == "boilerplate" {
                continue;
            }
            let tongue = (line.from + 1..line.to).find(|at| {
                self.lower(*at) == "in" && self.tokens.is(self.words, at + 1, "outlet", "tongues")
            });
            let hour = |at: usize| matches!(self.lower(at), "gmt" | "utc");
            let Some(tongue) = tongue.filter(|at| (*at..line.to).any(hour)) else {
                continue;
            };
            let date = self
                .dates_in(Stretch {
                    from: tongue,
                    to: line.to,
                })
                .find(|(_, date)| matches!(date.expr, Expr::Day { .. }));
            let Some((index, date)) = date else { continue };
            if read.contains(&index) || self.covered(apparatus, tongue) {
                continue;
            }
            let mut from = line.from;
            // The number of the report, and the town it was sent from.
            let coded = |at: usize| {
                self.lower(at).bytes().any(|byte| byte.is_ascii_digit())
                    || self.lower(at + 1).bytes().all(|byte| byte.is_ascii_digit())
            };
            while from + 1 < tongue && coded(from) {
                from += 1;
            }
            if from + 1 < tongue && self.town(from) {
                from += 1;
            }
            found.push((from, tongue, index, date.to, *line));
        }
        for (from, to, index, end, line) in found {
            apparatus.cited.push(Cited {
                outlets: vec![self.stored(Stretch { from, to })],
                date: Some(index),
                at: Stretch { from, to: end },
                bracket: line,
                running: false,
            });
            apparatus.brackets.push(line);
        }
    }

    /// Whether one word is a town that a list knows.
    fn town(&self, at: usize) -> bool {
        let (from, to) = self.tokens.bytes(Stretch {
            from: at,
            to: at + 1,
        });
        self.names_between(from, to).any(|name| {
            name.from == from && name.to == to && matches!(name.what, Name::City(_) | Name::Seat(_))
        })
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
}
