//! Headlines and bylines.

use super::{Part, Reader};
use crate::tokens::{Shape, Stretch};

impl Reader<'_> {
    /// A short paragraph that is no sentence: capitals throughout, or no point at its end and most words with a capital.
    pub(super) fn headline(&self, at: Stretch) -> bool {
        let text = self.text(at);
        let letters = text.chars().filter(|piece| piece.is_alphabetic()).count();
        let capitals = text.chars().filter(|piece| piece.is_uppercase()).count();
        if letters == 0 {
            return false;
        }
        if capitals * 10 > letters * 8 {
            return true;
        }
        let long: Vec<usize> = (at.from..at.to)
            .filter(|place| {
                self.tokens.all[*place].shape == Shape::Word && self.lower(*place).len() > 3
            })
            .collect();
        let titled = long
            .iter()
            .filter(|place| self.tokens.all[**place].capital)
            .count();
        let last = self.lower(at.to - 1);
        let open = !matches!(last, "." | "!" | ")" | "]" | "\"" | ":" | ";" | ",");
        let bracketed = (at.from..at.to).any(|place| matches!(self.lower(place), "(" | "["));
        let mostly = titled * 10 >= long.len() * 8 && long.len() >= 3;
        (mostly && !bracketed) || (open && at.to - at.from <= 16 && !bracketed && last != "?")
    }

    /// `By Ann Author`, `From B. WRITER in Ruritania`: who wrote it, and no headline.
    pub(super) fn byline(&self, at: Stretch) -> bool {
        at.to - at.from <= 9
            && matches!(self.lower(at.from), "by" | "from")
            && self.tokens.all.get(at.from + 1).is_some_and(|next| {
                next.capital && next.shape == Shape::Word && at.from + 1 < at.to
            })
            && self.dates_in(at).next().is_none()
    }

    /// A heading glued to the end of the last body paragraph, such as `... March 17).NEW HEADLINE`.
    pub(super) fn split_tail(&self, all: &mut Vec<Part>) {
        let Some(index) = all.iter().rposition(|part| part.kind == "body") else {
            return;
        };
        let at = all[index].at;
        let cut = (at.from + 8..at.to.saturating_sub(2))
            .rev()
            .take(40)
            .find(|place| {
                matches!(self.lower(*place), "." | ")" | "?" | "!" | "\"")
                    && !self.tokens.all[place + 1].spaced
                    && self.tokens.all[place + 1].capital
                    && self.tokens.all[place + 1].shape == Shape::Word
                    && self.headline(Stretch {
                        from: place + 1,
                        to: at.to,
                    })
            });
        if let Some(cut) = cut {
            all[index].at.to = cut + 1;
            all.insert(
                index + 1,
                Part {
                    kind: "next_headline",
                    at: Stretch {
                        from: cut + 1,
                        to: at.to,
                    },
                },
            );
        }
    }
}
