//! Further forms of clause: a thing told by who sold it, a thing of a country's make, a punishment and what it is for, people at work
//! abroad, and what is built for another.
//!
//! Tried behind the plain forms of the frame. Each needs both sides named in the clause. To grow: a form is a function here and a word in
//! `data/reports/cues.toml`.

use super::{Clause, Event};
use crate::gazetteer::words::Class;
use crate::parties::slug;
use crate::tokens::{Shape, Stretch};
use crate::transfers::Hit;
use crate::transfers::ends::{agent_at, for_state, party_name};
use crate::transfers::loose::name_before;
use crate::transfers::receiver::receiver;
use crate::undertakings::state_name;

impl Clause<'_, '_> {
    /// One of the further forms at a word.
    pub(super) fn further(&self, at: usize, event: Event) -> Option<Hit> {
        match event {
            Event::Give => self
                .kept(at)
                .or_else(|| self.reduced(at))
                .or_else(|| self.made(at)),
            Event::Take => self.accepted(at),
            Event::Flow => self
                .by_whom(at)
                .or_else(|| self.punished(at))
                .or_else(|| self.asked(at))
                .or_else(|| self.accepted(at)),
            Event::Work => self.works(at),
            Event::Build => self.built(at).or_else(|| self.builds(at)),
            Event::Source => self.sources(at),
            _ => None,
        }
    }

    /// `has kept Graustark supplied with mortars`.
    fn kept(&self, at: usize) -> Option<Hit> {
        if self.word(at + 1) != "with" || at == self.sentence.from {
            return None;
        }
        let mention = self.ground.parties.at(at - 1)?;
        let verb = (mention.at.from.saturating_sub(6).max(self.sentence.from)..mention.at.from)
            .rev()
            .find(|own| matches!(self.word(*own), "kept" | "keep" | "keeps" | "keeping"))?;
        let giver = self.subject(verb, 0)?;
        let getter = party_name(self.ground, mention.entity);
        let reach = Stretch {
            from: at,
            to: (at + 14).min(self.sentence.to),
        };
        (giver != getter).then_some((giver, getter, reach))
    }

    /// `tanks built by the Korund works for the Graustark army`.
    fn built(&self, at: usize) -> Option<Hit> {
        if self.word(at + 1) != "by" {
            return None;
        }
        let giver = agent_at(self.ground, self.sentence, at + 2)?;
        let link = (at + 3..(at + 10).min(self.sentence.to))
            .take_while(|own| !matches!(self.word(*own), "," | ";" | "to"))
            .find(|own| self.word(*own) == "for")?;
        let article = usize::from(self.class(link + 1) == Class::Article);
        let getter = self.place(link + 1 + article)?;
        let reach = Stretch {
            from: at.saturating_sub(8).max(self.sentence.from),
            to: at,
        };
        (giver != getter).then_some((giver, getter, reach))
    }

    /// `arms sold by Ruritania to Graustark`, `arms sold to Graustark by Ruritania`: told of the thing itself.
    fn reduced(&self, at: usize) -> Option<Hit> {
        let noun = at > self.sentence.from && self.common(at - 1);
        if !noun || self.word(at).ends_with("ing") {
            return None;
        }
        let low = at.saturating_sub(8).max(self.sentence.from);
        let reach = Stretch { from: low, to: at };
        if self.word(at + 1) == "by" {
            let giver = agent_at(self.ground, self.sentence, at + 2)?;
            let end = receiver(self.ground, self.sentence, at + 2)?;
            // A verb between: the thing is another's by then.
            let near = (at + 2..end.to).all(|own| {
                !matches!(self.class(own), Class::Be | Class::Have | Class::Modal)
                    && self.word(own) != ","
            });
            return (near && giver != end.name).then_some((giver, end.name, reach));
        }
        let end = receiver(self.ground, self.sentence, at + 1).filter(|end| end.to == at + 1)?;
        if self.word(end.past) != "by" {
            return None;
        }
        let giver = agent_at(self.ground, self.sentence, end.past + 1)?;
        (giver != end.name).then_some((giver, end.name, reach))
    }

    /// `Ruritanian arms had been transferred to Graustark`: whose make is told gives, where no other is named.
    fn made(&self, at: usize) -> Option<Hit> {
        if !self.passive(at) {
            return None;
        }
        let end = receiver(self.ground, self.sentence, at + 1)?;
        let told = (at + 1..(end.past + 4).min(self.sentence.to))
            .any(|own| matches!(self.word(own), "by" | "from" | "through" | "via"));
        if told {
            return None;
        }
        let parties = &self.ground.parties;
        let low = at.saturating_sub(12).max(self.sentence.from);
        let place = (low..at).rev().find(|own| {
            parties.demonym(*own).is_some()
                && self.word(own + 1) != "-"
                && !self.ground.work.tokens.all[own + 1].capital
        })?;
        // No other party, no preposition and no clause between the word and its verb.
        let plain = (place + 1..at).all(|own| {
            parties.at(own).is_none()
                && !matches!(self.word(own), "to" | "by" | "from" | "in" | "," | "and")
                && !self.agent(own)
        });
        let opens = place == self.sentence.from
            || matches!(self.class(place - 1), Class::That | Class::Article)
            || self.ground.work.tokens.all[place - 1].shape == Shape::Number
            || self.is(place - 1, "grammar", "numerals")
            || matches!(self.word(place - 1), "some" | "several" | "many" | ",");
        let giver = state_name(self.ground, parties.demonym(place)?)?;
        let reach = Stretch {
            from: place,
            to: at,
        };
        (plain && opens && giver != end.name).then_some((giver, end.name, reach))
    }

    /// `had taken delivery of eight aircraft from Ruritania`.
    fn accepted(&self, at: usize) -> Option<Hit> {
        let takes = self.word(at) == "delivery"
            && self.word(at + 1) == "of"
            && at > self.sentence.from
            && matches!(
                self.word(at - 1),
                "take" | "takes" | "taken" | "took" | "taking" | "accepted" | "accept"
            );
        if !takes {
            return None;
        }
        let from = (at + 2..(at + 16).min(self.sentence.to))
            .take_while(|own| !matches!(self.word(*own), ";" | ":"))
            .find(|own| self.word(*own) == "from")?;
        let giver = self.source(from + 1)?;
        let getter = self.subject(at - 1, 0)?;
        let reach = Stretch { from: at, to: from };
        (giver != getter).then_some((giver, getter, reach))
    }

    /// `sanctions on three Ruritanian firms for their sales of missiles to Graustark`: who is punished gave.
    pub(super) fn punished(&self, at: usize) -> Option<Hit> {
        let low = at.saturating_sub(4).max(self.sentence.from + 1);
        let because = (low..at).rev().find(|own| self.word(*own) == "for")?;
        let plain = (because + 1..at).all(|own| {
            matches!(
                self.class(own),
                Class::Article | Class::None | Class::Adverb
            )
        });
        let first = because.saturating_sub(16).max(self.sentence.from);
        let punishes = (first..because).any(|own| self.is(own, "grammar", "punishing"));
        if !plain || !punishes {
            return None;
        }
        let (giver, _) = self.phrase(because - 1, 0);
        let end = receiver(self.ground, self.sentence, at + 1)?;
        let reach = Stretch {
            from: because,
            to: end.reach(self.ground, self.sentence),
        };
        let giver = giver.filter(|own| *own != end.name)?;
        Some((giver, end.name, reach))
    }

    /// `asked Ruritania to reconsider its planned delivery of missiles to Graustark`: whom it is asked of gives.
    pub(super) fn asked(&self, at: usize) -> Option<Hit> {
        let low = at.saturating_sub(3).max(self.sentence.from);
        let its = (low..at)
            .rev()
            .find(|own| matches!(self.word(*own), "its" | "their"))?;
        // `has banned Korund from trading because of its sales`: the firm named last.
        let because = its > self.sentence.from + 1
            && (self.word(its - 1) == "for"
                || self.word(its - 1) == "of" && self.word(its - 2) == "because");
        if because {
            let parties = &self.ground.parties;
            let end = receiver(self.ground, self.sentence, at + 1)?;
            let firm = parties
                .within(Stretch {
                    from: its.saturating_sub(16).max(self.sentence.from),
                    to: its,
                })
                .filter(|own| matches!(parties.entities[own.entity].kind, "company" | "institute"))
                .last()?;
            let giver = party_name(self.ground, firm.entity);
            let reach = Stretch {
                from: its,
                to: end.reach(self.ground, self.sentence),
            };
            return (giver != end.name).then_some((giver, end.name, reach));
        }
        let first = its.saturating_sub(5).max(self.sentence.from + 2);
        let to = (first..its)
            .rev()
            .find(|own| self.word(*own) == "to" && self.ground.parties.at(own - 1).is_some())?;
        let mention = self.ground.parties.at(to - 1)?;
        let kind = self.ground.parties.entities.get(mention.entity)?.kind;
        let verb = mention.at.from.checked_sub(1)?;
        let asks = self.verbal(verb) && self.class(verb) != Class::Be;
        let end = receiver(self.ground, self.sentence, at + 1)?;
        let giver = party_name(self.ground, mention.entity);
        let fits = asks && kind != "person" && giver != end.name;
        let reach = Stretch {
            from: its,
            to: end.reach(self.ground, self.sentence),
        };
        fits.then_some((giver, end.name, reach))
    }

    /// `Ruritanian missile technicians continue to work in Graustark`: people of one country at work in another.
    fn works(&self, at: usize) -> Option<Hit> {
        if !matches!(self.word(at + 1), "in" | "at" | "for" | "on") {
            return None;
        }
        // `have been at work in`.
        let verb = at - usize::from(at > self.sentence.from && self.word(at - 1) == "at");
        let giver = self.subject(verb, 0)?;
        // Only people told by their calling: a state that works in another gives nothing. The people of a firm stand for it.
        let last = giver.rsplit(' ').next()?;
        let people = giver.contains(' ') && self.ground.work.words.is("grammar", "experts", last);
        let of_firm = (verb.saturating_sub(12).max(self.sentence.from)..verb)
            .any(|own| self.is(own, "grammar", "experts"))
            && self
                .ground
                .parties
                .by_id(&slug(&giver))
                .is_some_and(|own| matches!(own.kind, "company" | "institute"));
        if !people && !of_firm {
            return None;
        }
        let end = (at + 8).min(self.sentence.to);
        let place = (at + 1..end)
            .filter(|own| matches!(self.word(*own), "in" | "for"))
            .find_map(|own| self.place(own + 1))?;
        let reach = Stretch {
            from: at,
            to: (at + 1).min(self.sentence.to),
        };
        (!giver.starts_with(&place)).then_some((giver, place, reach))
    }

    /// `the sale by Ruritania of two turbines to Graustark`.
    fn by_whom(&self, at: usize) -> Option<Hit> {
        if self.word(at + 1) != "by" {
            return None;
        }
        let giver = agent_at(self.ground, self.sentence, at + 2)?;
        let of = (at + 2..(at + 9).min(self.sentence.to)).find(|own| self.word(*own) == "of")?;
        let end = receiver(self.ground, self.sentence, of + 1)?;
        let reach = Stretch {
            from: of,
            to: end.to,
        };
        (giver != end.name).then_some((giver, end.name, reach))
    }

    /// `Ruritanian firms remained a source of missile parts for Graustark`.
    fn sources(&self, at: usize) -> Option<Hit> {
        if self.word(at + 1) != "of" {
            return None;
        }
        let low = at.saturating_sub(6).max(self.sentence.from);
        let verb = (low..at).rev().find(|own| {
            self.class(*own) == Class::Be
                || matches!(
                    self.word(*own),
                    "remain" | "remains" | "remained" | "become" | "became"
                )
        })?;
        let giver = self.subject(verb, 0)?;
        let end = (at + 12).min(self.sentence.to);
        // `of the missiles for Graustark`, `of the missiles that Graustark tested`.
        let link = (at + 2..end)
            .take_while(|own| !matches!(self.word(*own), "," | ";" | ":"))
            .find(|own| {
                matches!(self.word(*own), "for" | "to" | "that" | "which")
                    && self.place(own + 1).is_some()
            })?;
        let getter = self.place(link + 1)?;
        let reach = Stretch { from: at, to: link };
        (giver != getter).then_some((giver, getter, reach))
    }

    /// A state named right here, or the owner of what follows: `Graustark`, `Graustark's missile plants`.
    fn place(&self, at: usize) -> Option<String> {
        let parties = &self.ground.parties;
        if let Some(mention) = parties.at(at) {
            let kind = parties.entities.get(mention.entity)?.kind;
            // `for the Graustark army`.
            let own = party_name(self.ground, mention.entity);
            let state = for_state(self.ground, own.clone());
            return (kind == "state" || state != own).then_some(state);
        }
        parties
            .demonym(at)
            .filter(|_| self.common(at + 1))
            .and_then(|code| state_name(self.ground, code))
    }

    /// `is building a reactor in Graustark`, `the reactor that it is building for Graustark`.
    fn builds(&self, at: usize) -> Option<Hit> {
        if self.passive(at) || self.determined(at) {
            return None;
        }
        let end = (at + 12).min(self.sentence.to);
        let link = (at + 1..end)
            .take_while(|own| !matches!(self.word(*own), ";" | ":" | "," | "to"))
            .find(|own| matches!(self.word(*own), "for" | "in") && self.place(own + 1).is_some())?;
        let getter = self.place(link + 1)?;
        let giver = self
            .subject(at, 0)
            .or_else(|| name_before(self.ground, self.sentence, at))?;
        // `the reactor that it is building`.
        let before = (at.saturating_sub(4).max(self.sentence.from)..at)
            .any(|own| matches!(self.word(own), "that" | "which"))
            && link == at + 1;
        let reach = Stretch {
            from: if before {
                at.saturating_sub(10).max(self.sentence.from)
            } else {
                at
            },
            to: if before { at } else { link },
        };
        (giver != getter).then_some((giver, getter, reach))
    }
}
