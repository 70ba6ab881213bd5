//! Screening held against its slow twin, against days, and against damaged files.
//!
//! The twin compares the question with every name of the lists; the index must find the same hits, with the same scores, in the same order. Real lists
//! are read where the shared data stands beside the project; a small list of invented parties is always there.

#![allow(clippy::unwrap_used)]

use catchall_model::{Country, Day};
use catchall_screen::{
    Band, BirthDate, Days, Hit, Identifier, IndexError, IndexFile, ListedName, Listing, NameKind,
    Names, PartyKind, Query, Room, ScreenError, ScreenIndex, TableTexts,
};
use std::sync::Arc;

fn names() -> Arc<Names> {
    Arc::new(Names::read(&TableTexts::built_in()).unwrap())
}

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn listed(source_id: &str, kind: PartyKind, names: &[&str]) -> Listing {
    Listing {
        list: "invented".to_owned(),
        source_id: source_id.to_owned(),
        kind,
        names: names
            .iter()
            .map(|text| ListedName {
                text: (*text).to_owned(),
                ..ListedName::default()
            })
            .collect(),
        ..Listing::default()
    }
}

fn invented() -> Vec<Listing> {
    let mut all = vec![
        listed(
            "1",
            PartyKind::Person,
            &[
                "Varlaam Timofeyevich Grushnikov",
                "Варлаам Тимофеевич Грушников",
            ],
        ),
        listed(
            "2",
            PartyKind::Person,
            &[
                "Abd al-Qadir bin Marzuq al-Zubaydi",
                "عبد القادر بن مرزوق الزبيدي",
            ],
        ),
        listed(
            "3",
            PartyKind::Organisation,
            &[
                "JSC Kholmogorskii Mashinostroitelnyi Zavod",
                "АО «Холмогорский машиностроительный завод»",
            ],
        ),
        listed(
            "4",
            PartyKind::Organisation,
            &["Sanaye Parto Kavan Company", "شرکت صنایع پرتو کاوان"],
        ),
        listed("5", PartyKind::Vessel, &["ORINDA STAR 7"]),
        listed("6", PartyKind::Person, &["QIU Zhongrui", "仇仲瑞"]),
    ];
    all[0].births = vec![BirthDate {
        from: day("1961-03-09"),
        to: day("1961-03-09"),
        circa: false,
    }];
    all[0].countries = vec![Country::from_code("RU").unwrap()];
    all[1].names[0].kind = NameKind::Weak;
    all[1].countries = vec![Country::from_code("IQ").unwrap()];
    all[4].identifiers = vec![Identifier {
        kind: "imo".to_owned(),
        value: "IMO 9074729".to_owned(),
        country: None,
    }];
    all[2].valid = Days {
        from: Some(day("2015-02-01")),
        to: Some(day("2019-06-30")),
    };
    all[2].seen = Days {
        from: Some(day("2016-01-01")),
        to: None,
    };
    all
}

fn ask(index: &ScreenIndex, query: &Query, on: &str) -> Vec<Hit> {
    index
        .screen(query, day(on), None, 20, &mut Room::new())
        .unwrap()
}

fn person(name: &str) -> Query {
    Query {
        names: vec![name.to_owned()],
        kind: PartyKind::Person,
        ..Query::default()
    }
}

fn body(name: &str) -> Query {
    Query {
        kind: PartyKind::Organisation,
        ..person(name)
    }
}

fn met(hits: &[Hit]) -> Vec<&str> {
    hits.iter()
        .map(|hit| hit.listing.source_id.as_str())
        .collect()
}

#[test]
fn a_name_is_found_in_other_scripts_orders_and_with_slips() {
    let index = ScreenIndex::build(&invented(), names());
    let cases = [
        (person("GRUSHNIKOV, Varlaam"), "1"),
        (person("Vаrlааm Grushnіkоv"), "1"),
        (person("V a r l a a m  G r u s h n i k o v"), "1"),
        (person("Var\u{2060}laam Grush\u{2067}nikov"), "1"),
        (body("Kholmogorskii Mаshіnоstrоitеlnyi Zavod"), "3"),
        (person("Varlam Grushnykov"), "1"),
        (person("Гру́шников Варлаам Тимофеевич"), "1"),
        (person("عبدالقادر مرزوق الزبیدی"), "2"),
        (person("Adbul Qadir bin Marzuq al-Zubaydi"), "2"),
        (person("Abddul Qadir bin Marzuq al-Zubaydi"), "2"),
        (person("Bdul Qadir bin Marzuq al-Zubaydi"), "2"),
        (person("Abdl Qadir bin Marzuq al-Zubaydi"), "2"),
        (person("Abdulkader ben Marzouk Zoubaidi"), "2"),
        (body("Kholmogory Machine-Building Plant"), "3"),
        (body("ОАО Холмогорский машиностроительный завод"), "3"),
        (body("Parto Kavan Industries Co."), "4"),
        (person("Zhongrui Qiu"), "6"),
        (person("仇仲瑞"), "6"),
    ];
    let mut failures = Vec::new();
    for (query, wanted) in cases {
        let hits = ask(&index, &query, "2018-01-01");
        if met(&hits) != [wanted] {
            failures.push(format!(
                "{:?}: expected {wanted}, found {:?}",
                query.names,
                met(&hits)
            ));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn a_word_of_several_scripts_is_shown_as_printed_and_said_to_be_one() {
    let index = ScreenIndex::build(&invented(), names());
    let hits = ask(&index, &person("Vаrlааm Grushnіkоv"), "2018-01-01");
    let said = serde_json::to_string(&hits[0]).unwrap();
    let wanted = "`Vаrlааm` (letters of several scripts, read as Latin) is `";
    assert!(said.contains(wanted), "{said}");
}

#[test]
fn a_name_is_met_only_while_the_law_and_our_copy_held_it() {
    let index = ScreenIndex::build(&invented(), names());
    let query = body("Kholmogorskii Mashinostroitelnyi Zavod");
    assert!(ask(&index, &query, "2015-01-31").is_empty());
    assert_eq!(met(&ask(&index, &query, "2015-02-01")), ["3"]);
    assert_eq!(met(&ask(&index, &query, "2019-06-30")), ["3"]);
    assert!(ask(&index, &query, "2019-07-01").is_empty());
    let known = |known: &str| {
        index
            .screen(
                &query,
                day("2018-01-01"),
                Some(day(known)),
                5,
                &mut Room::new(),
            )
            .unwrap()
            .len()
    };
    assert_eq!((known("2015-12-31"), known("2016-01-01")), (0, 1));
}

#[test]
fn a_weak_alias_needs_a_second_agreement() {
    let index = ScreenIndex::build(&invented(), names());
    let mut query = person("Abd al-Qadir bin Marzuq al-Zubaydi");
    assert_eq!(ask(&index, &query, "2018-01-01")[0].band, Band::WeakAlias);
    query.countries = vec![Country::from_code("IQ").unwrap()];
    assert_ne!(ask(&index, &query, "2018-01-01")[0].band, Band::WeakAlias);
}

#[test]
fn father_and_son_are_not_exchanged() {
    let index = ScreenIndex::build(&invented(), names());
    assert!(
        ask(
            &index,
            &person("Marzuq bin Abd al-Qadir al-Zubaydi"),
            "2018-01-01"
        )
        .is_empty()
    );
}

#[test]
fn a_birth_date_with_a_slip_does_not_hide_a_name_and_the_right_one_raises_it() {
    let index = ScreenIndex::build(&invented(), names());
    let born = |text: &str| Query {
        born: Some(BirthDate {
            from: day(text),
            to: day(text),
            circa: false,
        }),
        ..person("Varlaam Grushnikov")
    };
    let score = |query: &Query| {
        ask(&index, query, "2018-01-01")
            .first()
            .map_or(0, |hit| hit.score.0)
    };
    let without = score(&person("Varlaam Grushnikov"));
    assert!(score(&born("1961-03-09")) > without);
    for slip in ["1961-09-03", "1961-03-19", "1967-03-09", "1962-03-09"] {
        assert!(score(&born(slip)) > 0, "{slip}");
    }
    assert!(score(&born("1990-12-24")) < without);
}

#[test]
fn an_official_number_finds_a_ship_under_any_name_and_only_it_is_certain() {
    let index = ScreenIndex::build(&invented(), names());
    let query = Query {
        names: vec!["Blue Heron".to_owned()],
        kind: PartyKind::Vessel,
        identifiers: vec![Identifier {
            kind: "imo".to_owned(),
            value: "9074729".to_owned(),
            country: None,
        }],
        ..Query::default()
    };
    let hits = ask(&index, &query, "2018-01-01");
    assert_eq!(met(&hits), ["5"]);
    let exact = ask(
        &index,
        &person("Varlaam Timofeyevich Grushnikov"),
        "2018-01-01",
    );
    assert!(exact[0].score.0 < 1000);
}

#[test]
fn a_party_without_name_and_number_is_an_error() {
    let index = ScreenIndex::build(&invented(), names());
    let error = index
        .screen(
            &Query::default(),
            day("2018-01-01"),
            None,
            5,
            &mut Room::new(),
        )
        .unwrap_err();
    assert_eq!(
        error,
        ScreenError::Nameless {
            party: String::new()
        }
    );
}

#[test]
fn an_index_is_the_same_bytes_and_is_opened_from_them() {
    let names = names();
    let sealed = || ScreenIndex::build(&invented(), Arc::clone(&names)).sealed([7; 32]);
    let index = sealed();
    assert_eq!(index.bytes(), sealed().bytes());
    let opened = ScreenIndex::open(index.bytes().to_vec(), Arc::clone(&names)).unwrap();
    assert_eq!(opened.listings().collect::<Vec<_>>(), invented());
    assert_eq!(opened.key(), [7; 32]);
    let query = person("Varlaam Grushnikov");
    assert_eq!(
        ask(&opened, &query, "2018-01-01"),
        ask(&index, &query, "2018-01-01")
    );
    let short = index.bytes()[..index.bytes().len() - 1].to_vec();
    assert!(matches!(
        ScreenIndex::open(short, Arc::clone(&names)),
        Err(IndexError::CutOff { .. })
    ));
    assert!(matches!(
        ScreenIndex::open(b"PK\x03\x04".to_vec(), names),
        Err(IndexError::Foreign { .. })
    ));
}

#[test]
fn a_byte_that_a_fault_has_changed_is_noticed_wherever_it_lies() {
    let whole = ScreenIndex::build(&invented(), names())
        .sealed([7; 32])
        .bytes()
        .to_vec();
    assert!(IndexFile::open(whole.clone()).is_ok());
    let missed: Vec<usize> = (0..whole.len())
        .step_by(if cfg!(debug_assertions) { 7 } else { 1 })
        .filter(|at| {
            let mut broken = whole.clone();
            broken[*at] ^= 0x10;
            IndexFile::open(broken).is_ok()
        })
        .collect();
    assert!(missed.is_empty(), "bytes {missed:?}");
}

#[test]
fn what_our_copies_hold_no_longer_is_not_met_though_the_publisher_names_no_day() {
    let mut listings = invented();
    listings[0].seen = Days {
        from: Some(day("2016-01-01")),
        to: Some(day("2018-05-31")),
    };
    let index = ScreenIndex::build(&listings, names());
    let query = person("Varlaam Grushnikov");
    assert_eq!(met(&ask(&index, &query, "2018-05-31")), ["1"]);
    assert!(ask(&index, &query, "2018-06-01").is_empty());
}

#[test]
fn the_index_finds_what_comparing_with_every_name_finds() {
    let mut listings = invented();
    listings.extend(shared_lists());
    let index = ScreenIndex::build(&listings, names());
    let mut room = Room::new();
    let mut failures = Vec::new();
    for (number, query) in questions(&listings).iter().enumerate() {
        let on = day("2018-01-01");
        let quick = index.screen(query, on, None, 50, &mut room).unwrap();
        let slow = index.screen_all(query, on, None, 50, &mut room).unwrap();
        if quick != slow {
            let told = |hits: &[Hit]| {
                hits.iter()
                    .map(|h| format!("{} {}", h.listing.matched, h.score.0))
                    .collect::<Vec<_>>()
                    .join("; ")
            };
            failures.push(format!(
                "{number}: {:?}\n  quick {}\n  slow  {}",
                query.names,
                told(&quick),
                told(&slow)
            ));
        }
    }
    assert!(
        failures.is_empty(),
        "{} differ\n{}",
        failures.len(),
        failures.join("\n")
    );
}

/// However common, however short: who asks for a name as it is listed must see that it is listed.
#[test]
fn a_listed_name_is_found_by_itself() {
    let mut listings = vec![
        listed("a", PartyKind::Person, &["Hasan"]),
        listed("b", PartyKind::Person, &["Haji Omar", "محمد احمدي"]),
        listed("c", PartyKind::Person, &["Jun Li"]),
        listed("d", PartyKind::Organisation, &["Trading Company LLC"]),
        listed("e", PartyKind::Organisation, &["JSC Engine Corporation"]),
    ];
    let sure = listings.len();
    listings.extend(shared_lists());
    let index = ScreenIndex::build(&listings, names());
    let mut room = Room::new();
    let (mut asked, mut missed) = (0, Vec::new());
    for (number, listing) in listings.iter().enumerate() {
        for name in &listing.names {
            let query = Query {
                kind: listing.kind,
                ..person(&name.text)
            };
            let hits = index.screen(&query, day("2018-01-01"), None, 1000, &mut room);
            let hits = hits.unwrap();
            asked += 1;
            if !met(&hits).contains(&listing.source_id.as_str()) {
                assert!(number >= sure, "{:?} is not found by itself", name.text);
                missed.push(&name.text);
            }
        }
    }
    // Of one word nothing else is left when two of its letters change places.
    assert!(met(&ask(&index, &person("Ahsan"), "2018-01-01")).contains(&"a"));
    // What is left are names of which nothing is read but a letter or a legal form.
    assert!(missed.len() * 200 <= asked, "{asked} asked: {missed:?}");
}

#[test]
fn letters_standing_alone_and_terms_written_into_a_word_are_found_as_the_twin_finds_them() {
    let listings = [
        listed("1", PartyKind::Organisation, &["F-ORJHEM"]),
        listed("2", PartyKind::Organisation, &["K M S VARDEX"]),
        listed("3", PartyKind::Vessel, &["AKADEMIK GRUMSKIN"]),
        listed("4", PartyKind::Vessel, &["AKADEMIKVELTAROV"]),
        listed("5", PartyKind::Person, &["Tharvald J. Q. Ommersk"]),
        listed("6", PartyKind::Organisation, &["B Q R"]),
    ];
    let index = ScreenIndex::build(&listings, names());
    let cases = [
        (body("FORJHEM"), "1"),
        (body("F ORJHEM"), "1"),
        (body("K.M.S. Vardeks"), "2"),
        (body("AKADEMIKGRUMSKIN"), ""),
        (body("AKADEMIK VELTAROV"), ""),
        (person("Tharvald Jorgen Quist Ommersk"), "5"),
        (person("T. J. Q. Ommersk"), "5"),
        (body("B. Q. R."), "6"),
        // Of letters in another order, too, nothing more is asked than that both ways agree; no word and no acronym brings these up.
        (body("Q. R. B."), ""),
        (body("R B"), ""),
        (person("O. T. J. Q."), ""),
    ];
    let on = day("2018-01-01");
    let mut failures = Vec::new();
    for (query, wanted) in cases {
        let quick = ask(&index, &query, "2018-01-01");
        let slow = index
            .screen_all(&query, on, None, 20, &mut Room::new())
            .unwrap();
        // Of a word that begins like a term nothing more is asked than that both ways agree.
        if quick != slow || !wanted.is_empty() && met(&quick) != [wanted] {
            let (quick, slow) = (met(&quick), met(&slow));
            failures.push(format!(
                "{:?}: expected {wanted}, found {quick:?}, and by comparing with all {slow:?}",
                query.names
            ));
        }
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
}

#[test]
fn a_list_has_its_own_thresholds_where_the_file_gives_it_some() {
    let with = |thresholds: &str| {
        let texts = TableTexts {
            thresholds,
            ..TableTexts::built_in()
        };
        Names::read(&texts).map(|names| ScreenIndex::build(&invented(), Arc::new(names)))
    };
    let default = "[default]\nreview = 0.7\nstrong = 0.9\n";
    let found = |thresholds: &str| {
        let index = with(thresholds).unwrap();
        let hits = ask(&index, &person("Varlam Grushnykov"), "2018-01-01");
        hits.first().map(|hit| (hit.score.0, hit.band))
    };
    let (score, _) = found(default).unwrap();
    assert!((700..990).contains(&score), "{score}");
    let own = |review: f32, strong: f32| {
        format!("{default}[list.invented]\nreview = {review}\nstrong = {strong}\n")
    };
    assert_eq!(found(&own(0.6, 0.65)), Some((score, Band::Strong)));
    assert_eq!(found(&own(0.6, 0.995)), Some((score, Band::Review)));
    assert_eq!(found(&own(0.995, 0.999)), None);
    let elsewhere = own(0.995, 0.999).replace("invented", "another");
    assert_eq!(found(&elsewhere).map(|hit| hit.0), Some(score));
    let faults = [
        (own(0.9, 0.8), "the review band begins below the strong one"),
        (own(1.7, 2.0), "both are probabilities"),
        (
            "[list.x]\nreview = 0.5\nstrong = 0.9\n".to_owned(),
            "default",
        ),
        (format!("{default}reviews = 1\n"), "reviews"),
    ];
    for (text, wanted) in faults {
        let error = with(&text).unwrap_err().to_string();
        assert!(
            error.starts_with("data/names/thresholds.toml: ") && error.contains(wanted),
            "{error}"
        );
    }
}

/// Moves the last space before a letter behind it.
fn move_a_space(letters: &mut [char], at: usize) {
    let space = letters[..at].iter().rposition(|letter| *letter == ' ');
    if let Some(space) = space {
        letters[space..=at].rotate_left(1);
    }
}

/// Names of the lists with a letter changed, a space moved, or a word left out; a fixed sequence, the same on every run.
fn questions(listings: &[Listing]) -> Vec<Query> {
    let mut state = 0x1234_5678_9abc_def0u64;
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below.max(1) as u64) as usize
    };
    let count = std::env::var("CATCHALL_TWIN_QUESTIONS")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(if cfg!(debug_assertions) { 40 } else { 300 });
    (0..count)
        .map(|_| {
            let listing = &listings[next(listings.len())];
            let mut letters: Vec<char> = listing.names[next(listing.names.len())]
                .text
                .chars()
                .collect();
            let at = next(letters.len());
            match next(6) {
                5 => move_a_space(&mut letters, at),
                0 => letters[at] = 'a',
                1 => {
                    letters.remove(at);
                }
                2 => letters.swap(at, 0),
                _ => {}
            }
            let text: String = letters.into_iter().collect();
            let mut words: Vec<&str> = text.split(' ').collect();
            if words.len() > 2 && next(3) == 0 {
                words.remove(next(words.len()));
            }
            Query {
                names: vec![
                    format!("{} x", words.join(" "))
                        .trim_end_matches(" x")
                        .to_owned(),
                ],
                kind: listing.kind,
                ..Query::default()
            }
        })
        .filter(|query| !query.names[0].trim().is_empty())
        .collect()
}

/// A part of the US list (every so many'th entry, as `CATCHALL_TWIN_EVERY` says), where the shared data stands beside the project.
fn shared_lists() -> Vec<Listing> {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/lists/us_csl"
    );
    let Ok(files) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let every = std::env::var("CATCHALL_TWIN_EVERY").ok();
    let every = every.and_then(|every| every.parse().ok());
    let every = every.unwrap_or(if cfg!(debug_assertions) { 80 } else { 4 });
    let mut listings = Vec::new();
    for file in files.flatten() {
        let text = std::fs::read_to_string(file.path()).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        for (number, entry) in document["entries"]
            .as_array()
            .unwrap()
            .iter()
            .enumerate()
            .step_by(every)
        {
            let alternatives = entry["a"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|n| n.as_str());
            let all: Vec<&str> = entry["n"]
                .as_str()
                .into_iter()
                .chain(alternatives)
                .collect();
            let kind = match entry["t"].as_str() {
                Some("Individual") => PartyKind::Person,
                Some("Vessel") => PartyKind::Vessel,
                Some("Entity") => PartyKind::Organisation,
                _ => PartyKind::Unknown,
            };
            listings.push(listed(&number.to_string(), kind, &all));
        }
    }
    listings
}
