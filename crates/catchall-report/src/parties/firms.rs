//! Firms whose names have no form of their own: told by what stands beside them.
//!
//! `Drevo Maschinen, a builder of lathes`, `the shipper, Harcourt Instruments,`, `Imbach Chemie of Lahr sold`: what makes a firm of the
//! capitalised words is a noun in `data/reports/bodies.toml`. Later the first word may stand alone. To grow: a noun there.

use super::Reader;
use crate::gazetteer::words::{Class, Form};
use crate::gazetteer::{Name, Word};
use crate::tokens::Shape;
use crate::tokens::Stretch;

impl Reader<'_> {
    /// A firm told by its neighbours; the token behind.
    pub(super) fn firm(&mut self, at: usize) -> Option<usize> {
        let plain = matches!(
            self.tokens.all[at].class,
            Class::None | Class::Verb(..) | Class::Noun(_)
        );
        if !self.capital(at)
            || !plain
            || self.folded(at).len() < 3
            || self.tokens.calendar(at).is_some()
            || self.demonym(at).is_some()
            || self.office(at) > 0
            || self.tokens.is(self.words, at, "cue", "address")
        {
            return None;
        }
        let end = self.name_end(at);
        // `the Joint Plan of Action says`: what is agreed on is no firm.
        let agreed = (at..end).any(|place| {
            ["agreement", "treaty", "law", "order", "contract", "list"]
                .iter()
                .any(|list| self.tokens.is(self.words, place, "instrument", list))
                || self.tokens.is(self.words, place, "grammar", "unspeaking")
        });
        if agreed || self.shouted(at, end) || self.institution(at, end) {
            return None;
        }
        // `Secretary for Export Control Roger Name`: the person behind the office stands at the end of the run.
        let person = (at + 1..end.saturating_sub(1))
            .any(|place| self.words.given(self.folded(place)) && end - place <= 3);
        if person {
            return None;
        }
        let told = self.apposed(end)
            || self.announced(at, end)
            || self.seated(at, end)
            || self.deals(at, end)
            || self.ends_like_firm(at, end)
            || self.headed(end);
        // `the Krasnoye Sormovo shipyard`: a name, and what bears it.
        let yard = !told
            && at > 0
            && matches!(self.lower(at - 1), "the" | "'s")
            && !self.tokens.all[end.min(self.tokens.all.len() - 1)].capital
            && self.tokens.is(self.words, end, "body", "yards");
        // `the Hillah works in Graustark`: a place, and no name.
        let place = matches!(self.lower(end + 1), "in" | "near" | "at")
            && self.country_behind(end + 1).is_some();
        if yard && !place {
            return Some(self.firm_of(at, end + 1, None));
        }
        let speaks = !told && end >= at + 2 && self.speaks(end);
        if !(told || speaks) {
            return None;
        }
        // Of two unknown words that speak, ordinary ones make a firm, and others a person.
        let ordinary = (at..end).any(|place| self.tokens.marked(place, Word::SPELLED));
        let opens = self
            .tokens
            .sentence_of(at)
            .is_some_and(|own| self.tokens.sentences[own].at.from == at);
        if speaks && !ordinary {
            if end > at + 3 {
                return None;
            }
            let full = self.text(Stretch { from: at, to: end });
            self.add_person(at, end, &full, None);
            return Some(end);
        }
        if speaks && opens && self.tokens.marked(at, Word::SPELLED) {
            return None;
        }
        let country = self.country_behind(end);
        Some(self.firm_of(at, end, country))
    }

    fn firm_noun(&self, at: usize) -> bool {
        self.tokens.is(self.words, at, "body", "firm")
    }

    /// `X, a London maker of drones,`.
    fn apposed(&self, end: usize) -> bool {
        if self.lower(end) != "," {
            return false;
        }
        let opens = matches!(
            self.tokens.all.get(end + 1).map(|token| token.class),
            Some(Class::Article)
        ) || self.demonym(end + 1).is_some();
        opens
            && (end + 2..end + 8)
                .take_while(|at| {
                    self.tokens
                        .all
                        .get(*at)
                        .is_some_and(|token| token.shape == Shape::Word || self.lower(*at) == "-")
                        && !matches!(self.lower(*at), "who" | "whose" | "which")
                        && !matches!(
                            self.tokens.all[*at].class,
                            Class::Preposition | Class::Be | Class::Have | Class::Modal
                        )
                })
                .any(|at| self.firm_noun(at))
    }

    /// `Aviaeksport`: a word made as names of trading firms are.
    fn ends_like_firm(&self, at: usize, end: usize) -> bool {
        let word = self.lower(at);
        end == at + 1
            && word.len() > 8
            && !self.tokens.marked(at, Word::SPELLED)
            && self
                .words
                .group("body")
                .filter(|(list, _)| *list == "endings")
                .any(|(_, table)| table.keys().any(|ending| word.ends_with(ending.as_str())))
    }

    /// `X's director`, `X's sales manager`: what has a director is a body.
    fn headed(&self, end: usize) -> bool {
        self.lower(end) == "'s"
            && (end + 1..end + 4)
                .take_while(|at| self.tokens.all.get(*at).is_some_and(|own| !own.capital))
                .any(|at| self.tokens.is(self.words, at, "body", "heads"))
    }

    /// `the shipper, X,` and `the trading company X`.
    fn announced(&self, at: usize, end: usize) -> bool {
        let Some(before) = at.checked_sub(1) else {
            return false;
        };
        if self.lower(before) == "," {
            return at > 1
                && self.firm_noun(at - 2)
                && matches!(self.lower(end), "," | "." | ";" | ")");
        }
        // `the plant Korund`, `a company called Korund`, `the trading house Korund`.
        let called = matches!(self.lower(before), "called" | "named" | "dubbed") && before > 0;
        let noun = before - usize::from(called);
        let house = matches!(
            self.lower(noun),
            "house" | "firm" | "bureau" | "works" | "yard"
        ) && noun > 0
            && !self.tokens.all[noun - 1].capital;
        (self.firm_noun(noun) || house) && !self.tokens.all[noun].capital
    }

    /// `Imbach Chemie of Lahr sold`: two words or more, and a place.
    fn seated(&self, at: usize, end: usize) -> bool {
        let state = |place: usize| {
            matches!(
                self.lower(place),
                "republic"
                    | "kingdom"
                    | "state"
                    | "states"
                    | "gulf"
                    | "sea"
                    | "port"
                    | "bay"
                    | "city"
                    | "house"
                    | "head"
                    | "chief"
                    | "union"
                    | "strait"
                    | "north"
                    | "south"
                    | "people"
            )
        };
        let behind = end + 2;
        end >= at + 2
            && self.lower(end) == "of"
            && self.capital(end + 1)
            && !(at..end).any(state)
            && !self.given(at)
            && (matches!(self.lower(behind), "," | "." | ";" | ")")
                || self.tokens.all.get(behind).is_some_and(|token| {
                    matches!(
                        token.class,
                        Class::Verb(_, Form::Past | Form::Third)
                            | Class::Have
                            | Class::Be
                            | Class::Modal
                    ) || self.tokens.is(self.words, behind, "cue", "give")
                }))
    }

    /// `Lahr Chemie provided`, `Evropa-Metall has supplied`: two words or more before a past form of giving.
    fn deals(&self, at: usize, end: usize) -> bool {
        let mut verb = end;
        while verb < end + 3
            && self
                .tokens
                .all
                .get(verb)
                .is_some_and(|own| matches!(own.class, Class::Have | Class::Adverb))
        {
            verb += 1;
        }
        // `Ruritania's Korund sold`: one word will do.
        let owned = at > 1
            && self.lower(at - 1) == "'s"
            && self.tokens.all[at - 2].capital
            && self.folded(at).len() > 4
            && !self.tokens.marked(at, Word::SPELLED);
        (end >= at + 2 || owned)
            && !self.given(at)
            && self.tokens.is(self.words, verb, "cue", "give")
            && !self.tokens.all[verb].capital
            && matches!(
                self.lower(verb),
                "sold"
                    | "shipped"
                    | "supplied"
                    | "exported"
                    | "delivered"
                    | "provided"
                    | "sent"
                    | "transferred"
                    | "smuggled"
                    | "furnished"
            )
    }

    /// Whether a verb that only people and bodies can have stands right behind.
    fn speaks(&self, end: usize) -> bool {
        self.tokens.all.get(end).is_some_and(|token| {
            !token.capital
                && matches!(token.class, Class::Verb(index, Form::Past | Form::Third)
                    if self.words.verbs.get(usize::from(index)).is_some_and(|verb| {
                        matches!(verb.kind, "denied" | "conceded" | "alleged")
                            || matches!(verb.lemma.as_str(), "say" | "tell" | "claim" | "insist" | "maintain" | "announce" | "state" | "reply" | "argue" | "pledge" | "promise" | "warn" | "add")
                    }))
        })
    }

    /// `of Zug`, `, a London firm`: the country that stands behind the name.
    fn country_behind(&self, end: usize) -> Option<String> {
        let byte = self
            .tokens
            .bytes(Stretch {
                from: end,
                to: end + 1,
            })
            .1;
        let first = self.names.partition_point(|name| name.from < byte);
        self.names
            .iter()
            .skip(first)
            .take(2)
            .take_while(|name| self.tokens.at_byte(name.from) < end + 5)
            .find_map(|name| match name.what {
                Name::State(index) | Name::City(index) | Name::Demonym(index) => self
                    .words
                    .states
                    .get(usize::from(index))
                    .map(|state| state.code.clone()),
                _ => None,
            })
    }

    /// Firms by the first word of their name, each with the whole of it: told once, they are known again.
    pub(super) fn firms_told(&self) -> std::collections::HashMap<String, Vec<usize>> {
        let mut told: std::collections::HashMap<String, Vec<usize>> =
            std::collections::HashMap::new();
        for (index, entity) in self.found.entities.iter().enumerate() {
            if entity.kind != "company" || entity.name.len() < 4 {
                continue;
            }
            let first = entity.name.split([' ', '-']).next().unwrap_or_default();
            told.entry(first.to_owned()).or_default().push(index);
        }
        told
    }

    /// Where a firm's whole name, told elsewhere, begins at a token: the firm, and the token behind.
    pub(super) fn told_at(&self, at: usize, firms: &[usize]) -> Option<(usize, usize)> {
        let (from, _) = self.tokens.bytes(Stretch {
            from: at,
            to: at + 1,
        });
        let rest = self.page.folded.get(from..)?;
        firms.iter().find_map(|index| {
            let name = self.found.entities.get(*index)?.name.as_str();
            let behind = rest.strip_prefix(name)?;
            let whole = !behind.starts_with(|next: char| next.is_alphanumeric());
            whole.then(|| (*index, self.tokens.at_byte(from + name.len() - 1) + 1))
        })
    }

    /// First words of firms that stand for them: `Meridian` of `Meridian Impex`.
    pub(super) fn firm_heads(&self) -> std::collections::BTreeMap<String, usize> {
        let mut heads: std::collections::BTreeMap<String, Option<usize>> =
            std::collections::BTreeMap::new();
        for (index, entity) in self.found.entities.iter().enumerate() {
            if entity.kind != "company" {
                continue;
            }
            let Some((first, _)) = entity.name.split_once(' ') else {
                continue;
            };
            let lower = first.to_lowercase();
            if first.len() < 4 || self.words.spelled(&lower) || self.words.given(first) {
                continue;
            }
            heads
                .entry(first.to_owned())
                .and_modify(|own| *own = None)
                .or_insert(Some(index));
        }
        heads
            .into_iter()
            .filter_map(|(word, index)| index.map(|index| (word, index)))
            .collect()
    }
}
