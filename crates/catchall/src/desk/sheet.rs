//! Sheet: what stands in the form of a transfer, as the columns of the table form, and back to a transfer.
//!
//! The form's fields carry the names of the table's columns (`end_user.country`, `property.range`), so that the desk reads a
//! transfer with the very reader of the batches, and its complaints name the field. An empty field is nobody's word.
//! A new column of the table needs nothing here; a new control for it is a row in `fields.rs`.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::sync::Arc;

use catchall_assess::{Assessor, FieldError};
use catchall_law::{Domain, Vocabulary};
use catchall_model::{Places, Reject, Transfer};
use serde_json::Value;

use crate::batch::{self, Limits};

/// Names of a posted form that are no columns.
const NO_COLUMNS: &[&str] = &[
    "csrf",
    "as_of",
    "known_by",
    "rows",
    "pick",
    "save",
    "new.key",
    "new.value",
    "do",
];

/// The form's fields by column. Holds what was written, right or wrong.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sheet {
    cells: BTreeMap<String, String>,
}

/// One thing wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The field's column; empty when it is of the whole.
    pub(crate) column: String,
    /// What stood there.
    pub(crate) found: String,
    /// What is wrong.
    pub(crate) problem: String,
    /// What would be right.
    pub(crate) cure: String,
}

impl Sheet {
    /// From a posted form: several values of one name are one list; an answer to a question fills the field it asks for.
    pub(crate) fn posted(pairs: &[(String, String)]) -> Sheet {
        let mut sheet = Sheet::default();
        for (name, value) in pairs {
            let value = value.trim();
            let known = NO_COLUMNS.contains(&name.as_str());
            if value.is_empty() || known || name.starts_with("answer.") || name.is_empty() {
                continue;
            }
            sheet
                .cells
                .entry(name.clone())
                .and_modify(|held| {
                    held.push_str("; ");
                    held.push_str(value);
                })
                .or_insert_with(|| value.to_owned());
        }
        let mut answers: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for (name, value) in pairs {
            if let Some(column) = name.strip_prefix("answer.")
                && !value.trim().is_empty()
            {
                answers.entry(column).or_default().push(value.trim());
            }
        }
        for (column, values) in answers {
            sheet.put(column, &values.join("; "));
        }
        let of = |wanted: &str| {
            let found = pairs.iter().rev().find(|(name, _)| name == wanted);
            found.map_or("", |(_, value)| value.trim())
        };
        if !of("new.key").is_empty() && !of("new.value").is_empty() {
            let column = column_of(of("new.key"));
            sheet.put(&column, of("new.value"));
        }
        sheet
    }

    /// One row of pasted cells under its header.
    pub(crate) fn of_row(header: &[String], row: &[String]) -> Sheet {
        let mut sheet = Sheet::default();
        for (column, cell) in header.iter().zip(row) {
            sheet.put(column.trim(), cell.trim());
        }
        sheet
    }

    /// The first line and the first party of each role of a transfer in JSON, as the form has them.
    pub(crate) fn of_transfer(transfer: &Value) -> Sheet {
        let mut sheet = Sheet::default();
        let top = ["id", "kind", "date", "from", "to", "via"];
        for name in top {
            sheet.put(name, &cell(&transfer[name]));
        }
        for (name, value) in fields(&transfer["dates"]) {
            sheet.put(name, &cell(value));
        }
        let line = &transfer["lines"][0];
        sheet.put("quantity", &cell(&line["quantity"]));
        sheet.put("value", &cell(&line["value"]));
        for (name, value) in fields(&line["item"]) {
            match (name.as_str(), value) {
                ("properties" | "made_with", inner) => {
                    let family = if name == "properties" {
                        "property"
                    } else {
                        "made_with"
                    };
                    for (key, value) in fields(inner) {
                        sheet.put(&format!("{family}.{key}"), &cell(value));
                    }
                }
                ("codes", inner) => {
                    for (list, code) in fields(inner) {
                        sheet.put("code", &cell(code));
                        sheet.put("code_list", if list == "*" { "" } else { list });
                    }
                }
                (_, value) => {
                    let column = batch::column_of_field(&format!("item.{name}")).unwrap_or(name);
                    sheet.put(column, &cell(value));
                }
            }
        }
        for party in transfer["parties"].as_array().into_iter().flatten() {
            let role = party["role"].as_str().unwrap_or_default().to_owned();
            for (name, value) in fields(party).filter(|(name, _)| *name != "role") {
                match (name.as_str(), value) {
                    ("name", value) => sheet.put(&role, &cell(value)),
                    ("identifiers", inner) => {
                        for (kind, value) in fields(inner) {
                            sheet.put(&format!("{role}.identifier.{kind}"), &cell(value));
                        }
                    }
                    ("owners", Value::Array(all)) => {
                        sheet.put(&format!("{role}.owners"), &owners(all))
                    }
                    (name, value) => sheet.put(&format!("{role}.{name}"), &cell(value)),
                }
            }
        }
        for part in ["end_use", "knowledge"] {
            for (name, value) in fields(&transfer[part]) {
                let column = batch::column_of_field(&format!("{part}.{name}")).unwrap_or(name);
                sheet.put(column, &cell(value));
            }
        }
        for (key, value) in fields(&transfer["facts"]) {
            sheet.put(&format!("fact.{key}"), &cell(value));
        }
        sheet
    }

    /// What stands in a field; empty when nobody has said.
    pub(crate) fn get(&self, column: &str) -> &str {
        self.cells.get(column).map_or("", String::as_str)
    }

    /// Whether a list field holds a word.
    pub(crate) fn holds(&self, column: &str, word: &str) -> bool {
        self.get(column)
            .split(';')
            .any(|each| each.trim().eq_ignore_ascii_case(word))
    }

    /// Writes a field; an empty text takes it away.
    pub(crate) fn put(&mut self, column: &str, value: &str) {
        if value.is_empty() {
            self.cells.remove(column);
        } else {
            self.cells.insert(column.to_owned(), value.to_owned());
        }
    }

    /// Whether nobody has said anything.
    pub(crate) fn is_empty(&self) -> bool {
        self.cells.is_empty()
    }

    /// Every column that holds something, by name.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (&str, &str)> {
        self.cells
            .iter()
            .map(|(column, value)| (column.as_str(), value.as_str()))
    }

    /// As one row of the table form, header first.
    pub(crate) fn table(&self) -> String {
        let quoted = |text: &str| {
            let line = text.replace(['\r', '\n'], " ");
            format!("\"{}\"", line.replace('"', "\"\""))
        };
        let header: Vec<String> = self.cells.keys().map(|name| quoted(name)).collect();
        let row: Vec<String> = self.cells.values().map(|value| quoted(value)).collect();
        format!("{}\n{}\n", header.join(","), row.join(","))
    }

    /// The transfer, or each field that cannot be read.
    pub(crate) fn transfer(
        &self,
        assessor: &Assessor,
        places: &Arc<Places>,
    ) -> Result<Transfer, Vec<Fault>> {
        if self.is_empty() {
            return Ok(Transfer::default());
        }
        let mut read = read_rows(&self.table(), assessor, places)?;
        match read.pop() {
            Some(Ok(transfer)) => Ok(transfer),
            Some(Err(rejects)) => Err(rejects.into_iter().map(Fault::from).collect()),
            None => Ok(Transfer::default()),
        }
    }
}

fn fields(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// A value as a cell of the table form has it.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Value::String(text) => text.clone(),
        Value::Array(all) if all.is_empty() => "none".to_owned(),
        Value::Array(all) => all.iter().map(cell).collect::<Vec<_>>().join("; "),
        // A red flag, or what an authority wrote.
        Value::Object(own) => match (own.get("flag"), own.get("resolved_by")) {
            (Some(flag), Some(by)) => format!("{} => {}", cell(flag), cell(by)),
            (Some(flag), None) => cell(flag),
            _ => "yes".to_owned(),
        },
        other => other.to_string(),
    }
}

fn owners(all: &[Value]) -> String {
    let one = |owner: &Value| match owner["share"].as_str() {
        Some(share) => format!("{} ({share})", cell(&owner["name"])),
        None => cell(&owner["name"]),
    };
    let all: Vec<String> = all.iter().map(one).collect();
    if all.is_empty() {
        "none".to_owned()
    } else {
        all.join("; ")
    }
}

/// What stands in a row: a transfer, or what is wrong with it.
pub(crate) type Row = Result<Transfer, Vec<Reject>>;

/// Reads rows as the batches do: CSV with a header, or JSON, one object a line.
///
/// # Errors
/// What is wrong with all of it: no header, columns that nobody knows.
pub(crate) fn read_rows(
    text: &str,
    assessor: &Assessor,
    places: &Arc<Places>,
) -> Result<Vec<Row>, Vec<Fault>> {
    let whole = |problem: String| Fault {
        column: String::new(),
        found: String::new(),
        problem,
        cure: String::new(),
    };
    let stream = Box::new(Cursor::new(text.as_bytes().to_vec()));
    let opened = batch::from_stream("form", stream, None, Limits::default(), places.clone());
    let (mut reader, decoder) = match opened {
        Ok(opened) => opened,
        Err(batch::OpenError::Columns { faults, .. }) => {
            return Err(faults
                .into_iter()
                .map(|fault| Fault {
                    column: fault.name.clone(),
                    found: String::new(),
                    problem: format!("column {}: {}", fault.number, fault.problem),
                    cure: fault.cure,
                })
                .collect());
        }
        Err(error) => return Err(vec![whole(error.to_string().replace("form: ", ""))]),
    };
    let unknown = crate::lawbook::unknown_columns(&decoder, assessor);
    if !unknown.is_empty() {
        return Err(unknown.into_iter().map(whole).collect());
    }
    let mut rows = Vec::new();
    loop {
        match reader.next_raw() {
            Some(Ok(raw)) => rows.push(decoder.decode(&raw)),
            Some(Err(reject)) => rows.push(Err(vec![reject])),
            None => return Ok(rows),
        }
    }
}

impl From<Reject> for Fault {
    fn from(reject: Reject) -> Fault {
        Fault {
            column: reject.column.unwrap_or_default(),
            found: reject.cell.unwrap_or_default(),
            problem: reject.problem,
            cure: reject.cure,
        }
    }
}

impl From<FieldError> for Fault {
    fn from(error: FieldError) -> Fault {
        Fault {
            column: column_of_path(&error.path),
            found: error.found,
            problem: error.problem,
            cure: error.cure,
        }
    }
}

/// Facts that have a column of another name.
const COLUMNS: &[(&str, &str)] = &[
    ("act", "kind"),
    ("contract.signed", "contract_signed"),
    ("licence.issued", "licence_issued"),
    ("parties", "end_user"),
    ("recipient.nationality", "recipient.nationalities"),
    ("recipient.residence", "recipient.permanent_resident_of"),
    ("end_use.uses", "uses"),
    ("exporter.knows", "exporter_knows"),
    ("exporter.suspects", "grounds_to_suspect"),
    ("exporter.informed", "informed_by_authority"),
    ("item.form", "form"),
    ("item.kind", "item_kind"),
    ("item.origin", "origin"),
    ("item.us_content", "us_content"),
    ("item.made_with_us_technology", "made_with.us_technology"),
    ("item.published", "published"),
    ("item.fundamental_research", "fundamental_research"),
    ("item", "code"),
    ("licence.authorities", "licence_authority"),
];

/// Facts whose column has the fact's own name.
const SAME: &[&str] = &[
    "date",
    "delivery",
    "departure",
    "from",
    "to",
    "exporter.country",
    "exporter.type",
    "consignee.country",
    "end_user.country",
    "end_user.type",
    "recipient.field_of_study",
];

/// The column that a fact is stated in.
pub(crate) fn column_of(fact: &str) -> String {
    if let Some((_, column)) = COLUMNS.iter().find(|(each, _)| *each == fact) {
        return (*column).to_owned();
    }
    let family = ["property.", "fact.", "made_with."];
    if SAME.contains(&fact) || family.iter().any(|each| fact.starts_with(each)) {
        return fact.to_owned();
    }
    match fact.strip_prefix("item.") {
        Some(name) if name != "listed" => format!("property.{name}"),
        _ => format!("fact.{fact}"),
    }
}

/// The column behind a path of the JSON form: `lines[0].item.properties.range` is `property.range`.
fn column_of_path(path: &str) -> String {
    let path = path.strip_prefix("lines[0].").unwrap_or(path);
    for (start, family) in [
        ("item.properties.", "property."),
        ("properties.", "property."),
        ("item.made_with.", "made_with."),
        ("facts.", "fact."),
    ] {
        if let Some(name) = path.strip_prefix(start) {
            return format!("{family}{name}");
        }
    }
    batch::column_of_field(path).map_or_else(|| column_of(path), str::to_owned)
}

/// The control that a fact asks for.
pub(crate) enum Control {
    /// Yes, no, not known.
    YesNo,
    /// One of these: word and label.
    One(Vec<(String, String)>),
    /// Any of these.
    Many(Vec<(String, String)>),
    /// Written, with a hint; the name of a list of suggestions where there is one.
    Text { hint: String, list: &'static str },
}

/// Which control a fact asks for.
pub(crate) fn control_of(vocabulary: &Vocabulary, fact: &str) -> Control {
    let text = |hint: &str, list| Control::Text {
        hint: hint.to_owned(),
        list,
    };
    let Some(id) = vocabulary.fact(fact) else {
        return match fact {
            "item" | "item.listed" => text("the control list entry, or none", ""),
            _ => text("", ""),
        };
    };
    let fact = vocabulary.get(id);
    match fact.domain {
        Domain::YesNo => Control::YesNo,
        Domain::Words(list) => {
            let words = vocabulary
                .lists
                .get(list)
                .map_or(&[][..], |list| &list.words);
            let words = words
                .iter()
                .map(|word| (word.word.clone(), word.label.clone()))
                .collect();
            if fact.many {
                Control::Many(words)
            } else {
                Control::One(words)
            }
        }
        Domain::Kinds => text("a kind of item, such as gyroscope", "kinds"),
        Domain::Countries if fact.many => text("countries, separated by ;", "countries"),
        Domain::Countries => text("a country", "countries"),
        Domain::Quantity(_) => Control::Text {
            hint: format!(
                "with its unit, such as 300 {}; “at least 300” and “250..400” are understood",
                fact.unit.name()
            ),
            list: "",
        },
        Domain::Date => text("year-month-day", ""),
        Domain::Curve => text("payload and range pairs, such as 500 kg: 300 km", ""),
        Domain::Parties => text("a name", ""),
    }
}
