//! Who is asked about: one answer a person, where a row or a transfer names several.
//!
//! Not what a law says of them. A transfer of the public contract names persons as exporters, a flat row under `person`; whoever is
//! asked about is the exporter of a copy of its own, and the others stand in rows of their own.

use serde_json::{Map, Value, json};

use crate::commitments::rows::{Row, Values};

/// The row once for each person that it names, in their order; as it is where it names one or none.
pub(super) fn apart(row: Row) -> Vec<Row> {
    let Row {
        row: place,
        line,
        values,
    } = row;
    let again = |values| Row {
        row: place,
        line,
        values: Ok(values),
    };
    match values {
        Ok(values) if values.contains_key("person") => {
            flat(values).into_iter().map(again).collect()
        }
        Ok(values) => exporters(values).into_iter().map(again).collect(),
        Err(wrong) => vec![Row {
            row: place,
            line,
            values: Err(wrong),
        }],
    }
}

/// Names in one cell are separated by `;`, and so are their countries; one country holds for all.
fn flat(values: Values) -> Vec<Values> {
    let several = |key: &str| -> Vec<String> {
        match values.get(key) {
            Some(Value::String(text)) => parts(text),
            Some(Value::Array(list)) => list
                .iter()
                .filter_map(Value::as_str)
                .map(|text| text.trim().to_owned())
                .collect(),
            _ => Vec::new(),
        }
    };
    let (names, countries) = (several("person"), several("person_country"));
    let list = values.get("person").is_some_and(Value::is_array);
    if names.is_empty() || names.len() == 1 && !list {
        return vec![values];
    }
    let same = countries.len() == names.len();
    names
        .into_iter()
        .enumerate()
        .map(|(place, name)| {
            let mut own = values.clone();
            own.insert("person".to_owned(), json!(name));
            if same && let Some(country) = countries.get(place) {
                own.insert("person_country".to_owned(), json!(country));
            }
            own
        })
        .collect()
}

/// Each exporter of a transfer, as the only one of a copy.
fn exporters(values: Values) -> Vec<Values> {
    let Some(Value::Array(parties)) = values.get("parties") else {
        return vec![values];
    };
    let exporter = |party: &Value| party.get("role").and_then(Value::as_str) == Some("exporter");
    let places: Vec<usize> = (0..parties.len())
        .filter(|place| parties.get(*place).is_some_and(exporter))
        .collect();
    if places.len() < 2 {
        return vec![values];
    }
    let parties = parties.clone();
    places
        .into_iter()
        .map(|chosen| {
            let own: Vec<Value> = parties
                .iter()
                .enumerate()
                .filter(|(place, party)| *place == chosen || !exporter(party))
                .map(|(_, party)| party.clone())
                .collect();
            let mut copy = values.clone();
            copy.insert("parties".to_owned(), Value::Array(own));
            copy
        })
        .collect()
}

/// Puts the person of a flat row into the transfer, as its only exporter.
pub(super) fn asked(transfer: &mut Values, name: &str, country: &str) {
    if name.is_empty() && country.is_empty() {
        return;
    }
    let mut party = Map::new();
    party.insert("role".to_owned(), json!("exporter"));
    for (key, value) in [("name", name), ("country", country)] {
        if !value.is_empty() {
            party.insert(key.to_owned(), json!(value));
        }
    }
    let party = Value::Object(party);
    match transfer.get_mut("parties") {
        Some(Value::Array(parties)) => {
            if !name.is_empty() {
                parties.retain(|each| each.get("role").and_then(Value::as_str) != Some("exporter"));
            }
            parties.push(party);
        }
        _ => {
            transfer.insert("parties".to_owned(), json!([party]));
        }
    }
}

fn parts(text: &str) -> Vec<String> {
    text.split(';')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn people(values: Value) -> Vec<String> {
        let Value::Object(values) = values else {
            return Vec::new();
        };
        let row = Row {
            row: 3,
            line: None,
            values: Ok(values),
        };
        apart(row)
            .into_iter()
            .filter_map(|row| {
                let mut own = row.values.ok()?;
                let name = own
                    .get("person")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned();
                let country = own
                    .get("person_country")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
                    .to_owned();
                asked(&mut own, &name, &country);
                Some(own.get("parties").map(Value::to_string).unwrap_or_default())
            })
            .collect()
    }

    #[test]
    fn each_person_of_a_cell_is_asked_about_alone() {
        let found = people(json!({ "person": "Works A; Works B", "person_country": "RU; IN" }));
        assert_eq!(found.len(), 2);
        assert!(
            found[0].contains("Works A")
                && found[0].contains("RU")
                && !found[0].contains("Works B")
        );
        assert!(found[1].contains("Works B") && found[1].contains("IN"));
    }

    #[test]
    fn one_country_holds_for_all() {
        let found = people(json!({ "person": ["Works A", "Works B"], "person_country": "RU" }));
        assert!(found.len() == 2 && found.iter().all(|each| each.contains("RU")));
    }

    #[test]
    fn each_exporter_of_a_transfer_is_asked_about_alone() {
        let party = |role: &str, name: &str| json!({ "role": role, "name": name });
        let found = people(
            json!({ "parties": [party("exporter", "Works A"), party("consignee", "Yard"), party("exporter", "Works B")] }),
        );
        assert_eq!(found.len(), 2);
        assert!(
            found[0].contains("Works A")
                && found[0].contains("Yard")
                && !found[0].contains("Works B")
        );
        assert!(
            found[1].contains("Works B")
                && found[1].contains("Yard")
                && !found[1].contains("Works A")
        );
    }

    #[test]
    fn the_person_named_comes_before_the_exporter_of_the_transfer() {
        let found = people(
            json!({ "person": "Parent", "parties": [{ "role": "exporter", "name": "Works A" }] }),
        );
        assert!(found.len() == 1 && found[0].contains("Parent") && !found[0].contains("Works A"));
    }

    #[test]
    fn a_row_without_a_person_stays_one_row() {
        assert_eq!(people(json!({ "item": "valves" })).len(), 1);
    }
}
