//! Given: a transfer as the JSON of the contract, for the ledger; and what such a document states, field by field, for people.
//!
//! The other way than `batch/json.rs`: what a form or a table said is kept in the form that a replay reads. What nobody has said
//! is left out, and an empty list stays an empty list. A new field of a transfer: one line here, and the test below knows.

use catchall_model::{Country, Day, Given, Item, Line, Owner, Party, Transfer};
use serde_json::{Map, Value, json};

/// What a document states, field by field, for people: each path (`lines[0].item.form`) with its value in words. What nobody has said
/// stays out; an empty list is a statement, and says none.
pub fn stated(document: &Value) -> Vec<(String, String)> {
    let mut rows = Vec::new();
    state(document, String::new(), &mut rows);
    rows
}

fn state(value: &Value, path: String, rows: &mut Vec<(String, String)>) {
    match value {
        Value::Null => {}
        Value::String(said) if said.is_empty() => {}
        Value::Object(fields) => {
            for (name, inner) in fields {
                let under = match path.as_str() {
                    "" => name.clone(),
                    path => format!("{path}.{name}"),
                };
                state(inner, under, rows);
            }
        }
        Value::Array(all) if all.iter().any(|each| each.is_object() || each.is_array()) => {
            for (place, inner) in all.iter().enumerate() {
                state(inner, format!("{path}[{place}]"), rows);
            }
        }
        Value::Array(all) if all.is_empty() => rows.push((path, "none".to_owned())),
        Value::Array(all) => {
            let said: Vec<String> = all.iter().map(in_words).collect();
            rows.push((path, said.join("; ")));
        }
        other => rows.push((path, in_words(other))),
    }
}

/// A single value in words: text as it is, yes and no.
pub fn in_words(value: &Value) -> String {
    match value {
        Value::String(said) => said.clone(),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    }
}

/// The transfer as JSON; reading it gives the same transfer.
pub fn to_json(transfer: &Transfer) -> Value {
    let mut made = Map::new();
    made.insert("schema".to_owned(), json!("catchall.transfer/1"));
    put(
        &mut made,
        "id",
        (!transfer.id.is_empty()).then(|| json!(transfer.id)),
    );
    put(
        &mut made,
        "kind",
        transfer.kind.as_ref().map(|kind| json!(kind)),
    );
    put(&mut made, "date", transfer.date.map(day));
    let dates = &transfer.dates;
    let mut own = Map::new();
    for (name, at) in [
        ("contract_signed", dates.contract_signed),
        ("licence_issued", dates.licence_issued),
        ("delivery", dates.delivery),
        ("departure", dates.departure),
    ] {
        put(&mut own, name, at.map(day));
    }
    put(
        &mut made,
        "dates",
        (!own.is_empty()).then_some(Value::Object(own)),
    );
    put(&mut made, "from", transfer.from.map(country));
    put(&mut made, "via", transfer.via.as_deref().map(countries));
    put(&mut made, "to", transfer.to.map(country));
    put(&mut made, "jurisdictions", list(&transfer.jurisdictions));
    put(
        &mut made,
        "parties",
        transfer
            .parties
            .as_ref()
            .map(|all| all.iter().map(party).collect()),
    );
    let lines: Vec<Value> = transfer.lines.iter().map(line).collect();
    put(
        &mut made,
        "lines",
        (!lines.is_empty()).then_some(Value::Array(lines)),
    );
    put(&mut made, "end_use", end_use(transfer));
    put(&mut made, "knowledge", knowledge(transfer));
    let licences: Vec<Value> = transfer
        .licences
        .iter()
        .map(|held| {
            let mut own = Map::new();
            put(&mut own, "id", held.id.as_ref().map(|text| json!(text)));
            put(
                &mut own,
                "authority",
                held.authority.as_ref().map(|text| json!(text)),
            );
            put(&mut own, "expires", held.expires.map(day));
            put(
                &mut own,
                "balance",
                held.balance.as_ref().map(|text| json!(text)),
            );
            // What its keeper said against it: without it a replay would take it for cover.
            put(&mut own, "against", list(&held.against));
            Value::Object(own)
        })
        .collect();
    put(
        &mut made,
        "licences",
        (!licences.is_empty()).then_some(Value::Array(licences)),
    );
    put(&mut made, "facts", named(&transfer.facts));
    let evidence: Map<String, Value> = transfer
        .evidence
        .iter()
        .map(|(path, from)| (path.clone(), json!(from)))
        .collect();
    put(
        &mut made,
        "evidence",
        (!evidence.is_empty()).then_some(Value::Object(evidence)),
    );
    Value::Object(made)
}

fn put(into: &mut Map<String, Value>, name: &str, value: Option<Value>) {
    if let Some(value) = value {
        into.insert(name.to_owned(), value);
    }
}

fn day(day: Day) -> Value {
    json!(day.to_string())
}

fn country(country: Country) -> Value {
    json!(country.code())
}

fn countries(all: &[Country]) -> Value {
    all.iter().copied().map(country).collect()
}

fn list(all: &[String]) -> Option<Value> {
    (!all.is_empty()).then(|| json!(all))
}

fn given(given: &Given) -> Value {
    match given {
        Given::YesNo(yes) => json!(yes),
        // Figures keep the letters they were written with.
        Given::Number(text) => serde_json::from_str(text)
            .ok()
            .filter(|value: &Value| matches!(value, Value::Number(number) if number.to_string().as_str() == text))
            .unwrap_or_else(|| json!(text)),
        Given::Text(text) => json!(text),
        Given::List(all) => all.iter().map(self::given).collect(),
    }
}

fn named(all: &[(String, Given)]) -> Option<Value> {
    let made: Map<String, Value> = all
        .iter()
        .map(|(name, value)| (name.clone(), given(value)))
        .collect();
    (!made.is_empty()).then_some(Value::Object(made))
}

fn party(party: &Party) -> Value {
    let mut made = Map::new();
    let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
    put(&mut made, "role", Some(json!(party.role)));
    put(&mut made, "name", text(&party.name));
    put(&mut made, "names", list(&party.names));
    put(&mut made, "type", text(&party.kind));
    put(&mut made, "country", party.country.map(country));
    put(
        &mut made,
        "nationalities",
        party.nationalities.as_deref().map(countries),
    );
    put(
        &mut made,
        "permanent_resident_of",
        party.permanent_resident_of.as_deref().map(countries),
    );
    put(&mut made, "born", party.born.map(day));
    let identifiers: Map<String, Value> = party
        .identifiers
        .iter()
        .map(|(kind, value)| (kind.clone(), json!(value)))
        .collect();
    put(
        &mut made,
        "identifiers",
        (!identifiers.is_empty()).then_some(Value::Object(identifiers)),
    );
    put(&mut made, "address", text(&party.address));
    put(&mut made, "institution", text(&party.institution));
    put(&mut made, "field_of_study", text(&party.field_of_study));
    put(
        &mut made,
        "owners",
        party
            .owners
            .as_ref()
            .map(|all| all.iter().map(owner).collect()),
    );
    Value::Object(made)
}

fn owner(owner: &Owner) -> Value {
    let mut made = Map::new();
    put(&mut made, "name", Some(json!(owner.name)));
    put(
        &mut made,
        "share",
        owner.share.as_ref().map(|share| json!(share)),
    );
    let owners: Vec<Value> = owner.owners.iter().map(self::owner).collect();
    put(
        &mut made,
        "owners",
        (!owners.is_empty()).then_some(Value::Array(owners)),
    );
    Value::Object(made)
}

fn line(line: &Line) -> Value {
    let mut made = Map::new();
    put(&mut made, "item", Some(item(&line.item)));
    put(
        &mut made,
        "quantity",
        line.quantity.as_ref().map(|text| json!(text)),
    );
    put(
        &mut made,
        "value",
        line.value.as_ref().map(|text| json!(text)),
    );
    Value::Object(made)
}

fn item(item: &Item) -> Value {
    let mut made = Map::new();
    let text = |text: &Option<String>| text.as_ref().map(|text| json!(text));
    put(&mut made, "description", text(&item.description));
    put(&mut made, "form", text(&item.form));
    put(&mut made, "kind", text(&item.kind));
    let codes: Map<String, Value> = item
        .codes
        .iter()
        .map(|(list, code)| (list.clone(), json!(code)))
        .collect();
    put(
        &mut made,
        "codes",
        (!codes.is_empty()).then_some(Value::Object(codes)),
    );
    put(&mut made, "code_source", text(&item.code_source));
    put(&mut made, "properties", named(&item.properties));
    put(&mut made, "origin", item.origin.map(country));
    put(&mut made, "us_content", item.us_content.as_ref().map(given));
    put(&mut made, "made_with", named(&item.made_with));
    put(&mut made, "hs_code", text(&item.hs_code));
    put(&mut made, "published", item.published.map(|yes| json!(yes)));
    put(
        &mut made,
        "fundamental_research",
        item.fundamental_research.map(|yes| json!(yes)),
    );
    Value::Object(made)
}

fn end_use(transfer: &Transfer) -> Option<Value> {
    let own = &transfer.end_use;
    let mut made = Map::new();
    put(
        &mut made,
        "statement",
        own.statement.as_ref().map(|text| json!(text)),
    );
    put(&mut made, "uses", own.uses.as_ref().map(|uses| json!(uses)));
    put(&mut made, "site", own.site.as_ref().map(|text| json!(text)));
    put(
        &mut made,
        "project",
        own.project.as_ref().map(|text| json!(text)),
    );
    (!made.is_empty()).then_some(Value::Object(made))
}

fn knowledge(transfer: &Transfer) -> Option<Value> {
    let own = &transfer.knowledge;
    let mut made = Map::new();
    put(
        &mut made,
        "informed_by_authority",
        own.informed_by_authority.as_ref().map(|informed| {
            let mut said = Map::new();
            put(
                &mut said,
                "by",
                informed.by.as_ref().map(|text| json!(text)),
            );
            put(&mut said, "date", informed.date.map(day));
            put(
                &mut said,
                "of",
                informed.of.as_ref().map(|text| json!(text)),
            );
            if said.is_empty() || !informed.is {
                json!(informed.is)
            } else {
                Value::Object(said)
            }
        }),
    );
    put(
        &mut made,
        "exporter_knows",
        own.exporter_knows.as_ref().map(|uses| json!(uses)),
    );
    put(
        &mut made,
        "grounds_to_suspect",
        own.grounds_to_suspect.as_ref().map(|uses| json!(uses)),
    );
    put(
        &mut made,
        "red_flags",
        own.red_flags.as_ref().map(|all| {
            all.iter()
                .map(|flag| match &flag.resolved_by {
                    None => json!({ "flag": flag.flag }),
                    Some(by) => json!({ "flag": flag.flag, "resolved_by": by }),
                })
                .collect()
        }),
    );
    (!made.is_empty()).then_some(Value::Object(made))
}

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::Arc;

    use catchall_model::Transfer;
    use serde_json::Value;

    use super::to_json;
    use crate::batch::{self, Decoder, Limits, Raw, RawRecord};
    use crate::load;

    /// Every transfer of the example, the demonstration and the corpus comes back as it was.
    #[test]
    fn what_is_written_is_read_as_the_same_transfer() {
        let places = Arc::new(load::load(None).unwrap().places);
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let json = Decoder::of_json("again", places.clone());
        let decoded = |text: String| {
            let record = RawRecord::Json(text.into_bytes());
            json.decode(&Raw {
                row: 1,
                line: None,
                record,
            })
        };
        let mut transfers: Vec<Transfer> = Vec::new();
        let table = root.join("examples/transfers.csv");
        let (mut reader, decoder) =
            batch::open(&table, None, Limits::default(), places.clone()).unwrap();
        while let Some(raw) = reader.next_raw() {
            transfers.push(decoder.decode(&raw.unwrap()).unwrap());
        }
        for file in [
            "data/desk/demo.jsonl",
            "corpus/transfers/history.jsonl",
            "corpus/transfers/modern.jsonl",
        ] {
            for line in std::fs::read_to_string(root.join(file)).unwrap().lines() {
                let mut row: Value = serde_json::from_str(line).unwrap();
                let own = row
                    .get_mut("transfer")
                    .map_or_else(|| serde_json::from_str(line).unwrap(), Value::take);
                transfers.extend(decoded(own.to_string()));
            }
        }
        for first in &transfers {
            let text = to_json(first).to_string();
            let again =
                decoded(text.clone()).unwrap_or_else(|rejects| panic!("{text}: {rejects:?}"));
            assert_eq!(*first, again, "{text}");
        }
        assert!(
            transfers.len() > 90,
            "only {} transfers were read",
            transfers.len()
        );
    }
}
