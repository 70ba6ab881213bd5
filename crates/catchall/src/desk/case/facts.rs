//! The facts of a case: what was said of the transfer, field by field, and which of it decides.

use maud::{Markup, html};
use serde_json::Value;

use super::Page;
use crate::desk::answer::{list, text};
use crate::desk::marks;
use crate::explain::words;
use crate::given::stated;

/// What is known of the transfer, flat, and what is not.
pub(super) fn facts(page: &Page<'_>) -> Markup {
    let mut rows = page.transfer.map(stated).unwrap_or_default();
    rows.retain(|(path, _)| {
        !["schema", "id"].contains(&path.as_str()) && !path.starts_with("evidence.")
    });
    let evidence = page.transfer.map(|transfer| &transfer["evidence"]);
    let questions = page
        .case
        .answer()
        .map_or(&[][..], |answer| &answer.questions);
    let decides = page.document.map(deciding).unwrap_or_default();
    html! {
        section.card.card-flush aria-labelledby="h-facts" {
            header {
                h2 #h-facts { "Facts" } p { (rows.len()) " said, " (questions.len()) " not known that could matter" }
                p.end { a href={ "/check?case=" (page.case.id) } { "Open in Check" } }
            }
            (marks::scroll("Facts", html! {
                table {
                    caption.vh { "What was said of the transfer, where it came from, and what nobody has said" }
                    thead { tr { th scope="col" { "Fact" } th scope="col" { "Value" } th scope="col" { "From" } } }
                    tbody {
                        @for question in questions {
                            tr {
                                th scope="row" { (marks::said(&question.question)) br; code.small { (question.fact) } }
                                td { span.st.is-unk { (marks::mark("o-nk")) "Not known" } }
                                td { "ask the " (marks::said(&question.ask)) }
                            }
                        }
                        @for (path, value) in &rows {
                            @let decided = stands_for(path, page.transfer).iter().any(|fact| decides.contains(&fact.as_str()));
                            tr class=[decided.then_some("is-deciding")] {
                                th scope="row" { (spoken(path, page.transfer)) @if decided { " " span.tag.tag-decides { "decides" } } }
                                td { (marks::said(value)) }
                                td { @if let Some(from) = evidence.and_then(|all| all[path.as_str()].as_str()) { (marks::said(from)) } @else { span.muted { "as submitted" } } }
                            }
                        }
                    }
                }
            }))
            @if rows.is_empty() { p.pages { "The transfer itself is not kept in the open here." } }
        }
    }
}

/// The facts that the deciding provisions rest on.
fn deciding(document: &Value) -> Vec<&str> {
    let outcome = text(document, "outcome");
    let deciding: Vec<&str> = list(document, "jurisdictions")
        .iter()
        .filter(|each| text(each, "outcome") == outcome)
        .flat_map(|each| list(each, "deciding").iter().filter_map(Value::as_str))
        .collect();
    list(document, "findings")
        .iter()
        .filter(|finding| deciding.contains(&text(finding, "provision")))
        .flat_map(|finding| list(finding, "because"))
        .filter(|test| text(test, "result") == "pass")
        .map(|test| text(test, "fact"))
        .collect()
}

/// The facts that a field states, or that are read from it where no other field states them.
fn stands_for(path: &str, transfer: Option<&Value>) -> Vec<String> {
    let knowledge = |field: &str| transfer.is_some_and(|all| !all["knowledge"][field].is_null());
    let owned = |facts: &[&str]| facts.iter().map(|fact| (*fact).to_owned()).collect();
    if let Some((role, field)) = of_party(path, transfer) {
        let fact = match field {
            "nationalities" => "nationality",
            "permanent_resident_of" => "residence",
            other => other,
        };
        let of_all = (field == "country").then(|| "party.countries".to_owned());
        let name = (field == "name").then(|| "parties".to_owned());
        return [Some(format!("{role}.{fact}")), of_all, name]
            .into_iter()
            .flatten()
            .collect();
    }
    let own = path
        .strip_prefix("lines[")
        .and_then(|rest| rest.split_once("]."))
        .map_or(path, |(_, own)| own);
    if let Some(field) = own.strip_prefix("item.") {
        if field.starts_with("codes") {
            return owned(&["item"]);
        }
        let plain = field.strip_prefix("properties.").unwrap_or(field);
        return vec![format!(
            "item.{}",
            plain.replace("made_with.", "made_with_")
        )];
    }
    match own {
        "kind" => owned(&["act"]),
        "to" => owned(&["to", "party.countries"]),
        "dates.contract_signed" => owned(&["contract.signed"]),
        "dates.licence_issued" => owned(&["licence.issued"]),
        "end_use.uses" if knowledge("exporter_knows") => owned(&["end_use.uses"]),
        "end_use.uses" if knowledge("grounds_to_suspect") => {
            owned(&["end_use.uses", "exporter.knows"])
        }
        "end_use.uses" => owned(&["end_use.uses", "exporter.knows", "exporter.suspects"]),
        "knowledge.exporter_knows" if knowledge("grounds_to_suspect") => owned(&["exporter.knows"]),
        "knowledge.exporter_knows" => owned(&["exporter.knows", "exporter.suspects"]),
        "knowledge.grounds_to_suspect" => owned(&["exporter.suspects"]),
        field if field.starts_with("knowledge.informed_by_authority") => {
            owned(&["exporter.informed", "exporter.told"])
        }
        field => vec![field.strip_prefix("facts.").unwrap_or(field).to_owned()],
    }
}

/// The role and the field that a path into the parties names.
fn of_party<'a>(path: &'a str, transfer: Option<&'a Value>) -> Option<(&'a str, &'a str)> {
    let (place, field) = path.strip_prefix("parties[")?.split_once("].")?;
    let place: usize = place.parse().ok()?;
    let party = list(transfer?, "parties").get(place)?;
    Some((text(party, "role"), field))
}

/// A path in words: `parties[0].name` is the exporter’s name, a single line needs no number.
fn spoken(path: &str, transfer: Option<&Value>) -> String {
    let lines = transfer.map_or(0, |transfer| list(transfer, "lines").len());
    let own = path
        .strip_prefix("lines[0].")
        .filter(|_| lines == 1)
        .unwrap_or(path);
    let said = match of_party(path, transfer) {
        Some((role, field)) => format!("{role} {field}"),
        None => own.to_owned(),
    };
    words::capital(&said.replace(['_', '.'], " ").replace(" *", ""))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_decides_is_marked_where_it_was_said() {
        let transfer = json!({
            "kind": "export", "date": "1998-03-25", "to": "IR",
            "parties": [{ "role": "exporter", "name": "Trading house", "country": "RU" }, { "role": "recipient", "nationalities": ["IR"] }],
            "lines": [{ "item": { "form": "goods", "codes": { "mtcr": "none" }, "properties": { "range": "320 km" }, "made_with": { "us_technology": false } } }],
            "end_use": { "uses": ["missile"] },
            "facts": { "contract.on_closed_list": true },
        });
        let of = |path: &str| stands_for(path, Some(&transfer));
        assert_eq!(of("date"), ["date"]);
        assert_eq!(of("kind"), ["act"]);
        assert_eq!(
            of("parties[0].country"),
            ["exporter.country", "party.countries"]
        );
        assert_eq!(of("parties[0].name"), ["exporter.name", "parties"]);
        assert_eq!(of("parties[1].nationalities"), ["recipient.nationality"]);
        assert_eq!(of("lines[0].item.form"), ["item.form"]);
        assert_eq!(of("lines[0].item.codes.mtcr"), ["item"]);
        assert_eq!(of("lines[0].item.properties.range"), ["item.range"]);
        assert_eq!(
            of("lines[0].item.made_with.us_technology"),
            ["item.made_with_us_technology"]
        );
        assert_eq!(
            of("facts.contract.on_closed_list"),
            ["contract.on_closed_list"]
        );
        // Who states a use knows of it; once knowledge is stated by itself, that is where it stands.
        assert_eq!(
            of("end_use.uses"),
            ["end_use.uses", "exporter.knows", "exporter.suspects"]
        );
        let mut known = transfer.clone();
        known["knowledge"] = json!({ "exporter_knows": ["missile"] });
        assert_eq!(stands_for("end_use.uses", Some(&known)), ["end_use.uses"]);
        assert_eq!(
            stands_for("knowledge.exporter_knows", Some(&known)),
            ["exporter.knows", "exporter.suspects"]
        );
    }

    #[test]
    fn only_what_passes_in_a_deciding_provision_decides() {
        let document = json!({
            "outcome": "prohibited",
            "jurisdictions": [{ "outcome": "prohibited", "deciding": ["a/1"] }, { "outcome": "licence_required", "deciding": ["b/1"] }],
            "findings": [
                { "provision": "a/1", "because": [{ "fact": "date", "result": "pass" }, { "fact": "item.kind", "result": "fail" }] },
                { "provision": "b/1", "because": [{ "fact": "to", "result": "pass" }] },
            ],
        });
        assert_eq!(deciding(&document), ["date"]);
    }
}
