//! Who says what in one sentence: verbs that speak with the words behind them, whom a paper binds, what is set against what.
//!
//! Names of firms and people are invented. To grow: a row in one of the lists.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use catchall_report::{Context, Reading, read};

fn told(text: &str) -> Reading {
    let page = format!("The Harbour Chronicle\nMay 4, 1999\n\nValves and Other Goods\n\n{text}\n");
    read(page.as_bytes(), "text/plain", &Context::default()).unwrap()
}

#[test]
fn a_statement_has_its_speaker() {
    let rows = [
        (
            "Turkish officials were quoted on Tuesday as saying that the valves had gone to a farm.",
            "Turkish officials",
            "said",
        ),
        (
            "Brazil is said to have warned the bank in writing.",
            "Brazil",
            "said",
        ),
        (
            "The dealer, Hartung Valves of Lahr, denied that it had anything to do with the crate.",
            "Hartung Valves",
            "denied",
        ),
        (
            "His Turkish counterpart, Orhan Selim-oglu, rejected the charge and said the valves were for tractors.",
            "Orhan Selim-oglu",
            "denied",
        ),
        (
            "The accusation, leveled by the Turkish ambassador, was repeated in the press.",
            "Turkish ambassador",
            "alleged",
        ),
        (
            "The Swiss had suspended all exports of valves by decree in March.",
            "Switzerland",
            "ordered",
        ),
        (
            "Brazil's position is that the contract is valid.",
            "Brazil",
            "said",
        ),
        (
            "While conceding that mistakes had been made, the Turkish ambassador praised the yard.",
            "Turkish ambassador",
            "conceded",
        ),
        (
            "A person familiar with the matter told reporters that the crates were empty.",
            "person familiar with the matter",
            "said",
        ),
        (
            "Turkey's embassy replied that no licence had been needed.",
            "Turkish embassy",
            "denied",
        ),
        (
            "Brazil has asked Turkey to explain the shipment.",
            "Brazil",
            "said",
        ),
    ];
    for (text, speaker, kind) in rows {
        let found = told(text);
        assert!(
            found
                .statements
                .iter()
                .any(|own| { own.kind == kind && own.speaker.name.as_deref() == Some(speaker) }),
            "{text}: {:?}",
            found.statements
        );
    }
    // A condition, a purchase and an adjective are no statements; one answer with its ground is one.
    for (text, count) in [
        ("Brazil ordered 40 valves from Turkey.", 0),
        ("The law asks for a report on suspected sales.", 0),
        (
            "The Turkish ambassador denied the charge, saying that the valves were for tractors.",
            1,
        ),
    ] {
        assert_eq!(told(text).statements.len(), count, "{text}");
    }
}

#[test]
fn a_statement_has_its_kind_and_its_day() {
    let rows = [
        ("Turkey took issue with the finding.", "denied", None),
        (
            "Turkish officials have been at pains to deny that any valves were sold.",
            "denied",
            None,
        ),
        (
            "Brazil has given its word that the furnaces will stay at home.",
            "promised",
            None,
        ),
        (
            "The Brazilian government voted on Friday to forbid the sale of furnaces.",
            "ordered",
            Some("1999-04-30"),
        ),
        (
            "The French ambassador told the Senate Committee on Armed Services on April 12 that Libya had continued to supply valves.",
            "alleged",
            Some("1999-04-12"),
        ),
        (
            "There is no truth in these reports, the Turkish ambassador told reporters at the arms fair on Friday.",
            "denied",
            Some("1999-04-30"),
        ),
        (
            "Brazil admitted in 1996 that the furnaces had left the yard.",
            "conceded",
            Some("1996"),
        ),
        (
            "The charge was described as groundless by the Turkish Foreign Ministry.",
            "denied",
            None,
        ),
    ];
    for (text, kind, day) in rows {
        let found = told(text);
        let own = found.statements.iter().find(|own| own.kind == kind);
        let own = own.unwrap_or_else(|| panic!("{text}: {:?}", found.statements));
        assert_eq!(own.said.as_deref(), day, "{text}");
    }
}

#[test]
fn what_is_only_supposed_or_left_unsaid_is_no_statement() {
    let rows = [
        "Inspectors would be welcome at the yard.",
        "Neither Turkey nor Brazil would comment on the report.",
    ];
    for text in rows {
        assert!(told(text).statements.is_empty(), "{text}");
    }
    let found = told("Both sides signalled that talks begin as soon as Turkey ratifies the pact.");
    assert!(found.statements.iter().all(|own| own.kind != "ordered"));
}

#[test]
fn the_terms_of_a_paper_bind_whom_they_name() {
    let rows = [
        (
            "An agreement was reached on Friday under which Brazil will give up the contract.",
            "Brazil",
            None,
        ),
        (
            "Turkey has given itself until June 30 to wind up the contracts.",
            "Turkey",
            Some("1999-06-30"),
        ),
        (
            "The negotiators settled for a Brazilian undertaking not to sign further contracts.",
            "Brazil",
            None,
        ),
        (
            "Turkey was given until May 20 to reply to the note.",
            "Turkey",
            Some("1999-05-20"),
        ),
        (
            "Libya, he said, had undertaken to hand over the valves by June 6.",
            "Libya",
            Some("1999-06-06"),
        ),
    ];
    for (text, who, day) in rows {
        let found = told(text);
        let own = found.commitments.iter().find(|own| own.who == who);
        let own = own.unwrap_or_else(|| panic!("{text}: {:?}", found.commitments));
        assert_eq!(own.deadline.as_deref(), day, "{text}");
    }
}

#[test]
fn accounts_are_set_against_each_other() {
    let rows = [
        "France wants the contract torn up; Brazil says it will be honoured in full.",
        "Turkey maintains that it has kept to the accord. French officials dispute this, pointing to a delivery of valves.",
        "Turkey insists the papers were in order. A UN panel found last month that the signature was forged.",
    ];
    for text in rows {
        let found = told(text);
        assert!(
            !found.contradictions.is_empty(),
            "{text}: {:?}",
            found.statements
        );
    }
}
