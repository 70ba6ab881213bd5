//! Walk: every condition of the packs, the tests inside, and the words they were written in.

use crate::diagnostic::At;
use crate::language::{Cond, Test};
use crate::pack::{Law, Provision, Version};
use crate::vocabulary::FactId;

/// Every condition of the packs with the date that its dated sets are read at: versions, entries, nexus, scopes of coverage.
pub(super) fn conditions(law: &Law) -> Vec<(&Cond, FactId)> {
    let date = law.vocabulary.fact("date").unwrap_or(FactId(0));
    let versions = law
        .provisions
        .iter()
        .flat_map(|provision| &provision.versions)
        .map(|version| (&version.when, version.tested_on));
    let entries = law
        .lists
        .iter()
        .flat_map(|list| &list.entries)
        .filter_map(|entry| entry.when.as_ref());
    let nexus = law.nexus.iter().map(|nexus| &nexus.when);
    let scopes = law
        .instruments
        .iter()
        .flat_map(|instrument| &instrument.coverage)
        .filter_map(|row| row.scope.as_ref());
    versions
        .chain(
            entries
                .chain(nexus)
                .chain(scopes)
                .map(|condition| (condition, date)),
        )
        .collect()
}

/// Shows every test of a condition, in the order of the text.
pub(super) fn tests<'a>(condition: &'a Cond, see: &mut dyn FnMut(&'a Test)) {
    match condition {
        Cond::Always => {}
        Cond::Test(test) => see(test),
        Cond::Not(inner) => tests(inner, see),
        Cond::All(parts) | Cond::Any(parts) | Cond::AtLeast(_, parts) => {
            for part in parts {
                tests(part, see);
            }
        }
    }
}

/// The versions of a provision that count as the packs stand now.
pub(super) fn current<'a>(
    law: &Law,
    provision: &'a Provision,
) -> impl Iterator<Item = &'a Version> {
    let now = law.newest_recorded;
    provision.versions.iter().filter(move |version| {
        now.is_none_or(|now| {
            version.recorded <= now && version.superseded.is_none_or(|day| day > now)
        })
    })
}

/// Whether a provision can have an effect at all: bills, proposals and what never entered into force cannot.
pub(super) fn effective(law: &Law, provision: &Provision) -> bool {
    law.instruments[provision.instrument].in_effect && provision.force.has_effect()
}

/// For each provision, by place, the provisions that are exceptions to it.
pub(super) fn exceptions(law: &Law) -> Vec<Vec<usize>> {
    let mut found = vec![Vec::new(); law.provisions.len()];
    for (place, provision) in law.provisions.iter().enumerate() {
        for base in &provision.excepts {
            found[*base].push(place);
        }
    }
    found
}

/// The text of a place, on one line.
pub(super) fn words(law: &Law, at: &At) -> String {
    let source = law.sources.iter().find(|source| source.file == at.file);
    let text = source
        .and_then(|source| source.text.get(at.start..at.end))
        .unwrap_or_default();
    let lines = text
        .lines()
        .map(|line| line.split('#').next().unwrap_or(line));
    lines
        .flat_map(str::split_whitespace)
        .collect::<Vec<_>>()
        .join(" ")
}

/// Where a part of a condition stands: from its first test to its last, with a `not` in front.
pub(super) fn place(law: &Law, condition: &Cond) -> Option<At> {
    let mut ends: Option<(At, usize)> = None;
    tests(condition, &mut |test| match &mut ends {
        None => ends = Some((test.at.clone(), test.at.end)),
        Some((_, end)) => *end = test.at.end.max(*end),
    });
    let (first, end) = ends?;
    let source = law
        .sources
        .iter()
        .find(|source| source.file == first.file)?;
    let mut start = first.start;
    if matches!(condition, Cond::Not(_)) {
        let before = source.text.get(..start).unwrap_or_default().trim_end();
        let before = before.strip_suffix('(').unwrap_or(before).trim_end();
        if before.ends_with("not") {
            start = before.len() - 3;
        }
    }
    Some(source.at(start, end))
}

/// A part of a condition in its own words, cut where it is long.
pub(super) fn part_words(law: &Law, condition: &Cond) -> String {
    let text = place(law, condition).map_or_else(|| "always".to_owned(), |at| words(law, &at));
    let open = text.matches('(').count();
    let close = text.matches(')').count();
    let text = if open > close {
        format!("{text}{}", ")".repeat(open - close))
    } else {
        text
    };
    short(&text, 120)
}

/// A text cut at so many characters.
pub(super) fn short(text: &str, most: usize) -> String {
    if text.chars().count() > most {
        text.chars().take(most - 1).chain(['…']).collect()
    } else {
        text.to_owned()
    }
}
