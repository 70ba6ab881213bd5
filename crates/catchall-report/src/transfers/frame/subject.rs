//! Who does what a verb tells: its subject behind auxiliaries, infinitives, asides and days, and the party of a noun phrase.
//!
//! To grow: a verb that governs another is a row in `data/reports/cues.toml`, a form of clause an arm of [`Clause::subject`].

use super::Clause;
use crate::gazetteer::words::{Class, Form};
use crate::tokens::{Shape, Stretch};
use crate::transfers::ends::{apposed, firm_meant, included, party_name, side_of};
use crate::transfers::lists::listed_place;
use crate::transfers::loose::firm_before;
use crate::undertakings::state_name;

/// How many verbs may govern one another before it is no clause any more.
const DEPTH: usize = 5;

impl Clause<'_, '_> {
    /// The side of who spoke before a token.
    pub(super) fn side(&self, at: usize) -> Option<String> {
        let own = self.own.filter(|own| own.cue < at)?;
        firm_meant(self.ground, own, at).or_else(|| side_of(self.ground, own))
    }

    /// Whether the word is a verb, as far as its form and the lists tell.
    pub(super) fn verbal(&self, at: usize) -> bool {
        let noun = at > self.sentence.from && self.class(at - 1) == Class::Article;
        if noun || self.ground.parties.at(at).is_some() || self.ground.parties.demonym(at).is_some()
        {
            return false;
        }
        let listed = self.is(at, "grammar", "catenative") || self.is(at, "grammar", "governs");
        let word = self.word(at);
        let past = word.len() > 4
            && word.ends_with("ed")
            && !matches!(self.class(at.saturating_sub(1)), Class::Article);
        listed || past || matches!(self.class(at), Class::Verb(..)) || word == "intends"
    }

    /// The subject of a verb.
    pub(super) fn subject(&self, at: usize, depth: usize) -> Option<String> {
        if depth > DEPTH {
            return None;
        }
        let mut verb = at;
        while verb > self.sentence.from
            && matches!(
                self.class(verb - 1),
                Class::Adverb
                    | Class::Have
                    | Class::Modal
                    | Class::Be
                    | Class::Do
                    | Class::Negation
            )
        {
            verb -= 1;
        }
        // `said that Ruritania "has never delivered"`.
        if verb > self.sentence.from + 1 && self.word(verb - 1) == "\"" {
            return self.subject(verb - 1, depth + 1);
        }
        // `were re-exporting`.
        if verb > self.sentence.from + 2
            && self.word(verb - 1) == "-"
            && self.word(verb - 2) == "re"
        {
            return self.subject(verb - 2, depth + 1);
        }
        // `had between them provided`.
        if verb > self.sentence.from + 2
            && self.word(verb - 1) == "them"
            && self.word(verb - 2) == "between"
        {
            return self.subject(verb - 2, depth + 1);
        }
        let before = verb
            .checked_sub(1)
            .filter(|own| *own >= self.sentence.from)?;
        let ing = self.word(verb).ends_with("ing");
        match self.word(before) {
            "to" => self.governed(before, depth),
            "of" | "from" | "for" | "with" | "about" if ing => {
                let head = before.checked_sub(1)?;
                // `found Urs Keller guilty of exporting`.
                let head = head - usize::from(matches!(self.word(head), "guilty" | "innocent"));
                // `pleaded guilty to one count of selling`: who pleads.
                let counted = matches!(self.word(head), "count" | "counts" | "charges" | "charge");
                if counted {
                    let low = head.saturating_sub(8).max(self.sentence.from + 1);
                    let verb = (low..head)
                        .rev()
                        .find(|own| self.is(*own, "grammar", "pleading"))?;
                    return self.subject(verb, depth + 1);
                }
                match self.phrase(head, depth) {
                    (Some(name), _) => Some(name),
                    // `was added to the list for sending`.
                    _ if self.word(before) == "for" && !self.verbal(head) => {
                        let low = before.saturating_sub(12).max(self.sentence.from + 1);
                        let be = (low..before)
                            .rev()
                            .take_while(|own| !matches!(self.word(*own), "," | ";"))
                            .find(|own| self.class(*own) == Class::Be)?;
                        self.verbal(be + 1)
                            .then(|| self.subject(be + 1, depth + 1))
                            .flatten()
                    }
                    (None, _) if self.verbal(head) => self.subject(head, depth + 1),
                    _ => None,
                }
            }
            // `went on shipping`.
            "on" if ing
                && matches!(
                    self.word(before.checked_sub(1)?),
                    "go" | "goes" | "went" | "gone" | "going" | "kept" | "keeps"
                ) =>
            {
                self.subject(before - 1, depth + 1)
            }
            // `accused Ruritania of breaking the pact by selling`.
            "by" if ing => {
                let low = before.saturating_sub(8).max(self.sentence.from);
                let verb = (low..before)
                    .rev()
                    .take_while(|place| !matches!(self.word(*place), "," | ";"))
                    .find(|place| {
                        matches!(
                            self.class(*place),
                            Class::Verb(_, Form::Past | Form::Third | Form::Ing)
                        ) || self.word(*place).ends_with("ing") && self.word(*place).len() > 5
                            || self.word(*place).ends_with("ed") && self.word(*place).len() > 5
                    })?;
                self.subject(verb, depth + 1)
            }
            "and" | "or" | "but" => {
                let low = before.saturating_sub(16).max(self.sentence.from);
                let first = (low..before).rev().find(|place| {
                    matches!(self.class(*place), Class::Verb(_, Form::Past | Form::Third))
                        || self.is(*place, "grammar", "governs")
                        || self.is(*place, "cue", "take")
                        || matches!(self.class(*place), Class::Modal | Class::Have | Class::Be)
                })?;
                self.subject(first, depth + 1)
            }
            "which" | "that" | "who" => {
                let comma = usize::from(self.word(before.checked_sub(1)?) == ",");
                self.phrase(before.checked_sub(1 + comma)?, depth).0
            }
            "it" | "they" if let Some(name) = self.informed(before, depth) => Some(name),
            // `said that Ruritania had the engines it ordered`: who opens the clause.
            "it" if let Some(name) = self.clause_state(before) => Some(name),
            "it" | "they" | "we" | "he" | "she" => self.side(at).or_else(|| self.opener(before)),
            _ if self.verbal(before) => self.subject(before, depth + 1),
            // `had in return agreed`.
            _ if before > self.sentence.from + 1
                && self.class(before - 1) == Class::Preposition
                && matches!(self.class(before - 2), Class::Have | Class::Modal) =>
            {
                self.subject(before - 1, depth + 1)
            }
            _ => self.phrase(before, depth).0,
        }
    }

    /// The state that opens the clause in which a relative "it" stands, behind the last "that" before it.
    fn clause_state(&self, it: usize) -> Option<String> {
        let noun = it.checked_sub(1)?;
        let own = self.own.filter(|own| own.cue < it)?;
        if !self.common(noun) {
            return None;
        }
        let that = (own.cue..noun)
            .rev()
            .find(|at| self.class(*at) == Class::That)?;
        let mention = self.ground.parties.at(that + 1)?;
        let state = self.ground.parties.entities[mention.entity].kind == "state";
        (state && mention.at.to < noun).then(|| party_name(self.ground, mention.entity))
    }

    /// `Ruritania will not deploy the missiles it has ordered`: who opens the sentence, where its speaker stands behind.
    fn opener(&self, it: usize) -> Option<String> {
        self.own
            .filter(|own| own.cue > it || own.record.id.is_empty())?;
        // `searched the offices of X on suspicion that it shipped`: the firm named last.
        let suspected = it > self.sentence.from + 1
            && matches!(
                self.word(it - 2),
                "suspicion" | "grounds" | "evidence" | "charges"
            );
        if suspected {
            let parties = &self.ground.parties;
            return parties
                .within(Stretch {
                    from: self.sentence.from.max(it.saturating_sub(60)),
                    to: it,
                })
                .filter(|own| matches!(parties.entities[own.entity].kind, "company" | "institute"))
                .last()
                .map(|own| party_name(self.ground, own.entity));
        }
        let first =
            self.sentence.from + usize::from(self.class(self.sentence.from) == Class::Article);
        let mention = self.ground.parties.at(first)?;
        let entity = &self.ground.parties.entities[mention.entity];
        let acts = matches!(
            self.class(mention.at.to),
            Class::Verb(..) | Class::Be | Class::Have | Class::Modal | Class::Do | Class::Adverb
        );
        let fits = acts
            && mention.at.to < it
            && !matches!(entity.kind, "person" | "agency" | "organisation");
        fits.then(|| party_name(self.ground, mention.entity))
    }

    /// `Ruritania has informed Graustark that it cancelled`: who informs, where another tells it.
    fn informed(&self, it: usize, depth: usize) -> Option<String> {
        let that = it.checked_sub(1)?;
        if that <= self.sentence.from || self.class(that) != Class::That {
            return None;
        }
        let low = that.saturating_sub(6).max(self.sentence.from);
        let verb = (low..that)
            .rev()
            .take_while(|own| !matches!(self.word(*own), "," | ";"))
            .find(|own| self.is(*own, "grammar", "informing"))?;
        let spoken = self.own.is_some_and(|own| own.cue == verb);
        (!spoken).then(|| self.subject(verb, depth + 1)).flatten()
    }

    /// Who is to do what stands behind a "to": the subject of the verb before it, or whom that verb takes as its object.
    fn governed(&self, to: usize, depth: usize) -> Option<String> {
        let head = to.checked_sub(1).filter(|own| *own >= self.sentence.from)?;
        // `is to ship`.
        if self.class(head) == Class::Be
            || self.verbal(head)
            || matches!(self.word(head), "ready" | "prepared" | "free" | "as")
        {
            return self.subject(head, depth + 1);
        }
        // `had travelled to Tehran to help`: the place that the verb leads to.
        if let Some(place) = self.ground.parties.at(head)
            && place.at.from > self.sentence.from + 1
            && matches!(self.word(place.at.from - 1), "to" | "in")
            && (self.verbal(place.at.from - 2)
                || self.class(place.at.from.saturating_sub(3)) == Class::Have
                || self.word(place.at.from - 2).ends_with("ing"))
        {
            return self.subject(place.at.from - 2, depth + 1);
        }
        // `had given Denel permission to offer`.
        if self.is(head, "grammar", "leave")
            && head > self.sentence.from
            && let Some(own) = self.ground.parties.at(head - 1)
        {
            return Some(party_name(self.ground, own.entity));
        }
        let (name, start) = self.phrase(head, depth);
        if name.is_some() {
            return name;
        }
        // `granted the firm a licence to export`, `signed a contract to supply`.
        let before = start
            .checked_sub(1)
            .filter(|own| *own >= self.sentence.from)?;
        if self.verbal(before) {
            return self.subject(before, depth + 1);
        }
        self.phrase(before, depth + 1).0
    }

    /// The party of the noun phrase that ends with a token, and where the phrase begins.
    pub(super) fn phrase(&self, last: usize, depth: usize) -> (Option<String>, usize) {
        let parties = &self.ground.parties;
        if depth > DEPTH || last < self.sentence.from {
            return (None, last);
        }
        if let Some(start) = self.date(last) {
            let behind = start.checked_sub(1).filter(|own| *own > self.sentence.from);
            let skip = behind.map_or(0, |own| {
                usize::from(matches!(self.class(own), Class::Preposition))
            });
            return match start.checked_sub(1 + skip) {
                // `has since 1996 delivered`.
                Some(own) if matches!(self.class(own), Class::Have | Class::Modal | Class::Be) => {
                    (self.subject(own + 1, depth + 1), own)
                }
                Some(own) => self.phrase(own, depth + 1),
                None => (None, start),
            };
        }
        if self.word(last) == "," {
            return self.aside(last, depth);
        }
        // `fined the firm $75,000 for shipping`.
        if let Some(before) = self.sum(last) {
            return self.phrase(before, depth + 1);
        }
        if self.word(last) == "." && last > 0 && self.is(last - 1, "cue", "abbreviation") {
            return self.phrase(last - 1, depth + 1);
        }
        if let Some(mention) = parties.at(last) {
            return self.named(mention.at.from.min(mention.titled), mention.entity, depth);
        }
        // `said that Avtomatika was ready to`: a name that no list knows, alone behind "that".
        let alone = last > self.sentence.from + 1
            && self.class(last - 1) == Class::That
            && self.ground.work.tokens.all[last].capital
            && self.ground.work.tokens.all[last].shape == Shape::Word
            && parties.demonym(last).is_none()
            && self.class(last) == Class::None
            && self.word(last).len() > 3
            && self.ground.work.words.calendar(self.word(last)).is_none();
        if alone {
            return (self.text(last, last), last);
        }
        let mut start = last;
        loop {
            if let Some(code) = parties.demonym(start) {
                let one = start > self.sentence.from
                    && matches!(self.word(start - 1), "a" | "an")
                    && self.is(last, "commitment", "firm");
                let named = one.then(|| self.firm_after(last)).flatten();
                return (named.or_else(|| self.people(start, last, code)), start);
            }
            if let Some(mention) = parties.at(start) {
                let owner = (self.word(mention.at.to) == "'s")
                    .then(|| party_name(self.ground, mention.entity));
                // `a Harbourtown institute`: a body told by its town.
                let body = self.is(last, "body", "firm")
                    || matches!(
                        self.word(last),
                        "institute" | "institutes" | "firms" | "companies" | "yard" | "university"
                    );
                // `Ruritania's Cenzin`: a name that no list knows is who is meant.
                let capital = |own: usize| {
                    let token = &self.ground.work.tokens.all[own];
                    token.capital && token.shape == Shape::Word
                };
                let unlisted = (owner.is_some() && (mention.at.to + 1..=last).all(capital))
                    .then(|| self.text(mention.at.to + 1, last))
                    .flatten();
                // `Raytheon Aircraft`: a longer name than the list knows.
                let kind = parties.entities.get(mention.entity).map(|own| own.kind);
                let longer = (owner.is_none()
                    && kind == Some("company")
                    && (mention.at.to..=last).all(capital))
                .then(|| self.text(mention.at.from, last))
                .flatten();
                let name = unlisted
                    .or(longer)
                    .or(owner)
                    .or_else(|| self.text(start, last).filter(|_| body));
                return (name, mention.at.from);
            }
            match self.class(start) {
                Class::Article => {
                    let own = matches!(self.word(start), "his" | "her" | "its" | "their" | "our");
                    let side = self.is(last, "commitment", "side");
                    // `a Harbourtown firm had sold`: named in the sentences behind, where one firm is.
                    if matches!(self.word(start), "a" | "an")
                        && self.is(last, "commitment", "firm")
                        && let Some(name) = self.firm_after(last)
                    {
                        return (Some(name), start);
                    }
                    // `a dealer in Graustark, who sent them on`: nobody that was named.
                    if matches!(
                        self.word(start),
                        "a" | "an" | "some" | "another" | "any" | "one"
                    ) {
                        return (None, start);
                    }
                    let body = own && self.agent(last) && self.word(start) != "his";
                    let name = if own && side || body {
                        self.side(start)
                    } else if side && start + 1 == last {
                        self.body_before(last).or_else(|| self.side(start))
                    } else if self.is(last, "commitment", "firm") && start + 1 == last {
                        firm_before(self.ground, last)
                    } else if self.is(last, "commitment", "firm")
                        && (start + 1..last).all(|own| self.ground.work.tokens.all[own].capital)
                    {
                        // `the Admiralty yard`: a name, and what bears it.
                        self.text(start + 1, last)
                    } else {
                        None
                    };
                    return (name, start);
                }
                Class::Preposition => {
                    return match start.checked_sub(1) {
                        Some(before) => self.phrase(before, depth + 1),
                        None => (None, start),
                    };
                }
                Class::None | Class::Noun(_) | Class::Verb(_, Form::Base) => {}
                _ => return (None, start + 1),
            }
            let shape = self
                .ground
                .work
                .tokens
                .all
                .get(start)
                .map(|token| token.shape);
            let plain = matches!(shape, Some(Shape::Word | Shape::Number))
                || self.word(start) == "'s"
                || matches!(self.word(start), "-" | "$")
                || self.word(start) == "." && start > 0 && self.word(start - 1) == "st";
            if !plain || start == self.sentence.from || last - start > 6 {
                return (None, start);
            }
            start -= 1;
        }
    }

    /// A named party at the end of a phrase: it, unless it only tells the place or the owner of what stands before.
    fn named(&self, start: usize, entity: usize, depth: usize) -> (Option<String>, usize) {
        let name = Some(party_name(self.ground, entity));
        let Some(before) = start.checked_sub(1).filter(|own| *own > self.sentence.from) else {
            return (name, start);
        };
        let article =
            usize::from(self.class(before) == Class::Article && before > self.sentence.from + 1);
        let before = before - article;
        if self.class(before) != Class::Preposition {
            let listed = listed_place(self.ground, self.sentence, start);
            return (name.filter(|_| !listed), start);
        }
        let head = before - 1;
        let rules = matches!(
            self.word(head),
            "government" | "authorities" | "state" | "republic" | "leaders"
        );
        if self.word(before) == "of" && rules {
            return (name, start);
        }
        // `engineers from the Korund works`: the works.
        let people = matches!(self.word(before), "of" | "from" | "at")
            && self.is(head, "grammar", "experts")
            && self
                .ground
                .parties
                .demonym(head.saturating_sub(1))
                .is_none();
        let kind = self.ground.parties.entities.get(entity).map(|own| own.kind);
        // `a delegation from Ruritania`.
        let delegates = matches!(self.word(before), "of" | "from")
            && self.is(head, "grammar", "delegates")
            && kind == Some("state");
        if delegates || people && matches!(kind, Some("company" | "institute")) {
            return (name, head);
        }
        match self.phrase(head, depth + 1) {
            (None, from) if self.word(before) == "of" && self.ground.parties.at(head).is_none() => {
                let kind = self.ground.parties.entities.get(entity).map(|own| own.kind);
                (
                    name.filter(|_| matches!(kind, Some("company" | "institute"))),
                    from,
                )
            }
            found => found,
        }
    }

    /// A phrase that ends with a comma: the firm named between commas, or what stands before them.
    fn aside(&self, last: usize, depth: usize) -> (Option<String>, usize) {
        let low = last.saturating_sub(26).max(self.sentence.from + 1);
        let Some(open) = (low..last).rev().find(|place| self.word(*place) == ",") else {
            return (None, last);
        };
        let firm = self.ground.parties.at(open + 1).filter(|own| {
            let kind = self
                .ground
                .parties
                .entities
                .get(own.entity)
                .map(|own| own.kind);
            own.at.to == last && matches!(kind, Some("company" | "institute"))
        });
        match firm {
            Some(firm) => (Some(party_name(self.ground, firm.entity)), open),
            None => match apposed(self.ground, open, last)
                .or_else(|| included(self.ground, open, last))
            {
                Some(name) => (Some(name), open),
                None => self.phrase(open - 1, depth + 1),
            },
        }
    }

    /// A sum of money that ends with the token: the token before it.
    fn sum(&self, last: usize) -> Option<usize> {
        let shape = |at: usize| self.ground.work.tokens.all.get(at).map(|own| own.shape);
        let mut at = last;
        if matches!(
            self.word(at),
            "million" | "billion" | "dollars" | "pounds" | "marks" | "francs"
        ) {
            at = at.checked_sub(1)?;
        }
        if shape(at) != Some(Shape::Number) && !self.word(at).starts_with('$') {
            return None;
        }
        let before = at.checked_sub(1)?;
        let signed = matches!(self.word(before), "$" | "£" | "€");
        let sum = signed || at != last || self.word(at).starts_with('$');
        let start = if signed { before } else { at };
        start
            .checked_sub(1)
            .filter(|own| sum && *own >= self.sentence.from)
    }

    /// Where a date that holds the token begins.
    fn date(&self, at: usize) -> Option<usize> {
        let dates = &self.ground.work.dates;
        let next = dates.partition_point(|date| date.from <= at);
        let date = dates.get(next.checked_sub(1)?)?;
        (date.to > at && date.from >= self.sentence.from).then_some(date.from)
    }

    /// `Graustark officials`, `Graustark metal plants`: the state for who speaks for it, and the words for others.
    pub(super) fn people(&self, start: usize, last: usize, code: &str) -> Option<String> {
        let rules = matches!(
            self.word(last),
            "government"
                | "officials"
                | "authorities"
                | "leaders"
                | "administration"
                | "military"
                | "army"
                | "side"
                | "minister"
                | "president"
        );
        // Schools of its army are the state's.
        let drills = matches!(
            self.word(last),
            "schools" | "academies" | "colleges" | "bases"
        ) && (start..last).any(|own| self.word(own) == "military");
        if rules || drills {
            return state_name(self.ground, code);
        }
        if start == last {
            // `the Ruritanians`: they stand for their state.
            return state_name(self.ground, code).filter(|_| self.word(last).ends_with('s'));
        }
        self.text(start, last)
    }

    /// The words from one token to another.
    pub(super) fn text(&self, start: usize, last: usize) -> Option<String> {
        let (from, to) = self.ground.work.tokens.bytes(Stretch {
            from: start,
            to: last + 1,
        });
        let words = self.ground.work.page.folded.get(from..to);
        words.map(str::to_owned)
    }
}
