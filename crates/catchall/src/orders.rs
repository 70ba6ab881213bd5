//! Orders: recorded transfers as far as splitting asks about them.
//!
//! Reads the transfer's JSON as the ledger keeps it; what cannot be read is left out, never guessed. Determines nothing.

use catchall_ledger::licence::measure::Measure;
use catchall_ledger::licence::splitting::Order;
use catchall_model::Day;
use serde_json::Value;

/// The orders of transfers, in their sequence: one a line. Of several records of one transfer the last counts.
pub fn of(transfers: &[Value]) -> Vec<Order> {
    let id = |transfer: &Value| {
        transfer
            .get("id")
            .and_then(Value::as_str)
            .unwrap_or_default()
            .to_owned()
    };
    let mut last = std::collections::BTreeMap::new();
    for (place, transfer) in transfers.iter().enumerate() {
        last.insert(id(transfer), place);
    }
    let newest = transfers
        .iter()
        .enumerate()
        .filter(|(place, transfer)| last.get(&id(transfer)) == Some(place));
    newest.flat_map(|(_, transfer)| lines(transfer)).collect()
}

fn lines(transfer: &Value) -> Vec<Order> {
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let Some(on) = text(transfer, "date").and_then(|date| Day::parse(&date).ok()) else {
        return Vec::new();
    };
    let parties = transfer.get("parties").and_then(Value::as_array);
    let named = |role: &str| {
        let of_role = |party: &&Value| party.get("role").and_then(Value::as_str) == Some(role);
        parties
            .and_then(|all| all.iter().find(of_role))
            .and_then(|party| text(party, "name"))
    };
    let Some(end_user) = named("end_user").or_else(|| named("consignee")) else {
        return Vec::new();
    };
    let id = text(transfer, "id").unwrap_or_default();
    let lines = transfer
        .get("lines")
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    lines
        .enumerate()
        .map(|(place, line)| Order {
            transfer: if place == 0 {
                id.clone()
            } else {
                format!("{id}#{}", place + 1)
            },
            on,
            end_user: end_user.clone(),
            to: text(transfer, "to"),
            items: items(line.get("item")),
            quantity: text(line, "quantity").and_then(|quantity| Measure::goods(&quantity).ok()),
            value: text(line, "value").and_then(|value| Measure::money(&value).ok()),
        })
        .collect()
}

/// The kind of an item, and its codes.
fn items(item: Option<&Value>) -> Vec<String> {
    let kind = item.and_then(|item| item.get("kind")?.as_str());
    let codes = item.and_then(|item| item.get("codes")?.as_object());
    let codes = codes
        .into_iter()
        .flatten()
        .filter_map(|(_, code)| code.as_str());
    kind.into_iter().chain(codes).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::of;

    #[test]
    fn of_several_records_of_one_transfer_the_last_counts_and_gaps_are_left_out() {
        let order = |id: &str, quantity: &str| json!({ "id": id, "date": "2026-03-01", "to": "TR", "parties": [{ "role": "end_user", "name": "Kaya" }], "lines": [{ "item": { "kind": "spindle", "codes": { "eu": "2B201" } }, "quantity": quantity }, { "value": "17.3 million USD" }] });
        let nobody = json!({ "id": "x", "date": "2026-03-01", "lines": [{}] });
        let found = of(&[
            order("a", "3 pieces"),
            order("b", "22"),
            order("a", "4 pieces"),
            nobody,
        ]);
        let told: Vec<(String, Option<String>, Option<String>)> = found
            .iter()
            .map(|order| {
                (
                    order.transfer.clone(),
                    order.quantity.map(|each| each.to_string()),
                    order.value.map(|each| each.to_string()),
                )
            })
            .collect();
        let money = || Some("17300000 USD".to_owned());
        assert_eq!(
            told,
            [
                ("b".to_owned(), None, None),
                ("b#2".to_owned(), None, money()),
                ("a".to_owned(), Some("4 pieces".to_owned()), None),
                ("a#2".to_owned(), None, money()),
            ]
        );
        assert_eq!(found[2].items, ["spindle", "2B201"]);
    }
}
