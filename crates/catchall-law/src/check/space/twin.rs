//! The space against the evaluator: what is proven here must hold there, for every case that is tried, and every
//! witness must be what it says.

use catchall_model::{Day, Places};

use super::{Question, Ref, Survey, Usual};
use crate::check::bench::Bench;
use crate::language::Cond;
use crate::pack::{Law, PackFile};
use crate::state::{Facts, Value, read_value};
use crate::vocabulary::FactId;

const WORDS: &str = r#"
[[words]]
name = "act"
values = ["export", "transit", "contract"]
[[words]]
name = "form"
values = ["goods"]
[[words]]
name = "use"
values = ["missile", "nuclear", "civil"]
[[kind]]
path = "gyro"
[[kind]]
path = "gyro.ring"
[[kind]]
path = "gyro.fibre"
[[kind]]
path = "rocket"
[[property]]
name = "drift"
type = "quantity"
unit = "deg/h"
question = "?"
"#;

const PACK: &str = r#"
id = "p"
title = "p"
jurisdiction = "p"
force = "decree"
[[nexus]]
jurisdiction = "p"
when = 'always'
"#;

const SET: &str = r#"
```toml set
id = "p:set"
title = "set"
cite = "x"
members = [{ in = "IR" }, { in = "RU", interval = "1998-01-01/1999-12-31" }, { in = "IN", interval = "[1998-06-01..1998-06-30]/.." }]
```
"#;

const TESTS: &[&str] = &[
    "act is export",
    "act is one of (export, transit)",
    "act is not contract",
    "item.kind is within gyro",
    "item.kind is ring",
    "item.kind is not within any of (rocket, fibre)",
    "item.drift is less than 0.5 deg/h",
    "item.drift is at most 0.5 deg/h",
    "item.drift is at least 1 deg/h",
    "item.drift is between 0.5 deg/h and 1 deg/h",
    "to is in \"p:set\"",
    "to is IR",
    "to is not one of (IR, RU)",
    "exporter.knows includes missile",
    "exporter.knows includes any of (missile, nuclear)",
    "exporter.knows includes none of (civil, nuclear)",
    "exporter.informed",
    "exporter.informed is false",
    "date is before 1998-07-01",
    "date is on or after 1998-01-01",
    "contract.signed is on or before date",
    "date is within 30 days after contract.signed",
    "item can deliver at least 500 kg to at least 300 km",
    "item can deliver at least 0 kg to at least 300 km",
];

/// A small pack with these conditions as provisions.
fn law(conditions: &[String]) -> Law {
    let mut text = String::from(SET);
    for (place, condition) in conditions.iter().enumerate() {
        text.push_str(&format!(
            "\n```toml provision\nid = \"p/c{place}\"\ntitle = \"t\"\ncite = \"c\"\nconfidence = \"recalled\"\neffect = \"prohibited\"\nwhen = '''\n{condition}\n'''\n[[version]]\nin_force = \"../..\"\ntested_on = \"date\"\nrecorded = \"2026-11-22\"\n```\n"
        ));
    }
    let file = |path: &str, text: &str| PackFile {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    let mut places = Places::default();
    for (code, name) in [
        ("DE", "Germany"),
        ("IN", "India"),
        ("IR", "Iran"),
        ("RU", "Russia"),
    ] {
        places.add(code, name, &[]).unwrap();
    }
    Law::from_packs(
        &[
            file("vocabulary/v.toml", WORDS),
            file("p/pack.toml", PACK),
            file("p/a.md", &text),
        ],
        &places,
    )
    .unwrap_or_else(|problems| {
        panic!(
            "{}",
            problems
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("\n")
        )
    })
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from((self.0 >> 33) % u64::try_from(sides).unwrap()).unwrap()
    }
}

fn condition(dice: &mut Dice, depth: usize) -> String {
    if depth == 0 || dice.roll(3) == 0 {
        return TESTS[dice.roll(TESTS.len())].to_owned();
    }
    let parts: Vec<String> = (0..2 + dice.roll(2))
        .map(|_| format!("({})", condition(dice, depth - 1)))
        .collect();
    match dice.roll(5) {
        0 | 1 => parts.join(" and "),
        2 | 3 => parts.join(" or "),
        _ => format!("not {}", parts[0]),
    }
}

/// A transfer of which everything is known.
fn transfer(law: &Law, dice: &mut Dice) -> Facts {
    use catchall_model::Given;
    let text = |text: &str| Given::Text(text.to_owned());
    let mut facts = Facts::default();
    let mut set = |key: &str, given: Given| {
        let fact = law.vocabulary.fact(key).unwrap();
        let value = read_value(&law.vocabulary, fact, &given).unwrap();
        facts.set(fact, value);
    };
    set("act", text(["export", "transit", "contract"][dice.roll(3)]));
    set("item.kind", text(["ring", "fibre", "rocket"][dice.roll(3)]));
    set(
        "item.drift",
        text(
            [
                "0 deg/h",
                "0.49 deg/h",
                "0.5 deg/h",
                "0.7 deg/h",
                "1 deg/h",
                "2 deg/h",
            ][dice.roll(6)],
        ),
    );
    set("to", text(["DE", "IN", "IR", "RU"][dice.roll(4)]));
    let uses = ["missile", "nuclear", "civil"];
    set(
        "exporter.knows",
        Given::List(
            (0..3)
                .filter(|_| dice.roll(2) == 0)
                .map(|place| text(uses[place]))
                .collect(),
        ),
    );
    set("exporter.informed", Given::YesNo(dice.roll(2) == 0));
    let days = [
        "1997-12-31",
        "1998-01-01",
        "1998-05-31",
        "1998-06-15",
        "1998-06-30",
        "1998-07-01",
        "1999-12-31",
        "2000-01-01",
    ];
    set("date", text(days[dice.roll(days.len())]));
    set("contract.signed", text(days[dice.roll(days.len())]));
    let curves = [[("500 kg", "300 km")], [("500 kg", "299 km")]];
    let point = curves[dice.roll(2)][0];
    let light = ["299 km", "300 km"][if point.1 == "300 km" { 1 } else { dice.roll(2) }];
    set(
        "item.delivers",
        Given::List(vec![
            Given::List(vec![text(point.0), text(point.1)]),
            Given::List(vec![text("0 kg"), text(light)]),
        ]),
    );
    facts
}

fn ask<'a>(law: &'a Law, of: &'a Cond, but_not: Option<&'a Cond>) -> Question<'a> {
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    let mut survey = Survey::default();
    survey.condition(of, date);
    if let Some(other) = but_not {
        survey.condition(other, date);
    }
    let build = move |space: &mut super::Space| {
        let mut whole = space.condition(of, date)?;
        if let Some(other) = but_not {
            let other = space.condition(other, date)?;
            whole = space.differ(whole, other)?;
        }
        Some(whole)
    };
    Question {
        law,
        survey,
        build: Box::new(build),
    }
}

#[test]
fn what_is_proven_holds_for_every_transfer_and_every_witness_is_one() {
    let mut dice = Dice(57);
    let texts: Vec<String> = (0..120).map(|_| condition(&mut dice, 3)).collect();
    let law = law(&texts);
    let date = law.vocabulary.fact("date").unwrap();
    let usual = Usual::of(&law);
    let mut bench = Bench::new(&law);
    let transfers: Vec<Facts> = (0..300).map(|_| transfer(&law, &mut dice)).collect();
    let (mut never, mut always, mut shown, mut loose) = (0, 0, 0, 0);
    for (place, provision) in law.provisions.iter().enumerate() {
        let when = &provision.versions[0].when;
        let question = ask(&law, when, None);
        let (mut space, holds) = question.free().unwrap();
        let fails = space.not(holds).unwrap();
        for facts in &transfers {
            let answer = bench.condition(when, date, facts);
            assert!(
                holds != Ref::NO || answer != Some(true),
                "{}: proven never to hold, and yet it does",
                texts[place]
            );
            assert!(
                fails != Ref::NO || answer != Some(false),
                "{}: proven always to hold, and yet it does not",
                texts[place]
            );
        }
        never += usize::from(holds == Ref::NO);
        always += usize::from(fails == Ref::NO);
        if holds == Ref::NO {
            continue;
        }
        // A witness is what the evaluator says it is; without two dates that hang together there always is one.
        let found = question.witness(&usual, &mut |witness| {
            bench.condition(when, date, &witness.facts) == Some(true)
        });
        let reading = space.surely(holds).unwrap() == Ref::NO;
        assert!(
            found.is_some() || space.loose(holds) || reading,
            "{}: can hold, but no case was shown",
            texts[place]
        );
        shown += usize::from(found.is_some());
        loose += usize::from(found.is_none());
    }
    assert!(
        never > 3 && always > 3 && shown > 60,
        "too tame: {never} never, {always} always, {shown} shown, {loose} not"
    );
}

#[test]
fn two_conditions_are_the_same_when_no_transfer_tells_them_apart() {
    let mut dice = Dice(1929);
    let texts: Vec<String> = (0..60).map(|_| condition(&mut dice, 2)).collect();
    let law = law(&texts);
    let date = law.vocabulary.fact("date").unwrap();
    let mut bench = Bench::new(&law);
    let transfers: Vec<Facts> = (0..200).map(|_| transfer(&law, &mut dice)).collect();
    let whens: Vec<&Cond> = law
        .provisions
        .iter()
        .map(|provision| &provision.versions[0].when)
        .collect();
    let answers: Vec<Vec<Option<bool>>> = whens
        .iter()
        .map(|when| {
            transfers
                .iter()
                .map(|facts| bench.condition(when, date, facts))
                .collect()
        })
        .collect();
    let mut same = 0;
    for (a, one) in whens.iter().enumerate() {
        for (b, other) in whens.iter().enumerate().skip(a + 1) {
            let (_, differ) = ask(&law, one, Some(other)).free().unwrap();
            if differ == Ref::NO {
                same += 1;
                assert_eq!(answers[a], answers[b], "{} and {}", texts[a], texts[b]);
            }
        }
    }
    assert!(same > 3, "too tame: {same} pairs are the same");
}

#[test]
fn a_member_whose_day_is_not_known_leaves_the_law_open_and_no_fact() {
    let law = law(&[
        "to is in \"p:set\"".to_owned(),
        "to is not in \"p:set\"".to_owned(),
    ]);
    let mut bench = Bench::new(&law);
    let fact = |key: &str| law.vocabulary.fact(key).unwrap();
    let mut facts = Facts::default();
    facts.set(
        fact("to"),
        Value::One(
            law.vocabulary
                .country(catchall_model::Country::from_code("IN").unwrap())
                .unwrap(),
        ),
    );
    for (day, verdicts) in [
        ("1998-05-31", ["does_not_apply", "applies"]),
        ("1998-06-15", ["disputed", "disputed"]),
        ("1998-06-30", ["applies", "does_not_apply"]),
    ] {
        let number =
            catchall_model::Number::from_grid(i128::from(Day::parse(day).unwrap().number()));
        facts.set(fact("date"), Value::Between(number, number));
        for (place, expected) in verdicts.iter().enumerate() {
            let (verdict, open) = bench.verdict(place, &facts);
            assert_eq!(verdict.word(), *expected, "{day}");
            assert!(open.essential.is_empty(), "{day}: nothing is left to ask");
        }
    }
}
