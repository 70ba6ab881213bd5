//! What a slip, a stale state, a late delivery or an owner does to an answer, with the packs as they stand.
//!
//! Each transfer is otherwise complete, so that nothing but what is tested can leave it open.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

// The packs of the project from the disk, as the tests of the law read them.
#[path = "../../catchall-law/tests/disk/mod.rs"]
mod disk;

use std::sync::OnceLock;

use catchall_assess::{AskedFor, Assessor, Detail, Digests, FieldError, Imported, Room};
use catchall_law::Law;
use catchall_model::{
    Country, Day, Determination, Given, Informed, Item, Knowledge, LicenceHeld, Line, Outcome,
    Owner, Party, Transfer,
};

fn assessor() -> &'static Assessor {
    static ASSESSOR: OnceLock<Assessor> = OnceLock::new();
    ASSESSOR.get_or_init(|| {
        let law = Law::from_packs(&disk::files(&disk::packs_folder()), &disk::places());
        let law = law.unwrap_or_else(|problems| {
            let texts: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{}", texts.join("\n"))
        });
        let none = (Imported::default(), AskedFor::default(), Digests::default());
        Assessor::new(law, none.0, none.1, &none.2).unwrap()
    })
}

fn assess(transfer: &Transfer) -> Result<Determination, Vec<FieldError>> {
    let mut room = Room::default();
    let made = assessor().assess(transfer, Detail::Full, &mut room);
    // The text of the contract is made another way, and says the same.
    if let Ok(made) = &made {
        let (outcome, text) = assessor().assess_to_json(transfer, &mut room).unwrap();
        assert_eq!(outcome, made.outcome);
        for flag in &made.flags {
            assert!(text.contains(&flag.question), "{text}");
        }
    }
    made
}

fn country(code: &str) -> Option<Country> {
    Country::from_code(code)
}

fn day(text: &str) -> Option<Day> {
    Some(Day::parse(text).unwrap())
}

fn party(role: &str, name: &str, at: &str) -> Party {
    Party {
        role: role.to_owned(),
        name: Some(name.to_owned()),
        kind: Some("company".to_owned()),
        country: country(at),
        ..Party::default()
    }
}

/// A part of no list, for civil use, of which the exporter knows nothing bad.
fn sale(on: &str, from: &str, to: &str) -> Transfer {
    let mut transfer = Transfer {
        id: "t".to_owned(),
        kind: Some("export".to_owned()),
        date: day(on),
        from: country(from),
        to: country(to),
        parties: Some(vec![
            party("exporter", "Alpha Works", from),
            party("end_user", "Beta Works", to),
        ]),
        lines: vec![Line {
            item: Item {
                description: Some("a part".to_owned()),
                form: Some("goods".to_owned()),
                codes: vec![("us".to_owned(), "EAR99".to_owned())],
                ..Item::default()
            },
            ..Line::default()
        }],
        ..Transfer::default()
    };
    transfer.end_use.uses = Some(vec!["civil".to_owned()]);
    transfer.knowledge.informed_by_authority = Some(Informed::default());
    transfer.knowledge.exporter_knows = Some(Vec::new());
    transfer.knowledge.grounds_to_suspect = Some(Vec::new());
    transfer
}

fn with_code(mut transfer: Transfer, list: &str, code: &str) -> Transfer {
    transfer.lines[0].item.codes = vec![(list.to_owned(), code.to_owned())];
    transfer
}

/// What a law comes to.
fn of(made: &Determination, jurisdiction: &str) -> Outcome {
    let mut all = made.jurisdictions.iter();
    all.find(|each| each.id == jurisdiction)
        .map_or(Outcome::NoLicenceRequired, |each| each.outcome)
}

fn flag_with(made: &Determination, words: &str) -> bool {
    made.flags.iter().any(|flag| flag.flag.contains(words))
}

#[test]
fn a_number_that_nobody_bears_leaves_a_list_open_and_names_the_nearest() {
    for code in ["4.A.99", "99.Z.9", "21.A.1"] {
        let made = assess(&with_code(sale("2020-01-01", "FR", "SA"), "mtcr", code)).unwrap();
        let open = [Outcome::NotKnown, Outcome::Refer];
        assert!(open.contains(&of(&made, "mtcr")), "{code}: {made:?}");
        assert!(flag_with(&made, code), "{code}: {:?}", made.flags);
        assert!(made.flags.iter().any(|flag| flag.open));
    }
    let made = assess(&with_code(sale("2020-01-01", "FR", "SA"), "mtcr", "3.C.9")).unwrap();
    assert!(
        flag_with(&made, "the nearest are 3.C.1, 3.C.2"),
        "{:?}",
        made.flags
    );
}

#[test]
fn a_heading_a_real_number_and_none_are_no_slips() {
    for (list, code) in [
        ("mtcr", "9"),
        ("mtcr", "9.A"),
        ("mtcr", "9.A.6"),
        ("mtcr", "none"),
        ("us", "EAR99"),
        ("us", "7a103"),
        ("us", "9A012"),
    ] {
        let made = assess(&with_code(sale("2020-01-01", "US", "SA"), list, code)).unwrap();
        assert!(!flag_with(&made, "bears the code"), "{list} {code}");
        assert!(!flag_with(&made, "and no paragraph"), "{list} {code}");
    }
    let made = assess(&with_code(sale("2020-01-01", "US", "SA"), "us", "3A999.zz")).unwrap();
    assert!(flag_with(&made, "3A999.zz"), "{:?}", made.flags);
}

#[test]
fn a_tariff_heading_that_no_supplement_takes_is_no_slip() {
    let mut transfer = sale("2024-01-10", "US", "RU");
    transfer.lines[0].item.hs_code = Some("0101".to_owned());
    let made = assess(&transfer).unwrap();
    assert!(!flag_with(&made, "01"), "{:?}", made.flags);
    let tests = made.findings.iter().flat_map(|finding| &finding.because);
    let mut tariff = tests.filter(|test| test.threshold.contains("746-tariff"));
    assert!(!tariff.any(|test| test.result == "pass"));
}

#[test]
fn a_delivery_under_later_law_is_said() {
    // Goods for Russia of chapter 84: free in 2020, under licence from 19 May 2023.
    let mut transfer = sale("2020-06-01", "US", "RU");
    transfer.lines[0].item.hs_code = Some("8471".to_owned());
    let before = assess(&transfer).unwrap();
    assert!(
        !before
            .flags
            .iter()
            .any(|flag| flag.evidence == "dates.delivery")
    );
    transfer.dates.delivery = day("2023-09-01");
    let made = assess(&transfer).unwrap();
    assert_eq!(made.outcome, before.outcome);
    let flag = made
        .flags
        .iter()
        .find(|flag| flag.evidence == "dates.delivery");
    let flag = flag.expect("a flag on the delivery");
    assert!(flag.open && flag.flag.contains("2023-09-01"), "{flag:?}");
    if made.outcome == Outcome::NoLicenceRequired {
        assert!(made.summary.contains("2023-09-01"), "{}", made.summary);
    }
    // A delivery under the same law says nothing.
    transfer.dates.delivery = day("2020-06-20");
    let made = assess(&transfer).unwrap();
    assert!(
        !made
            .flags
            .iter()
            .any(|flag| flag.evidence == "dates.delivery")
    );
}

#[test]
fn a_state_that_is_no_more_is_sent_back_with_its_successors() {
    for (code, last, after, successor) in [
        ("SU", "1991-12-26", "1991-12-27", "RU"),
        ("DD", "1990-10-02", "1990-10-03", "DE"),
        ("CS", "1992-12-31", "1993-01-01", "CZ"),
        ("YU", "2006-06-04", "2006-06-05", "RS"),
    ] {
        assert!(assess(&sale(last, "US", code)).is_ok(), "{code} on {last}");
        let errors = assess(&sale(after, "US", code)).unwrap_err();
        let paths: Vec<&str> = errors.iter().map(|error| error.path.as_str()).collect();
        assert_eq!(paths, ["to", "parties[1].country"]);
        assert!(errors[0].cure.contains(successor), "{:?}", errors[0]);
        assert!(errors[0].problem.contains(last), "{:?}", errors[0]);
    }
    // However many lines there are, it is told once.
    let mut two = sale("2024-03-01", "US", "SU");
    two.lines.push(two.lines[0].clone());
    assert_eq!(assess(&two).unwrap_err().len(), 2);
    // What was made there, and who was born a citizen, outlives it.
    let mut transfer = sale("2020-01-01", "US", "DE");
    transfer.lines[0].item.origin = country("SU");
    assert!(assess(&transfer).is_ok());
}

fn rocket(range: &str) -> Determination {
    let mut transfer = sale("2020-01-01", "FR", "SA");
    let item = &mut transfer.lines[0].item;
    item.codes.clear();
    item.kind = Some("rocket-system".to_owned());
    let given = Given::Text(range.to_owned());
    item.properties = vec![("range".to_owned(), given)];
    assess(&transfer).unwrap()
}

#[test]
fn a_range_of_at_most_so_much_settles_what_it_reaches() {
    let asks = |made: &Determination| {
        let mut all = made.missing.essential.iter();
        all.any(|question| question.fact == "item.delivers")
    };
    assert!(!asks(&rocket("at most 150 km")));
    assert!(!asks(&rocket("less than 300 km")));
    assert_eq!(
        of(&rocket("at most 150 km"), "mtcr"),
        Outcome::NoLicenceRequired
    );
    // Beside an exact range a payload is wanting, and a bound above the threshold settles nothing.
    assert!(asks(&rocket("150 km")));
    assert!(asks(&rocket("at most 400 km")));
}

fn owned(on: &str, kind: &str, owners: &[(&str, Option<&str>)]) -> Transfer {
    let mut transfer = sale(on, "US", "MY");
    transfer.kind = Some(kind.to_owned());
    let owners = owners.iter().map(|(name, share)| Owner {
        name: (*name).to_owned(),
        share: share.map(str::to_owned),
        owners: Vec::new(),
    });
    let parties = transfer.parties.as_mut().unwrap();
    parties[1].owners = Some(owners.collect());
    transfer
}

const LISTED: &str = "Huawei Technologies Co., Ltd.";

#[test]
fn a_listed_owner_with_a_share_is_none_without_one() {
    let asked = |transfer: &Transfer| -> Vec<String> {
        let made = assess(transfer).unwrap();
        let all = made.missing.essential.iter();
        all.map(|question| question.fact.clone()).collect()
    };
    let stated = owned("2025-10-15", "export", &[(LISTED, Some("49 %"))]);
    assert_eq!(asked(&stated), ["end_user.listed_owner_share"]);
    let both = [(LISTED, Some("49 %")), ("Gamma Works", Some("51 %"))];
    assert!(asked(&owned("2025-10-15", "export", &both)).is_empty());
    // A listed owner whose share nobody knows asks for a licence by itself.
    let unknown = owned("2025-10-15", "export", &[(LISTED, Some("unknown"))]);
    assert_eq!(assess(&unknown).unwrap().outcome, Outcome::LicenceRequired);
}

#[test]
fn who_says_that_blocked_persons_own_half_is_heard_beside_the_owners() {
    let said = |yes: bool, mut transfer: Transfer| {
        let fact = (
            "end_user.half_owned_by_blocked".to_owned(),
            Given::YesNo(yes),
        );
        transfer.facts.push(fact);
        of(&assess(&transfer).unwrap(), "us")
    };
    for owners in [
        &[("Gamma Works", Some("100 %"))][..],
        &[("Gamma Works", Some("30 %"))],
        &[],
    ] {
        for kind in ["payment", "export"] {
            let transfer = owned("2020-01-01", kind, owners);
            assert_eq!(
                said(true, transfer),
                Outcome::Prohibited,
                "{kind} {owners:?}"
            );
        }
        let payment = owned("2020-01-01", "payment", owners);
        assert_eq!(
            said(false, payment),
            Outcome::NoLicenceRequired,
            "{owners:?}"
        );
    }
}

#[test]
fn a_licence_is_what_its_number_or_its_authority_names() {
    let with = |id: Option<&str>, authority: Option<&str>| {
        let mut transfer = sale("2026-06-01", "US", "DE");
        transfer.lines[0].item.codes = vec![("us".to_owned(), "6A002.a.1".to_owned())];
        transfer.licences = vec![LicenceHeld {
            id: id.map(str::to_owned),
            authority: authority.map(str::to_owned),
            ..LicenceHeld::default()
        }];
        let made = assess(&transfer).unwrap();
        let us = made
            .jurisdictions
            .iter()
            .find(|own| own.id == "us")
            .unwrap();
        (us.outcome, us.missing.clone(), made.flags)
    };
    let asks_cover = |missing: &[String]| missing.contains(&"licence.covers_this".to_owned());

    // A licence of the authority may cover it; who calls the authority by another of its names says the same.
    let (outcome, missing, _) = with(Some("D123"), Some("us"));
    assert_eq!(outcome, Outcome::NotKnown);
    assert!(asks_cover(&missing), "{missing:?}");
    for authority in [
        "BIS",
        "US Department of Commerce",
        "Bureau of Industry and Security (BIS), Washington",
    ] {
        assert_eq!(
            with(Some("D123"), Some(authority)).0,
            Outcome::NotKnown,
            "{authority}"
        );
    }
    let claimed = with(None, Some("us_lvs"));
    // An exception is claimed by its symbol or its paragraph, wherever that stands, and is no licence of the authority.
    for (id, authority) in [
        (Some("LVS"), None),
        (None, Some("LVS")),
        (Some("LVS"), Some("BIS")),
        (Some("License Exception LVS (15 CFR 740.3)"), Some("us")),
        (Some("740.3"), None),
    ] {
        let (outcome, missing, flags) = with(id, authority);
        assert_eq!(
            (outcome, &missing),
            (claimed.0, &claimed.1),
            "{id:?} {authority:?}"
        );
        assert!(!asks_cover(&missing), "{id:?} {authority:?}: {missing:?}");
        assert!(
            flags.iter().all(|flag| flag.evidence != "licences"),
            "{flags:?}"
        );
    }
    // Of whom nobody says who issued it, or where that names several or none, a flag says so.
    for (id, authority, said) in [
        (
            Some("D123"),
            None,
            "nobody says who issued the licence D123",
        ),
        (Some("D123"), Some("Germany and France"), "is not known"),
        (
            Some("D123"),
            Some("no office in particular"),
            "is not known",
        ),
    ] {
        let (outcome, _, flags) = with(id, authority);
        assert_eq!(outcome, Outcome::LicenceRequired);
        assert!(
            flags
                .iter()
                .any(|flag| flag.open && flag.flag.contains(said)),
            "{flags:?}"
        );
    }
}

#[test]
fn a_fact_is_taken_by_its_other_name_too() {
    let mut transfer = sale("2026-06-01", "US", "DE");
    transfer.facts = vec![("credible".to_owned(), Given::YesNo(true))];
    assert!(assess(&transfer).is_ok());
    transfer.facts = vec![("credibel".to_owned(), Given::YesNo(true))];
    let errors = assess(&transfer).unwrap_err();
    assert!(
        errors[0].problem.contains("unknown fact `credibel`"),
        "{errors:?}"
    );
}

/// Where a fact came from, as the tests that asked it say.
fn source_of(made: &Determination, fact: &str) -> Option<String> {
    let laws = made.jurisdictions.iter();
    let tests = laws.flat_map(|law| &law.nexus.because);
    let tests = tests.chain(made.findings.iter().flat_map(|finding| &finding.because));
    let mut asked = tests.filter(|test| test.fact == fact);
    asked.find_map(|test| test.evidence.clone())
}

#[test]
fn of_two_places_that_go_together_one_stands_for_the_other() {
    let stated = with_code(sale("2026-06-01", "DE", "IN"), "eu", "3A001.a.1");
    let whole = assess(&stated).unwrap();
    assert_eq!(of(&whole, "eu"), Outcome::LicenceRequired);
    let without_seat = |mut transfer: Transfer| {
        transfer.parties.as_mut().unwrap()[0].country = None;
        transfer
    };
    let mut without_start = stated.clone();
    without_start.from = None;
    let mut without_end = stated.clone();
    without_end.to = None;
    for (fact, transfer) in [
        ("exporter.country", without_seat(stated.clone())),
        ("from", without_start),
        ("to", without_end),
    ] {
        let made = assess(&transfer).unwrap();
        assert_eq!(made.outcome, whole.outcome, "{fact}");
        assert_eq!(of(&made, "eu"), of(&whole, "eu"), "{fact}");
        let source = source_of(&made, fact);
        let read = source.is_none_or(|source| source.starts_with("read from where"));
        assert!(read, "{fact}: {:?}", source_of(&made, fact));
    }
    // The first law of Iraq's embargo asks where the exporter is.
    let mut embargoed = without_seat(sale("1990-09-01", "DE", "IQ"));
    let made = assess(&embargoed).unwrap();
    let source = source_of(&made, "exporter.country");
    assert_eq!(source.as_deref(), Some("read from where it leaves"));
    embargoed.kind = Some("brokering".to_owned());
    assert_eq!(
        source_of(&assess(&embargoed).unwrap(), "exporter.country"),
        None
    );
    // What is stated stands, and two end users in two states say nothing of where it goes.
    let mut elsewhere = stated.clone();
    elsewhere.to = None;
    let parties = elsewhere.parties.as_mut().unwrap();
    parties.push(party("end_user", "Gamma Works", "PK"));
    assert_eq!(assess(&elsewhere).unwrap().outcome, Outcome::NotKnown);
    // Who stands behind a re-export may ship from anywhere, and a broker sits where he sits.
    let mut behind = stated.clone();
    behind.kind = Some("reexport".to_owned());
    behind.from = None;
    assert_eq!(assess(&behind).unwrap().outcome, Outcome::NotKnown);
}

#[test]
fn each_end_user_is_asked_and_many_beyond_reason_are_left_open() {
    let mut transfer = sale("2026-06-01", "US", "DE");
    transfer.lines[0].item.codes = vec![("us".to_owned(), "9A991.d".to_owned())];
    let us = |transfer: &Transfer| {
        let made = assess(transfer).unwrap();
        let own = made.jurisdictions.iter().find(|own| own.id == "us");
        own.map(|own| own.outcome)
    };
    assert_eq!(us(&transfer), Some(Outcome::NoLicenceRequired));
    let add = |transfer: &mut Transfer, code: &str| {
        let parties = transfer.parties.as_mut().unwrap();
        parties.push(party("end_user", "Gamma Works", code));
    };
    let mut two = transfer.clone();
    add(&mut two, "FR");
    assert_eq!(us(&two), Some(Outcome::NoLicenceRequired));
    add(&mut two, "RU");
    assert_eq!(us(&two), Some(Outcome::PresumptionOfDenial));
    // What is found of them alike is said once for each line.
    two.lines = vec![two.lines[0].clone(); 2];
    let made = assess(&two).unwrap();
    for (place, finding) in made.findings.iter().enumerate() {
        assert!(!made.findings[..place].contains(finding), "{finding:?}");
    }
    // Three end users in each of 400 lines: more questions than are asked apart, so that it is open whose state counts.
    two.lines = vec![two.lines[0].clone(); 400];
    assert_eq!(us(&two), Some(Outcome::NotKnown));
}

#[test]
fn the_number_or_the_kind_says_in_which_form_an_item_comes() {
    let form_of = |kind: Option<&str>, code: Option<&str>, act: &str| {
        // The decree of January 1998 asks it of what is sent for missiles.
        let mut transfer = sale("1998-03-25", "RU", "IR");
        transfer.end_use.uses = Some(vec!["missile".to_owned()]);
        transfer.kind = Some(act.to_owned());
        let item = &mut transfer.lines[0].item;
        item.form = None;
        item.kind = kind.map(str::to_owned);
        item.codes = code
            .map(|code| ("us".to_owned(), code.to_owned()))
            .into_iter()
            .collect();
        let made = assess(&transfer).unwrap();
        source_of(&made, "item.form").unwrap_or_default()
    };
    assert_eq!(
        form_of(None, Some("3D001"), "export"),
        "read from the number 3D001"
    );
    assert_eq!(
        form_of(Some("gyro"), Some("7E001"), "export"),
        "read from the number 7E001"
    );
    assert_eq!(
        form_of(Some("gyro"), None, "export"),
        "read from the kind of the item"
    );
    assert_eq!(form_of(Some("gyro"), None, "technology_release"), "");
    // Without a number it is goods, software or technology all the same, where something moves.
    assert_eq!(
        form_of(None, Some("EAR99"), "export"),
        "read from the list of which it has no number"
    );
    assert_eq!(form_of(None, Some("EAR99"), "technical_assistance"), "");
}

#[test]
fn what_the_exporter_knows_it_is_for_is_what_it_is_for() {
    let mut transfer = with_code(sale("2024-05-06", "DE", "CN"), "eu", "none");
    transfer.end_use.uses = Some(vec!["military".to_owned()]);
    let stated = assess(&transfer).unwrap();
    transfer.end_use.uses = None;
    transfer.knowledge.exporter_knows = Some(vec!["military".to_owned()]);
    let known = assess(&transfer).unwrap();
    assert_eq!(of(&known, "eu"), of(&stated, "eu"));
    assert_ne!(of(&known, "eu"), Outcome::NoLicenceRequired);
    // That nothing is known says nothing of the use.
    transfer.knowledge.exporter_knows = Some(Vec::new());
    assert_eq!(of(&assess(&transfer).unwrap(), "eu"), Outcome::NotKnown);
}

#[test]
fn of_an_ordinary_use_no_notice_is_asked_for() {
    let mut transfer = with_code(sale("2024-05-06", "DE", "PK"), "eu", "none");
    transfer.lines[0].item.kind = Some("truck".to_owned());
    transfer.knowledge = Knowledge::default();
    assert_eq!(
        of(&assess(&transfer).unwrap(), "eu"),
        Outcome::NoLicenceRequired
    );
    // Who speaks of knowledge and leaves the notice out has not answered.
    transfer.knowledge.grounds_to_suspect = Some(Vec::new());
    assert_eq!(of(&assess(&transfer).unwrap(), "eu"), Outcome::NotKnown);
    transfer.knowledge = Knowledge::default();
    transfer.end_use.uses = Some(vec!["civil".to_owned(), "nuclear".to_owned()]);
    assert_ne!(
        of(&assess(&transfer).unwrap(), "eu"),
        Outcome::NoLicenceRequired
    );
    transfer.end_use.uses = None;
    assert_eq!(of(&assess(&transfer).unwrap(), "eu"), Outcome::NotKnown);
}

#[test]
fn a_balance_in_pieces_or_in_money_is_held_against_the_line() {
    let covered = |quantity: Option<&str>, value: Option<&str>, balance: &str| {
        let mut transfer = with_code(sale("2026-06-01", "US", "IN"), "us", "7A103");
        transfer.lines[0].quantity = quantity.map(str::to_owned);
        transfer.lines[0].value = value.map(str::to_owned);
        transfer.licences = vec![LicenceHeld {
            id: Some("D1".to_owned()),
            authority: Some("us".to_owned()),
            balance: Some(balance.to_owned()),
            ..LicenceHeld::default()
        }];
        !flag_with(&assess(&transfer).unwrap(), "is left of it")
    };
    assert!(covered(Some("10 pieces"), None, "10 pieces"));
    assert!(covered(Some("1 piece"), None, "10 pieces"));
    assert!(!covered(Some("12 pieces"), None, "10 pieces"));
    assert!(!covered(Some("1,200 pcs"), None, "1,000 pcs"));
    assert!(!covered(None, Some("1.2 million USD"), "1,000 USD"));
    assert!(!covered(None, Some("USD 1,200"), "1,000 USD"));
    assert!(!covered(None, None, "0 pieces"));
    // What measures different things says nothing.
    assert!(covered(Some("12 drums"), None, "10 pieces"));
    assert!(covered(None, Some("1,200 EUR"), "1,000 USD"));
    assert!(!covered(Some("12 kg"), None, "10 kg"));
}

#[test]
fn a_release_to_a_citizen_of_the_state_where_it_takes_place_is_no_reexport() {
    let release = |from: &str, nationality: &str| {
        let mut transfer = with_code(sale("2026-06-01", from, from), "us", "3E001");
        transfer.kind = Some("technology_release".to_owned());
        let item = &mut transfer.lines[0].item;
        item.form = Some("technology".to_owned());
        item.origin = country("US");
        item.published = Some(false);
        transfer.parties.as_mut().unwrap()[1] = Party {
            role: "recipient".to_owned(),
            name: Some("Ordinary Person".to_owned()),
            kind: Some("person".to_owned()),
            nationalities: Some(vec![country(nationality).unwrap()]),
            permanent_resident_of: Some(Vec::new()),
            ..Party::default()
        };
        let columns = vec![Given::Text("ns_1".to_owned())];
        transfer.facts = vec![("item.ccl_columns".to_owned(), Given::List(columns))];
        of(&assess(&transfer).unwrap(), "us")
    };
    assert_eq!(release("FR", "FR"), Outcome::NoLicenceRequired);
    assert_eq!(release("FR", "IN"), Outcome::LicenceRequired);
    assert_eq!(release("US", "IN"), Outcome::LicenceRequired);
}

#[test]
fn on_no_list_is_on_none_of_those_that_a_fact_asks_of() {
    let insulation = |codes: &[(&str, &str)]| {
        let mut transfer = sale("2008-05-01", "RU", "IR");
        let item = &mut transfer.lines[0].item;
        item.kind = Some("thermal-insulation".to_owned());
        let owned = |(list, code): &(&str, &str)| ((*list).to_owned(), (*code).to_owned());
        item.codes = codes.iter().map(owned).collect();
        let made = assess(&transfer).unwrap();
        let mut asked = made.missing.essential.iter();
        asked.any(|each| each.fact == "item.on_nuclear_trigger_list")
    };
    assert!(insulation(&[]));
    assert!(!insulation(&[("*", "none")]));
    assert!(!insulation(&[("eu", "none")]));
    // What is claimed for the list itself stands before it.
    assert!(insulation(&[("*", "none"), ("eu", "9A012")]));
}
