//! Gazetteers: dated data with sources, from `data/reports/`, built into the program and indexed once.
//!
//! Holds names (states, bodies, outlets, people in office), instruments, technology, the calendar and the cues of speech.
//! No name stands in Rust. To grow: a row in the data; a new kind of row needs a field here and the one file that asks it.

pub mod words;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind, MatchKind};
use jiff::civil::Date;
use serde::Deserialize;

use words::{Class, Form, Table};

/// What a word means in the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Calendar {
    /// A month.
    Month(u8),
    /// A day of the week, Monday as 1.
    Weekday(u8),
    /// A small number in words.
    Count(u16),
    /// A word of relative time.
    Relative(Relative),
}

/// Words of relative time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "each is named after its list in data/reports/calendar.toml"
)]
pub enum Relative {
    Yesterday,
    Today,
    Tomorrow,
    Last,
    This,
    Next,
    Earlier,
    Later,
    Ago,
    Weekend,
    Day,
    Week,
    Month,
    Year,
    Quarter,
    Half,
    End,
    Start,
    Mid,
    Late,
    Within,
    Pre,
    Same,
    Previous,
    Following,
    By,
    Until,
    Since,
    Of,
    Night,
    Christmas,
}

impl Relative {
    fn of(list: &str) -> Option<Relative> {
        Some(match list {
            "yesterday" => Relative::Yesterday,
            "today" => Relative::Today,
            "tomorrow" => Relative::Tomorrow,
            "last" => Relative::Last,
            "this" => Relative::This,
            "next" => Relative::Next,
            "earlier" => Relative::Earlier,
            "later" => Relative::Later,
            "ago" => Relative::Ago,
            "weekend" => Relative::Weekend,
            "day" => Relative::Day,
            "week" => Relative::Week,
            "month" => Relative::Month,
            "year" => Relative::Year,
            "quarter" => Relative::Quarter,
            "half" => Relative::Half,
            "end" => Relative::End,
            "start" => Relative::Start,
            "mid" => Relative::Mid,
            "late" => Relative::Late,
            "within" => Relative::Within,
            "pre" => Relative::Pre,
            "same" => Relative::Same,
            "previous" => Relative::Previous,
            "following" => Relative::Following,
            "by" => Relative::By,
            "until" => Relative::Until,
            "since" => Relative::Since,
            "of" => Relative::Of,
            "night" => Relative::Night,
            "christmas" => Relative::Christmas,
            _ => return None,
        })
    }
}

/// What a name in the text stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Name {
    /// A state by its name: index.
    State(u16),
    /// A state by its demonym.
    Demonym(u16),
    /// A city that speaks for a state.
    City(u16),
    /// The seat of a government.
    Seat(u16),
    /// An outlet.
    Outlet(u16),
    /// A body.
    Body(u16),
    /// A person by a full name, or one that needs none.
    Person(u16),
    /// A region.
    Region,
}

/// A state.
#[derive(Clone, Debug, Deserialize)]
pub struct State {
    /// ISO 3166 alpha-2.
    #[serde(rename = "c")]
    pub code: String,
    /// Names; the first is the usual one.
    #[serde(rename = "n")]
    pub names: Vec<String>,
    /// Adjectives and peoples.
    #[serde(rename = "d")]
    pub demonyms: Vec<String>,
    /// Cities that stand for it.
    #[serde(rename = "m")]
    pub cities: Vec<String>,
    /// Seats of its government.
    #[serde(rename = "g")]
    pub seats: Vec<String>,
}

/// An outlet.
#[derive(Clone, Debug, Deserialize)]
pub struct Outlet {
    /// Spellings.
    #[serde(rename = "n")]
    pub names: Vec<String>,
    /// `agency`, `daily` and so on.
    #[serde(rename = "k")]
    pub kind: String,
    /// Who owns it.
    #[serde(rename = "o")]
    pub owner: String,
    /// Seat.
    #[serde(rename = "c")]
    pub country: String,
}

/// A body.
#[derive(Clone, Debug, Deserialize)]
pub struct Body {
    /// Spellings; the first is the usual one.
    #[serde(rename = "n")]
    pub names: Vec<String>,
    /// Type of party.
    #[serde(rename = "t")]
    pub kind: String,
    /// Seat; empty for an international one.
    #[serde(rename = "c")]
    pub country: String,
    /// A slug of its own, where the name makes a poor one.
    #[serde(default)]
    pub id: Option<String>,
}

/// Somebody who held an office.
#[derive(Clone, Debug)]
pub struct Person {
    /// The usual spelling.
    pub name: String,
    /// Every spelling.
    pub names: Vec<String>,
    /// Country served.
    pub country: String,
    /// Offices with their terms.
    pub terms: Vec<Term>,
}

/// One term of an office.
#[derive(Clone, Debug)]
pub struct Term {
    /// The office.
    pub title: String,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Option<Date>,
}

/// A heading of technology.
#[derive(Clone, Debug, Deserialize)]
pub struct Tech {
    /// Slug.
    pub id: String,
    /// Name.
    pub name: String,
    /// Headings of control lists.
    #[serde(rename = "h")]
    pub headings: Vec<String>,
    /// Terms.
    #[serde(rename = "t")]
    pub terms: Vec<String>,
}

/// An instrument.
#[derive(Clone, Debug, Deserialize)]
pub struct Known {
    /// Slug.
    pub id: String,
    /// Name.
    pub name: String,
    /// Kind.
    #[serde(rename = "k")]
    pub kind: String,
    /// Date made; empty when there is none.
    #[serde(rename = "d")]
    pub date: String,
    /// Names in the press.
    #[serde(rename = "n")]
    pub names: Vec<String>,
}

/// A serial that prints volume and issue.
#[derive(Clone, Debug, Deserialize)]
pub struct Serial {
    /// Title.
    pub title: String,
    /// Other titles.
    #[serde(default)]
    pub also: Vec<String>,
    /// `daily`, `weekly`, `fortnightly`.
    pub rhythm: String,
    /// The year of volume 0.
    pub year_of_volume_0: i16,
    /// The last volume, if it ended.
    #[serde(default)]
    pub last_volume: Option<u32>,
    /// Known issues: volume, issue, day, slack in working days.
    pub anchors: Vec<(u32, u32, String, i32)>,
}

/// A verb of speech.
#[derive(Clone, Debug)]
pub struct Verb {
    /// Lemma.
    pub lemma: String,
    /// Kind of statement.
    pub kind: &'static str,
    /// `open`, `clause` or `act`.
    pub frame: Frame,
}

/// What a verb of speech takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Frame {
    /// Any complement.
    Open,
    /// Words said.
    Clause,
    /// A deed.
    Act,
}

/// Closed list of kinds of statement.
pub const KINDS: [&str; 7] = [
    "said", "promised", "denied", "alleged", "ordered", "conceded", "reported",
];

/// Lists of words by name of the list.
pub type Lists = BTreeMap<String, Vec<String>>;

/// Lists of words by group and name.
type Sets = BTreeMap<String, BTreeMap<String, Table<()>>>;

/// An automaton over names, with what each stands for and its spelling.
pub struct Index<T> {
    automaton: AhoCorasick,
    rows: Vec<(T, String)>,
}

/// A name found: byte range and meaning.
#[derive(Clone, Copy, Debug)]
pub struct Found<T> {
    /// First byte.
    pub from: usize,
    /// Byte behind the last.
    pub to: usize,
    /// What it stands for.
    pub what: T,
}

impl<T: Copy> Index<T> {
    fn new(file: &'static str, rows: Vec<(T, String)>) -> Result<Index<T>, DataError> {
        let patterns: Vec<String> = rows.iter().map(|(_, name)| name.to_lowercase()).collect();
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::LeftmostLongest)
            .kind(Some(AhoCorasickKind::DFA))
            .build(&patterns)
            .map_err(|error| DataError {
                file,
                what: error.to_string(),
            })?;
        Ok(Index { automaton, rows })
    }

    /// Every whole name in the text, leftmost and longest first. `cased` asks for the capitals of the spelling.
    pub fn find<'a>(
        &'a self,
        folded: &'a str,
        lower: &'a str,
        cased: bool,
    ) -> impl Iterator<Item = Found<T>> + 'a {
        self.automaton.find_iter(lower).filter_map(move |hit| {
            let (what, spelling) = self.rows.get(hit.pattern().as_usize())?;
            let words = folded.get(hit.start()..hit.end())?;
            let whole = whole(lower, hit.start(), hit.end());
            (whole && (!cased || same_case(words, spelling))).then_some(Found {
                from: hit.start(),
                to: hit.end(),
                what: *what,
            })
        })
    }
}

/// Whether letters or digits do not run on at either end.
fn whole(text: &str, from: usize, to: usize) -> bool {
    let before = text.get(..from).and_then(|head| head.chars().next_back());
    let after = text.get(to..).and_then(|tail| tail.chars().next());
    let ends_with_mark = text
        .get(from..to)
        .and_then(|words| words.chars().next_back())
        .is_some_and(|last| !last.is_alphanumeric());
    !before.is_some_and(char::is_alphanumeric)
        && (ends_with_mark || !after.is_some_and(char::is_alphanumeric))
}

/// Short names in capitals must be spelled so; others must begin with a capital where the spelling does.
fn same_case(words: &str, spelling: &str) -> bool {
    let letters = spelling.chars().filter(|piece| piece.is_alphabetic());
    let capitals = spelling
        .chars()
        .filter(|piece| piece.is_uppercase())
        .count();
    let count = letters.count();
    if count <= 5 && capitals * 2 >= count && capitals > 1 {
        return words == spelling;
    }
    let first = |text: &str| text.chars().next().is_some_and(char::is_uppercase);
    if spelling.contains(' ') && first(spelling) {
        let last = |text: &str| text.rsplit(' ').next().is_some_and(first);
        return first(words) && (last(words) || !last(spelling));
    }
    first(words) || !first(spelling)
}

/// All gazetteers, indexed.
pub struct Gazetteers {
    /// States.
    pub states: Vec<State>,
    /// Outlets.
    pub outlets: Vec<Outlet>,
    /// Bodies.
    pub bodies: Vec<Body>,
    /// People in office.
    pub people: Vec<Person>,
    /// Technology.
    pub tech: Vec<Tech>,
    /// Instruments.
    pub instruments: Vec<Known>,
    /// Serials.
    pub serials: Vec<Serial>,
    /// Verbs of speech.
    pub verbs: Vec<Verb>,
    /// Nouns of speech: word and kind.
    pub nouns: Vec<(String, &'static str)>,
    /// Names of every kind.
    pub names: Index<Name>,
    /// Terms of technology.
    pub terms: Index<u16>,
    /// Names of instruments.
    pub acts: Index<u16>,
    /// Words of grammar and speech.
    words: Table<Class>,
    calendar: Table<Calendar>,
    sets: Sets,
    given: Table<()>,
    surnames: Table<Vec<u16>>,
    /// Every word or phrase of any list, with its place in `masks`.
    listed: Table<u16>,
    /// For each listed word, the lists that hold it, a bit each.
    masks: Vec<u128>,
    /// Names of the lists, by a hash of their names: group, list, bit.
    bits: Vec<Option<(String, String, u8)>>,
    roles: Table<&'static str>,
    modifiers: Table<()>,
    /// Every single word of any list or name, in small letters.
    lexicon: Table<()>,
    /// Nouns of office, in small letters, by their first word.
    offices: Table<Vec<Vec<String>>>,
}

/// A problem in a gazetteer, with the file it stands in.
#[derive(Debug, thiserror::Error)]
#[error("{file}: {what}")]
pub struct DataError {
    /// The file.
    pub file: &'static str,
    /// What was found, and what would be right.
    pub what: String,
}

#[derive(Deserialize)]
struct StatesFile {
    state: Vec<State>,
    region: Vec<String>,
}
#[derive(Deserialize)]
struct OutletsFile {
    outlet: Vec<Outlet>,
    words: Lists,
}
#[derive(Deserialize)]
struct BodiesFile {
    body: Vec<Body>,
    forms: Lists,
}
#[derive(Deserialize)]
struct TechFile {
    tech: Vec<Tech>,
}
#[derive(Deserialize)]
struct InstrumentsFile {
    instrument: Vec<Known>,
    forms: Lists,
}
#[derive(Deserialize)]
struct SerialsFile {
    serial: Vec<Serial>,
    words: Lists,
}
#[derive(Deserialize)]
struct OfficesFile {
    office: Vec<OfficeRow>,
}
#[derive(Deserialize)]
struct OfficeRow {
    country: String,
    title: String,
    holders: Vec<Vec<String>>,
}
#[derive(Deserialize)]
struct PeopleFile {
    given: String,
    particles: Vec<String>,
    address: Vec<String>,
    office: Vec<String>,
    speakers: Lists,
}
#[derive(Deserialize)]
struct CalendarFile {
    month: Vec<NumberRow>,
    weekday: Vec<NumberRow>,
    words: Lists,
    numbers: BTreeMap<String, u16>,
    relative: Lists,
}
#[derive(Deserialize)]
struct NumberRow {
    number: u8,
    names: Vec<String>,
}
#[derive(Deserialize)]
struct CuesFile {
    verb: Vec<VerbRow>,
    noun: Vec<NounRow>,
    according: Vec<String>,
    hedge: Vec<String>,
    relay: Vec<String>,
    charge: Vec<String>,
    negative: Vec<String>,
    give: Vec<String>,
    take: Vec<String>,
    contrast: Vec<String>,
    flow: Vec<String>,
    help: Vec<String>,
    abbreviations: Vec<String>,
    openers: Vec<String>,
    grammar: Lists,
    commitment: Lists,
    graph: Lists,
    status: Lists,
}
#[derive(Deserialize)]
struct VerbRow {
    kind: String,
    frame: String,
    forms: Vec<String>,
}
#[derive(Deserialize)]
struct NounRow {
    kind: String,
    forms: Vec<String>,
}

/// A file of the data: its name in the project, and its text.
type File = (&'static str, &'static str);

const STATES: File = (
    "data/reports/states.toml",
    include_str!("../../../../data/reports/states.toml"),
);
const OUTLETS: File = (
    "data/reports/outlets.toml",
    include_str!("../../../../data/reports/outlets.toml"),
);
const BODIES: File = (
    "data/reports/bodies.toml",
    include_str!("../../../../data/reports/bodies.toml"),
);
const TECHNOLOGY: File = (
    "data/reports/technology.toml",
    include_str!("../../../../data/reports/technology.toml"),
);
const INSTRUMENTS: File = (
    "data/reports/instruments.toml",
    include_str!("../../../../data/reports/instruments.toml"),
);
const SERIALS: File = (
    "data/reports/serials.toml",
    include_str!("../../../../data/reports/serials.toml"),
);
const OFFICES: File = (
    "data/reports/offices.toml",
    include_str!("../../../../data/reports/offices.toml"),
);
const PEOPLE: File = (
    "data/reports/people.toml",
    include_str!("../../../../data/reports/people.toml"),
);
const CALENDAR: File = (
    "data/reports/calendar.toml",
    include_str!("../../../../data/reports/calendar.toml"),
);
const CUES: File = (
    "data/reports/cues.toml",
    include_str!("../../../../data/reports/cues.toml"),
);

fn parse<T: for<'de> Deserialize<'de>>((file, text): File) -> Result<T, DataError> {
    toml::from_str(text).map_err(|error| DataError {
        file,
        what: error.to_string(),
    })
}

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
    /// The gazetteers that are built in.
    ///
    /// # Errors
    /// [`DataError`] when a file of `data/reports/` cannot be read; the tests of this crate keep that from being built.
    pub fn built_in() -> Result<&'static Gazetteers, &'static DataError> {
        static BUILT: OnceLock<Result<Gazetteers, DataError>> = OnceLock::new();
        BUILT.get_or_init(Gazetteers::load).as_ref()
    }

    fn load() -> Result<Gazetteers, DataError> {
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
        let acts = instruments
            .instrument
            .iter()
            .zip(0_u16..)
            .flat_map(|(row, index)| row.names.iter().map(move |name| (index, name.clone())))
            .collect();
        let (roles, modifiers) = roles(&sets);
        let lexicon = lexicon(&sets, &words, &calendar, &names, &terms);
        let (listed, masks, bits) = listed(&sets);
        Ok(Gazetteers {
            listed,
            masks,
            bits,
            lexicon,
            roles,
            modifiers,
            surnames: surnames(&persons),
            names: Index::new(BODIES.0, names)?,
            terms: Index::new(TECHNOLOGY.0, terms)?,
            acts: Index::new(INSTRUMENTS.0, acts)?,
            states: states.state,
            outlets: outlets.outlet,
            bodies: bodies.body,
            people: persons,
            tech: tech.tech,
            instruments: instruments.instrument,
            serials: serials.serial,
            verbs,
            nouns,
            words,
            calendar: calendar_words(&calendar)?,
            sets,
            given: people
                .given
                .split_whitespace()
                .map(|name| (name.to_owned(), ()))
                .collect(),
            offices: by_first_word(people.office),
        })
    }

    /// Whether any list or name holds the word, in small letters.
    #[must_use]
    pub fn spelled(&self, lower: &str) -> bool {
        self.lexicon.contains_key(lower)
    }

    /// The class of a word in small letters.
    #[must_use]
    pub fn class(&self, lower: &str) -> Class {
        self.words.get(lower).copied().unwrap_or_default()
    }

    /// What a word means in the calendar.
    #[must_use]
    pub fn calendar(&self, lower: &str) -> Option<Calendar> {
        self.calendar.get(lower).copied()
    }

    /// Whether a word or phrase stands in a list of the data, such as `("cue", "hedge")`.
    #[must_use]
    pub fn lists(&self, group: &str, list: &str) -> Option<&Table<()>> {
        self.sets.get(group).and_then(|lists| lists.get(list))
    }

    /// Whether a word or phrase stands in a list of the data.
    #[must_use]
    pub fn is(&self, group: &str, list: &str, word: &str) -> bool {
        self.holds(self.listed(word), group, list)
    }

    /// The number of a word that stands in some list; nought for one that stands in none.
    #[must_use]
    pub fn listed(&self, word: &str) -> u16 {
        self.listed.get(word).copied().unwrap_or_default()
    }

    /// Whether a listed word stands in this list. Most words stand in none at all, and cost one comparison.
    #[must_use]
    pub fn holds(&self, listed: u16, group: &str, list: &str) -> bool {
        if listed == 0 {
            return false;
        }
        let mut slot = slot(group, list);
        loop {
            match self.bits.get(slot % SLOTS).and_then(Option::as_ref) {
                Some((own, name, bit)) if own == group && name == list => {
                    let mask = self.masks.get(usize::from(listed)).copied().unwrap_or(0);
                    return mask >> bit & 1 == 1;
                }
                Some(_) => slot += 1,
                None => return false,
            }
        }
    }

    /// The lists of a group, by name.
    pub fn group<'a>(
        &'a self,
        group: &'a str,
    ) -> impl Iterator<Item = (&'a str, &'a Table<()>)> + 'a {
        self.sets
            .get(group)
            .into_iter()
            .flatten()
            .map(|(name, table)| (name.as_str(), table))
    }

    /// Whether a point behind the word belongs to it.
    #[must_use]
    pub fn abbreviation(&self, lower: &str) -> bool {
        self.is("cue", "abbreviation", lower)
    }

    /// Whether a word commonly opens a sentence.
    #[must_use]
    pub fn opens(&self, lower: &str) -> bool {
        self.is("cue", "opener", lower)
    }

    /// Whether a capitalised word is a given name.
    #[must_use]
    pub fn given(&self, word: &str) -> bool {
        self.given.contains_key(word)
    }

    /// People whose surname this is.
    #[must_use]
    pub fn surname(&self, word: &str) -> &[u16] {
        self.surnames.get(word).map_or(&[], Vec::as_slice)
    }

    /// How many words from here name an office, given the words as a function of their place.
    pub fn office<'a>(&self, word: impl Fn(usize) -> &'a str) -> usize {
        let Some(rows) = self.offices.get(word(0)) else {
            return 0;
        };
        rows.iter()
            .filter(|row| {
                row.iter()
                    .enumerate()
                    .all(|(place, own)| word(place) == own)
            })
            .map(Vec::len)
            .max()
            .unwrap_or(0)
    }

    /// The kind of speaker that a noun of role makes.
    #[must_use]
    pub fn role(&self, lower: &str) -> Option<&'static str> {
        self.roles.get(lower).copied()
    }

    /// Whether a word may stand between a country and a noun of role.
    #[must_use]
    pub fn modifies(&self, lower: &str) -> bool {
        self.modifiers.contains_key(lower)
    }

    /// The state of a code.
    #[must_use]
    pub fn state(&self, code: &str) -> Option<&State> {
        self.states.iter().find(|state| state.code == code)
    }
}

/// Places for names of lists; far more than there are lists.
const SLOTS: usize = 1024;

/// Where the name of a list is looked for first.
fn slot(group: &str, list: &str) -> usize {
    let (group, list) = (group.as_bytes(), list.as_bytes());
    let at = |text: &[u8], place: usize| usize::from(text.get(place).copied().unwrap_or(0));
    at(group, 0) * 31
        + at(group, 1) * 7
        + at(list, 0) * 131
        + at(list, 1) * 17
        + at(list, 3) * 5
        + list.len() * 61
        + group.len()
}

type Listed = (Table<u16>, Vec<u128>, Vec<Option<(String, String, u8)>>);

/// Numbers every word of every list, and gives each list a bit.
fn listed(sets: &Sets) -> Listed {
    let mut words: Table<u16> = Table::default();
    let mut masks: Vec<u128> = vec![0];
    let mut bits: Vec<Option<(String, String, u8)>> = vec![None; SLOTS];
    let lists = sets
        .iter()
        .flat_map(|(group, lists)| lists.iter().map(move |(name, table)| (group, name, table)));
    for ((group, name, table), bit) in lists.zip(0_u8..128) {
        let mut place = slot(group, name);
        while bits.get(place % SLOTS).is_some_and(Option::is_some) {
            place += 1;
        }
        if let Some(free) = bits.get_mut(place % SLOTS) {
            *free = Some((group.clone(), name.clone(), bit));
        }
        for word in table.keys() {
            let number = *words.entry(word.clone()).or_insert_with(|| {
                masks.push(0);
                u16::try_from(masks.len() - 1).unwrap_or(u16::MAX)
            });
            if let Some(mask) = masks.get_mut(usize::from(number)) {
                *mask |= 1 << bit;
            }
        }
    }
    (words, masks, bits)
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

fn holders(file: OfficesFile) -> Result<Vec<Person>, DataError> {
    let name_of = "data/reports/offices.toml";
    let mut people: Vec<Person> = Vec::new();
    for row in file.office {
        for holder in row.holders {
            let [name, from, to, also @ ..] = holder.as_slice() else {
                return Err(DataError {
                    file: name_of,
                    what: format!(
                        "{}: a holder needs a name and two days, found {holder:?}",
                        row.title
                    ),
                });
            };
            let term = Term {
                title: row.title.clone(),
                from: day(name_of, from)?,
                to: if to.is_empty() {
                    None
                } else {
                    Some(day(name_of, to)?)
                },
            };
            let known = people
                .iter_mut()
                .find(|person| &person.name == name && person.country == row.country);
            let person = match known {
                Some(person) => person,
                None => {
                    people.push(Person {
                        name: name.clone(),
                        names: vec![name.clone()],
                        country: row.country.clone(),
                        terms: Vec::new(),
                    });
                    let Some(last) = people.last_mut() else {
                        continue;
                    };
                    last
                }
            };
            person.terms.push(term);
            for spelling in also {
                if !person.names.contains(spelling) {
                    person.names.push(spelling.clone());
                }
            }
        }
    }
    Ok(people)
}

fn surnames(people: &[Person]) -> Table<Vec<u16>> {
    let mut table: Table<Vec<u16>> = Table::default();
    for (person, index) in people.iter().zip(0_u16..) {
        for name in &person.names {
            let Some(last) = name.rsplit(' ').next() else {
                continue;
            };
            let row = table.entry(last.to_owned()).or_default();
            if !row.contains(&index) {
                row.push(index);
            }
        }
    }
    table
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

/// Whether the form can head a clause.
#[must_use]
pub fn finite(form: Form) -> bool {
    matches!(form, Form::Base | Form::Third | Form::Past)
}
