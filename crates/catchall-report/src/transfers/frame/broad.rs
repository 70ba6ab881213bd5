//! Giver and receiver wherever the clause names them: tried last of all, by what each small word tells and not by the form of the sentence.
//!
//! `the last of four radars intended for Graustark will be shipped`, `stopped tubes on their way from the Korund works to the Baghdad firm X`:
//! the receiver stands behind "to" or "for", the giver behind "by" or "from", owns the noun, makes the thing, or speaks of his own goods.
//! Who is only mentioned is neither. To grow: an arm of [`Clause::broad`].

use std::collections::BTreeSet;

use super::{Clause, Event};
use crate::gazetteer::words::Class;
use crate::statements::Ground;
use crate::things::Thing;
use crate::tokens::{Shape, Stretch};
use crate::transfers::Hit;
use crate::transfers::ends::{agent_at, giver_before, party_name, side_of};
use crate::transfers::loose::name_before;
use crate::transfers::receiver::{End, behind, name_at, receiver};
use crate::undertakings::{lower, state_name};

/// Who is told anywhere on the page as giving, or as the maker of a thing that is named.
pub(in crate::transfers) fn sellers(ground: &Ground<'_>, technology: &[Thing]) -> BTreeSet<String> {
    let (words, tokens) = (ground.work.words, &ground.work.tokens);
    let moves = words.mask("cue", &["give", "flow"]);
    let mut found = BTreeSet::new();
    for sentence in &tokens.sentences {
        let sentence = sentence.at;
        for at in sentence.from..sentence.to {
            if !tokens.any(words, at, moves) {
                continue;
            }
            let near = (at.saturating_sub(5).max(sentence.from)..at)
                .rev()
                .take_while(|own| {
                    !matches!(
                        tokens.all[*own].class,
                        Class::Preposition | Class::Conjunction | Class::Verb(..) | Class::That
                    )
                });
            for place in near {
                let owner = ground
                    .parties
                    .at(place)
                    .filter(|own| lower(ground, own.at.to) == "'s")
                    .map(|own| party_name(ground, own.entity));
                let adjective = || {
                    ground
                        .parties
                        .demonym(place)
                        .and_then(|code| state_name(ground, code))
                };
                found.extend(owner.or_else(adjective));
            }
            if tokens.is(words, at, "cue", "give") {
                found.extend(giver_before(ground, sentence, at));
            }
        }
    }
    for thing in technology {
        for (from, _) in &thing.at {
            let at = tokens.at_byte(*from);
            let code = at
                .checked_sub(1)
                .and_then(|own| ground.parties.demonym(own));
            found.extend(code.and_then(|code| state_name(ground, code)));
        }
    }
    found
}

impl<'a> Clause<'a, '_> {
    pub(super) fn sellers(&self) -> Option<&'a BTreeSet<String>> {
        self.around.map(|around| around.sellers)
    }

    fn last(&self) -> Option<(&'a str, &'a str)> {
        self.around.and_then(|around| around.last)
    }

    fn topic(&self) -> Option<&'a str> {
        self.around.and_then(|around| around.topic)
    }

    /// The ends of what the word at a token tells, wherever the clause names them.
    pub(super) fn broad(&self, at: usize, event: Event) -> Option<Hit> {
        let (giver, getter, reach) = match event {
            Event::Give if self.suffers(at) => self.suffered(at),
            Event::Give => self.does(at),
            Event::Take => self.approved(at),
            Event::Ask => self.asks(at),
            Event::Aid => self.built_with(at),
            Event::Go => self.gone(at),
            Event::Flow => self.spoken(at),
            Event::Way => self.on_its_way(at),
            Event::Carry => self.carried(at),
            Event::Contract => self.contract(at),
            _ => None,
        }?;
        (giver != getter).then_some((giver, getter, reach))
    }

    /// A passive, or a participle behind its noun: `was sold`, `radars supplied by`.
    fn suffers(&self, at: usize) -> bool {
        if self.word(at).ends_with("ing") {
            return false;
        }
        self.passive(at)
            || at > self.sentence.from
                && self.common(at - 1)
                && matches!(self.word(at + 1), "by" | "to" | "in" | "from")
                && self.word(at) != "turned"
                && !self.is(at - 1, "grammar", "agents")
    }

    /// Where the clause of a token begins: behind the last "that", semicolon or word of speech.
    fn opens(&self, at: usize) -> usize {
        let spoken = self
            .own
            .filter(|own| !own.record.id.is_empty() && own.cue < at)
            .map_or(self.sentence.from, |own| own.cue + 1);
        (spoken.max(at.saturating_sub(30)).max(self.sentence.from)..at)
            .rev()
            .find(|own| matches!(self.word(*own), ";" | ":" | "but" | "while" | "whereas"))
            .map_or(spoken.max(at.saturating_sub(30)), |own| own + 1)
            .max(self.sentence.from)
    }

    /// The receiver behind a verb or a noun, or told before it of the thing: `intended for`.
    fn getter(&self, at: usize) -> Option<End> {
        receiver(self.ground, self.sentence, at + 1).or_else(|| {
            (self.opens(at)..at)
                .rev()
                .find(|own| {
                    self.is(*own, "grammar", "heading")
                        && matches!(self.word(own + 1), "for" | "to")
                })
                .and_then(|own| behind(self.ground, self.sentence, own + 1))
        })
    }

    /// Who stands behind "by" or "from" between two tokens.
    pub(super) fn agent_within(&self, from: usize, to: usize, word: &str) -> Option<String> {
        // `by way of Graustark`: where it passed, and not who gave.
        let by = (from..to.min(self.sentence.to)).find(|own| {
            self.word(*own) == word
                && !matches!(
                    self.word(own + 1),
                    "way" | "air" | "sea" | "rail" | "road" | "ship"
                )
        })?;
        if word == "by" {
            let article = usize::from(self.class(by + 1) == Class::Article);
            return agent_at(self.ground, self.sentence, by + 1)
                .or_else(|| {
                    name_at(self.ground, by + 1 + article, self.sentence).map(|(name, _)| name)
                })
                .or_else(|| behind(self.ground, self.sentence, by).map(|end| end.name));
        }
        behind(self.ground, self.sentence, by).map(|end| end.name)
    }

    /// The side of who speaks of what was done with its own goods.
    pub(super) fn speaking(&self, at: usize, getter: &str) -> Option<String> {
        let own = self.own.filter(|own| !own.record.id.is_empty())?;
        // Nobody tells of his own thefts.
        let party = own.record.speaker.party.as_deref();
        let firm = party
            .and_then(|id| self.ground.parties.by_id(id))
            .is_some_and(|own| matches!(own.kind, "company" | "institute"));
        let insists = || {
            matches!(
                own.record.cue.as_str(),
                "insist" | "maintain" | "assert" | "contend"
            )
        };
        let answers = match own.record.kind {
            "said" | "conceded" | "promised" | "denied" => true,
            "alleged" => insists(),
            _ => false,
        };
        if self.is(at, "grammar", "stealing") || !(answers || firm) {
            return None;
        }
        let name = self.firm_speaking().or_else(|| side_of(self.ground, own))?;
        // Whose goods they are the page tells, or it tells of nobody else who gives.
        let sells = firm
            || self.sellers().is_some_and(|sellers| {
                sellers.contains(&name)
                    || own.record.speaker.anonymity != "anonymous"
                        && (sellers
                            .iter()
                            .all(|other| *other == name || other == getter)
                            || self.alone(at, &name, getter))
            });
        // Another state in the clause may be meant.
        let clause = Stretch {
            from: self.opens(at),
            to: at,
        };
        let others = self.ground.parties.within(clause).any(|own| {
            let entity = &self.ground.parties.entities[own.entity];
            entity.kind == "company" && party_name(self.ground, own.entity) != name
        });
        Some(name).filter(|_| sells && !others)
    }

    /// Whether no third state is named in the sentence up to a token, nor in the sentence before it.
    fn alone(&self, at: usize, name: &str, getter: &str) -> bool {
        let tokens = &self.ground.work.tokens;
        let from = tokens
            .sentence_of(at)
            .and_then(|own| own.checked_sub(1))
            .map_or(self.sentence.from, |own| tokens.sentences[own].at.from)
            .max(at.saturating_sub(160));
        let parties = &self.ground.parties;
        let third = |code: Option<&str>| {
            code.and_then(|code| state_name(self.ground, code))
                .is_some_and(|state| state != name && state != getter)
        };
        // `said in Harbourtown`: where somebody speaks gives nothing.
        let named = parties
            .within(Stretch { from, to: at })
            .filter(|own| own.at.from == 0 || !matches!(self.word(own.at.from - 1), "in" | "at"))
            .any(|own| third(parties.entities[own.entity].country.as_deref()));
        !named && !(from..at).any(|own| third(parties.demonym(own)))
    }

    /// `the tanks were sold to Graustark`, `will be shipped to Graustark by Korund`.
    fn suffered(&self, at: usize) -> Option<Hit> {
        // `has been supplied with fighters by Ruritania`: who suffers it gets.
        if self.word(at + 1) == "with" {
            let giver = self.agent_within(at + 2, at + 16, "by")?;
            let getter = self.subject(at, 0)?;
            let to = (at + 16).min(self.sentence.to);
            return Some((giver, getter, Stretch { from: at + 1, to }));
        }
        let end = self.getter(at)?;
        let behind = end.to > at;
        let low = self.opens(at);
        let stop = if behind { end.past + 5 } else { at + 8 };
        let giver = self
            .agent_within(at + 1, stop, "by")
            .or_else(|| self.agent_within(at + 1, stop, "from"))
            .or_else(|| {
                // `the parts arrived from Ruritania and were to be flown on to Graustark`.
                let came = (low..at).find(|own| {
                    self.is(*own, "grammar", "origin") || self.word(*own) == "arrived"
                })?;
                self.agent_within(came + 1, (came + 3).min(at), "from")
            })
            .or_else(|| self.maker(low, at))
            .or_else(|| self.speaking(at, &end.name))?;
        Some((giver, end.name, Stretch { from: low, to: at }))
    }

    /// `tanks built by the Korund works`, `Ruritanian tanks`, `Ruritania's tanks`: who made the thing that stands before the verb.
    fn maker(&self, low: usize, at: usize) -> Option<String> {
        let made = (low..at).rev().find(|own| {
            self.is(*own, "grammar", "building")
                || matches!(
                    self.word(*own),
                    "made" | "manufactured" | "produced" | "assembled" | "supplied"
                )
        });
        made.and_then(|made| {
            self.agent_within(made + 1, (made + 4).min(at), "by")
                .or_else(|| self.made_in(made, at))
        })
    }

    /// `Korund delivered engines to the Harbour Corporation`.
    fn does(&self, at: usize) -> Option<Hit> {
        let (name, from) = match self.object(at + 1) {
            Some((name, past)) => (name, past),
            None => match self.unlisted_object(at + 1) {
                Some(found) => found,
                None => (
                    self.getter(at)
                        .map(|end| end.name)
                        .or_else(|| self.facility(at))
                        .or_else(|| self.same_as_before(at))?,
                    at,
                ),
            },
        };
        let giver = self
            .subject(at, 0)
            .or_else(|| name_before(self.ground, self.sentence, at))
            .or_else(|| giver_before(self.ground, self.sentence, at))
            .or_else(|| {
                // `a package that would give Graustark four bombers`: of who speaks of it.
                let low = at.saturating_sub(4).max(self.sentence.from);
                let package = (low..at).any(|own| self.is(own, "grammar", "dealing"));
                package.then(|| self.speaking(at, &name)).flatten()
            })?;
        let reach = Stretch {
            from,
            to: (from + 16).min(self.sentence.to),
        };
        Some((giver, name, reach))
    }

    /// `supply graphite for Graustark's missile program`, `fuel for the Harbourtown reactor`: whose the place is that it is for.
    fn facility(&self, at: usize) -> Option<String> {
        let end = (at + 14).min(self.sentence.to);
        let link = (at + 1..end)
            .take_while(|own| !matches!(self.word(*own), ";" | ":" | "that" | "to" | ","))
            .find(|own| self.word(*own) == "for")?;
        let first = link + 1 + usize::from(self.class(link + 1) == Class::Article);
        let parties = &self.ground.parties;
        let (name, past) = match parties.at(first) {
            Some(own) if parties.entities[own.entity].kind == "state" => (
                party_name(self.ground, own.entity),
                own.at.to + usize::from(self.word(own.at.to) == "'s"),
            ),
            Some(_) => return None,
            None => (state_name(self.ground, parties.demonym(first)?)?, first + 1),
        };
        (past..(past + 4).min(self.sentence.to))
            .take_while(|own| self.common(*own) || self.word(*own) == "-")
            .any(|own| self.is(own, "grammar", "facilities"))
            .then_some(name)
    }

    /// `delivered rifles to the same consignee`, `has also supplied boats`: the receiver of the last transfer told.
    fn same_as_before(&self, at: usize) -> Option<String> {
        let end = (at + 14).min(self.sentence.to);
        let to = (at + 1..end)
            .take_while(|own| !matches!(self.word(*own), ";" | ":" | "that"))
            .find(|own| matches!(self.word(*own), "to" | "for"));
        match to {
            Some(to) => {
                let taken_up = matches!(self.word(to + 1), "the" | "that")
                    && (to + 2..to + 4).any(|own| self.is(own, "grammar", "recipients"))
                    && self.ground.parties.demonym(to + 2).is_none();
                let getter = self.last().map(|own| own.1).or(self.topic())?;
                taken_up.then(|| getter.to_owned())
            }
            // The same giver goes on giving.
            None => {
                let told = self.own.is_some_and(|own| {
                    !matches!(own.record.kind, "promised" | "ordered" | "denied")
                });
                // `to sell the island no further arms`.
                let none = (at + 1..(at + 7).min(self.sentence.to))
                    .any(|own| self.class(own) == Class::Negation || self.word(own) == "no");
                let own = self.subject(at, 0).filter(|_| told && !none)?;
                match (self.last(), self.topic()) {
                    (Some((giver, getter)), _) if giver == own => Some(getter.to_owned()),
                    (_, Some(getter)) if own != getter => Some(getter.to_owned()),
                    _ => None,
                }
            }
        }
    }

    /// `provided the China Academy of Launch Vehicles with`: a name that no list knows, right behind the verb.
    fn unlisted_object(&self, at: usize) -> Option<(String, usize)> {
        let first = at + usize::from(self.word(at) == "the");
        let (name, past) = name_at(self.ground, first, self.sentence)?;
        (self.word(past) == "with").then_some((name, past))
    }

    /// `the planes had gone to Graustark`.
    fn gone(&self, at: usize) -> Option<Hit> {
        if self.word(at + 1) != "to" {
            return None;
        }
        let end = behind(self.ground, self.sentence, at + 1)?;
        let low = self.opens(at).max(at.saturating_sub(9));
        let giver = self
            .agent_within(end.past, end.past + 4, "from")
            .or_else(|| self.agent_within(low, at, "from"))
            .or_else(|| self.maker(low, at))
            .or_else(|| self.speaking(at, &end.name))?;
        Some((giver, end.name, Stretch { from: low, to: at }))
    }

    /// `talks on the sale of radars to Graustark`, `an inquiry into the sale of tanks to Graustark`: by whom the noun is governed.
    fn spoken(&self, at: usize) -> Option<Hit> {
        if !matches!(self.word(at + 1), "of" | "to") {
            return None;
        }
        let end = receiver(self.ground, self.sentence, at + 1)?;
        let reach = Stretch {
            from: at,
            to: end.reach(self.ground, self.sentence),
        };
        // `the sale of radars from Ruritania to Graustark`, `by Ruritania to Graustark`.
        if let Some(giver) = self
            .agent_within(at + 1, end.past + 4, "from")
            .or_else(|| self.agent_within(at + 1, end.to, "by"))
        {
            return Some((giver, end.name, reach));
        }
        // `the export to Graustark of Ruritanian-made radars`.
        let made = (at + 1..(end.past + 5).min(self.sentence.to)).find(|own| {
            self.word(own + 1) == "-"
                && matches!(
                    self.word(own + 2),
                    "made" | "built" | "manufactured" | "produced"
                )
        });
        if let Some(code) = made.and_then(|own| self.ground.parties.demonym(own)) {
            return Some((state_name(self.ground, code)?, end.name, reach));
        }
        let mut start = at;
        while start > self.sentence.from
            && matches!(self.class(start - 1), Class::None | Class::Article)
            && self.ground.work.tokens.all[start - 1].shape == Shape::Word
        {
            start -= 1;
        }
        // `raised with Ruritania the reported sale of radars to Graustark`.
        let raised = start
            .checked_sub(1)
            .filter(|own| *own > self.sentence.from + 1)
            .and_then(|own| self.ground.parties.at(own))
            .filter(|own| {
                let kind = self.ground.parties.entities[own.entity].kind;
                matches!(kind, "state" | "government" | "company")
                    && own.at.from > self.sentence.from
                    && matches!(self.word(own.at.from - 1), "with" | "to")
            });
        if let Some(own) = raised {
            return Some((party_name(self.ground, own.entity), end.name, reach));
        }
        let link = start
            .checked_sub(1)
            .filter(|own| *own > self.sentence.from)?;
        if !matches!(self.word(link), "on" | "about" | "over" | "into" | "for") {
            return None;
        }
        let mut noun = link;
        while noun > self.sentence.from && self.common(noun - 1)
            || self.class(noun - 1) == Class::Article
        {
            noun -= 1;
        }
        let verb = noun
            .checked_sub(1)
            .filter(|own| *own > self.sentence.from)?;
        if !self.verbal(verb) {
            return None;
        }
        // `talks on the sale`: one's own; `an inquiry into the sale`: of who is known to sell.
        let dealing = (noun..link).any(|own| self.is(own, "grammar", "dealing"));
        let giver = self.subject(verb, 0).filter(|name| {
            dealing
                || self.sellers().is_some_and(|sellers| {
                    sellers.contains(name)
                        || sellers
                            .iter()
                            .all(|other| other == name || *other == end.name)
                })
        })?;
        Some((giver, end.name, reach))
    }
}
