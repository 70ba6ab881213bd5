//! The US Consolidated Screening List: the lists of three departments in one file, as CSV, as JSON, and as a compact JSON.
//!
//! The compact form is one that others make of it: single letters for fields, and tables for texts that recur. The list
//! that a record comes from is its first programme. Keys are the file's own where it has them; else list, name and
//! notice together.

use std::collections::BTreeMap;

use catchall_model::Day;
use serde_json::Value;

use super::Refusal;
use super::dates::{self, Order};
use super::entry::{At, Entry, Reading, joined, tidy};
use super::formats::{Inputs, only, refuse_page};
use super::headed::{headed, header_with};
use super::json::{Piece, elements, text, texts};
use super::ofac_csv::kind_of;
use super::ofac_labels::{is_label, labelled};
use super::rows::{Header, Shape};
use crate::{NameKind, PartyKind};

/// A record, whatever its form was.
#[derive(Default)]
struct Record {
    id: String,
    source: String,
    number: String,
    kind: String,
    programmes: Vec<String>,
    name: String,
    aliases: Vec<String>,
    title: String,
    /// Each as printed, with its country at the end.
    addresses: Vec<(String, String)>,
    notice: String,
    start: String,
    end: String,
    requirement: String,
    policy: String,
    call_sign: String,
    vessel_type: String,
    vessel_owner: String,
    countries: Vec<String>,
    births: Vec<String>,
    birth_places: Vec<String>,
    ids: Vec<[String; 3]>,
    remarks: String,
}

pub(super) fn read_csv(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    refuse_page(input, "a header with `source` and `entity_number`")?;
    let file = input.file.clone();
    let shape = Shape {
        separator: b',',
        cells: None,
        fill: false,
    };
    let needed = ["source", "name"];
    headed(
        input,
        &shape,
        reading,
        |_, cells| {
            header_with(&file, cells, &needed, "the columns of the screening list").map(Some)
        },
        |reading, at, header, cells| take(reading, at, from_cells(header, cells)),
    )
}

fn from_cells(header: &Header, cells: &[String]) -> Record {
    let cell = |name: &str| header.cell(cells, name).to_owned();
    let list = |name: &str| -> Vec<String> {
        let cell = header.cell(cells, name);
        cell.split("; ")
            .map(tidy)
            .filter(|part| !part.is_empty())
            .collect()
    };
    let number = cell("entity_number");
    let mut countries = list("citizenships");
    countries.extend(list("nationalities"));
    countries.push(cell("vessel_flag"));
    Record {
        id: cell("_id"),
        source: cell("source"),
        number,
        kind: cell("type"),
        programmes: list("programs"),
        name: cell("name"),
        aliases: list("alt_names"),
        title: cell("title"),
        addresses: list("addresses")
            .into_iter()
            .map(|address| {
                let country = address.rsplit(", ").next().unwrap_or("").to_owned();
                (address, country)
            })
            .collect(),
        notice: cell("federal_register_notice"),
        start: cell("start_date"),
        end: cell("end_date"),
        requirement: cell("license_requirement"),
        policy: cell("license_policy"),
        call_sign: cell("call_sign"),
        vessel_type: cell("vessel_type"),
        vessel_owner: cell("vessel_owner"),
        countries,
        births: list("dates_of_birth"),
        birth_places: list("places_of_birth"),
        ids: list("ids").iter().map(|id| identifier(id)).collect(),
        remarks: cell("remarks"),
    }
}

/// Label, number and country of `Passport, A123, IR`, or of the older order `IR, A123, Passport`.
fn identifier(text: &str) -> [String; 3] {
    let parts: Vec<&str> = text.split(", ").collect();
    let is_country =
        |part: &&&str| part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_uppercase());
    let named = |part: Option<&&str>| part.is_some_and(|part| is_label(part));
    let older = !named(parts.first())
        && (named(parts.last()) || parts.first().filter(is_country).is_some());
    let (label, mut rest) = match (older, parts.split_first(), parts.split_last()) {
        (false, Some((label, rest)), _) | (true, _, Some((label, rest))) => (*label, rest.to_vec()),
        _ => ("", parts.clone()),
    };
    let mut country = "";
    if rest.len() > 1 {
        if older && rest.first().filter(is_country).is_some() {
            country = rest.remove(0);
        } else if !older && rest.last().filter(is_country).is_some() {
            country = rest.pop().unwrap_or("");
        }
    }
    [label.to_owned(), rest.join(", "), country.to_owned()]
}

pub(super) fn read_json(inputs: &mut Inputs<'_>, reading: &mut Reading<'_>) -> Result<(), Refusal> {
    let Some(input) = only(inputs) else {
        return Ok(());
    };
    refuse_page(input, "a JSON object with `results` or `entries`")?;
    let file = input.file.clone();
    let mut tables = Tables::default();
    let mut kept: Vec<(u64, Value)> = Vec::new();
    let mut stopped = Ok(());
    let mut row = 0;
    elements(input, &["results", "entries"], |piece| match piece {
        Piece::Field(name, value) => match name.as_str() {
            "tables" => tables = Tables::of(&value),
            "sourceGeneratedAt" => {
                let day = value.as_str().and_then(|text| text.get(..10));
                reading.day = day.and_then(|day| Day::parse(day).ok());
            }
            "entryCount" | "total" => {
                reading.declared = value.as_u64().and_then(|count| usize::try_from(count).ok());
            }
            _ => {}
        },
        Piece::Element(value) => {
            row += 1;
            // Compact records point into tables, which may stand behind them.
            if value.get("n").is_some() && tables.0.is_empty() {
                kept.push((row, value));
            } else if stopped.is_ok() {
                stopped = one(reading, &file, row, &value, &tables);
            }
        }
    })?;
    stopped?;
    for (row, value) in kept {
        one(reading, &file, row, &value, &tables)?;
    }
    Ok(())
}

fn one(
    reading: &mut Reading<'_>,
    file: &str,
    row: u64,
    value: &Value,
    tables: &Tables,
) -> Result<(), Refusal> {
    let at = At {
        file,
        row,
        ..At::default()
    };
    let record = match (value.as_object(), value.get("n")) {
        (None, _) => {
            reading.reject(
                &at,
                None,
                "not an object",
                "an object with the fields of a party",
            );
            return Ok(());
        }
        (_, Some(_)) => tables.record(value),
        (_, None) => Ok(published(value)),
    };
    match record {
        Ok(record) => take(reading, &at, record),
        Err(problem) => {
            reading.reject(
                &at,
                Some(text(value, "n")),
                &problem,
                "an index into the file's tables",
            );
            Ok(())
        }
    }
}

/// A record as the publisher writes it.
fn published(value: &Value) -> Record {
    let owned = |field: &str| match value.get(field) {
        Some(Value::Number(number)) => number.to_string(),
        _ => text(value, field).to_owned(),
    };
    let list = |field: &str| {
        texts(value, field)
            .into_iter()
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let mut countries = list("citizenships");
    countries.extend(list("nationalities"));
    countries.push(owned("vessel_flag"));
    let objects = |field: &str| {
        value
            .get(field)
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default()
    };
    Record {
        id: owned("id"),
        source: owned("source"),
        number: owned("entity_number"),
        kind: owned("type"),
        programmes: list("programs"),
        name: owned("name"),
        aliases: list("alt_names"),
        title: owned("title"),
        addresses: objects("addresses")
            .iter()
            .map(|address| {
                let parts = ["address", "city", "state", "postal_code", "country"]
                    .map(|part| text(address, part));
                (joined(&parts, ", "), parts[4].to_owned())
            })
            .collect(),
        notice: owned("federal_register_notice"),
        start: owned("start_date"),
        end: owned("end_date"),
        requirement: owned("license_requirement"),
        policy: owned("license_policy"),
        call_sign: owned("call_sign"),
        vessel_type: owned("vessel_type"),
        vessel_owner: owned("vessel_owner"),
        countries,
        births: list("dates_of_birth"),
        birth_places: list("places_of_birth"),
        ids: objects("ids")
            .iter()
            .map(|id| ["type", "number", "country"].map(|part| text(id, part).to_owned()))
            .collect(),
        remarks: owned("remarks"),
    }
}

/// The tables of the compact form.
#[derive(Default)]
struct Tables(BTreeMap<String, Vec<String>>);

impl Tables {
    fn of(value: &Value) -> Tables {
        let mut tables = BTreeMap::new();
        for (name, rows) in value.as_object().into_iter().flatten() {
            let rows = rows.as_array().into_iter().flatten();
            let rows = rows.map(|row| row.as_str().unwrap_or("").to_owned());
            tables.insert(name.clone(), rows.collect());
        }
        Tables(tables)
    }

    fn text(&self, table: &str, value: &Value, field: &str) -> Result<String, String> {
        let Some(index) = value.get(field) else {
            return Ok(String::new());
        };
        index
            .as_u64()
            .and_then(|index| usize::try_from(index).ok())
            .and_then(|index| self.0.get(table)?.get(index))
            .cloned()
            .ok_or_else(|| format!("`{field}` is {index}, which `{table}` does not have"))
    }

    fn record(&self, value: &Value) -> Result<Record, String> {
        let programmes = self.text("programmes", value, "pg")?;
        Ok(Record {
            source: self.text("sources", value, "s")?,
            number: text(value, "e").to_owned(),
            kind: text(value, "t").to_owned(),
            programmes: programmes.split("; ").map(str::to_owned).collect(),
            name: text(value, "n").to_owned(),
            aliases: texts(value, "a").into_iter().map(str::to_owned).collect(),
            notice: text(value, "fr").to_owned(),
            requirement: self.text("licenceRequirements", value, "lr")?,
            policy: self.text("licencePolicies", value, "lp")?,
            countries: texts(value, "c").into_iter().map(str::to_owned).collect(),
            ..Record::default()
        })
    }
}

fn take(reading: &mut Reading<'_>, at: &At<'_>, record: Record) -> Result<(), Refusal> {
    let key = match () {
        () if !record.id.is_empty() => record.id.clone(),
        () if !record.number.is_empty() => {
            reading.made_key(&format!("{} {}", short(&record.source), record.number))
        }
        () => {
            let parts = [short(&record.source), &record.name, &record.notice];
            reading.made_key(&joined(&parts, ", "))
        }
    };
    let kind = if record.kind.is_empty() {
        PartyKind::Unknown
    } else {
        kind_of(&record.kind)
    };
    let mut entry = Entry::new(&key, kind);
    super::ofac_csv::name(&mut entry, kind, NameKind::Primary, &record.name);
    for alias in &record.aliases {
        let alias = alias.strip_prefix("and ").unwrap_or(alias);
        super::ofac_csv::name(&mut entry, kind, NameKind::Strong, alias);
    }
    entry.programme(&record.source);
    for programme in &record.programmes {
        entry.programme(programme);
    }
    for (address, country) in &record.addresses {
        let country = reading.country(country);
        entry.country(country);
        entry.address(address);
    }
    for country in &record.countries {
        let country = reading.country(country);
        entry.country(country);
    }
    for [label, value, country] in &record.ids {
        labelled(&mut entry, reading, label, value, country);
    }
    for birth in &record.births {
        entry.births(birth, Order::MonthFirst);
    }
    for place in &record.birth_places {
        entry.birth_place(place);
    }
    measures(&mut entry, &record.requirement, &record.policy);
    entry.identifier("call_sign", &record.call_sign, None);
    entry.remark_of("Title", &record.title);
    entry.remark_of("Vessel type", &record.vessel_type);
    entry.remark_of("Vessel owner", &record.vessel_owner);
    entry.remark(&record.remarks);
    entry.listed(dates::day(&record.start, Order::MonthFirst));
    entry.delisted(dates::day(&record.end, Order::MonthFirst));
    entry.listing.citation = Some(tidy(&record.notice)).filter(|notice| !notice.is_empty());
    reading.take(at, entry)
}

/// What a listing for exports brings with it.
pub(super) fn measures(entry: &mut Entry, requirement: &str, policy: &str) {
    for (label, text) in [
        ("licence requirement", requirement),
        ("review policy", policy),
    ] {
        let text = tidy(text);
        if !text.is_empty() {
            entry.measure(&format!("{label}: {text}"));
        }
    }
}

/// `SDN` of `Specially Designated Nationals (SDN) - Treasury Department`.
fn short(source: &str) -> &str {
    source
        .split_once('(')
        .and_then(|(_, rest)| rest.split_once(')'))
        .map_or(source, |(short, _)| short)
}
