//! Further provisions beside the twelve, to see what growth costs: made at random, written in all three languages.
//!
//! Four in five hang on a kind of item and some destinations, one in five on a destination and a use. Transfers
//! have 14 of the 300 kinds and 12 of the 60 countries, so that most provisions do not concern most transfers.

use std::fmt::Write as _;

use crate::random::Random;
use crate::transfer::{Date, KINDS, USES};

/// Every country of the measured law; transfers use some.
pub const COUNTRIES: [&str; 60] = [
    "AE", "AR", "AT", "AU", "BE", "BG", "BR", "CA", "CH", "CL", "CN", "CO", "CU", "CZ", "DE", "DK",
    "DZ", "EE", "EG", "ES", "FI", "FR", "GB", "GR", "HU", "ID", "IE", "IL", "IN", "IQ", "IR", "IT",
    "JO", "JP", "KP", "KR", "KW", "KZ", "LB", "LT", "LV", "LY", "MX", "MY", "NG", "NL", "NO", "NZ",
    "OM", "PE", "PH", "PK", "PL", "PT", "QA", "RO", "RU", "SA", "SY", "US",
];

/// Kinds that no transfer has.
const OTHER_KINDS: usize = 286;

const EFFECTS: [&str; 8] = [
    "notify",
    "licence_required",
    "licence_required",
    "licence_required",
    "licence_required",
    "presumption_of_denial",
    "presumption_of_denial",
    "prohibited",
];
const STARTS: [&str; 5] = [
    "1992-06-01",
    "1994-03-31",
    "1996-11-05",
    "1999-01-04",
    "2002-07-15",
];
const ENDS: [Option<&str>; 4] = [None, None, Some("2000-12-31"), Some("2004-06-30")];

/// One further provision.
pub struct Further {
    number: usize,
    us: bool,
    effect: &'static str,
    kind: Option<String>,
    to: Vec<&'static str>,
    acts: Option<[&'static str; 2]>,
    uses: Option<&'static str>,
    range: Option<i64>,
    us_content: Option<i64>,
    start: Date,
    end: Option<Date>,
}

/// So many further provisions.
pub fn make(count: usize) -> Vec<Further> {
    let mut random = Random::new(0x1aff_0512);
    (0..count).map(|number| one(number, &mut random)).collect()
}

fn one(number: usize, random: &mut Random) -> Further {
    let start = Date::parse(random.pick(&STARTS));
    let end = random
        .pick(&ENDS)
        .map(Date::parse)
        .filter(|end| end.whole > start.whole);
    let effect = random.pick(&EFFECTS);
    let us = random.chance(1, 2);
    if random.chance(1, 5) {
        let us_content = random.chance(1, 2).then(|| random.pick(&[10, 25]));
        return Further {
            number,
            us,
            effect,
            kind: None,
            to: vec![random.pick(&COUNTRIES)],
            acts: None,
            uses: Some(random.pick(&USES)),
            range: None,
            us_content,
            start,
            end,
        };
    }
    let place = random.below(KINDS.len() + OTHER_KINDS);
    let kind = KINDS.get(place).map_or_else(
        || other_kind(place - KINDS.len()),
        |kind| (*kind).to_owned(),
    );
    let mut to: Vec<&str> = (0..1 + random.below(4))
        .map(|_| random.pick(&COUNTRIES))
        .collect();
    to.sort_unstable();
    to.dedup();
    let acts = random.chance(1, 2).then_some(["export", "reexport"]);
    let range = random.chance(1, 3).then(|| random.pick(&[150, 300, 500]));
    Further {
        number,
        us,
        effect,
        kind: Some(kind),
        to,
        acts,
        uses: None,
        range,
        us_content: None,
        start,
        end,
    }
}

fn other_kind(place: usize) -> String {
    format!("other-{:03}", place + 1)
}

/// The kinds that no transfer has, for the vocabulary.
pub fn kinds_text() -> String {
    (0..OTHER_KINDS).fold(String::new(), |mut text, place| {
        let _ = write!(text, "\n[[kind]]\npath = \"{}\"\n", other_kind(place));
        text
    })
}

/// The articles of both packs.
pub fn pack_text(more: &[Further]) -> (String, String) {
    let mut texts = (
        "# Further provisions\n".to_owned(),
        "# Further provisions\n".to_owned(),
    );
    for each in more {
        let (pack, text) = if each.us {
            ("bench-us", &mut texts.1)
        } else {
            ("bench-ru", &mut texts.0)
        };
        let mut when: Vec<String> = Vec::new();
        when.extend(
            each.kind
                .as_ref()
                .map(|kind| format!("item.kind is {kind}")),
        );
        when.push(match each.to.as_slice() {
            [one] => format!("to is {one}"),
            several => format!("to is one of ({})", several.join(", ")),
        });
        when.extend(
            each.acts
                .map(|acts| format!("act is one of ({})", acts.join(", "))),
        );
        when.extend(
            each.uses
                .map(|uses| format!("end_use.uses includes {uses}")),
        );
        when.extend(
            each.range
                .map(|km| format!("item.flight_range is at least {km} km")),
        );
        when.extend(
            each.us_content
                .map(|share| format!("item.us_content is at least {share} %")),
        );
        let end = each.end.map_or("..".to_owned(), |end| end.day.to_string());
        let _ = write!(
            text,
            "\n```toml provision\nid = \"{pack}/further-{number}\"\ntitle = \"further {number}\"\ncite = \"measured law, further {number}\"\nconfidence = \"read\"\neffect = \"{effect}\"\nwhen = '{when}'\n[[version]]\nin_force = \"{start}/{end}\"\ntested_on = \"date\"\nrecorded = \"2026-11-22\"\n```\n",
            number = each.number,
            effect = each.effect,
            when = when.join(" and "),
            start = each.start.day,
        );
    }
    texts
}

fn quoted(words: &[&str]) -> String {
    words
        .iter()
        .map(|word| format!("\"{word}\""))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Rego, to stand behind `provisions.rego`: the most selective test first.
pub fn rego_text(more: &[Further]) -> String {
    let mut text = String::new();
    for each in more {
        let mut when: Vec<String> = Vec::new();
        when.extend(
            each.kind
                .as_ref()
                .map(|kind| format!("input.kind == \"{kind}\"")),
        );
        when.push(match each.to.as_slice() {
            [one] => format!("input.to == \"{one}\""),
            several => format!("input.to in {{{}}}", quoted(several)),
        });
        when.push(if each.us { "us" } else { "ru" }.to_owned());
        when.extend(
            each.acts
                .map(|acts| format!("input.act in {{{}}}", quoted(&acts))),
        );
        when.extend(each.uses.map(|uses| format!("\"{uses}\" in input.uses")));
        when.extend(each.range.map(|km| format!("input.range >= {km}")));
        when.extend(
            each.us_content
                .map(|share| format!("input.us_content >= {share}")),
        );
        when.push(format!("input.date >= {}", each.start.whole));
        when.extend(each.end.map(|end| format!("input.date <= {}", end.whole)));
        // A rule a line: the parser takes 20,000 lines at most.
        let _ = writeln!(text, "{} if {{ {} }}", each.effect, when.join("; "));
    }
    text
}

/// Cedar, to stand behind `provisions.cedar`: act and kind in the scope, where Cedar looks first.
pub fn cedar_text(more: &[Further]) -> String {
    let mut text = String::new();
    for each in more {
        let action = each.acts.map_or("action".to_owned(), |acts| {
            format!(
                "action in [{}]",
                acts.map(|act| format!("Action::\"{act}\"")).join(", ")
            )
        });
        let resource = each.kind.as_ref().map_or("resource".to_owned(), |kind| {
            format!("resource == Kind::\"{kind}\"")
        });
        let mut when: Vec<String> = Vec::new();
        when.push(match each.to.as_slice() {
            [one] => format!("context.to == \"{one}\""),
            several => format!("[{}].contains(context.to)", quoted(several)),
        });
        when.push(
            if each.us {
                "(context.from == \"US\" || context.us_content >= 10)"
            } else {
                "context.from == \"RU\""
            }
            .to_owned(),
        );
        when.extend(
            each.uses
                .map(|uses| format!("context.uses.contains(\"{uses}\")")),
        );
        when.extend(each.range.map(|km| format!("context.range >= {km}")));
        when.extend(
            each.us_content
                .map(|share| format!("context.us_content >= {share}")),
        );
        when.push(format!("context.date >= {}", each.start.whole));
        when.extend(each.end.map(|end| format!("context.date <= {}", end.whole)));
        let _ = write!(
            text,
            "\n@provision(\"further-{}\")\n@effect(\"{}\")\nforbid (principal, {action}, {resource})\nwhen {{ {} }};\n",
            each.number,
            each.effect,
            when.join(" && ")
        );
    }
    text
}
