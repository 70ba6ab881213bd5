//! Wording: prose that puts a figure on the other side of a threshold than the condition does.
//!
//! "Exceeding 300 km" and "at least 300 km" differ by the figure itself. Every such phrase cuts the line of figures
//! either just below its figure (at least, less than) or just above it (more than, at most); the condition must cut
//! it on the same side, whichever part it takes.

use catchall_model::{Number, Quantity, Unit};

use super::walk;
use crate::diagnostic::Diagnostic;
use crate::language::{Cond, Test, TestKind};
use crate::pack::Law;
use crate::vocabulary::Domain;

/// Where a phrase or an operator cuts the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Cut {
    /// Just below the figure: the figure lies in the upper part.
    Below,
    /// Just above it: the figure lies in the lower part.
    Above,
}

/// Phrases in front of a figure. Longer ones first, since `not less than` holds `less than`.
const BEFORE: &[(&str, Cut)] = &[
    ("greater than or equal to", Cut::Below),
    ("equal to or greater than", Cut::Below),
    ("less than or equal to", Cut::Above),
    ("equal to or less than", Cut::Above),
    ("not less than", Cut::Below),
    ("no less than", Cut::Below),
    ("not below", Cut::Below),
    ("not under", Cut::Below),
    ("not more than", Cut::Above),
    ("no more than", Cut::Above),
    ("not exceeding", Cut::Above),
    ("does not exceed", Cut::Above),
    ("do not exceed", Cut::Above),
    ("not over", Cut::Above),
    ("not above", Cut::Above),
    ("at least", Cut::Below),
    ("a minimum of", Cut::Below),
    ("at most", Cut::Above),
    ("a maximum of", Cut::Above),
    ("up to", Cut::Above),
    ("exceeding", Cut::Above),
    ("exceeds", Cut::Above),
    ("more than", Cut::Above),
    ("greater than", Cut::Above),
    ("higher than", Cut::Above),
    ("over", Cut::Above),
    ("above", Cut::Above),
    ("less than", Cut::Below),
    ("smaller than", Cut::Below),
    ("lower than", Cut::Below),
    ("under", Cut::Below),
    ("below", Cut::Below),
];

/// Phrases behind a figure with its unit.
const AFTER: &[(&str, Cut)] = &[
    ("or more", Cut::Below),
    ("or greater", Cut::Below),
    ("or above", Cut::Below),
    ("and above", Cut::Below),
    ("or less", Cut::Above),
    ("or below", Cut::Above),
    ("or under", Cut::Above),
];

/// Looks at the prose above every provision, and at the titles of provisions and entries.
pub(super) fn check(law: &Law) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for provision in &law.provisions {
        let prose = format!("{}\n\n{}", provision.prose, provision.title);
        for version in &provision.versions {
            lint(law, &version.when, &prose, "the prose above", &mut found);
        }
    }
    for entry in law.lists.iter().flat_map(|list| &list.entries) {
        if let Some(when) = &entry.when {
            lint(law, when, &entry.title, "the title", &mut found);
        }
    }
    found.dedup();
    found
}

fn lint(law: &Law, condition: &Cond, prose: &str, whose: &str, found: &mut Vec<Diagnostic>) {
    if prose.trim().is_empty() {
        return;
    }
    let mentions = mentions(prose);
    if mentions.is_empty() {
        return;
    }
    walk::tests(condition, &mut |test| {
        for (figure, unit, cut) in cuts(law, test) {
            let same: Vec<&Mention> = mentions
                .iter()
                .filter(|each| each.is(figure, unit))
                .collect();
            // Where the prose says it both ways, the condition follows one of them.
            if let Some(other) = same.first()
                && same.iter().all(|each| each.cut != cut)
            {
                found.push(problem(test, whose, other));
            }
        }
    });
}

fn problem(test: &Test, whose: &str, mention: &Mention) -> Diagnostic {
    let curve = matches!(test.kind, TestKind::Delivers(..));
    let operator = if curve { "at least" } else { &test.operator };
    let message = format!(
        "{whose} says \"{}\", but the condition says `{operator}`",
        mention.words
    );
    let help = if curve {
        "the two differ at the figure itself: correct the prose, or ask for the next figure that the law's text allows".to_owned()
    } else {
        let lower = matches!(operator, "at least" | "more than");
        let right = match (mention.cut, lower) {
            (Cut::Above, true) => "more than",
            (Cut::Above, false) => "at most",
            (Cut::Below, true) => "at least",
            (Cut::Below, false) => "less than",
        };
        format!(
            "the two differ at the figure itself: write `is {right}` if the prose is right, else correct the prose"
        )
    };
    Diagnostic::warning("wording", test.at.clone(), message, help)
}

/// The figures of a test with their units, each with the side on which it cuts.
fn cuts(law: &Law, test: &Test) -> Vec<(Number, Unit, Cut)> {
    let side = |operator: &str| match operator {
        "at least" | "less than" => Some(Cut::Below),
        "more than" | "at most" => Some(Cut::Above),
        _ => None,
    };
    match &test.kind {
        TestKind::Between(fact, ..)
            if matches!(law.vocabulary.get(*fact).domain, Domain::Quantity(_)) =>
        {
            let figure = format!("{} {}", test.threshold, test.unit.name());
            let figure = Quantity::parse(figure.trim()).ok();
            figure
                .zip(side(&test.operator))
                .map(|(figure, cut)| (figure.amount, figure.unit, cut))
                .into_iter()
                .collect()
        }
        TestKind::Delivers(..) => test
            .threshold
            .split(" to ")
            .filter_map(|figure| Quantity::parse(figure).ok())
            .map(|figure| (figure.amount, figure.unit, Cut::Below))
            .collect(),
        _ => Vec::new(),
    }
}

/// A figure in the prose with the phrase beside it.
#[derive(Clone, Debug, PartialEq)]
struct Mention {
    amount: Number,
    unit: Unit,
    cut: Cut,
    words: String,
}

impl Mention {
    fn is(&self, amount: Number, unit: Unit) -> bool {
        self.unit.dimension() == unit.dimension()
            && self.unit.to_base(self.amount) == unit.to_base(amount)
    }
}

/// Every figure with a unit in the prose that a phrase of comparison stands beside.
fn mentions(prose: &str) -> Vec<Mention> {
    let text = prose.split_whitespace().collect::<Vec<_>>().join(" ");
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    if lower.len() != text.len() {
        return found;
    }
    let starts = lower.char_indices().filter(|(at, c)| {
        c.is_ascii_digit()
            && !lower[..*at]
                .ends_with(|c: char| c.is_alphanumeric() || matches!(c, '.' | ',' | '_'))
    });
    for (start, _) in starts {
        let rest = &text[start..];
        let number = rest
            .find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '_')))
            .unwrap_or(rest.len());
        let digits = rest[..number].trim_end_matches(['.', ',']);
        let after_number = &rest[number.min(digits.len())..];
        let Some((quantity, length)) = with_unit(&digits.replace([',', '_'], ""), after_number)
        else {
            continue;
        };
        let end = start + digits.len() + length;
        let (before, after) = (&lower[..start], &lower[end..]);
        let ahead = BEFORE.iter().find(|(phrase, _)| {
            before
                .trim_end()
                .strip_suffix(phrase)
                .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
        });
        let behind = AFTER.iter().find(|(phrase, _)| {
            after
                .trim_start()
                .strip_prefix(phrase)
                .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
        });
        let (words, cut) = match (ahead, behind) {
            (Some((phrase, cut)), _) => (format!("{phrase} {}", &text[start..end]), *cut),
            (None, Some((phrase, cut))) => (format!("{} {phrase}", &text[start..end]), *cut),
            (None, None) => continue,
        };
        found.push(Mention {
            amount: quantity.amount,
            unit: quantity.unit,
            cut,
            words,
        });
    }
    found
}

/// The longest run of words behind a number that makes it a quantity, with its bytes.
fn with_unit(number: &str, after: &str) -> Option<(Quantity, usize)> {
    let gap = after.len() - after.trim_start().len();
    let words = &after[gap..];
    let mut ends: Vec<usize> = words
        .char_indices()
        .filter(|(_, c)| c.is_whitespace())
        .map(|(at, _)| at)
        .take(3)
        .collect();
    ends.push(words.len());
    let units = ends
        .iter()
        .rev()
        .map(|end| words[..*end].trim_end_matches([',', '.', ';', ':', ')']));
    units.filter(|unit| !unit.is_empty()).find_map(|unit| {
        let quantity = Quantity::parse(&format!("{number} {unit}")).ok()?;
        (quantity.unit != Unit::NONE).then_some((quantity, gap + unit.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cuts_of(prose: &str) -> Vec<(String, Cut)> {
        mentions(prose)
            .into_iter()
            .map(|mention| (mention.words, mention.cut))
            .collect()
    }

    #[test]
    fn phrases_are_read_with_their_figure() {
        assert_eq!(
            cuts_of("ranges exceeding 300 km, and a payload of not less\nthan 500 kg."),
            [
                ("exceeding 300 km".into(), Cut::Above),
                ("not less than 500 kg".into(), Cut::Below)
            ]
        );
        assert_eq!(
            cuts_of("300 km or more; a drift below 0.5 degrees per hour"),
            [
                ("300 km or more".into(), Cut::Below),
                ("below 0.5 degrees per hour".into(), Cut::Below)
            ]
        );
        assert_eq!(
            cuts_of("more than 1,100,000 N*s"),
            [("more than 1,100,000 N*s".into(), Cut::Above)]
        );
        assert_eq!(
            cuts_of("in 1998, over 3 years, 22 t of steel, article 57"),
            []
        );
    }
}
