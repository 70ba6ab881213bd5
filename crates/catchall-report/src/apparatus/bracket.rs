//! Brackets: where they stand, their groups, and whether a group is of sources, of references or of neither.

use super::{Apparatus, Cited, LONGEST, Reader};
use crate::dates::Expr;
use crate::gazetteer::Name;
use crate::tokens::{Shape, Stretch};

impl Reader<'_> {
    /// Brackets, innermost for nested ones; an unclosed one ends with its paragraph.
    pub(super) fn brackets(&self) -> Vec<Stretch> {
        let mut found = Vec::new();
        for paragraph in &self.tokens.paragraphs {
            let mut open: Option<usize> = None;
            // `([3] Radio X, 5 May)`: a number in brackets of its own does not hide the bracket around it.
            let mut around: Option<usize> = None;
            for at in paragraph.from..paragraph.to {
                match self.tokens.mark(at) {
                    b'(' | b'[' | b'{' => {
                        around = open;
                        open = Some(at);
                    }
                    b')' | b']' | b'}' => {
                        if let Some(from) = open.take() {
                            if at - from <= LONGEST {
                                found.push(Stretch { from, to: at + 1 });
                            }
                            if at - from <= 3 {
                                open = around.take();
                            }
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

    pub(super) fn bracket(&self, bracket: Stretch, apparatus: &mut Apparatus) {
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
        let known = self
            .names
            .get(first)
            .filter(|name| name.to == byte && matches!(name.what, Name::Outlet(_)))
            .map(|name| self.tokens.at_byte(name.from));
        let Some(from) = known.or_else(|| self.paper_before(bracket.from)) else {
            return;
        };
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

    /// Where the name of a paper that no list knows begins, which ends right here: it says that it is one, or the words before do.
    fn paper_before(&self, end: usize) -> Option<usize> {
        let mut from = end;
        while from > 0 && end - from < 6 {
            let token = self.tokens.all[from - 1];
            let small = self.tokens.is(self.words, from - 1, "outlet", "particles");
            if token.shape != Shape::Word || !(token.capital || small) {
                break;
            }
            from -= 1;
        }
        while from < end && !self.tokens.all[from].capital {
            from += 1;
        }
        let named = (from..end).any(|at| {
            self.tokens.is(self.words, at, "outlet", "papers")
                || self.tokens.is(self.words, at, "outlet", "tail")
        });
        let called = from > 0
            && (self.lower(from - 1) == "told"
                || self.tokens.is(self.words, from - 1, "outlet", "press"));
        (from < end && (called || (named && end - from > 1))).then_some(from)
    }

    /// Groups are parted by semicolons, and by a point or a `see` that begins a back-reference.
    pub(super) fn groups(&self, inside: Stretch) -> Vec<Stretch> {
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
        at > 0 && self.tokens.is(self.words, at - 1, "cue", "abbreviation")
    }

    pub(super) fn group(
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

    pub(super) fn dates_only(&self, group: Stretch) -> bool {
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

    pub(super) fn names_between(
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

    pub(super) fn known_outlet_in(&self, group: Stretch) -> bool {
        let (from, to) = self.tokens.bytes(group);
        self.names_between(from, to)
            .any(|name| matches!(name.what, Name::Outlet(_)))
    }
}
