//! Parties to screen by themselves, as people and programs write them: rows of a table, JSON objects of the contract, and
//! FollowTheMoney entities. One of these in, one [`Party`] out, or what is wrong with it and where.
//!
//! To add a column or a property: one arm in `fill`, or one row in the table of identifiers in `party_of`.

use std::io::{BufRead, Read};

use anyhow::{Context, anyhow};
use catchall_model::{Day, Party, Places};
use serde_json::Value;

/// The columns of a table of parties, beside `identifier.<type>`.
const COLUMNS: [&str; 8] = [
    "id",
    "name",
    "names",
    "type",
    "country",
    "born",
    "address",
    "nationalities",
];

/// A party to screen, with the caller's key.
pub struct Asked {
    /// The caller's key.
    pub key: String,
    /// The party.
    pub party: Party,
}

/// What could not be read, and where.
pub type Rejected = String;

/// The rows of a table of parties.
///
/// # Errors
/// When there is no header, or one with columns that are not known.
pub fn table<'a>(
    from: impl Read + 'a,
    places: &'a Places,
) -> anyhow::Result<impl Iterator<Item = Result<Asked, Rejected>> + 'a> {
    let mut rows = csv::ReaderBuilder::new().flexible(true).from_reader(from);
    let header = rows
        .byte_headers()
        .context("cannot read the header")?
        .clone();
    let names: Vec<String> = header
        .iter()
        .map(|name| {
            String::from_utf8_lossy(name)
                .trim_start_matches('\u{feff}')
                .trim()
                .to_lowercase()
        })
        .collect();
    for (place, name) in names.iter().enumerate() {
        if !COLUMNS.contains(&name.as_str()) && !name.starts_with("identifier.") {
            let near = catchall_law::nearest(name, COLUMNS).map_or(String::new(), |near| {
                format!("; the nearest known is `{near}`")
            });
            return Err(anyhow!(
                "column {}: unknown column `{name}`{near}; known are {} and identifier.<type>",
                place + 1,
                COLUMNS.join(", ")
            ));
        }
    }
    if !names.iter().any(|name| name == "name") {
        return Err(anyhow!(
            "there is no column `name`; name the columns in the first row"
        ));
    }
    let mut number = 0_u64;
    Ok(rows.into_byte_records().map(move |row| {
        number += 1;
        let row = row.map_err(|error| format!("row {number}: {error}"))?;
        let mut party = Party::default();
        let mut key = String::new();
        for (name, cell) in names.iter().zip(row.iter()) {
            let cell = std::str::from_utf8(cell)
                .map_err(|_| {
                    format!("row {number}, `{name}`: the cell is not UTF-8; save the file as UTF-8")
                })?
                .trim();
            if cell.is_empty() {
                continue;
            }
            if name == "id" {
                key = cell.to_owned();
            } else {
                fill(&mut party, name, cell, places)
                    .map_err(|why| format!("row {number}, `{name}` = `{cell}`: {why}"))?;
            }
        }
        if row.len() > names.len() {
            return Err(format!(
                "row {number}: {} cells stand under {} columns; quote cells that hold a comma",
                row.len(),
                names.len()
            ));
        }
        asked(key, party, number)
    }))
}

fn asked(key: String, party: Party, number: u64) -> Result<Asked, Rejected> {
    if party.name.is_none() && party.identifiers.is_empty() {
        return Err(format!(
            "row {number}: neither a name nor an identifier; give one of them"
        ));
    }
    let key = if key.is_empty() {
        number.to_string()
    } else {
        key
    };
    Ok(Asked { key, party })
}

fn fill(party: &mut Party, name: &str, text: &str, places: &Places) -> Result<(), String> {
    let country = |text: &str| {
        places
            .find(text.trim())
            .ok_or_else(|| "no known country; write its code, as in `IR`, or its name".to_owned())
    };
    match name {
        "name" => party.name = Some(text.to_owned()),
        "names" => party.names = text.split(';').map(|each| each.trim().to_owned()).collect(),
        "type" => party.kind = Some(text.to_lowercase()),
        "country" => party.country = Some(country(text)?),
        "nationalities" => {
            party.nationalities = Some(text.split(';').map(country).collect::<Result<_, _>>()?)
        }
        "born" => party.born = Some(Day::parse(text).map_err(|error| error.to_string())?),
        "address" => party.address = Some(text.to_owned()),
        other => {
            let kind = other.strip_prefix("identifier.").unwrap_or(other);
            party.identifiers.push((kind.to_owned(), text.to_owned()));
        }
    }
    Ok(())
}

/// The lines of a file of parties, or of FollowTheMoney entities.
pub fn json_lines<'a>(
    from: impl BufRead + 'a,
    places: &'a Places,
) -> impl Iterator<Item = Result<Asked, Rejected>> + 'a {
    let mut number = 0_u64;
    from.split(b'\n').filter_map(move |line| {
        number += 1;
        let line = match line {
            Ok(line) => line,
            Err(error) => return Some(Err(format!("line {number}: {error}"))),
        };
        if line.trim_ascii().is_empty() {
            return None;
        }
        let read = serde_json::from_slice::<Value>(&line)
            .map_err(|error| format!("line {number}: {error}"));
        Some(read.and_then(|value| party_of(&value, number, places)))
    })
}

/// A party of the contract or a FollowTheMoney entity; `number` tells where it stood.
///
/// # Errors
/// What is wrong, with the field.
pub fn party_of(value: &Value, number: u64, places: &Places) -> Result<Asked, Rejected> {
    let key = value.get("id").map_or(String::new(), |id| {
        id.as_str().map_or_else(|| id.to_string(), str::to_owned)
    });
    let mut party = Party::default();
    if let Some(properties) = value.get("properties").and_then(Value::as_object) {
        let of = |name: &str| -> Vec<String> {
            let values = properties
                .get(name)
                .and_then(Value::as_array)
                .into_iter()
                .flatten();
            values
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect()
        };
        let mut names: Vec<String> = ["name", "alias", "weakAlias", "previousName"]
            .into_iter()
            .flat_map(of)
            .collect();
        if names.is_empty() {
            names.extend(
                value
                    .get("caption")
                    .and_then(Value::as_str)
                    .map(str::to_owned),
            );
        }
        if !names.is_empty() {
            party.name = Some(names.remove(0));
            party.names = names;
        }
        party.kind = value
            .get("schema")
            .and_then(Value::as_str)
            .map(|schema| match schema {
                "Person" => "person".to_owned(),
                "Vessel" => "vessel".to_owned(),
                "Airplane" => "aircraft".to_owned(),
                "LegalEntity" | "Thing" => "other".to_owned(),
                _ => "company".to_owned(),
            });
        party.born = of("birthDate")
            .first()
            .and_then(|text| Day::parse(text).ok());
        let countries = ["nationality", "country", "jurisdiction", "citizenship"]
            .into_iter()
            .flat_map(of);
        let countries: Vec<_> = countries
            .filter_map(|text| {
                places
                    .find(&text.to_uppercase())
                    .or_else(|| places.find(&text))
            })
            .collect();
        party.nationalities = (!countries.is_empty()).then_some(countries);
        party.address = of("address").into_iter().next();
        for (name, kind) in [
            ("passportNumber", "passport"),
            ("idNumber", "national_id"),
            ("taxNumber", "tax"),
            ("registrationNumber", "registration"),
            ("imoNumber", "imo"),
            ("mmsi", "mmsi"),
            ("leiCode", "lei"),
            ("swiftBic", "swift"),
            ("innCode", "tax"),
            ("ogrnCode", "registration"),
        ] {
            party
                .identifiers
                .extend(of(name).into_iter().map(|each| (kind.to_owned(), each)));
        }
        return asked(key, party, number);
    }
    for (name, value) in value.as_object().into_iter().flatten() {
        let wrong = |why: String| format!("line {number}, `{name}`: {why}");
        match (name.as_str(), value) {
            ("id" | "role" | "schema", _) | (_, Value::Null) => {}
            ("identifiers", Value::Object(all)) => {
                for (kind, value) in all {
                    let text = value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned);
                    party.identifiers.push((kind.clone(), text));
                }
            }
            (_, Value::Array(all)) => {
                let texts: Vec<&str> = all.iter().filter_map(Value::as_str).collect();
                fill(&mut party, name, &texts.join(";"), places).map_err(wrong)?;
            }
            (
                "name" | "names" | "type" | "country" | "nationalities" | "born" | "address",
                Value::String(text),
            ) => {
                fill(&mut party, name, text, places).map_err(wrong)?;
            }
            _ => {}
        }
    }
    asked(key, party, number)
}
