//! What must hold of evidence: a bystander changes nothing, a denial is no claim, reprints double nothing, a relief closes, a state
//! flags no firm; and the same readings in any order give the same bytes.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use catchall_report::gazetteer::Gazetteers;
use catchall_report::graph::{Evidence, Level, Need, Question, Rung, evidence, flag};
use catchall_report::{Context, Reading, read};
use proptest::prelude::*;

fn reading(name: &str, text: &str) -> Reading {
    let context = Context {
        doc_id: name.to_owned(),
        published: None,
    };
    read(text.as_bytes(), "text/plain", &context).unwrap()
}

fn ask(readings: &[Reading], question: &Question) -> Evidence {
    evidence(readings, question, Gazetteers::built_in().unwrap(), None)
}

fn party(name: &str) -> Question {
    Question::Party(name.to_owned())
}

/// A digest of one claim: who, of whom, through which outlet.
fn charge(outlet: &str, body: &str) -> String {
    format!("WIRE NOTES No. 7, 9 March 1999\n\n{body} ({outlet}, March 8).")
}

const CLAIM: &str = "U.S. State Department spokesman James Dunn said on March 8 that Balkan Foundry Works had supplied howitzers to Sudan";

fn need(on: &str) -> Need {
    Need {
        resolved: true,
        state: false,
        technology: vec!["artillery".to_owned()],
        on: on.parse().unwrap(),
        look_back: 3650,
    }
}

#[test]
fn one_briefing_through_five_outlets_is_one_origin() {
    let outlets = ["AP", "Reuters", "AFP", "UPI", "Xinhua"];
    let all: Vec<Reading> = outlets
        .iter()
        .map(|outlet| reading(outlet, &charge(outlet, CLAIM)))
        .collect();
    let found = ask(&all, &party("Balkan Foundry Works"));
    assert_eq!(found.documents, 5);
    assert_eq!(
        found.origins,
        1,
        "{}",
        serde_json::to_string_pretty(&found).unwrap()
    );
    assert_eq!(found.outlets.len(), 5);
    assert_eq!(found.claims[0].places.len(), 5);
    assert_eq!(found.rung, Some(Rung::OnRecord));
}

#[test]
fn a_second_speaker_is_a_second_origin() {
    let other = "Ethiopian Foreign Minister Seyoum Alemu said on March 8 that Balkan Foundry Works had supplied howitzers to Sudan";
    let all = [
        reading("a", &charge("AP", CLAIM)),
        reading("b", &charge("Reuters", other)),
    ];
    let found = ask(&all, &party("Balkan Foundry Works"));
    assert_eq!(found.origins, 2);
    assert_eq!(found.sides, ["ET", "US"]);
}

#[test]
fn a_charge_and_a_denial_are_not_the_same_evidence() {
    let denied = CLAIM.replace("said on March 8 that", "denied on March 8 that");
    let claimed = ask(
        &[reading("a", &charge("AP", CLAIM))],
        &party("Balkan Foundry Works"),
    );
    let denied = ask(
        &[reading("a", &charge("AP", &denied))],
        &party("Balkan Foundry Works"),
    );
    assert_eq!((claimed.origins, claimed.answers.len()), (1, 0));
    assert_eq!((denied.origins, denied.answers.len()), (0, 1));
    assert_eq!(flag(&claimed, &need("1999-06-01")).level, Level::Flag);
    assert_eq!(flag(&denied, &need("1999-06-01")).level, Level::None);
}

#[test]
fn a_denial_stays_with_the_claim_it_answers() {
    let text = format!(
        "{} Balkan Foundry Works denied on March 8 that it had supplied howitzers to Sudan (BTA, March 8).",
        charge("AP", CLAIM)
    );
    let found = ask(&[reading("a", &text)], &party("Balkan Foundry Works"));
    assert_eq!(found.origins, 1);
    assert_eq!(
        found.answers.len(),
        1,
        "{}",
        serde_json::to_string_pretty(&found).unwrap()
    );
    assert_eq!(found.answers[0].answers, ["o1"]);
    let raised = flag(&found, &need("1999-06-01"));
    assert!(
        raised.text.contains("Answer of Balkan Foundry Works"),
        "{}",
        raised.text
    );
}

#[test]
fn a_relief_closes_the_finding_from_its_day() {
    let relief = "WIRE NOTES No. 31, 25 April 2000\n\nThe U.S. State Department on April 24 lifted sanctions on Balkan Foundry Works (AP, April 24).";
    let all = [reading("a", &charge("AP", CLAIM)), reading("b", relief)];
    let found = ask(&all, &party("Balkan Foundry Works"));
    assert_eq!(
        found.closed.as_deref(),
        Some("2000-04-24"),
        "{}",
        serde_json::to_string_pretty(&found).unwrap()
    );
    assert_eq!(flag(&found, &need("2000-06-01")).level, Level::None);
    assert_eq!(flag(&found, &need("1999-06-01")).level, Level::Flag);
    let before = evidence(
        &all,
        &party("Balkan Foundry Works"),
        Gazetteers::built_in().unwrap(),
        Some("1999-12-31".parse().unwrap()),
    );
    assert_eq!(before.closed, None);
}

#[test]
fn a_claim_about_a_state_flags_no_single_firm() {
    let text = charge(
        "AP",
        "U.S. State Department spokesman James Dunn said on March 8 that Bulgaria had supplied howitzers to Sudan",
    );
    let all = [reading("a", &text)];
    for firm in ["Balkan Foundry Works", "Bulgarian Arms Company"] {
        let found = ask(&all, &party(firm));
        assert_eq!(found.origins, 0);
        assert_eq!(flag(&found, &need("1999-06-01")).level, Level::None);
    }
    let state = ask(&all, &party("Bulgaria"));
    assert_eq!(state.origins, 1);
    let raised = flag(
        &state,
        &Need {
            state: true,
            ..need("1999-06-01")
        },
    );
    assert_eq!(raised.level, Level::None);
}

#[test]
fn a_name_that_nobody_has_resolved_is_watched_and_not_flagged() {
    let found = ask(
        &[reading("a", &charge("AP", CLAIM))],
        &party("Balkan Foundry Works"),
    );
    let raised = flag(
        &found,
        &Need {
            resolved: false,
            ..need("1999-06-01")
        },
    );
    assert_eq!(raised.level, Level::Watch);
    assert_eq!(raised.lacks, ["nobody has resolved the name to a party"]);
    assert_eq!(
        flag(
            &found,
            &Need {
                technology: vec!["submarine".to_owned()],
                ..need("1999-06-01")
            }
        )
        .level,
        Level::None
    );
    assert_eq!(
        flag(
            &found,
            &Need {
                look_back: 30,
                ..need("1999-06-01")
            }
        )
        .level,
        Level::None
    );
}

#[test]
fn back_references_resolve_or_are_a_reading_list() {
    let first = "Publication: Lantern Notes Volume: 3 Issue: 12\n\nUkrainian officials said on March 8, 1999 that tanks were sold to Iraq (UNIAN, March 8, 1999).";
    let second = "LANTERN NOTES No. 15, 15 March 1999\n\nUkrainian officials said on March 12 that no tanks were sold to Iraq (UNIAN, March 12; see Lantern Notes, March 9; see Lantern Notes, February 2).";
    let all = [reading("a", first), reading("b", second)];
    let found = ask(&all, &Question::Technology("armour".to_owned()));
    let list: Vec<_> = found
        .reading_list
        .iter()
        .filter_map(|own| own.date.as_deref())
        .collect();
    assert_eq!(
        list,
        ["1999-02-02"],
        "{:?} {:?}",
        all[1].backrefs,
        all[0].publication
    );
}

#[test]
fn a_stored_reading_comes_back_as_it_was() {
    let own = reading("a", &charge("AP", CLAIM));
    let stored = serde_json::to_string(&own).unwrap();
    let back: Reading = serde_json::from_str(&stored).unwrap();
    assert_eq!(serde_json::to_string(&back).unwrap(), stored);
}

#[test]
fn nothing_found_is_an_empty_answer() {
    let found = ask(&[], &party("Balkan Foundry Works"));
    assert_eq!((found.documents, found.origins, found.rung), (0, 0, None));
}

/// Invented bystanders, in sentences that charge them with nothing.
fn bystander() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "Alba Trading Ltd",
        "Norrland Machine Works",
        "Jordan",
        "Portugal",
        "Maria Oliveira",
    ]);
    let way = prop::sample::select(vec![
        "The delegation from NAME visited a museum.",
        "Representatives of NAME and of Kenya attended the opening.",
        "NAME was mentioned in passing.",
        "The weather in Lisbon was mild while guests of NAME arrived.",
    ]);
    (name, way).prop_map(|(name, way)| way.replace("NAME", name))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn a_bystander_changes_nothing(more in prop::collection::vec(bystander(), 1..4)) {
        let bare = ask(&[reading("a", &charge("AP", CLAIM))], &party("Balkan Foundry Works"));
        let text = format!("{}\n\n{}", charge("AP", CLAIM), more.join(" "));
        let crowded = [reading("a", &text)];
        let found = ask(&crowded, &party("Balkan Foundry Works"));
        prop_assert_eq!((bare.origins, bare.rung, bare.answers.len()), (found.origins, found.rung, found.answers.len()));
        for name in ["Alba Trading Ltd", "Norrland Machine Works"] {
            let own = ask(&crowded, &party(name));
            prop_assert_eq!(flag(&own, &need("1999-06-01")).level, Level::None);
        }
    }

    #[test]
    fn reprints_double_nothing(copies in 1_usize..6, outlets in prop::collection::vec(prop::sample::select(vec!["AP", "Reuters", "AFP", "UPI"]), 6)) {
        let all: Vec<Reading> = outlets
            .iter()
            .take(copies)
            .enumerate()
            .map(|(place, outlet)| reading(&format!("d{place}"), &charge(outlet, CLAIM)))
            .collect();
        let found = ask(&all, &party("Balkan Foundry Works"));
        prop_assert_eq!(found.origins, 1);
        let once = ask(&all[..1], &party("Balkan Foundry Works"));
        prop_assert_eq!(flag(&found, &need("1999-06-01")).level, flag(&once, &need("1999-06-01")).level);
    }

    #[test]
    fn the_order_of_documents_changes_nothing(order in Just(vec![0_usize, 1, 2, 3]).prop_shuffle()) {
        let texts = [
            charge("AP", CLAIM),
            charge("BTA", "Balkan Foundry Works denied on March 8 that it had supplied howitzers to Sudan"),
            charge("Reuters", "Ethiopian Foreign Minister Seyoum Alemu said on March 8 that Balkan Foundry Works had supplied howitzers to Sudan"),
            charge("AFP", "Sudan denied on March 8 that Balkan Foundry Works had supplied howitzers to Sudan"),
        ];
        let all: Vec<Reading> = texts.iter().enumerate().map(|(place, text)| reading(&format!("d{place}"), text)).collect();
        let mixed: Vec<Reading> = order.iter().map(|place| all[*place].clone()).collect();
        let (one, two) = (ask(&all, &party("Balkan Foundry Works")), ask(&mixed, &party("Balkan Foundry Works")));
        prop_assert_eq!(serde_json::to_string(&one).unwrap(), serde_json::to_string(&two).unwrap());
    }
}
