//! The JSON form of a transfer: one object, field by field, as the public contract has it.
//!
//! Strict: a field that is not known, a value of another type and a name that stands twice are errors,
//! each with the path of the field. What is left out, `null` or an empty text is not known. Numbers keep
//! the figures they were written with.
//!
//! To add a field: one name in the list of its object, one arm in the function below it.

pub(crate) mod party;
mod value;
mod walk;

use std::borrow::Cow;

use catchall_model::{
    Given, Informed, Item, Knowledge, LicenceHeld, Line, Owner, Party, RedFlag, Transfer,
};
use serde_json::value::RawValue;

use self::value::{Fields, Value};
use self::walk::Walk;
use super::Decoded;
use super::complaint::{Complaint, Fault, Known, When, amount, show};
use super::raw::{SAVE_AS_UTF_8, deeper_than};
use super::words::{CODE_SOURCES, FORMS, KINDS, ROLES, TYPES, yes_no};

/// The version of the form that this file reads.
const SCHEMA: &str = "catchall.transfer/1";

/// Brackets in brackets, at most: owners of owners of owners use two a layer.
const DEEPEST: usize = 64;

/// The fields of a transfer, in the order of the contract.
pub const TRANSFER: &[&str] = &[
    "schema",
    "id",
    "kind",
    "date",
    "dates",
    "from",
    "via",
    "to",
    "jurisdictions",
    "parties",
    "lines",
    "end_use",
    "knowledge",
    "licences",
    "facts",
    "evidence",
];
const DATES: &[&str] = &["contract_signed", "licence_issued", "delivery", "departure"];
const PARTY: &[&str] = &[
    "role",
    "name",
    "names",
    "type",
    "country",
    "nationalities",
    "permanent_resident_of",
    "born",
    "identifiers",
    "address",
    "institution",
    "field_of_study",
    "owners",
];
const OWNER: &[&str] = &["name", "share", "owners"];
const LINE: &[&str] = &["item", "quantity", "value"];
const ITEM: &[&str] = &[
    "description",
    "form",
    "kind",
    "codes",
    "code_source",
    "properties",
    "origin",
    "us_content",
    "made_with",
    "hs_code",
    "published",
    "fundamental_research",
];
const END_USE: &[&str] = &["statement", "uses", "site", "project"];
const KNOWLEDGE: &[&str] = &[
    "informed_by_authority",
    "exporter_knows",
    "grounds_to_suspect",
    "red_flags",
];
const INFORMED: &[&str] = &["by", "date", "of"];
const RED_FLAG: &[&str] = &["flag", "resolved_by"];
const LICENCE: &[&str] = &["id", "authority", "expires", "balance", "against"];

/// Where a name belongs that stands in the wrong object.
fn home_of(name: &str) -> Option<&'static str> {
    let homes: &[(&str, &[&str])] = &[
        ("dates", DATES),
        ("lines[]", LINE),
        ("lines[].item", ITEM),
        ("end_use", END_USE),
        ("knowledge", KNOWLEDGE),
        ("parties[]", PARTY),
        ("licences[]", LICENCE),
    ];
    homes
        .iter()
        .find(|(_, fields)| fields.contains(&name))
        .map(|(home, _)| *home)
}

const TEXT: &str = "write it in `\"`";
const TEXTS: &str = "write texts as `[\"...\", \"...\"]`, and `[]` when there are none";
const USES: &str =
    "write uses as `[\"missile\", \"nuclear\"]`, and `[]` when there are none of those";

/// Reads one record; `row` stands in for an id that is not given.
pub(crate) fn transfer<'b>(known: &Known, bytes: &'b [u8], row: u64) -> Decoded<'b> {
    let (text, fields) = match record(bytes, "transfer") {
        Ok(record) => record,
        Err(complaint) => return (Err(vec![complaint]), None),
    };
    let mut walk = Walk::new(known);
    walk.each_once(&fields, text);
    let mut read = read_transfer(&mut walk, fields);
    if walk.complaints.is_empty() {
        if read.id.is_empty() {
            read.id = row.to_string();
        }
        (Ok(read), None)
    } else {
        (Err(walk.complaints), Some(Cow::Owned(read.id)))
    }
}

/// The text of a record and its fields: checked as a whole, and not yet understood. `what` it is to be, for messages.
fn record<'b>(bytes: &'b [u8], what: &str) -> Result<(&'b str, Fields<'b>), Complaint> {
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let place = error.valid_up_to();
        let byte = bytes.get(place).copied().unwrap_or_default();
        let problem = format!(
            "byte {} of the record (0x{byte:02X}) is not UTF-8",
            place + 1
        );
        let around = place.saturating_sub(20)..bytes.len().min(place + 20);
        let near = String::from_utf8_lossy(bytes.get(around).unwrap_or_default());
        with_text(Fault::new(problem, SAVE_AS_UTF_8), &near)
    })?;
    if deeper_than(bytes, DEEPEST) {
        let problem = format!("brackets lie more than {DEEPEST} deep in one another");
        let cure = format!("take the inner objects apart; no field of a {what} needs that");
        return Err(with_text(Fault::new(problem, cure), text));
    }
    let fields = value::record(text, what).map_err(|fault| with_text(fault, text))?;
    Ok((text, fields))
}

fn with_text(fault: Fault, text: &str) -> Complaint {
    Complaint {
        column: None,
        cell: Some(show(text, 80)),
        fault,
    }
}

fn read_transfer<'a>(walk: &mut Walk<'_>, fields: Fields<'a>) -> Transfer {
    let mut transfer = Transfer::default();
    for (field, value) in walk.known(fields, TRANSFER) {
        let name = TRANSFER.get(field).copied().unwrap_or_default();
        walk.within(name, |walk| match name {
            "schema" => schema(walk, value),
            "id" => transfer.id = walk.text_or_number(value, "write the key as a text or a number").unwrap_or_default(),
            "kind" => transfer.kind = walk.word(value, KINDS),
            "date" => transfer.date = walk.day(value),
            "dates" => dates(walk, value, &mut transfer),
            "from" => transfer.from = walk.country(value),
            "via" => transfer.via = walk.countries(value),
            "to" => transfer.to = walk.country(value),
            "jurisdictions" => {
                let cure = "write jurisdictions as `[\"us\", \"-eu\"]`";
                transfer.jurisdictions = walk.list(value, cure, |walk, each| walk.key(each, cure)).unwrap_or_default();
            }
            "parties" => {
                let cure = "write parties as `[{\"role\": \"end_user\", \"name\": \"...\"}]`, and `[]` when there are none";
                transfer.parties = walk.list(value, cure, party);
            }
            "lines" => {
                let cure = "write lines as `[{\"item\": {...}, \"quantity\": \"22 t\"}]`";
                transfer.lines = walk.list(value, cure, |walk, each| Some(line(walk, each))).unwrap_or_default();
            }
            "end_use" => end_use(walk, value, &mut transfer),
            "knowledge" => transfer.knowledge = knowledge(walk, value),
            "licences" => {
                let cure = "write licences as `[{\"id\": \"...\", \"authority\": \"...\"}]`";
                transfer.licences = walk.list(value, cure, licence).unwrap_or_default();
            }
            "facts" => transfer.facts.extend(walk.named_values(value)),
            "evidence" => {
                let cure = "write where the value came from as one text, for example `\"orders.csv line 2\"`";
                transfer.evidence = walk.named_texts(value, cure);
            }
            _ => {}
        });
    }
    transfer
}

fn schema(walk: &mut Walk<'_>, raw: &RawValue) {
    const CURE: &str = "write `\"catchall.transfer/1\"`, or leave the field out";
    if let Some(text) = walk.text(raw, CURE)
        && text != SCHEMA
    {
        walk.complain(
            &text,
            Fault::new(
                format!("`{}` is another form than this one", show(&text, 40)),
                CURE,
            ),
        );
    }
}

fn dates(walk: &mut Walk<'_>, raw: &RawValue, transfer: &mut Transfer) {
    for (field, value) in walk.fields(raw, DATES) {
        let name = DATES.get(field).copied().unwrap_or_default();
        let (at, fact) = match name {
            "contract_signed" => (&mut transfer.dates.contract_signed, "contract.signed"),
            "licence_issued" => (&mut transfer.dates.licence_issued, "licence.issued"),
            "delivery" => (&mut transfer.dates.delivery, "delivery"),
            _ => (&mut transfer.dates.departure, "departure"),
        };
        match walk.within(name, |walk| walk.when(value)) {
            Some(When::Day(day)) => *at = Some(day),
            Some(When::Between(days)) => transfer.facts.push((fact.to_owned(), Given::Text(days))),
            None => {}
        }
    }
}

fn party(walk: &mut Walk<'_>, raw: &RawValue) -> Option<Party> {
    let mut party = Party::default();
    let mut has_role = false;
    for (field, value) in walk.fields(raw, PARTY) {
        let name = PARTY.get(field).copied().unwrap_or_default();
        has_role |= name == "role";
        party_field(walk, name, value, &mut party);
    }
    if !has_role && matches!(Value::of(raw), Value::Object(_)) {
        let cure = format!("add `\"role\"`, one of `{}`", ROLES.join("`, `"));
        walk.complain(raw.get(), Fault::new("this party has no role", cure));
    }
    Some(party)
}

fn party_field(walk: &mut Walk<'_>, name: &str, value: &RawValue, party: &mut Party) {
    walk.within(name, |walk| match name {
        "role" => party.role = walk.word(value, ROLES).unwrap_or_default(),
        "name" => party.name = walk.name(value),
        "names" => party.names = walk.texts(value, TEXTS).unwrap_or_default(),
        "type" => party.kind = walk.word(value, TYPES),
        "country" => party.country = walk.country(value),
        "nationalities" => party.nationalities = walk.countries(value),
        "permanent_resident_of" => party.permanent_resident_of = walk.countries(value),
        "born" => party.born = walk.day(value),
        "identifiers" => party.identifiers = identifiers(walk, value),
        "address" => party.address = walk.text(value, TEXT),
        "institution" => party.institution = walk.text(value, TEXT),
        "field_of_study" => party.field_of_study = walk.text(value, TEXT),
        "owners" => party.owners = walk.list(value, OWNERS, owner),
        _ => {}
    });
}

const OWNERS: &str =
    "write owners as `[{\"name\": \"...\", \"share\": \"60 %\"}]`, and `[]` when there are none";

fn identifiers(walk: &mut Walk<'_>, raw: &RawValue) -> Vec<(String, String)> {
    let mut identifiers = Vec::new();
    for (kind, value) in walk.pairs(raw) {
        let text = walk.within(&kind, |walk| {
            walk.key(
                value,
                "write an identifier in `\"`, so that it keeps its leading zeros",
            )
        });
        identifiers.extend(text.map(|text| (kind.into_owned(), text)));
    }
    identifiers
}

fn owner(walk: &mut Walk<'_>, raw: &RawValue) -> Option<Owner> {
    let mut owner = Owner::default();
    for (field, value) in walk.fields(raw, OWNER) {
        let name = OWNER.get(field).copied().unwrap_or_default();
        walk.within(name, |walk| match name {
            "name" => owner.name = walk.name(value).unwrap_or_default(),
            "share" => {
                owner.share = walk.text(
                    value,
                    "write a share as `\"60 %\"`, `\"at least 25 %\"` or `\"unknown\"`",
                )
            }
            _ => owner.owners = walk.list(value, OWNERS, self::owner).unwrap_or_default(),
        });
    }
    if owner.name.is_empty() && matches!(Value::of(raw), Value::Object(_)) {
        walk.complain(
            raw.get(),
            Fault::new(
                "this owner has no name",
                "add `\"name\"`, or take the owner out",
            ),
        );
    }
    Some(owner)
}

fn line(walk: &mut Walk<'_>, raw: &RawValue) -> Line {
    let mut line = Line::default();
    for (field, value) in walk.fields(raw, LINE) {
        let name = LINE.get(field).copied().unwrap_or_default();
        walk.within(name, |walk| match name {
            "item" => line.item = item(walk, value),
            "quantity" => line.quantity = measured(walk, value, "write a quantity as `\"22 t\"`"),
            _ => line.value = measured(walk, value, "write a value as `\"17.3 million USD\"`"),
        });
    }
    line
}

/// A quantity or a value: text, and not less than nothing.
fn measured(walk: &mut Walk<'_>, raw: &RawValue, cure: &str) -> Option<String> {
    let text = walk.text_or_number(raw, cure)?;
    match amount(&text) {
        Ok(()) => Some(text),
        Err(fault) => {
            walk.complain(raw.get(), fault);
            None
        }
    }
}

fn item(walk: &mut Walk<'_>, raw: &RawValue) -> Item {
    let mut item = Item::default();
    for (field, value) in walk.fields(raw, ITEM) {
        let name = ITEM.get(field).copied().unwrap_or_default();
        walk.within(name, |walk| match name {
            "description" => item.description = walk.text(value, TEXT),
            "form" => item.form = walk.word(value, FORMS),
            "kind" => item.kind = walk.text(value, TEXT),
            "codes" => item.codes = codes(walk, value),
            "code_source" => item.code_source = walk.word(value, CODE_SOURCES),
            "properties" => item.properties = walk.named_values(value),
            "origin" => item.origin = walk.country(value),
            "us_content" => item.us_content = walk.given(value),
            "made_with" => item.made_with = walk.named_values(value),
            "hs_code" => {
                item.hs_code = walk.key(
                    value,
                    "write the tariff code in `\"`, so that it keeps its zeros",
                )
            }
            "published" => item.published = walk.yes_no(value),
            _ => item.fundamental_research = walk.yes_no(value),
        });
    }
    item
}

/// List and code, or list and codes.
fn codes(walk: &mut Walk<'_>, raw: &RawValue) -> Vec<(String, String)> {
    const CODE: &str = "write a code in `\"`, as in `{\"us\": \"5E002\"}`";
    let mut codes = Vec::new();
    for (list, value) in walk.pairs(raw) {
        walk.within(&list, |walk| match Value::of(value) {
            Value::List(_) => {
                let several = walk
                    .list(value, CODE, |walk, each| walk.key(each, CODE))
                    .unwrap_or_default();
                codes.extend(several.into_iter().map(|code| (list.to_string(), code)));
            }
            _ => codes.extend(walk.key(value, CODE).map(|code| (list.to_string(), code))),
        });
    }
    codes
}

fn end_use(walk: &mut Walk<'_>, raw: &RawValue, transfer: &mut Transfer) {
    for (field, value) in walk.fields(raw, END_USE) {
        let name = END_USE.get(field).copied().unwrap_or_default();
        let end_use = &mut transfer.end_use;
        walk.within(name, |walk| match name {
            "statement" => end_use.statement = walk.text(value, TEXT),
            "uses" => end_use.uses = walk.texts(value, USES),
            "site" => end_use.site = walk.text(value, TEXT),
            _ => end_use.project = walk.text(value, TEXT),
        });
    }
}

fn knowledge(walk: &mut Walk<'_>, raw: &RawValue) -> Knowledge {
    let mut knowledge = Knowledge::default();
    for (field, value) in walk.fields(raw, KNOWLEDGE) {
        let name = KNOWLEDGE.get(field).copied().unwrap_or_default();
        walk.within(name, |walk| match name {
            "informed_by_authority" => knowledge.informed_by_authority = informed(walk, value),
            "exporter_knows" => knowledge.exporter_knows = walk.texts(value, USES),
            "grounds_to_suspect" => knowledge.grounds_to_suspect = walk.texts(value, USES),
            _ => {
                let cure = "write red flags as `[{\"flag\": \"...\", \"resolved_by\": \"...\"}]`, and `[]` when there are none";
                knowledge.red_flags = walk.list(value, cure, red_flag);
            }
        });
    }
    knowledge
}

fn informed(walk: &mut Walk<'_>, raw: &RawValue) -> Option<Informed> {
    let told = |is| Informed {
        is,
        ..Informed::default()
    };
    match Value::of(raw) {
        Value::YesNo(is) => Some(told(is)),
        Value::Object(_) => {
            let mut informed = told(true);
            for (field, value) in walk.fields(raw, INFORMED) {
                let name = INFORMED.get(field).copied().unwrap_or_default();
                walk.within(name, |walk| match name {
                    "by" => informed.by = walk.text(value, TEXT),
                    "date" => informed.date = walk.day(value),
                    _ if matches!(Value::of(value), Value::List(_)) => {
                        let uses = walk.texts(value, USES).filter(|uses| !uses.is_empty());
                        informed.of = uses.map(|uses| uses.join("; "));
                    }
                    _ => informed.of = walk.text(value, TEXT),
                });
            }
            Some(informed)
        }
        other => {
            if matches!(other, Value::Text(_))
                && let said @ Some(_) = yes_no(&walk.text(raw, "")?)
            {
                return said.map(told);
            }
            let problem = format!(
                "true, false or an object is needed here, and {} stands here",
                other.kind()
            );
            let cure = "write `true`, `false` or `{\"by\": \"...\", \"date\": \"...\", \"of\": \"missile\"}`";
            walk.complain(other.written(), Fault::new(problem, cure));
            None
        }
    }
}

fn red_flag(walk: &mut Walk<'_>, raw: &RawValue) -> Option<RedFlag> {
    let mut flag = RedFlag::default();
    for (field, value) in walk.fields(raw, RED_FLAG) {
        let name = RED_FLAG.get(field).copied().unwrap_or_default();
        walk.within(name, |walk| match name {
            "flag" => flag.flag = walk.text(value, TEXT).unwrap_or_default(),
            _ => flag.resolved_by = walk.text(value, TEXT),
        });
    }
    if flag.flag.is_empty() && matches!(Value::of(raw), Value::Object(_)) {
        walk.complain(
            raw.get(),
            Fault::new(
                "this red flag does not say what it is",
                "add `\"flag\"` with what was noticed",
            ),
        );
    }
    Some(flag)
}

fn licence(walk: &mut Walk<'_>, raw: &RawValue) -> Option<LicenceHeld> {
    let mut licence = LicenceHeld::default();
    for (field, value) in walk.fields(raw, LICENCE) {
        let name = LICENCE.get(field).copied().unwrap_or_default();
        walk.within(name, |walk| match name {
            "id" => {
                licence.id = walk.key(value, "write the number of the licence in `\"`");
            }
            "authority" => licence.authority = walk.text(value, TEXT),
            "expires" => licence.expires = walk.day(value),
            "against" => licence.against = walk.texts(value, TEXTS).unwrap_or_default(),
            _ => licence.balance = walk.text_or_number(value, "write what is left as `\"20 t\"`"),
        });
    }
    let told = licence.id.is_some() || licence.authority.is_some();
    if !told && matches!(Value::of(raw), Value::Object(_)) {
        walk.complain(
            raw.get(),
            Fault::new(
                "this licence has no number and names no authority",
                "add `\"id\"`, or `\"authority\"` with the exception that is claimed, or take the licence out",
            ),
        );
    }
    Some(licence)
}
