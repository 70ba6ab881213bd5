//! Loads the gazetteers: the files of `data/reports/`, parsed, checked and indexed once.
//!
//! A file that does not say what it should is a [`DataError`] with the file and the cure. To grow: a list that a file gains is a field of
//! its struct here and a name under which it is asked.

mod files;
mod people;

use files::{
    BODIES, BodiesFile, CALENDAR, CUES, CalendarFile, CuesFile, INSTRUMENTS, InstrumentsFile,
    OFFICES, OUTLETS, OfficesFile, OutletsFile, PEOPLE, PeopleFile, SERIALS, STATES, SerialsFile,
    StatesFile, TECHNOLOGY, TechFile, parse,
};
use people::{holders, surnames};

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::find::{Finder, Meaning};
use super::words::{self, Class, Table};
use super::{
    Body, Calendar, DataError, Frame, Gazetteers, KINDS, Lists, Mask, Name, Outlet, Person,
    Phrases, Relative, SLOTS, Sets, Verb, Word, key,
};

fn day(file: &'static str, text: &str) -> Result<Date, DataError> {
    text.parse().map_err(|_| DataError {
        file,
        what: format!("`{text}` is no day; write 1998-05-06"),
    })
}

fn kind(word: &str) -> Result<&'static str, DataError> {
    KINDS
        .iter()
        .find(|kind| **kind == word)
        .copied()
        .ok_or_else(|| DataError {
            file: "data/reports/cues.toml",
            what: format!("`{word}` is no kind of statement; one of {KINDS:?}"),
        })
}

impl Gazetteers {
    /// Parses and indexes everything.
    pub(super) fn load() -> Result<Gazetteers, DataError> {
        let states: StatesFile = parse(STATES)?;
        let outlets: OutletsFile = parse(OUTLETS)?;
        let bodies: BodiesFile = parse(BODIES)?;
        let tech: TechFile = parse(TECHNOLOGY)?;
        let instruments: InstrumentsFile = parse(INSTRUMENTS)?;
        let serials: SerialsFile = parse(SERIALS)?;
        let offices: OfficesFile = parse(OFFICES)?;
        let people: PeopleFile = parse(PEOPLE)?;
        let calendar: CalendarFile = parse(CALENDAR)?;
        let cues: CuesFile = parse(CUES)?;

        let persons = holders(offices)?;
        let names = names(&states, &outlets.outlet, &bodies.body, &persons);
        let mut sets = Sets::new();
        add_lists(&mut sets, "outlet", outlets.words);
        add_lists(&mut sets, "body", bodies.forms);
        add_lists(&mut sets, "instrument", instruments.forms);
        add_lists(&mut sets, "serial", serials.words);
        add_lists(&mut sets, "speaker", people.speakers);
        add_lists(&mut sets, "calendar", calendar.words.clone());
        add_lists(&mut sets, "light", cues.light.clone());
        add_lists(&mut sets, "commitment", cues.commitment.clone());
        add_lists(&mut sets, "graph", cues.graph.clone());
        add_lists(&mut sets, "status", cues.status.clone());
        add_lists(&mut sets, "grammar", cues.grammar.clone());
        add_lists(
            &mut sets,
            "cue",
            BTreeMap::from([
                ("according".to_owned(), cues.according.clone()),
                ("hedge".to_owned(), cues.hedge.clone()),
                ("relay".to_owned(), cues.relay.clone()),
                ("charge".to_owned(), cues.charge.clone()),
                ("negative".to_owned(), cues.negative.clone()),
                ("give".to_owned(), cues.give.clone()),
                ("take".to_owned(), cues.take.clone()),
                ("contrast".to_owned(), cues.contrast.clone()),
                ("flow".to_owned(), cues.flow.clone()),
                ("help".to_owned(), cues.help.clone()),
                ("abbreviation".to_owned(), cues.abbreviations.clone()),
                ("opener".to_owned(), cues.openers.clone()),
                ("particle".to_owned(), people.particles),
                ("address".to_owned(), people.address),
            ]),
        );
        let (words, verbs, nouns) = grammar(&cues)?;
        let terms: Vec<(u16, String)> = tech
            .tech
            .iter()
            .zip(0_u16..)
            .flat_map(|(row, index)| row.terms.iter().map(move |term| (index, term.clone())))
            .collect();
        let acts: Vec<(u16, String)> = instruments
            .instrument
            .iter()
            .zip(0_u16..)
            .flat_map(|(row, index)| row.names.iter().map(move |name| (index, name.clone())))
            .collect();
        let (roles, modifiers) = roles(&sets);
        let lexicon = lexicon(&sets, &words, &calendar, &names, &terms);
        let (listed, masks, bits) = listed(&sets)?;
        let phrases = sets
            .values()
            .flat_map(BTreeMap::values)
            .map(|table| Phrases::of(table.keys()))
            .collect();
        let named = names.into_iter();
        let found = named
            .map(|(what, name)| (Meaning::Name(what), name, BODIES.0))
            .chain(
                terms
                    .into_iter()
                    .map(|(what, name)| (Meaning::Term(what), name, TECHNOLOGY.0)),
            )
            .chain(
                acts.into_iter()
                    .map(|(what, name)| (Meaning::Act(what), name, INSTRUMENTS.0)),
            )
            .collect();
        let surnames = surnames(&persons);
        let given: Table<()> = people
            .given
            .split_whitespace()
            .map(|name| (name.to_owned(), ()))
            .collect();
        let offices = by_first_word(people.office);
        let mut lexis: Table<Word> = Table::default();
        for (word, class) in words {
            lexis.entry(word).or_default().class = class;
        }
        for (word, number) in &listed {
            lexis.entry(word.clone()).or_default().listed = *number;
        }
        for (word, meaning) in calendar_words(&calendar)? {
            lexis.entry(word).or_default().calendar = Some(meaning);
        }
        mark(&mut lexis, Word::OFFICE, offices.keys());
        mark(&mut lexis, Word::ROLE, roles.keys());
        mark(&mut lexis, Word::MODIFIER, modifiers.keys());
        mark(&mut lexis, Word::SPELLED, lexicon.keys());
        mark(&mut lexis, Word::GIVEN, given.keys());
        mark(&mut lexis, Word::SURNAME, surnames.keys());
        Ok(Gazetteers {
            lexis,
            bodies_named: bodies_named(&bodies.body),
            masks,
            bits,
            roles,
            surnames,
            finder: Finder::new(found)?,
            phrases,
            no_phrases: Phrases::default(),
            states: states.state,
            outlets: outlets.outlet,
            bodies: bodies.body,
            people: persons,
            tech: tech.tech,
            instruments: instruments.instrument,
            serials: serials.serial,
            verbs,
            nouns,
            sets,
            given,
            offices,
        })
    }
}

/// Notes something of words, whatever their capitals.
fn mark<'a>(lexis: &mut Table<Word>, mark: u8, words: impl Iterator<Item = &'a String>) {
    for word in words {
        lexis.entry(word.to_lowercase()).or_default().marks |= mark;
    }
}

/// Bodies by each of their names, in the order of the data.
fn bodies_named(bodies: &[Body]) -> Table<Vec<u16>> {
    let mut table: Table<Vec<u16>> = Table::default();
    for (body, index) in bodies.iter().zip(0_u16..) {
        for name in &body.names {
            let row = table.entry(name.to_ascii_lowercase()).or_default();
            if row.last() != Some(&index) {
                row.push(index);
            }
        }
    }
    table
}

type Listed = (Table<u16>, Vec<Mask>, Vec<(u64, u8)>);

/// Numbers every word of every list, and gives each list a bit.
fn listed(sets: &Sets) -> Result<Listed, DataError> {
    let mut words: Table<u16> = Table::default();
    let mut masks: Vec<Mask> = vec![Mask::default()];
    let mut bits: Vec<(u64, u8)> = vec![(0, 0); SLOTS];
    let lists = sets
        .iter()
        .flat_map(|(group, lists)| lists.iter().map(move |(name, table)| (group, name, table)));
    for ((group, name, table), number) in lists.zip(0_u16..) {
        let bit = u8::try_from(number).ok();
        let own = key(group, name);
        let mut place = own as usize % SLOTS;
        while bits
            .get(place)
            .is_some_and(|taken| taken.0 != 0 && taken.0 != own)
        {
            place = (place + 1) % SLOTS;
        }
        match bits.get_mut(place) {
            Some(free) if free.0 == 0 && own != 0 && bit.is_some() => {
                *free = (own, bit.unwrap_or_default());
            }
            _ => {
                return Err(DataError {
                    file: CUES.0,
                    what: format!(
                        "no place for the list `{name}` of `{group}`: there may be {}, and each needs a key of its own",
                        Mask::LISTS
                    ),
                });
            }
        }
        for word in table.keys() {
            let number = *words.entry(word.clone()).or_insert_with(|| {
                masks.push(Mask::default());
                u16::try_from(masks.len() - 1).unwrap_or(u16::MAX)
            });
            if let Some(mask) = masks.get_mut(usize::from(number)) {
                *mask = mask.with(bit.unwrap_or_default());
            }
        }
    }
    Ok((words, masks, bits))
}

/// Every single word of the lists, the grammar, the calendar, the names and the terms.
fn lexicon(
    sets: &Sets,
    words: &Table<Class>,
    calendar: &CalendarFile,
    names: &[(Name, String)],
    terms: &[(u16, String)],
) -> Table<()> {
    let lists = sets
        .values()
        .flat_map(BTreeMap::values)
        .flat_map(|table| table.keys().map(String::as_str));
    let days = calendar.month.iter().chain(&calendar.weekday);
    let dates = days
        .flat_map(|row| row.names.iter())
        .chain(calendar.relative.values().flatten())
        .chain(calendar.numbers.keys())
        .map(String::as_str);
    let named = names.iter().map(|(_, name)| name.as_str());
    let things = terms.iter().map(|(_, term)| term.as_str());
    words
        .keys()
        .map(String::as_str)
        .chain(lists)
        .chain(dates)
        .chain(named)
        .chain(things)
        .flat_map(|phrase| phrase.split([' ', '-', '\'']))
        .map(|word| (word.to_lowercase(), ()))
        .collect()
}

/// One table for nouns of role, one for the words before them. The list named first wins.
fn roles(sets: &Sets) -> (Table<&'static str>, Table<()>) {
    let mut roles: Table<&'static str> = Table::default();
    let mut modifiers: Table<()> = Table::default();
    let list = |group: &str, name: &str| {
        sets.get(group)
            .and_then(|lists| lists.get(name))
            .into_iter()
            .flat_map(|table| table.keys().cloned())
            .collect::<Vec<String>>()
    };
    for kind in ["office", "anonymous", "outlet", "collective"] {
        for word in list("speaker", kind) {
            roles.entry(word).or_insert(kind);
        }
    }
    for (group, name) in [
        ("speaker", "modifier"),
        ("body", "fields"),
        ("body", "agency"),
    ] {
        modifiers.extend(list(group, name).into_iter().map(|word| (word, ())));
    }
    (roles, modifiers)
}

fn by_first_word(offices: Vec<String>) -> Table<Vec<Vec<String>>> {
    let mut table: Table<Vec<Vec<String>>> = Table::default();
    for office in offices {
        let words = split_words(&office);
        if let Some(first) = words.first() {
            table.entry(first.clone()).or_default().push(words);
        }
    }
    table
}

/// Words as the tokens cut them: a hyphen is one of its own.
fn split_words(text: &str) -> Vec<String> {
    text.replace('-', " - ")
        .replace('\'', " '")
        .split_whitespace()
        .map(str::to_owned)
        .collect()
}

fn add_lists(sets: &mut Sets, group: &str, lists: Lists) {
    for (name, words) in lists {
        let table = words.into_iter().map(|word| (word.to_lowercase(), ()));
        sets.entry(group.to_owned())
            .or_default()
            .insert(name, table.collect());
    }
}

fn calendar_words(file: &CalendarFile) -> Result<Table<Calendar>, DataError> {
    let mut table: Table<Calendar> = Table::default();
    for (word, number) in &file.numbers {
        table.insert(word.clone(), Calendar::Count(*number));
    }
    for (list, words) in &file.relative {
        let meaning = Relative::of(list).ok_or_else(|| DataError {
            file: CALENDAR.0,
            what: format!("`{list}` is no word of relative time"),
        })?;
        for word in words {
            table.insert(word.clone(), Calendar::Relative(meaning));
        }
    }
    for row in &file.weekday {
        for name in &row.names {
            table.insert(name.clone(), Calendar::Weekday(row.number));
        }
    }
    for row in &file.month {
        for name in &row.names {
            table.insert(name.clone(), Calendar::Month(row.number));
        }
    }
    Ok(table)
}

fn names(
    states: &StatesFile,
    outlets: &[Outlet],
    bodies: &[Body],
    people: &[Person],
) -> Vec<(Name, String)> {
    let mut rows = Vec::new();
    for (state, index) in states.state.iter().zip(0_u16..) {
        rows.extend(
            state
                .names
                .iter()
                .map(|name| (Name::State(index), name.clone())),
        );
        rows.extend(
            state
                .demonyms
                .iter()
                .map(|name| (Name::Demonym(index), name.clone())),
        );
        rows.extend(
            state
                .cities
                .iter()
                .map(|name| (Name::City(index), name.clone())),
        );
        rows.extend(
            state
                .seats
                .iter()
                .map(|name| (Name::Seat(index), name.clone())),
        );
    }
    rows.extend(
        states
            .region
            .iter()
            .map(|name| (Name::Region, name.clone())),
    );
    for (body, index) in bodies.iter().zip(0_u16..) {
        rows.extend(
            body.names
                .iter()
                .map(|name| (Name::Body(index), name.clone())),
        );
    }
    for (person, index) in people.iter().zip(0_u16..) {
        let full = person.names.iter();
        rows.extend(full.map(|name| (Name::Person(index), name.clone())));
    }
    for (outlet, index) in outlets.iter().zip(0_u16..) {
        rows.extend(
            outlet
                .names
                .iter()
                .map(|name| (Name::Outlet(index), name.clone())),
        );
    }
    let mut seen = std::collections::BTreeSet::new();
    rows.retain(|(_, name)| seen.insert(name.to_lowercase()));
    rows
}

type Grammar = (Table<Class>, Vec<Verb>, Vec<(String, &'static str)>);

fn grammar(cues: &CuesFile) -> Result<Grammar, DataError> {
    let mut words: Table<Class> = Table::default();
    let mut verbs = Vec::new();
    for row in &cues.verb {
        let kind = kind(&row.kind)?;
        let frame = match row.frame.as_str() {
            "open" => Frame::Open,
            "clause" => Frame::Clause,
            _ => Frame::Act,
        };
        for entry in &row.forms {
            let index = u16::try_from(verbs.len()).unwrap_or(u16::MAX);
            let forms = words::inflect(entry);
            let known = forms.iter().any(|(form, _)| words.contains_key(form));
            if known {
                continue;
            }
            for (form, which) in forms {
                words.entry(form).or_insert(Class::Verb(index, which));
            }
            verbs.push(Verb {
                lemma: entry.split('/').next().unwrap_or(entry).to_owned(),
                kind,
                frame,
            });
        }
    }
    let mut nouns = Vec::new();
    for row in &cues.noun {
        let kind = kind(&row.kind)?;
        for form in &row.forms {
            let index = u16::try_from(nouns.len()).unwrap_or(u16::MAX);
            let first = form.split(' ').next().unwrap_or(form);
            words.entry(first.to_owned()).or_insert(Class::Noun(index));
            nouns.push((first.to_owned(), kind));
        }
    }
    let classes = [
        ("conjunction", Class::Conjunction),
        ("that", Class::That),
        ("pronoun", Class::Pronoun),
        ("be", Class::Be),
        ("have", Class::Have),
        ("do", Class::Do),
        ("modal", Class::Modal),
        ("negation", Class::Negation),
        ("article", Class::Article),
        ("adverb", Class::Adverb),
        ("subordinate", Class::Subordinate),
        ("preposition", Class::Preposition),
    ];
    for (list, class) in classes {
        for word in cues.grammar.get(list).into_iter().flatten() {
            let entry = words.entry(word.clone()).or_insert(class);
            if matches!(entry, Class::Noun(_)) {
                continue;
            }
        }
    }
    Ok((words, verbs, nouns))
}
