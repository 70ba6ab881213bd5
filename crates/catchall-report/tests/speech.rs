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
