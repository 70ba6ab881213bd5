//! Flags: what accepted statements ask of a transfer. A question for a person, put among its red flags; never an outcome by itself.
//!
//! The preconditions stand in `catchall_report::graph::flag`; here the transfer is put into its words: the parties by whole names, the
//! technology that its items touch, its day. A flag that somebody has resolved stays resolved for as long as the evidence says the same.

use std::collections::BTreeSet;

use catchall_model::{Owner, RedFlag, Transfer};
use catchall_report::gazetteer::Gazetteers;
use catchall_report::graph::{Evidence, Level, Need, Question, Raised, evidence, flag, same};
use catchall_report::{Context, Reading};
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{Held, Rules};
use crate::given;

/// What accepted statements say of one party of a transfer.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// The party, as the transfer names it.
    pub party: String,
    /// Flag, watch or nothing, and why.
    pub raised: Raised,
    /// The evidence.
    pub evidence: Evidence,
    /// Statements that it stands on, by their ids in the ledger.
    pub statements: Vec<String>,
}

/// How the flags that come from here begin, so that they are found again.
const START: &str = "Accepted statements name";

fn text<'v>(value: &'v Value, field: &str) -> &'v str {
    value.get(field).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(value: &'v Value, field: &str) -> &'v [Value] {
    value
        .get(field)
        .and_then(Value::as_array)
        .map_or(&[], Vec::as_slice)
}

/// The names of a party, its own first.
fn names(party: &Value) -> Vec<&str> {
    std::iter::once(text(party, "name"))
        .chain(list(party, "names").iter().filter_map(Value::as_str))
        .filter(|name| !name.is_empty())
        .collect()
}

/// Parties of a transfer, and those who own them.
fn parties(transfer: &Value) -> Vec<&Value> {
    let mut all: Vec<&Value> = list(transfer, "parties").iter().collect();
    let mut at = 0;
    while let Some(party) = all.get(at).copied() {
        all.extend(list(party, "owners"));
        at += 1;
    }
    all
}

/// Whether a transfer names a party that a statement is about, or may be.
pub fn names_any(transfer: &Value, about: &[String]) -> bool {
    parties(transfer)
        .iter()
        .flat_map(|party| names(party))
        .any(|name| about.iter().any(|own| same(own, name)))
}

/// Weighs what is accepted for each party of a transfer; parties of which nothing is said are left out.
pub fn weigh(held: &Held, transfer: &Value, rules: &Rules, today: Date) -> Vec<Weighed> {
    let on = text(transfer, "date").parse().unwrap_or(today);
    weigh_on(held, transfer, rules, on)
}

fn weigh_on(held: &Held, transfer: &Value, rules: &Rules, on: Date) -> Vec<Weighed> {
    let Ok(words) = Gazetteers::built_in() else {
        return Vec::new();
    };
    let readings = held.accepted(Some(on));
    if readings.is_empty() {
        return Vec::new();
    }
    let technology = touched(transfer, &readings, rules);
    let mut found: Vec<Weighed> = Vec::new();
    for party in parties(transfer) {
        let Some(first) = names(party).first().copied() else {
            continue;
        };
        if found.iter().any(|own| own.party == first) {
            continue;
        }
        let best = names(party)
            .into_iter()
            .map(|name| {
                evidence(
                    &readings,
                    &Question::Party(name.to_owned()),
                    words,
                    Some(on),
                )
            })
            .find(|evidence| !evidence.claims.is_empty() || !evidence.answers.is_empty());
        let Some(evidence) = best else { continue };
        let statements = standing_on(held, &evidence);
        let need = Need {
            resolved: resolved(held, &statements, party),
            state: text(party, "type") == "government" || is_state(words, first),
            technology: technology.clone(),
            on,
            look_back: rules.look_back_days,
        };
        let raised = flag(&evidence, &need);
        found.push(Weighed {
            party: first.to_owned(),
            raised,
            evidence,
            statements,
        });
    }
    found
}

fn is_state(words: &Gazetteers, name: &str) -> bool {
    words
        .states
        .iter()
        .any(|state| state.names.iter().any(|own| same(own, name)))
}

/// The ids of the statements that evidence stands on.
fn standing_on(held: &Held, evidence: &Evidence) -> Vec<String> {
    let places = evidence.claims.iter().flat_map(|claim| &claim.places);
    let mut all: Vec<String> = places
        .filter_map(|place| {
            held.at(&place.sha256, &place.statement)
                .first()
                .map(|own| own.id.clone())
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Whether a person has identified this party beyond its name, in a statement that the evidence stands on.
fn resolved(held: &Held, statements: &[String], party: &Value) -> bool {
    let identifiers: Vec<&str> = party
        .get("identifiers")
        .and_then(Value::as_object)
        .map(|all| all.values().filter_map(Value::as_str).collect())
        .unwrap_or_default();
    let country = text(party, "country");
    statements
        .iter()
        .filter_map(|id| held.statements.get(id))
        .flat_map(|own| &own.identified)
        .any(|identified| {
            let number = identified.identifier.as_deref().unwrap_or_default();
            let own = number.rsplit(':').next().unwrap_or_default().trim();
            if !own.is_empty() && identifiers.iter().any(|each| each.trim() == own) {
                return true;
            }
            let here = identified
                .country
                .as_deref()
                .is_none_or(|own| country.is_empty() || own.eq_ignore_ascii_case(country));
            here && names(party).iter().any(|name| same(name, &identified.name))
        })
}

/// Technology of the readings that the items of the transfer touch: by their words, their codes or their use.
fn touched(transfer: &Value, readings: &[Reading], rules: &Rules) -> Vec<String> {
    let mut own: BTreeSet<String> = BTreeSet::new();
    let mut codes: Vec<String> = Vec::new();
    for line in list(transfer, "lines") {
        let item = line.get("item").unwrap_or(&Value::Null);
        let words = format!(
            "{}. {}.",
            text(item, "description"),
            text(item, "kind").replace('-', " ")
        );
        if let Ok(read) = catchall_report::read(words.as_bytes(), "text/plain", &Context::default())
        {
            own.extend(read.technology.into_iter().map(|each| each.id));
        }
        for (list, code) in item
            .get("codes")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            let code = code.as_str().unwrap_or_default();
            // Headings name their list before the number, as people do.
            let family = list.split([':', '-']).next().unwrap_or_default();
            codes.push(format!("{} {code}", family.to_uppercase()));
            codes.push(code.to_owned());
        }
    }
    let uses = transfer
        .get("end_use")
        .into_iter()
        .flat_map(|use_| list(use_, "uses"))
        .filter_map(Value::as_str);
    let headings: Vec<&str> = uses
        .filter_map(|word| rules.touches.get(word))
        .flatten()
        .map(String::as_str)
        .collect();
    for technology in readings.iter().flat_map(|reading| &reading.technology) {
        let by_code = technology.headings.iter().any(|heading| {
            codes
                .iter()
                .any(|code| begins(code, heading) || begins(heading, code))
        });
        let by_use = technology
            .headings
            .iter()
            .any(|heading| headings.iter().any(|own| begins(heading, own)));
        if by_code || by_use {
            own.insert(technology.id.clone());
        }
    }
    own.into_iter().collect()
}

/// Whether a heading stands below another: `MTCR 6.C.9` below `MTCR 6`, never `MTCR 19` below `MTCR 1`.
fn begins(whole: &str, start: &str) -> bool {
    !start.is_empty()
        && whole.strip_prefix(start).is_some_and(|rest| {
            let next = rest.chars().next();
            let digit = start
                .chars()
                .last()
                .is_some_and(|last| last.is_ascii_digit());
            !(digit && next.is_some_and(|next| next.is_ascii_digit()))
        })
}

/// Puts the questions among the transfer's red flags, and takes away those that the evidence no longer raises. Says whether anything
/// is different.
pub fn raise(held: &Held, transfer: &mut Value, rules: &Rules, today: Date) -> bool {
    let weighed = weigh(held, transfer, rules, today);
    let wanted: Vec<(String, &[String])> = weighed
        .iter()
        .filter(|own| own.raised.level == Level::Flag)
        .map(|own| (question(own), own.statements.as_slice()))
        .collect();
    let before = transfer.clone();
    let known = transfer
        .get("knowledge")
        .map_or(&[][..], |knowledge| list(knowledge, "red_flags"));
    let ours = |flag: &Value| text(flag, "flag").starts_with(START);
    let unsaid = if known.iter().any(ours) {
        note(transfer).ends_with(UNSAID)
    } else {
        is_absent(transfer)
    };
    let mut flags: Vec<Value> = known
        .iter()
        .filter(|flag| !ours(flag) || wanted.iter().any(|(own, _)| own == text(flag, "flag")))
        .cloned()
        .collect();
    for (says, _) in &wanted {
        if !flags.iter().any(|flag| text(flag, "flag") == says) {
            flags.push(json!({ "flag": says }));
        }
    }
    // "Nobody has said" and "none" are two answers: what was left out is left out again when nothing is asked any longer.
    let flags = (!flags.is_empty() || !unsaid).then_some(Value::Array(flags));
    put(transfer, "knowledge", "red_flags", flags);
    let ours = note(&before).is_empty() || note(&before).starts_with(NOTE);
    if !wanted.is_empty() && ours {
        let ids: Vec<&str> = wanted
            .iter()
            .flat_map(|(_, ids)| ids.iter().map(String::as_str))
            .collect();
        let end = if unsaid { UNSAID } else { "" };
        let says = format!("{NOTE} {}{end}", ids.join(", "));
        put(transfer, "evidence", NOTED, Some(json!(says)));
    } else if wanted.is_empty() && note(&before).starts_with(NOTE) {
        put(transfer, "evidence", NOTED, None);
    }
    *transfer != before
}

/// Puts the questions among the red flags of a transfer that is about to be assessed and is no case's: what its sender states stays as
/// it is, a flag of the same words that is resolved included. `on` is the day asked about. Says whether anything is different.
pub fn tell(held: &Held, transfer: &mut Transfer, rules: &Rules, on: Date) -> bool {
    if !held.may_speak_of(all_names(transfer)) {
        return false;
    }
    let weighed = weigh_on(held, &given::to_json(transfer), rules, on);
    let flags: Vec<&Weighed> = weighed
        .iter()
        .filter(|own| own.raised.level == Level::Flag)
        .collect();
    let stated = transfer.knowledge.red_flags.as_deref().unwrap_or_default();
    let unsaid = stated.is_empty();
    let new: Vec<RedFlag> = flags
        .iter()
        .map(|own| question(own))
        .filter(|says| stated.iter().all(|flag| flag.flag != *says))
        .map(|flag| RedFlag {
            flag,
            resolved_by: None,
        })
        .collect();
    if new.is_empty() {
        return false;
    }
    let all = transfer.knowledge.red_flags.get_or_insert_default();
    all.extend(new);
    if transfer.evidence.iter().all(|(path, _)| path != NOTED) {
        let ids: Vec<&str> = flags
            .iter()
            .flat_map(|own| own.statements.iter().map(String::as_str))
            .collect();
        let end = if unsaid { UNSAID } else { "" };
        let note = format!("{NOTE} {}{end}", ids.join(", "));
        transfer.evidence.push((NOTED.to_owned(), note));
    }
    true
}

/// The names of everybody in a transfer, owners included.
fn all_names(transfer: &Transfer) -> impl Iterator<Item = &str> {
    let mut names: Vec<&String> = Vec::new();
    let mut owners: Vec<&Owner> = Vec::new();
    for party in transfer.parties.iter().flatten() {
        names.extend(party.name.iter().chain(&party.names));
        owners.extend(party.owners.iter().flatten());
    }
    while let Some(owner) = owners.pop() {
        names.push(&owner.name);
        owners.extend(&owner.owners);
    }
    names.into_iter().map(String::as_str)
}

/// Where it is noted what the flags stand on, how that begins, and how it ends where nobody had said anything of flags before.
const NOTED: &str = "knowledge.red_flags";
const NOTE: &str = "accepted statements";
const UNSAID: &str = "; nobody had said of others";

fn note(transfer: &Value) -> &str {
    transfer
        .get("evidence")
        .map_or("", |evidence| text(evidence, NOTED))
}

/// Puts a value into an object of the transfer, or takes it out; an object with nothing in it is left out.
fn put(transfer: &mut Value, object: &str, field: &str, value: Option<Value>) {
    let Some(whole) = transfer.as_object_mut() else {
        return;
    };
    let Some(value) = value else {
        if let Some(inner) = whole.get_mut(object).and_then(Value::as_object_mut)
            && inner.remove(field).is_some()
            && inner.is_empty()
        {
            whole.remove(object);
        }
        return;
    };
    let inner = whole.entry(object).or_insert_with(|| json!({}));
    if !inner.is_object() {
        *inner = json!({});
    }
    if let Some(inner) = inner.as_object_mut() {
        inner.insert(field.to_owned(), value);
    }
}

fn is_absent(transfer: &Value) -> bool {
    transfer
        .get("knowledge")
        .and_then(|knowledge| knowledge.get("red_flags"))
        .is_none_or(Value::is_null)
}

fn question(own: &Weighed) -> String {
    format!(
        "{START} {} ({}). {} What shows that this transfer is no part of it?",
        own.party,
        own.statements.join(", "),
        own.raised.text
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_stands_below_another_only_at_a_joint() {
        assert!(begins("MTCR 6.C.9", "MTCR 6"));
        assert!(begins("1C111.a", "1C111"));
        assert!(begins("9A004", "9A"));
        assert!(!begins("MTCR 19.A", "MTCR 1"));
        assert!(!begins("1C111", ""));
    }
}
