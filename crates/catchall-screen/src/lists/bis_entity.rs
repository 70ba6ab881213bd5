//! The Entity List: supplement 4 to 15 CFR part 744, one row for each entity and country.
//!
//! A row's first column is one text: name, aliases and addresses, as a person would write them. Where aliases are
//! announced (`a.k.a.`) the name ends there; else it ends where an address begins, told by digits, words of addresses
//! and names of places, while legal forms (`Co., Ltd.`) still belong to the name. The notices give days of publication;
//! the earliest counts as the day of listing.

use catchall_model::Day;
use serde_json::Value;

use super::Refusal;
use super::entry::{At, Entry, Reading, tidy};
use super::formats::{Inputs, only, refuse_page};
use super::json::{Piece, elements, text};
use super::us_csl::measures;
use crate::{NameKind, PartyKind};

pub(super) fn read(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    refuse_page(input, "a JSON object with `rows`")?;
    let file = input.file.clone();
    let mut stopped = Ok(());
    let mut row = 0;
    elements(input, &["rows"], |piece| match piece {
        Piece::Field(name, value) if name == "meta" => {
            let words = text(&value, "law_date");
            let day = words
                .split_whitespace()
                .find_map(|word| Day::parse(word).ok());
            reading.day = day.or(reading.day);
        }
        Piece::Field(..) => {}
        Piece::Element(value) => {
            row += 1;
            let at = At {
                file: &file,
                row,
                ..At::default()
            };
            if stopped.is_ok() {
                stopped = take(reading, &at, &value);
            }
        }
    })?;
    stopped
}

fn take(reading: &mut Reading<'_>, at: &At<'_>, value: &Value) -> Result<(), Refusal> {
    let country = text(value, "country");
    let words = text(value, "entity");
    let parts = Parts::of(words, &mut |text| reading.is_place(text));
    if parts.names.is_empty() {
        let at = At {
            cell: Some(words),
            ..*at
        };
        reading.reject(&at, None, "no name", "an entity begins with its name");
        return Ok(());
    }
    let (_, name) = &parts.names[0];
    let key = reading.made_key(&format!("{country}: {name}"));
    let mut entry = Entry::new(&key, PartyKind::Unknown);
    for (kind, name) in &parts.names {
        entry.name(*kind, name);
    }
    for address in &parts.addresses {
        entry.address(address);
    }
    for remark in &parts.remarks {
        entry.remark(remark);
    }
    let found = reading.country(country);
    entry.country(found);
    entry.programme("Entity List");
    measures(
        &mut entry,
        text(value, "requirement"),
        text(value, "policy"),
    );
    let notices = tidy(text(value, "fr"));
    for cite in value
        .get("cites")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
    {
        entry.listed(Day::parse(text(cite, "date")).ok());
    }
    if entry.listing.valid.from.is_none() {
        for word in notices.split_whitespace() {
            entry.listed(short_day(word));
        }
    }
    entry.listing.citation =
        Some(notices.trim_end_matches('.').to_owned()).filter(|text| !text.is_empty());
    reading.take(at, entry)
}

/// `2/27/23`, with a pivot that this list needs: it begins in 1997.
fn short_day(word: &str) -> Option<Day> {
    let mut parts = word.trim_end_matches(['.', ',', ';']).split('/');
    let mut number = || parts.next()?.parse::<i32>().ok();
    let (month, day, year) = (number()?, number()?, number()?);
    let year = match year {
        0..=69 => 2000 + year,
        70..=99 => 1900 + year,
        _ => year,
    };
    Day::from_ymd(year, month, day)
}

/// The first column, taken apart.
#[derive(Debug, Default, PartialEq)]
struct Parts {
    names: Vec<(NameKind, String)>,
    addresses: Vec<String>,
    remarks: Vec<String>,
}

impl Parts {
    fn of(text: &str, is_place: &mut dyn FnMut(&str) -> bool) -> Parts {
        let mut parts = Parts::default();
        let mut lines: Vec<String> = text
            .lines()
            .map(tidy)
            .filter(|line| !line.is_empty())
            .collect();
        if lines
            .first()
            .is_some_and(|line| line.starts_with("The following addresses"))
        {
            return parts;
        }
        // A heading above the entity is no part of its name.
        if lines.len() > 1
            && lines[0].len() < 60
            && announced(&lines[0]).is_none()
            && (lines[0].ends_with(':') || lines[0].starts_with("Subordinate institution"))
        {
            lines.remove(0);
        }
        let Some(first) = lines.first().cloned() else {
            return parts;
        };
        let first = first.trim_start_matches('—').to_owned();
        let rest: Vec<String> = lines.split_off(1);
        let mut address = String::new();
        match announced(&first) {
            Some((name, after)) => {
                parts.push(NameKind::Primary, name);
                if rest.iter().any(|line| line.starts_with('—')) {
                    // What stands between the announcement and the first alias only counts them.
                } else {
                    address = parts.inline(after, is_place);
                }
            }
            None => {
                let (name, after) = name_and_address(&first, is_place);
                parts.push(NameKind::Primary, &name);
                address = after;
            }
        }
        parts.further(&rest, &mut address);
        parts.addresses_of(&address);
        parts
    }

    /// Lines after the first: aliases begin with a dash, the others are addresses or announce more aliases.
    fn further(&mut self, lines: &[String], address: &mut String) {
        let mut kind = NameKind::Strong;
        for line in lines {
            if let Some(alias) = line.strip_prefix(['—', '-']) {
                self.alias(kind, alias, address);
            } else if line.starts_with("f.k.a.") || line.contains("former name") {
                kind = NameKind::Former;
            } else if line.starts_with("a.k.a.") {
                kind = NameKind::Strong;
            } else {
                if !address.is_empty() {
                    address.push(' ');
                }
                address.push_str(line);
            }
        }
    }

    /// One alias on a line of its own, behind which an address may have slipped.
    fn alias(&mut self, kind: NameKind, text: &str, address: &mut String) {
        let text = text.trim();
        let cut = text
            .match_indices([',', '.', ';'])
            .map(|(at, _)| at)
            .find(|at| {
                let next = text[at + 1..].split(", ").next().unwrap_or("");
                next.starts_with(' ') && is_street(next)
            });
        let (text, rest) = cut.map_or((text, ""), |at| (&text[..at], &text[at + 1..]));
        if !rest.is_empty() {
            address.push_str(rest.trim());
        }
        let text = text.trim_end_matches([';', ',', '.', ' ']);
        let text = text
            .strip_suffix(" and")
            .unwrap_or(text)
            .trim_end_matches([';', ',', ' ']);
        for piece in text.split("; ") {
            let piece = piece.strip_prefix("and ").unwrap_or(piece);
            match piece.split_once("f.k.a.") {
                Some((now, before)) => {
                    self.push(kind, now.trim_end_matches(['(', ' ']));
                    self.push(NameKind::Former, before.trim_matches([',', ' ', ')']));
                }
                None => self.push(kind, piece),
            }
        }
    }

    /// Aliases in the same line, up to where an address begins; what is left.
    fn inline(&mut self, after: &str, is_place: &mut dyn FnMut(&str) -> bool) -> String {
        let after = after.trim_start_matches([',', ':', ' ']);
        let mut rest = after;
        while !rest.is_empty() && !addressed(rest.split(", ").next().unwrap_or(""), is_place) {
            let (name, left) = name_and_address(rest, is_place);
            for piece in name.split("; ") {
                let piece = piece.strip_prefix("and ").unwrap_or(piece);
                let piece = piece
                    .trim_start_matches("a.k.a., ")
                    .trim_start_matches("a.k.a. ");
                self.push(NameKind::Strong, piece);
            }
            rest = &rest[rest.len() - left.len().min(rest.len())..];
        }
        rest.to_owned()
    }

    fn push(&mut self, kind: NameKind, name: &str) {
        let name = name.trim().trim_end_matches([',', ';', ' ']).trim();
        if name.chars().any(char::is_alphanumeric) && !name.starts_with("the following") {
            self.names.push((kind, name.to_owned()));
        }
    }

    fn addresses_of(&mut self, text: &str) {
        let mut text = text.trim();
        if let Some(at) = text.find("(See") {
            self.remarks
                .push(text[at..].trim_matches(['(', ')', '.', ' ']).to_owned());
            text = text[..at].trim();
        }
        for address in text.split("; and ").flat_map(|part| part.split("; ")) {
            let address = address.trim_end_matches(['.', ';', ',', ' ']);
            let address = address.strip_prefix("and ").unwrap_or(address);
            if !address.is_empty() {
                self.addresses.push(address.to_owned());
            }
        }
    }
}

/// The name before an announcement of aliases, and what follows it.
fn announced(line: &str) -> Option<(&str, &str)> {
    let marks = ["a.k.a.", "a.k.a,", "a.k.a ", "f.k.a.", "d.b.a."];
    let counted = line
        .contains("alias")
        .then(|| line.find(", the following"))
        .flatten();
    let at = marks
        .iter()
        .filter_map(|mark| line.find(mark))
        .chain(counted)
        .min()?;
    let name = line[..at].trim_end_matches([' ', ',', ';', '(', ':']);
    let name = name.strip_suffix(", also").unwrap_or(name);
    (!name.is_empty()).then(|| (name, line.get(at + 6..).unwrap_or("")))
}

/// Forms of companies that may follow a comma and still belong to the name.
const LEGAL_FORMS: &[&str] = &[
    "ao",
    "oao",
    "zao",
    "pao",
    "llp",
    "spa",
    "s.p.a.",
    "kft",
    "d.o.o.",
    "oy",
    "ab",
    "a/s",
    "sarl",
    "s.a.r.l.",
    "ltd",
    "ltd.",
    "limited",
    "llc",
    "l.l.c.",
    "l.l.c",
    "inc",
    "inc.",
    "incorporated",
    "co.",
    "co",
    "corp.",
    "corp",
    "corporation",
    "company",
    "gmbh",
    "ag",
    "s.a.",
    "sa",
    "s.a.s.",
    "sas",
    "s.r.o.",
    "s.l.",
    "b.v.",
    "bv",
    "n.v.",
    "fze",
    "f.z.e.",
    "fzc",
    "fzco",
    "fz-llc",
    "jsc",
    "pjsc",
    "ojsc",
    "ooo",
    "pte",
    "pte.",
    "plc",
    "a.s.",
    "pty",
];

/// Words that show that a part between commas is of an address.
const OF_ADDRESSES: [&str; 44] = [
    "street",
    "st.",
    "road",
    "rd.",
    "rd",
    "avenue",
    "ave.",
    "ave",
    "building",
    "bldg",
    "bldg.",
    "floor",
    "room",
    "suite",
    "unit",
    "block",
    "plot",
    "district",
    "province",
    "city",
    "village",
    "region",
    "zone",
    "park",
    "box",
    "p.o.",
    "boulevard",
    "blvd",
    "blvd.",
    "lane",
    "square",
    "highway",
    "house",
    "office",
    "flat",
    "shop",
    "apartment",
    "oblast",
    "county",
    "no.",
    "tower",
    "plaza",
    "ulitsa",
    "prospekt",
];

/// Words that show that a part between commas still names the entity.
const OF_NAMES: [&str; 22] = [
    "institute",
    "department",
    "company",
    "branch",
    "laboratory",
    "university",
    "bureau",
    "academy",
    "faculty",
    "association",
    "joint",
    "subsidiary",
    "division",
    "enterprise",
    "corporation",
    "organization",
    "holding",
    "group",
    "directorate",
    "ministry",
    "bank",
    "limited",
];

/// The name at the beginning of a line, and the address behind it.
fn name_and_address(line: &str, is_place: &mut dyn FnMut(&str) -> bool) -> (String, String) {
    let mut depth = 0usize;
    let mut cuts = Vec::new();
    for (at, c) in line.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' | ';' if depth == 0 => cuts.push(at),
            _ => {}
        }
    }
    let mut end = cuts.first().copied().unwrap_or(line.len());
    for (place, at) in cuts.iter().enumerate() {
        if line[*at..].starts_with(';') {
            break;
        }
        let next = cuts.get(place + 1).copied().unwrap_or(line.len());
        let part = line[at + 1..next].trim();
        if !of_name(part, is_place) {
            break;
        }
        end = next;
    }
    let name = line[..end].trim().trim_end_matches([',', ';']).to_owned();
    let rest = line[end..].trim_start_matches([',', ';', ' ']).to_owned();
    // A line that is a name alone ends with a full stop that is none of its own only after a place.
    (name, rest)
}

fn of_name(part: &str, is_place: &mut dyn FnMut(&str) -> bool) -> bool {
    let first = part.split_whitespace().next().unwrap_or("").to_lowercase();
    if LEGAL_FORMS.contains(&first.as_str()) {
        return true;
    }
    if addressed(part, is_place) {
        return false;
    }
    part.split_whitespace()
        .any(|word| OF_NAMES.contains(&word.to_lowercase().trim_matches(['(', ')', '.'])))
}

/// Whether a part between commas surely begins a street address: a number and a word of addresses.
fn is_street(part: &str) -> bool {
    part.bytes().any(|byte| byte.is_ascii_digit())
        && part
            .split_whitespace()
            .any(|word| OF_ADDRESSES.contains(&word.to_lowercase().as_str()))
}

/// Whether a part between commas is of an address.
fn addressed(part: &str, is_place: &mut dyn FnMut(&str) -> bool) -> bool {
    let part = part.trim();
    let digits = part.bytes().any(|byte| byte.is_ascii_digit());
    digits
        || part
            .split_whitespace()
            .any(|word| OF_ADDRESSES.contains(&word.to_lowercase().as_str()))
        || (part.len() < 40 && !part.is_empty() && is_place(part.trim_end_matches('.')))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken_apart(text: &str) -> String {
        let mut is_place = |text: &str| matches!(text, "China" | "Russia" | "Syria" | "Hong Kong");
        let parts = Parts::of(text, &mut is_place);
        let names: Vec<&str> = parts.names.iter().map(|(_, name)| name.as_str()).collect();
        format!(
            "{} @ {}{}",
            names.join(" = "),
            parts.addresses.join(" + "),
            if parts.remarks.is_empty() { "" } else { " (!)" }
        )
    }

    #[test]
    fn name_aliases_and_addresses_are_told_apart() {
        for (text, wanted) in [
            (
                "Alpha Valves Co., Ltd., No. 7 Harbour Road, Ningbo, China.",
                "Alpha Valves Co., Ltd. @ No. 7 Harbour Road, Ningbo, China",
            ),
            (
                "Alpha Valves, a.k.a., the following two aliases:\n—Alpha Flow, and\n—A. Valves FZE,\nP.O. Box 1, Homs, Syria; and 2 Port Street, Latakia, Syria. (See alternate addresses under Iran).",
                "Alpha Valves = Alpha Flow = A. Valves FZE @ P.O. Box 1, Homs, Syria + 2 Port Street, Latakia, Syria (!)",
            ),
            ("Ivan Invented, China.", "Ivan Invented @ China"),
            (
                "Subordinate institution\n901 Invented Institute, a.k.a., the following one alias:\n—Institute 901.\nBeijing, China.",
                "901 Invented Institute = Institute 901 @ Beijing, China",
            ),
            (
                "Alpha Establishment (AE), a.k.a., Beta Establishment (BE), Gamma Works, Al Thawra Street, P.O. Box 2, Homs, Syria.",
                "Alpha Establishment (AE) = Beta Establishment (BE) = Gamma Works @ Al Thawra Street, P.O. Box 2, Homs, Syria",
            ),
            (
                "The following addresses apply to all:\n1 A Street, China.",
                " @ ",
            ),
        ] {
            assert_eq!(taken_apart(text), wanted);
        }
    }
}
