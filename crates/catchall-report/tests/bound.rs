//! Who gives what to whom where a place, a source or a charge tells it: one sentence each, and sentences that tell of nothing given.
//!
//! Sentences, firms and events are invented. To grow: a row in one of the lists.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use catchall_report::{Context, read};

fn ends(text: &str) -> Vec<String> {
    let page =
        format!("The Harbour Chronicle\nMay 4, 1999\n\nMissiles and Other Goods\n\n{text}\n");
    let reading = read(page.as_bytes(), "text/plain", &Context::default()).unwrap();
    let row = |own: &catchall_report::reading::TransferRecord| {
        format!("{} > {} {}", own.from, own.to, own.status)
    };
    reading.transfers.iter().map(row).collect()
}

#[test]
fn places_sources_and_charges_tell_the_ends() {
    let rows = [
        (
            "Customs officers seized a shipment of Brazilian missiles bound for Norway, the ministry announced on Tuesday.",
            "Brazil > Norway intercepted",
        ),
        (
            "A cargo of Brazilian missile parts destined for Norway was impounded in Malta, officials said.",
            "Brazil > Norway intercepted",
        ),
        (
            "The sale to Norway of Brazilian radars was cancelled in March, the foreign ministry said.",
            "Brazil > Norway cancelled",
        ),
        (
            "Twelve Brazilian missiles arrived in Norway in March, officials said.",
            "Brazil > Norway alleged",
        ),
        (
            "Chemical precursors supplied by a Brazilian firm, Serra Quimica, ended up in Norway, the dossier said.",
            "Serra Quimica > Norway alleged",
        ),
        (
            "Missiles made in Brazil were delivered to Norway, an American official said.",
            "Brazil > Norway alleged",
        ),
        (
            "The State Department accuses Brazil of arms sales to Norway.",
            "Brazil > Norway alleged",
        ),
        (
            "Brazil was accused by the State Department of arms deliveries to Norway.",
            "Brazil > Norway alleged",
        ),
        (
            "Brazil is Norway's main supplier of missile technology, an American official said.",
            "Brazil > Norway alleged",
        ),
        (
            "Norway's missiles come from Brazil, the defence minister charged.",
            "Brazil > Norway alleged",
        ),
        (
            "The Norwegian company Fjordverk placed an order for maraging steel with the Brazilian company Serra Quimica, the report said.",
            "Serra Quimica > Fjordverk alleged",
        ),
        (
            "A contract for the supply of four submarines to Norway was signed in May by Serra Quimica, an American official said.",
            "Serra Quimica > Norway planned",
        ),
        (
            "Brazil has delivered 20 of the 50 tanks ordered by Norway, an American official said on Wednesday.",
            "Brazil > Norway alleged",
        ),
        (
            "Brazil signed an agreement with Norway on the delivery of two reactors, an American official said.",
            "Brazil > Norway planned",
        ),
        (
            "Pakistan obtained its centrifuges from the Netherlands, the report says.",
            "Netherlands > Pakistan alleged",
        ),
    ];
    for (text, wanted) in rows {
        assert_eq!(ends(text), [wanted], "{text}");
    }
}

#[test]
fn who_only_comes_or_is_near_gives_nothing() {
    let rows = [
        "Brazilian missile experts arrived in Norway in March, officials said.",
        "Brazilian customs officers seized missiles bound for Norway, officials said.",
        "Talks on missiles between Brazil and Norway reached a dead end in March, officials said.",
        "Brazil signed an agreement with Norway on cooperation in missile technology, officials said.",
        "Brazil suspects Norway of hiding its missiles, officials said.",
    ];
    for text in rows {
        assert_eq!(ends(text), [""; 0], "{text}");
    }
}
