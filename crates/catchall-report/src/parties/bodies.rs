//! Bodies: governments, legislatures, ministries, and firms and institutes by the form of their names.
//!
//! What a word makes of the words around it stands in `data/reports/bodies.toml`. To grow: a row there.

use super::{Entity, Reader, kind_word, slug};
use crate::gazetteer::Name;
use crate::gazetteer::words::Class;
use crate::tokens::{Shape, Stretch};

/// Kinds of body that a word in the name tells; of two that fit, the last.
pub(super) const FORMS: [&str; 5] = [
    "institute",
    "company",
    "organisation",
    "group",
    "legislature",
];

impl Reader<'_> {
    /// `Russian government`, `Clinton administration`, `Iranian authorities`.
    pub(super) fn government(
        &mut self,
        at: usize,
        name: Option<(usize, usize, Name)>,
    ) -> Option<usize> {
        let head = |reader: &Self, place: usize| {
            matches!(
                reader.lower(place),
                "administration"
                    | "government"
                    | "authorities"
                    | "leadership"
                    | "cabinet"
                    | "regime"
                    | "leaders"
            )
        };
        if let Some((_, to, what)) = name {
            let state = match what {
                Name::Demonym(index) => Some(index),
                Name::State(index) if self.lower(to) == "'s" || !self.noun_behind(to) => {
                    Some(index)
                }
                _ => None,
            };
            if let Some(index) = state {
                let place = to + usize::from(self.lower(to) == "'s");
                if head(self, place) {
                    let code = self.words.states.get(usize::from(index))?.code.clone();
                    let label = self.text(Stretch {
                        from: at,
                        to: place + 1,
                    });
                    let entity = self.entity(&format!("government:{code}"), || Entity {
                        id: format!("{}-gov", code.to_lowercase()),
                        name: label,
                        kind: "government",
                        country: Some(code),
                        role: None,
                    });
                    self.mention(at, place + 1, entity);
                    return Some(place + 1);
                }
            }
        }
        if self.capital(at)
            && matches!(
                self.lower(at + 1),
                "administration" | "cabinet" | "government"
            )
            && self.tokens.all[at].class == Class::None
        {
            let plain = name.is_none_or(|(_, _, what)| matches!(what, Name::Person(_)));
            if !plain {
                return None;
            }
            let surname = self.folded(at).to_owned();
            let country = self
                .words
                .surname(&surname)
                .iter()
                .filter_map(|index| self.words.people.get(usize::from(*index)))
                .map(|person| person.country.clone())
                .next()
                .or_else(|| (self.lower(at + 1) == "administration").then(|| "US".to_owned()));
            let label = self.text(Stretch {
                from: at,
                to: at + 2,
            });
            let incoming = at > 0 && matches!(self.lower(at - 1), "incoming" | "new");
            let from = at - usize::from(incoming && self.lower(at - 1) == "incoming");
            let code = country.clone().unwrap_or_default().to_lowercase();
            let entity = self.entity(&format!("administration:{surname}"), || Entity {
                id: format!("{code}-{}", slug(&surname)),
                name: label,
                kind: "government",
                country,
                role: None,
            });
            if let Some(code) = self.found.entities[entity].country.clone() {
                self.keys
                    .entry(format!("government:{code}"))
                    .or_insert(entity);
            }
            self.mention(from, at + 2, entity);
            return Some(at + 2);
        }
        None
    }

    /// `U.S. lawmakers`, `congressional critics`, `Duma deputies`.
    pub(super) fn legislators(&mut self, at: usize) -> Option<usize> {
        let congressional = self.lower(at) == "congressional";
        let listed = |reader: &Self, place: usize| {
            reader
                .tokens
                .is(reader.words, place, "speaker", "legislature")
        };
        let (from, head, code) = if congressional
            && (listed(self, at + 1) || matches!(self.lower(at + 1), "critics" | "leaders"))
        {
            (at, at + 1, Some("US".to_owned()))
        } else if let Some(code) = self.demonym(at).map(str::to_owned) {
            if !listed(self, at + 1) {
                return None;
            }
            (at, at + 1, Some(code))
        } else if listed(self, at)
            && matches!(
                self.lower(at),
                "lawmakers" | "legislators" | "senators" | "congressmen" | "parliamentarians"
            )
        {
            (at, at, None)
        } else if matches!(self.lower(at), "u.s." | "us") && listed(self, at + 1) {
            (at, at + 1, Some("US".to_owned()))
        } else {
            return None;
        };
        let code = code
            .or_else(|| self.near_country(at))
            .unwrap_or_else(|| "US".to_owned());
        let entity = self.legislature(&code);
        self.mention(from, head + 1, entity);
        Some(head + 1)
    }

    pub(super) fn legislature(&mut self, code: &str) -> usize {
        let own = self
            .words
            .bodies
            .iter()
            .find(|body| body.kind == "legislature" && body.country == code);
        let name = own.map_or_else(
            || {
                self.words
                    .state(code)
                    .and_then(|state| state.demonyms.first())
                    .map_or_else(
                        || "parliament".to_owned(),
                        |demonym| format!("{demonym} parliament"),
                    )
            },
            |body| {
                if code == "US" {
                    "U.S. Congress".to_owned()
                } else {
                    body.names.first().cloned().unwrap_or_default()
                }
            },
        );
        let id = own
            .and_then(|body| body.id.clone())
            .unwrap_or_else(|| slug(&name));
        let code = code.to_owned();
        self.entity(&format!("legislature:{code}"), || Entity {
            id,
            name,
            kind: "legislature",
            country: Some(code),
            role: None,
        })
    }

    pub(super) fn body(&mut self, from: usize, to: usize, index: u16) -> usize {
        let Some(body) = self.words.bodies.get(usize::from(index)) else {
            return to;
        };
        let entity = self.once(2, index, |own| {
            if body.kind == "legislature" {
                return own.legislature(&body.country);
            }
            let (id, name) = (
                body.id.clone(),
                body.names.first().cloned().unwrap_or_default(),
            );
            let country = (!body.country.is_empty()).then(|| body.country.clone());
            let kind = kind_word(&body.kind);
            // A generic ministry without its state: the state of the sentence's own demonym decides.
            own.entity(&format!("body:{name}"), || Entity {
                id: id.unwrap_or_else(|| slug(&name)),
                name,
                kind,
                country,
                role: None,
            })
        });
        self.mention(from, to, entity);
        to
    }

    /// `Iranian Foreign Ministry`, `Ministry of Defence of Ruritania`, `Israeli intelligence`, `Defense Ministry`.
    pub(super) fn ministry(
        &mut self,
        at: usize,
        name: Option<(usize, usize, Name)>,
    ) -> Option<usize> {
        let opener = !matches!(
            self.tokens.all[at].class,
            Class::None | Class::Noun(_) | Class::Verb(..)
        );
        if opener || matches!(name, Some((_, _, Name::Body(_)))) {
            return None;
        }
        let demonym = match name {
            Some((_, to, Name::Demonym(index) | Name::State(index))) => Some((to, index)),
            _ => None,
        };
        let place = demonym.map_or(at, |(to, _)| to);
        if demonym.is_some() && self.lower(place) == "'s" {
            // `Ruritania's ministry`: the state is a party of its own, and what it owns is read from its own first word.
            return None;
        }
        let listed = |list: &str, place: usize| self.tokens.is(self.words, place, "body", list);
        // Up to four words of field, then the head.
        let limit = place + 5;
        let mut head = place;
        while head < limit && !listed("agency", head) {
            if head > at && self.line_between(head) {
                return None;
            }
            let fits = self.capital(head)
                || matches!(self.lower(head), "and" | "-" | "of" | "for")
                || listed("fields", head)
                || matches!(self.lower(head), "intelligence" | "security" | "secret");
            if !fits {
                break;
            }
            head += 1;
        }
        let intelligence = demonym.is_some()
            && self.lower(place) == "intelligence"
            && !listed("agency", place + 1)
            && !matches!(
                self.lower(place + 1),
                "chief" | "officials" | "officer" | "official"
            );
        if intelligence {
            head = place;
        }
        // `Lech Design Bureau`: it builds, and governs nothing.
        if head > at && self.lower(head) == "bureau" && self.lower(head - 1) == "design" {
            return None;
        }
        let agency = listed("agency", head) && head < limit;
        let capital_head = self.capital(head)
            || (demonym.is_some()
                && matches!(
                    self.lower(head),
                    "ministry"
                        | "embassy"
                        | "parliament"
                        | "government"
                        | "navy"
                        | "army"
                        | "police"
                        | "customs"
                ));
        let mut end = head + 1;
        // `Ministry of Machine-Building`, `Ruritanian Ministry of Economic Affairs`: the field stands behind.
        let leading = self.capital(place)
            && matches!(
                self.lower(place),
                "ministry"
                    | "department"
                    | "agency"
                    | "commission"
                    | "committee"
                    | "bureau"
                    | "secretariat"
                    | "board"
                    | "cabinet"
                    | "council"
                    | "office"
                    | "directorate"
                    | "inspectorate"
            )
            && matches!(self.lower(place + 1), "of" | "for" | "on")
            && (self.capital(place + 2) || self.capital(place + 3));
        if leading {
            head = place;
            end = place + 2;
            let hyphen = |end: usize| self.lower(end) == "-" && self.capital(end + 1);
            while end < place + 9
                && !self.line_between(end)
                && (self.capital(end)
                    || hyphen(end)
                    || matches!(self.lower(end), "and" | "of" | "for" | "the"))
            {
                end += 1;
            }
            while end > place && matches!(self.lower(end - 1), "and" | "of" | "for" | "the" | "-") {
                end -= 1;
            }
        } else if !(intelligence || (agency && capital_head && (head > place || demonym.is_some())))
        {
            return None;
        }
        let office = matches!(
            self.lower(head),
            "office" | "board" | "court" | "council" | "service" | "committee" | "commission"
        );
        if office && !self.capital(head) {
            return None;
        }
        // `Evropa-Metall Service`: a firm, where no word tells of a field of state.
        let firm = self.lower(head) == "service"
            && demonym.is_none()
            && !(place..head).any(|at| {
                listed("fields", at) || self.tokens.marked(at, crate::gazetteer::Word::SPELLED)
            });
        if firm {
            return None;
        }
        let code = demonym
            .and_then(|(_, index)| self.words.states.get(usize::from(index)))
            .map(|state| state.code.clone())
            .or_else(|| self.near_country(at));
        let words = self.text(Stretch {
            from: place,
            to: end,
        });
        let label = match (&code, demonym.is_some()) {
            (Some(code), false) if !leading => self
                .words
                .state(code)
                .and_then(|state| state.demonyms.first())
                .map_or_else(|| words.clone(), |demonym| format!("{demonym} {words}")),
            _ => self.text(Stretch { from: at, to: end }),
        };
        let known = self.known_body(place, end, code.as_deref());
        let key = known.clone().map_or_else(
            || {
                format!(
                    "ministry:{}:{}",
                    code.clone().unwrap_or_default(),
                    words.to_lowercase().replace("defence", "defense")
                )
            },
            |name| format!("body:{name}"),
        );
        let entity = self.entity(&key, || Entity {
            id: slug(&label),
            name: label,
            kind: "agency",
            country: code,
            role: None,
        });
        let from = if demonym.is_some() { at } else { place };
        self.mention(from, end, entity);
        Some(end)
    }

    /// A gazetteer body of these words and this country.
    pub(super) fn known_body(&self, from: usize, to: usize, code: Option<&str>) -> Option<String> {
        let words = self.text(Stretch { from, to });
        self.words
            .bodies_named(&words)
            .find(|body| code.is_none_or(|code| body.country == code))
            .and_then(|body| body.names.first().cloned())
    }

    /// `Moscow Institute of ...`, `Alba Precision Works`, `Northern Liberation Front`.
    pub(super) fn formed(
        &mut self,
        at: usize,
        name: Option<(usize, usize, Name)>,
    ) -> Option<usize> {
        // A headline gives every word a capital.
        if !self.capital(at)
            || self.parts.kind_at(at) == "headline"
            || matches!(
                self.tokens.all[at].class,
                Class::Article
                    | Class::Preposition
                    | Class::Pronoun
                    | Class::Subordinate
                    | Class::Conjunction
                    | Class::Adverb
            )
        {
            return None;
        }
        let mut end = at;
        let mut head: Option<&'static str> = None;
        while end < at + 9
            && self
                .tokens
                .all
                .get(end)
                .is_some_and(|token| token.shape == Shape::Word)
            && (end == at || !self.line_between(end))
        {
            let word = self.lower(end);
            if self.capital(end) && self.folded(end).len() > 1 {
                if word == "bureau" && end > at && self.lower(end - 1) == "design" {
                    head = Some("company");
                }
                let told = self.tokens.any(self.words, end, self.forms);
                for kind in FORMS.into_iter().filter(|_| told) {
                    if self.tokens.is(self.words, end, "body", kind) && end > at {
                        head = Some(kind_word(kind));
                    } else if kind == "institute"
                        && end == at
                        && self.tokens.is(self.words, end, "body", kind)
                        && matches!(self.lower(end + 1), "of" | "for")
                    {
                        head = Some("institute");
                    }
                }
                end += 1;
                // `Hubei Aero-Engine Corporation`, `Al-Waqidiya Trading`: a hyphen within a name.
                while self.hyphened(end) {
                    end += 2;
                }
            } else if matches!(word, "of" | "for" | "and")
                && head.is_some()
                && self.capital(end + 1)
                && (word != "of" || head != Some("company") || self.lower(end - 1) == "bank")
                && !(word == "and" && self.two_bodies(end))
            {
                end += 1;
            } else if word == "and"
                && self.capital(end + 1)
                && self.capital(end + 2)
                && end > at
                && head.is_none()
                && self.lower(end + 2) != "and"
            {
                let company = self.tokens.is(self.words, end + 2, "body", "company")
                    || self.tokens.is(self.words, end + 2, "body", "institute");
                if !company {
                    break;
                }
                end += 1;
            } else {
                break;
            }
        }
        let kind = head?;
        while end > at && matches!(self.lower(end - 1), "of" | "for" | "and" | "the") {
            end -= 1;
        }
        if end < at + 2 {
            return None;
        }
        if let Some((from, to, Name::Body(index))) = name
            && to >= end
        {
            return Some(self.body(from, to, index));
        }
        // Instruments end in such words too: a regime, an act, a group by name is for its own layer.
        let label = self.text(Stretch { from: at, to: end });
        let demonym = self.demonym(at).map(str::to_owned);
        let code = demonym.or_else(|| match name {
            Some((_, _, Name::State(index) | Name::City(index))) => self
                .words
                .states
                .get(usize::from(index))
                .map(|state| state.code.clone()),
            _ => self.close_country(at),
        });
        let entity = self.entity(&format!("body:{label}"), || Entity {
            id: slug(&label),
            name: label,
            kind,
            country: if kind == "organisation" { None } else { code },
            role: None,
        });
        self.mention(at, end, entity);
        Some(end)
    }

    /// A hyphen between two words written as one, the second with a capital.
    fn hyphened(&self, at: usize) -> bool {
        self.lower(at) == "-"
            && at > 0
            && self.tokens.all.get(at).is_some_and(|own| !own.spaced)
            && self.capital(at + 1)
            && self.tokens.all.get(at + 1).is_some_and(|own| !own.spaced)
    }

    /// `Polyarny Institute and Evropa Metall Ltd`: a name that is whole before the "and", and another behind it.
    fn two_bodies(&self, and: usize) -> bool {
        let form = |at: usize| {
            FORMS
                .into_iter()
                .any(|kind| self.tokens.is(self.words, at, "body", kind))
        };
        and > 0
            && form(and - 1)
            && (and + 2..and + 6)
                .take_while(|at| self.capital(*at))
                .any(form)
    }

    /// The country of a firm: of an adjective right before it, with no verb between. The country of who speaks of it is not its own.
    fn close_country(&self, at: usize) -> Option<String> {
        let index = self
            .found
            .demonyms
            .partition_point(|(start, ..)| *start < at)
            .checked_sub(1)?;
        let (start, to, code) = self.found.demonyms.get(index)?;
        let plain = (*to..at).all(|place| {
            !matches!(
                self.tokens.all[place].class,
                Class::Verb(..)
                    | Class::Be
                    | Class::Have
                    | Class::Modal
                    | Class::That
                    | Class::Preposition
            )
        });
        (at - start <= 6 && plain).then(|| code.clone())
    }

    pub(super) fn near_country(&self, at: usize) -> Option<String> {
        let sentence = self.tokens.sentence_of(at)?;
        let from = self.tokens.sentences[sentence].at.from;
        // `Ruritania will sell tanks to Graustark, a ministry official said`: whose it is opens the sentence.
        let article = usize::from(at > from + 1 && self.tokens.all[at - 1].class == Class::Article);
        let inverted = at > from + 1 + article && self.lower(at - 1 - article) == ",";
        if inverted {
            let first = self
                .found
                .mentions
                .iter()
                .rev()
                .take_while(|mention| mention.at.from >= from)
                .last()
                .filter(|mention| mention.at.from <= from + 1 && mention.at.from < at)
                .map(|mention| &self.found.entities[mention.entity])
                .filter(|entity| entity.kind == "state");
            if let Some(entity) = first {
                return entity.country.clone();
            }
        }
        let by_demonym = self
            .found
            .demonyms
            .get(
                self.found
                    .demonyms
                    .partition_point(|(start, ..)| *start < at)
                    .wrapping_sub(1),
            )
            .filter(|(start, ..)| *start >= from)
            .map(|(start, _, code)| (*start, code.clone()));
        let by_mention = self
            .found
            .mentions
            .iter()
            .rev()
            .take_while(|mention| mention.at.from >= from)
            .find(|mention| mention.at.from < at)
            .and_then(|mention| {
                Some((
                    mention.at.from,
                    self.found.entities[mention.entity].country.clone()?,
                ))
            });
        match (by_demonym, by_mention) {
            (Some(a), Some(b)) => Some(if a.0 > b.0 { a.1 } else { b.1 }),
            (a, b) => a.or(b).map(|(_, code)| code),
        }
        .or_else(|| self.usual_country(at))
    }
}
