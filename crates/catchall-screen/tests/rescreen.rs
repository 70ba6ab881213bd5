//! Rescreening held against screening everybody twice, on invented lists and on the real history of one.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;
use std::sync::Arc;

use catchall_model::{Country, Day};
use catchall_screen::lists::{self, ListFile, Part, Request};
use catchall_screen::{
    BirthDate, Days, Hit, Identifier, ListedName, Listing, Moved, NameKind, Names, PartyIndex,
    PartyKind, Query, Rescreening, Room, ScreenIndex, TableTexts, turns,
};

fn names() -> Arc<Names> {
    Arc::new(Names::read(&TableTexts::built_in()).unwrap())
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

/// What became of every hit, by screening every party against both whole lists.
fn twice(
    parties: &[Query],
    (before, after): (&[Listing], &[Listing]),
    days: (Day, Day),
    names: &Arc<Names>,
) -> Vec<Moved> {
    let one = ScreenIndex::build(before, Arc::clone(names));
    let other = ScreenIndex::build(after, Arc::clone(names));
    let mut rooms = [Room::new(), Room::new()];
    let mut moved = Vec::new();
    for (number, party) in (0u32..).zip(parties) {
        let mut met: BTreeMap<(String, String), [Option<Hit>; 2]> = BTreeMap::new();
        for (side, index, on) in [(0, &one, days.0), (1, &other, days.1)] {
            let hits = index
                .screen(party, on, None, usize::MAX, &mut rooms[side])
                .unwrap();
            for hit in hits {
                let key = (hit.listing.list.clone(), hit.listing.source_id.clone());
                let own = &mut met.entry(key).or_default()[side];
                *own = own.take().or(Some(hit));
            }
        }
        let differ = met.into_values().filter(|[before, after]| before != after);
        moved.extend(differ.map(|[before, after]| Moved {
            party: number,
            key: party.party.clone(),
            before,
            after,
        }));
    }
    moved
}

/// The same by the index of parties, and party by party against what changed.
fn rescreened(
    parties: &[Query],
    (before, after): (&[Listing], &[Listing]),
    days: (Day, Day),
    names: &Arc<Names>,
) -> [Vec<Moved>; 2] {
    let turns = turns(before, after, days);
    let mut builder = PartyIndex::builder(names);
    for party in parties {
        builder.take(party.clone());
    }
    let index = builder.finish();
    let mut by_index = index.rescreen(&turns, days, &mut Room::new());
    by_index.retain(Moved::differs);
    let rescreening = Rescreening::of(&turns, days, names);
    let mut rooms = [Room::new(), Room::new()];
    let by_party = (0u32..)
        .zip(parties)
        .flat_map(|(number, party)| rescreening.party(number, party, &mut rooms).unwrap());
    let by_party = by_party.filter(Moved::differs).collect();
    [by_index, by_party]
}

fn told(moved: &[Moved]) -> Vec<String> {
    let score = |hit: &Option<Hit>| hit.as_ref().map_or(0, |hit| hit.score.0);
    let line = |one: &Moved| {
        let hit = one.before.as_ref().or(one.after.as_ref()).unwrap();
        format!(
            "{} / {} {} {}: {} -> {}",
            one.key,
            hit.listing.list,
            hit.listing.source_id,
            hit.listing.name,
            score(&one.before),
            score(&one.after)
        )
    };
    moved.iter().map(line).collect()
}

fn listed(source_id: &str, kind: PartyKind, name: &str) -> Listing {
    Listing {
        list: "invented".to_owned(),
        source_id: source_id.to_owned(),
        kind,
        names: vec![ListedName {
            text: name.to_owned(),
            ..ListedName::default()
        }],
        ..Listing::default()
    }
}

fn party(key: &str, kind: PartyKind, name: &str) -> Query {
    Query {
        party: key.to_owned(),
        names: vec![name.to_owned()],
        kind,
        ..Query::default()
    }
}

#[test]
fn what_appeared_changed_and_vanished_is_told_and_nothing_else() {
    use PartyKind::{Organisation, Person, Vessel};
    let mut before = vec![
        listed("gone", Person, "Varlaam Timofeyevich Grushnikov"),
        listed("same", Person, "Serafim Ustinovich Podlesnov"),
        listed(
            "changed",
            Organisation,
            "Kholmogorskii Mashinostroitelnyi Zavod",
        ),
        listed("by-date", Person, "QIU Zhongrui"),
        listed("ship", Vessel, "ORINDA STAR 7"),
    ];
    before[3].valid.to = Some(day("2026-02-01"));
    let mut after: Vec<Listing> = before[1..].to_vec();
    after[1].programmes = vec!["RU-EX".to_owned()];
    after[3].identifiers = vec![Identifier {
        kind: "imo".to_owned(),
        value: "9074729".to_owned(),
        country: None,
    }];
    after.push(listed("new", Person, "Abd al-Qadir bin Marzuq al-Zubaydi"));
    let parties = [
        party("a", Person, "Varlam Grushnykov"),
        party("b", Person, "Podlesnov, Serafim"),
        party("c", Organisation, "Kholmogory Machine-Building Plant"),
        party("d", Person, "仇仲瑞"),
        party("e", PartyKind::Unknown, "عبد القادر بن مرزوق الزبيدي"),
        Query {
            identifiers: vec![Identifier {
                kind: "imo".to_owned(),
                value: "IMO 9074729".to_owned(),
                country: None,
            }],
            ..party("f", Vessel, "Blue Heron")
        },
        party("g", Person, "Nobody Inparticular"),
    ];
    let days = (day("2026-01-15"), day("2026-03-01"));
    let names = names();
    let wanted = twice(&parties, (&before, &after), days, &names);
    let keys: Vec<&str> = wanted.iter().map(|moved| moved.key.as_str()).collect();
    assert_eq!(keys, ["a", "c", "d", "e", "f"]);
    for found in rescreened(&parties, (&before, &after), days, &names) {
        assert_eq!(told(&found), told(&wanted));
        assert_eq!(found, wanted);
    }
}

#[test]
fn no_change_moves_nothing() {
    let list = vec![listed("1", PartyKind::Person, "Varlaam Grushnikov")];
    let parties = [party("a", PartyKind::Person, "Varlaam Grushnikov")];
    let days = (day("2026-01-15"), day("2026-03-01"));
    for found in rescreened(&parties, (&list, &list), days, &names()) {
        assert!(found.is_empty());
    }
}

#[test]
fn what_was_put_aside_at_an_import_gives_the_list_as_it_was() {
    for copies in history().windows(2) {
        let back = lists::undone(&copies[1], &lists::undo(&copies[0], &copies[1]));
        assert_eq!(back.head, copies[0].head);
        assert!(
            back.listings == copies[0].listings,
            "{}",
            copies[0].head.day
        );
    }
}

/// The SDN list on fourteen days of three years, each imported over the one before; nothing where the shared data is not at hand.
fn history() -> Vec<ListFile> {
    let folder = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/lists/ofac_sdn_history"
    ));
    let Ok(entries) = std::fs::read_dir(&folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| {
        path.file_name()
            .unwrap()
            .to_str()
            .unwrap()
            .starts_with("sdn_")
    });
    paths.sort();
    let mut copies: Vec<ListFile> = Vec::new();
    for path in paths {
        let mut bytes = std::fs::read(&path).unwrap();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if name.ends_with(".gz") {
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(bytes.as_slice())
                .read_to_end(&mut plain)
                .unwrap();
            bytes = plain;
        }
        let format = lists::formats()
            .iter()
            .find(|format| format.id == "ofac-sdn-csv")
            .unwrap();
        let request = Request {
            format,
            list: None,
            source: "history",
            accept_shrink: true,
        };
        let mut from = bytes.as_slice();
        let part = Part {
            name: name.trim_end_matches(".gz"),
            from: &mut from,
        };
        let countries = |code: &str| Country::from_code(code);
        let done = lists::import(
            &request,
            vec![part],
            copies.last(),
            day("2026-11-22"),
            &countries,
        );
        copies.push(done.unwrap().file);
    }
    copies
}

/// Customers: names of the list with slips, in other orders and shortened, some with a date of birth, and names of nobody on it.
fn customers(list: &[Listing], count: usize) -> Vec<Query> {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut next = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let mut all = Vec::with_capacity(count);
    while all.len() < count {
        let listing = &list[next(list.len())];
        let mut letters: Vec<char> = listing.names[next(listing.names.len())]
            .text
            .chars()
            .collect();
        let at = next(letters.len());
        match next(6) {
            0 => letters[at] = 'e',
            1 => {
                letters.remove(at);
            }
            2 => {
                // The half of one name with the half of another: nobody, mostly.
                let other = &list[next(list.len())].names[0].text;
                letters.truncate(letters.len() / 2);
                letters.push(' ');
                letters.extend(other.chars().skip(other.chars().count() / 2));
            }
            _ => {}
        }
        let name: String = letters.into_iter().collect();
        if name.trim().is_empty() {
            continue;
        }
        let born = match next(3) {
            0 => listing.births.first().copied(),
            1 => Some(BirthDate {
                from: day("1971-04-02"),
                to: day("1971-04-02"),
                circa: false,
            }),
            _ => None,
        };
        all.push(Query {
            party: all.len().to_string(),
            names: vec![name],
            kind: [listing.kind, PartyKind::Unknown][next(2)],
            born: born.filter(|_| listing.kind == PartyKind::Person),
            countries: listing.countries.iter().copied().take(next(2)).collect(),
            identifiers: listing.identifiers.iter().take(next(2)).cloned().collect(),
            places: listing.addresses.iter().take(next(2)).cloned().collect(),
        });
    }
    all
}

#[test]
fn on_the_real_history_of_a_list_the_answer_is_that_of_screening_everybody_twice() {
    let copies = history();
    let names = names();
    let (pairs, count): (&[usize], usize) = match cfg!(debug_assertions) {
        true => (&[11], 400),
        false => (&[0, 4, 8, 11, 12], 3_000),
    };
    let mut moved = 0;
    for at in pairs.iter().filter(|at| **at + 1 < copies.len()) {
        let (before, after) = (&copies[*at], &copies[*at + 1]);
        // Half of the customers bear names of what changed, else nothing would move.
        let days = (before.head.day, after.head.day);
        let changed: Vec<Listing> = turns(&before.listings, &after.listings, days)
            .into_iter()
            .flat_map(|turn| turn.before.into_iter().chain(turn.after))
            .collect();
        let mut parties = customers(&after.listings, count / 2);
        parties.extend(customers(&changed, count / 2));
        let lists = (before.listings.as_slice(), after.listings.as_slice());
        let wanted = twice(&parties, lists, days, &names);
        moved += wanted.len();
        for found in rescreened(&parties, lists, days, &names) {
            assert_eq!(told(&found), told(&wanted), "{} to {}", days.0, days.1);
            assert!(found == wanted, "{} to {}", days.0, days.1);
        }
    }
    assert!(copies.is_empty() || moved > 50, "only {moved} moved");
}

#[test]
fn a_name_that_a_list_drops_is_no_longer_met_by_it() {
    let mut before = listed("1", PartyKind::Person, "Varlaam Grushnikov");
    before.names.push(ListedName {
        text: "Tikhon Yablochkin".to_owned(),
        kind: NameKind::Strong,
        ..ListedName::default()
    });
    let mut after = before.clone();
    after.names[1].seen = Days {
        from: None,
        to: Some(day("2026-02-01")),
    };
    let parties = [party("a", PartyKind::Person, "Tikhon Yablochkin")];
    let days = (day("2026-02-01"), day("2026-02-02"));
    let names = names();
    for found in rescreened(&parties, (&[before], &[after]), days, &names) {
        assert_eq!(found.len(), 1);
        assert!(found[0].before.is_some() && found[0].after.is_none());
    }
}
