//! Screening: the parties of a transfer, and their owners, against the lists held; what follows for the facts of the law.
//!
//! Two sorts of lists: those in the packs, each party with its days, and imported ones, for which a pack's list stands as a
//! whole (`imported = "..."`). A strong hit is taken for the party; a weaker one raises a question and never decides. The
//! index is built when the first party is looked for.

use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use catchall_law::{Holds, Law, fold_name};
use catchall_model::{
    Country, Day, Flag, Hit, HitAnswer, HitListing, HitPart, HitReason, Likelihood, Party,
};
use catchall_screen::{
    Answer, AnswerError, Answers, Band, BirthDate, Days, Given, Identifier, IndexFile, ListedName,
    Listing, Manner, NameKind, Names, PartyKind, Query, Says, ScreenIndex, TableTexts, score_pair,
};

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
            let names = Arc::new(Names::read(&TableTexts::built_in()).ok()?);
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

    /// The hits of both indexes, best first, each with what it stands for.
    fn found(
        &self,
        law: &Law,
        ready: &Ready,
        query: &Query,
        on: Day,
        room: &mut ScreenRoom,
    ) -> Vec<(catchall_screen::Hit, Stand)> {
        let mut found: Vec<(catchall_screen::Hit, Stand)> = Vec::new();
        let of_packs = ready
            .packs
            .screen_numbered(query, on, None, &mut room.packs);
        for (_, hit) in of_packs.unwrap_or_default() {
            let row = hit.listing.source_id.strip_prefix(PACK);
            if let Some(row) = row.and_then(|row| row.parse().ok()) {
                let stand = Stand {
                    rows: vec![row],
                    strong: hit.band == Band::Strong,
                    undated: false,
                    listing: Place::Pack(row),
                };
                found.push((hit, stand));
            }
        }
        let of_lists = ready
            .lists
            .screen_numbered(query, on, None, &mut room.lists);
        for (number, hit) in of_lists.unwrap_or_default() {
            let stands = |place: &&u32| {
                let row = &law.parties[**place as usize];
                row.stands_for(&hit.listing.list, &hit.listing.programmes)
            };
            let undated = self.undated(&hit.listing, on);
            let stand = Stand {
                rows: self.whole.iter().filter(stands).copied().collect(),
                strong: hit.band == Band::Strong && !undated,
                undated,
                listing: Place::List(number),
            };
            found.push((hit, stand));
        }
        found.sort_by(|(a, _), (b, _)| {
            let key = |hit: &catchall_screen::Hit| {
                (hit.listing.list.clone(), hit.listing.source_id.clone())
            };
            b.score.cmp(&a.score).then_with(|| key(a).cmp(&key(b)))
        });
        found.truncate(MOST_HITS);
        found
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
    pub fn listed(
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
        let met = self.answered(law, (&party, ""), on, room);
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

/// A person's answer as the contract has it.
pub fn answer_document(answer: &Answer, standing: &catchall_screen::Standing) -> HitAnswer {
    HitAnswer {
        says: match answer.says {
            Says::Same => "same",
            Says::NotSame | Says::Open => "not_same",
        },
        by: answer.by.clone(),
        at: answer.at,
        until: answer.until,
        why: answer.why.clone(),
        holds: standing.holds(),
        lapsed: standing.lapse(),
        id: answer.id(),
    }
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
        answer: None,
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
        answer: None,
    }
}

/// A hit of an index as the contract has it, for a party that stands by itself.
pub fn hit_document(hit: catchall_screen::Hit) -> Hit {
    told(&Party::default(), hit)
}

/// A party as an index is asked for it; `key` is the caller's own.
pub fn question_of(party: &Party, key: &str) -> Query {
    Query {
        party: key.to_owned(),
        ..query(party)
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
    let mut names: Vec<String> = party.name.iter().chain(&party.names).cloned().collect();
    let bare: Vec<String> = names
        .iter()
        .filter_map(|name| without_brackets(name))
        .collect();
    names.extend(bare);
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

/// A name without what stands in brackets, as people add a short form or a town: `Tula Instrument Design Bureau (KBP)`. It is asked
/// beside the whole name, and nothing is asked that was not written.
fn without_brackets(name: &str) -> Option<String> {
    let (before, rest) = name.split_once(['(', '[', '（'])?;
    let (_, after) = rest.split_once([')', ']', '）'])?;
    let bare = format!("{} {}", before.trim(), after.trim());
    let bare = bare.trim();
    // One short word would meet by chance.
    let told = bare.split_whitespace().count() > 1 || bare.chars().count() > 5;
    (told && bare != name).then(|| bare.to_owned())
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

#[cfg(test)]
mod tests {
    use super::without_brackets;

    #[test]
    fn what_stands_in_brackets_is_left_out_beside_the_whole_name() {
        for (name, bare) in [
            (
                "Tula Instrument Design Bureau (KBP)",
                Some("Tula Instrument Design Bureau"),
            ),
            ("Zavod (Plant) No. 9", Some("Zavod No. 9")),
            ("(KBP)", None),
            ("Ace (Hong Kong)", None),
            ("Bureau (unclosed", None),
            ("Plain name", None),
        ] {
            assert_eq!(without_brackets(name).as_deref(), bare, "{name}");
        }
    }
}
