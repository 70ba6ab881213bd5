//! Forms of days, sources, terms and transfers, one sentence each: what the corpus asks in whole documents, told apart here.
//!
//! Names are invented. To grow: a row in one of the lists.

#![allow(missing_docs, clippy::unwrap_used, clippy::panic)]

use catchall_report::{Context, Reading, read};

fn reading(head: &str, text: &str) -> Reading {
    let page = format!("{head}\n\nValves and Other Goods\n\n{text}\n");
    read(page.as_bytes(), "text/plain", &Context::default()).unwrap()
}

fn told(text: &str) -> Reading {
    reading("The Harbour Chronicle\nMay 4, 1999", text)
}

#[test]
fn a_masthead_tells_the_day_in_many_ways() {
    let rows = [
        ("ARMS WATCH\n[7 May 96]", "1996-05-07"),
        ("Le Bulletin, 26 mai 1994", "1994-05-26"),
        ("Der Bericht, Ausgabe 12, 3. Mai 1994", "1994-05-03"),
        ("El Boletin, 3 de mayo de 1994", "1994-05-03"),
        ("ARMS MONTHLY     Issue 31     January 2012", "2012-01"),
        ("Herald, Decernber 9, 1996", "1996-12-09"),
        ("Herald Wire 3-May-1994", "1994-05-03"),
        (
            "FUEL WEEK\nVol. 33, No. 24 / June 18, 1992 / Copyright 1992 Hart",
            "1992-06-18",
        ),
        (
            "Herald Review\nNo. 18 (1,204). Monday, 5 June 1995.",
            "1995-06-05",
        ),
    ];
    for (head, day) in rows {
        let found = reading(head, "A maker of valves denied the sale to Graustark.");
        assert_eq!(found.publication.date.as_deref(), Some(day), "{head}");
    }
}

#[test]
fn a_lapse_counts_from_what_the_words_say() {
    let rows = [
        (
            "Turkey pledged to reply within two weeks.",
            Some("1999-05-18"),
        ),
        (
            "Brazil undertook in March to join the regime within six months.",
            Some("1999-09"),
        ),
        (
            "Jordan promised to reply within sixty days of any formal request.",
            None,
        ),
        (
            "Libya will publish the papers not later than one month after the date of this report.",
            Some("1999-06-04"),
        ),
        (
            "Serbia undertook to leave within fifteen days of the cease-fire, which took effect on 2 May.",
            Some("1999-05-17"),
        ),
        (
            "Poland promised to answer before the month is out.",
            Some("1999-05-31"),
        ),
    ];
    for (text, deadline) in rows {
        let found = told(text);
        let own: Vec<Option<&str>> = found
            .commitments
            .iter()
            .map(|own| own.deadline.as_deref())
            .collect();
        assert_eq!(own, [deadline], "{text}");
    }
}

#[test]
fn sources_are_read_in_other_houses_styles() {
    let rows = [
        (
            "The firm denied it. -- Interfax, May 3.",
            "Interfax",
            "1999-05-03",
        ),
        (
            "The firm denied it (ITAR-TASS, 0830 gmt, 3 May).",
            "ITAR-TASS",
            "1999-05-03",
        ),
        (
            "Its chairman told Le Courrier de Brest (3 May) that nothing was sold.",
            "Le Courrier de Brest",
            "1999-05-03",
        ),
        (
            "The firm denied it (lnterfax, 3 May).",
            "Interfax",
            "1999-05-03",
        ),
    ];
    for (text, outlet, day) in rows {
        let found = told(text);
        let own = found
            .citations
            .iter()
            .any(|own| own.date == day && own.outlets == [outlet]);
        assert!(own, "{text}: {:?}", found.citations);
    }
    let back = told("The firm denied it (HC, no. 16, 27 April).");
    assert_eq!(back.backrefs.len(), 1);
    assert_eq!(back.citations.len(), 0);
}

#[test]
fn a_transfer_is_told_in_longer_phrases() {
    let rows = [
        (
            "Spain said that the transfer of mortar bombs to Morocco by Explosivos Alba had been authorised.",
            "Explosivos Alba",
            "Morocco",
        ),
        (
            "A witness testified that Ishtar Chemie sold carbon fiber to the Hillah works in Iraq.",
            "Ishtar Chemie",
            "Iraq",
        ),
        (
            "The ministry confirmed that six patrol boats were handed over to Yemen by Denmark in May.",
            "Denmark",
            "Yemen",
        ),
        (
            "The company, Delta Chem, admitted shipping thiodiglycol to Iraq.",
            "Delta Chem",
            "Iraq",
        ),
    ];
    for (text, from, to) in rows {
        let found = told(text);
        let own: Vec<(&str, &str)> = found
            .transfers
            .iter()
            .map(|own| (own.from.as_str(), own.to.as_str()))
            .collect();
        assert_eq!(own, [(from, to)], "{text}");
    }
}

#[test]
fn the_small_words_tell_giver_and_receiver() {
    let rows = [
        (
            "Customs officers in Aqaba stopped 2,000 aluminum tubes on their way from the Chinese maker Guilin Alloys to the Baghdad firm Al-Waqidiya Trading.",
            "Guilin Alloys",
            "Al-Waqidiya Trading",
        ),
        (
            "Ukraine's export agency said yesterday that the last of four radars intended for Ethiopia's air defense force will be shipped by March.",
            "Ukraine",
            "Ethiopia",
        ),
        (
            "Belarusian Defense Minister Leonid Maltsev confirmed that six helicopters will be delivered to the Sudanese air force before the year is out.",
            "Belarus",
            "Sudan",
        ),
        (
            "Sudan has been supplied with twelve Fantan fighters by China's Nanchang Works, a UN panel says.",
            "Nanchang Works",
            "Sudan",
        ),
        (
            "The Israeli press reported on March 3 that a Tula firm had sold missile gyroscopes to Iran. The firm, Uralpribor, denied the report.",
            "Uralpribor",
            "Iran",
        ),
    ];
    for (text, from, to) in rows {
        let found = told(text);
        let own: Vec<(&str, &str)> = found
            .transfers
            .iter()
            .map(|own| (own.from.as_str(), own.to.as_str()))
            .collect();
        assert_eq!(own, [(from, to)], "{text}");
    }
}

#[test]
fn a_single_firm_without_a_name_gives_nothing() {
    let text = "Officials said on Friday that a Bishkek firm had sold microchips to Russia.";
    assert!(told(text).transfers.is_empty());
}

#[test]
fn what_is_given_in_words_is_no_transfer() {
    let rows = [
        "Russia gave South Korea its word that no missiles would go to the North, a minister recalled.",
        "Germany blocked the export of gas centrifuge parts to Iran, customs officials said.",
        "The Czech government gave Turkey until 30 May to answer for the howitzers.",
    ];
    for text in rows {
        assert!(told(text).transfers.is_empty(), "{text}");
    }
}
