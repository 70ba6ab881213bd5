//! Who gives and who gets by where a thing was bound, reached or came from, by who buys from whom, and by what somebody is charged with.
//!
//! `a cargo of Ruritanian missiles destined for Graustark`, `the missiles reached Graustark in May`, `accuses Ruritania of arms sales to
//! Graustark`, `Graustark's main supplier of missiles`. The giver is the maker's country or the firm that is told; who only stands nearby is
//! neither. To grow: an arm of [`Clause::told_by_place`].

use super::{Clause, Event};
use crate::gazetteer::words::Class;
use crate::tokens::{Shape, Stretch};
use crate::transfers::Hit;
use crate::transfers::ends::party_name;
use crate::transfers::loose::name_before;
use crate::transfers::receiver::behind;
use crate::undertakings::state_name;

impl Clause<'_, '_> {
    /// The ends of what a word of place, source or charge tells.
    pub(super) fn told_by_place(&self, at: usize, event: Event) -> Option<Hit> {
        match event {
            Event::Bound => self.bound(at),
            Event::Arrive => self.arrives(at),
            Event::Flow => self.sale_to_of(at).or_else(|| self.charged_with(at)),
            Event::Source => self.supplier(at),
            Event::Contract => self.ordered_with(at).or_else(|| self.contract_by(at)),
            Event::Give => self.ordered_by(at),
            _ => None,
        }
    }

    /// `Ruritanian missiles destined for Graustark`.
    fn bound(&self, at: usize) -> Option<Hit> {
        if !matches!(self.word(at + 1), "for" | "to") {
            return None;
        }
        let end = behind(self.ground, self.sentence, at + 1)?;
        let (giver, from) = self.make(at)?;
        Some((giver, end.name, Stretch { from, to: at }))
    }

    /// `the missiles, made in Ruritania, reached Graustark`, `twelve Ruritanian tanks arrived in Graustark`.
    fn arrives(&self, at: usize) -> Option<Hit> {
        let link = match (self.word(at), self.word(at + 1), self.word(at + 2)) {
            ("reached" | "reach" | "reaching", _, _) => at,
            (_, "in" | "at", _) => at + 1,
            (_, "up", "in" | "at") => at + 2,
            _ => return None,
        };
        let first = link + 1 + usize::from(self.class(link + 1) == Class::Article);
        let parties = &self.ground.parties;
        let mention = parties.at(first)?;
        if parties.entities.get(mention.entity)?.kind != "state" || self.word(mention.at.to) == "'s"
        {
            return None;
        }
        let mut verb = at;
        while verb > self.sentence.from
            && matches!(
                self.class(verb - 1),
                Class::Adverb | Class::Have | Class::Modal
            )
        {
            verb -= 1;
        }
        let low = verb.saturating_sub(14).max(self.sentence.from);
        let (giver, from) = self
            .made_by(low, verb)
            .map(|giver| (giver, low))
            .or_else(|| self.make(verb))?;
        let getter = party_name(self.ground, mention.entity);
        Some((giver, getter, Stretch { from, to: verb }))
    }

    /// Whose firm or land a participle before a token names: `supplied by a Ruritanian firm, Korund, ended up in`, `made in Ruritania`.
    fn made_by(&self, low: usize, at: usize) -> Option<String> {
        let made = (low..at).rev().find(|own| {
            self.is(*own, "cue", "give")
                || self.is(*own, "grammar", "building")
                || matches!(
                    self.word(*own),
                    "made" | "manufactured" | "produced" | "assembled"
                )
        })?;
        self.agent_within(made + 1, made + 2, "by")
            .or_else(|| self.made_in(made, at))
    }

    /// `missiles made in Ruritania`: the state in which a thing was made.
    pub(super) fn made_in(&self, made: usize, at: usize) -> Option<String> {
        let fits = self.word(made + 1) == "in" && self.word(made) != "supplied" && made + 2 < at;
        let mention = self.ground.parties.at(made + 2).filter(|_| fits)?;
        let kind = self.ground.parties.entities.get(mention.entity)?.kind;
        (kind == "state").then(|| party_name(self.ground, mention.entity))
    }

    /// The country whose make a noun phrase tells that ends before a token: `a cargo of Ruritanian missile parts`.
    fn make(&self, at: usize) -> Option<(String, usize)> {
        let parties = &self.ground.parties;
        let low = at.saturating_sub(9).max(self.sentence.from);
        let mut place = at;
        // Who comes to a country is no thing.
        let people = at > low
            && (self.is(at - 1, "grammar", "agents") || self.is(at - 1, "grammar", "experts"));
        if people {
            return None;
        }
        while place > low {
            place -= 1;
            if let Some(mention) = parties.at(place) {
                let owner = self.word(mention.at.to) == "'s"
                    && parties.entities.get(mention.entity)?.kind == "state";
                return owner.then(|| (party_name(self.ground, mention.entity), place));
            }
            if let Some(code) = parties.demonym(place) {
                let made = self.word(place + 1) == "-"
                    && !matches!(
                        self.word(place + 2),
                        "made" | "built" | "designed" | "supplied" | "produced"
                    );
                let officers = self.is(place + 1, "grammar", "guards");
                return (!made && !officers)
                    .then(|| state_name(self.ground, code))
                    .flatten()
                    .map(|name| (name, place));
            }
            let token = self.ground.work.tokens.all.get(place)?;
            let plain = matches!(token.shape, Shape::Word | Shape::Number)
                && matches!(token.class, Class::None | Class::Noun(_))
                && !self.is(place, "status", "intercepted");
            if !(plain || matches!(self.word(place), "-" | "of" | "'s")) {
                return None;
            }
        }
        None
    }

    /// `the sale to Graustark of Ruritanian radars`.
    fn sale_to_of(&self, at: usize) -> Option<Hit> {
        if self.word(at + 1) != "to" {
            return None;
        }
        let end = behind(self.ground, self.sentence, at + 1)?;
        if self.word(end.past) != "of" {
            return None;
        }
        let stop = (end.past + 6).min(self.sentence.to);
        let place = (end.past + 1..stop)
            .take_while(|own| {
                let token = self.ground.work.tokens.all[*own];
                matches!(token.class, Class::None | Class::Article)
                    && matches!(token.shape, Shape::Word | Shape::Number)
                    || self.word(*own) == "of"
            })
            .find(|own| {
                self.ground.parties.demonym(*own).is_some()
                    && self.ground.parties.at(*own).is_none()
            })?;
        let giver = state_name(self.ground, self.ground.parties.demonym(place)?)?;
        let to = (place + 6).min(self.sentence.to);
        Some((giver, end.name, Stretch { from: place, to }))
    }

    /// `accuses Ruritania of arms sales to Graustark`, `was accused of the sale of radars to Graustark`.
    fn charged_with(&self, at: usize) -> Option<Hit> {
        if !matches!(self.word(at + 1), "of" | "to") {
            return None;
        }
        let low = at.saturating_sub(6).max(self.sentence.from + 1);
        let link = (low..at)
            .rev()
            .take_while(|own| {
                matches!(self.class(*own), Class::None | Class::Article) || self.word(*own) == "of"
            })
            .find(|own| self.word(*own) == "of" && self.accused(*own).is_some())?;
        let giver = self.accused(link)?;
        let end = super::receiver(self.ground, self.sentence, at + 1)?;
        let reach = Stretch {
            from: link,
            to: end.reach(self.ground, self.sentence),
        };
        Some((giver, end.name, reach))
    }

    /// Who is charged with what stands behind an "of".
    fn accused(&self, link: usize) -> Option<String> {
        let low = link.saturating_sub(9).max(self.sentence.from);
        let verb = (low..link)
            .rev()
            .take_while(|own| !matches!(self.word(*own), ";" | ":" | "that"))
            .find(|own| self.is(*own, "grammar", "charging"))?;
        if self.passive(verb) {
            return self.subject(verb, 0);
        }
        let first = verb + 1 + usize::from(self.class(verb + 1) == Class::Article);
        let parties = &self.ground.parties;
        let mention = parties.at(first)?;
        let kind = parties.entities.get(mention.entity)?.kind;
        // `accused the Harbourtown firm Korund of`: the last name before "of".
        let last = parties
            .within(Stretch {
                from: first,
                to: link,
            })
            .last()?;
        let fits = last.at.to == link || kind == "company" && mention.at.to == link;
        fits.then(|| party_name(self.ground, last.entity))
    }

    /// `Ruritania is Graustark's main supplier of missiles`, `Ruritania, Graustark's main supplier of missiles`.
    fn supplier(&self, at: usize) -> Option<Hit> {
        if !matches!(self.word(at + 1), "of" | "for") && self.class(at + 1) != Class::None {
            return None;
        }
        let parties = &self.ground.parties;
        let low = at.saturating_sub(6).max(self.sentence.from);
        let owner = parties
            .within(Stretch { from: low, to: at })
            .find(|own| self.word(own.at.to) == "'s")?;
        if parties.entities.get(owner.entity)?.kind != "state" {
            return None;
        }
        let before = owner.at.from.checked_sub(1)?;
        let giver = match (self.class(before), self.word(before)) {
            (Class::Be, _) | (_, "remained" | "remains" | "became" | "become") => {
                self.subject(before, 0)?
            }
            (_, ",") => name_before(self.ground, self.sentence, before).or_else(|| {
                parties
                    .within(Stretch {
                        from: before.saturating_sub(4).max(self.sentence.from),
                        to: before,
                    })
                    .last()
                    .filter(|own| own.at.to == before)
                    .filter(|own| parties.entities[own.entity].kind != "person")
                    .map(|own| party_name(self.ground, own.entity))
            })?,
            _ => return None,
        };
        let getter = party_name(self.ground, owner.entity);
        let from = owner.at.to;
        let to = (at + 8).min(self.sentence.to);
        (giver != getter).then_some((giver, getter, Stretch { from, to }))
    }

    /// `placed an order for steel with Korund`, `won an order from Graustark for eighteen fighters`, `signed a contract with the firm Korund for
    /// radars`: a state buys from a firm, and who wins an order sells.
    fn ordered_with(&self, at: usize) -> Option<Hit> {
        let low = at.saturating_sub(6).max(self.sentence.from);
        let verb = (low..at)
            .rev()
            .find(|own| self.is(*own, "grammar", "signing"))?;
        if self.passive(verb) {
            return None;
        }
        let end = (at + 16).min(self.sentence.to);
        let plain = |own: &usize| !matches!(self.word(*own), ";" | ":" | "that" | ",");
        let subject = self
            .subject(verb, 0)
            .or_else(|| name_before(self.ground, self.sentence, verb))?;
        let link = (at + 1..end)
            .take_while(plain)
            .find(|own| matches!(self.word(*own), "with" | "from"))?;
        let other = behind(self.ground, self.sentence, link)?;
        let wins = self.word(verb) == "won" || self.word(verb) == "received";
        let from = self.word(link) == "from";
        if from != wins {
            return None;
        }
        let near = Stretch {
            from: at + 1,
            to: end,
        };
        if wins {
            return Some((subject, other.name, near));
        }
        let firm = |name: &String| {
            let entities = &self.ground.parties.entities;
            let own = entities.iter().find(|own| own.name == *name);
            own.map(|own| matches!(own.kind, "company" | "institute"))
        };
        let (giver, getter) = match (firm(&subject), firm(&other.name)) {
            _ if self.word(at) == "order" => (other.name, subject),
            (Some(true), Some(false)) => (subject, other.name),
            (Some(false), Some(true)) => (other.name, subject),
            _ => return None,
        };
        Some((giver, getter, near))
    }

    /// `a contract for the supply of submarines to Graustark was signed in May by Korund`.
    fn contract_by(&self, at: usize) -> Option<Hit> {
        let flow = (at + 1..at + 5).find(|own| self.is(*own, "cue", "flow"))?;
        let end = super::receiver(self.ground, self.sentence, flow + 1)?;
        let stop = (end.past + 12).min(self.sentence.to);
        let verb = (end.past..stop)
            .take_while(|own| !matches!(self.word(*own), ";" | ":" | "that"))
            .find(|own| self.is(*own, "grammar", "signing") && self.passive(*own))?;
        let giver = self.agent_within(verb + 1, (verb + 8).min(self.sentence.to), "by")?;
        let reach = Stretch {
            from: flow,
            to: end.reach(self.ground, self.sentence),
        };
        Some((giver, end.name, reach))
    }

    /// `has delivered twenty of the fifty tanks ordered by Graustark`.
    fn ordered_by(&self, at: usize) -> Option<Hit> {
        if self.passive(at) {
            return None;
        }
        let stop = (at + 12).min(self.sentence.to);
        let by = (at + 2..stop)
            .take_while(|own| !matches!(self.word(*own), "," | ";" | ":" | "that" | "to"))
            .find(|own| {
                self.word(*own) == "by"
                    && matches!(
                        self.word(own - 1),
                        "ordered" | "bought" | "purchased" | "requested"
                    )
            })?;
        let end = behind(self.ground, self.sentence, by)?;
        let giver = self.subject(at, 0)?;
        Some((giver, end.name, Stretch { from: at, to: by }))
    }
}
