//! A row of reported transfers to a transfer: who, what, when, whither, told by whom, and how credible.
//!
//! A row is flat (`person`, `item`, `date`, `to`, `source`, `credibility`, ...), or a transfer of the public contract with these
//! beside it. Whatever column is none of ours is a fact of the packs, by its key or one of its other names.

use std::sync::Arc;

use catchall_law::{Domain, Law, nearest};
use catchall_model::{Day, Places, Reject, Transfer};
use serde_json::{Map, Value, json};

use super::persons;
use crate::batch::{Decoder, Raw, RawRecord, TRANSFER_FIELDS};
use crate::commitments::rows::{Row, Values, rows};

/// A reported transfer.
#[derive(Clone, Debug)]
pub struct Reported {
    /// The transfer, with the person as its exporter.
    pub transfer: Transfer,
    /// The person.
    pub person: String,
    /// What was transferred, in words.
    pub item: String,
    /// Who tells of it.
    pub source: String,
    /// How credible it was called.
    pub credibility: String,
    /// On which day the information came, where that is told.
    pub reported: Option<Day>,
    /// On which day the question is put, where the row says.
    pub determined: Option<Day>,
    /// Why no measures were taken, where the row says.
    pub not_acting: String,
    /// Facts of which the row itself says that they are not known, or in dispute: these are asked for, even where silence would count as no.
    pub open: Vec<String>,
    /// The file.
    pub file: String,
    /// The row, from 1.
    pub row: u64,
    /// Its line.
    pub line: Option<u64>,
}

impl Reported {
    /// The other names that the transfer gives for the person: in other scripts, or former ones.
    pub(super) fn other_names(&self) -> impl Iterator<Item = &String> {
        self.transfer
            .parties
            .iter()
            .flatten()
            .filter(|party| party.name.as_ref() == Some(&self.person))
            .flat_map(|party| party.names.iter())
    }

    pub(super) fn reject(
        &self,
        path: &str,
        found: String,
        problem: String,
        cure: String,
    ) -> Reject {
        Reject {
            file: self.file.clone(),
            row: self.row,
            line: self.line,
            id: Some(self.transfer.id.clone()),
            column: Some(path.to_owned()),
            cell: Some(found).filter(|found| !found.is_empty()),
            problem,
            cure,
        }
    }
}

/// The fact that says whether the item stands on a list that the law names.
const ON_A_LIST: &str = "transfer.on_reference_list";

/// Under which `codes` speaks of all lists at once.
const EVERY_LIST: &str = "*";

/// The fact that the field `date` fills.
const DATE: &str = "date";

/// Words by which a row says that something is not known, or in dispute.
const OPEN: &[&str] = &[
    "not known",
    "not_known",
    "unknown",
    "disputed",
    "contested",
    "?",
];

/// Columns with a place of their own; the rest are facts.
const OWN: &[&str] = &[
    "id",
    "person",
    "person_country",
    "item",
    "form",
    "item_kind",
    "code",
    "code_list",
    "date",
    "to",
    "destination",
    "uses",
    "source",
    "credibility",
    "reported",
    "determined",
    "reason_not_acting",
];

pub(super) fn read(
    law: &Law,
    places: &Arc<Places>,
    file: &str,
    bytes: &[u8],
) -> Vec<Result<Reported, Vec<Reject>>> {
    let decoder = Decoder::of_json(file, places.clone());
    rows(bytes)
        .into_iter()
        .flat_map(persons::apart)
        .map(|row| one(law, &decoder, file, row))
        .collect()
}

/// Collects what is wrong with one row.
struct Wrongs<'a> {
    file: &'a str,
    row: u64,
    line: Option<u64>,
    id: Option<String>,
    found: Vec<Reject>,
}

impl Wrongs<'_> {
    fn push(&mut self, column: &str, cell: &str, problem: impl Into<String>, cure: &str) {
        self.found.push(Reject {
            file: self.file.to_owned(),
            row: self.row,
            line: self.line,
            id: self.id.clone(),
            column: Some(column.to_owned()).filter(|column| !column.is_empty()),
            cell: Some(cell.chars().take(80).collect::<String>()).filter(|cell| !cell.is_empty()),
            problem: problem.into(),
            cure: cure.to_owned(),
        });
    }
}

fn one(law: &Law, decoder: &Decoder, file: &str, row: Row) -> Result<Reported, Vec<Reject>> {
    let mut wrongs = Wrongs {
        file,
        row: row.row,
        line: row.line,
        id: None,
        found: Vec::new(),
    };
    let mut values = match row.values {
        Ok(values) => values,
        Err((cell, problem, cure)) => {
            wrongs.push("", &cell, problem, &cure);
            return Err(wrongs.found);
        }
    };
    let id = text(&mut values, "id");
    let id = if id.is_empty() {
        row.row.to_string()
    } else {
        id
    };
    wrongs.id = Some(id.clone());
    let mut take = |key: &str| text(&mut values, key);
    let (source, credibility, not_acting) = (
        take("source"),
        take("credibility"),
        take("reason_not_acting"),
    );
    let days = [take("reported"), take("determined")];
    let (person, country, item) = (take("person"), take("person_country"), take("item"));
    let reported = day(&days[0], "reported", &mut wrongs);
    let determined = day(&days[1], "determined", &mut wrongs);
    let (mut facts, open) = facts(law, &mut values, &mut wrongs);
    credible(&credibility, &mut facts, &mut wrongs);
    span(&mut values, &mut facts);
    let mut transfer = values;
    persons::asked(&mut transfer, &person, &country);
    unlisted(&mut facts, &open, &mut transfer);
    flat(&mut transfer, &item, &mut wrongs);
    transfer.insert("id".to_owned(), json!(id));
    match transfer.get_mut("facts") {
        Some(Value::Object(own)) => own.extend(facts),
        _ => {
            transfer.insert("facts".to_owned(), Value::Object(facts));
        }
    }
    let raw = Raw {
        row: row.row,
        line: row.line,
        record: RawRecord::Json(Value::Object(transfer).to_string().into_bytes()),
    };
    let transfer = match decoder.decode(&raw) {
        Ok(transfer) => transfer,
        Err(rejects) => {
            wrongs.found.extend(rejects);
            return Err(wrongs.found);
        }
    };
    let named = |role: &str| {
        let parties = transfer.parties.as_ref()?;
        parties
            .iter()
            .find(|party| party.role == role)?
            .name
            .clone()
    };
    // Whoever brokers is the person that the law looks at.
    let brokers = transfer.kind.as_deref() == Some("brokering");
    let broker = named("broker").filter(|_| brokers);
    let person = Some(person).filter(|person| !person.is_empty());
    let person = person.or(broker).or_else(|| named("exporter"));
    let Some(person) = person else {
        wrongs.push(
            "person",
            "",
            "it does not say who made the transfer",
            "write the person, firm or government under `person`",
        );
        return Err(wrongs.found);
    };
    if !wrongs.found.is_empty() {
        return Err(wrongs.found);
    }
    let item = transfer
        .lines
        .first()
        .and_then(|line| line.item.description.clone())
        .unwrap_or(item);
    Ok(Reported {
        transfer,
        person,
        item,
        source,
        credibility,
        reported,
        determined,
        not_acting,
        open,
        file: file.to_owned(),
        row: row.row,
        line: row.line,
    })
}

/// Takes a text out of a record; numbers count as written.
fn text(values: &mut Values, key: &str) -> String {
    match values.remove(key) {
        Some(Value::String(text)) => text.trim().to_owned(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::Bool(yes)) => if yes { "yes" } else { "no" }.to_owned(),
        _ => String::new(),
    }
}

fn day(text: &str, column: &str, wrongs: &mut Wrongs) -> Option<Day> {
    if text.is_empty() {
        return None;
    }
    match Day::parse(text) {
        Ok(day) => Some(day),
        Err(error) => {
            wrongs.push(
                column,
                text,
                error.to_string(),
                "write it as in `1998-07-28`",
            );
            None
        }
    }
}

/// A date that is a month, a year or a span of days, as `1999-03..1999-05`: the fact takes it, since the field has one day.
fn span(values: &mut Values, facts: &mut Values) {
    let Some(Value::String(text)) = values.get("date") else {
        return;
    };
    let text = text.trim();
    let months = Day::parse(text).is_err() && Day::span(text).is_ok();
    if months || text.contains("..") {
        let text = json!(text);
        values.remove("date");
        facts.entry(DATE.to_owned()).or_insert(text);
    }
}

/// Columns that are facts of the packs, by key or by another name; and the keys of those that the row calls not known.
fn facts(law: &Law, values: &mut Values, wrongs: &mut Wrongs) -> (Values, Vec<String>) {
    let mut found = Map::new();
    let mut open = Vec::new();
    let strange: Vec<String> = values
        .keys()
        .filter(|key| {
            !OWN.contains(&key.as_str())
                && !TRANSFER_FIELDS.contains(&key.as_str())
                && !key.starts_with("property.")
        })
        .cloned()
        .collect();
    for key in strange {
        let own = law
            .vocabulary
            .facts
            .iter()
            .find(|fact| fact.key == key || fact.also.contains(&key));
        let Some(value) = values.remove(&key) else {
            continue;
        };
        match own {
            Some(fact) if fact.domain == Domain::YesNo && not_known(&value) => {
                open.push(fact.key.clone());
            }
            Some(fact) => {
                found.insert(fact.key.clone(), yes_no(value));
            }
            None => {
                let known = OWN
                    .iter()
                    .copied()
                    .chain(law.vocabulary.facts.iter().flat_map(|fact| {
                        fact.also
                            .iter()
                            .map(String::as_str)
                            .chain([fact.key.as_str()])
                    }));
                let near = nearest(&key, known)
                    .map_or(String::new(), |near| format!("; the nearest is `{near}`"));
                wrongs.push(
                    &key,
                    "",
                    format!("unknown column `{key}`{near}"),
                    "docs/commitments.md lists the columns; facts go by `catchall law vocabulary`",
                );
            }
        }
    }
    (found, open)
}

/// Whether a cell says that nobody knows, which is more than an empty one: it was asked, and is open.
fn not_known(value: &Value) -> bool {
    value.as_str().is_some_and(|text| {
        OPEN.iter()
            .any(|word| text.trim().eq_ignore_ascii_case(word))
    })
}

/// A spreadsheet's yes or no; everything else stays.
fn yes_no(value: Value) -> Value {
    match value
        .as_str()
        .map(str::trim)
        .map(str::to_lowercase)
        .as_deref()
    {
        Some("yes" | "true") => Value::Bool(true),
        Some("no" | "false") => Value::Bool(false),
        _ => value,
    }
}

/// What was said of the information: credible, not credible, or disputed, which is not known.
fn credible(word: &str, facts: &mut Values, wrongs: &mut Wrongs) {
    let yes = match word.to_lowercase().as_str() {
        "" | "alleged" | "denied" => return,
        open if OPEN.contains(&open) => return,
        "credible" | "yes" | "confirmed" | "established" => true,
        "not credible" | "no" | "rejected" | "unfounded" => false,
        _ => {
            return wrongs.push(
                "credibility",
                word,
                format!("`{word}` says nothing of credibility"),
                "write credible, not credible, or disputed",
            );
        }
    };
    facts
        .entry("report.credible".to_owned())
        .or_insert(Value::Bool(yes));
}

/// Whoever says that the item stands on none of the lists says it of each of them: the code `none`, on every list, where no code is claimed. Who claims
/// that code says so of the lists that the law names; of arms only their own word does.
fn unlisted(facts: &mut Values, open: &[String], transfer: &mut Values) {
    let said = facts.get(ON_A_LIST).and_then(Value::as_bool);
    if said == Some(false) && !transfer.contains_key("code") && !transfer.contains_key("lines") {
        transfer.insert("code".to_owned(), json!("none"));
    }
    let word = |key: &str| transfer.get(key).and_then(Value::as_str).map(str::trim);
    let none = word("code").is_some_and(|code| code.eq_ignore_ascii_case("none"));
    let every = word("code_list").is_none_or(str::is_empty);
    let arms = word("form").is_some_and(|form| form.eq_ignore_ascii_case("arms"));
    let asked = open.iter().any(|key| key == ON_A_LIST);
    if none && every && !arms && !asked {
        facts
            .entry(ON_A_LIST.to_owned())
            .or_insert(Value::Bool(false));
    }
}

/// Flat columns into the places of the contract.
fn flat(transfer: &mut Values, item: &str, wrongs: &mut Wrongs) {
    let mut own = Map::new();
    if !item.is_empty() {
        own.insert("description".to_owned(), json!(item));
    }
    for (column, field) in [("form", "form"), ("item_kind", "kind")] {
        if let Some(value) = transfer.remove(column) {
            own.insert(field.to_owned(), value);
        }
    }
    let list = text(transfer, "code_list");
    let code = text(transfer, "code");
    if list.is_empty() && code.eq_ignore_ascii_case("none") {
        own.insert("codes".to_owned(), json!({ EVERY_LIST: code }));
    } else if !code.is_empty() && list.is_empty() {
        wrongs.push(
            "code_list",
            "",
            format!("`{code}` stands on some list, and the row does not say which"),
            "write the list under `code_list`",
        );
    } else if !code.is_empty() {
        own.insert("codes".to_owned(), json!({ list: code }));
    }
    let properties: Vec<String> = transfer
        .keys()
        .filter(|key| key.starts_with("property."))
        .cloned()
        .collect();
    let mut figures = Map::new();
    for key in properties {
        if let (Some(name), Some(value)) =
            (key.strip_prefix("property."), transfer.get(&key).cloned())
        {
            figures.insert(name.to_owned(), value);
        }
        transfer.remove(&key);
    }
    if !figures.is_empty() {
        own.insert("properties".to_owned(), Value::Object(figures));
    }
    if !own.is_empty() && !transfer.contains_key("lines") {
        transfer.insert("lines".to_owned(), json!([{ "item": own }]));
    }
    if let Some(to) = transfer.remove("destination") {
        transfer.entry("to".to_owned()).or_insert(to);
    }
    if let Some(uses) = transfer.remove("uses") {
        let list = match uses {
            Value::String(text) => text
                .split(';')
                .map(str::trim)
                .filter(|text| !text.is_empty())
                .map(|text| json!(text))
                .collect(),
            Value::Array(list) => list,
            other => vec![other],
        };
        transfer
            .entry("end_use".to_owned())
            .or_insert_with(|| json!({ "uses": list }));
    }
    transfer
        .entry("kind".to_owned())
        .or_insert_with(|| json!("export"));
}
