//! One entry in the making: a listing, filled piece by piece, and where imports collect what they read.
//!
//! Texts stay as printed but for runs of white space. Places go through the caller's lookup; what it does not know is
//! counted, so that the list of places can grow. Knows no publisher.

use std::collections::{BTreeMap, BTreeSet};

use catchall_model::{Country, Day, Reject};

use super::dates::{Order, births};
use super::{Countries, Refusal};
use crate::{BirthDate, Days, Identifier, ListedName, Listing, NameKind, PartyKind};

/// Rejects that are kept with their words; beyond that they are only counted.
const MOST_REJECTS: usize = 1_000;
/// Names, identifiers, addresses and so on that one record may have, of each; the fullest known has about 200.
const MOST_OF_A_KIND: usize = 2_000;
/// Records that one list may have: forty times the largest known.
const MOST_RECORDS: usize = 1_000_000;

/// What an import has read so far.
pub(super) struct Reading<'a> {
    /// The list's id.
    pub(super) list: String,
    countries: Countries<'a>,
    pub(super) listings: Vec<Listing>,
    pub(super) rejects: Vec<Reject>,
    pub(super) rejected: usize,
    /// Records that are of no party, such as an address with a record of its own.
    pub(super) skipped: usize,
    /// Records taken off by a file of changes.
    pub(super) deleted: BTreeSet<String>,
    /// The file holds changes only.
    pub(super) is_delta: bool,
    /// The day that the file itself gives.
    pub(super) day: Option<Day>,
    /// How many records the file itself says it has.
    pub(super) declared: Option<usize>,
    /// What a person should know of this import.
    pub(super) notes: Vec<String>,
    pub(super) unknown_places: BTreeMap<String, usize>,
    keys: BTreeMap<String, u32>,
    /// Places that were looked up already: lists name few, and each of them often.
    places: BTreeMap<String, Option<Country>>,
}

impl<'a> Reading<'a> {
    pub(super) fn new(list: &str, countries: Countries<'a>) -> Reading<'a> {
        Reading {
            list: list.to_owned(),
            countries,
            listings: Vec::new(),
            rejects: Vec::new(),
            rejected: 0,
            skipped: 0,
            deleted: BTreeSet::new(),
            is_delta: false,
            day: None,
            declared: None,
            notes: Vec::new(),
            unknown_places: BTreeMap::new(),
            keys: BTreeMap::new(),
            places: BTreeMap::new(),
        }
    }

    /// The place that a text stands for, in the forms that lists use: `Korea, North`, `Region: Gaza`, `Haiti / Haïti`.
    pub(super) fn country(&mut self, text: &str) -> Option<Country> {
        let text = match text.get(..8) {
            Some(start) if start.eq_ignore_ascii_case("region: ") => &text[8..],
            _ => text,
        };
        let text = text.trim().trim_end_matches(['.', ';', ',']);
        if text.is_empty() || matches!(text, "00" | "Unknown" | "unknown" | "undetermined") {
            return None;
        }
        let found = match self.places.get(text) {
            Some(known) => *known,
            None => {
                let found = self.look_up(&tidy(text));
                if self.places.len() < 10_000 {
                    self.places.insert(text.to_owned(), found);
                }
                found
            }
        };
        let room = self.unknown_places.len() < 1_000;
        if found.is_none() && (room || self.unknown_places.contains_key(text)) {
            *self.unknown_places.entry(text.to_owned()).or_default() += 1;
        }
        found
    }

    fn look_up(&self, text: &str) -> Option<Country> {
        let mut tries = vec![text.to_owned()];
        if text.len() == 2 {
            tries.push(text.to_ascii_uppercase());
        }
        if let Some((first, _)) = text.split_once(" / ") {
            tries.push(first.to_owned());
        }
        if let Some((last, first)) = text.rsplit_once(", ") {
            tries.push(format!("{} {last}", first.trim_start_matches("The ")));
            tries.push(first.to_owned());
            tries.push(last.to_owned());
        }
        if let Some((before, within)) = text.split_once(" (") {
            tries.push(before.to_owned());
            tries.push(within.trim_end_matches(')').to_owned());
        }
        tries.iter().find_map(|each| (self.countries)(each))
    }

    /// Whether a text is the name of a place; one that is none is not counted.
    pub(super) fn is_place(&self, text: &str) -> bool {
        (self.countries)(text).is_some()
    }

    /// A key that is the list's own; a second record with the same one is a reject.
    pub(super) fn take(&mut self, at: &At<'_>, mut entry: Entry) -> Result<(), Refusal> {
        entry.listing.list.clone_from(&self.list);
        let id = entry.listing.source_id.clone();
        if id.is_empty() {
            self.reject(
                at,
                None,
                "no key",
                "each record needs the publisher's own key",
            );
            return Ok(());
        }
        if self.keys.contains_key(&id) {
            self.reject(
                at,
                Some(&id),
                "the key stands twice",
                "one record for each key",
            );
            return Ok(());
        }
        match entry.finish() {
            Ok(listing) => {
                self.keys.insert(id, 1);
                self.listings.push(listing);
            }
            Err(problem) => self.reject(
                at,
                Some(&id),
                problem,
                "a record has a name, and at most 2,000 things of a kind",
            ),
        }
        if self.listings.len() > MOST_RECORDS {
            return Err(Refusal::TooLarge {
                file: at.file.to_owned(),
                what: "the number of records",
                limit: MOST_RECORDS as u64,
            });
        }
        Ok(())
    }

    /// A key for a list whose records have none: what identifies the record, and its place among equals.
    pub(super) fn made_key(&mut self, text: &str) -> String {
        let text = tidy(text);
        let count = self.keys.entry(format!("\u{1}{text}")).or_default();
        *count += 1;
        if *count == 1 {
            text
        } else {
            format!("{text} #{count}")
        }
    }

    /// Whether a record with this key was taken.
    pub(super) fn has(&self, id: &str) -> bool {
        self.keys.contains_key(id)
    }

    pub(super) fn reject(&mut self, at: &At<'_>, id: Option<&str>, problem: &str, cure: &str) {
        self.rejected += 1;
        if self.rejects.len() < MOST_REJECTS {
            self.rejects.push(Reject {
                file: at.file.to_owned(),
                row: at.row,
                line: at.line,
                id: id.map(|id| id.chars().take(80).collect()),
                column: None,
                cell: at.cell.map(|cell| cell.chars().take(80).collect()),
                problem: problem.chars().take(300).collect(),
                cure: cure.to_owned(),
            });
        }
    }

    pub(super) fn note(&mut self, note: impl Into<String>) {
        let note = note.into();
        if !self.notes.contains(&note) && self.notes.len() < 100 {
            self.notes.push(note);
        }
    }
}

/// Where a record stands.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct At<'f> {
    pub(super) file: &'f str,
    /// From 1, the header not counted.
    pub(super) row: u64,
    pub(super) line: Option<u64>,
    pub(super) cell: Option<&'f str>,
}

/// A listing in the making.
#[derive(Clone, Debug)]
pub(super) struct Entry {
    pub(super) listing: Listing,
    remarks: Vec<String>,
    /// Names already there, so that ten thousand of them cost no more than their number.
    known: BTreeSet<String>,
}

impl Entry {
    pub(super) fn new(id: &str, kind: PartyKind) -> Entry {
        Entry {
            listing: Listing {
                source_id: tidy(id),
                kind,
                ..Listing::default()
            },
            remarks: Vec::new(),
            known: BTreeSet::new(),
        }
    }

    /// A name; one that is there already, letter by letter, is not taken twice.
    pub(super) fn name(&mut self, kind: NameKind, text: &str) {
        self.name_parts(kind, text, "", "");
    }

    /// A name whose parts the publisher keeps apart.
    pub(super) fn name_parts(&mut self, kind: NameKind, text: &str, given: &str, family: &str) {
        let text = tidy(text);
        if !text.chars().any(char::is_alphanumeric)
            || self.known.len() > MOST_OF_A_KIND
            || !self.known.insert(text.clone())
        {
            return;
        }
        let part = |part: &str| Some(tidy(part)).filter(|part| !part.is_empty());
        self.listing.names.push(ListedName {
            text,
            kind,
            given: part(given),
            family: part(family),
            ..ListedName::default()
        });
    }

    /// `FAMILY, Given` as one name with its parts.
    pub(super) fn inverted(&mut self, kind: NameKind, text: &str) {
        match text.split_once(", ") {
            Some((family, given)) => self.name_parts(kind, text, given, family),
            None => self.name(kind, text),
        }
    }

    pub(super) fn identifier(&mut self, kind: &str, value: &str, country: Option<Country>) {
        let value = tidy(value);
        let value = value.trim_end_matches(['.', ';', ',']).to_owned();
        let identifier = Identifier {
            kind: kind.to_owned(),
            value,
            country,
        };
        if identifier.value.chars().any(char::is_alphanumeric)
            && self.listing.identifiers.len() <= MOST_OF_A_KIND
            && !self.listing.identifiers.contains(&identifier)
        {
            self.listing.identifiers.push(identifier);
        }
    }

    pub(super) fn country(&mut self, country: Option<Country>) {
        if let Some(country) = country
            && !self.listing.countries.contains(&country)
        {
            self.listing.countries.push(country);
        }
    }

    pub(super) fn address(&mut self, text: &str) {
        once(&mut self.listing.addresses, text);
    }

    /// An address from its parts, the empty ones left out.
    pub(super) fn address_of(&mut self, parts: &[&str]) {
        self.address(&joined(parts, ", "));
    }

    pub(super) fn programme(&mut self, text: &str) {
        once(&mut self.listing.programmes, text);
    }

    pub(super) fn measure(&mut self, text: &str) {
        once(&mut self.listing.measures, text);
    }

    pub(super) fn birth_place(&mut self, text: &str) {
        once(
            &mut self.listing.birth_places,
            text.trim_end_matches([';', ',']),
        );
    }

    pub(super) fn birth(&mut self, birth: BirthDate) {
        if self.listing.births.len() <= MOST_OF_A_KIND && !self.listing.births.contains(&birth) {
            self.listing.births.push(birth);
        }
    }

    /// Dates of birth as printed; what is no date is kept as a remark.
    pub(super) fn births(&mut self, text: &str, order: Order) {
        let (read, whole) = births(text, order);
        for birth in read {
            self.birth(birth);
        }
        if !whole {
            self.remark_of("Born", text);
        }
    }

    pub(super) fn remark(&mut self, text: &str) {
        once(&mut self.remarks, text);
    }

    /// A remark with a word before it; nothing where there is no text.
    pub(super) fn remark_of(&mut self, label: &str, text: &str) {
        let text = tidy(text);
        if !text.is_empty() {
            self.remark(&format!("{label}: {text}"));
        }
    }

    /// In force from the earlier of what was known and this day.
    pub(super) fn listed(&mut self, day: Option<Day>) {
        let valid: &mut Days = &mut self.listing.valid;
        if let Some(day) = day {
            valid.from = Some(valid.from.map_or(day, |from| from.min(day)));
        }
    }

    pub(super) fn delisted(&mut self, day: Option<Day>) {
        self.listing.valid.to = day.or(self.listing.valid.to);
    }

    /// Days of listing that labels give are of one programme each: a party of several may be listed since long before.
    pub(super) fn listed_once(&mut self) {
        if self.listing.programmes.len() != 1 {
            self.listing.valid.from = None;
        }
    }

    /// The listing, its primary name first.
    fn finish(mut self) -> Result<Listing, &'static str> {
        let names = &mut self.listing.names;
        if names.is_empty() {
            return Err("no name");
        }
        let over = names.len() > MOST_OF_A_KIND
            || self.listing.identifiers.len() > MOST_OF_A_KIND
            || self.listing.births.len() > MOST_OF_A_KIND
            || [
                &self.remarks,
                &self.listing.addresses,
                &self.listing.programmes,
                &self.listing.measures,
                &self.listing.birth_places,
            ]
            .iter()
            .any(|all| all.len() > MOST_OF_A_KIND);
        if over {
            return Err("more than 2,000 names, numbers, addresses or remarks");
        }
        let primary = names.iter().position(|name| name.kind == NameKind::Primary);
        let first = names.remove(primary.unwrap_or(0));
        names.insert(
            0,
            ListedName {
                kind: NameKind::Primary,
                ..first
            },
        );
        if !self.remarks.is_empty() {
            self.listing.remarks = Some(self.remarks.join("; "));
        }
        Ok(self.listing)
    }
}

fn once(into: &mut Vec<String>, text: &str) {
    let text = tidy(text);
    if !text.is_empty() && into.len() <= MOST_OF_A_KIND && !into.contains(&text) {
        into.push(text);
    }
}

/// One space for each run of white space, none at the ends, and no control characters.
pub(super) fn tidy(text: &str) -> String {
    let text = text.trim();
    // Most texts are tidy as they come.
    let plain = text.bytes().all(|byte| (0x20..0x7f).contains(&byte)) && !text.contains("  ");
    if plain {
        return text.to_owned();
    }
    let mut tidy = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || c.is_control() || c == '\u{feff}') {
        if !word.is_empty() {
            if !tidy.is_empty() {
                tidy.push(' ');
            }
            tidy.push_str(word);
        }
    }
    tidy
}

/// The parts that are not empty, with `between` between them.
pub(super) fn joined(parts: &[&str], between: &str) -> String {
    parts
        .iter()
        .map(|part| tidy(part))
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(between)
}
