//! Who gives and who gets, by the frame of the clause: the subject behind auxiliaries, infinitives, asides and days.
//!
//! `had agreed to sell Graustark radars`, `was accused of having shipped`, `called off the shipment of tanks to Graustark`: the subject of the
//! word is that of the verb which governs it. Tried last, by [`super::transfers`]; a party that only stands nearby is never taken. To
//! grow: a verb that governs is a row in `data/reports/cues.toml`, a form of clause an arm of `Clause::subject` (`frame/subject.rs`).

mod bodies;
mod bound;
mod broad;
mod dealings;
mod forms;
mod subject;

use std::collections::BTreeSet;

use super::Hit;
use super::ends::{party_name, side_of};
use super::receiver::receiver;
use crate::gazetteer::words::Class;
use crate::statements::{Ground, Told};
use crate::tokens::{Shape, Stretch};
use crate::undertakings::{lower, state_name};

pub(super) use broad::sellers;

/// How far a noun looks back for the body it takes up, in tokens, however long the paragraphs are.
pub(super) const FAR: usize = 800;

/// What kind of word tells the transfer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Event {
    /// `sell`, `shipped`.
    Give,
    /// `bought`, `received`.
    Take,
    /// `sale`, `shipment`.
    Flow,
    /// `help`, `training`.
    Help,
    /// `assistance`, `aid`.
    Aid,
    /// `work in`.
    Work,
    /// `is building`.
    Build,
    /// `a source of missiles for`.
    Source,
    /// `had gone to`.
    Go,
    /// `on its way from`.
    Way,
    /// `approached X for`.
    Ask,
    /// `a freighter carrying`.
    Carry,
    /// `signed a contract`.
    Contract,
    /// `destined for`.
    Bound,
    /// `reached`, `arrived in`.
    Arrive,
}

/// What the page tells around a clause.
pub(super) struct Around<'a> {
    /// Who is told as giving.
    pub(super) sellers: &'a BTreeSet<String>,
    /// Giver and receiver of the last transfer told before.
    pub(super) last: Option<(&'a str, &'a str)>,
    /// Whom the page is about as a receiver.
    pub(super) topic: Option<&'a str>,
}

/// The clause in which a word stands, and the statement that covers it.
#[derive(Clone, Copy)]
struct Clause<'a, 'w> {
    ground: &'a Ground<'w>,
    sentence: Stretch,
    own: Option<&'a Told>,
    around: Option<&'a Around<'a>>,
}

/// Who does what a verb tells, and whether the text names him: a party, or the side of a speaker who says `it`.
pub(crate) fn subject_of(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    own: Option<&Told>,
) -> Option<String> {
    let clause = Clause {
        ground,
        sentence,
        own,
        around: None,
    };
    clause.subject(at, 0)
}

/// Giver, receiver and where the thing is named, for a word of giving, getting or of a flow.
pub(super) fn hit(
    ground: &Ground<'_>,
    sentence: Stretch,
    at: usize,
    own: &Told,
    event: Event,
    around: &Around<'_>,
) -> Option<Hit> {
    let clause = Clause {
        ground,
        sentence,
        own: Some(own),
        around: Some(around),
    };
    match event {
        Event::Give => clause.given(at),
        Event::Take => clause.taken(at),
        Event::Flow => clause.flows(at),
        Event::Help => clause.helped(at),
        Event::Aid => clause.aided(at),
        _ => None,
    }
    .or_else(|| clause.further(at, event))
    .or_else(|| clause.broad(at, event))
    .or_else(|| clause.told_by_place(at, event).filter(|hit| hit.0 != hit.1))
}

/// Whether the noun of a transfer tells what somebody is punished for.
pub(super) fn punished(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    let clause = Clause {
        ground,
        sentence,
        own: None,
        around: None,
    };
    clause.punished(at).is_some()
}

/// Whether a sentence in which nobody speaks tells a transfer by its noun: `cancelled the sale of`, `sanctions on X for its sales of`.
pub(super) fn spoken_of(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    let clause = Clause {
        ground,
        sentence,
        own: None,
        around: None,
    };
    let before = (at.saturating_sub(5).max(sentence.from)..at).any(|own| {
        clause.is(own, "status", "cancelled")
            || clause.is(own, "grammar", "settled")
            || clause.is(own, "grammar", "governs")
    });
    clause.punished(at).is_some()
        || clause.asked(at).is_some()
        || before && clause.flows(at).is_some()
}

/// `agreed to suspend the delivery`: a promise to end what goes on tells of it.
pub(super) fn ends_flow(ground: &Ground<'_>, sentence: Stretch, at: usize) -> bool {
    let clause = Clause {
        ground,
        sentence,
        own: None,
        around: None,
    };
    at > sentence.from + 1
        && clause.class(at - 1) == Class::Article
        && clause.is(at - 2, "grammar", "ending_flow")
}

/// Whether a word of helping tells of training.
pub(super) fn teaches(ground: &Ground<'_>, at: usize) -> bool {
    lower(ground, at).starts_with("train")
        || matches!(
            lower(ground, at),
            "taught" | "teach" | "teaching" | "teaches"
        )
}

impl<'a> Clause<'a, '_> {
    fn word(&self, at: usize) -> &'a str {
        lower(self.ground, at)
    }

    fn class(&self, at: usize) -> Class {
        let token = self.ground.work.tokens.all.get(at);
        token.map_or(Class::None, |token| token.class)
    }

    fn is(&self, at: usize, group: &str, list: &str) -> bool {
        let (words, tokens) = (self.ground.work.words, &self.ground.work.tokens);
        tokens.is(words, at, group, list)
    }

    /// `is`, `was` or `been` right before the verb, adverbs stepped over.
    fn passive(&self, at: usize) -> bool {
        let mut place = at;
        while place > self.sentence.from && self.class(place - 1) == Class::Adverb {
            place -= 1;
        }
        place > self.sentence.from
            && self.class(place - 1) == Class::Be
            && !self.word(at).ends_with("ing")
    }

    /// `sold Graustark radars`, `had agreed to sell radars to Graustark`, `denies that radars were sold to Graustark`.
    fn given(&self, at: usize) -> Option<Hit> {
        if self.passive(at) {
            let end = receiver(self.ground, self.sentence, at + 1)?;
            // `denied that a single tank had been passed on to Graustark`: what is denied is one's own doing.
            let own = self.own?;
            let answers = matches!(own.record.kind, "denied" | "conceded")
                && own.cue < at
                && self.word(end.past) != "by";
            let giver = self
                .firm_speaking()
                .or_else(|| side_of(self.ground, own))
                .filter(|_| answers)?;
            let from = own.content.from.clamp(self.sentence.from, at);
            return Some((giver, end.name, Stretch { from, to: at }));
        }
        // `exported by Krahl to a dealer`: told of the thing, and not what the subject does.
        if self.word(at + 1) == "by" && !self.word(at).ends_with("ing") {
            return None;
        }
        let giver = self.subject(at, 0)?;
        if let Some((name, past)) = self.object(at + 1) {
            let reach = Stretch {
                from: past,
                to: (past + 16).min(self.sentence.to),
            };
            return Some((giver, name, reach));
        }
        let end = receiver(self.ground, self.sentence, at + 1)?;
        let reach = Stretch {
            from: at,
            to: end.reach(self.ground, self.sentence),
        };
        Some((giver, end.name, reach))
    }

    /// The firm named in the phrase of the speaker: `a spokesman for Korund, Ivan Petrov, denied`.
    fn firm_speaking(&self) -> Option<String> {
        let lead = Stretch {
            from: self.sentence.from,
            to: self.own?.cue.max(self.sentence.from),
        };
        let parties = &self.ground.parties;
        parties
            .within(lead)
            .find(|own| {
                let kind = parties.entities.get(own.entity).map(|own| own.kind);
                matches!(kind, Some("company" | "institute"))
            })
            .map(|own| party_name(self.ground, own.entity))
    }

    /// `are helping Graustark's missile program`, `Graustark students are trained in Ruritanian institutes`.
    fn helped(&self, at: usize) -> Option<Hit> {
        let trains = self.word(at).starts_with("train");
        let of = usize::from(self.word(at + 1) == "of");
        if trains && (of == 1 || self.passive(at)) {
            return self.trained(at, of);
        }
        let giver = self.subject(at, 0)?;
        let (name, past) = self.owner(at + 1)?;
        let reach = Stretch {
            from: at,
            to: (past + 14).min(self.sentence.to),
        };
        (giver != name).then_some((giver, name, reach))
    }

    /// `the training of Graustark officers in Ruritanian schools`: people of one side, taught at places of another.
    fn trained(&self, at: usize, of: usize) -> Option<Hit> {
        let parties = &self.ground.parties;
        let low = at.saturating_sub(8).max(self.sentence.from);
        let pupils = if of == 1 {
            (at + 2..at + 8)
                .take_while(|own| {
                    !matches!(self.word(*own), "in" | "at" | "by" | ",")
                        || self.word(own + 1) == "least"
                })
                .find_map(|own| parties.demonym(own))
        } else {
            (low..at).rev().find_map(|place| parties.demonym(place))
        }?;
        let place = (at + 1..(at + 8).min(self.sentence.to)).find(|place| {
            matches!(self.word(*place), "in" | "at" | "by") && self.word(place + 1) != "least"
        })?;
        let first = place + 1 + usize::from(self.class(place + 1) == Class::Article);
        // `at Ruritania's Polytechnic Academy`: the school.
        let first = match parties.at(first) {
            Some(mention)
                if self.word(mention.at.to) == "'s" && parties.at(mention.at.to + 1).is_some() =>
            {
                mention.at.to + 1
            }
            _ => first,
        };
        let giver = match parties.at(first) {
            Some(mention) if self.word(mention.at.to) != "'s" => {
                let entity = parties.entities.get(mention.entity)?;
                (entity.country.as_deref() != Some(pupils))
                    .then(|| party_name(self.ground, mention.entity))
            }
            _ => {
                let code = parties.demonym(first).filter(|code| *code != pupils)?;
                let last = (first + 1..first + 4)
                    .take_while(|own| self.common(*own) && self.word(*own).len() > 1)
                    .last()?;
                self.people(first, last, code)
            }
        }?;
        let name = state_name(self.ground, pupils)?;
        Some((
            giver,
            name,
            Stretch {
                from: at,
                to: first,
            },
        ))
    }

    /// A party or people of a state right here, owners of what follows too: `Graustark's missile program`, `Graustark engineers`.
    fn owner(&self, at: usize) -> Option<(String, usize)> {
        let place = at + usize::from(self.class(at) == Class::Article);
        let parties = &self.ground.parties;
        if let Some(mention) = parties.at(place) {
            let kind = parties.entities.get(mention.entity)?.kind;
            return (kind != "person")
                .then(|| (party_name(self.ground, mention.entity), mention.at.to));
        }
        let code = parties.demonym(place)?;
        // `the Graustark and Ruritanian`, `Graustark-made`: no phrase of one side.
        let plain = !matches!(self.word(place + 1), "-" | "and");
        state_name(self.ground, code)
            .filter(|_| plain)
            .map(|name| (name, place + 1))
    }

    /// `Ruritanian assistance to Graustark's missile program`, `participation by Ruritanian experts in Graustark efforts to build missiles`.
    fn aided(&self, at: usize) -> Option<Hit> {
        if self.own?.record.kind == "denied" {
            return None;
        }
        let parties = &self.ground.parties;
        let end = (at + 18).min(self.sentence.to);
        let mut link = at + 1;
        let mut giver = None;
        if matches!(self.word(link), "by" | "from") {
            let first = link + 1;
            if let Some(mention) = parties.at(first) {
                giver = Some(party_name(self.ground, mention.entity));
                link = mention.at.to;
            } else {
                let code = parties.demonym(first)?;
                let last = (first + 1..first + 4)
                    .take_while(|own| self.common(*own))
                    .last()?;
                giver = self.people(first, last, code);
                link = last + 1;
            }
        }
        if !matches!(self.word(link), "to" | "for" | "with" | "in") {
            return None;
        }
        let (name, past) = self.owner(link + 1)?;
        let giver = giver.or_else(|| {
            let low = at.saturating_sub(4).max(self.sentence.from);
            (low..at).rev().find_map(|place| {
                if let Some(code) = parties.demonym(place) {
                    return state_name(self.ground, code);
                }
                let mention = parties.at(place)?;
                (self.word(mention.at.to) == "'s").then(|| party_name(self.ground, mention.entity))
            })
        })?;
        let reach = Stretch {
            from: at.saturating_sub(3).max(self.sentence.from),
            to: (past + 8).min(end),
        };
        // Help to be rid of a thing brings none.
        let undoes = (past..reach.to).any(|own| {
            let word = self.word(own);
            word.starts_with("dismantl") || word.starts_with("destr") || word.starts_with("secur")
        });
        (giver != name && !undoes).then_some((giver, name, reach))
    }

    /// A common noun or adjective.
    fn common(&self, at: usize) -> bool {
        let token = self.ground.work.tokens.all.get(at);
        token.is_some_and(|token| token.shape == Shape::Word && token.class == Class::None)
    }

    /// A party right behind a verb of giving, with what it is given behind it: `sell Graustark radars`, `supply Graustark with radars`.
    fn object(&self, at: usize) -> Option<(String, usize)> {
        let place = at + usize::from(self.word(at) == "the");
        let mention = self.ground.parties.at(place)?;
        let entity = self.ground.parties.entities.get(mention.entity)?;
        let past = mention.at.to;
        // `provided Graustark's missile program with graphite`.
        let owned = self.word(past) == "'s"
            && (past + 1..past + 6)
                .take_while(|own| self.common(*own) || self.word(*own) == "-")
                .last()
                .is_some_and(|last| self.word(last + 1) == "with");
        let goes_on = self.word(past) == "with"
            || owned
            || matches!(self.class(past), Class::None | Class::Article)
                && self
                    .ground
                    .work
                    .tokens
                    .all
                    .get(past)
                    .is_some_and(|next| matches!(next.shape, Shape::Word | Shape::Number))
                && self.word(past) != "'s";
        (entity.kind != "person" && goes_on && past < self.sentence.to)
            .then(|| (party_name(self.ground, mention.entity), past))
    }

    /// `his country had bought missiles from Graustark`, `ordered by the Atal group from the Korund plant`, `no launcher had been received from
    /// Graustark`.
    fn taken(&self, at: usize) -> Option<Hit> {
        if let Some(hit) = self.foreign(at, at) {
            return Some(hit);
        }
        let from = (at + 1..(at + 18).min(self.sentence.to))
            .take_while(|place| {
                !matches!(self.word(*place), ";" | ":" | "to") && self.class(*place) != Class::That
            })
            .find(|place| self.word(*place) == "from")?;
        let giver = self.source(from + 1)?;
        let by = (at + 1..from).find(|place| self.word(*place) == "by");
        let (low, getter) = match by {
            Some(by) => (at.saturating_sub(12), self.source(by + 1)),
            None if self.passive(at) => {
                let own = self.own?;
                let side = side_of(self.ground, own).filter(|_| own.cue < at);
                (own.content.from, side)
            }
            None => (at, self.subject(at, 0)),
        };
        let reach = Stretch {
            from: low.clamp(self.sentence.from, at),
            to: if low == at { from } else { at },
        };
        Some((giver, getter?, reach))
    }

    /// `has bought Ruritanian submarines`, `took delivery of its third Ruritanian submarine`: whose make is told gives.
    fn foreign(&self, at: usize, verb: usize) -> Option<Hit> {
        if self.passive(verb) {
            return None;
        }
        let end = (at + 14).min(self.sentence.to);
        if (at + 1..end).any(|place| self.word(place) == "from") {
            return None;
        }
        let place = (at + 1..(at + 6).min(end)).find(|place| {
            self.ground.parties.demonym(*place).is_some()
                && self.ground.parties.at(*place).is_none()
                && self.word(place + 1) != "-"
        })?;
        let stretch = at + 1..place;
        let joined = stretch.into_iter().all(|own| {
            matches!(self.class(own), Class::Article | Class::None) || self.word(own) == "of"
        });
        let code = self.ground.parties.demonym(place).filter(|_| joined)?;
        let giver = state_name(self.ground, code)?;
        let getter = self.subject(verb, 0)?;
        let reach = Stretch {
            from: place,
            to: (place + 5).min(end),
        };
        (giver != getter).then_some((giver, getter, reach))
    }

    /// The party of the phrase behind "from" or "by": a firm or a body before a state, and a state only where the phrase ends with it.
    fn source(&self, from: usize) -> Option<String> {
        let parties = &self.ground.parties;
        let mut at = from;
        let mut state = None;
        let mut people = None;
        while at < (from + 9).min(self.sentence.to) {
            if let Some(mention) = parties.at(at) {
                let entity = parties.entities.get(mention.entity)?;
                if self.word(mention.at.to) == "'s" {
                    return None;
                }
                if entity.kind != "state" && entity.kind != "person" {
                    return Some(party_name(self.ground, mention.entity));
                }
                if entity.kind == "person" {
                    return None;
                }
                state = Some(party_name(self.ground, mention.entity));
                at = mention.at.to;
                continue;
            }
            if let Some(code) = parties.demonym(at)
                && people.is_none()
            {
                people = Some((at, code));
                at += 1;
                continue;
            }
            let token = self.ground.work.tokens.all.get(at)?;
            let phrase = matches!(token.shape, Shape::Word | Shape::Number)
                && matches!(token.class, Class::None | Class::Article | Class::Noun(_));
            if !phrase {
                break;
            }
            // Nouns behind a state: it is their place, and not who gives.
            if token.class == Class::None && state.is_some() {
                state = None;
            }
            at += 1;
        }
        // `from Graustark firms`: they, where no body is named.
        let told = people
            .filter(|_| state.is_none())
            .filter(|_| self.agent(at - 1))
            .and_then(|(first, code)| self.people(first, at - 1, code));
        state.or(told)
    }

    /// Whether an article stands right before: a participle there is an adjective.
    fn determined(&self, at: usize) -> bool {
        at > self.sentence.from && self.class(at - 1) == Class::Article
    }

    /// A noun of people or bodies that can give.
    fn agent(&self, at: usize) -> bool {
        self.is(at, "grammar", "agents")
            || self.is(at, "body", "firm")
            || self.is(at, "commitment", "side")
    }

    /// `called off the shipment of tanks to Graustark`, `go ahead with the sale of radars to Graustark`.
    fn flows(&self, at: usize) -> Option<Hit> {
        if !matches!(self.word(at + 1), "of" | "to") {
            return None;
        }
        // `has taken delivery of Ruritanian missiles`.
        let takes = self.word(at) == "delivery"
            && at > self.sentence.from
            && matches!(
                self.word(at - 1),
                "take" | "takes" | "taken" | "took" | "taking"
            );
        if takes {
            return self.foreign(at, at - 1);
        }
        let end = receiver(self.ground, self.sentence, at + 1)?;
        // `arranged the shipment of aluminium from Ruritania to Graustark`: the way tells who gives.
        let way = (at + 1..end.to)
            .any(|own| self.word(own) == "from" && self.ground.parties.at(own + 1).is_some());
        if way {
            return None;
        }
        // `a planned sale`: no verb.
        let mut start = at;
        while start > self.sentence.from
            && matches!(self.class(start - 1), Class::None | Class::Article)
            && self.ground.work.tokens.all[start - 1].shape == Shape::Word
            && (!self.is(start - 1, "grammar", "governs") || self.determined(start - 1))
            && self.word(start - 1) != "its"
        {
            start -= 1;
        }
        if start == self.sentence.from {
            return None;
        }
        let mut verb = start - 1;
        if matches!(self.word(verb), "its" | "their" | "our") && verb > self.sentence.from {
            verb -= 1;
        }
        // `go ahead with`, `called off`.
        while matches!(self.word(verb), "with" | "ahead" | "off" | "on" | "in")
            && verb > self.sentence.from
        {
            verb -= 1;
        }
        if !self.is(verb, "grammar", "governs") {
            return None;
        }
        let giver = self.subject(verb, 0)?;
        let reach = Stretch {
            from: start,
            to: end.reach(self.ground, self.sentence),
        };
        Some((giver, end.name, reach))
    }
}
