//! Canada's consolidated XML of autonomous sanctions: the schedules of the regulations under two acts.
//!
//! A record has no key of its own; regulation, schedule and item together are one. The regulation is named by the
//! country that it is about, which is not always the party's own, so that it is a programme here and no country.
//! Aliases stand in one cell, parted by commas and `or`, with words such as `Russian:` before another script.

use super::Refusal;
use super::dates::{self, Order};
use super::entry::{At, Entry, Reading, joined, tidy};
use super::formats::{Inputs, only};
use super::xml::{Element, Plan, records};
use crate::{NameKind, PartyKind};

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    let file = input.file.clone();
    let plan = Plan {
        root: "data-set",
        records: &["record"],
        skip: &[],
    };
    let mut row = 0;
    records(input, &plan, |element| {
        if element.name == plan.root {
            return Ok(());
        }
        row += 1;
        let at = At {
            file: &file,
            row,
            ..At::default()
        };
        let entry = entry(reading, &element);
        reading.take(&at, entry)
    })
}

fn entry(reading: &mut Reading<'_>, from: &Element) -> Entry {
    let regulation = from.text_of("Country").split(" / ").next().unwrap_or("");
    let (family, given) = (from.text_of("LastName"), from.text_of("GivenName"));
    let whole = from.text_of("EntityOrShip");
    let imo = from.text_of("ShipIMONumber");
    let kind = match () {
        () if !imo.is_empty() => PartyKind::Vessel,
        () if whole.is_empty() => PartyKind::Person,
        () => PartyKind::Organisation,
    };
    let key = joined(
        &[regulation, from.text_of("Schedule"), from.text_of("Item")],
        ", ",
    );
    let key = if from.text_of("Item").is_empty() {
        String::new()
    } else {
        reading.made_key(&key)
    };
    let mut entry = Entry::new(&key, kind);
    entry.name(NameKind::Primary, whole);
    let person = joined(&[given, family], " ");
    entry.name_parts(NameKind::Primary, &person, given, family);
    for alias in aliases(from.text_of("Aliases")) {
        let kind = if alias.is_ascii()
            || alias
                .chars()
                .all(|c| !c.is_alphabetic() || (c as u32) < 0x250)
        {
            NameKind::Strong
        } else {
            NameKind::Original
        };
        entry.name(kind, &alias);
    }
    let title = from.text_of("TitleOrShip");
    entry.remark_of(
        if kind == PartyKind::Vessel {
            "Vessel type"
        } else {
            "Title"
        },
        title,
    );
    entry.identifier("imo", imo, None);
    let date = from.text_of("DateOfBirthOrShipBuildDate");
    if kind == PartyKind::Vessel {
        entry.remark_of("Vessel built", date);
    } else {
        entry.births(date, Order::DayFirst);
    }
    entry.programme(regulation);
    entry.programme(&tidy(&joined(
        &[regulation, from.text_of("Schedule")],
        ", schedule ",
    )));
    entry.listed(dates::day(from.text_of("DateOfListing"), Order::DayFirst));
    entry
}

/// Languages that stand before an alias in their script.
const LANGUAGES: [&str; 8] = [
    "Russian",
    "Belarusian",
    "Ukrainian",
    "Arabic",
    "Persian",
    "Farsi",
    "Burmese",
    "Chinese",
];

/// The aliases in one cell.
fn aliases(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let pieces = text
        .split([',', ';', '\n'])
        .flat_map(|piece| piece.split(" or "))
        .flat_map(|piece| piece.split(" / "));
    for piece in pieces {
        let mut piece = piece.trim();
        for language in LANGUAGES {
            piece = piece
                .strip_prefix(language)
                .map_or(piece, |rest| rest.trim_start_matches([':', ' ']));
        }
        let piece = unwrapped(piece.trim());
        if piece.chars().filter(|c| c.is_alphabetic()).count() >= 2 {
            found.push(piece.to_owned());
        }
    }
    found
}

/// A text without quotes or brackets that stand around the whole of it.
fn unwrapped(text: &str) -> &str {
    for (open, close) in [('(', ')'), ('"', '"'), ('“', '”'), ('«', '»')] {
        if let Some(inner) = text
            .strip_prefix(open)
            .and_then(|rest| rest.strip_suffix(close))
            && !inner.contains([open, close])
        {
            return inner.trim();
        }
    }
    text
}
