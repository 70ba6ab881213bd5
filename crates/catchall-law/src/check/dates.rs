//! Dates: versions that overlap, leave a hole, or can never be in force; exceptions that outlive what they except.

use catchall_model::{Day, Span};

use super::walk;
use crate::diagnostic::Diagnostic;
use crate::pack::{Law, Provision, Version};

/// Looks at the dates of every provision's versions.
pub(super) fn check(law: &Law) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for provision in &law.provisions {
        never(provision, &mut found);
        let now: Vec<&Version> = walk::current(law, provision).collect();
        overlaps(provision, &now, &mut found);
        holes(provision, &now, &mut found);
    }
    outlived(law, &mut found);
    found
}

fn never(provision: &Provision, found: &mut Vec<Diagnostic>) {
    for version in &provision.versions {
        if version.in_force.possible.is_empty() {
            let message = format!(
                "this version of `{}` is in force on no day: `{}`",
                provision.id, version.in_force.text
            );
            found.push(Diagnostic::error(
                "never-in-force",
                version.at.clone(),
                message,
                "shorten what suspends it, or drop the version",
            ));
        }
        if let Some(superseded) = version.superseded
            && superseded <= version.recorded
        {
            let message = format!(
                "this version of `{}` was superseded on {superseded}, but recorded on {}",
                provision.id, version.recorded
            );
            found.push(Diagnostic::error("never-recorded", version.at.clone(), message, "`superseded` is the day on which the later reading was recorded: a day after `recorded`"));
        }
    }
}

/// A day on which two periods surely hold both.
fn shared(a: &[Span], b: &[Span]) -> Option<Day> {
    let common = |x: &Span| {
        b.iter()
            .map(|y| (x.first.max(y.first), x.last.min(y.last)))
            .find(|(first, last)| first <= last)
    };
    a.iter()
        .find_map(common)
        .map(|(first, last)| if first == Day::MIN { last } else { first })
}

fn overlaps(provision: &Provision, now: &[&Version], found: &mut Vec<Diagnostic>) {
    for (place, later) in now.iter().enumerate() {
        for earlier in &now[..place] {
            if earlier.tested_on != later.tested_on {
                continue;
            }
            if let Some(day) = shared(&earlier.in_force.sure, &later.in_force.sure) {
                let message = format!(
                    "two versions of `{}` are in force at once: `{}` and `{}`",
                    provision.id, earlier.in_force.text, later.in_force.text
                );
                let help = format!(
                    "end one before the other begins; if this one replaces the one on line {} as a better reading, give that one `superseded`",
                    earlier.at.line
                );
                found.push(
                    Diagnostic::error("overlapping-versions", later.at.clone(), message, help)
                        .shown_by(format!("{day}")),
                );
            }
        }
    }
}

fn holes(provision: &Provision, now: &[&Version], found: &mut Vec<Diagnostic>) {
    for later in now {
        let (begins, _) = later.in_force.ends();
        let same = || {
            now.iter().filter(|each| {
                each.tested_on == later.tested_on && !each.in_force.possible.is_empty()
            })
        };
        let touches = |day: Day| {
            same().any(|each| each.in_force.ends().0 <= day && day <= each.in_force.ends().1)
        };
        if begins == Day::MIN || later.in_force.possible.is_empty() || touches(begins.previous()) {
            continue;
        }
        let before = same()
            .filter(|each| each.in_force.ends().1 < begins)
            .max_by_key(|each| each.in_force.ends().1);
        if let Some(before) = before {
            let (from, to) = (before.in_force.ends().1.next(), begins.previous());
            let message = format!(
                "no version of `{}` is in force from {from} to {to}",
                provision.id
            );
            let help = "if the law lapsed in between, that is right: say so in the `note` of the version before; else join the two";
            if before.note.trim().is_empty() {
                found.push(
                    Diagnostic::warning("hole", later.at.clone(), message, help)
                        .shown_by(format!("{from}")),
                );
            }
        }
    }
}

fn outlived(law: &Law, found: &mut Vec<Diagnostic>) {
    for exception in &law.provisions {
        let Some(last) =
            walk::current(law, exception).max_by_key(|version| version.in_force.ends().1)
        else {
            continue;
        };
        let bases: Vec<&Version> = exception
            .excepts
            .iter()
            .flat_map(|base| walk::current(law, &law.provisions[*base]))
            .collect();
        if bases.iter().any(|base| base.tested_on != last.tested_on) {
            continue;
        }
        let Some(end) = bases.iter().map(|base| base.in_force.ends().1).max() else {
            continue;
        };
        if last.in_force.ends().1 > end {
            let message = format!(
                "the exception `{}` outlives what it excepts: that ends on {end} at the latest",
                exception.id
            );
            let help = format!("end this version on {end}, or except what came after");
            found.push(
                Diagnostic::warning("outlives-base", last.at.clone(), message, help)
                    .shown_by(format!("{}", end.next())),
            );
        }
    }
}
