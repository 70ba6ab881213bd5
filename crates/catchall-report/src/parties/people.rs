//! People: by the gazetteers, by titles before and after a name, by given names; surnames alone go back to a full name.

use super::{Entity, Reader, slug, sound};
use crate::gazetteer::Word;
use crate::gazetteer::words::Class;
use crate::tokens::{Shape, Stretch};

impl Reader<'_> {
    pub(super) fn known_person(&mut self, from: usize, to: usize, index: u16) -> usize {
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
    pub(super) fn person(&mut self, at: usize) -> Option<usize> {
        if !self.capital(at) {
            return None;
        }
        let class = self.tokens.all[at].class;
        let shy = !matches!(class, Class::None | Class::Verb(..) | Class::Noun(_));
        if shy || self.lower(at) == "i" || self.tokens.calendar(at).is_some() {
            return None;
        }
        let office = self.office(at);
        let address = self.tokens.is(self.words, at, "cue", "address");
        if address && (office > 0 || self.lower(at + 1) == ".") {
            return None;
        }
        let end = self.name_end(at);
        let words = end - at;
        let surname_known = (words == 1)
            .then(|| self.surnames.get(&sound(self.folded(at))).copied())
            .flatten();
        if let Some(index) = surname_known {
            self.mention(at, end, index);
            self.note_role(index, at, end);
            return Some(end);
        }
        let enough = (words >= 2 && self.given(at))
            || (self.titles_before(at).is_some()
                || (2..=3).contains(&words)
                    && (self.office_behind(end) || self.office_ahead(at, end)))
                && !self.institution(at, end);
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
    pub(super) fn shouted(&self, at: usize, end: usize) -> bool {
        (at..end).all(|place| {
            self.folded(place).len() > 2
                && self
                    .folded(place)
                    .chars()
                    .all(|piece| !piece.is_lowercase())
        }) && end > at + 1
    }

    pub(super) fn institution(&self, at: usize, end: usize) -> bool {
        (at..end).any(|place| self.tokens.any(self.words, place, self.institutions))
    }

    /// Capitalised words, initials and particles from a token on.
    pub(super) fn name_end(&self, at: usize) -> usize {
        let mut end = at + 1;
        while end < at + 5 {
            let Some(token) = self.tokens.all.get(end) else {
                break;
            };
            // `Rosalind Keane QC`: letters behind a name are no part of it.
            let letters = matches!(
                self.lower(end),
                "qc" | "kc" | "mp" | "mep" | "td" | "obe" | "cbe" | "usn" | "ret" | "phd" | "md"
            );
            if letters || self.line_between(end) {
                break;
            }
            let word = self.lower(end);
            let fits = token.shape == Shape::Word
                && token.capital
                && token.spaced
                && self.demonym(end).is_none()
                && matches!(token.class, Class::None | Class::Verb(..) | Class::Noun(_))
                && self.tokens.calendar(end).is_none();
            let initial =
                fits && word.len() == 1 && self.lower(end + 1) == "." && self.capital(end + 2);
            let particle = token.shape == Shape::Word
                && self.tokens.is(self.words, end, "cue", "particle")
                && (self.capital(end + 1) || (self.lower(end + 1) == "-" && self.capital(end + 2)));
            let hyphen = word == "-"
                && !token.spaced
                && self.tokens.all.get(end + 1).is_some_and(|next| {
                    !next.spaced && matches!(next.shape, Shape::Word | Shape::Number)
                });
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

    /// Whether a line ends before a token: a name does not go on behind it.
    pub(super) fn line_between(&self, at: usize) -> bool {
        let (Some(before), Some(own)) = (
            at.checked_sub(1)
                .and_then(|before| self.tokens.all.get(before)),
            self.tokens.all.get(at),
        ) else {
            return false;
        };
        self.page
            .folded
            .get(before.end as usize..own.start as usize)
            .is_some_and(|between| between.contains('\n'))
    }

    /// The first token of the titles before a name.
    pub(super) fn titles_before(&self, at: usize) -> Option<usize> {
        let mut from = at;
        loop {
            let mut step = 0;
            for length in (1..=7).rev() {
                let Some(start) = from.checked_sub(length) else {
                    continue;
                };
                if self.office(start) == length {
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
    pub(super) fn office_behind(&self, end: usize) -> bool {
        if !matches!(self.lower(end), "," | "(" | "—") {
            return false;
        }
        self.office_words(end + 1).is_some()
    }

    /// `the defence minister, A. Name, said`: an office before the comma, and the name closed by another mark.
    fn office_ahead(&self, at: usize, end: usize) -> bool {
        at > 1
            && self.lower(at - 1) == ","
            && matches!(self.lower(end), "," | "." | ";" | ")")
            && (self.titles_before(at - 1).is_some() || self.office_of_place(at - 1).is_some())
    }

    /// `the ambassador in Graustark, A. Name,`: an office with what hangs on it before the comma; where the office begins.
    fn office_of_place(&self, comma: usize) -> Option<usize> {
        let low = comma.saturating_sub(9);
        let hangs = (low..comma).rev().find(|at| {
            matches!(self.lower(*at), "in" | "of" | "to" | "for" | "at")
                && self.titles_before(*at).is_some()
        })?;
        let plain = (hangs + 1..comma).all(|at| {
            let token = self.tokens.all[at];
            token.shape == Shape::Word
                && (token.capital
                    || matches!(
                        token.class,
                        Class::None | Class::Article | Class::Preposition | Class::Noun(_)
                    ))
                || self.lower(at) == "'s"
        });
        if plain {
            self.titles_before(hangs)
        } else {
            None
        }
    }

    /// `the Ruritanian pilot, A. Name`, `Ruritanian designer A. Name`: the adjective of a country before a plain noun.
    fn country_of_calling(&self, from: usize) -> Option<String> {
        let last = from.checked_sub(1)?;
        let last = if self.lower(last) == "," {
            last.checked_sub(1)?
        } else {
            last
        };
        let plain = |place: usize| {
            self.tokens.all.get(place).is_some_and(|token| {
                token.shape == Shape::Word && !token.capital && token.class == Class::None
            })
        };
        let mut place = last;
        while place + 3 > last && plain(place) {
            place = place.checked_sub(1)?;
        }
        (place < last)
            .then(|| self.demonym(place).map(str::to_owned))
            .flatten()
    }

    /// The words of office in an apposition: from, to.
    pub(super) fn office_words(&self, at: usize) -> Option<(usize, usize)> {
        let mut place = at;
        let limit = at + 8;
        while place < limit {
            let length = self.office(place);
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

    pub(super) fn add_person(
        &mut self,
        from: usize,
        to: usize,
        full: &str,
        country: Option<String>,
    ) {
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
        // `Li Dongsheng ... Li said`: in some countries the family's name comes first.
        let entity = &self.found.entities[index];
        let first_is_family = entity.country.as_deref().is_some_and(|code| {
            self.words
                .is("grammar", "family_first", &code.to_lowercase())
        });
        if first_is_family
            && let Some((first, _)) = entity.name.split_once(' ')
            && !self.words.given(first)
        {
            self.family_first.entry(sound(first)).or_insert(index);
        }
    }

    /// Role and country from the words around the name.
    pub(super) fn note_role(&mut self, index: usize, from: usize, to: usize) {
        let title = self.titles_before(from);
        if let (Some(title), Some(mention)) = (title, self.found.mentions.last_mut()) {
            mention.titled = title;
        }
        let mut role = title.map(|start| (start, from));
        if role.is_none() && from > 1 && self.lower(from - 1) == "," {
            role = self
                .titles_before(from - 1)
                .or_else(|| self.office_of_place(from - 1))
                .map(|start| (start, from - 1));
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
        let Some((start, end)) = role else {
            if self.found.entities[index].country.is_none() {
                let country = self.country_of_calling(from);
                self.found.entities[index].country = country;
            }
            return;
        };
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
        let country = country.or_else(|| self.country_of_title(&text));
        // A country is guessed where the whole name stands, not where a surname comes again.
        let whole = to - from >= 2;
        let near = if whole && self.found.entities[index].country.is_none() && country.is_none() {
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

    /// `Rep.`, `Assistant Secretary of State`: a title that one country alone gives.
    fn country_of_title(&self, title: &str) -> Option<String> {
        let title = title.to_lowercase();
        let title = title.trim_end_matches(['.', ' ']);
        if !self.words.is("grammar", "home_titles", title) {
            return None;
        }
        self.words
            .states
            .iter()
            .find(|state| {
                let own = format!("titles_{}", state.code.to_lowercase());
                self.words.is("grammar", &own, title)
            })
            .map(|state| state.code.clone())
    }

    pub(super) fn country_at(&self, place: usize) -> Option<String> {
        if let Some(code) = self.demonym(place) {
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
    pub(super) fn bare_surnames(&mut self, outside: &dyn Fn(usize) -> bool, year: Option<i16>) {
        // A word is sounded once, however often it stands on the page.
        let page = self.page;
        let mut sounds: std::collections::HashMap<&str, String> = std::collections::HashMap::new();
        let mut taken: Vec<bool> = vec![false; self.tokens.all.len()];
        for mention in &self.found.mentions {
            for slot in taken.iter_mut().take(mention.at.to).skip(mention.at.from) {
                *slot = true;
            }
        }
        let firms = self.firm_heads();
        let told = self.firms_told();
        // Most capitalised words begin as no firm does.
        let mut initials = [false; 256];
        for first in told.keys().filter_map(|name| name.as_bytes().first()) {
            if let Some(own) = initials.get_mut(usize::from(*first)) {
                *own = true;
            }
        }
        let mut past = 0;
        for (at, taken) in taken.iter().enumerate() {
            if *taken
                || at < past
                || !self.capital(at)
                || outside(at)
                || !self.readable(at)
                || self.folded(at).len() < 4
            {
                continue;
            }
            if matches!(self.lower(at + 1), "administration") || self.demonym(at).is_some() {
                continue;
            }
            let opens = self
                .tokens
                .sentence_of(at)
                .is_some_and(|own| self.tokens.sentences[own].at.from == at);
            let word = self.tokens.text(&page.folded, at);
            let key = sounds.entry(word).or_insert_with(|| sound(word)).as_str();
            if let Some(index) = self.family_first.get(key).copied()
                && !self.capital(at + 1)
            {
                self.mention(at, at + 1, index);
                continue;
            }
            let first = self.folded(at).as_bytes().first().copied().unwrap_or(0);
            if initials.get(usize::from(first)).copied().unwrap_or(false)
                && let Some((index, to)) = told
                    .get(self.folded(at))
                    .and_then(|firms| self.told_at(at, firms))
            {
                self.mention(at, to, index);
                past = to;
                continue;
            }
            if let Some(index) = firms.get(self.folded(at)).copied()
                && !self.capital(at + 1)
            {
                self.mention(at, at + 1, index);
                continue;
            }
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
            if !self.tokens.marked(at, Word::SURNAME) {
                continue;
            }
            let holders: Vec<u16> = self
                .words
                .surname(self.folded(at))
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
