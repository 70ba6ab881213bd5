//! Parties: every mention of a person, a state, a government or a body, gathered under one record each.
//!
//! Names come from the gazetteers, from titles before and after them, from given names and from the form of a body's name. A
//! surname alone belongs to the person of that surname in the document. To be listed here is no accusation.

use std::collections::BTreeMap;

use crate::gazetteer::words::Class;
use crate::gazetteer::{Found, Gazetteers, Name};
use crate::page::Page;
use crate::segment::Parts;
use crate::tokens::{Shape, Stretch, Tokens};

/// A party of the document.
#[derive(Clone, Debug)]
pub struct Entity {
    /// A slug, unique in the document.
    pub id: String,
    /// The fullest name.
    pub name: String,
    /// Type of party.
    pub kind: &'static str,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// The office the text gives.
    pub role: Option<String>,
}

/// A mention of a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mention {
    /// Its tokens.
    pub at: Stretch,
    /// Index of its party.
    pub entity: usize,
    /// First token of the titles that stand before it.
    pub titled: usize,
}

/// All parties of the page.
#[derive(Debug, Default)]
pub struct Parties {
    /// The parties.
    pub entities: Vec<Entity>,
    /// Mentions in order; none overlap.
    pub mentions: Vec<Mention>,
    /// Demonyms in order: token and country.
    pub demonyms: Vec<(usize, usize, String)>,
    /// Outlets in order: tokens and index.
    pub outlets: Vec<(Stretch, u16)>,
}

impl Parties {
    /// The mention that holds a token.
    #[must_use]
    pub fn at(&self, token: usize) -> Option<&Mention> {
        let index = self
            .mentions
            .partition_point(|mention| mention.at.to <= token);
        self.mentions
            .get(index)
            .filter(|mention| mention.at.from <= token)
    }

    /// Mentions within a stretch.
    pub fn within(&self, at: Stretch) -> impl Iterator<Item = &Mention> {
        let first = self
            .mentions
            .partition_point(|mention| mention.at.from < at.from);
        self.mentions
            .iter()
            .skip(first)
            .take_while(move |mention| mention.at.to <= at.to)
    }

    /// The country of a demonym that begins at a token.
    #[must_use]
    pub fn demonym(&self, token: usize) -> Option<&str> {
        let index = self.demonyms.partition_point(|(_, to, _)| *to <= token);
        self.demonyms
            .get(index)
            .filter(|(from, ..)| *from <= token)
            .map(|(.., code)| code.as_str())
    }

    /// The outlet that holds a token.
    #[must_use]
    pub fn outlet(&self, token: usize) -> Option<(Stretch, u16)> {
        let index = self.outlets.partition_point(|(at, _)| at.to <= token);
        self.outlets
            .get(index)
            .filter(|(at, _)| at.from <= token)
            .copied()
    }
}

struct Reader<'a> {
    page: &'a Page,
    tokens: &'a Tokens,
    words: &'a Gazetteers,
    names: &'a [Found<Name>],
    parts: &'a Parts,
    /// By token: index into `names`, for the first token of a name.
    found: Parties,
    keys: BTreeMap<String, usize>,
    surnames: BTreeMap<String, usize>,
    ids: BTreeMap<String, usize>,
}

/// Reads the parties of the page.
#[must_use]
pub fn read(
    page: &Page,
    tokens: &Tokens,
    words: &Gazetteers,
    names: &[Found<Name>],
    parts: &Parts,
    outside: &dyn Fn(usize) -> bool,
    year: Option<i16>,
) -> Parties {
    let mut reader = Reader {
        page,
        tokens,
        words,
        names,
        parts,
        found: Parties::default(),
        keys: BTreeMap::new(),
        surnames: BTreeMap::new(),
        ids: BTreeMap::new(),
    };
    reader.collect(outside);
    reader.bare_surnames(outside, year);
    reader.found.mentions.sort_by_key(|mention| mention.at.from);
    reader.found
}

/// A name as it is compared: the spellings of one sound fall together.
#[must_use]
pub fn sound(name: &str) -> String {
    let lower = name.to_lowercase();
    let mut out = String::with_capacity(lower.len());
    let pieces: Vec<char> = lower
        .chars()
        .filter(|piece| piece.is_alphabetic())
        .collect();
    let mut at = 0;
    while at < pieces.len() {
        let piece = pieces[at];
        let next = pieces.get(at + 1).copied().unwrap_or(' ');
        match (piece, next) {
            ('y' | 'i', 'e' | 'a' | 'o' | 'u') if at > 0 => {}
            ('k', 'h') => {
                out.push('h');
                at += 1;
            }
            ('k', 's') => {
                out.push('x');
                at += 1;
            }
            ('y' | 'j', _) => out.push('i'),
            ('w', _) => out.push('v'),
            ('q', _) => out.push('k'),
            _ => out.push(piece),
        }
        at += 1;
    }
    let mut plain = String::with_capacity(out.len());
    for piece in out.chars() {
        if !plain.ends_with(piece) {
            plain.push(piece);
        }
    }
    plain.trim_end_matches('i').to_owned()
}

/// Small letters and hyphens.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for piece in name.to_lowercase().chars() {
        if piece.is_alphanumeric() {
            out.push(piece);
        } else if !out.ends_with('-') && !out.is_empty() {
            out.push('-');
        }
    }
    out.trim_end_matches('-').to_owned()
}

impl Reader<'_> {
    fn lower(&self, at: usize) -> &str {
        self.tokens.text(&self.page.lower, at)
    }

    fn folded(&self, at: usize) -> &str {
        self.tokens.text(&self.page.folded, at)
    }

    fn text(&self, at: Stretch) -> String {
        let (from, to) = self.tokens.bytes(at);
        self.page
            .folded
            .get(from..to)
            .unwrap_or_default()
            .to_owned()
    }

    fn capital(&self, at: usize) -> bool {
        self.tokens
            .all
            .get(at)
            .is_some_and(|token| token.capital && token.shape == Shape::Word)
    }

    /// Headings in capitals throughout name nobody.
    fn readable(&self, token: usize) -> bool {
        match self.parts.kind_at(token) {
            "body" | "second_story" => true,
            "headline" => {
                self.folded(token).chars().any(char::is_lowercase) || self.folded(token).len() <= 4
            }
            _ => false,
        }
    }

    fn collect(&mut self, outside: &dyn Fn(usize) -> bool) {
        let names: Vec<(usize, usize, Name)> = self
            .names
            .iter()
            .map(|name| {
                (
                    self.tokens.at_byte(name.from),
                    self.tokens.at_byte(name.to.saturating_sub(1)) + 1,
                    name.what,
                )
            })
            .collect();
        for (from, to, what) in &names {
            let index = match what {
                Name::Demonym(index) => Some(index),
                Name::State(index) if self.short(*from, *to) && !self.noun_behind(*to) => {
                    Some(index)
                }
                _ => None,
            };
            if let Some(index) = index
                && let Some(state) = self.words.states.get(usize::from(*index))
            {
                self.found.demonyms.push((*from, *to, state.code.clone()));
            }
        }
        let mut next = 0;
        let mut at = 0;
        let end = self.tokens.all.len();
        while at < end {
            while next < names.len() && names[next].0 < at {
                next += 1;
            }
            let token = self.tokens.all[at];
            let name = names.get(next).filter(|name| name.0 == at).copied();
            // Most words are small, no name, and in no list that a party could begin with.
            let plain = !token.capital
                && name.is_none()
                && (token.listed == 0 || token.class != Class::None)
                && self.lower(at) != "congressional";
            if plain || token.shape != Shape::Word || outside(at) || !self.readable(at) {
                at += 1;
                continue;
            }
            at = self.step(at, name).max(at + 1);
        }
    }

    /// Takes what begins at a token and gives the token behind it.
    fn step(&mut self, at: usize, name: Option<(usize, usize, Name)>) -> usize {
        if let Some(to) = self.legislators(at) {
            return to;
        }
        if let Some(to) = self.government(at, name) {
            return to;
        }
        if let Some((from, to, Name::Person(index))) = name {
            return self.known_person(from, to, index);
        }
        if let Some(to) = self.ministry(at, name) {
            return to;
        }
        if let Some(to) = self.formed(at, name) {
            return to;
        }
        match name {
            Some((from, to, Name::Body(index))) => self.body(from, to, index),
            Some((from, to, Name::Outlet(index))) => {
                if let Some(end) = self.person(at) {
                    return end;
                }
                self.found.outlets.push((Stretch { from, to }, index));
                to
            }
            Some((from, to, Name::State(index) | Name::City(index))) => self.state(from, to, index),
            Some((from, to, Name::Seat(index))) => self.seat(from, to, index),
            Some((_, to, Name::Demonym(_) | Name::Region)) => to,
            _ => self.person(at).unwrap_or(at + 1),
        }
    }

    fn entity(&mut self, key: &str, make: impl FnOnce() -> Entity) -> usize {
        if let Some(index) = self.keys.get(key) {
            return *index;
        }
        let mut entity = make();
        let count = self.ids.entry(entity.id.clone()).or_default();
        *count += 1;
        if *count > 1 {
            entity.id = format!("{}-{count}", entity.id);
        }
        self.found.entities.push(entity);
        let index = self.found.entities.len() - 1;
        self.keys.insert(key.to_owned(), index);
        index
    }

    fn mention(&mut self, from: usize, to: usize, entity: usize) {
        self.found.mentions.push(Mention {
            at: Stretch { from, to },
            entity,
            titled: from,
        });
    }

    fn state(&mut self, from: usize, to: usize, index: u16) -> usize {
        let Some(state) = self.words.states.get(usize::from(index)) else {
            return to;
        };
        let (code, name) = (
            state.code.clone(),
            state.names.first().cloned().unwrap_or_default(),
        );
        // `U.S. officials`: an adjective, no mention of the state; `the U.S. has` is one.
        if self.short(from, to) && !self.noun_behind(to) {
            return to;
        }
        let hyphen = self.lower(to) == "-"
            && self
                .tokens
                .all
                .get(to + 1)
                .is_some_and(|next| !next.spaced && !next.capital);
        if hyphen {
            return to;
        }
        let entity = self.entity(&format!("state:{code}"), || Entity {
            id: slug(&name),
            name,
            kind: "state",
            country: Some(code),
            role: None,
        });
        self.mention(from, to, entity);
        to
    }

    /// A name in initials, which may be an adjective.
    fn short(&self, from: usize, to: usize) -> bool {
        let text = self.folded(from);
        to == from + 1
            && text.len() <= 6
            && text
                .chars()
                .all(|piece| piece.is_uppercase() || piece == '.')
    }

    /// Whether the name before stands for itself: no noun follows that it could describe.
    fn noun_behind(&self, at: usize) -> bool {
        let Some(token) = self.tokens.all.get(at) else {
            return true;
        };
        if token.shape != Shape::Word {
            return self.lower(at) != "-" && self.lower(at) != "—" || token.spaced;
        }
        !token.capital
            && (self.lower(at) == "'s"
                || matches!(
                    token.class,
                    Class::Be
                        | Class::Have
                        | Class::Do
                        | Class::Modal
                        | Class::Preposition
                        | Class::Conjunction
                        | Class::Adverb
                        | Class::Subordinate
                        | Class::That
                        | Class::Verb(..)
                        | Class::Pronoun
                ))
    }

    fn seat(&mut self, from: usize, to: usize, index: u16) -> usize {
        let Some(state) = self.words.states.get(usize::from(index)) else {
            return to;
        };
        let (code, name) = (state.code.clone(), self.text(Stretch { from, to }));
        let entity = self.entity(&format!("government:{code}"), || Entity {
            id: slug(&name),
            name,
            kind: "government",
            country: Some(code),
            role: None,
        });
        let to = if matches!(self.lower(to), "leaders" | "officials") {
            to + 1
        } else {
            to
        };
        self.mention(from, to, entity);
        to
    }

    /// `Russian government`, `Clinton administration`, `Iranian authorities`.
    fn government(&mut self, at: usize, name: Option<(usize, usize, Name)>) -> Option<usize> {
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
    fn legislators(&mut self, at: usize) -> Option<usize> {
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
        } else if let Some(code) = self.found.demonym(at).map(str::to_owned) {
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

    fn legislature(&mut self, code: &str) -> usize {
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

    fn body(&mut self, from: usize, to: usize, index: u16) -> usize {
        let Some(body) = self.words.bodies.get(usize::from(index)) else {
            return to;
        };
        if body.kind == "legislature" {
            let code = body.country.clone();
            let entity = self.legislature(&code);
            self.mention(from, to, entity);
            return to;
        }
        let (id, name) = (
            body.id.clone(),
            body.names.first().cloned().unwrap_or_default(),
        );
        let country = (!body.country.is_empty()).then(|| body.country.clone());
        let kind = kind_word(&body.kind);
        // A generic ministry without its state: the state of the sentence's own demonym decides.
        let entity = self.entity(&format!("body:{name}"), || Entity {
            id: id.unwrap_or_else(|| slug(&name)),
            name,
            kind,
            country,
            role: None,
        });
        self.mention(from, to, entity);
        to
    }

    /// `Iranian Foreign Ministry`, `Ministry of Defence of Ruritania`, `Israeli intelligence`, `Defense Ministry`.
    fn ministry(&mut self, at: usize, name: Option<(usize, usize, Name)>) -> Option<usize> {
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
        let mut place = demonym.map_or(at, |(to, _)| to);
        if demonym.is_some() && self.lower(place) == "'s" {
            place += 1;
        }
        let listed = |list: &str, place: usize| self.tokens.is(self.words, place, "body", list);
        // Up to four words of field, then the head.
        let limit = place + 5;
        let mut head = place;
        while head < limit && !listed("agency", head) {
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
        let leading = self.capital(at)
            && matches!(
                self.lower(at),
                "ministry" | "department" | "agency" | "commission" | "committee"
            )
            && matches!(self.lower(at + 1), "of" | "for" | "on");
        if leading && demonym.is_none() {
            end = at + 2;
            while end < at + 9
                && (self.capital(end) || matches!(self.lower(end), "and" | "of" | "for" | "the"))
            {
                end += 1;
            }
            while end > at && matches!(self.lower(end - 1), "and" | "of" | "for" | "the") {
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
    fn known_body(&self, from: usize, to: usize, code: Option<&str>) -> Option<String> {
        let words = self.text(Stretch { from, to });
        self.words
            .bodies
            .iter()
            .find(|body| {
                code.is_none_or(|code| body.country == code)
                    && body
                        .names
                        .iter()
                        .any(|name| name.eq_ignore_ascii_case(&words))
            })
            .and_then(|body| body.names.first().cloned())
    }

    /// `Moscow Institute of ...`, `Alba Precision Works`, `Northern Liberation Front`.
    fn formed(&mut self, at: usize, name: Option<(usize, usize, Name)>) -> Option<usize> {
        if !self.capital(at)
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
        {
            let word = self.lower(end);
            if self.capital(end) && self.folded(end).len() > 1 {
                for kind in [
                    "institute",
                    "company",
                    "organisation",
                    "group",
                    "legislature",
                ] {
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
            } else if matches!(word, "of" | "for" | "and")
                && head.is_some()
                && self.capital(end + 1)
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
        let demonym = self.found.demonym(at).map(str::to_owned);
        let code = demonym.or_else(|| match name {
            Some((_, _, Name::State(index) | Name::City(index))) => self
                .words
                .states
                .get(usize::from(index))
                .map(|state| state.code.clone()),
            _ => self.near_country(at),
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

    /// The country last named before a token in its sentence: by a demonym, a state or a city.
    fn near_country(&self, at: usize) -> Option<String> {
        let sentence = self.tokens.sentence_of(at)?;
        let from = self.tokens.sentences[sentence].at.from;
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

    /// The country that the paragraph speaks of most before a token.
    fn usual_country(&self, at: usize) -> Option<String> {
        let paragraph = self.tokens.paragraphs.get(self.tokens.paragraph_of(at))?;
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let own = self
            .found
            .mentions
            .iter()
            .rev()
            .take_while(|mention| mention.at.from >= paragraph.from)
            .take(200);
        for country in
            own.filter_map(|mention| self.found.entities[mention.entity].country.as_deref())
        {
            *counts.entry(country).or_default() += 1;
        }
        counts
            .into_iter()
            .max_by_key(|(_, count)| *count)
            .map(|(country, _)| country.to_owned())
    }

    fn known_person(&mut self, from: usize, to: usize, index: u16) -> usize {
        let Some(person) = self.words.people.get(usize::from(index)) else {
            return to;
        };
        let spelled = self.text(Stretch { from, to });
        let full = if spelled.contains(' ') {
            spelled
        } else {
            person.name.clone()
        };
        let country = person.country.clone();
        let international = !(country.len() == 2 && country != "UN");
        self.add_person(from, to, &full, (!international).then_some(country));
        to
    }

    /// A person told by a title or a given name; the token behind.
    fn person(&mut self, at: usize) -> Option<usize> {
        if !self.capital(at) {
            return None;
        }
        let class = self.tokens.all[at].class;
        let shy = !matches!(class, Class::None | Class::Verb(..) | Class::Noun(_));
        if shy || self.lower(at) == "i" || self.words.calendar(self.lower(at)).is_some() {
            return None;
        }
        let office = self.words.office(|place| self.lower(at + place));
        if office > 0 && self.tokens.is(self.words, at, "cue", "address") {
            return None;
        }
        let title = self.titles_before(at);
        let given = self.words.given(self.folded(at));
        let end = self.name_end(at);
        let words = end - at;
        let apposition = self.office_behind(end);
        let surname_known = self.surnames.contains_key(&sound(self.folded(at))) && words == 1;
        if surname_known {
            let index = self.surnames[&sound(self.folded(at))];
            self.mention(at, end, index);
            self.note_role(index, at, end);
            return Some(end);
        }
        let enough = (title.is_some() && !self.institution(at, end))
            || (given && words >= 2)
            || ((2..=3).contains(&words) && apposition && !self.institution(at, end));
        if !enough || self.shouted(at, end) {
            return None;
        }
        if words == 1 {
            let surname = self.folded(at).to_owned();
            let known: Vec<u16> = self.words.surname(&surname).to_vec();
            if let [only] = known.as_slice() {
                let person = &self.words.people[usize::from(*only)];
                let (name, country) = (person.name.clone(), person.country.clone());
                self.add_person(
                    at,
                    end,
                    &name,
                    (country.len() == 2 && country != "UN").then_some(country),
                );
                return Some(end);
            }
        }
        let full = self.text(Stretch { from: at, to: end });
        self.add_person(at, end, &full, None);
        Some(end)
    }

    /// All capitals over more than one word is a heading or a dateline.
    fn shouted(&self, at: usize, end: usize) -> bool {
        (at..end).all(|place| {
            self.folded(place).len() > 2
                && self
                    .folded(place)
                    .chars()
                    .all(|piece| !piece.is_lowercase())
        }) && end > at + 1
    }

    fn institution(&self, at: usize, end: usize) -> bool {
        (at..end).any(|place| {
            [
                "agency",
                "institute",
                "company",
                "organisation",
                "legislature",
                "fields",
            ]
            .iter()
            .any(|list| self.tokens.is(self.words, place, "body", list))
        })
    }

    /// Capitalised words, initials and particles from a token on.
    fn name_end(&self, at: usize) -> usize {
        let mut end = at + 1;
        while end < at + 5 {
            let Some(token) = self.tokens.all.get(end) else {
                break;
            };
            let word = self.lower(end);
            let fits = token.shape == Shape::Word
                && token.capital
                && token.spaced
                && self.found.demonym(end).is_none()
                && matches!(token.class, Class::None | Class::Verb(..) | Class::Noun(_))
                && self.words.calendar(word).is_none();
            let initial =
                fits && word.len() == 1 && self.lower(end + 1) == "." && self.capital(end + 2);
            let particle = token.shape == Shape::Word
                && self.tokens.is(self.words, end, "cue", "particle")
                && (self.capital(end + 1) || (self.lower(end + 1) == "-" && self.capital(end + 2)));
            let hyphen = word == "-"
                && !token.spaced
                && self
                    .tokens
                    .all
                    .get(end + 1)
                    .is_some_and(|next| !next.spaced && next.shape == Shape::Word);
            if initial {
                end += 2;
            } else if particle {
                end += 1;
                if self.lower(end) == "-" {
                    end += 1;
                }
                if self.capital(end) {
                    end += 1;
                }
            } else if hyphen {
                end += 2;
            } else if fits {
                end += 1;
            } else {
                break;
            }
        }
        end
    }

    /// The first token of the titles before a name.
    fn titles_before(&self, at: usize) -> Option<usize> {
        let mut from = at;
        loop {
            let mut step = 0;
            for length in (1..=7).rev() {
                let Some(start) = from.checked_sub(length) else {
                    continue;
                };
                if self.words.office(|place| self.lower(start + place)) == length {
                    step = length;
                    break;
                }
            }
            if step == 0 && from > 0 {
                let dot = usize::from(self.lower(from - 1) == "." && from > 1);
                let start = from - 1 - dot;
                if self.tokens.is(self.words, start, "cue", "address") && self.capital(start) {
                    step = 1 + dot;
                }
            }
            if step == 0 && from > 1 && self.lower(from - 1) == "-" && from < at {
                step = 1;
            }
            if step == 0 {
                break;
            }
            from -= step;
        }
        (from < at).then_some(from)
    }

    /// `, the U.S. ambassador`, `, secretary of the ...`, `(foreign minister)` behind a name.
    fn office_behind(&self, end: usize) -> bool {
        if !matches!(self.lower(end), "," | "(" | "—") {
            return false;
        }
        self.office_words(end + 1).is_some()
    }

    /// The words of office in an apposition: from, to.
    fn office_words(&self, at: usize) -> Option<(usize, usize)> {
        let mut place = at;
        let limit = at + 8;
        while place < limit {
            let length = self.words.office(|step| self.lower(place + step));
            if length > 0 {
                return Some((place, place + length));
            }
            let skippable = matches!(self.tokens.all.get(place)?.class, Class::Article)
                || self.capital(place)
                || matches!(
                    self.lower(place),
                    "'s" | "senior"
                        | "top"
                        | "chief"
                        | "former"
                        | "acting"
                        | "then"
                        | "-"
                        | "deputy"
                        | "first"
                        | "special"
                        | "new"
                );
            if !skippable {
                return None;
            }
            place += 1;
        }
        None
    }

    fn add_person(&mut self, from: usize, to: usize, full: &str, country: Option<String>) {
        let words: Vec<&str> = full.split(' ').collect();
        let surname = sound(words.last().copied().unwrap_or(full));
        let initial = words
            .first()
            .and_then(|word| word.chars().next())
            .unwrap_or(' ');
        let single = words.len() == 1;
        let known = self.surnames.get(&surname).copied().filter(|index| {
            let own = &self.found.entities[*index].name;
            single || !own.contains(' ') || own.starts_with(initial)
        });
        let index = match known {
            Some(index) => {
                if !single && !self.found.entities[index].name.contains(' ') {
                    full.clone_into(&mut self.found.entities[index].name);
                }
                index
            }
            None => {
                let name = full.to_owned();
                let key = format!("person:{name}:{from}");
                let index = self.entity(&key, || Entity {
                    id: slug(name.rsplit(' ').next().unwrap_or(&name)),
                    name,
                    kind: "person",
                    country,
                    role: None,
                });
                self.surnames.insert(surname, index);
                index
            }
        };
        self.mention(from, to, index);
        self.note_role(index, from, to);
    }

    /// Role and country from the words around the name.
    fn note_role(&mut self, index: usize, from: usize, to: usize) {
        let title = self.titles_before(from);
        if let (Some(title), Some(mention)) = (title, self.found.mentions.last_mut()) {
            mention.titled = title;
        }
        let mut role = title.map(|start| (start, from));
        if role.is_none() && from > 1 && self.lower(from - 1) == "," {
            role = self.titles_before(from - 1).map(|start| (start, from - 1));
        }
        if role.is_none() && matches!(self.lower(to), "," | "(") {
            role = self.office_words(to + 1);
            if let Some((_, end)) = &mut role {
                let of = *end;
                if matches!(self.lower(of), "of" | "for" | "to") {
                    let mut stop = of + 1;
                    while stop < of + 8
                        && self
                            .tokens
                            .all
                            .get(stop)
                            .is_some_and(|token| token.shape == Shape::Word)
                        && !matches!(
                            self.tokens.all[stop].class,
                            Class::Verb(..) | Class::Pronoun | Class::Be | Class::Have
                        )
                    {
                        stop += 1;
                    }
                    *end = stop;
                }
            }
        }
        let Some((start, end)) = role else { return };
        let text = self.text(Stretch {
            from: start,
            to: end,
        });
        let then = start > 0 && matches!(self.lower(start - 1), "then" | "former" | "acting");
        let text = if then {
            format!("{} {text}", self.lower(start - 1))
        } else {
            text
        };
        let before = start.checked_sub(1 + usize::from(then));
        let country = before
            .and_then(|place| self.country_at(place))
            .or_else(|| (start..end).find_map(|place| self.country_at(place)));
        let near = if self.found.entities[index].country.is_none() && country.is_none() {
            self.near_country(start)
        } else {
            None
        };
        let entity = &mut self.found.entities[index];
        if entity.role.is_none() {
            entity.role = Some(text);
        }
        if entity.country.is_none() {
            entity.country = country.or(near);
        }
    }

    fn country_at(&self, place: usize) -> Option<String> {
        if let Some(code) = self.found.demonym(place) {
            return Some(code.to_owned());
        }
        let place = if self.lower(place) == "'s" {
            place.checked_sub(1)?
        } else {
            place
        };
        let mention = self
            .found
            .mentions
            .iter()
            .rev()
            .take_while(|mention| mention.at.to > place)
            .find(|mention| mention.at.from <= place && place < mention.at.to)?;
        let entity = &self.found.entities[mention.entity];
        (entity.kind != "person")
            .then(|| entity.country.clone())
            .flatten()
    }

    /// Surnames before their full name in the text, and those of people in office that need no first name.
    fn bare_surnames(&mut self, outside: &dyn Fn(usize) -> bool, year: Option<i16>) {
        // A word is sounded once, however often it stands on the page.
        let mut sounds: std::collections::HashMap<String, String> =
            std::collections::HashMap::new();
        let mut taken: Vec<bool> = vec![false; self.tokens.all.len()];
        for mention in &self.found.mentions {
            for slot in taken.iter_mut().take(mention.at.to).skip(mention.at.from) {
                *slot = true;
            }
        }
        for (at, taken) in taken.iter().enumerate() {
            if *taken
                || !self.capital(at)
                || outside(at)
                || !self.readable(at)
                || self.folded(at).len() < 4
            {
                continue;
            }
            if matches!(self.lower(at + 1), "administration") || self.found.demonym(at).is_some() {
                continue;
            }
            let opens = self
                .tokens
                .sentence_of(at)
                .is_some_and(|own| self.tokens.sentences[own].at.from == at);
            let word = self.folded(at);
            if !sounds.contains_key(word) {
                let key = sound(word);
                sounds.insert(word.to_owned(), key);
            }
            let key = sounds.get(word).map_or("", String::as_str);
            if let Some(index) = self.surnames.get(key).copied() {
                let plain = self.tokens.all[at].class == Class::None || !opens;
                if plain
                    && self.found.entities[index]
                        .name
                        .rsplit(' ')
                        .next()
                        .is_some_and(|own| sound(own) == key)
                {
                    self.mention(at, at + 1, index);
                }
                continue;
            }
            let Some(year) = year else { continue };
            let word = self.folded(at).to_owned();
            let holders: Vec<u16> = self
                .words
                .surname(&word)
                .iter()
                .copied()
                .filter(|index| {
                    self.words.people[usize::from(*index)]
                        .terms
                        .iter()
                        .any(|term| {
                            term.title != "official"
                                && term.from.year() <= year
                                && term.to.is_none_or(|to| to.year() + 2 >= year)
                        })
                })
                .collect();
            let neighbour = self.capital(at + 1)
                && self.tokens.all.get(at + 1).is_some_and(|next| next.spaced)
                || (at > 0 && self.capital(at - 1) && !opens);
            if let ([only], false) = (holders.as_slice(), neighbour) {
                let person = &self.words.people[usize::from(*only)];
                let (name, country) = (person.name.clone(), person.country.clone());
                self.add_person(
                    at,
                    at + 1,
                    &name,
                    (country.len() == 2 && country != "UN").then_some(country),
                );
            }
        }
    }
}

fn kind_word(kind: &str) -> &'static str {
    match kind {
        "agency" => "agency",
        "institute" => "institute",
        "company" => "company",
        "legislature" => "legislature",
        "group" => "group",
        "government" => "government",
        _ => "organisation",
    }
}
