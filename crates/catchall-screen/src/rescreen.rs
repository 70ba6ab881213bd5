//! Rescreen: what a change of lists means for parties that were screened before.
//!
//! The parties are the index and what changed of the lists is the question, so that only what a change can touch is looked at. Names are met the other
//! way round here than in [`crate::screen`], which finds whom to look at; who is found is then screened as ever, against what stood before and
//! against what stands now. So the report is that of screening everybody twice, and tests hold it to that.
//!
//! Knows no file and no clock: both states of the lists and their days are handed in.

use crate::align::{align_by, align_plainly};
use crate::alike::{View, views};
use crate::attribute::{Floor, told, usable};
use crate::builder::Builder;
use crate::candidates::Sought;
use crate::ceiling::Ceiling;
use crate::evidence::{evidence, observed_at_most, sums};
use crate::index::{ScreenIndex, like, manners};
use crate::listing::{ListedName, Listing, NameKind};
use crate::name::{MOST_TOKENS, Manner, Name, Reading, Role};
use crate::query::{Hit, Query, ScreenError};
use crate::room::Room;
use crate::screen::Bench;
use crate::sealed::IndexFile;
use crate::tables::Names;
use catchall_model::Day;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// By how much finding whom to look at may differ from screening: letters are counted in another order.
const SLACK: f32 = 0.05;

/// One entry of one list as it stood on the day before and as it stands on the day after.
#[derive(Clone, Debug, PartialEq)]
pub struct Turn {
    /// The list.
    pub list: String,
    /// The publisher's key.
    pub source_id: String,
    /// As it stood; nothing where it was not in force.
    pub before: Vec<Listing>,
    /// As it stands; nothing where it is not in force.
    pub after: Vec<Listing>,
}

/// What became of one possible match with an entry that differs.
#[derive(Clone, Debug, PartialEq)]
pub struct Moved {
    /// The party's place among the parties, from 0.
    pub party: u32,
    /// The caller's key.
    pub key: String,
    /// The hit as it was; none where it appeared.
    pub before: Option<Hit>,
    /// The hit as it is; none where it vanished.
    pub after: Option<Hit>,
}

impl Moved {
    /// Whether the hit itself is not as it was. Where it is, what differs of the entry does not bear on it, but may bear on what a person has said of it.
    pub fn differs(&self) -> bool {
        self.before != self.after
    }
}

/// Parties, ready to be asked whom a listing touches.
#[derive(Debug)]
pub struct PartyIndex {
    index: ScreenIndex,
}

/// Gathers parties into an index.
pub struct PartyIndexBuilder<'n> {
    names: &'n Arc<Names>,
    builder: Builder<'n>,
}

impl PartyIndexBuilder<'_> {
    /// Takes the next party.
    pub fn take(&mut self, party: Query) {
        self.builder.listing(&as_listing(party));
    }

    /// The index.
    pub fn finish(self) -> PartyIndex {
        let bytes = self.builder.finish();
        PartyIndex {
            index: ScreenIndex::of(bytes, Arc::clone(self.names)),
        }
    }
}

/// Every entry that differs between two states of the lists, each on its day; in order of list and key.
///
/// What a law or a copy of ours holds on one day and not on the other is a difference, though the record be the same.
pub fn turns(before: &[Listing], after: &[Listing], days: (Day, Day)) -> Vec<Turn> {
    let mut all: BTreeMap<(&str, &str), [Vec<&Listing>; 2]> = BTreeMap::new();
    for (side, listings) in [(0, before), (1, after)] {
        for listing in listings {
            let turn = all.entry((&listing.list, &listing.source_id)).or_default();
            turn[side].push(listing);
        }
    }
    // Nearly every record is as it was, and is not copied.
    let may_differ = all.into_iter().filter(|(_, [before, after])| {
        before != after || !before.iter().all(|listing| listing.steady(days))
    });
    may_differ
        .map(|((list, source_id), [before, after])| {
            let on = |listings: Vec<&Listing>, day: Day| {
                listings.iter().filter_map(|own| own.on(day)).collect()
            };
            Turn {
                list: list.to_owned(),
                source_id: source_id.to_owned(),
                before: on(before, days.0),
                after: on(after, days.1),
            }
        })
        .filter(|turn| turn.before != turn.after)
        .collect()
}

/// What the turns mean for parties, one after another: the answer of [`PartyIndex::rescreen`] without an index of the parties.
#[derive(Debug)]
pub struct Rescreening {
    before: ScreenIndex,
    after: ScreenIndex,
    days: (Day, Day),
}

impl Rescreening {
    /// Lays out what changed.
    pub fn of(turns: &[Turn], days: (Day, Day), names: &Arc<Names>) -> Rescreening {
        let side = |of: fn(&Turn) -> &Vec<Listing>| {
            let listings: Vec<Listing> = turns.iter().flat_map(of).cloned().collect();
            ScreenIndex::build(&listings, Arc::clone(names))
        };
        Rescreening {
            before: side(|turn| &turn.before),
            after: side(|turn| &turn.after),
            days,
        }
    }

    /// What became of one party's possible matches with what changed, those that are as they were too, in order of list and key; a room for each side.
    ///
    /// # Errors
    /// [`ScreenError::Nameless`] when the party has neither a name nor an identifier.
    pub fn party(
        &self,
        number: u32,
        query: &Query,
        rooms: &mut [Room; 2],
    ) -> Result<Vec<Moved>, ScreenError> {
        let [one, other] = rooms;
        let all = usize::MAX;
        let before = self.before.screen(query, self.days.0, None, all, one)?;
        let after = self.after.screen(query, self.days.1, None, all, other)?;
        let mut met: BTreeMap<(String, String), [Option<Hit>; 2]> = BTreeMap::new();
        for (side, hits) in [(0, before), (1, after)] {
            for hit in hits {
                let key = (hit.listing.list.clone(), hit.listing.source_id.clone());
                let held = &mut met.entry(key).or_default()[side];
                // A key that two records bear is met by the better one, which comes first.
                if held.is_none() {
                    *held = Some(hit);
                }
            }
        }
        Ok(met
            .into_values()
            .map(|[before, after]| Moved {
                party: number,
                key: query.party.clone(),
                before,
                after,
            })
            .collect())
    }
}

impl PartyIndex {
    /// Gathers parties that come one after another; the same parties give the same bytes.
    pub fn builder(names: &Arc<Names>) -> PartyIndexBuilder<'_> {
        PartyIndexBuilder {
            names,
            builder: Builder::new(names),
        }
    }

    /// Opens a sealed index.
    pub fn from_file(file: IndexFile, names: Arc<Names>) -> PartyIndex {
        PartyIndex {
            index: file.with(names),
        }
    }

    /// Says of what this is the index, and closes it with a checksum; see [`ScreenIndex::sealed`].
    #[must_use]
    pub fn sealed(self, key: [u8; 32]) -> PartyIndex {
        let index = self.index.sealed(key);
        PartyIndex { index }
    }

    /// Of what it is the index; zeros where it was not told.
    pub fn key(&self) -> &[u8] {
        self.index.key()
    }

    /// The index as one file.
    pub fn bytes(&self) -> &[u8] {
        self.index.bytes()
    }

    /// How many parties it holds.
    pub fn len(&self) -> usize {
        self.index.len()
    }

    /// Whether it holds none.
    pub fn is_empty(&self) -> bool {
        self.index.is_empty()
    }

    /// A party by its place.
    pub fn party(&self, number: u32) -> Option<Query> {
        self.index.listing(number).map(as_query)
    }

    /// What the turns mean for the parties: every possible match with what changed, in order of parties, lists and keys.
    pub fn rescreen(&self, turns: &[Turn], days: (Day, Day), room: &mut Room) -> Vec<Moved> {
        let mut touched: BTreeSet<u32> = BTreeSet::new();
        for turn in turns {
            let mut last: Option<&Listing> = None;
            for listing in turn.before.iter().chain(&turn.after) {
                // What changed beside the names and the kind finds the same parties.
                if last.is_none_or(|last| !asks_alike(last, listing)) {
                    self.touched(listing, room, &mut touched);
                }
                last = Some(listing);
            }
        }
        let rescreening = Rescreening::of(turns, days, &self.index.names);
        let mut rooms = [Room::new(), Room::new()];
        let mut moved = Vec::new();
        for number in touched {
            if let Some(query) = self.party(number) {
                // Who has no name has no reading either, and was not found by one.
                moved.extend(
                    rescreening
                        .party(number, &query, &mut rooms)
                        .unwrap_or_default(),
                );
            }
        }
        moved
    }

    /// The parties that a listing may be.
    fn touched(&self, listing: &Listing, room: &mut Room, into: &mut BTreeSet<u32>) {
        let index = &self.index;
        let floor = Floor::of(told::of(listing), &index.names);
        for name in &listing.names {
            for manner in manners(listing.kind, &name.text, &index.names) {
                let name = Name::read(&name.text, *manner, &index.names);
                for reading in &name.readings {
                    self.meet((reading, *manner), &floor, room, into);
                }
            }
        }
        for id in usable(&listing.identifiers) {
            into.extend(index.bearing(&id.value));
        }
    }

    /// The parties that one reading of a listing's name may be.
    fn meet(
        &self,
        (reading, manner): (&Reading, Manner),
        floor: &Floor,
        room: &mut Room,
        into: &mut BTreeSet<u32>,
    ) {
        let index = &self.index;
        let sounds = &index.names.sounds;
        let tokens = views(reading, sounds);
        room.begin(index.readings());
        let asked = index.likes(&tokens, manner, room);
        let sought = Sought {
            tokens: &tokens,
            letters: &reading.letters,
            manner,
        };
        let theirs = crate::pair::reading_view(reading, &tokens);
        let mut bench = Bench::default();
        let ceiling = Ceiling::of(manner, &index.names.weights);
        for candidate in index.candidates(&sought, asked, floor, room) {
            let head = index.reading_head(candidate);
            let bearer = index.bearer(head.name);
            if into.contains(&bearer) {
                continue;
            }
            index.lay_out(candidate, &mut bench);
            self.fill(&tokens, candidate, room, &mut bench);
            let least = floor.under(head.told) - SLACK;
            if !room.may_join(candidate)
                && ceiling.by_table(&bench.listed, &tokens, &bench.table) < least
            {
                continue;
            }
            index.reading_rest(candidate, &mut bench.rest);
            let Bench {
                listed,
                rest,
                table,
                alignment,
                ..
            } = &mut bench;
            let ours = rest.with(listed);
            if !align_plainly(&ours, &theirs, table, alignment) {
                align_by(&ours, &theirs, sounds, table, alignment);
            }
            let sums = sums(&ours, &theirs, alignment);
            let seen = observed_at_most(index.names.weights.of(manner));
            if index.list_odds(&sums, manner) + seen < least {
                continue;
            }
            let legal = crate::pair::legal(&rest.legal, &reading.legal, &index.names);
            let figures = evidence(&ours, &theirs, legal, alignment);
            if index.list_odds(&figures, manner) >= least {
                into.insert(bearer);
            }
        }
    }

    /// The table of a party's tokens against those of a listing.
    fn fill(&self, tokens: &[View<'_>], candidate: u32, room: &Room, bench: &mut Bench<'_>) {
        for row in bench.table.iter_mut().take(bench.listed.len()) {
            row[..tokens.len().min(MOST_TOKENS)].fill(None);
        }
        for (row, number) in self.index.reading_tokens(candidate).enumerate() {
            room.found.each(number, |column, found| {
                bench.table[row][usize::from(column)] = Some(found)
            });
        }
        for (row, ours) in bench.listed.iter().enumerate() {
            for (column, token) in tokens.iter().enumerate().take(MOST_TOKENS) {
                if token.role == Role::Initial || ours.role == Role::Initial {
                    bench.table[row][column] = like(ours, token, &self.index.names);
                }
            }
        }
    }
}

/// Whether two states of an entry find the same parties.
fn asks_alike(one: &Listing, other: &Listing) -> bool {
    let texts = |listing: &Listing| -> Vec<String> {
        listing.names.iter().map(|name| name.text.clone()).collect()
    };
    one.kind == other.kind
        && texts(one) == texts(other)
        && one.identifiers == other.identifiers
        && told::of(one) == told::of(other)
}

fn as_listing(query: Query) -> Listing {
    let named = |(place, text): (usize, String)| ListedName {
        text,
        kind: match place {
            0 => NameKind::Primary,
            _ => NameKind::Strong,
        },
        ..ListedName::default()
    };
    Listing {
        source_id: query.party,
        kind: query.kind,
        names: query.names.into_iter().enumerate().map(named).collect(),
        identifiers: query.identifiers,
        births: query.born.into_iter().collect(),
        countries: query.countries,
        addresses: query.places,
        ..Listing::default()
    }
}

fn as_query(listing: Listing) -> Query {
    Query {
        party: listing.source_id,
        names: listing.names.into_iter().map(|name| name.text).collect(),
        kind: listing.kind,
        born: listing.births.first().copied(),
        countries: listing.countries,
        identifiers: listing.identifiers,
        places: listing.addresses,
    }
}
