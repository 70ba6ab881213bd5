//! What changed between two days.

use catchall_law::Law;
use catchall_model::Day;
use serde_json::{Value, json};

use super::text_of;

/// What changed between two days, by day.
pub(crate) fn diff(law: &Law, from: Day, to: Day) -> Vec<Value> {
    let mut rows = Vec::new();
    for provision in &law.provisions {
        for version in &provision.versions {
            // Every edge of the interval that lies after the first day, up to the last.
            let mut edges: Vec<(Day, &str)> = Vec::new();
            for span in &version.in_force.sure {
                edges.push((span.first, "begins"));
                if span.last < Day::MAX {
                    edges.push((span.last.next(), "ends"));
                }
            }
            for (day, what) in edges {
                if from < day && day <= to {
                    rows.push(json!({
                        "day": day, "change": what, "provision": provision.id, "title": provision.title, "cite": provision.cite,
                        "effect": version.effect, "has_effect": law.instruments[provision.instrument].in_effect, "note": version.note,
                    }));
                }
            }
        }
    }
    for set in &law.sets {
        for (member, period) in &set.members {
            let name = law
                .parties
                .get(*member as usize)
                .filter(|party| law.sets[party.set].id == set.id)
                .map(|party| party.name.as_str());
            let name = name.unwrap_or_else(|| {
                law.vocabulary
                    .countries
                    .get(*member as usize)
                    .map_or("?", catchall_model::Country::code)
            });
            for span in &period.sure {
                for (day, what) in [
                    (Some(span.first), "joins"),
                    ((span.last < Day::MAX).then(|| span.last.next()), "leaves"),
                ] {
                    if let Some(day) = day
                        && from < day
                        && day <= to
                    {
                        rows.push(json!({ "day": day, "change": what, "set": set.id, "member": name, "cite": set.cite }));
                    }
                }
            }
        }
    }
    for list in &law.lists {
        for entry in &list.entries {
            for edition in &entry.editions {
                for span in &edition.period.sure {
                    let whole = entry.editions.len() == 1;
                    if whole && from < span.first && span.first <= to {
                        rows.push(json!({ "day": span.first, "change": "joins", "list": list.id, "entry": entry.code, "title": entry.title }));
                    }
                }
            }
        }
    }
    rows.sort_by_key(|row| {
        (
            text_of(&row["day"]),
            text_of(&row["provision"]),
            text_of(&row["set"]),
            text_of(&row["entry"]),
        )
    });
    rows
}
