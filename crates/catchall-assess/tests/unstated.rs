//! What is read as no where nobody states it, and one name for several figures: small invented packs, judged from end to end.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs)]

use catchall_assess::{AskedFor, Assessor, Detail, Digests, Imported, Room};
use catchall_law::{Law, PackFile};
use catchall_model::{Given, Informed, Item, Line, Places, Transfer};

const WORDS: &str = r#"
[[words]]
name = "act"
values = ["export", "transit"]
[[words]]
name = "form"
values = ["goods", "arms"]
[[words]]
name = "use"
values = ["missile", "nuclear", "civil"]
[[words]]
name = "party_type"
values = ["company", "military"]
[[words]]
name = "authority"
values = ["p"]
[[words]]
name = "field_of_study"
values = ["physics"]
[[kind]]
path = "shaker"
[[kind]]
path = "chamber"
[[property]]
name = "shaker_force"
type = "quantity"
unit = "kN"
question = "How strong is the shaker?"
also = ["force"]
[[property]]
name = "chamber_force"
type = "quantity"
unit = "kN"
question = "How strong is the chamber?"
also = ["force"]
[[property]]
name = "chamber_length"
type = "quantity"
unit = "mm"
question = "How long is the chamber?"
also = ["force"]
[[property]]
name = "medical"
type = "yes_no"
question = "Is it medical equipment?"
[[fact]]
key = "state.finding"
type = "yes_no"
question = "Has the state found that it serves missiles?"
[[unstated]]
fact = "item.medical"
why = "the exclusion must be claimed"
[[unstated]]
fact = "state.finding"
uses = ["civil"]
why = "a finding exists when it has been made"
"#;

const PACK: &str = r#"
id = "p"
title = "a pack"
jurisdiction = "p"
force = "decree"
address = "https://example.org/decree"
[[nexus]]
jurisdiction = "p"
when = 'from is RU'
"#;

const ARTICLE: &str = r#"
```toml provision
id = "p/strong"
title = "strong shakers and chambers"
cite = "Decree, para. 1"
confidence = "read"
effect = "licence_required"
when = '''
not item.medical
and any of:
  item.kind is within shaker and item.shaker_force is at least 50 kN
  item.kind is within chamber and item.chamber_force is at least 5 kN
'''

[[version]]
in_force = "1998-01-22/.."
tested_on = "date"
recorded = "2026-11-22"
```

```toml provision
id = "p/found"
title = "what the state has found"
cite = "Decree, para. 2"
confidence = "read"
effect = "prohibited"
when = 'state.finding or exporter.suspects includes nuclear'

[[version]]
in_force = "1998-01-22/.."
tested_on = "date"
recorded = "2026-11-22"
```
"#;

fn assessor() -> Assessor {
    let files: Vec<PackFile> = [
        ("vocabulary/words.toml", WORDS),
        ("p/pack.toml", PACK),
        ("p/a.md", ARTICLE),
    ]
    .into_iter()
    .map(|(path, text)| PackFile {
        path: path.to_owned(),
        text: text.to_owned(),
    })
    .collect();
    let mut places = Places::default();
    for (code, name) in [("RU", "Russia"), ("IR", "Iran")] {
        places.add(code, name, &[]).unwrap();
    }
    let law = Law::from_packs(&files, &places).unwrap_or_else(|problems| {
        panic!(
            "{}",
            problems
                .iter()
                .map(|each| format!("{each}\n"))
                .collect::<String>()
        )
    });
    Assessor::new(
        law,
        Imported::default(),
        AskedFor::default(),
        &Digests::default(),
    )
    .unwrap()
}

fn transfer(kind: &str, properties: &[(&str, Given)], uses: Option<&[&str]>) -> Transfer {
    let mut places = Places::default();
    for (code, name) in [("RU", "Russia"), ("IR", "Iran")] {
        places.add(code, name, &[]).unwrap();
    }
    let mut made = Transfer {
        id: "t".to_owned(),
        kind: Some("export".to_owned()),
        date: Some(catchall_model::Day::parse("1999-01-01").unwrap()),
        from: places.find("RU"),
        to: places.find("IR"),
        lines: vec![Line {
            item: Item {
                kind: Some(kind.to_owned()),
                properties: properties
                    .iter()
                    .map(|(name, given)| ((*name).to_owned(), given.clone()))
                    .collect(),
                ..Item::default()
            },
            ..Line::default()
        }],
        ..Transfer::default()
    };
    made.end_use.uses = uses.map(|uses| uses.iter().map(|word| (*word).to_owned()).collect());
    made
}

fn outcome(transfer: &Transfer) -> String {
    let made = assessor()
        .assess(transfer, Detail::Full, &mut Room::default())
        .unwrap();
    made.outcome.word().to_owned()
}

fn force(text: &str) -> (&'static str, Given) {
    ("force", Given::Text(text.to_owned()))
}

#[test]
fn one_name_fills_every_figure_whose_unit_fits() {
    let civil: Option<&[&str]> = Some(&["civil"]);
    for (kind, stated, wanted) in [
        ("shaker", "50 kN", "licence_required"),
        ("shaker", "49 kN", "no_licence_required"),
        ("chamber", "5 kN", "licence_required"),
        ("chamber", "4.9 kN", "no_licence_required"),
    ] {
        let found = outcome(&transfer(kind, &[force(stated)], civil));
        assert_eq!(found, wanted, "{kind} {stated}");
    }
}

#[test]
fn an_exclusion_that_nobody_claims_does_not_exclude() {
    let civil: Option<&[&str]> = Some(&["civil"]);
    let claimed = ("medical", Given::YesNo(true));
    let found = outcome(&transfer("shaker", &[force("60 kN"), claimed], civil));
    assert_eq!(found, "no_licence_required");
    let found = outcome(&transfer("shaker", &[force("60 kN")], civil));
    assert_eq!(found, "licence_required");
}

#[test]
fn a_finding_that_nobody_states_is_asked_for_unless_the_use_is_civil() {
    let weak = [force("1 kN")];
    let found = outcome(&transfer("shaker", &weak, Some(&["civil"])));
    assert_eq!(found, "no_licence_required");
    for uses in [
        None,
        Some(&["missile"][..]),
        Some(&["civil", "missile"][..]),
    ] {
        assert_eq!(outcome(&transfer("shaker", &weak, uses)), "not_known");
    }
    let mut made = transfer("shaker", &weak, Some(&["civil"]));
    made.facts = vec![("state.finding".to_owned(), Given::YesNo(true))];
    assert_eq!(outcome(&made), "prohibited");
}

#[test]
fn whom_an_authority_has_told_may_suspect_more_than_was_said() {
    let mut made = transfer("shaker", &[force("1 kN")], Some(&["civil"]));
    made.facts = vec![("state.finding".to_owned(), Given::YesNo(false))];
    assert_eq!(outcome(&made), "no_licence_required");
    made.knowledge.informed_by_authority = Some(Informed {
        is: true,
        ..Informed::default()
    });
    assert_eq!(outcome(&made), "not_known");
    made.knowledge.grounds_to_suspect = Some(Vec::new());
    assert_eq!(outcome(&made), "no_licence_required");
}
