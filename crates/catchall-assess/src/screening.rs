//! Screening: the parties of a transfer, and their owners, against the lists held; what follows for the facts of the law.
//!
//! Two sorts of lists: those in the packs, each party with its days, and imported ones, for which a pack's list stands as a
//! whole (`imported = "..."`). A strong hit is taken for the party; a weaker one raises a question and never decides. The
//! index is built when the first party is looked for.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, OnceLock};

use catchall_law::{Holds, Law, OwnershipFact, ShareCount, Value, fold_name};
use catchall_model::{
    Amount, Country, Day, Flag, Hit, HitListing, HitPart, HitReason, Likelihood, Number, Owner,
    Party, Unit,
};
use catchall_screen::{
    Band, BirthDate, Days, Identifier, ListedName, Listing, Manner, NameKind, Names, PartyKind,
    Query, ScreenIndex, TableTexts, score_pair,
};

use crate::remember::Remembered;

/// The most hits looked at for one party.
const MOST_HITS: usize = 20;
/// The deepest chain of owners that is followed.
const DEEPEST: usize = 12;

/// Lists of parties that the roof hands in.
#[derive(Clone, Debug, Default)]
pub struct Imported {
    /// Every listing, with its days.
    pub listings: Vec<Listing>,
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

struct Ready {
    index: ScreenIndex,
    names: Arc<Names>,
}

/// Room for one thread.
#[derive(Default)]
pub(crate) struct ScreenRoom {
    room: catchall_screen::Room,
    key: Vec<u64>,
    known: Remembered<Arc<Met>, 8_192>,
}

impl ScreenRoom {
    /// Forgets another index: what it remembers of words holds for one only.
    pub fn clear(&mut self) {
        self.known.clear();
        self.room = catchall_screen::Room::default();
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

    fn ready(&self, law: &Law) -> Option<&Ready> {
        let made = self.index.get_or_init(|| {
            let names = Arc::new(Names::read(&TableTexts::built_in()).ok()?);
            let mut listings: Vec<Listing> = (0u32..)
                .zip(&law.parties)
                .filter(|(_, party)| party.imported.is_empty())
                .map(|(place, party)| of_pack(law, place, party))
                .collect();
            listings.extend(self.imported.listings.iter().cloned());
            let index = ScreenIndex::build(&listings, names.clone());
            Some(Ready { index, names })
        });
        made.as_ref()
    }

    /// Looks for one party, by all its names.
    pub fn meet(&self, law: &Law, party: &Party, on: Day, room: &mut ScreenRoom) -> Arc<Met> {
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
        if !self.imported.listings.is_empty() {
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
        let found = ready
            .index
            .screen(&query, on, None, MOST_HITS, &mut room.room)
            .unwrap_or_default();
        let mut shown: Vec<u32> = Vec::new();
        for hit in found {
            let undated = self.undated(&hit.listing, on);
            let strong = hit.band == Band::Strong && !undated;
            let place = hit
                .listing
                .source_id
                .strip_prefix(PACK)
                .and_then(|place| place.parse::<u32>().ok());
            let mut told = told(party, hit);
            if undated {
                doubt(&mut told, on);
            }
            match place {
                Some(place) => {
                    shown.push(place);
                    place_of_pack(law, place, &mut told);
                    if strong || met.sure.contains(&place) {
                        met.sure.push(place);
                        told.band = "strong";
                    } else {
                        met.maybe.push(place);
                    }
                }
                None => {
                    let listing = &told.listing;
                    let stands = |place: &&u32| {
                        let row = &law.parties[**place as usize];
                        row.stands_for(&listing.list, &listing.programmes)
                    };
                    let places: Vec<u32> = self.whole.iter().filter(stands).copied().collect();
                    if strong {
                        met.sure.extend(places);
                    } else if places.is_empty() {
                        met.unplaced = true;
                    } else {
                        met.maybe.extend(places);
                    }
                }
            }
            met.hits.push(told);
        }
        // A row met by its very name is shown, whatever the index thinks of so common a name.
        for place in met.sure.clone() {
            let row = &law.parties[place as usize];
            if row.imported.is_empty() && !shown.contains(&place) {
                let asked = own.first().map_or("", |name| name.as_str());
                let pair = score_pair(asked, &row.name, Manner::Body, &ready.names);
                met.hits.push(by_name(law, place, party, asked, &pair));
                shown.push(place);
            }
        }
        for places in [&mut met.sure, &mut met.maybe] {
            places.sort_unstable();
            places.dedup();
        }
        let sure = met.sure.clone();
        met.maybe.retain(|place| !sure.contains(place));
        met
    }

    /// Whether an imported list gives a listing no day, and the day asked for lies before our copy: it may have been listed since.
    fn undated(&self, listing: &catchall_screen::Found, on: Day) -> bool {
        let held = self.imported.held.iter();
        let copy = held
            .filter(|held| held.list == listing.list)
            .find_map(|held| held.day);
        listing.listed.is_none() && copy.is_some_and(|copy| on < copy)
    }

    /// Whether a name alone is on one of these lists.
    fn listed(
        &self,
        law: &Law,
        name: &str,
        lists: &[String],
        on: Day,
        room: &mut ScreenRoom,
    ) -> Holds {
        let party = Party {
            name: Some(name.to_owned()),
            role: "owner".to_owned(),
            ..Party::default()
        };
        let met = self.meet(law, &party, on, room);
        let stands = |place: &u32| {
            let row = &law.parties[*place as usize];
            let set = &law.sets[row.set];
            row.period.on(on) != Holds::No && lists.contains(&set.id)
        };
        if met.sure.iter().any(stands) {
            Holds::Yes
        } else if met.maybe.iter().any(stands) {
            Holds::Open
        } else {
            Holds::No
        }
    }
}

/// Takes a hit back to a question: nobody knows whether the listing stood on that day.
fn doubt(hit: &mut Hit, on: Day) {
    if hit.band == "strong" {
        hit.band = "review";
    }
    hit.speaks_against.push(HitReason {
        about: "listed".to_owned(),
        says: format!("the list gives no day of listing, and the copy held is later than {on}"),
        weight: 0,
    });
    hit.unknown.push(format!("whether it was listed on {on}"));
}

/// What the key of a pack's row begins with in the index.
const PACK: &str = "pack:";

fn of_pack(law: &Law, place: u32, party: &catchall_law::ListedParty) -> Listing {
    let name = |text: &String, kind: NameKind| ListedName {
        text: text.clone(),
        kind,
        ..ListedName::default()
    };
    let aliases = party
        .aliases
        .iter()
        .map(|alias| name(alias, NameKind::Strong));
    Listing {
        list: law.sets[party.set].id.clone(),
        source_id: format!("{PACK}{place}"),
        kind: PartyKind::Unknown,
        names: std::iter::once(name(&party.name, NameKind::Primary))
            .chain(aliases)
            .collect(),
        // On which days it is listed is the law's to say.
        valid: Days::default(),
        ..Listing::default()
    }
}

/// A hit on a pack's row says where it stands there.
fn place_of_pack(law: &Law, place: u32, hit: &mut Hit) {
    let row = &law.parties[place as usize];
    let set = &law.sets[row.set];
    let (first, last) = row.period.ends();
    hit.listing.source_id.clear();
    hit.listing.listed = (first > Day::MIN).then_some(first);
    hit.listing.delisted = (last < Day::MAX).then_some(last);
    let cite = if row.cite.is_empty() {
        &set.cite
    } else {
        &row.cite
    };
    hit.listing.citation = Some(cite.clone());
}

fn by_name(
    law: &Law,
    place: u32,
    party: &Party,
    asked: &str,
    pair: &catchall_screen::PairScore,
) -> Hit {
    let row = &law.parties[place as usize];
    let mut hit = Hit {
        party: asked.to_owned(),
        role: party.role.clone(),
        listing: HitListing {
            list: law.sets[row.set].id.clone(),
            name: row.name.clone(),
            matched: row.name.clone(),
            kind: "unknown".to_owned(),
            ..HitListing::default()
        },
        score: thousandths(pair.probability),
        band: "strong",
        alignment: pair.alignment.iter().map(part).collect(),
        speaks_for: vec![HitReason {
            about: "name".to_owned(),
            says: "the very name, or an alias, of the list".to_owned(),
            weight: 0,
        }],
        speaks_against: Vec::new(),
        unknown: Vec::new(),
        truncated: false,
    };
    place_of_pack(law, place, &mut hit);
    hit
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "held between 0 and 1000"
)]
fn thousandths(share: f32) -> Likelihood {
    Likelihood((share.clamp(0.0, 1.0) * 1000.0).round() as u16)
}

fn part(aligned: &catchall_screen::Aligned) -> HitPart {
    HitPart {
        asked: aligned.asked.clone(),
        listed: aligned.listed.clone(),
        by: aligned.by.and_then(word),
        weight: thousandths(aligned.weight),
    }
}

/// The word that a value of a closed list is written as.
fn word(value: impl serde::Serialize) -> Option<String> {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(word)) => Some(word),
        _ => None,
    }
}

/// A hit of the index as the contract has it.
pub(crate) fn told(party: &Party, hit: catchall_screen::Hit) -> Hit {
    let reason = |reason: catchall_screen::Reason| HitReason {
        about: reason.about.to_owned(),
        says: reason.says,
        weight: reason.weight,
    };
    let found = hit.listing;
    Hit {
        party: hit.party,
        role: party.role.clone(),
        listing: HitListing {
            list: found.list,
            source_id: found.source_id,
            name: found.name,
            matched: found.matched,
            kind: word(found.kind).unwrap_or_default(),
            programmes: found.programmes,
            listed: found.listed,
            delisted: found.delisted,
            citation: found.citation,
        },
        score: Likelihood(hit.score.0),
        band: match hit.band {
            Band::Strong => "strong",
            Band::Review => "review",
            Band::WeakAlias => "weak_alias",
        },
        alignment: hit.alignment.iter().map(part).collect(),
        speaks_for: hit.reasons_for.into_iter().map(reason).collect(),
        speaks_against: hit.reasons_against.into_iter().map(reason).collect(),
        unknown: hit.unknown.iter().map(|each| (*each).to_owned()).collect(),
        truncated: hit.truncated,
    }
}

/// A party as the index is asked for it.
pub(crate) fn query(party: &Party) -> Query {
    let countries: Vec<Country> = party
        .country
        .iter()
        .chain(party.nationalities.iter().flatten())
        .copied()
        .collect();
    let names: Vec<String> = party.name.iter().chain(&party.names).cloned().collect();
    Query {
        party: names.first().cloned().unwrap_or_default(),
        names,
        kind: match party.kind.as_deref() {
            None | Some("other") => PartyKind::Unknown,
            Some("person") => PartyKind::Person,
            Some("vessel") => PartyKind::Vessel,
            Some("aircraft") => PartyKind::Aircraft,
            Some(_) => PartyKind::Organisation,
        },
        born: party.born.map(|born| BirthDate {
            from: born,
            to: born,
            circa: false,
        }),
        countries,
        identifiers: party
            .identifiers
            .iter()
            .map(|(kind, value)| Identifier {
                kind: kind.clone(),
                value: value.clone(),
                country: None,
            })
            .collect(),
        places: party.address.iter().cloned().collect(),
    }
}

/// The question that a weaker hit raises.
pub(crate) fn question(hit: &Hit) -> Flag {
    let unknown = match hit.unknown.as_slice() {
        [] => String::new(),
        unknown => format!(" What would decide: {}.", unknown.join(", ")),
    };
    Flag {
        flag: format!(
            "`{}` may be `{}` of the list {} ({} in 1,000)",
            hit.party, hit.listing.name, hit.listing.list, hit.score.0
        ),
        question: format!("Is it the same party?{unknown}"),
        evidence: "hits".to_owned(),
        open: true,
    }
}

/// Shares of listed owners, as far as they are known.
pub(crate) struct Ownership<'a> {
    pub screening: &'a Screening,
    pub law: &'a Law,
    pub on: Day,
}

/// A share in grid units of a percent: at least, at most.
type Share = (i128, i128);

impl Ownership<'_> {
    /// What a fact of ownership comes to for a party with these owners.
    pub fn share(
        &self,
        fact: &OwnershipFact,
        owners: &[Owner],
        room: &mut ScreenRoom,
    ) -> Option<Value> {
        let lists = &fact.listed_in;
        match fact.count {
            ShareCount::Sum => {
                let (least, most) = self.sum(owners, lists, None, 0, room);
                Some(Value::Between(
                    Number::from_grid(least),
                    Number::from_grid(most),
                ))
            }
            ShareCount::Largest => {
                let mut holders: BTreeMap<String, Share> = BTreeMap::new();
                let mut names = Vec::new();
                all_names(owners, 0, &mut names);
                for name in names {
                    if holders.contains_key(&name) {
                        continue;
                    }
                    let share = match self.screening.listed(self.law, &name, lists, self.on, room) {
                        Holds::No => continue,
                        Holds::Yes => self.sum(owners, lists, Some(&name), 0, room),
                        Holds::Open => (0, self.sum(owners, lists, Some(&name), 0, room).1),
                    };
                    holders.insert(name, share);
                }
                let least = holders.values().map(|share| share.0).max().unwrap_or(0);
                let most = holders.values().map(|share| share.1).max();
                let most = most.unwrap_or_else(|| rest(owners)).max(least);
                Some(Value::Between(
                    Number::from_grid(least),
                    Number::from_grid(most),
                ))
            }
            ShareCount::Unknown => {
                let (mut open, mut doubted) = (false, false);
                for owner in owners {
                    let unknown = percent(owner).is_none_or(|(least, most)| least != most);
                    if unknown {
                        let listed =
                            self.screening
                                .listed(self.law, &owner.name, lists, self.on, room);
                        open |= listed == Holds::Yes;
                        doubted |= listed == Holds::Open;
                    }
                }
                (open || (rest(owners) == 0 && !doubted)).then_some(Value::YesNo(open))
            }
        }
    }

    /// The shares of listed owners (of one by name, where one is given) added up. What somebody holds through a firm counts
    /// where the firm is itself held to half or more. What nobody is said to hold may be anybody's.
    fn sum(
        &self,
        owners: &[Owner],
        lists: &[String],
        only: Option<&str>,
        depth: usize,
        room: &mut ScreenRoom,
    ) -> Share {
        if depth > DEEPEST {
            return (0, WHOLE);
        }
        let (mut least, mut most) = (0, 0);
        for owner in owners {
            let (low, high) = percent(owner).unwrap_or((0, WHOLE));
            let own = match only {
                Some(name) if owner.name == name => Holds::Yes,
                Some(_) => Holds::No,
                None => self
                    .screening
                    .listed(self.law, &owner.name, lists, self.on, room),
            };
            let (surely, possibly) = if own == Holds::Yes {
                (true, true)
            } else if owner.owners.is_empty() {
                (false, own == Holds::Open)
            } else {
                let through = self.sum(&owner.owners, lists, only, depth + 1, room);
                (
                    through.0 >= WHOLE / 2,
                    through.1 >= WHOLE / 2 || own == Holds::Open,
                )
            };
            if surely {
                least += low;
            }
            if possibly {
                most += high;
            }
        }
        let least = least.min(WHOLE);
        (least, (most + rest(owners)).clamp(least, WHOLE))
    }
}

/// A hundred per cent: a million parts per million, on the grid of [`Number`].
const WHOLE: i128 = 1_000_000 * 1_000_000_000_000;

/// What nobody is said to hold.
fn rest(owners: &[Owner]) -> i128 {
    if owners.is_empty() {
        return 0;
    }
    let held: i128 = owners.iter().filter_map(percent).map(|share| share.0).sum();
    (WHOLE - held).max(0)
}

fn percent(owner: &Owner) -> Option<Share> {
    let unit = Unit::find("%")?;
    let amount = Amount::parse(owner.share.as_deref()?, unit.dimension()).ok()?;
    let (first, last) = (amount.spans.first()?.0, amount.spans.last()?.1);
    Some((first.grid().clamp(0, WHOLE), last.grid().clamp(0, WHOLE)))
}

fn all_names(owners: &[Owner], depth: usize, into: &mut Vec<String>) {
    if depth > DEEPEST {
        return;
    }
    for owner in owners {
        into.push(owner.name.clone());
        all_names(&owner.owners, depth + 1, into);
    }
}
