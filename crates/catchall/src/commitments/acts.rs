//! Further acts and undertakings from a user's file: JSON, JSON Lines or CSV. What cannot be taken is a reject with its place.

use std::collections::BTreeSet;

use catchall_law::Law;
use catchall_law::commitments::{
    ACT_FIELDS, Fault, Fields, Record, UNDERTAKING_FIELDS, read_act, read_undertaking,
};
use catchall_model::{Given, Places, Quantity, Reject, Unit};

use super::document::hex;
use super::rows::{object_fields, rows};

/// What files add to the record of the packs.
#[derive(Clone, Debug, Default)]
pub struct Further {
    /// The packs' record and the files'.
    pub record: Record,
    /// Undertakings that the files name or bring, in order.
    pub touched: BTreeSet<String>,
    /// Acts and undertakings taken.
    pub taken: u64,
    /// What was not taken.
    pub rejects: Vec<Reject>,
    /// Digest of what was taken; empty for nothing.
    pub digest: String,
}

/// Fields that name parties: a state may be written by its name.
const PARTIES: [&str; 4] = ["by", "to", "about", "said_by"];

/// Reads files, each a name with its bytes, on top of the packs' record.
pub fn read(law: &Law, places: &Places, files: &[(String, Vec<u8>)]) -> Further {
    let mut further = Further {
        record: law.record.clone(),
        ..Further::default()
    };
    let mut all = String::new();
    let mut waiting = Vec::new();
    for (file, bytes) in files {
        for row in rows(bytes) {
            let mut fields = match row.values {
                Ok(values) => object_fields(&values),
                Err((cell, problem, cure)) => {
                    let fault = Fault {
                        field: String::new(),
                        problem,
                        cure,
                    };
                    further
                        .rejects
                        .push(reject(file, row.row, row.line, None, cell, fault));
                    continue;
                }
            };
            named_states(&mut fields, places);
            waiting.push((file.clone(), row.row, row.line, fields));
        }
    }
    // Undertakings first: an act may bear on one that stands below it.
    let (undertakings, acts): (Vec<_>, Vec<_>) = waiting
        .into_iter()
        .partition(|(.., fields)| is_undertaking(fields));
    for (file, row, line, fields) in undertakings {
        let id = id_of(&fields);
        let made = read_undertaking(&fields).and_then(|made| {
            if further.record.undertaking(&made.id).is_some() {
                return Err(vec![twice(&made.id)]);
            }
            Ok(made)
        });
        match made {
            Ok(made) => {
                all.push_str(&format!("{made:?}\n"));
                further.touched.insert(made.id.clone());
                further.record.undertakings.push(made);
                further.taken += 1;
            }
            Err(faults) => further.reject(&file, row, line, id, &fields, faults),
        }
    }
    for (file, row, line, mut fields) in acts {
        let id = id_of(&fields);
        let mut faults = further.bears_on(&mut fields);
        further.bare_figure(&mut fields);
        let default = format!("{file}:{row}");
        match read_act(&fields, &default) {
            Ok(made) => {
                let known = |id: &String| further.record.acts.iter().any(|act| act.id == *id);
                if let Some(act) = further.record.acts.iter().find(|act| act.id == made.id)
                    && *act != made
                {
                    faults.push(twice(&made.id));
                }
                faults.extend(made.of.iter().filter(|id| !known(id)).map(|id| Fault {
                    field: "of".to_owned(),
                    problem: format!("no act `{id}` is recorded"),
                    cure: "name an act of the packs, or of a row above".to_owned(),
                }));
                if faults.is_empty() {
                    all.push_str(&format!("{made:?}\n"));
                    further.touched.extend(made.bears_on.iter().cloned());
                    further.record.acts.push(made);
                    further.taken += 1;
                    continue;
                }
            }
            Err(found) => faults.extend(found),
        }
        further.reject(&file, row, line, id, &fields, faults);
    }
    further.record.settle();
    if !all.is_empty() {
        further.digest = hex(all.as_bytes());
    }
    further
}

impl Further {
    fn reject(
        &mut self,
        file: &str,
        row: u64,
        line: Option<u64>,
        id: Option<String>,
        fields: &Fields,
        faults: Vec<Fault>,
    ) {
        for fault in faults {
            let cell = match fields.get(&fault.field) {
                Some(Given::Text(text) | Given::Number(text)) => text.chars().take(80).collect(),
                _ => String::new(),
            };
            self.rejects
                .push(reject(file, row, line, id.clone(), cell, fault));
        }
    }

    /// A figure written with the unit of the ceiling that it is held against, as in `151 km`, or with another of the same kind, as in
    /// `151,000 m`, is that number; so is one written with the words for what is counted. What cannot be converted exactly stays as it
    /// is, and is told as no plain number.
    fn bare_figure(&self, fields: &mut Fields) {
        let Some(Given::Text(text)) = fields.get("value") else {
            return;
        };
        let Some(Given::List(named)) = fields.get("bears_on") else {
            return;
        };
        let number = named.iter().find_map(|each| match each {
            Given::Text(id) => {
                let ceiling = self.record.undertaking(id)?.ceiling.as_ref()?;
                in_unit(text.trim(), &ceiling.unit).or_else(|| counted(text.trim(), &ceiling.of))
            }
            _ => None,
        });
        if let Some(number) = number {
            fields.insert("value".to_owned(), Given::Text(number));
        }
    }

    /// An instrument that holds one undertaking names it; an unknown name is told with those there are.
    fn bears_on(&self, fields: &mut Fields) -> Vec<Fault> {
        let mut faults = Vec::new();
        let named: Vec<String> = match fields.get("bears_on") {
            Some(Given::Text(text)) => text.split(';').map(|each| each.trim().to_owned()).collect(),
            Some(Given::List(several)) => several
                .iter()
                .filter_map(|each| match each {
                    Given::Text(text) => Some(text.trim().to_owned()),
                    _ => None,
                })
                .collect(),
            _ => return faults,
        };
        let mut found = Vec::new();
        for name in named.into_iter().filter(|name| !name.is_empty()) {
            if self.record.undertaking(&name).is_some() {
                found.push(Given::Text(name));
                continue;
            }
            let own: Vec<&str> = super::named(&self.record, &name)
                .iter()
                .map(|each| each.id.as_str())
                .collect();
            match own.as_slice() {
                [one] => found.push(Given::Text((*one).to_owned())),
                [] => {
                    let known = self.record.undertakings.iter().map(|each| each.id.as_str());
                    let near = catchall_law::nearest(&name, known)
                        .map_or(String::new(), |near| format!("; the nearest is `{near}`"));
                    faults.push(Fault {
                        field: "bears_on".to_owned(),
                        problem: format!("no undertaking `{name}` is known{near}"),
                        cure: "`catchall commitments` lists every undertaking".to_owned(),
                    });
                }
                several => faults.push(Fault {
                    field: "bears_on".to_owned(),
                    problem: format!("`{name}` holds {} undertakings", several.len()),
                    cure: format!("name those that it bears on: {}", several.join(", ")),
                }),
            }
        }
        if faults.is_empty() {
            fields.insert("bears_on".to_owned(), Given::List(found));
        }
        faults
    }
}

fn twice(id: &str) -> Fault {
    Fault {
        field: "id".to_owned(),
        problem: format!("`{id}` stands already"),
        cure:
            "give it another id, or leave the id out; to change what is recorded, add a correction"
                .to_owned(),
    }
}

fn reject(
    file: &str,
    row: u64,
    line: Option<u64>,
    id: Option<String>,
    cell: String,
    fault: Fault,
) -> Reject {
    Reject {
        file: file.to_owned(),
        row,
        line,
        id,
        column: Some(fault.field).filter(|field| !field.is_empty()),
        cell: Some(cell).filter(|cell| !cell.is_empty()),
        problem: fault.problem,
        cure: fault.cure,
    }
}

fn id_of(fields: &Fields) -> Option<String> {
    match fields.get("id") {
        Some(Given::Text(id)) => Some(id.clone()),
        _ => None,
    }
}

/// An undertaking says what sort of thing it is; an act says what happened and when.
fn is_undertaking(fields: &Fields) -> bool {
    let only = |own: &[&str], other: &[&str]| {
        fields
            .keys()
            .filter(|key| own.contains(&key.as_str()) && !other.contains(&key.as_str()))
            .count()
    };
    only(UNDERTAKING_FIELDS, ACT_FIELDS) > only(ACT_FIELDS, UNDERTAKING_FIELDS)
}

fn named_states(fields: &mut Fields, places: &Places) {
    let code = |text: &str| -> String {
        let text = text.trim();
        places
            .find(text)
            .map_or_else(|| text.to_owned(), |country| country.code().to_owned())
    };
    for field in PARTIES {
        let Some(value) = fields.get_mut(field) else {
            continue;
        };
        match value {
            Given::Text(text) => {
                let several: Vec<String> = text.split(';').map(&code).collect();
                *text = several.join("; ");
            }
            Given::List(several) => {
                for each in several {
                    if let Given::Text(text) = each {
                        *text = code(text);
                    }
                }
            }
            Given::YesNo(_) | Given::Number(_) => {}
        }
    }
}

/// A figure with its unit as the bare number of another unit of the same kind, where that is exact.
fn in_unit(text: &str, unit: &str) -> Option<String> {
    let unit = Unit::find(unit).filter(|unit| *unit != Unit::NONE)?;
    let stated = Quantity::parse(text).ok()?;
    if stated.unit.dimension() != unit.dimension() {
        return None;
    }
    let (low, high) = stated.in_base()?;
    let shown = unit.show(low);
    (unit.to_base(shown) == Some((low, high)) && low == high).then(|| shown.to_string())
}

/// A number followed by exactly the words for what a ceiling counts.
fn counted(text: &str, of: &str) -> Option<String> {
    let head = text.get(..text.len().checked_sub(of.len())?)?;
    let tail = text.get(head.len()..)?;
    (head.ends_with(' ') && tail.eq_ignore_ascii_case(of)).then(|| head.trim().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_figure_in_another_unit_of_the_same_kind_is_the_same_figure() {
        assert_eq!(in_unit("3,600,000 kg", "t").as_deref(), Some("3600"));
        assert_eq!(in_unit("151 km", "km").as_deref(), Some("151"));
        assert_eq!(in_unit("151,500 m", "km").as_deref(), Some("151.5"));
        for (text, unit) in [
            ("151", "km"),
            ("151 kg", "km"),
            ("151 km", ""),
            ("far", "km"),
        ] {
            assert_eq!(in_unit(text, unit), None, "{text}");
        }
    }

    #[test]
    fn only_the_very_words_for_what_is_counted_may_follow_a_number() {
        assert_eq!(
            counted("1,551 deployed warheads", "deployed warheads").as_deref(),
            Some("1,551")
        );
        for text in ["1,551 warheads", "deployed warheads", "1551", "1,551 ядер"] {
            assert_eq!(counted(text, "deployed warheads"), None, "{text}");
        }
    }
}
