//! Commitments: the worked cases of the packs, and what must hold of standing whatever is recorded.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod disk;

use catchall_law::commitments::{Act, Record, Undertaking};
use catchall_law::{Law, check};
use catchall_model::{ActKind, Day, Given, Standing};
use proptest::prelude::*;

fn law() -> Law {
    Law::from_packs(&disk::files(&disk::packs_folder()), &disk::places()).unwrap_or_else(
        |problems| {
            let told: Vec<String> = problems.iter().map(ToString::to_string).collect();
            panic!("{} problems\n{}", told.len(), told.join("\n"));
        },
    )
}

fn same(party: &str) -> String {
    party.to_owned()
}

#[test]
fn every_undertaking_has_a_case_and_every_case_holds() {
    let law = law();
    let report = check::test(&law);
    println!(
        "{} cases of {} undertakings with {} acts",
        report.standings,
        law.record.undertakings.len(),
        law.record.acts.len()
    );
    let failures: Vec<String> = report.failures.iter().map(ToString::to_string).collect();
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert_eq!(report.undertakings, law.record.undertakings.len());
    assert!(law.record.undertakings.len() >= 40);
}

#[test]
fn every_undertaking_and_act_of_the_packs_names_its_source() {
    let law = law();
    for each in &law.record.undertakings {
        assert!(
            !each.source.is_empty() && !each.cite.is_empty(),
            "{}",
            each.id
        );
    }
    for each in &law.record.acts {
        assert!(
            !each.source.is_empty() || !each.cite.is_empty(),
            "{}",
            each.id
        );
    }
}

fn undertaking(sort: u8, due: Option<u16>, ends: bool) -> Undertaking {
    let mut fields = std::collections::BTreeMap::new();
    let mut put = |key: &str, value: &str| {
        fields.insert(key.to_owned(), Given::Text(value.to_owned()));
    };
    put("id", "pact/one");
    put("title", "an invented undertaking");
    put("by", "RU; US");
    put("to", "US");
    put("what", "not to sell");
    put("sort", ["do", "abstain", "ceiling"][usize::from(sort)]);
    if sort == 2 {
        put("ceiling", "100");
        put("ceiling_of", "launchers");
    }
    put("cite", "Pact, art. 1");
    put("force", "treaty");
    put("from", "2000-01-01");
    if ends {
        put("until", "2000-12-31");
    }
    let day = due.map(|due| day(due).to_string());
    if let Some(due) = &day {
        put("due", due);
    }
    catchall_law::commitments::read_undertaking(&fields).unwrap()
}

fn day(number: u16) -> Day {
    Day::from_number(Day::from_ymd(2000, 1, 1).unwrap().number() + i64::from(number))
}

const WHO: [&str; 3] = ["RU", "US", "IL"];

prop_compose! {
    fn act()(
        number in 0u16..400,
        wide in prop_oneof![4 => Just(0u16), 1 => 1u16..60],
        by in 0usize..3,
        kind in 0usize..ActKind::ALL.len(),
        shows in prop_oneof![Just(None), (0usize..8).prop_map(Some)],
        said in prop_oneof![2 => Just(None), 1 => (0usize..3).prop_map(Some)],
        value in prop_oneof![2 => Just(None), 1 => (90i64..110).prop_map(Some)],
        effective in prop_oneof![2 => Just(None), 1 => (0u16..100).prop_map(Some)],
        of in proptest::collection::vec(0usize..12, 0..2),
    ) -> Act {
        Act {
            id: String::new(),
            date: catchall_model::Span { first: day(number), last: day(number + wide) },
            by: WHO[by].to_owned(),
            who: String::new(),
            kind: ActKind::ALL[kind],
            shows: shows.map(|shows| catchall_model::Shows::ALL[shows]),
            what: "something".to_owned(),
            bears_on: vec!["pact/one".to_owned()],
            about: Vec::new(),
            said_by: said.map(|said| WHO[said].to_owned()).into_iter().collect(),
            effective: effective.map(|more| {
                let from = day(number + wide + more);
                catchall_model::Span { first: from, last: from }
            }),
            until: None,
            value: value.map(catchall_model::Number::whole),
            of: of.iter().map(|place| format!("a{place}")).collect(),
            cite: String::new(),
            source: String::new(),
            read: true,
            recorded: None,
            at: None,
        }
    }
}

fn record(undertaking: &Undertaking, acts: Vec<Act>) -> Record {
    let mut record = Record {
        undertakings: vec![undertaking.clone()],
        acts,
    };
    record.settle();
    record
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    proptest::collection::vec(act(), 0..12).prop_map(|made| {
        made.into_iter()
            .enumerate()
            .map(|(place, act)| Act {
                id: format!("a{place}"),
                ..act
            })
            .collect()
    })
}

fn pacts() -> impl Strategy<Value = Undertaking> {
    (0u8..3, proptest::option::of(0u16..400), any::<bool>())
        .prop_map(|(sort, due, ends)| undertaking(sort, due, ends))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    #[test]
    fn words_alone_never_make_kept(pact in pacts(), acts in acts(), on in 0u16..420) {
        let acts: Vec<Act> = acts.into_iter().filter(|act| act.kind.is_words()).collect();
        let record = record(&pact, acts);
        let answer = record.standing(&pact, day(on), None, &same);
        prop_assert!(answer.standing != Standing::Kept);
        for party in &answer.parties {
            prop_assert!(party.standing != Standing::Kept && !party.possible.contains(&Standing::Kept));
        }
    }

    #[test]
    fn an_act_that_stands_twice_counts_once(pact in pacts(), acts in acts(), on in 0u16..420) {
        let once = record(&pact, acts.clone());
        let mut twice = acts.clone();
        twice.extend(acts);
        let twice = record(&pact, twice);
        prop_assert_eq!(
            once.standing(&pact, day(on), None, &same),
            twice.standing(&pact, day(on), None, &same)
        );
    }

    #[test]
    fn the_order_in_which_acts_are_told_is_nothing(pact in pacts(), acts in acts(), on in 0u16..420) {
        let forward = record(&pact, acts.clone());
        let backward = record(&pact, acts.into_iter().rev().collect());
        prop_assert_eq!(
            forward.standing(&pact, day(on), None, &same),
            backward.standing(&pact, day(on), None, &same)
        );
    }

    #[test]
    fn what_happens_later_changes_no_earlier_day(pact in pacts(), acts in acts(), on in 0u16..420) {
        let past: Vec<Act> = acts.iter().filter(|act| act.date.first <= day(on)).cloned().collect();
        let all = record(&pact, acts);
        let past = record(&pact, past);
        prop_assert_eq!(
            all.standing(&pact, day(on), None, &same),
            past.standing(&pact, day(on), None, &same)
        );
    }

    #[test]
    fn what_is_recorded_later_changes_nothing_known_before(pact in pacts(), acts in acts(), on in 0u16..420) {
        let known = day(500);
        let mut told = acts.clone();
        told.iter_mut().step_by(2).for_each(|act| act.recorded = Some(day(501)));
        let kept: Vec<Act> = told.iter().filter(|act| act.recorded.is_none()).cloned().collect();
        prop_assert_eq!(
            record(&pact, told).standing(&pact, day(on), Some(known), &same),
            record(&pact, kept).standing(&pact, day(on), Some(known), &same)
        );
    }

    #[test]
    fn a_history_says_what_each_day_says(pact in pacts(), acts in acts(), on in 0u16..420) {
        let record = record(&pact, acts);
        let stretches = record.history(&pact, None, day(430), None);
        let own = stretches.iter().find(|each| each.first <= day(on) && day(on) <= each.last).unwrap();
        let answer = record.standing(&pact, day(on), None, &same);
        prop_assert_eq!((own.standing, own.in_force), (answer.standing, answer.in_force));
        for pair in stretches.windows(2) {
            prop_assert_eq!(pair[0].last.next(), pair[1].first);
        }
    }

    #[test]
    fn an_allegation_answered_by_a_denial_is_never_a_breach(pact in pacts(), on in 10u16..300) {
        let make = |id: &str, by: &str, kind, shows, number| {
            let mut act = Act {
                id: id.to_owned(),
                date: catchall_model::Span { first: day(number), last: day(number) },
                by: by.to_owned(), who: String::new(), kind, shows, what: "x".to_owned(),
                bears_on: vec!["pact/one".to_owned()], about: vec!["RU".to_owned()], said_by: Vec::new(),
                effective: None, until: None, value: None, of: Vec::new(), cite: String::new(),
                source: String::new(), read: true, recorded: None, at: None,
            };
            if kind == ActKind::Denial { act.of = vec!["said".to_owned()]; }
            act
        };
        let broken = Some(catchall_model::Shows::Broken);
        let said = make("said", "US", ActKind::Statement, broken, 5);
        let denied = make("denied", "RU", ActKind::Denial, None, 6);
        let both = record(&pact, vec![said.clone(), denied]).standing(&pact, day(on), None, &same);
        prop_assert_eq!(both.parties[0].standing, Standing::Contested);
        let relief = make("relief", "US", ActKind::Relief, None, 8);
        let closed = record(&pact, vec![said, relief]).standing(&pact, day(on), None, &same);
        let nothing = record(&pact, Vec::new()).standing(&pact, day(on), None, &same);
        prop_assert_eq!(closed.parties[0].standing, nothing.parties[0].standing);
    }
}

/// A figure of a day on which a ceiling does not bind says nothing of whether it was kept.
#[test]
fn a_figure_outside_the_term_of_a_ceiling_shows_nothing() {
    let law = law();
    let day = |text: &str| Day::parse(text).unwrap();
    let mut weighed = 0;
    for undertaking in &law.record.undertakings {
        let bounded = undertaking.until.last < Day::MAX && undertaking.in_effect;
        if undertaking.ceiling.is_none() || !bounded {
            continue;
        }
        let party = undertaking.by[0].clone();
        for (date, value) in [
            (undertaking.from.first.previous(), 1),
            (undertaking.from.first.previous(), 999_999),
            (undertaking.until.last.next(), 1),
            (undertaking.until.last.next(), 999_999),
        ] {
            let mut record = law.record.clone();
            let on = day("2026-11-22");
            let before = record.standing(undertaking, on, None, &same);
            record.acts.push(Act {
                id: "outside".to_owned(),
                date: catchall_model::Span {
                    first: date,
                    last: date,
                },
                by: "somebody".to_owned(),
                who: String::new(),
                kind: ActKind::Verification,
                shows: None,
                what: "a count".to_owned(),
                bears_on: vec![undertaking.id.clone()],
                about: vec![party.clone()],
                said_by: Vec::new(),
                effective: None,
                until: None,
                value: Some(catchall_model::Number::whole(value)),
                of: Vec::new(),
                cite: String::new(),
                source: String::new(),
                read: true,
                recorded: None,
                at: None,
            });
            record.settle();
            let after = record.standing(undertaking, on, None, &same);
            assert_eq!(
                before.parties[0].standing, after.parties[0].standing,
                "{} {date} {value}",
                undertaking.id
            );
            weighed += 1;
        }
    }
    assert!(weighed >= 20, "{weighed}");
}

/// The order of places is kept where laws are dropped: what an exception lifts stays what it lifts.
#[test]
fn a_law_on_suppliers_kept_alone_keeps_its_exceptions() {
    let all = law();
    let mut packs: Vec<&str> = all
        .sanctions
        .iter()
        .map(|each| each.provision.jurisdiction.as_str())
        .collect();
    packs.dedup();
    let lifts = |law: &Law, pack: &str| -> Vec<(String, Vec<String>)> {
        law.sanctions
            .iter()
            .filter(|each| each.provision.jurisdiction == pack)
            .map(|each| {
                let of = |place: &usize| law.sanctions[*place].provision.id.clone();
                let lifted = each.provision.excepts.iter().map(of).collect();
                (each.provision.id.clone(), lifted)
            })
            .collect()
    };
    for pack in packs {
        let mut alone = all.clone();
        alone.keep_suppliers_of(pack).unwrap();
        assert_eq!(lifts(&alone, pack), lifts(&all, pack));
        assert_eq!(alone.sanctions.len(), lifts(&all, pack).len());
    }
    let mut none = all.clone();
    let held = none.keep_suppliers_of("no-such-pack").unwrap_err();
    assert!(held.len() > 3 && none.sanctions.len() == all.sanctions.len());
}

/// A change of a law on suppliers that no case notices is a gap in the cases.
#[test]
fn the_cases_of_laws_on_suppliers_notice_every_slip_of_the_pen() {
    let law = law().on_suppliers();
    let report = check::mutate(&law, None, 1);
    println!(
        "{} mutants: {} noticed, {} the same in other words",
        report.mutants, report.killed, report.equivalent
    );
    let survivors: Vec<String> = report.survivors.iter().map(ToString::to_string).collect();
    assert!(survivors.is_empty(), "\n{}", survivors.join("\n"));
    assert!(report.mutants > 100);
}
