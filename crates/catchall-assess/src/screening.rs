//! Screening: the parties of a transfer, and their owners, against the lists held; what follows for the facts of the law.
//!
//! Two sorts of lists: those in the packs, each party with its days, and imported ones, for which a pack's list stands as a
//! whole (`imported = "..."`). A strong hit is taken for the party; a weaker one raises a question and never decides. The
//! index is built when the first party is looked for.

mod asked;
mod document;
mod listed;

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use catchall_law::{Law, fold_name};
use catchall_model::{Day, Hit, Party};
use catchall_screen::{
    Answer, AnswerError, Answers, Given, IndexFile, Listing, Manner, Names, ScreenIndex, score_pair,
};

pub use self::asked::question_of;
pub use self::document::{answer_document, hit_document};

use self::asked::query;
pub(crate) use self::document::question;
use self::document::told;
use self::listed::{by_name, doubt, of_pack, place_of_pack};
use crate::remember::Remembered;

/// The most hits looked at for one party.
const MOST_HITS: usize = 20;

/// Lists of parties that the roof hands in.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Every listing, with its days; left out where the index holds them.
    pub listings: Vec<Listing>,
    /// The index of all of them, where it lay ready.
    pub index: Option<IndexFile>,
    /// What people have said of hits.
    pub answers: Answers,
    /// What is held: list, title, day and digest, for the basis and for what was not checked.
    pub held: Vec<Held>,
    /// Lists that were asked for and cannot be used: why, one sentence each.
    pub problems: Vec<String>,
}

/// An imported list, as a whole.
#[derive(Clone, Debug, Default)]
pub struct Held {
    /// Its id.
    pub list: String,
    /// Its title.
    pub title: String,
    /// Its day.
    pub day: Option<Day>,
    /// How many records it holds.
    pub records: usize,
    /// Digest of its stored form.
    pub digest: String,
}

/// The lists, ready to be asked.
pub(crate) struct Screening {
    pub imported: Imported,
    index: OnceLock<Option<Ready>>,
    /// Rows of the packs' own lists by folded name.
    by_name: HashMap<String, Vec<u32>>,
    /// Rows that stand for imported lists.
    whole: Vec<u32>,
}

/// Two indexes: what stands in the packs, and what was imported. A hit follows from its own listing alone, so that both together answer as one.
struct Ready {
    packs: ScreenIndex,
    lists: ScreenIndex,
    names: Arc<Names>,
}

/// Room for one thread.
#[derive(Default)]
pub(crate) struct ScreenRoom {
    packs: catchall_screen::Room,
    lists: catchall_screen::Room,
    key: Vec<u64>,
    known: Remembered<Arc<Met>, 8_192>,
}

impl ScreenRoom {
    /// Forgets another index: what it remembers of words holds for one only.
    pub fn clear(&mut self) {
        self.known.clear();
        self.packs = catchall_screen::Room::default();
        self.lists = catchall_screen::Room::default();
    }
}

/// What became of one party.
#[derive(Clone, Debug, Default)]
pub(crate) struct Met {
    /// Rows of the packs that it is.
    pub sure: Vec<u32>,
    /// Rows that it may be: only a person can say.
    pub maybe: Vec<u32>,
    /// A weaker hit on a list for which no pack stands.
    pub unplaced: bool,
    pub hits: Vec<Hit>,
    /// What each hit stands for.
    stands: Vec<Stand>,
}

/// What a hit stands for, before anybody answers it.
#[derive(Clone, Debug)]
struct Stand {
    /// Rows of the packs.
    rows: Vec<u32>,
    strong: bool,
    /// Whether nobody knows if the listing stood on that day.
    undated: bool,
    listing: Place,
}

/// Where a hit's listing is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    /// A row of the packs.
    Pack(u32),
    /// A listing of the index of imported lists.
    List(u32),
}

/// Why an answer could not be taken.
#[derive(Debug, thiserror::Error)]
pub enum AnswerFault {
    /// No such hit.
    #[error("`{party}` has no hit on `{listing}` on this day; its hits are: {hits}")]
    NoHit {
        /// The party.
        party: String,
        /// What was asked for.
        listing: String,
        /// What there is.
        hits: String,
    },
    /// The answer itself is wanting.
    #[error(transparent)]
    Answer(#[from] AnswerError),
}

impl Screening {
    pub fn of(law: &Law, imported: Imported) -> Screening {
        let mut by_name: HashMap<String, Vec<u32>> = HashMap::new();
        let mut whole = Vec::new();
        for (place, party) in (0u32..).zip(&law.parties) {
            if !party.imported.is_empty() {
                whole.push(place);
                continue;
            }
            for name in &party.folded {
                by_name.entry(name.clone()).or_default().push(place);
            }
        }
        Screening {
            imported,
            index: OnceLock::new(),
            by_name,
            whole,
        }
    }

    /// Every imported listing.
    pub fn listings(&self, law: &Law) -> Vec<Listing> {
        let ready = self.ready(law);
        ready.map_or_else(Vec::new, |ready| ready.lists.listings().collect())
    }

    fn ready(&self, law: &Law) -> Option<&Ready> {
        let made = self.index.get_or_init(|| {
            let names = Names::built_in().ok()?;
            let listings: Vec<Listing> = (0u32..)
                .zip(&law.parties)
                .filter(|(_, party)| party.imported.is_empty())
                .map(|(place, party)| of_pack(law, place, party))
                .collect();
            let lists = match &self.imported.index {
                Some(file) => file.clone().with(names.clone()),
                None => ScreenIndex::build(&self.imported.listings, names.clone()),
            };
            let packs = ScreenIndex::build(&listings, names.clone());
            Some(Ready {
                packs,
                lists,
                names,
            })
        });
        made.as_ref()
    }

    /// Looks for one party, by all its names, and says what people have said of its hits; `key` is the caller's own for the party.
    pub fn answered(
        &self,
        law: &Law,
        (party, key): (&Party, &str),
        on: Day,
        room: &mut ScreenRoom,
    ) -> Arc<Met> {
        let met = self.meet(law, party, on, room);
        if self.imported.answers.is_empty() || met.hits.is_empty() {
            return met;
        }
        let query = query(party);
        let mut own = Met::clone(&met);
        for (hit, stand) in own.hits.iter_mut().zip(&own.stands) {
            let listing = self.listing(law, stand.listing);
            let said = self.imported.answers.about(&query, key, &listing);
            hit.answer = said.map(|(answer, standing)| answer_document(answer, &standing));
        }
        own.settle();
        Arc::new(own)
    }

    /// Takes a person's answer to a hit of a party: `listing` is `LIST/KEY`, or the list and the listing's name.
    ///
    /// # Errors
    /// [`AnswerFault`] when the party has no such hit, or the answer is wanting.
    pub fn answer(
        &self,
        law: &Law,
        party: &Party,
        on: Day,
        listing: &str,
        given: &Given<'_>,
        room: &mut ScreenRoom,
    ) -> Result<Answer, AnswerFault> {
        let met = self.meet(law, party, on, room);
        let keys = |hit: &Hit| {
            let of = &hit.listing;
            [
                format!("{}/{}", of.list, of.source_id),
                format!("{}/{}", of.list, of.name),
            ]
        };
        let at = met.hits.iter().position(|hit| {
            let [by_id, by_name] = keys(hit);
            (by_id == listing && !hit.listing.source_id.is_empty()) || by_name == listing
        });
        match at.and_then(|at| met.stands.get(at)) {
            Some(stand) => {
                let listing = self.listing(law, stand.listing);
                Ok(Answer::give(given, &query(party), &listing)?)
            }
            None => {
                let shown = met.hits.iter().map(|hit| {
                    let [by_id, by_name] = keys(hit);
                    match hit.listing.source_id.as_str() {
                        "" => by_name,
                        _ => by_id,
                    }
                });
                let hits: Vec<String> = shown.collect();
                Err(AnswerFault::NoHit {
                    party: party.name.clone().unwrap_or_default(),
                    listing: listing.to_owned(),
                    hits: match hits.is_empty() {
                        true => "none".to_owned(),
                        false => hits.join(", "),
                    },
                })
            }
        }
    }

    /// The listing of a hit, as an answer names it.
    fn listing(&self, law: &Law, place: Place) -> Listing {
        match place {
            Place::Pack(row) => {
                law.parties
                    .get(row as usize)
                    .map_or_else(Listing::default, |party| Listing {
                        source_id: String::new(),
                        ..of_pack(law, row, party)
                    })
            }
            Place::List(number) => self
                .ready(law)
                .and_then(|ready| ready.lists.listing(number))
                .unwrap_or_default(),
        }
    }

    /// Looks for one party, by all its names.
    fn meet(&self, law: &Law, party: &Party, on: Day, room: &mut ScreenRoom) -> Arc<Met> {
        self.key(party, on, &mut room.key);
        if let Some(known) = room.known.get(&room.key) {
            return known;
        }
        let key = std::mem::take(&mut room.key);
        let met = Arc::new(self.meet_anew(law, party, on, room));
        room.known.put(&key, met.clone());
        room.key = key;
        met
    }

    /// What the answer follows from. The day counts only where imported lists have days of their own.
    fn key(&self, party: &Party, on: Day, into: &mut Vec<u64>) {
        into.clear();
        if !self.imported.held.is_empty() || !self.imported.listings.is_empty() {
            into.push(on.number().unsigned_abs());
        }
        for name in party.name.iter().chain(&party.names) {
            catchall_law::exact_text(name, into);
        }
        into.push(u64::MAX);
        let countries = party
            .country
            .iter()
            .chain(party.nationalities.iter().flatten());
        for country in countries {
            catchall_law::exact_text(country.code(), into);
        }
        into.push(u64::MAX);
        for (kind, value) in &party.identifiers {
            catchall_law::exact_text(kind, into);
            catchall_law::exact_text(value, into);
        }
        into.push(
            party
                .born
                .map_or(u64::MAX, |born| born.number().unsigned_abs()),
        );
        for text in [&party.address, &party.kind].into_iter().flatten() {
            catchall_law::exact_text(text, into);
        }
        catchall_law::exact_text(&party.role, into);
    }

    fn meet_anew(&self, law: &Law, party: &Party, on: Day, room: &mut ScreenRoom) -> Met {
        let mut met = Met::default();
        let own: Vec<&String> = party.name.iter().chain(&party.names).collect();
        for name in &own {
            let same = self.by_name.get(&fold_name(name)).into_iter().flatten();
            met.sure.extend(same.copied());
        }
        met.sure.sort_unstable();
        met.sure.dedup();
        let Some(ready) = self.ready(law) else {
            return met;
        };
        let query = query(party);
        for (hit, stand) in self.found(law, ready, &query, on, room) {
            let mut told = told(party, hit);
            if stand.undated {
                doubt(&mut told, on);
            }
            met.take(law, told, stand);
        }
        // A row met by its very name is shown, whatever the index thinks of so common a name.
        for place in met.sure.clone() {
            let row = &law.parties[place as usize];
            let shown = |stand: &Stand| stand.listing == Place::Pack(place);
            if row.imported.is_empty() && !met.stands.iter().any(shown) {
                let asked = own.first().map_or("", |name| name.as_str());
                let pair = score_pair(asked, &row.name, Manner::Body, &ready.names);
                met.hits.push(by_name(law, place, party, asked, &pair));
                met.stands.push(Stand {
                    rows: vec![place],
                    strong: true,
                    undated: false,
                    listing: Place::Pack(place),
                });
            }
        }
        met.settle();
        met
    }
}

impl Met {
    /// Takes a hit of an index.
    fn take(&mut self, law: &Law, mut hit: Hit, mut stand: Stand) {
        if let Place::Pack(row) = stand.listing {
            place_of_pack(law, row, &mut hit);
            if self.sure.contains(&row) {
                stand.strong = true;
            }
            if stand.strong {
                hit.band = "strong";
            }
        }
        self.hits.push(hit);
        self.stands.push(stand);
    }

    /// What follows from the hits, and from what people have said of them: a confirmed one is a fact, a dismissed one is nobody.
    fn settle(&mut self) {
        (self.sure, self.maybe, self.unplaced) = (Vec::new(), Vec::new(), false);
        for (hit, stand) in self.hits.iter().zip(&self.stands) {
            // Who the party is does not tell whether the listing stood on that day.
            let surely = !stand.undated && (hit.settled() || stand.strong);
            match () {
                () if hit.dismissed() => {}
                // For what stands on a list that no pack speaks of, nobody has said what follows.
                () if stand.rows.is_empty() => self.unplaced = true,
                () if surely => self.sure.extend(&stand.rows),
                () => self.maybe.extend(&stand.rows),
            }
        }
        for places in [&mut self.sure, &mut self.maybe] {
            places.sort_unstable();
            places.dedup();
        }
        let sure = &self.sure;
        self.maybe.retain(|place| !sure.contains(place));
    }
}
