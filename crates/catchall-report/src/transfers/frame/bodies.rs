//! Which body a noun takes up, or is named for later: `the ministry`, `a Harbourtown firm`.

use super::{Clause, FAR};
use crate::tokens::Stretch;
use crate::transfers::ends::party_name;

impl Clause<'_, '_> {
    /// `the administration`, `the ministry`: the body of that noun named last, in this paragraph or the one before.
    pub(super) fn body_before(&self, noun: usize) -> Option<String> {
        let (tokens, parties) = (&self.ground.work.tokens, &self.ground.parties);
        let paragraph = tokens.paragraph_of(noun);
        let start = tokens.paragraphs.get(paragraph.saturating_sub(1))?.from;
        let word = self.word(noun);
        let told = parties.within(Stretch {
            from: start.max(noun.saturating_sub(FAR)),
            to: noun,
        });
        told.filter(|own| self.word(own.at.to.saturating_sub(1)) == word)
            .last()
            .map(|own| own.entity)
            .or_else(|| {
                parties
                    .administration()
                    .filter(|_| word == "administration")
            })
            .map(|entity| party_name(self.ground, entity))
    }

    /// The only firm that is named for the first time in the two sentences behind this one.
    pub(super) fn firm_after(&self, noun: usize) -> Option<String> {
        let (tokens, parties) = (&self.ground.work.tokens, &self.ground.parties);
        let sentence = tokens.sentence_of(noun)?;
        let last = tokens
            .sentences
            .get((sentence + 2).min(tokens.sentences.len() - 1))?;
        let from = tokens.sentences[sentence].at.to;
        let near = Stretch {
            from,
            to: last.at.to.min(from + 120),
        };
        let mut firms = parties.within(near).filter(|own| {
            matches!(parties.entities[own.entity].kind, "company" | "institute")
                && parties
                    .first(own.entity)
                    .is_some_and(|first| first.at.from == own.at.from)
        });
        let firm = firms.next()?;
        firms
            .next()
            .is_none()
            .then(|| party_name(self.ground, firm.entity))
    }
}
