//! Parties: every mention of a person, a state, a government or a body, gathered under one record each.
//!
//! Names come from the gazetteers, from titles before and after them, from given names and from the form of a body's name. A
//! surname alone belongs to the person of that surname in the document. To be listed here is no accusation.

mod bodies;
mod firms;
mod people;

use std::collections::{BTreeMap, HashMap};

use crate::gazetteer::words::Class;
use crate::gazetteer::{Found, Gazetteers, Name, Word};
use crate::page::Page;
use crate::segment::Parts;
use crate::tokens::{Shape, Steps, Stretch, Tokens};

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
    /// By token, once all are found: its mention, demonym and outlet, each one up; nought for none.
    held: Vec<[u32; 3]>,
    /// By party: its first mention.
    first: Vec<u32>,
    /// How many mentions begin before a token.
    begun: Steps,
    /// By id: index of the party.
    ids: HashMap<String, usize>,
    /// By country: index of its first government.
    governments: HashMap<String, usize>,
    /// The first government that is called an administration.
    administration: Option<usize>,
}

impl Parties {
    /// The mention that holds a token.
    #[inline]
    #[must_use]
    pub fn at(&self, token: usize) -> Option<&Mention> {
        if let Some([mention, ..]) = self.held.get(token) {
            let index = (*mention as usize).checked_sub(1)?;
            return self.mentions.get(index);
        }
        let index = self
            .mentions
            .partition_point(|mention| mention.at.to <= token);
        self.mentions
            .get(index)
            .filter(|mention| mention.at.from <= token)
    }

    /// The first mention of a party.
    #[must_use]
    pub fn first(&self, entity: usize) -> Option<&Mention> {
        self.mentions.get(*self.first.get(entity)? as usize)
    }

    /// Mentions within a stretch.
    pub fn within(&self, at: Stretch) -> impl Iterator<Item = &Mention> {
        let first = self.begun.below(at.from, |index| {
            self.mentions.get(index).map(|mention| mention.at.from)
        });
        self.mentions
            .iter()
            .skip(first)
            .take_while(move |mention| mention.at.to <= at.to)
    }

    /// The country of a demonym that begins at a token.
    #[inline]
    #[must_use]
    pub fn demonym(&self, token: usize) -> Option<&str> {
        if let Some([_, demonym, _]) = self.held.get(token) {
            let index = (*demonym as usize).checked_sub(1)?;
            return self.demonyms.get(index).map(|(.., code)| code.as_str());
        }
        let index = self.demonyms.partition_point(|(_, to, _)| *to <= token);
        self.demonyms
            .get(index)
            .filter(|(from, ..)| *from <= token)
            .map(|(.., code)| code.as_str())
    }

    /// The outlet that holds a token.
    #[inline]
    #[must_use]
    pub fn outlet(&self, token: usize) -> Option<(Stretch, u16)> {
        if let Some([.., outlet]) = self.held.get(token) {
            let index = (*outlet as usize).checked_sub(1)?;
            return self.outlets.get(index).copied();
        }
        let index = self.outlets.partition_point(|(at, _)| at.to <= token);
        self.outlets
            .get(index)
            .filter(|(at, _)| at.from <= token)
            .copied()
    }

    /// Notes for every token what holds it, so that rules need not search.
    fn settle(&mut self, tokens: usize) {
        let mut held = vec![[0_u32; 3]; tokens];
        let mentions = self.mentions.iter().map(|own| own.at);
        note(&mut held, 0, mentions);
        let demonyms = self.demonyms.iter();
        note(
            &mut held,
            1,
            demonyms.map(|(from, to, _)| Stretch {
                from: *from,
                to: *to,
            }),
        );
        note(&mut held, 2, self.outlets.iter().map(|(at, _)| *at));
        self.held = held;
        self.first = vec![u32::MAX; self.entities.len()];
        for (mention, number) in self.mentions.iter().zip(0_u32..) {
            if let Some(first) = self.first.get_mut(mention.entity) {
                *first = number.min(*first);
            }
        }
        self.begun = Steps::of(self.mentions.iter().map(|own| own.at.from));
        for (index, entity) in self.entities.iter().enumerate() {
            self.ids.entry(entity.id.clone()).or_insert(index);
            if entity.kind != "government" {
                continue;
            }
            if let Some(code) = &entity.country {
                self.governments.entry(code.clone()).or_insert(index);
            }
            if self.administration.is_none()
                && entity.name.to_lowercase().ends_with("administration")
            {
                self.administration = Some(index);
            }
        }
    }

    /// The index of the party of an id.
    #[must_use]
    pub fn index(&self, id: &str) -> Option<usize> {
        self.ids.get(id).copied()
    }

    /// The party of an id.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Entity> {
        self.ids.get(id).and_then(|index| self.entities.get(*index))
    }

    /// The first government of a country.
    #[must_use]
    pub fn government(&self, code: &str) -> Option<usize> {
        self.governments.get(code).copied()
    }

    /// The first government that is called an administration.
    #[must_use]
    pub fn administration(&self) -> Option<usize> {
        self.administration
    }
}

/// Of stretches that overlap, the first holds the token.
fn note(held: &mut [[u32; 3]], column: usize, stretches: impl Iterator<Item = Stretch>) {
    let mut free = 0;
    for (stretch, number) in stretches.zip(1_u32..) {
        for row in held
            .get_mut(stretch.from.max(free)..stretch.to.max(free))
            .into_iter()
            .flatten()
        {
            if let Some(place) = row.get_mut(column) {
                *place = number;
            }
        }
        free = free.max(stretch.to);
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
    keys: HashMap<String, usize>,
    surnames: HashMap<String, usize>,
    /// People whose family name stands first, by the sound of it.
    family_first: HashMap<String, usize>,
    ids: HashMap<String, usize>,
    /// By index in the data: records of states, of seats and of bodies.
    at_hand: [BTreeMap<u16, usize>; 3],
    /// By token: the demonym that holds it, one up.
    adjectives: Vec<u32>,
    /// Lists of words that make an institution of the words around them.
    institutions: crate::gazetteer::Mask,
    /// Lists of words that end the name of a body.
    forms: crate::gazetteer::Mask,
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
        keys: HashMap::new(),
        surnames: HashMap::new(),
        family_first: HashMap::new(),
        ids: HashMap::new(),
        at_hand: Default::default(),
        adjectives: Vec::new(),
        institutions: words.mask(
            "body",
            &[
                "agency",
                "institute",
                "company",
                "organisation",
                "legislature",
                "fields",
            ],
        ),
        forms: words.mask("body", &bodies::FORMS),
    };
    reader.collect(outside);
    reader.bare_surnames(outside, year);
    reader.found.mentions.sort_by_key(|mention| mention.at.from);
    reader.as_spelled();
    reader.found.settle(tokens.all.len());
    reader.found
}

/// A name as it is compared: the spellings of one sound fall together.
#[must_use]
pub fn sound(name: &str) -> String {
    let mut pieces = name
        .chars()
        .flat_map(char::to_lowercase)
        .filter(|piece| piece.is_alphabetic())
        .peekable();
    let mut out = String::with_capacity(name.len());
    let mut last = None;
    let mut begun = false;
    while let Some(piece) = pieces.next() {
        let next = pieces.peek().copied().unwrap_or(' ');
        let sounded = match (piece, next) {
            ('y' | 'i', 'e' | 'a' | 'o' | 'u') if begun => None,
            ('k', 'h') => {
                pieces.next();
                Some('h')
            }
            ('k', 's') => {
                pieces.next();
                Some('x')
            }
            ('y' | 'j', _) => Some('i'),
            ('w', _) => Some('v'),
            ('q', _) => Some('k'),
            _ => Some(piece),
        };
        begun = true;
        // A sound said twice is one.
        if let Some(sounded) = sounded
            && last != Some(sounded)
        {
            out.push(sounded);
            last = Some(sounded);
        }
    }
    out.truncate(out.trim_end_matches('i').len());
    out
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
    #[inline]
    fn lower(&self, at: usize) -> &str {
        self.tokens.text(&self.page.lower, at)
    }

    #[inline]
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

    #[inline]
    fn capital(&self, at: usize) -> bool {
        self.tokens
            .all
            .get(at)
            .is_some_and(|token| token.capital && token.shape == Shape::Word)
    }

    /// How many words from here name an office.
    fn office(&self, at: usize) -> usize {
        if self.tokens.marked(at, Word::OFFICE) {
            self.words.office(|place| self.lower(at + place))
        } else {
            0
        }
    }

    /// The country of the demonym that holds a token.
    fn demonym(&self, at: usize) -> Option<&str> {
        let number = self.adjectives.get(at).copied().unwrap_or_default();
        let index = (number as usize).checked_sub(1)?;
        self.found
            .demonyms
            .get(index)
            .map(|(.., code)| code.as_str())
    }

    fn given(&self, at: usize) -> bool {
        self.tokens.marked(at, Word::GIVEN) && self.words.given(self.folded(at))
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
                _ if self.lower(*to).starts_with('$') => None,
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
        // Demonyms are asked for at every word: they are noted before the first one is.
        let mut next = 0;
        let mut at = 0;
        let end = self.tokens.all.len();
        self.adjectives = vec![0; end];
        for ((from, to, _), number) in self.found.demonyms.iter().zip(1_u32..) {
            for place in self.adjectives.get_mut(*from..*to).into_iter().flatten() {
                if *place == 0 {
                    *place = number;
                }
            }
        }
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
            Some((from, to, Name::Body(index))) => match self.longer_name(from, to, index) {
                Some(end) => self.of_firm(from, end),
                None => self.body(from, to, index),
            },
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
            _ => self.person(at).or_else(|| self.firm(at)).unwrap_or(at + 1),
        }
    }

    /// `INVAP-Sur`, `Arsenal Trakia`: another firm whose name begins as that of one we know; the token behind it.
    fn longer_name(&self, from: usize, to: usize, index: u16) -> Option<usize> {
        let known = self.words.bodies.get(usize::from(index))?;
        if known.kind != "company" || to != from + 1 {
            return None;
        }
        let close = |at: usize| self.tokens.all.get(at).is_some_and(|own| !own.spaced);
        if self.lower(to) == "-" && close(to) && close(to + 1) && self.capital(to + 1) {
            return Some(to + 2);
        }
        let word = self.tokens.all.get(to)?;
        let plain = self.capital(to)
            && word.spaced
            && word.class == Class::None
            && word.end - word.start > 3
            && self.words.office(|step| self.lower(to + step)) == 0
            && self.words.role(self.lower(to)).is_none()
            && !self.words.given(self.folded(to))
            && self.found.demonym(to).is_none()
            && !self.line_between(to)
            && !self.words.spelled(self.lower(to));
        plain.then_some(to + 1)
    }

    /// A firm by the whole of its name, of the country that stands before it.
    fn of_firm(&mut self, from: usize, to: usize) -> usize {
        let country = self.near_country(from);
        self.firm_of(from, to, country)
    }

    /// A firm by the whole of its name; gives where that ends.
    fn firm_of(&mut self, from: usize, to: usize, country: Option<String>) -> usize {
        let label = self.text(Stretch { from, to });
        let entity = self.entity(&format!("body:{label}"), || Entity {
            id: slug(&label),
            name: label,
            kind: "company",
            country,
            role: None,
        });
        self.mention(from, to, entity);
        to
    }

    /// Names go out as the page spells them, accents and all: `Wallnöfer`, where the evened-out text has none.
    fn as_spelled(&mut self) {
        if self.page.scanned() {
            return;
        }
        for index in 0..self.found.mentions.len() {
            let mention = self.found.mentions[index];
            let (from, to) = self.tokens.bytes(mention.at);
            let own = &self.found.entities[mention.entity].name;
            if self.page.folded.get(from..to) != Some(own.as_str()) || !own.is_ascii() {
                continue;
            }
            let stored = self.page.words(self.page.span(from, to));
            if !stored.is_ascii() && stored.chars().count() == own.chars().count() {
                let spelled = stored.replace('\n', " ").replace('’', "'");
                self.found.entities[mention.entity].name = spelled;
            }
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

    /// The record of a row of the data: made once, and then at hand.
    fn once(&mut self, kind: usize, index: u16, make: impl FnOnce(&mut Self) -> usize) -> usize {
        if let Some(entity) = self.at_hand.get(kind).and_then(|rows| rows.get(&index)) {
            return *entity;
        }
        let entity = make(self);
        if let Some(rows) = self.at_hand.get_mut(kind) {
            rows.insert(index, entity);
        }
        entity
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
        // `US$1 billion`: money, and no state.
        if self.lower(to).starts_with('$') {
            return to;
        }
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
        let entity = self.once(0, index, |own| {
            let (code, name) = (
                state.code.clone(),
                state.names.first().cloned().unwrap_or_default(),
            );
            own.entity(&format!("state:{code}"), || Entity {
                id: slug(&name),
                name,
                kind: "state",
                country: Some(code),
                role: None,
            })
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
        let entity = self.once(1, index, |own| {
            let (code, name) = (state.code.clone(), own.text(Stretch { from, to }));
            own.entity(&format!("government:{code}"), || Entity {
                id: slug(&name),
                name,
                kind: "government",
                country: Some(code),
                role: None,
            })
        });
        let to = if matches!(self.lower(to), "leaders" | "officials") {
            to + 1
        } else {
            to
        };
        self.mention(from, to, entity);
        to
    }

    /// The country that the paragraph speaks of most before a token.
    fn usual_country(&self, at: usize) -> Option<String> {
        let paragraph = self.tokens.paragraphs.get(self.tokens.paragraph_of(at))?;
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        let within = |from: usize, most: usize| {
            self.found
                .mentions
                .iter()
                .rev()
                .take_while(move |mention| mention.at.from >= from)
                .take(most)
        };
        // Where the paragraph names none, the text before it does.
        let from = if within(paragraph.from, 200)
            .any(|mention| self.found.entities[mention.entity].country.is_some())
        {
            paragraph.from
        } else {
            0
        };
        for mention in within(from, if from == 0 { 40 } else { 200 }) {
            let Some(country) = self.found.entities[mention.entity].country.as_deref() else {
                continue;
            };
            // Who opens a sentence is whom it is about.
            let opens = self
                .tokens
                .sentence_of(mention.at.from)
                .is_some_and(|own| self.tokens.sentences[own].at.from + 1 >= mention.at.from);
            *counts.entry(country).or_default() += 1 + 2 * usize::from(opens);
        }
        counts
            .into_iter()
            .max_by_key(|(_, count)| *count)
            .map(|(country, _)| country.to_owned())
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
