//! What is carried, contracted for, asked for or approved, and what was built with help: the ends of these by their small words.
//!
//! Tried by [`Clause::broad`]. To grow: a function here and an arm there.

use super::Clause;
use crate::gazetteer::words::Class;
use crate::tokens::Stretch;
use crate::transfers::Hit;
use crate::transfers::ends::party_name;
use crate::transfers::loose::name_before;
use crate::transfers::receiver::behind;
use crate::undertakings::state_name;

impl Clause<'_, '_> {
    /// `seized a Ruritanian freighter carrying missile parts to Graustark`: whose ship it is, where no other place is told.
    pub(super) fn carried(&self, at: usize) -> Option<Hit> {
        let end = (at + 1..(at + 16).min(self.sentence.to))
            .take_while(|own| !matches!(self.word(*own), "," | ";" | "that" | "when"))
            .find(|own| {
                self.word(*own) == "to"
                    || self.word(*own) == "for" && self.is(own - 1, "grammar", "heading")
            })
            .and_then(|own| behind(self.ground, self.sentence, own))?;
        let reach = Stretch {
            from: at,
            to: end.to,
        };
        if let Some(giver) = self
            .agent_within(at + 1, end.to, "from")
            .or_else(|| self.agent_within(end.past, end.past + 3, "from"))
        {
            return Some((giver, end.name, reach));
        }
        let noun = at.checked_sub(1).filter(|own| *own > self.sentence.from)?;
        if !self.is(noun, "grammar", "vessels") {
            return None;
        }
        let code = (noun.saturating_sub(4).max(self.sentence.from)..noun)
            .rev()
            .find_map(|own| self.ground.parties.demonym(own))?;
        Some((state_name(self.ground, code)?, end.name, reach))
    }

    /// `signed a contract with Korund for nine radars`: of the two sides the one that the page tells as giving gives.
    pub(super) fn contract(&self, at: usize) -> Option<Hit> {
        let low = at.saturating_sub(6).max(self.sentence.from);
        // `a contract worth $58 million was concluded with X`.
        let passive = || {
            (at + 1..(at + 9).min(self.sentence.to))
                .take_while(|own| !matches!(self.word(*own), "," | ";" | "that"))
                .find(|own| self.is(*own, "grammar", "signing") && self.passive(*own))
        };
        let verb = (low..at)
            .rev()
            .find(|own| self.is(*own, "grammar", "signing"))
            .or_else(passive)?;
        if verb > at {
            let with = (verb + 1..verb + 3).find(|own| self.word(*own) == "with")?;
            let end = behind(self.ground, self.sentence, with)?;
            let giver = self.speaking(at, &end.name)?;
            let reach = Stretch {
                from: end.past,
                to: (end.past + 16).min(self.sentence.to),
            };
            return Some((giver, end.name, reach));
        }
        let end = (at + 16).min(self.sentence.to);
        let plain = |own: &usize| !matches!(self.word(*own), ";" | ":" | "that");
        let with = (at + 1..end)
            .take_while(plain)
            .find(|own| self.word(*own) == "with");
        let subject = if self.passive(verb) {
            None
        } else {
            self.subject(verb, 0)
        }
        .or_else(|| name_before(self.ground, self.sentence, verb))?;
        let (other, past) = match with {
            Some(with) => {
                behind(self.ground, self.sentence, with).map(|own| (own.name, own.past))?
            }
            // `signed a contract in Harbourtown for`: the seat of the other side.
            None => {
                let place = (at + 1..at + 3).find(|own| self.word(*own) == "in")?;
                let own = self.ground.parties.at(place + 1)?;
                let kind = self.ground.parties.entities[own.entity].kind;
                (kind == "state").then(|| (party_name(self.ground, own.entity), own.at.to))?
            }
        };
        let link = (past..end)
            .take_while(plain)
            .find(|own| matches!(self.word(*own), "for" | "to" | "on" | "under"))?;
        let reach = Stretch {
            from: link,
            to: (link + 14).min(self.sentence.to),
        };
        // `to supply`, `for the delivery of`, `to buy`, `for the purchase of`.
        let near = link + 1..(link + 4).min(self.sentence.to);
        let gives = near
            .clone()
            .any(|own| self.is(own, "cue", "give") || self.is(own, "cue", "flow"));
        let takes = near.clone().any(|own| self.is(own, "cue", "take"));
        let known = |name: &String| self.sellers().is_some_and(|sellers| sellers.contains(name));
        let (giver, getter) = match (known(&subject), known(&other)) {
            _ if takes || self.word(at) == "order" => (other, subject),
            // An agreement may be on anything: only one on a delivery tells of it.
            _ if self.word(at) == "agreement" && !gives => return None,
            (false, true) if self.word(at) != "agreement" => (other, subject),
            (true, false) => (subject, other),
            _ if gives => (subject, other),
            _ => return None,
        };
        Some((giver, getter, reach))
    }

    /// `stopped tubes on their way from the Korund works to the Baghdad firm X`.
    pub(super) fn on_its_way(&self, at: usize) -> Option<Hit> {
        let from =
            (at + 1..(at + 3).min(self.sentence.to)).find(|own| self.word(*own) == "from")?;
        let source = behind(self.ground, self.sentence, from)?;
        let to = (source.past..(source.past + 3).min(self.sentence.to))
            .find(|own| self.word(*own) == "to")?;
        let end = behind(self.ground, self.sentence, to)?;
        let low = at.saturating_sub(16).max(self.sentence.from);
        Some((source.name, end.name, Stretch { from: low, to: at }))
    }

    /// `had approached the Korund works for missiles`, `has turned to Ruritania for tanks`.
    pub(super) fn asks(&self, at: usize) -> Option<Hit> {
        let to = match (self.word(at), self.word(at + 1)) {
            ("turned", "to") => at + 1,
            ("turned", _) => return None,
            _ => at,
        };
        let source = behind(self.ground, self.sentence, to)?;
        let link = (source.past..(source.past + 2).min(self.sentence.to))
            .find(|own| self.word(*own) == "for")?;
        let getter = self.subject(at, 0)?;
        let reach = Stretch {
            from: link,
            to: (link + 10).min(self.sentence.to),
        };
        Some((source.name, getter, reach))
    }

    /// `Graustark's new plant was built with Ruritanian help`.
    pub(super) fn built_with(&self, at: usize) -> Option<Hit> {
        let parties = &self.ground.parties;
        let low = at.saturating_sub(4).max(self.sentence.from + 1);
        let with = (low..at).rev().find(|own| self.word(*own) == "with")?;
        let code = (with + 1..at).find_map(|own| parties.demonym(own))?;
        let be = (with.saturating_sub(5).max(self.sentence.from)..with)
            .rev()
            .find(|own| self.class(*own) == Class::Be)?;
        let owner = parties
            .within(Stretch {
                from: be.saturating_sub(12).max(self.sentence.from),
                to: be,
            })
            .find(|own| {
                parties.entities[own.entity].kind == "state" && self.word(own.at.to) == "'s"
            })?;
        let giver = state_name(self.ground, code)?;
        let getter = party_name(self.ground, owner.entity);
        Some((
            giver,
            getter,
            Stretch {
                from: owner.at.to,
                to: be,
            },
        ))
    }

    /// `has approved the purchase of fighters from Ruritania`.
    pub(super) fn approved(&self, at: usize) -> Option<Hit> {
        if self.word(at + 1) != "of" || at < self.sentence.from + 3 {
            return None;
        }
        let mut verb = at - 1;
        while verb > self.sentence.from
            && matches!(self.class(verb), Class::Article | Class::None)
            && !self.is(verb, "grammar", "governs")
        {
            verb -= 1;
        }
        if !self.is(verb, "grammar", "governs") {
            return None;
        }
        let from = (at + 2..(at + 16).min(self.sentence.to))
            .take_while(|own| !matches!(self.word(*own), ";" | ":" | "that"))
            .find(|own| self.word(*own) == "from")?;
        let giver = behind(self.ground, self.sentence, from)?.name;
        let getter = self.subject(verb, 0)?;
        Some((giver, getter, Stretch { from: at, to: from }))
    }
}
