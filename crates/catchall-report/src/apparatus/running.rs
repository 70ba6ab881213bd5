//! Sources in running text: a known outlet with the day of its report.

use super::{Apparatus, Cited, Reader};
use crate::dates::Expr;
use crate::gazetteer::Name;
use crate::gazetteer::words::Class;
use crate::segment::Parts;
use crate::tokens::Stretch;

impl Reader<'_> {
    /// The token behind the known outlet that begins here.
    pub(super) fn outlet_at(&self, at: usize) -> Option<usize> {
        let (byte, _) = self.tokens.bytes(Stretch {
            from: at,
            to: at + 1,
        });
        self.names_between(byte, byte + 1)
            .find(|name| matches!(name.what, Name::Outlet(_)))
            .map(|name| self.tokens.at_byte(name.to.saturating_sub(1)) + 1)
    }

    pub(super) fn covered(&self, apparatus: &Apparatus, token: usize) -> bool {
        apparatus
            .brackets
            .iter()
            .rev()
            .take(64)
            .any(|bracket| bracket.from <= token && token < bracket.to)
    }

    /// `Kommersant daily reported on March 15`, `a March 15 report by Interfax`, `told Reuters on May 4`.
    pub(super) fn running(&self, parts: &Parts, apparatus: &mut Apparatus) {
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
        // A bracket that holds the day has told it already.
        let told: std::collections::BTreeSet<usize> =
            apparatus.cited.iter().filter_map(|own| own.date).collect();
        found.retain(|own: &Cited| own.date.is_none_or(|date| !told.contains(&date)));
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
                "report" | "according" | "interview" | "dispatch" | "edition" | "issue"
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
