//! Which listings a party may be, on a day: imported lists and the lists of packs.

use catchall_law::{Holds, Law};
use catchall_model::{Day, Hit, HitListing, HitReason, Party};
use catchall_screen::{Band, Days, ListedName, Listing, NameKind, PartyKind, Query};

use super::document::{part, thousandths};
use super::{MOST_HITS, Place, Ready, ScreenRoom, Screening, Stand};

impl Screening {
    /// The hits of both indexes, best first, each with what it stands for.
    pub(super) fn found(
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
pub(super) fn doubt(hit: &mut Hit, on: Day) {
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

pub(super) fn of_pack(law: &Law, place: u32, party: &catchall_law::ListedParty) -> Listing {
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
pub(super) fn place_of_pack(law: &Law, place: u32, hit: &mut Hit) {
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

pub(super) fn by_name(
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

/// What the key of a pack's row begins with in the index.
const PACK: &str = "pack:";
