//! Parties from files: tables (CSV, Excel) and JSON, of the contract or of FollowTheMoney, for the verbs that screen.
//!
//! A record that cannot be read is a reject with its place, and the others go on. Nothing is screened here.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use catchall_model::{Day, Party, Places, Reject};
use serde_json::Value;

use crate::batch::{self, Decoder, Limits, RawRecord, Reader, TableOf};

/// A party to screen, with the caller's key.
pub(super) struct Asked {
    pub key: String,
    pub party: Party,
}

/// The parties of one file, one after another.
pub(super) struct PartyFile {
    name: String,
    reader: Reader,
    decoder: Decoder,
    places: Arc<Places>,
}

/// What is wrong with a record.
struct Wrong {
    column: Option<String>,
    cell: Option<String>,
    problem: String,
    cure: String,
}

impl Wrong {
    fn of(problem: &str, cure: &str) -> Wrong {
        Wrong {
            column: None,
            cell: None,
            problem: problem.to_owned(),
            cure: cure.to_owned(),
        }
    }
}

impl PartyFile {
    /// Opens a file, or standard input for `-`; CSV, Excel, JSON and JSON Lines are told by name and content.
    pub(super) fn open(path: &Path, places: &Arc<Places>) -> Result<PartyFile> {
        let limits = Limits {
            table: TableOf::Parties,
            ..Limits::default()
        };
        let (reader, decoder) = batch::open(path, None, limits, places.clone())?;
        Ok(PartyFile {
            name: path.display().to_string(),
            reader,
            decoder,
            places: places.clone(),
        })
    }

    /// What a person should know of the file as a whole.
    pub(super) fn notes(&self) -> &[String] {
        self.reader.notes()
    }

    fn reject(&self, (row, line): (u64, Option<u64>), wrong: Wrong) -> Reject {
        Reject {
            file: self.name.clone(),
            row,
            line,
            id: None,
            column: wrong.column,
            cell: wrong.cell.map(|cell| cell.chars().take(80).collect()),
            problem: wrong.problem,
            cure: wrong.cure,
        }
    }
}

impl Iterator for PartyFile {
    type Item = Result<Asked, Vec<Reject>>;

    fn next(&mut self) -> Option<Self::Item> {
        let raw = match self.reader.next_raw()? {
            Ok(raw) => raw,
            Err(reject) => return Some(Err(vec![reject])),
        };
        let at = (raw.row, raw.line);
        let read = match &raw.record {
            RawRecord::Json(bytes) => serde_json::from_slice::<Value>(bytes)
                .map_err(|error| Wrong::of(&error.to_string(), "write one JSON object a record"))
                .and_then(|value| of_json(&value, raw.row, &self.places)),
            RawRecord::Text(_) | RawRecord::Cells(_) => match self.decoder.decode(&raw) {
                Ok(transfer) => {
                    let party = transfer.parties.and_then(|all| all.into_iter().next());
                    let named =
                        party.filter(|party| party.name.is_some() || !party.identifiers.is_empty());
                    named
                        .map(|party| Asked {
                            key: transfer.id,
                            party: Party {
                                role: String::new(),
                                ..party
                            },
                        })
                        .ok_or_else(|| {
                            Wrong::of("neither a name nor an identifier", "give one of them")
                        })
                }
                Err(rejects) => return Some(Err(rejects)),
            },
        };
        Some(read.map_err(|wrong| vec![self.reject(at, wrong)]))
    }
}

/// A party of the contract, or a FollowTheMoney entity.
fn of_json(value: &Value, row: u64, places: &Places) -> Result<Asked, Wrong> {
    let key = match value.get("id") {
        None | Some(Value::Null) => row.to_string(),
        Some(Value::String(id)) => id.clone(),
        Some(id) => id.to_string(),
    };
    let party = match value.get("properties").and_then(Value::as_object) {
        Some(properties) => of_entity(value, properties, places),
        None => of_contract(value, places)?,
    };
    if party.name.is_none() && party.identifiers.is_empty() {
        return Err(Wrong::of(
            "neither a name nor an identifier",
            "give one of them",
        ));
    }
    Ok(Asked { key, party })
}

/// A FollowTheMoney entity.
fn of_entity(value: &Value, properties: &serde_json::Map<String, Value>, places: &Places) -> Party {
    let mut party = Party::default();
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
    party
}

/// A party as the contract writes it.
fn of_contract(value: &Value, places: &Places) -> Result<Party, Wrong> {
    let mut party = Party::default();
    for (name, value) in value.as_object().into_iter().flatten() {
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
                fill(&mut party, name, &texts.join(";"), places)?;
            }
            (_, Value::String(text)) => fill(&mut party, name, text, places)?,
            _ => {}
        }
    }
    Ok(party)
}

fn fill(party: &mut Party, name: &str, text: &str, places: &Places) -> Result<(), Wrong> {
    let wrong = |problem: &str, cure: &str| Wrong {
        column: Some(name.to_owned()),
        cell: Some(text.to_owned()),
        ..Wrong::of(problem, cure)
    };
    let country = |text: &str| {
        places.find(text.trim()).ok_or_else(|| {
            wrong(
                "no known country",
                "write its code, as in `IR`, or its name",
            )
        })
    };
    match name {
        "name" => party.name = Some(text.to_owned()),
        "names" => party.names = text.split(';').map(|each| each.trim().to_owned()).collect(),
        "type" => party.kind = Some(text.to_lowercase()),
        "country" => party.country = Some(country(text)?),
        "nationalities" => {
            party.nationalities = Some(text.split(';').map(country).collect::<Result<_, _>>()?);
        }
        "born" => {
            let day = Day::parse(text);
            party.born = Some(day.map_err(|error| wrong(&error.to_string(), "write 1961-03-09"))?);
        }
        "address" => party.address = Some(text.to_owned()),
        // What a party may have beside what is compared here.
        _ => {}
    }
    Ok(())
}
